# A client in PowerShell 7, with script blocks as handlers of the events:  pwsh client.ps1 PIPENAME TEXT...
# It ends when as many messages have come as were sent, or when the server leaves; so does it with Ctrl+C.
# With 0, or with 1.
param([string]$PipeName = 'PowerShellEcho', [Parameter(ValueFromRemainingArguments)][string[]]$Texts = 'hello')

Import-Module "$PSScriptRoot/NamedPipeEvents.psm1"

$manager = New-Object -ComObject NamedPipeServerLib.NamedPipeClientManager
$pipe = $manager.Connect($PipeName)    # returns at once; Connected or Error follows
$state = @{ Waiting = $Texts.Count }

Register-PipeEvent $pipe Connected { Write-Host "Connected to process $($pipe.ServerProcessId)" }
Register-PipeEvent $pipe MessageReceived {
    param($Cookie, $Data)    # $Data is a byte[]

    Write-Host "Received: $([Text.Encoding]::UTF8.GetString($Data))"
    if (--$state.Waiting -eq 0) { $manager.ManualMessageLoopLeave() }
}
Register-PipeEvent $pipe Error {
    param($Number, $Description)

    Write-Host "Error: $Description"
    $manager.ManualMessageLoopLeave()
}
Register-PipeEvent $pipe Disconnected { Write-Host 'The server has left'; $manager.ManualMessageLoopLeave() }

foreach ($text in $Texts) { $pipe.AsyncWriteText($text) }
try {
    # Events are raised in here. It returns False every 200 ms, and Ctrl+C ends the loop between two calls.
    while (-not $manager.ManualMessageLoopEnter(200)) { }
}
finally {
    Unregister-PipeEvent $pipe
    $manager.Stop()
}
exit [int]($state.Waiting -ne 0)
