# The client: its events by WaitEvent, by an instance of a PowerShell class, by script blocks; calls; errors.
# The server is ours, in the same process.
param([string]$PipeName, [string]$Samples)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"
Import-Module "$Samples/NamedPipeEvents.psm1"

class ClientEvents {
    [Collections.Generic.List[object]]$Seen = [Collections.Generic.List[object]]::new()
    [int]$Thread = 0
    [void] Connected() { $this.Seen.Add(@('Connected')) }
    [void] Disconnected() { $this.Seen.Add(@('Disconnected')) }
    [void] MessageReceived($Cookie, $Data) {
        $this.Seen.Add(@('MessageReceived', $Cookie, $Data))
        $this.Thread = [Environment]::CurrentManagedThreadId
    }
    [void] MessageSent($Cookie) { $this.Seen.Add(@('MessageSent', $Cookie)) }
    [void] Error($Number, $Description) { $this.Seen.Add(@('Error', $Number, $Description)) }
}

class Failing {
    [void] MessageReceived($Cookie, $Data) { throw 'the handler had enough' }
}

# An event of a name, of those that a sink has seen: as soon as there are so many of them.
function Get-Seen($Seen, [string]$Name, [int]$Count = 1) {
    Wait-Until $manager "$Name $Count" { @($Seen | Where-Object { $_[0] -eq $Name }).Count -ge $Count }
    , @($Seen | Where-Object { $_[0] -eq $Name })[$Count - 1]
}

# Without handlers nobody sends an answer but this.
function Send-Back {
    $event = Wait-Event $server ClientMessageReceived
    $event.Connection.AsyncWrite($event.Data)
    $event
}

$server = New-Server $PipeName
$server.Start()
$manager = New-Object -ComObject NamedPipeServerLib.NamedPipeClientManager

# ---- WaitEvent.
$pipe = $manager.Connect($PipeName)
Assert-Equal 'PipeName' $pipe.PipeName $PipeName
Assert-Equal 'ServerName' $pipe.ServerName '.'
Assert 'Connected is of this connection' ([object]::ReferenceEquals((Wait-Event $manager Connected).Connection, $pipe))
Assert-Equal 'IsConnected' $pipe.IsConnected $true
Assert-Equal 'IsOpening' $pipe.IsOpening $false
Assert-Equal 'MessageMode' $pipe.MessageMode $true
Assert-Equal 'ServerProcessId' $pipe.ServerProcessId $PID
$pipe.AsyncWrite([byte[]](0, 127, 128, 255), 'a text')
Assert-Equal 'Cookie of MessageSent' (Wait-Event $manager MessageSent).Cookie 'a text'
$event = Send-Back
Assert-Equal 'ClientProcessId' $event.Connection.ClientProcessId $PID
$event = Wait-Event $manager MessageReceived
Assert-Equal 'Data' $event.Data ([byte[]](0, 127, 128, 255))
Assert-Equal 'Kind' $event.Kind 10
Assert-Equal 'Cookie without one' $event.Cookie $null
$pipe.AsyncWriteText("Gr$([char]0xFC)n")
Assert-Equal 'the text that the server got' (Send-Back).Text "Gr$([char]0xFC)n"
Assert-Equal 'Text' (Wait-Event $manager MessageReceived).Text "Gr$([char]0xFC)n"
$pipe.AsyncClose()
Wait-Event $manager Disconnected | Out-Null
Assert-Equal 'DisconnectReason' $pipe.DisconnectReason 1
Assert-Equal 'what the server saw' (Wait-Event $server ClientDisconnected).Connection.DisconnectReason 1
Assert-Throws 'a write after AsyncClose' { $pipe.AsyncWrite([byte[]](1)) } 0x80040201 'connect'

# No pipe of this name: not an exception, but an event.
$nowhere = $manager.Connect("$PipeName-none", 100)
$event = Wait-Event $manager Error
Assert 'Error is of this connection' ([object]::ReferenceEquals($event.Connection, $nowhere))
Assert-Equal 'Number' $event.Number 2
Assert "Description is '$($event.Description)'" $event.Description.Contains('pipe')
Assert-Equal 'DisconnectReason' $nowhere.DisconnectReason 7

