# unloads.ps1: for lifetime.ps1. Uses servers in this process, and ends with 0 where the DLL leaves it each time.
$ErrorActionPreference = 'Stop'
Add-Type -Namespace NamedPipeServerTests -Name Ole -MemberDefinition @'
[System.Runtime.InteropServices.DllImport("ole32.dll")]
public static extern void CoFreeUnusedLibrariesEx(uint delay, uint reserved);
'@
$self = [Diagnostics.Process]::GetCurrentProcess()
$name = "unloads-$PID"
$script:failed = 0

function Test-Unloaded([string]$Behind) {
    foreach ($turn in 1..20) {
        [GC]::Collect()
        [GC]::WaitForPendingFinalizers()
        [NamedPipeServerTests.Ole]::CoFreeUnusedLibrariesEx(0, 0)
        $self.Refresh()
        if (-not @($self.Modules | Where-Object { $_.ModuleName -eq 'NamedPipeServer.dll' })) { return }
        [Threading.Thread]::Sleep(250)
    }
    [Console]::WriteLine("behind $Behind the DLL is still loaded")
    $script:failed = 1
}

function Use-Server([switch]$Stop, [switch]$Client) {
    $server = New-Object -ComObject NamedPipeServerLib.NamedPipeServer
    $server.PipeName = $name
    $server.Start()
    if ($Client) {
        $stream = [IO.Pipes.NamedPipeClientStream]::new($name)
        $stream.Connect(5000)
        [Runtime.InteropServices.Marshal]::FinalReleaseComObject($server.WaitEvent(5000)) | Out-Null
    }
    if ($Stop) { $server.Stop() }
    [Runtime.InteropServices.Marshal]::FinalReleaseComObject($server) | Out-Null
    if ($Client) { $stream.Dispose() }
}

Use-Server -Stop
if (-not $script:failed) { Test-Unloaded 'Start and Stop' }
Use-Server
Test-Unloaded 'a server that nobody stopped'
Use-Server -Client
Test-Unloaded 'a server with a client that nobody stopped'
foreach ($turn in 1..10) {
    $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
    $runspace.ApartmentState = 'STA'
    $runspace.ThreadOptions = 'UseNewThread'
    $runspace.Open()
    $shell = [Management.Automation.PowerShell]::Create()
    $shell.Runspace = $runspace
    $shell.AddScript('param($name) $server = New-Object -ComObject NamedPipeServerLib.NamedPipeServer
        $server.PipeName = $name
        $server.Start()
        [Runtime.InteropServices.Marshal]::FinalReleaseComObject($server) | Out-Null').AddArgument($name).Invoke() |
        Out-Null
    $shell.Dispose()
    $runspace.Dispose()
}
Test-Unloaded 'ten STAs that have ended'
exit $script:failed
