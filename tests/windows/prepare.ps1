# prepare.ps1: makes C:\nps ready for the checks. It stands in C:\nps, which is a checkout, or a copy of one, with
#   dist\       the files that scripts/package made
#   build\x64   what scripts/kit made, and build\x86
# Unpacks the ZIP into package\, and registers its DLLs for the machine. Needs an elevated prompt.
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"

$zips = @([IO.Directory]::GetFiles("$(Get-Folder)\dist", 'NamedPipeServer-*.zip'))
if ($zips.Count -ne 1) { throw "dist has $($zips.Count) packages" }
if ([IO.Directory]::Exists((Get-Package))) { [IO.Directory]::Delete((Get-Package), $true) }
Add-Type -AssemblyName System.IO.Compression.FileSystem
[IO.Compression.ZipFile]::ExtractToDirectory($zips[0], "$(Get-Folder)\unpacked")
[IO.Directory]::Move("$(Get-Folder)\unpacked\$([IO.Path]::GetFileNameWithoutExtension($zips[0]))", (Get-Package))
[IO.Directory]::Delete("$(Get-Folder)\unpacked")
Register-Dlls
Write-Host "Ready: $(Get-Package) is registered"
