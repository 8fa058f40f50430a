# An echo server in PowerShell 7 whose handlers are the methods of a class:  pwsh echo_class.ps1 [PIPENAME]
# Methods that are missing are not called. A client that sends "quit" ends it; so does Ctrl+C.
param([string]$PipeName = 'PowerShellEcho')

class EchoHandler {
    [object]$Server

    [void] ServerReady() { Write-Host "Ready: \\.\pipe\$($this.Server.PipeName)" }

    [void] ClientMessageReceived($Connection, $Cookie, $Data) {
        $text = $this.Server.BytesToText($Data).Trim()
        Write-Host "Client $($Connection.ID) says: $text"
        if ($text -eq 'quit') { $this.Server.ManualMessageLoopLeave() } else { $Connection.AsyncWrite($Data) }
    }
}

$server = New-Object -ComObject NamedPipeServerLib.NamedPipeServer
$server.PipeName = $PipeName
$server.EventSink = [EchoHandler]@{ Server = $server }
$server.Start()
try {
    while (-not $server.ManualMessageLoopEnter(200)) { }
}
finally {
    $server.Stop(1000)
    $server.EventSink = $null    # ends the circle of server and handler
    Write-Host 'Stopped'
}
