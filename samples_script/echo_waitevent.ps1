# An echo server in PowerShell 7 without handlers:  pwsh echo_waitevent.ps1 [PIPENAME]
# Works on any thread, in an STA and in the MTA. A client that sends "quit" ends it; so does Ctrl+C.
param([string]$PipeName = 'PowerShellEcho')

$server = New-Object -ComObject NamedPipeServerLib.NamedPipeServer
$server.PipeName = $PipeName
$server.Start()
try {
    $running = $true
    while ($running) {
        $event = $server.WaitEvent(200)    # Nothing after 200 ms: Ctrl+C ends the loop between two calls
        if ($null -eq $event) { continue }
        switch ($event.Name) {
            'ServerReady' { Write-Host "Ready: \\.\pipe\$PipeName" }
            'ClientMessageReceived' {
                $text = $event.Text.Trim()
                Write-Host "Client $($event.Connection.ID) says: $text"
                if ($text -eq 'quit') { $running = $false } else { $event.Connection.AsyncWrite($event.Data) }
            }
        }
    }
}
finally {
    $server.Stop(1000)
    Write-Host 'Stopped'
}
