# An echo server in PowerShell 7, with script blocks as handlers of the events:  pwsh echo_events.ps1 [PIPENAME]
# A client that sends "quit" ends it; so does Ctrl+C.
param([string]$PipeName = 'PowerShellEcho')

Import-Module "$PSScriptRoot/NamedPipeEvents.psm1"

$server = New-Object -ComObject NamedPipeServerLib.NamedPipeServer
$server.PipeName = $PipeName

Register-PipeEvent $server ServerReady { Write-Host "Ready: \\.\pipe\$PipeName" }
Register-PipeEvent $server ClientConnected { param($Connection) Write-Host "Client $($Connection.ID) has come" }
Register-PipeEvent $server ClientMessageReceived {
    param($Connection, $Cookie, $Data)    # $Data is a byte[]

    $text = $server.BytesToText($Data).Trim()
    Write-Host "Client $($Connection.ID) says: $text"
    if ($text -eq 'quit') { $server.ManualMessageLoopLeave() } else { $Connection.AsyncWrite($Data) }
}
Register-PipeEvent $server ClientDisconnected { param($Connection) Write-Host "Client $($Connection.ID) is gone" }

$server.Start()
try {
    # Events are raised in here. It returns False every 200 ms, and Ctrl+C ends the loop between two calls.
    while (-not $server.ManualMessageLoopEnter(200)) { }
}
finally {
    $server.Stop(1000)
    Unregister-PipeEvent $server
    Write-Host 'Stopped'
}
