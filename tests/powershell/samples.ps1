# The samples as they are, each in a process of its own; their clients are .NET's class and cmd. Each is ended by
# "quit", and by a stop of its pipeline, which is what Ctrl+C is.
param([string]$PipeName, [string]$Samples, [string]$PipeClient, [string]$Manifest)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"

$mta = [Threading.Thread]::CurrentThread.ApartmentState -eq 'MTA'

function Start-Sample([string]$Name, [string[]]$Options, [string[]]$Arguments) {
    $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    if ($mta) { $start.ArgumentList.Add('-mta') }
    foreach ($argument in @('-manifest', $Manifest) + $Options + @("$Samples/$Name.ps1", $PipeName) + $Arguments) {
        $start.ArgumentList.Add($argument)
    }
    [Diagnostics.Process]::Start($start)
}

# What the sample says until its end.
function Get-Words($Process) {
    if (-not $Process.WaitForExit(20000)) { $Process.Kill(); Assert 'it ended' $false }
    $Process.StandardOutput.ReadToEnd()
}

# Without a look at its exit code: it complains about every pipe.
function Invoke-Cmd([string]$Command) {
    $start = [Diagnostics.ProcessStartInfo]::new('cmd', "/c $Command")
    $start.UseShellExecute = $false
    [Diagnostics.Process]::Start($start).WaitForExit(20000) | Out-Null
}

function Test-Echo($Client, [string]$Text) {
    $data = [Text.Encoding]::UTF8.GetBytes($Text)
    $answer = [byte[]]::new(1000)
    $Client.Write($data, 0, $data.Length)
    $count = $Client.Read($answer, 0, 1000)
    Assert-Equal 'the answer' ([Text.Encoding]::UTF8.GetString($answer, 0, $count)) $Text
}

$process = $asking = $null
try {
    foreach ($name in 'echo_events', 'echo_class', 'echo_waitevent') {
        # Ended by a client.
        $process = Start-Sample $name @()
        $client = Connect-Client $PipeName
        Test-Echo $client "Gr$([char]0xFC)n from .NET"
        Test-Echo $client ('x' * 900)
        Invoke-Cmd "echo Hello from cmd>\\.\pipe\$PipeName"
        Invoke-Cmd "echo quit>\\.\pipe\$PipeName"
        $said = Get-Words $process
        $client.Dispose()
        foreach ($line in "Ready: \\.\pipe\$PipeName", 'Client 1 says: Gr', 'Client 2 says: Hello from cmd',
            'Client 3 says: quit', 'Stopped') {
            Assert "$name said '$line', in: $said" $said.Contains($line)
        }
        Assert-Equal "the exit code of $name" $process.ExitCode 0

        # Stopped amid its work, with a client connected.
        $process = Start-Sample $name @('-stop', 'says: now')
        $client = Connect-Client $PipeName
        Test-Echo $client 'first'
        Test-Echo $client 'now'
        $said = Get-Words $process
        $client.Dispose()
        Assert "$name, stopped, said 'Stopped', in: $said" $said.Contains('Stopped')
        Assert "$name, stopped, had no error, in: $said" (-not $said.Contains('ERROR'))
        Assert-Equal "the exit code of $name, stopped" $process.ExitCode 3
    }

    # The client, with a server that is a sample too.
    $process = Start-Sample echo_waitevent @()
    (Connect-Client $PipeName).Dispose()    # it is there
    $asking = Start-Sample client @() @("Gr$([char]0xFC)n", 'second')
    $said = Get-Words $asking
    foreach ($line in 'Connected to process', 'Received: Gr', 'Received: second') {
        Assert "client said '$line', in: $said" $said.Contains($line)
    }
    Assert "client had no error, in: $said" (-not $said.Contains('ERROR'))
    Assert-Equal 'the exit code of client' $asking.ExitCode 0
    Invoke-Cmd "echo quit>\\.\pipe\$PipeName"
    Get-Words $process | Out-Null

    # The client alone.
    $asking = Start-Sample client @() @('hello')
    $said = Get-Words $asking
    Assert "client, alone, said why, in: $said" $said.Contains('There is no such pipe')
    Assert-Equal 'the exit code of client, alone' $asking.ExitCode 1
}
finally {
    foreach ($one in $process, $asking) { if ($one -and -not $one.HasExited) { $one.Kill() } }
}

exit (Get-Result)
