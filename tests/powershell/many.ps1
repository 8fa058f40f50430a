# 100,000 messages, and 1,000 of 100,000 bytes, or as many as a slow machine manages, through a script block: memory
# stays where it was. (A copy of each long one that nobody frees would make 95 MiB.)
param([string]$PipeName, [string]$Samples, [string]$PipeClient, [string]$Manifest,
    [int]$Small = 100000, [int]$Large = 1000)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"
Import-Module "$Samples/NamedPipeEvents.psm1"

# What the process holds once all garbage is gone, in MiB. A collection that is not aggressive keeps what it has freed.
function Get-Memory {
    foreach ($i in 1..2) {
        [GC]::Collect([GC]::MaxGeneration, [GCCollectionMode]::Aggressive, $true, $true)
        [GC]::WaitForPendingFinalizers()
    }
    $process = [Diagnostics.Process]::GetCurrentProcess()
    [int]([Math]::Max($process.PrivateMemorySize64, $process.WorkingSet64) / 1MB)    # Wine says 0 for the first
}

function Invoke-Run([string]$Actions, [int]$Count) {
    $counted.Messages = 0
    $start = [Diagnostics.ProcessStartInfo]::new($PipeClient, "$PipeName $Actions")
    $start.UseShellExecute = $false
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $process = [Diagnostics.Process]::Start($start)
    while ($counted.Messages -lt $Count -and $watch.Elapsed.TotalSeconds -lt 120) {
        $server.ManualMessageLoopEnter(100) | Out-Null
    }
    Assert-Equal "messages of $Actions" $counted.Messages $Count
    $process.WaitForExit()
}

$server = New-Server $PipeName
$counted = @{ Messages = 0 }
Register-PipeEvent $server ClientMessageReceived {
    param($Connection, $Cookie, $Data)
    $counted.Messages++
}
$server.Start()

# Runs until so many messages have come, or 15 seconds have passed.
function Test-Memory([string]$What, [string]$Actions, [int]$Each, [int]$Most) {
    Invoke-Run $Actions $Each    # everything is compiled and every buffer is there
    $before = Get-Memory
    $watch = [Diagnostics.Stopwatch]::StartNew()
    for ($count = 0; $count -lt $Most -and $watch.Elapsed.TotalSeconds -lt 15; $count += $Each) {
        Invoke-Run $Actions $Each
    }
    $seconds = $watch.Elapsed.TotalSeconds.ToString('0.0')
    $after = Get-Memory
    Write-Host "$count $What in $seconds s: $before MiB before, $after MiB after"
    Assert "with $What the process grew by $($after - $before) MiB" ($after - $before -lt 16)
}

Test-Memory 'short messages' 'burst 5000' 5000 $Small
Test-Memory 'messages of 100,000 bytes' ('big 100000 ' * 100) 100 $Large

Unregister-PipeEvent $server
$server.Stop()
Assert-Equal 'LastEventError' $server.LastEventError ''

exit (Get-Result)
