# users.ps1: what another user may do and see. Checks 13, 14, 15, 25, 26 and 43 of docs/WINDOWS.md.
# In PowerShell 7, elevated; the package's DLLs must be registered (prepare.ps1). Makes a user and removes it.
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Import-Module "$PSScriptRoot\users.psm1"
Start-Checks users

$other = New-User
$me = [Security.Principal.WindowsIdentity]::GetCurrent().User.Value

# What becomes of a client of that user: its name to the server, or 'denied'.
function Get-Welcome($Server, [string]$PipeName) {
    try { $client = @(Invoke-As $other { Connect-Client $PipeName 2000 })[0] }
    catch {
        if ("$_ $($_.Exception.InnerException)" -match 'denied') { return 'denied' }
        throw
    }
    try {
        $event = Wait-PipeEvent $Server ClientConnected
        Write-Text $client 'x'
        Wait-PipeEvent $Server ClientMessageReceived | Out-Null
        $event.Connection.ClientUserName
    }
    finally { $client.Dispose() }
}

function Test-Self($Server, [string]$PipeName) {
    $client = Connect-Client $PipeName 2000
    try { Test-Echo $Server $client } finally { $client.Dispose() }
}

# Starts a server with these properties, gives it to the block, and stops it.
function Use-Server([hashtable]$Properties, [scriptblock]$Block) {
    $name = Get-NewName
    $server = New-Server $name
    foreach ($key in $Properties.Keys) { $server.$key = $Properties[$key] }
    $server.Start()
    try { & $Block $server $name } finally { $server.Stop() }
}

# ---- 15. Who gets in.
$name = Get-NewName
$echo = Start-Echo $name
Check 15 'another user is denied' {
    try { @(Invoke-As $other { Connect-Client $name 2000 })[0].Dispose(); $false }
    catch { "$_"; "$_ $($_.Exception.InnerException)" -match 'denied' }
}
Check 15 'the same user gets in' { Test-Client $name @('echo', '3') }
$said = Stop-Echo $echo $name
Check 15 'the server has seen two clients, both of its user' {
    $said
    @([regex]::Matches($said, 'has come')).Count -eq 2
}
Check 15 'with Security = 1 another user gets in, and the server knows who it is' {
    Use-Server @{ Security = 1 } { param($Server, $Name) $welcome = Get-Welcome $Server $Name
        $welcome
        $welcome -like "*\$($other.Name)" -and (Test-Self $Server $Name) }
}
Check 15 'with Security = 2 too' {
    Use-Server @{ Security = 2 } { param($Server, $Name) (Get-Welcome $Server $Name) -like "*\$($other.Name)" }
}
Check 15 'with Security = 1 another user makes no instance' {
    Use-Server @{ Security = 1 } { param($Server, $Name)
        $failure = Get-Failure { Invoke-As $other { (New-Stream $Name Message 0 20).Dispose() } }
        $failure.Text
        $failure.Text -match 'denied' }
}
Check 15 'with GRGW in a descriptor of its own it does: that is why SECURITY.md warns' {
    Use-Server @{ SecurityDescriptor = 'D:(A;;FA;;;OW)(A;;GRGW;;;AU)' } { param($Server, $Name)
        (Get-Failure { Invoke-As $other { (New-Stream $Name Message 0 20).Dispose() } }).Text -eq '' }
}
Check 15 'the owner is this user, and the entries are those of SECURITY.md' {
    Use-Server @{} { param($Server, $Name)
        $client = Connect-Client $Name
        $rules = [IO.Pipes.PipesAclExtensions]::GetAccessControl($client)
        $client.Dispose()
        $sddl = $rules.GetSecurityDescriptorSddlForm('Owner, Access')
        $sid = [Security.Principal.WindowsIdentity]::GetCurrent().User.Value
        $wanted = "D:P(D;;FA;;;NU)(A;;FA;;;$sid)(A;;0x12019b;;;SY)(A;;0x12019b;;;BA)"
        "$sddl instead of $wanted"
        $rules.GetOwner([Security.Principal.SecurityIdentifier]).Value -eq $sid -and
            ($sddl -replace '^O:[^:]*(?=D:)', '').Replace(';;;LA)', ";;;$sid)") -eq $wanted }
}

# ---- 14. A server that impersonates.
Check 14 'Start succeeds while its thread has the token of another user' {
    Use-Server @{} { param($Server, $Name)
        $Server.Stop()
        Invoke-As $other { $Server.Start() } | Out-Null
        foreach ($turn in 1..5) { if (-not (Test-Self $Server $Name)) { return $false } }
        $welcome = Get-Welcome $Server $Name
        $welcome
        $welcome -eq 'denied' }
}

# ---- 25. What a server sees of a client that impersonates: the process's user.
function Get-Seen([scriptblock]$Ask) {
    $name = Get-NewName
    $server = Start-Program pwsh.exe @('-NoProfile', '-File', "$PSScriptRoot\tells_its_client.ps1", $name)
    Wait-Word $server 'ready' | Out-Null
    Invoke-As $other { & $Ask $name } | Out-Null
    Get-Words $server 20
}
$manager = New-Manager
Check 25 'CallText under the token of another user goes out as this user, for identification' {
    $said = Get-Seen { param($Name) $manager.CallText($Name, 'x') }
    $said
    $said.Contains("$me, Identification") -and $said.Contains('it could open no file')
}
Check 25 'so does Connect' {
    $said = Get-Seen { param($Name) $script:pipe = $manager.Connect($Name); $script:pipe.AsyncWriteText('x') }
    $said
    $said.Contains("$me, Identification")
}
Check 25 'and the thread has the other token still' {
    (@(Invoke-As $other { Get-Failure { $manager.CallText('no such pipe', 'x', 100) } | Out-Null
        [Security.Principal.WindowsIdentity]::GetCurrent().Name })[-1]) -like "*\$($other.Name)"
}

