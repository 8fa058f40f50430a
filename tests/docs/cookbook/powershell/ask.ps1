param([string]$PipeName)
$ErrorActionPreference = 'Stop'
$waiting = New-Object -ComObject NamedPipeServerLib.NamedPipeClientManager
$first = $waiting.Connect($PipeName, 60000)
if ($waiting.WaitEvent(60000).Name -ne 'Connected') { Write-Host 'no server came'; exit 1 }
$waiting.Stop()
#<< powershell_ask ScriptDaemon=PIPE
if ($text -ne 5) { Write-Host "the answer is $text"; exit 1 }
$manager.CallJson($PipeName, $manager.FromJson('{"command":"stop"}'), 20000) | Out-Null
$first = $null
#<< powershell_ask ScriptDaemon=PIPE-missing
if ($text -notlike 'No answer: There is no such pipe*(0x80070002)') { Write-Host "without a server: $text"; exit 1 }
exit 42
