# registration.ps1: both bitnesses side by side, without rights, and for one user. Checks 32, 33 and 34 of
# docs/WINDOWS.md. Elevated, in PowerShell 7; makes a user and removes it. Afterwards nothing is registered.
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Import-Module "$PSScriptRoot\users.psm1"
Start-Checks registration

$creates = "$(Get-Folder)\tests\dll\creates_a_server.vbs"
function Test-Creates([string]$Bitness, $User = $null) { (Invoke-Script $Bitness $creates @() $User).Code -eq 42 }

function Invoke-Regsvr32([string]$Bitness, [string[]]$Options, $User = $null) {
    $dll = "$(Get-Package)\$Bitness\NamedPipeServer.dll"
    (Invoke-Program "$(Get-System $Bitness)\regsvr32.exe" (@('/s') + $Options + @($dll)) $User).Code
}

function Test-Nothing([string]$Hive) {
    $found = @(Find-Registration $Hive)
    $found
    $found.Count -eq 0
}

# ---- 32. Side by side.
Register-Dlls
foreach ($bitness in 'x64', 'x86') { Check 32 "registered, the cscript of $bitness makes a server" {
        Test-Creates $bitness } }
Check 32 'the 64-bit one goes' { (Invoke-Regsvr32 x64 @('/u')) -eq 0 }
Check 32 'the 32-bit one still works' { Test-Creates x86 }
Check 32 'and the 64-bit cscript has none' { -not (Test-Creates x64) }
Check 32 'the other goes' { (Invoke-Regsvr32 x86 @('/u')) -eq 0 }
Check 32 'nothing is left in either view' { Test-Nothing HKLM }

# ---- 33. Without rights. 34. For this user.
$user = New-User
Check 33 'a standard user registers nothing for the machine' { (Invoke-Regsvr32 x64 @() $user) -ne 0 }
Check 33 'and has left nothing' { Test-Nothing HKLM }
foreach ($bitness in 'x64', 'x86') {
    Check 34 "a standard user registers $bitness for himself" {
        (Invoke-Regsvr32 $bitness @('/n', '/i:user') $user) -eq 0 }
    Check 34 "and his cscript of $bitness makes a server" { Test-Creates $bitness $user }
    Check 34 "and another user's does not, $bitness" { -not (Test-Creates $bitness) }
}
$name = Get-NewName
$echo = Start-Echo $name x64 $user
Check 34 'his echo server answers him' {
    $ended = Invoke-Script x64 "$(Get-Folder)\samples_script\call.vbs" @($name, 'hello') $user
    $ended.Said
    $ended.Said.Contains('Answer: hello') }
Stop-Program $echo
foreach ($bitness in 'x64', 'x86') {
    Check 34 "he takes $bitness back" { (Invoke-Regsvr32 $bitness @('/u', '/n', '/i:user') $user) -eq 0 }
    Check 34 "and his cscript of $bitness makes no server" { -not (Test-Creates $bitness $user) }
}
Check 34 'nothing is left in his classes' {
    $ended = Invoke-Program reg.exe @('query', 'HKCU\Software\Classes', '/s', '/f', 'NamedPipe') $user
    $ended.Said
    $ended.Code -eq 1 }

# The same for this user, who is elevated: the keys are written, and programs that run elevated do not look at them.
Check 34 'an elevated prompt registers for its user' { (Invoke-Regsvr32 x64 @('/n', '/i:user')) -eq 0 }
Note 34 "elevated, what is registered for the user $(if (Test-Creates x64) { 'is found' } else { 'is not found' })"
Check 34 'and takes it back' { (Invoke-Regsvr32 x64 @('/u', '/n', '/i:user')) -eq 0 }
Check 34 'nothing is left in its classes' { Test-Nothing HKCU }

Remove-User $user
exit (Complete-Checks)
