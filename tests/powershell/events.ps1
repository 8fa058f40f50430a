# The events at the connection point, by .NET's own sink, with script blocks as handlers;
# and NamedPipeEvents.psm1, which does it by name.
param([string]$PipeName, [string]$Samples)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"
Import-Module "$Samples/NamedPipeEvents.psm1"

$source = [guid]'b4896458-2b7f-458d-93d2-9f9d7b2b97e7'
$seen = [Collections.Generic.List[object]]::new()
$thread = [Environment]::CurrentManagedThreadId

# ---- What has no such event. First of all, since what follows would hide a thread that the refusal has spoilt.
function Assert-Refused([string]$What, $Object, [string]$Name, [string]$Expected) {
    try { Register-PipeEvent $Object $Name { }; Assert "$What was registered" $false }
    catch { Assert "$What says '$_'" ("$_".Contains($Expected)) }
}

$server = New-Server $PipeName
Assert-Refused 'an unknown event' $server ClientArrived 'no event ClientArrived; the events here are ServerReady, '
Assert "after a refusal Version is '$($server.Version)'" ($server.Version -ne '')
Register-PipeEvent $server ServerReady { }
Unregister-PipeEvent $server
$manager = New-Object -ComObject NamedPipeServerLib.NamedPipeClientManager
Assert-Refused "a manager's event" $manager MessageReceived 'Give a server, or a connection'
Assert-Refused "a number's event" 5 MessageReceived 'Give a server, or a connection'

# ---- By ids. Each handler keeps its arguments.
$handlers = @{
    1 = [Action] { $seen.Add(@('ServerReady')) }
    2 = [Action[object]] { param($Connection) $seen.Add(@('ClientConnected', $Connection)) }
    3 = [Action[object]] { param($Connection) $seen.Add(@('ClientDisconnected', $Connection)) }
    4 = [Action[object, object, object]] {
        param($Connection, $Cookie, $Data)

        $thread = [Environment]::CurrentManagedThreadId
        $seen.Add(@('ClientMessageReceived', $Connection, $Cookie, $Data, $thread))
    }
    5 = [Action[object, object]] { param($Connection, $Cookie) $seen.Add(@('ClientMessageSent', $Connection, $Cookie)) }
    6 = [Action[object, object, object]] {
        param($Connection, $Number, $Description)

        $seen.Add(@('ClientError', $Connection, $Number, $Description))
    }
    7 = [Action[object, object]] { param($Number, $Description) $seen.Add(@('ServerError', $Number, $Description)) }
}
function Wait-Seen([int]$Count) { Wait-Until $server "event $Count" { $seen.Count -ge $Count } }

$server = New-Server $PipeName
foreach ($id in $handlers.Keys) {
    [Runtime.InteropServices.ComEventsHelper]::Combine($server, $source, $id, $handlers[$id])
}
$server.SendQueueLimit = 1000
$server.Start()
Assert-Equal 'events inside of Start' $seen.Count 0
$client = Connect-Client $PipeName
Wait-Seen 2
Assert-Equal 'the first event' $seen[0][0] 'ServerReady'
Assert-Equal 'the second event' $seen[1][0] 'ClientConnected'
$connection = $seen[1][1]
Assert-Equal 'the number of the client' $connection.ID 1

Send $client ([byte[]](0, 127, 128, 255))
Wait-Seen 3
Assert-Equal 'the third event' $seen[2][0] 'ClientMessageReceived'
Assert 'the Connection is one object' ([object]::ReferenceEquals($seen[2][1], $connection))
Assert-Equal 'Cookie without one' $seen[2][2] $null
Assert-Equal 'Data' $seen[2][3] ([byte[]](0, 127, 128, 255))
Assert-Equal 'the thread' $seen[2][4] $thread

$connection.AsyncRead('next')
Send $client ([byte[]](7))
Wait-Seen 4
Assert-Equal 'Cookie of AsyncRead' $seen[3][2] 'next'

$connection.AsyncWrite([byte[]](1, 2, 3), 'a text')
$connection.AsyncWriteText('abc', 65001, 42)
Wait-Seen 6
Assert-Equal 'the event of a write' $seen[4][0] 'ClientMessageSent'
Assert-Equal 'Cookie, a text' $seen[4][2] 'a text'
Assert-Equal 'Cookie, a number' $seen[5][2] 42

