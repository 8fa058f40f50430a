# unregistered.ps1: scripts that activate the DLL by its manifest. Check 54 of docs/WINDOWS.md, as far as it needs no
# Basic. Elevated, since it takes the registration back; prepare.ps1 brings it again.
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Start-Checks unregistered

Register-Dlls
$name = Get-NewName
$echo = Start-Echo $name    # loaded, it goes on without the registration
Register-Dlls -Undo
Check 54 'nothing is registered' { @(Find-Registration HKLM).Count -eq 0 }
foreach ($bitness in 'x64', 'x86') {
    Check 54 "CreateObject is refused, $bitness" {
        (Invoke-Script $bitness "$(Get-Folder)\samples_script\call.vbs" @($name, 'hello')).Code -ne 0 }
    Check 54 "activate.vbs asks a server, $bitness" {
        $ended = Invoke-Script $bitness "$(Get-Package)\manifests\activate.vbs" @($name, 'hello')
        $ended.Said
        $ended.Code -eq 0 -and $ended.Said.Contains('hello') }
}
Stop-Echo $echo $name | Out-Null

exit (Complete-Checks)
