# suites.ps1 BITNESS: runs the C++ suites that scripts/kit built by MinGW, with the DLL of that build. Checks 10 and 41
# of docs/WINDOWS.md. They look for build\BITNESS in C:\nps. Elevated, with nothing registered: they register
# and take it back.
param([Parameter(Mandatory)][ValidateSet('x64', 'x86')][string]$Bitness)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Start-Checks "suites-$Bitness"

$tests = "$(Get-Folder)\build\$Bitness\tests"
if ([IO.Directory]::Exists((Get-Package))) { Register-Dlls -Undo }

# A program of GoogleTest's. What it says is kept in a file of its own.
function Test-Suite([string]$File, [string[]]$Options, [int]$Seconds) {
    $ended = Invoke-Program $File $Options $null $Seconds
    $log = "$(Get-Folder)\reports\suites-$Bitness-$([IO.Path]::GetFileNameWithoutExtension($File)).log"
    [IO.File]::AppendAllText($log, $ended.Said)
    $lines = @($ended.Said -split "`r?`n")
    $lines | Where-Object { $_ -match '^\[  (FAILED|PASSED|SKIPPED) *\]|^long: |: Failure$' }
    $ended.Code -eq 0 -and @($lines | Where-Object { $_ -match '^\[  PASSED  \] [1-9]' }).Count -eq 1
}

# What is skipped for Wine must run here.
function Test-NoneSkippedForWine([string]$Layer) {
    $skipped = [IO.File]::ReadAllText("$(Get-Folder)\reports\suites-$Bitness-${Layer}_tests.log")
    -not $skipped.Contains('Wine: ')
}

# Those of the layers, and others that are called so.
$suites = foreach ($file in [IO.Directory]::GetFiles($tests, '*_tests.exe')) {
    [IO.Path]::GetFileNameWithoutExtension($file) -replace '_tests$', ''
}
Check 10 'no layer lacks its suite' {
    "$suites"
    @('base', 'json', 'pipe', 'deliver', 'com', 'dll' | Where-Object { $_ -notin $suites }).Count -eq 0
}
foreach ($layer in $suites) {
    if ($layer -eq 'dll') { continue }
    $number = if ($layer -eq 'com') { 41 } else { 10 }
    Check $number "the suite $layer" { Test-Suite "$tests\${layer}_tests.exe" @() 1200 }
    Check $number "the suite $layer skips nothing for Wine" { Test-NoneSkippedForWine $layer }
}
Check 10 'com in an executable called VB6.EXE' { Test-Suite "$tests\vb6\VB6.exe" @() 300 }
Check 41 'a call that never returns, in a process of its own' {
    Test-Suite "$tests\com_tests.exe" @('--gtest_filter=CallThatNeverReturns.*') 300 }

# Those of dll write the registry, each in a process of its own.
$suite = ''
$all = (Invoke-Program "$tests\dll_tests.exe" @('--gtest_list_tests')).Said -split "`r?`n"
$names = foreach ($line in $all) {
    if ($line -match '^(\w+)\.') { $suite = $Matches[1] }
    elseif ($line -match '^  (\w+)') { "$suite.$($Matches[1])" }
}
Check 32 'dll has tests' { @($names).Count -gt 20 }
foreach ($name in $names) { Check 32 $name { Test-Suite "$tests\dll_tests.exe" @("--gtest_filter=$name") 120 } }

foreach ($file in [IO.Directory]::GetFiles($tests, 'long_*.exe')) {
    Check 17 "what must hold for long: $([IO.Path]::GetFileNameWithoutExtension($file))" { Test-Suite $file @() 600 }
}

exit (Complete-Checks)
