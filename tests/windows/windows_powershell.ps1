# windows_powershell.ps1: servers and clients in Windows PowerShell 5.1. Check 30 of docs/WINDOWS.md. The package's DLLs
# must be registered (prepare.ps1). windows_powershell.cmd runs it in both bitnesses.
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
$bits = [IntPtr]::Size * 8
Start-Checks "windows_powershell-$bits"
Import-Module "$(Get-Folder)\samples_script\NamedPipeEvents.psm1"

Check 30 'this is Windows PowerShell 5.1' { "$($PSVersionTable.PSVersion)"; $PSVersionTable.PSVersion.Major -eq 5 }

class EchoHandler {
    [int]$Count
    [string]$Type
    [void] ClientMessageReceived($Connection, $Cookie, $Data) {
        $this.Count++
        $this.Type = $Data.GetType().Name
        $Connection.AsyncWrite($Data)
    }
}

# Raises events until the client has its thousand answers; the process must not grow by much.
function Test-Thousand($Server, [string]$Name) {
    $self = [Diagnostics.Process]::GetCurrentProcess()
    foreach ($turn in 1..3) {
        if ($turn -eq 2) { $self.Refresh(); $before = $self.PrivateMemorySize64 }
        $client = Start-Program (Get-Tool pipe_client) @($Name, 'echo', '1000')
        $watch = [Diagnostics.Stopwatch]::StartNew()
        while (-not $client.Process.HasExited -and $watch.Elapsed.TotalSeconds -lt 60) {
            $Server.ManualMessageLoopEnter(50) | Out-Null
        }
        $said = Get-Words $client 1
        if ($client.Process.ExitCode -ne 0) { return "turn $turn`: $said $($Server.LastEventError)" }
    }
    $self.Refresh()
    $grown = ($self.PrivateMemorySize64 - $before) / 1MB
    "grown by $grown MB; $($Server.LastEventError)"
    $grown -lt 20 -and $Server.LastEventError -eq ''
}

$name = Get-NewName
$server = New-Server $name
$handler = [EchoHandler]::new()
$server.EventSink = $handler
$server.Start()
Check 30 'a class as EventSink answers a thousand messages, three times' { Test-Thousand $server $name }
Check 30 'it was called for each, with an array of bytes' { "$($handler.Count) $($handler.Type)"
    $handler.Count -eq 3000 -and $handler.Type -eq 'Byte[]' }
$server.Stop()
$server.EventSink = $null

$name = Get-NewName
$server = New-Server $name
Register-PipeEvent $server ClientMessageReceived { param($Connection, $Cookie, $Data) $Connection.AsyncWrite($Data) }
$server.Start()
Check 30 'Register-PipeEvent of the samples answers a thousand messages, three times' { Test-Thousand $server $name }
Unregister-PipeEvent $server
$server.Stop()

# What PowerShell's own command makes of our events is not promised.
$server = New-Server (Get-NewName)
$failure = Get-Failure { Register-ObjectEvent -InputObject $server -EventName ClientConnected -Action { } }
Note 30 "Register-ObjectEvent $(if ($failure.Text -eq '') { 'takes a COM event' } else {
    "finds no COM event: $($failure.Text)" })"

# ---- WaitEvent, a client, and sentences.
$name = Get-NewName
$server = New-Server $name
$server.Start()
$client = Connect-Client $name
Check 30 'WaitEvent answers a client' { Test-Echo $server $client }
$client.Dispose()
$server.Stop()
$echo = Start-Echo $name
$manager = New-Manager
Check 30 'CallText is answered' { $manager.CallText($name, 'hello') -eq 'hello' }
$pipe = $manager.Connect($name)
$pipe.AsyncWriteText('hello')
Check 30 'a connection gets its answer by WaitEvent' { (Wait-PipeEvent $manager MessageReceived).Text -eq 'hello' }
$manager.Stop()
Stop-Echo $echo $name | Out-Null
Check 30 'a pipe that is not there is a sentence' {
    Test-Failure { $manager.CallText($name, 'hello') } 'There is no such pipe' }
Check 30 'Start without a name is a sentence' {
    Test-Failure { (New-Object -ComObject NamedPipeServerLib.NamedPipeServer).Start() } 'PipeName' }

exit (Complete-Checks)
