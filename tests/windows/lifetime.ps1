# lifetime.ps1: Start and Stop a thousand times, long messages, many dials, last references, other apartments, the end
# of the DLL. Checks 11, 17, 18, 23, 27, 28 and 31 of docs/WINDOWS.md. In a 64-bit PowerShell 7; the package's DLLs must
# be registered (prepare.ps1).
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Start-Checks lifetime

$self = [Diagnostics.Process]::GetCurrentProcess()
function Get-Handles { $self.Refresh(); $self.HandleCount }
function Get-Threads { $self.Refresh(); $self.Threads.Count }
function Close-Object($Object) { [Runtime.InteropServices.Marshal]::FinalReleaseComObject($Object) | Out-Null }

# ---- 11. The probe's answer in use.
$name = Get-NewName
$server = New-Server $name
$server.MessageBufferSize = 64
$server.Start()
$client = Start-Program (Get-Tool pipe_client) @($name, 'big', '1000000', 'echo', '1000')
Check 11 'a million bytes and a thousand messages pass through reads of 64 bytes, once each' {
    $big = (Wait-PipeEvent $server ClientMessageReceived).Data
    foreach ($turn in 1..1000) {
        $event = Wait-PipeEvent $server ClientMessageReceived
        $event.Connection.AsyncWrite($event.Data)
    }
    $said = Get-Words $client
    "$($big.Length) bytes; $said"
    $big.Length -eq 1000000 -and $client.Process.ExitCode -eq 0
}
Check 11 'and no message more' { (Wait-PipeEvent $server ClientDisconnected).Connection.MessagesReceived -eq 1001 }
$server.Stop()

# ---- 17. Started and stopped.
$name = Get-NewName
$server = New-Server $name
$longest = @{ Stop = 0 }
function Invoke-Turns([int]$Count) {
    foreach ($turn in 1..$Count) {
        $server.Start()
        if ($turn % 50 -eq 0) {
            $client = Connect-Client $name
            Wait-PipeEvent $server ClientConnected | Out-Null
        }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $server.Stop()
        $longest.Stop = [Math]::Max($longest.Stop, $watch.ElapsedMilliseconds)
        if ($turn % 50 -eq 0) { $client.Dispose() }
    }
    [GC]::Collect()
    [GC]::WaitForPendingFinalizers()
}
Invoke-Turns 100    # what .NET itself opens once
$handles = Get-Handles
$threads = Get-Threads
$whole = [Diagnostics.Stopwatch]::StartNew()
Invoke-Turns 1000
Note 17 "1000 turns took $($whole.Elapsed.TotalSeconds) s, the longest Stop $($longest.Stop) ms"
Check 17 'a thousand turns end within a minute' { $whole.Elapsed.TotalSeconds -lt 60 }
Check 17 'no Stop takes long' { $longest.Stop -lt 2000 }
Check 17 'handles and threads are where they were' {
    "$handles handles before, $(Get-Handles) after; $threads threads before, $(Get-Threads) after"
    (Get-Handles) -le $handles + 50 -and (Get-Threads) -le $threads + 10
}

# ---- 18. Messages too large for Windows.
$server.SendQueueLimit = 0
$server.Start()
$client = Start-Program (Get-Tool pipe_client) @($name, 'hold', '30000')
$connection = (Wait-PipeEvent $server ClientConnected).Connection
$connection.AsyncWrite([byte[]]::new(1500MB))
$connection.AsyncWriteText('after')
$event = $server.WaitEvent(5000)
Note 18 "1500 MB: $($connection.PendingSendBytes) bytes wait, the event is $(if ($event) { "$($event.Name) $(
    $event.Description)" } else { 'none' })"
Check 18 'a message of 1500 MB waits, or is refused with a sentence, and the connection lives' {
    $connection.IsConnected -and ($connection.PendingSendBytes -ge 1500MB -or $event.Name -eq 'ClientError') }
$server.Stop()
$server.SendQueueLimit = 67108864
Stop-Program $client
$connection = $event = $null
[GC]::Collect()

# ---- 23. Many at once.
$name = Get-NewName
$manager = New-Manager
$threads = Get-Threads
$pipes = foreach ($turn in 1..1000) { $manager.Connect($name, 60000) }
Check 23 'a thousand dials need no thread each' { "$threads threads before, $(Get-Threads) after"
    (Get-Threads) -le $threads + 10 }
Check 23 'and next to no processor time' {
    $self.Refresh()
    $before = $self.TotalProcessorTime
    [Threading.Thread]::Sleep(3000)
    $self.Refresh()
    $used = ($self.TotalProcessorTime - $before).TotalMilliseconds
    "$used ms in 3 s"
    $used -lt 1000
}
$server = New-Server $name
$server.Start()
Check 23 'once their server starts all are connected within some seconds' {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    foreach ($turn in 1..1000) { Wait-PipeEvent $manager Connected | Out-Null }
    "$($watch.Elapsed.TotalSeconds) s"
    $watch.Elapsed.TotalSeconds -lt 30
}
$manager.Stop()
$server.Stop()
foreach ($pipe in $pipes) { Close-Object $pipe }
Close-Object $manager

# ---- 27. A client's last references.
$name = Get-NewName
$echo = Start-Echo $name
$manager = New-Manager
$pipe = $manager.Connect($name)
Close-Object (Wait-PipeEvent $manager Connected)    # it holds the connection
Close-Object $pipe
Check 27 'a connection ends with its last reference' { Wait-Word $echo 'Client 1 is gone' }
$pipe = $manager.Connect($name)
Close-Object (Wait-PipeEvent $manager Connected)    # it holds the connection
Close-Object $manager
Check 27 'and goes on without its manager' { $pipe.CallText('still there') -eq 'still there' }
Close-Object $pipe
Check 27 'until its own end' { Wait-Word $echo 'Client 2 is gone' }
Stop-Echo $echo $name | Out-Null

# ---- 28. Errors across apartments.
$server = New-Server (Get-NewName)
$server.Start()
foreach ($apartment in 'STA', 'MTA') {
    Check 28 "an error reaches another thread, $apartment, with its sentence" {
        $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
        $runspace.ApartmentState = $apartment
        $runspace.ThreadOptions = 'UseNewThread'
        $runspace.Open()
        $shell = [Management.Automation.PowerShell]::Create()
        $shell.Runspace = $runspace
        $shell.AddScript('param($server) try { $server.AsyncBroadcast([DBNull]::Value) } catch { "$_" }') | Out-Null
        $said = "$($shell.AddArgument($server).Invoke())"
        $shell.Dispose()
        $runspace.Dispose()
        $said
        $said.Contains('Data is no bytes; ')
    }
}
$server.Stop()

# ---- 31. Unload.
# Whatever .NET still holds of the checks above would keep the DLL, so a fresh process is asked.
$unloads = Start-Program pwsh.exe @('-NoProfile', '-File', "$PSScriptRoot\unloads.ps1")
Check 31 'the DLL leaves a process that is done with it' {
    $said = Get-Words $unloads
    $said
    $unloads.Process.ExitCode -eq 0
}

exit (Complete-Checks)
