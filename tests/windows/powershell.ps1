# powershell.ps1: the tests and the samples in PowerShell, by PowerShell 7 itself, in an STA and in the MTA. Checks 8,
# 30 and 45 of docs/WINDOWS.md. The package's DLLs must be registered (prepare.ps1).
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Start-Checks powershell

$samples = "$(Get-Folder)\samples_script"
$manifest = "$(Get-Package)\x64\NamedPipeServer.X.manifest"
$in_our_host_alone = 'samples', 'many'    # they start it again

foreach ($apartment in '-STA', '-MTA') {
    foreach ($file in [IO.Directory]::GetFiles("$(Get-Folder)\tests\powershell", '*.ps1')) {
        $name = [IO.Path]::GetFileNameWithoutExtension($file)
        if ($name -in $in_our_host_alone) { continue }
        Check 30 "$name, $apartment" {
            $ended = Invoke-Program pwsh.exe @('-NoProfile', $apartment, '-File', $file, (Get-NewName), $samples,
                (Get-Tool pipe_client), $manifest) $null 240
            "$($ended.Code) $($ended.Said)"
            $ended.Code -eq 42
        }
    }
}

foreach ($sample in 'echo_events', 'echo_class', 'echo_waitevent') {
    $name = Get-NewName
    $server = Start-Program pwsh.exe @('-NoProfile', '-File', "$samples\$sample.ps1", $name)
    Check 30 "$sample.ps1 answers a thousand messages and ends" {
        if (-not (Wait-Word $server 'Ready: ')) { return 'it is not ready' }
        $asked = Invoke-Client $name @('echo', '1000')
        $quit = Invoke-Client $name @('send', 'quit', 'drain')
        $said = Get-Words $server 20
        "$($asked.Said) $($quit.Said) $($said.Length) characters"
        $asked.Code -eq 0 -and $said.Contains('Stopped')
    }
}

$name = Get-NewName
$echo = Start-Echo $name
Check 8 'client.ps1' {
    $ended = Invoke-Program pwsh.exe @('-NoProfile', '-File', "$samples\client.ps1", $name, 'one', 'two')
    $ended.Said
    $ended.Code -eq 0 -and $ended.Said.Contains('Received: one') -and $ended.Said.Contains('Received: two') }
Stop-Echo $echo $name | Out-Null
Check 8 'client.ps1 without a server' {
    $ended = Invoke-Program pwsh.exe @('-NoProfile', '-File', "$samples\client.ps1", $name, 'one')
    $ended.Said
    $ended.Code -eq 1 -and $ended.Said.Contains('There is no such pipe') }

# What becomes of a list of .NET's as Data.
$server = New-Server (Get-NewName)
$server.Start()
$client = Connect-Client $server.PipeName
$connection = (Wait-PipeEvent $server ClientConnected).Connection
foreach ($list in [Collections.ArrayList]@(72, 105), [Collections.Generic.List[int]]@(72, 105),
    [Collections.Queue]@(72, 105)) {
    $failure = Get-Failure { $connection.AsyncWrite($list) }
    $became = if ($failure.Text -eq '') { "'$(Read-Text $client)'" } else { $failure.Text }
    Note 45 "a $($list.GetType().Name) as Data: $became"
    Check 45 "a $($list.GetType().Name) as Data is its bytes, or a sentence" {
        $became
        $became -eq "'Hi'" -or $became.Contains('Data') }
}
Check 45 'a hashtable is no Data' { (Get-Failure { $connection.AsyncWrite(@{ a = 1 }) }).Text -ne '' }
$client.Dispose()
$server.Stop()

exit (Complete-Checks)
