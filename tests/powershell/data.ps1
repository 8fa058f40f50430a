# Bytes, text and arrays, both ways; what cannot be sent; WaitEvent's events.
param([string]$PipeName, [string]$Samples, [string]$PipeClient)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"

$server = New-Server $PipeName
$server.Start()
$ready = $server.WaitEvent(20000)
Assert-Equal 'Name' $ready.Name 'ServerReady'
Assert-Equal 'Kind' ([int]$ready.Kind) 1
Assert-Equal 'Connection of ServerReady' $ready.Connection $null
Assert-Equal 'Data of ServerReady' $ready.Data ([byte[]]::new(0))
$client = Connect-Client $PipeName
$connection = (Wait-Event $server ClientConnected).Connection

# What is sent, and what of it arrives.
$unicode = [Text.Encoding]::Unicode
$list = [Collections.ArrayList]::new()
$list.AddRange(@(9, 8))
$cases = @(
    @{ What = 'byte[]'; Data = [byte[]](0, 1, 254, 255); Bytes = [byte[]](0, 1, 254, 255) }
    @{ What = '@(1, 2, 3)'; Data = @(1, 2, 3); Bytes = [byte[]](1, 2, 3) }
    @{ What = 'int[]'; Data = [int[]](0, 255); Bytes = [byte[]](0, 255) }
    @{ What = 'int16[]'; Data = [int16[]](4, 5); Bytes = [byte[]](4, 5) }
    @{ What = 'a range'; Data = 10..14; Bytes = [byte[]](10, 11, 12, 13, 14) }
    @{ What = 'whole numbers as double'; Data = @(1.0, 2.0); Bytes = [byte[]](1, 2) }
    @{ What = 'double[]'; Data = [double[]](0, 255); Bytes = [byte[]](0, 255) }
    @{ What = 'single[]'; Data = [single[]](4, 5); Bytes = [byte[]](4, 5) }
    @{ What = 'ArrayList.ToArray()'; Data = $list.ToArray(); Bytes = [byte[]](9, 8) }
    @{ What = 'a string'; Data = "Gr$([char]0xFC)n"; Bytes = $unicode.GetBytes("Gr$([char]0xFC)n") }
    @{ What = 'a string in a PSObject'; Data = [psobject]'ab'; Bytes = $unicode.GetBytes('ab') }
    @{ What = 'TextToBytes'; Data = $server.TextToBytes("$([char]0x20AC)"); Bytes = [byte[]](0xE2, 0x82, 0xAC) }
)
foreach ($case in $cases) {
    $connection.AsyncWrite($case.Data)
    Assert-Equal $case.What (Receive $server $client) $case.Bytes
}

# Nothing to send is no message and no error; a text without characters is a message of no bytes.
$connection.AsyncWrite([byte[]]@())
$connection.AsyncWrite(@())
$connection.AsyncWrite('')
$connection.AsyncWrite($null)    # PowerShell's $null comes as Empty
Assert-Equal 'recipients of nothing' $server.AsyncBroadcast([byte[]]@()) 0
$connection.AsyncWriteText('')
Assert-Equal 'a text without characters' (Receive $server $client) ([byte[]]@())
$connection.AsyncWriteText("$([char]0xE4)", 1252)
Assert-Equal 'after nothing' (Receive $server $client) ([byte[]](0xE4))

# What is no data is error 13.
Assert-Throws '[DBNull]' { $connection.AsyncWrite([DBNull]::Value) } 0x80020005 'array of Byte'
Assert-Throws 'an ArrayList, hidden from COM since .NET 5' { $connection.AsyncWrite($list) } 0x80020005 'array of Byte'
Assert-Throws 'a number' { $connection.AsyncWrite(7) } 0x80020005 'array of Byte'
Assert-Throws 'an object' { $connection.AsyncWrite([pscustomobject]@{ A = 1 }) } 0x80020005 'array of Byte'
Assert-Throws 'a hashtable' { $connection.AsyncWrite(@{ 1 = 2 }) } 0x80020005 'array of Byte'
Assert-Throws '300' { $connection.AsyncWrite(@(1, 300)) } 0x80020005 'Data(1) is 300'
Assert-Throws 'texts' { $connection.AsyncWrite(@('a', 'b')) } 0x80020005 'Data(0)'
Assert-Throws 'two dimensions' { $connection.AsyncWrite([byte[,]]::new(2, 2)) } 0x80020005 '2 dimensions'
Assert-Throws 'no argument' { $connection.AsyncWrite() } 0x8002000E ''

# What comes.
Send $client ([Text.Encoding]::UTF8.GetBytes("$([char]0x20AC)uro"))
$event = Wait-Event $server ClientMessageReceived
Assert-Equal 'Data' $event.Data ([Text.Encoding]::UTF8.GetBytes("$([char]0x20AC)uro"))
Assert-Equal 'Text' $event.Text "$([char]0x20AC)uro"
Assert-Equal 'Cookie' $event.Cookie $null
Assert-Equal 'Connection' $event.Connection.ID $connection.ID
Assert-Equal 'BytesToText' $server.BytesToText($event.Data) "$([char]0x20AC)uro"
Assert-Equal 'BytesToText, UTF-16' $server.BytesToText($unicode.GetBytes('ab'), 1200) 'ab'
Assert-Equal 'TextToBytes, UTF-16' $server.TextToBytes('ab', 1200) $unicode.GetBytes('ab')
$elements = $server.BytesToArray([byte[]](1, 2))
Assert-Equal 'BytesToArray' $elements.GetType().Name 'Object[]'
Assert-Equal 'BytesToArray' $elements.Count 2
$client.Dispose()

# Messages of no bytes come from a program that calls WriteFile itself: .NET does not send them.
$start = [Diagnostics.ProcessStartInfo]::new($PipeClient, "$PipeName empty 2 send end")
$start.UseShellExecute = $false
$process = [Diagnostics.Process]::Start($start)
Assert-Equal 'Data of an empty message' (Wait-Event $server ClientMessageReceived).Data ([byte[]]::new(0))
Assert-Equal 'Text of an empty message' (Wait-Event $server ClientMessageReceived).Text ''
Assert-Equal 'the message behind them' (Wait-Event $server ClientMessageReceived).Text 'end'
$process.WaitForExit()
Assert-Equal 'the exit code' $process.ExitCode 0

Assert-Equal 'WaitEvent in vain' $(while ($null -ne $server.WaitEvent(50)) { }) $null
$server.Stop()
Assert-Equal 'WaitEvent after Stop' $server.WaitEvent() $null

exit (Get-Result)