# ---- An EventSink.
$sink = [ClientEvents]::new()
$pipe = $manager.Connect($PipeName)
$pipe.EventSink = $sink
Assert 'EventSink reads what was put' ([object]::ReferenceEquals($pipe.EventSink, $sink))
Get-Seen $sink.Seen Connected | Out-Null
$pipe.AsyncWrite([byte[]](1, 2, 250), 42)
Assert-Equal 'Cookie of MessageSent, to a sink' (Get-Seen $sink.Seen MessageSent)[1] 42
$pipe.AsyncRead('next')
$connection = (Send-Back).Connection
$received = Get-Seen $sink.Seen MessageReceived
Assert-Equal 'Cookie of AsyncRead' $received[1] 'next'
Assert-Equal 'Data, to a sink' $received[2] ([byte[]](1, 2, 250))
Assert-Equal 'the thread' $sink.Thread ([Environment]::CurrentManagedThreadId)
Assert-Equal 'the events' (@($sink.Seen | ForEach-Object { $_[0] }) -join ' ') 'Connected MessageSent MessageReceived'
Assert-Equal 'LastEventError' $manager.LastEventError ''

# A handler that throws: noted, and the connection lives on. Then the server leaves.
$pipe.EventSink = [Failing]::new()
$connection.AsyncWriteText('x')
Wait-Until $manager 'the failure' { $manager.LastEventError -ne '' }
Assert "LastEventError is '$($manager.LastEventError)'" ($manager.LastEventError.Contains('MessageReceived') -and
    $manager.LastEventError.Contains('the handler had enough'))
Assert-Equal 'IsConnected' $pipe.IsConnected $true
$pipe.EventSink = $sink
$connection.AsyncClose($true)
Get-Seen $sink.Seen Disconnected | Out-Null
Assert-Equal 'DisconnectReason' $pipe.DisconnectReason 2
Assert-Equal 'the number of events' $sink.Seen.Count 4

$sink = [ClientEvents]::new()
$nowhere = $manager.Connect("$PipeName-none", 100)
$nowhere.EventSink = $sink
$event = Get-Seen $sink.Seen Error
Assert-Equal 'Number, to a sink' $event[1] 2
Assert "Description, to a sink, is '$($event[2])'" ($event[2] -is [string] -and $event[2].Contains('pipe'))
Assert-Equal 'the number of events' $sink.Seen.Count 1

# ---- Script blocks: by name, and one by its id.
$seen = [Collections.Generic.List[object]]::new()
$thread = [Environment]::CurrentManagedThreadId
$pipe = $manager.Connect($PipeName)
Register-PipeEvent $pipe Connected { $seen.Add(@('Connected', [Environment]::CurrentManagedThreadId)) }
Register-PipeEvent $pipe Disconnected { $seen.Add(@('Disconnected')) }
Register-PipeEvent $pipe MessageReceived { param($Cookie, $Data) $seen.Add(@('MessageReceived', $Cookie, $Data)) }
$source = [guid]'141b297d-732c-468d-adc5-b5cdd8d8467c'
$sent = [Action[object]] { param($Cookie) $seen.Add(@('MessageSent', $Cookie)) }
[Runtime.InteropServices.ComEventsHelper]::Combine($pipe, $source, 4, $sent)
Assert-Equal 'the thread of Connected' (Get-Seen $seen Connected)[1] $thread
$pipe.AsyncWriteText('hello', 65001, 17)
Assert-Equal 'Cookie of MessageSent, to a script block' (Get-Seen $seen MessageSent)[1] 17
Send-Back | Out-Null
Assert-Equal 'Data, to a script block' (Get-Seen $seen MessageReceived)[2] ([Text.Encoding]::UTF8.GetBytes('hello'))
[Runtime.InteropServices.ComEventsHelper]::Remove($pipe, $source, 4, $sent) | Out-Null
Unregister-PipeEvent $pipe
$pipe.AsyncWriteText('again', 65001, 18)
Assert-Equal 'without handlers WaitEvent gets it' (Wait-Event $manager MessageSent).Cookie 18
Assert-Equal 'the number of calls' $seen.Count 3
Register-PipeEvent $pipe Disconnected { $seen.Add(@('Disconnected')) }
$server.Stop()
Get-Seen $seen Disconnected | Out-Null
Assert-Equal 'DisconnectReason after Stop of the server' $pipe.DisconnectReason 2
Unregister-PipeEvent $pipe