# ---- 26. A pipe that lets nobody in.
$name = Get-NewName
$echo = Start-Echo $name x64 $other
Check 26 'Connect to the server of another user ends with Error 5' {
    $pipe = $manager.Connect($name)
    $event = Wait-PipeEvent $manager Error
    "$($event.Number) $($event.Description)"
    $event.Number -eq 5 -and $pipe.DisconnectReason -eq 7 -and $pipe.LastError -eq 5
}
Check 26 'and no Disconnected follows' { $null -eq $manager.WaitEvent(500) }
# Of error 70 .NET makes an exception of its own.
Check 26 'CallText fails with error 70' { (Get-Failure { $manager.CallText($name, 'x') }).Number -eq '8013150A' }

# ---- 13. An old client of another user.
$holds = Start-Program (Get-Tool pipe_client) @($name, 'hold', '30000') $other
Wait-Word $echo 'Client 1 has come' | Out-Null
Stop-Program $echo
$echo.Process.WaitForExit()
$server = New-Server $name
$failure = Get-Failure { $server.Start() }
Note 13 "behind a client of another user's past server Start $(if ($failure.Text -eq '') { 'succeeds' } else {
    "fails: $($failure.Text)" })"
Check 13 'behind a client of another user''s past server Start succeeds, or says that an old client holds the name' {
    $failure.Text -eq '' -or $failure.Text.StartsWith('An old client still holds a pipe of this name') }
$server.Stop()
Stop-Program $holds

# ---- 43. Descriptors.
function Test-Descriptor([string]$Descriptor, [string]$Sentence) {
    $server = New-Server (Get-NewName)
    $server.SecurityDescriptor = $Descriptor
    $failure = Get-Failure { $server.Start() }
    $server.Stop()
    "$($failure.Number) $($failure.Text)"
    $failure.Number -eq '800A0005' -and $failure.Text -match $Sentence
}
Check 43 'OW and the users of this computer: both get in' {
    Use-Server @{ SecurityDescriptor = 'D:(A;;FA;;;OW)(A;;0x12019b;;;BU)' } { param($Server, $Name)
        (Get-Welcome $Server $Name) -like "*\$($other.Name)" -and (Test-Self $Server $Name) }
}
Check 43 'six clients at once make further instances' {
    Use-Server @{ SecurityDescriptor = 'D:(A;;FA;;;OW)(A;;0x12019b;;;BU)' } { param($Server, $Name)
        $clients = foreach ($turn in 1..6) { Connect-Client $Name }
        $count = 0
        foreach ($turn in 1..6) { if (Wait-PipeEvent $Server ClientConnected) { $count++ } }
        foreach ($client in $clients) { $client.Dispose() }
        $count -eq 6 }
}
Check 43 'O:BA starts elevated' { Use-Server @{ SecurityDescriptor = 'O:BAD:(A;;FA;;;BA)' } { $true } }
Check 43 'a list that leaves this user out is refused' { Test-Descriptor 'D:(A;;FA;;;SY)' 'own user' }
Check 43 'and one that denies the owner' { Test-Descriptor 'D:(D;;FA;;;OW)(A;;FA;;;WD)' 'own user' }
Check 43 'audits are refused' { Test-Descriptor 'S:(AU;SAFA;FA;;;WD)D:(A;;FA;;;OW)' 'audit' }
Check 43 'an unknown account is named' { Test-Descriptor 'D:(A;;FA;;;ZZ)' 'ZZ' }
Check 43 'an unknown right is named' { Test-Descriptor 'D:(A;;QQ;;;WD)' 'QQ' }
Check 43 'what is no descriptor is refused' { Test-Descriptor 'hello' 'hello' }
Check 43 'a server with the label of low integrity starts' {
    Use-Server @{ SecurityDescriptor = 'D:(A;;FA;;;OW)S:(ML;;NW;;;LW)' } { param($Server, $Name)
        Test-Self $Server $Name }
}
$low = "$(Get-Folder)\reports\pipe_client_low.exe"
[IO.File]::Copy((Get-Tool pipe_client), $low, $true)
$labelled = Invoke-Program icacls.exe @($low, '/setintegritylevel', 'low')
Check 43 'icacls labels a copy of pipe_client' { $labelled.Said; $labelled.Code -eq 0 }
Check 43 'a client of low integrity is denied where there is no label' {
    Use-Server @{} { param($Server, $Name)
        $ended = Invoke-Program $low @($Name, 'send', 'x')
        $ended.Said
        $ended.Code -eq 1 -and $ended.Said.Contains('(5)') }
}
Check 43 'and gets in where there is one' {
    Use-Server @{ SecurityDescriptor = 'D:(A;;FA;;;OW)S:(ML;;NW;;;LW)' } { param($Server, $Name)
        $ended = Invoke-Program $low @($Name, 'send', 'x')
        $ended.Said
        $ended.Code -eq 0 }
}
Check 43 'CurrentUserOnly of .NET, elevated, takes a server with O:BA' {
    Use-Server @{ SecurityDescriptor = 'O:BAD:(A;;FA;;;BA)(A;;FA;;;SY)' } { param($Server, $Name)
        $client = [IO.Pipes.NamedPipeClientStream]::new('.', $Name, 'InOut', 'CurrentUserOnly')
        try { $client.Connect(2000); $true } finally { $client.Dispose() } }
}

$manager.Stop()
Remove-User $other
exit (Complete-Checks)
