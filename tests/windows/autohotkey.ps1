# autohotkey.ps1: servers in AutoHotkey 2, in both bitnesses. Check 9 of docs/WINDOWS.md, as far as AutoHotkey goes.
# AutoHotkey 2.0.19 must be installed (choco install autohotkey --version=2.0.19), and the package's DLLs registered
# (prepare.ps1).
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Start-Checks autohotkey

foreach ($bitness in @('x64', '64'), @('x86', '32')) {
    $program = "$env:ProgramFiles\AutoHotkey\v2\AutoHotkey$($bitness[1]).exe"
    Check 9 "AutoHotkey of $($bitness[0]) is there" { [IO.File]::Exists($program) }
    foreach ($way in 'connect', 'sink') {
        Check 9 "AutoHotkey of $($bitness[0]) answers a thousand messages by $way" {
            $ended = Invoke-Program $program @('/ErrorStdOut', "$PSScriptRoot\autohotkey.ahk", (Get-NewName),
                (Get-Tool pipe_client), $way) $null 90
            "$($ended.Code) $($ended.Said)"
            $ended.Code -eq 0
        }
    }
}

exit (Complete-Checks)