$nowhere = $manager.Connect("$PipeName-none", 100)
Register-PipeEvent $nowhere Error { param($Number, $Description) $seen.Add(@('Error', $Number, $Description)) }
Assert-Equal 'Number, to a script block' (Get-Seen $seen Error)[1] 2
Unregister-PipeEvent $nowhere

# ---- Calls.
# A message that begins with 0 gets no answer, one that begins with 1 the end of its connection.
class Answering {
    [void] ClientMessageReceived($Connection, $Cookie, $Data) {
        if ($Data[0] -eq 1) { $Connection.AsyncClose() }
        elseif ($Data[0] -ne 0) { $Connection.AsyncWrite($Data) }
    }
}

function Test-Calls([string]$Name) {
    $long = [byte[]]::new(200000)
    [Array]::Fill($long, [byte]9)
    Assert-Equal 'the answer of Call' $manager.Call($Name, [byte[]](5, 0, 255)) ([byte[]](5, 0, 255))
    $answer = $manager.Call($Name, $long, 20000)
    Assert 'the long answer' ([Linq.Enumerable]::SequenceEqual($answer, $long))
    Assert-Equal 'the answer of CallText' $manager.CallText($Name, "Gr$([char]0xFC)n") "Gr$([char]0xFC)n"
    $text = "Gr$([char]0xFC)n"
    Assert-Equal 'the answer of CallText in UTF-16' $manager.CallText($Name, $text, 20000, '.', 1200) $text
    $manager.Send($Name, [byte[]](0))
    $manager.SendText($Name, "$([char]0)")
    Assert-Throws 'Send without a server' { $manager.SendText("$Name-none", 'x') } 0x80070002 'no such pipe'
    Assert-Throws 'Call without an answer' { $manager.Call($Name, [byte[]](0), 200) } 0x80040204 'The time is up'
    Assert-Throws 'Call that the server ends' { $manager.Call($Name, [byte[]](1)) } 0x80040201 'without an answer'
    Assert-Throws 'CallText that the server ends' {
        $manager.CallText($Name, "$([char]1)")
    } 0x80040201 'without an answer'
}

# A server of another thread, by WaitEvent in a runspace of its own.
$runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
$runspace.ThreadOptions = 'UseNewThread'    # started by this thread, so that it knows the manifest
$runspace.Open()
$other = [powershell]::Create($runspace)
$other.AddScript({
        param([string]$PipeName)

        $ErrorActionPreference = 'Stop'
        # There are no cmdlets here.
        $server = [Activator]::CreateInstance([type]::GetTypeFromProgID('NamedPipeServerLib.NamedPipeServer', $true))
        $server.PipeName = $PipeName
        $server.Start()
        do {
            $event = $server.WaitEvent(20000)
            if ($null -eq $event) { throw 'no event came' }
            if ($event.Name -ne 'ClientMessageReceived') { continue }
            if ($event.Data[0] -eq 1) { $event.Connection.AsyncClose() }
            elseif ($event.Data[0] -ne 0) { $event.Connection.AsyncWrite($event.Data) }
        } until ($event.Name -eq 'ClientMessageReceived' -and $event.Text -eq 'end')
        while ($server.WaitEvent(20000).Name -ne 'ClientDisconnected') { }
        $server.Stop()
    }).AddArgument("$PipeName-other") | Out-Null
