# interop.ps1: a C# program by the interop assembly, in .NET Framework and in .NET 10. Check 57 of docs/WINDOWS.md.
# Needs TlbImp of the .NET Framework's SDK and dotnet; the package's DLLs must be registered (prepare.ps1).
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Start-Checks interop

$made = "$(Get-Folder)\reports\interop"
[IO.Directory]::CreateDirectory($made) | Out-Null
$assembly = "$made\NamedPipeServerLib.dll"
$client = Get-Tool pipe_client
$framework = "$env:SystemRoot\Microsoft.NET"

$tools = @(Get-ChildItem "${env:ProgramFiles(x86)}\Microsoft SDKs\Windows\v10.0A\bin\NETFX * Tools\TlbImp.exe")
Check 57 'TlbImp makes the interop assembly' {
    if ($tools.Count -eq 0) { return 'there is no TlbImp.exe in Microsoft SDKs\Windows\v10.0A\bin' }
    $ended = Invoke-Program $tools[-1].FullName @("$(Get-Package)\x64\NamedPipeServer.tlb", "/out:$assembly",
        '/namespace:NamedPipeServerLib', '/machine:Agnostic', '/nologo')
    $ended.Said
    $ended.Code -eq 0
}
# By which name its events call a client.
$handler = [Reflection.Assembly]::LoadFile($assembly).GetTypes() |
    Where-Object { $_.Name -eq '_INamedPipeServerEvents_ClientConnectedEventHandler' }
$of_client = $handler.GetMethod('Invoke').GetParameters()[0].ParameterType.GetElementType().Name
$define = if ($of_client -eq 'NamedPipeServerConnection') { 'CLASS' } else { 'INTERFACE' }
Note 57 "a client is a $of_client there"

function Test-Built([string]$Program) {
    $ended = Invoke-Program $Program @($client) $null 90
    "$($ended.Code) $($ended.Said)"
    $ended.Code -eq 0
}

foreach ($platform in @('x64', 'Framework64'), @('x86', 'Framework')) {
    foreach ($way in @('/reference:', 'referenced'), @('/link:', 'embedded')) {
        Check 57 ".NET Framework, $($platform[0]), interop types $($way[1]): built and runs" {
            $program = "$made\framework-$($platform[0])-$($way[1]).exe"
            $ended = Invoke-Program "$framework\$($platform[1])\v4.0.30319\csc.exe" @('/nologo', '/warnaserror',
                "/platform:$($platform[0])", "/define:$define", "$($way[0])$assembly", "/out:$program",
                "$PSScriptRoot\interop\Program.cs")
            $ended.Said
            $ended.Code -eq 0 -and @(Test-Built $program)[-1]
        }
    }
}

Check 57 '.NET 10, x64: built and runs' {
    $ended = Invoke-Program dotnet.exe @('build', "$PSScriptRoot\interop", '-c', 'Release', '-o', "$made\net",
        "-p:Assembly=$assembly", "-p:Define=$define", '--artifacts-path', "$made\net-made", '-nologo') $null 300
    $ended.Said
    $ended.Code -eq 0 -and @(Test-Built "$made\net\interop.exe")[-1]
}

exit (Complete-Checks)
