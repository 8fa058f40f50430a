# FreeThreadingEvents in PowerShell: a script block cannot run on a worker,
# but WaitEvent takes the events on the pipeline's thread.
param([string]$PipeName)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"

$server = New-Server $PipeName
$server.FreeThreadingEvents = $true
$server.NumThreadsIOCP = 4
$server.Start()
$clients = foreach ($i in 1..4) { Connect-Client $PipeName }
foreach ($i in 1..4) { Wait-Event $server ClientConnected | Out-Null }
foreach ($round in 1..50) {
    foreach ($client in $clients) { Send $client ([byte[]]($round)) }
    foreach ($i in 1..4) {
        $event = Wait-Event $server ClientMessageReceived
        $event.Connection.CustomData += [int]$event.Data[0]
        $event.Connection.AsyncWrite($event.Data)
    }
}
foreach ($connection in $server.Connections) {
    Assert-Equal 'the sum of what one client sent' $connection.CustomData 1275
}
$buffer = [byte[]]::new(10)
foreach ($client in $clients) {
    foreach ($round in 1..50) {
        if ($client.Read($buffer, 0, 10) -ne 1 -or $buffer[0] -ne $round) { Assert "answer $round" $false }
    }
    $client.Dispose()
}
foreach ($i in 1..4) { Wait-Event $server ClientDisconnected | Out-Null }
$server.Stop()
Assert-Equal 'LastEventError' $server.LastEventError ''

exit (Get-Result)