# Two messages of 200,000 bytes: the first waits in the pipe, the second has no place in the queue.
Assert-Equal 'recipients' $server.AsyncBroadcast([byte[]]::new(200000)) 1
Assert-Equal 'recipients of one too many' $server.AsyncBroadcast([byte[]]::new(200000)) 0
Wait-Seen 7
Assert-Equal 'the event of a full queue' $seen[6][0] 'ClientError'
Assert-Equal 'Number' ('{0:X}' -f $seen[6][2]) '80040202'
Assert "Description is '$($seen[6][3])'" ($seen[6][3] -is [string] -and $seen[6][3].Contains('SendQueueLimit'))

$client.Dispose()
Wait-Seen 8
Assert-Equal 'the last event' $seen[7][0] 'ClientDisconnected'
Assert 'it is of the same client' ([object]::ReferenceEquals($seen[7][1], $connection))

foreach ($id in $handlers.Keys) {
    [Runtime.InteropServices.ComEventsHelper]::Remove($server, $source, $id, $handlers[$id]) | Out-Null
}
$client = Connect-Client $PipeName
Assert-Equal 'after Remove WaitEvent gets it' (Wait-Event $server ClientConnected).Connection.ID 2
Assert-Equal 'after Remove nothing is called' $seen.Count 8
$client.Dispose()
$server.Stop()

# ---- By names.
$server = New-Server $PipeName
$calls = [Collections.Generic.List[string]]::new()
foreach ($name in 'ServerReady', 'ClientConnected', 'ClientDisconnected', 'ClientMessageReceived',
    'ClientMessageSent', 'ClientError', 'ServerError') {
    Register-PipeEvent $server $name { $calls.Add("$name/$($args.Count)") }.GetNewClosure()
}
Register-PipeEvent $server ClientMessageReceived {
    param($Connection, $Cookie, $Data)

    $calls.Add("also $($Connection.ID) $($Data.Length)")
}
Register-PipeEvent $server ClientMessageReceived { param($Connection, $Cookie, $Data) $Connection.AsyncWrite($Data) }

$server.Start()
$client = Connect-Client $PipeName
Send $client ([byte[]](1, 2))
Assert-Equal 'the echo' (Receive $server $client) ([byte[]](1, 2))
Wait-Until $server 'the event of the write' { $calls.Count -ge 5 }
Assert-Equal 'the calls' ($calls -join ', ') ('ServerReady/0, ClientConnected/1, ' +
    'ClientMessageReceived/3, also 1 2, ClientMessageSent/2')
Unregister-PipeEvent $server
Send $client ([byte[]](3))
$event = Wait-Event $server ClientMessageReceived
Assert-Equal 'after Unregister-PipeEvent WaitEvent gets it' $event.Data ([byte[]](3))
Assert-Equal 'the calls after Unregister-PipeEvent' $calls.Count 5
Unregister-PipeEvent $server
$client.Dispose()
$server.Stop()
Assert-Equal 'LastEventError' $server.LastEventError ''

# ---- A block that fails: it ends there, what it said is printed, and the server goes on.
$server = New-Server $PipeName
$calls.Clear()
Register-PipeEvent $server ClientConnected { throw 'printed, as it should be' }
Register-PipeEvent $server ClientMessageReceived {
    param($Connection)

    $calls.Add('before')
    $Connection.AsyncWrite([DBNull]::Value)
    $calls.Add('behind')
}
Register-PipeEvent $server ClientDisconnected { $calls.Add('left') }
$server.Start()
$client = Connect-Client $PipeName
Send $client ([byte[]](1))
Wait-Until $server 'the block that fails' { $calls.Count -ge 1 }
$client.Dispose()
Wait-Until $server 'the event after it' { $calls.Contains('left') }
Assert-Equal 'the calls of blocks that fail' ($calls -join ', ') 'before, left'
Assert-Equal 'LastEventError after them' $server.LastEventError ''
Unregister-PipeEvent $server
$server.Stop()

exit (Get-Result)