$running = $other.BeginInvoke()
# Connect tries again until that server is there, which a call does for half a second.
$pipe = $manager.Connect("$PipeName-other", 15000)
$event = $manager.WaitEvent(20000)
if ($event.Name -ne 'Connected') {
    throw "the other thread does not serve: $($other.InvocationStateInfo.Reason) $($other.Streams.Error)"
}
Test-Calls "$PipeName-other"
Assert-Equal 'the last call' $manager.CallText("$PipeName-other", 'end') 'end'
$other.EndInvoke($running) | Out-Null
$runspace.Dispose()
Assert "errors of the other thread: $($other.Streams.Error)" ($other.Streams.Error.Count -eq 0)
Wait-Event $manager Disconnected | Out-Null
Assert-Equal 'DisconnectReason' $pipe.DisconnectReason 2

# In an STA events are raised meanwhile: a server of the same thread answers.
if ([Threading.Thread]::CurrentThread.ApartmentState -eq 'STA') {
    $server.EventSink = [Answering]::new()
    $server.Start()
    Test-Calls $PipeName
    Assert-Equal 'LastEventError of the server' $server.LastEventError ''
    $server.Stop()
}

# 53 is a FileNotFoundException to .NET, which gives it a number of its own; the sentence stays ours.
Assert-Throws 'Call where no pipe is' { $manager.Call("$PipeName-none", [byte[]](5)) } 0x80070002 'pipe'
Assert-Throws 'CallText where no pipe is' { $manager.CallText("$PipeName-none", 'x') } 0x80070002 'pipe'
Assert-Throws 'Connect without a name' { $manager.Connect('') } 0x800A0005 'pipe'
Assert-Throws 'WaitEvent(-2)' { $manager.WaitEvent(-2) } 0x800A0005 'TimeoutMs is -2'
Assert-Equal 'events that nobody wanted' $manager.WaitEvent(0) $null

# ---- .NET's own server, in message mode and in byte mode.
# Its end of the pipe is worked on by this thread, ours by a worker.
foreach ($mode in 'Message', 'Byte') {
    $name = "$PipeName-$mode"
    $foreign = [IO.Pipes.NamedPipeServerStream]::new($name, 'InOut', 1, $mode, 'Asynchronous')
    $waiting = $foreign.WaitForConnectionAsync()
    $pipe = $manager.Connect($name)
    $seen.Clear()
    $sink = [ClientEvents]::new()
    Register-PipeEvent $pipe MessageReceived { param($Cookie, $Data) $seen.Add(@('MessageReceived', $Data)) }
    $pipe.EventSink = $sink
    Get-Seen $sink.Seen Connected | Out-Null
    Assert "$mode`: .NET saw the client" $waiting.Wait(20000)
    Assert-Equal "$mode`: MessageMode" $pipe.MessageMode ($mode -eq 'Message')

    $pipe.AsyncWriteText("Gr$([char]0xFC)n")
    $asked = [byte[]]::new(100)
    $count = $foreign.Read($asked, 0, 100)
    Assert-Equal "$mode`: what .NET read" ([Text.Encoding]::UTF8.GetString($asked, 0, $count)) "Gr$([char]0xFC)n"
    $foreign.Write([byte[]](7, 8, 9), 0, 3)
    Assert-Equal "$mode`: Data, to a script block" (Get-Seen $seen MessageReceived)[1] ([byte[]](7, 8, 9))
    Assert-Equal "$mode`: Data, to a sink" (Get-Seen $sink.Seen MessageReceived)[2] ([byte[]](7, 8, 9))
    Unregister-PipeEvent $pipe
    $pipe.EventSink = $null
    $foreign.Write([byte[]](10), 0, 1)
    Assert-Equal "$mode`: Data, by WaitEvent" (Wait-Event $manager MessageReceived).Data ([byte[]](10))
    $foreign.Dispose()
    Wait-Event $manager Disconnected | Out-Null
    Assert-Equal "$mode`: DisconnectReason" $pipe.DisconnectReason 2
}
$manager.Stop()

exit (Get-Result)
