# names.ps1: whose a name is, what is listed, and what is no name. Checks 12, 13, 20 and 21 of docs/WINDOWS.md.
# The package's DLLs must be registered (prepare.ps1).
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Start-Checks names

$owned = 'Another server owns a pipe of this name'
$owned_or_held = '(Another server owns|An old client still holds) a pipe of this name'

# ---- 12. The name belongs to one.
function Test-Refused([string]$PipeName) {
    $server = New-Server $PipeName
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $failure = Get-Failure { $server.Start() }
    $server.Stop()
    "$($failure.Number) $($failure.Text), after $($watch.ElapsedMilliseconds) ms"
    $failure.Number -eq '80040203' -and $failure.Text.StartsWith($owned) -and $watch.ElapsedMilliseconds -lt 2000
}

function Test-Starts([string]$PipeName) {
    $server = New-Server $PipeName
    $server.Start()
    $server.Stop()
    $true
}

$name = Get-NewName
$echo = Start-Echo $name
Check 12 'a second server of a name is refused at once' { Test-Refused $name }
Check 12 'the first goes on' { Test-Client $name @('echo', '10') }
Stop-Echo $echo $name | Out-Null
Check 12 'once the first has ended, Start succeeds' { Test-Starts $name }
foreach ($mode in 'Byte', 'Message') {
    $name = Get-NewName
    $stream = New-Stream $name $mode
    Check 12 "a server of .NET, $mode, that waits keeps its name" { Test-Refused $name }
    $waiting = $stream.WaitForConnectionAsync()
    $client = Connect-Client $name
    Check 12 "a server of .NET, $mode, whose one instance is taken keeps its name" {
        (Wait-Task $waiting) -and @(Test-Refused $name)[-1]
    }
    $client.Dispose()
    $stream.Dispose()
    Check 12 "once the server of .NET, $mode, has ended, Start succeeds" { Test-Starts $name }
}

# ---- 13. A name that old clients hold.
$name = Get-NewName
$server = New-Server $name
$server.Start()
$old = [Collections.Generic.List[object]]::new()
foreach ($turn in 1..3) {
    $old.Add((Connect-Client $name))
    Wait-PipeEvent $server ClientConnected | Out-Null
    $server.Stop()
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $failure = Get-Failure { $server.Start() }
    $took = $watch.ElapsedMilliseconds
    Note 13 "Start behind $turn clients of the past took $took ms: $(if ($took -lt 200) { 'the name is let go' } else {
        'the name is kept for them' })"
    Check 13 "Start succeeds behind $turn clients that keep their ends" { "$took ms, $($failure.Text)"
        $failure.Text -eq '' -and $took -lt 2000 }
    Check 13 'and a new client is answered' {
        $client = Connect-Client $name
        try { Test-Echo $server $client } finally { $client.Dispose() }
    }
}
foreach ($client in $old) { $client.Dispose() }
$server.Stop()
Check 13 'without old clients Start takes no time' {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $server.Start()
    "$($watch.ElapsedMilliseconds) ms"
    $watch.ElapsedMilliseconds -lt 200
}
$server.Stop()

# Two at once, behind a crash whose client still has its end.
$name = Get-NewName
$winner = Start-Echo $name
foreach ($turn in 1..10) {
    $client = Connect-Client $name
    Stop-Program $winner
    $winner.Process.WaitForExit()
    $pair = foreach ($one in 1, 2) {
        Start-Script x64 "$(Get-Folder)\samples_script\echo_eventsink.vbs" @($name)
    }
    Check 13 "of two servers that start at once after a crash one serves, turn $turn" {
        $ended = Wait-For 30 { foreach ($one in $pair) { Read-Words $one | Out-Null }
            @($pair | Where-Object { $_.Process.HasExited }).Count -eq 1 }
        if (-not $ended) { return "they said: $($pair[0].Said) $($pair[1].Said)" }
        $loser = @($pair | Where-Object { $_.Process.HasExited })[0]
        $script:winner = @($pair | Where-Object { -not $_.Process.HasExited })[0]
        $words = Get-Words $loser
        $words
        $ended -and $words -match $owned_or_held -and (Wait-Word $script:winner 'Ready: ')
    }
    $client.Dispose()
    Check 13 "and answers a new client, turn $turn" { Test-Client $name @('echo', '3') }
    foreach ($one in $pair) { if ($one -ne $winner) { Stop-Program $one } }
}
Stop-Program $winner

