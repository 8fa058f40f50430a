# tells_its_client.ps1 NAME: for users.ps1. A server of one client in message mode, which says, after it has read a
# message, as whom it may act for its client and whether it may open a file so, answers, and ends.
param([string]$PipeName)

$win_ini = "$env:SystemRoot\win.ini"
# Once before: what is not loaded yet could not be loaded in the client's place.
$seen = @{ Text = "$([Security.Principal.WindowsIdentity]::GetCurrent($true))"; Opened = $false }
$as_client = {
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent($true)
    if ($null -ne $identity) { $seen.Text = "$($identity.User.Value), $($identity.ImpersonationLevel)" }
    try { [IO.File]::ReadAllText($win_ini) | Out-Null; $seen.Opened = $true } catch { $seen.Opened = $false }
}
& $as_client

$stream = [IO.Pipes.NamedPipeServerStream]::new($PipeName, 'InOut', 1, 'Message', 'Asynchronous')
[Console]::WriteLine('ready')
$stream.WaitForConnection()
$buffer = [byte[]]::new(100)
$length = $stream.Read($buffer, 0, $buffer.Length)
$stream.RunAsClient($as_client)
[Console]::WriteLine($seen.Text)
[Console]::WriteLine($(if ($seen.Opened) { 'it could open a file' } else { 'it could open no file' }))
$stream.Write($buffer, 0, $length)
$stream.WaitForPipeDrain()
$stream.Dispose()
