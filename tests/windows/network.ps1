# network.ps1: clients that come over the network, from this computer itself. Check 16 of docs/WINDOWS.md.
# The package's DLLs must be registered (prepare.ps1).
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Start-Checks network

# A server of .NET's shows whether this computer serves its pipes at all.
$name = Get-NewName
$stream = New-Stream $name
$waiting = $stream.WaitForConnectionAsync()
Check 16 'a pipe that lets everybody in can be opened by \\127.0.0.1' {
    (Connect-Client $name 5000 '127.0.0.1').Dispose()
    Wait-Task $waiting
}
$stream.Dispose()

$name = Get-NewName
$server = New-Server $name
$server.Start()
Check 16 'AllowRemoteClients False keeps \\127.0.0.1 out' {
    $failure = Get-Failure { (Connect-Client $name 2000 '127.0.0.1').Dispose() }
    $failure.Text
    $failure.Text -ne ''
}
Check 16 'and the server says nothing of it' {
    (Wait-PipeEvent $server ServerReady).Name -eq 'ServerReady' -and $null -eq $server.WaitEvent(500) }
Check 16 'while a local client gets in' {
    $client = Connect-Client $name
    $event = Wait-PipeEvent $server ClientConnected
    "its computer is $($event.Connection.ClientComputerName)"
    $client.Dispose()
    $event.Connection.ClientComputerName -eq [Environment]::MachineName
}
$server.Stop()
$server.AllowRemoteClients = $true
$server.Start()
Check 16 'AllowRemoteClients True lets \\127.0.0.1 in, and tells its computer' {
    $client = Connect-Client $name 5000 '127.0.0.1'
    $event = Wait-PipeEvent $server ClientConnected
    "its computer is $($event.Connection.ClientComputerName)"
    try { $event.Connection.ClientComputerName -ne '' -and (Test-Echo $server $client) } finally { $client.Dispose() }
}
Check 16 'and a local client' {
    $client = Connect-Client $name
    try { Test-Echo $server $client } finally { $client.Dispose() }
}
$server.Stop()

exit (Complete-Checks)
