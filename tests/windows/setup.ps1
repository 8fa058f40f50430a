# setup.ps1: setup.exe and its uninstaller, silently. Checks 51, 52 and 53 of docs/WINDOWS.md, as far as a machine can
# judge them. Elevated, in PowerShell 7; dist\ has the package, and older-setup.exe of scripts/kit. Makes a user and
# removes it. Nothing is registered afterwards.
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Import-Module "$PSScriptRoot\users.psm1"
Start-Checks setup

$setup = @([IO.Directory]::GetFiles("$(Get-Folder)\dist", 'NamedPipeServer-*-setup.exe'))[0]
$version = [regex]::Match($setup, 'NamedPipeServer-(.+)-setup\.exe$').Groups[1].Value
$usual = "$env:ProgramFiles\NamedPipeServer"
$own_key = 'Software\Microsoft\Windows\CurrentVersion\Uninstall\NamedPipeServer'
$tells = "$(Get-Folder)\reports\version.vbs"
[IO.File]::WriteAllText($tells, "WScript.Echo CreateObject(`"NamedPipeServerLib.NamedPipeServer`").Version`r`n")

function Invoke-Setup([string[]]$Options) { Invoke-Program $setup $Options $null 120 }

# The files of the ZIP that are not in a folder, or are others there.
function Compare-Package([string]$Folder) {
    $top = Get-Package
    foreach ($file in [IO.Directory]::GetFiles($top, '*', 'AllDirectories')) {
        $there = $Folder + $file.Substring($top.Length)
        if (-not [IO.File]::Exists($there)) { "missing: $there" }
        elseif ((Get-FileHash $there).Hash -ne (Get-FileHash $file).Hash) { "another: $there" }
    }
}

function Test-Installed([string]$Folder) {
    $different = @(Compare-Package $Folder)
    $different
    $said = foreach ($bitness in 'x64', 'x86') { (Invoke-Script $bitness $tells @()).Said.Trim() }
    $said
    $different.Count -eq 0 -and "$said" -eq "$version x64 $version x86" -and
        (Get-ItemProperty "HKLM:\$own_key").DisplayVersion -eq $version -and
        (Get-ItemProperty "HKLM:\$own_key").InstallLocation -eq $Folder
}

# With _? the uninstaller does not go on in a copy of itself, and leaves its own file.
function Invoke-Uninstall([string]$Folder) {
    $ended = Invoke-Program "$Folder\uninstall.exe" @('/S', "_?=$Folder") $null 120
    if ([IO.File]::Exists("$Folder\uninstall.exe")) { [IO.File]::Delete("$Folder\uninstall.exe") }
    if ([IO.Directory]::Exists($Folder) -and @([IO.Directory]::GetFileSystemEntries($Folder)).Count -eq 0) {
        [IO.Directory]::Delete($Folder) }
    $ended
}

function Test-Gone([string]$Folder) {
    $found = @(Find-Registration HKLM)
    $found
    $found.Count -eq 0 -and -not [IO.Directory]::Exists($Folder) -and -not (Test-Path "HKLM:\$own_key")
}

if ([IO.Directory]::Exists((Get-Package))) { Register-Dlls -Undo }
Check 51 'nothing of ours is here before' { Test-Gone $usual }

# ---- For the machine.
Check 51 'setup /S ends with 0, without a word' { $ended = Invoke-Setup @('/S'); "$($ended.Code) $($ended.Said)"
    $ended.Code -eq 0 -and $ended.Said -eq '' }
Check 51 'files, both registrations and the entry in Settings are there' { Test-Installed $usual }
Check 51 'setup.exe, both DLLs and uninstall.exe have name and version' {
    $files = $setup, "$usual\x64\NamedPipeServer.dll", "$usual\x86\NamedPipeServer.dll"
    $infos = foreach ($file in $files) { [Diagnostics.FileVersionInfo]::GetVersionInfo($file) }
    $infos | ForEach-Object { "$($_.ProductName) $($_.ProductVersion)" }
    @($infos | Where-Object { $_.ProductName -eq 'NamedPipeServer' -and $_.ProductVersion -eq $version }).Count -eq 3
}
[IO.File]::Delete("$usual\x86\NamedPipeServer.tlb")
[IO.File]::WriteAllText("$usual\README.txt", 'broken')
Check 52 'setup once more repairs' { (Invoke-Setup @('/S')).Code -eq 0 -and @(Test-Installed $usual)[-1] }

$name = Get-NewName
$echo = Start-Echo $name
Check 51 'while a program uses the DLL setup ends with 3 and says so' { $ended = Invoke-Setup @('/S')
    "$($ended.Code) $($ended.Said)"
    $ended.Code -eq 3 -and $ended.Said.Contains('is in use') }
Check 51 'so does the uninstaller' {
    $ended = Invoke-Program "$usual\uninstall.exe" @('/S', "_?=$usual") $null 120
    "$($ended.Code) $($ended.Said)"
    $ended.Code -eq 3 -and $ended.Said.Contains('is in use') }
Check 51 'and the program goes on' { Test-Client $name @('echo', '3') }
Stop-Echo $echo $name | Out-Null

$user = New-User
Check 51 'a standard user cannot remove what is installed for all' {
    $ended = Invoke-Program "$usual\uninstall.exe" @('/S', "_?=$usual") $user 120
    "$($ended.Code) $($ended.Said)"
    $ended.Code -eq 6 -and $ended.Said.Contains('as administrator') }
Check 51 'the uninstaller ends with 0' { (Invoke-Uninstall $usual).Code -eq 0 }
Check 51 'and nothing is left' { Test-Gone $usual }
Check 51 'in the way of Settings too: the uninstaller goes on in a copy of itself' {
    (Invoke-Setup @('/S')).Code -eq 0 -and (Invoke-Program "$usual\uninstall.exe" @('/S')).Code -eq 0 -and
        (Wait-For 60 { -not [IO.Directory]::Exists($usual) }) -and @(Test-Gone $usual)[-1] }

# ---- Upgrade.
$older = "$(Get-Folder)\dist\older-setup.exe"
Check 51 'the older version is installed' { (Invoke-Program $older @('/S') $null 120).Code -eq 0 -and
    [IO.File]::Exists("$usual\only-in-0.9.0.txt") }
Check 51 'this one takes its place' { (Invoke-Setup @('/S')).Code -eq 0 -and @(Test-Installed $usual)[-1] }
Check 51 'and none of its files is left' { -not [IO.File]::Exists("$usual\only-in-0.9.0.txt") }
Check 51 'the older version does not go over this one' { $ended = Invoke-Program $older @('/S') $null 120
    "$($ended.Code) $($ended.Said)"
    $ended.Code -eq 4 -and $ended.Said.Contains('which is newer than 0.9.0') }
Check 51 'into another folder, and out of the first one' {
    (Invoke-Setup @('/S', '/D=C:\nps-other')).Code -eq 0 -and @(Test-Installed 'C:\nps-other')[-1] -and
        -not [IO.Directory]::Exists($usual) }
Check 51 'uninstalled again nothing is left' { (Invoke-Uninstall 'C:\nps-other').Code -eq 0 -and
    @(Test-Gone 'C:\nps-other')[-1] }

# ---- For a user without rights.
Check 51 'a folder that a standard user cannot write ends with 2' {
    $ended = Invoke-Program $setup @('/S', '/D=C:\Windows\nps') $user 120
    "$($ended.Code) $($ended.Said)"
    $ended.Code -eq 2 -and $ended.Said.Contains('cannot be written') }
Check 52 'a standard user installs for himself' { $ended = Invoke-Program $setup @('/S') $user 120
    "$($ended.Code) $($ended.Said)"
    $ended.Code -eq 0 }
$place = (Invoke-Program cmd.exe @('/c', 'echo', '%LOCALAPPDATA%') $user).Said.Trim() + '\Programs\NamedPipeServer'
foreach ($bitness in 'x64', 'x86') {
    Check 52 "his cscript of $bitness makes a server" { $said = (Invoke-Script $bitness $tells @() $user).Said
        $said
        $said.Trim() -eq "$version $bitness" }
    Check 52 "his class of $bitness names the DLL of that bitness" {
        $view = if ($bitness -eq 'x64') { '/reg:64' } else { '/reg:32' }
        $said = (Invoke-Program reg.exe @('query',
                'HKCU\Software\Classes\CLSID\{1E8F9A91-1C7E-4385-9AC0-6A934461841F}', '/s', $view) $user).Said
        $said
        $said.Contains("$place\$bitness\NamedPipeServer.dll") }
}
Check 52 'nothing is registered for the machine' { $found = @(Find-Registration HKLM); $found; $found.Count -eq 0 }
Check 52 'he uninstalls it' {
    (Invoke-Program "$place\uninstall.exe" @('/S', "_?=$place") $user 120).Code -eq 0 }
Check 52 'and has no server and no key of ours any more' {
    $ended = Invoke-Program reg.exe @('query', 'HKCU\Software', '/s', '/f', 'NamedPipeServer') $user
    $ended.Said
    $ended.Code -eq 1 -and (Invoke-Script x64 $tells @() $user).Code -ne 0 }
Remove-User $user

exit (Complete-Checks)
