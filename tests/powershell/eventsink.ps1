# An instance of a PowerShell class as EventSink; handlers that fail.
param([string]$PipeName)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"

class AllEvents {
    [Collections.Generic.List[object]]$Seen = [Collections.Generic.List[object]]::new()
    [int]$Thread = 0
    [void] ServerReady() { $this.Seen.Add(@('ServerReady')) }
    [void] ClientConnected($Connection) { $this.Seen.Add(@('ClientConnected', $Connection)) }
    [void] ClientDisconnected($Connection) { $this.Seen.Add(@('ClientDisconnected', $Connection)) }
    [void] ClientMessageReceived($Connection, $Cookie, $Data) {
        $this.Seen.Add(@('ClientMessageReceived', $Connection, $Cookie, $Data))
        $this.Thread = [Environment]::CurrentManagedThreadId
        $Connection.AsyncWrite($Data, 'back')
    }
    [void] ClientMessageSent($Connection, $Cookie) { $this.Seen.Add(@('ClientMessageSent', $Connection, $Cookie)) }
    [void] ClientError($Connection, $Number, $Description) {
        $this.Seen.Add(@('ClientError', $Connection, $Number, $Description))
    }
    [void] ServerError($Number, $Description) { $this.Seen.Add(@('ServerError', $Number, $Description)) }
}

# The types that PowerShell itself would write: a class that cares for one event, with typed arguments.
class Typed {
    [byte[]]$Last
    [void] ClientMessageReceived([object]$Connection, [object]$Cookie, [byte[]]$Data) { $this.Last = $Data }
}

class Failing {
    [int]$Calls = 0
    [void] ClientMessageReceived($Connection, $Cookie, $Data) {
        $this.Calls++
        if ($Data[0] -eq 1) { throw 'the handler had enough' }
        $Connection.AsyncWrite($Data)
    }
}

$server = New-Server $PipeName
$all = [AllEvents]::new()
$server.EventSink = $all
Assert 'EventSink reads what was put' ([object]::ReferenceEquals($server.EventSink, $all))
$server.SendQueueLimit = 1000
$server.Start()
$client = Connect-Client $PipeName
Send $client ([byte[]](1, 2, 250))
Assert-Equal 'the echo' (Receive $server $client) ([byte[]](1, 2, 250))
Wait-Until $server 'ClientMessageSent' { $all.Seen.Count -ge 4 }
Assert-Equal 'the events' (@($all.Seen | ForEach-Object { $_[0] }) -join ' ') (
    'ServerReady ClientConnected ClientMessageReceived ClientMessageSent')
Assert-Equal 'Connection' $all.Seen[2][1].ID 1
Assert-Equal 'Cookie without one' $all.Seen[2][2] $null
Assert-Equal 'Data' $all.Seen[2][3] ([byte[]](1, 2, 250))
Assert-Equal 'Cookie' $all.Seen[3][2] 'back'
Assert-Equal 'the thread' $all.Thread ([Environment]::CurrentManagedThreadId)

$server.AsyncBroadcast([byte[]]::new(200000)) | Out-Null
$server.AsyncBroadcast([byte[]]::new(200000)) | Out-Null
Wait-Until $server 'ClientError' { $all.Seen.Count -ge 5 }
Assert-Equal 'the event of a full queue' $all.Seen[4][0] 'ClientError'
Assert-Equal 'Number' ('{0:X}' -f $all.Seen[4][2]) '80040202'
Assert 'Description' $all.Seen[4][3].Contains('SendQueueLimit')
$client.Dispose()
Wait-Until $server 'ClientDisconnected' { $all.Seen.Count -ge 6 }
Assert-Equal 'the last event' $all.Seen[5][0] 'ClientDisconnected'

# Another sink gets the next event; without one WaitEvent does.
$typed = [Typed]::new()
$server.EventSink = $typed
$client = Connect-Client $PipeName
Send $client ([byte[]](5, 6))
Wait-Until $server 'the other sink' { $null -ne $typed.Last }
Assert-Equal 'Data, typed' $typed.Last ([byte[]](5, 6))
$server.EventSink = $null
Assert-Equal 'EventSink' $server.EventSink $null
Send $client ([byte[]](7))
Assert-Equal 'WaitEvent' (Wait-Event $server ClientMessageReceived).Data ([byte[]](7))
Assert-Equal 'what the first sink saw' $all.Seen.Count 6
Assert-Equal 'what the second sink saw' $typed.Last ([byte[]](5, 6))
Assert-Equal 'LastEventError' $server.LastEventError ''

# A handler that throws: noted, and the server lives on.
$failing = [Failing]::new()
$server.EventSink = $failing
Send $client ([byte[]](1))
Send $client ([byte[]](2))
Assert-Equal 'the message behind the failure' (Receive $server $client) ([byte[]](2))
Assert-Equal 'the calls' $failing.Calls 2
Assert "LastEventError is '$($server.LastEventError)'" ($server.LastEventError.Contains('ClientMessageReceived') -and
    $server.LastEventError.Contains('the handler had enough'))
Assert-Equal 'IsRunning' $server.IsRunning $true
Assert-Equal 'IsConnected' $server.Connections.Item(1).IsConnected $true
$server.EventSink = $null
$client.Dispose()
$server.Stop()

exit (Get-Result)