# Nobody can hold the lock that a Start has. Its name is made of the pipe's.
$server = New-Server EchoPipe
$starting = 'NamedPipeServer.starting.686ea0953ccc5d82'
$intruder = Start-Program pwsh.exe @('-NoProfile', '-File', "$PSScriptRoot\tries_to_open.ps1", $starting)
Wait-Word $intruder 'trying' | Out-Null
$old.Clear()
Check 13 'while another program tries to open the lock, twenty Starts behind old clients succeed' {
    foreach ($turn in 1..20) {
        $server.Start()
        $old.Add((Connect-Client EchoPipe))
        Wait-PipeEvent $server ClientConnected | Out-Null
        $server.Stop()
    }
    $true
}
foreach ($client in $old) { $client.Dispose() }
Check 13 'and it could not' { -not $intruder.Process.HasExited -and -not (Read-Words $intruder) -and
    -not "$($intruder.Said)".Contains('opened') }
Stop-Program $intruder
Check 13 'the lock is gone afterwards' {
    $listed = (Invoke-Program cmd.exe @('/c', 'dir', '/b', '\\.\pipe\')).Said
    -not $listed.Contains('NamedPipeServer.starting.')
}

# A client that has written and left.
$name = Get-NewName
$server = New-Server $name
$server.ContinuouslyReadFromPipe = $false
$server.Start()
$client = Connect-Client $name
$connection = (Wait-PipeEvent $server ClientConnected).Connection
Write-Text $client 'a line'
$client.Dispose()
$connection.AsyncClose()
foreach ($turn in 1..5) {
    Check 13 "a client that wrote and left costs no name, try $turn" { Test-Refused $name }
}
$server.Stop()

# ---- 20. Pipes are listed.
$server = New-Server EchoPipe
$server.Start()
$deep = New-Server '//./pipe/nps/a'
$deep.Start()
$manager = New-Manager
Check 20 'Echo* finds EchoPipe' { @($manager.FindNamedPipes('Echo*')) -contains 'EchoPipe' }
Check 20 'echop?pe too: case does not count' { @($manager.FindNamedPipes('echop?pe')) -contains 'EchoPipe' }
Check 20 'nothing* finds nothing' { $manager.FindNamedPipes('nothing*').Count -eq 0 }
Check 20 'all of them are about as many as cmd lists' {
    $all = $manager.FindNamedPipes().Count
    $dotted = $manager.FindNamedPipes('*.*').Count
    $said = (Invoke-Program cmd.exe @('/c', 'dir', '/b', '\\.\pipe\')).Said
    $listed = @($said -split "`r?`n" | Where-Object { $_ -ne '' }).Count
    "$all, $dotted and $listed"
    $listed -gt 5 -and [Math]::Abs($all - $listed) -le 20 -and [Math]::Abs($dotted - $listed) -le 20
}
Check 20 'nps\* finds a name with a backslash' { @($manager.FindNamedPipes('nps\*')) -contains 'nps\a' }
Check 20 'so does a pattern in full' { @($manager.FindNamedPipes('\\.\pipe\NPS/?')) -contains 'nps\a' }
Check 20 '..\C:\* lists no disk' { $manager.FindNamedPipes('..\C:\*').Count -eq 0 }
$deep.Stop()
$server.Stop()

# ---- 21. Names that Windows would normalise.
$victim = "$(Get-Folder)\reports\victim.txt"
$from_root = $victim.Substring(2)    # without the drive
[IO.File]::WriteAllText($victim, 'keep')
$echo = Start-Echo EchoPipe
Check 21 'a name that climbs to a file is refused by CallText' {
    (Get-Failure { $manager.CallText("..\C:$from_root", 'HELLO') }).Number -eq '800A0005' }
Check 21 'and by Connect' {
    (Get-Failure { $manager.Connect("../C:$($from_root.Replace('\', '/'))") }).Number -eq '800A0005' }
Check 21 'and where the name is in full' {
    (Get-Failure { $manager.CallText("\\.\pipe\x\..\..\C:$from_root", 'HELLO') }).Number -eq '800A0005' }
Check 21 'a dot at the end is refused' {
    (Get-Failure { $manager.CallText('EchoPipe.', 'x') }).Number -eq '800A0005' }
Check 21 'Start refuses a name that climbs' {
    $server = New-Server 'EchoPipe\..\other'
    (Get-Failure { $server.Start() }).Number -eq '800A0005' }
Check 21 'the file is as it was' { [IO.File]::ReadAllText($victim) -eq 'keep' }
foreach ($computer in [Environment]::MachineName, 'localhost', [Net.Dns]::GetHostEntry('').HostName) {
    Check 21 "this computer by its name $computer is this computer" {
        $manager.CallText('EchoPipe', 'x', 5000, $computer) -eq 'x' }
}
Stop-Echo $echo EchoPipe | Out-Null
$manager.Stop()

exit (Complete-Checks)
