# window.ps1 PIPE echo: the window mode from PowerShell 7: the handlers are methods of a class. It echoes, and no more.
param([string]$PipeName, [string]$Role)

class Echo {
    [void] ClientMessageReceived($Connection, $Cookie, $Data) { $Connection.AsyncWrite($Data) }
}

if ($Role -ne 'echo') { throw "there is no role $Role here" }
$server = New-Object -ComObject NamedPipeServerLib.NamedPipeServer
$server.PipeName = $PipeName
$server.EventSink = [Echo]::new()
$server.Start()
$null = $server.ManualMessageLoopEnter()
