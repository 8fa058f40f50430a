# others.ps1: servers that nobody here wrote, as our clients meet them. Checks 24, 46, 47, 48 and 49 of docs/WINDOWS.md;
# more of 24 and 46 are the tests dotnet.* and node.* of the suites. The package's DLLs must be registered
# (prepare.ps1).
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Start-Checks others

$samples = "$(Get-Folder)\samples_script"
$manager = New-Manager

# A server of .NET's with the client that came.
function Use-Stream($Stream, $Client, [scriptblock]$Block) {
    try {
        if (-not (Wait-Task $Stream.WaitForConnectionAsync() 20)) { throw 'no client came' }
        & $Block $Stream $Client
    }
    finally { $Stream.Dispose() }
}

# ---- 24. A server that goes, and a Call that is given up.
foreach ($mode in 'Byte', 'Message') {
    $name = Get-NewName
    $stream = New-Stream $name $mode
    $pipe = $manager.Connect($name)
    Check 24 "$mode`: MessageMode is the server's" {
        Use-Stream $stream $pipe { Wait-PipeEvent $manager Connected | Out-Null
            $pipe.MessageMode -eq ($mode -eq 'Message') } }
    Check 24 "$mode`: when the server goes Disconnected comes within two seconds" {
        $event = Wait-PipeEvent $manager Disconnected 2000
        $event.Name -eq 'Disconnected' -and $pipe.DisconnectReason -eq 2 }
}
$name = Get-NewName
$stream = New-Stream $name
$pipe = $manager.Connect($name)
Check 24 'a Call that nobody reads is given up in time, and its connection with it' {
    Use-Stream $stream $pipe { Wait-PipeEvent $manager Connected | Out-Null
        $failure = Get-Failure { $pipe.Call([byte[]]::new(5MB), 500) }
        "$($failure.Number) $($failure.Text)"
        Wait-PipeEvent $manager Disconnected 1000 | Out-Null
        $failure.Number -eq '80040204' -and $pipe.DisconnectReason -eq 8 } }

# ---- 46. Lines against a server in byte mode, which has no buffers and writes its mark first.
function Test-Line([string]$What, [string[]]$Parts, [string]$Answer) {
    $name = Get-NewName
    $stream = New-Stream $name Byte
    $asking = Start-Script x64 "$samples\call_lines.vbs" @($name, 'hello')
    Check 46 $What {
        Use-Stream $stream $asking {
            $mark = [byte[]](0xEF, 0xBB, 0xBF)
            $marking = $stream.WriteAsync($mark, 0, 3)    # waits for the client, as there is no buffer
            $question = Read-Text $stream
            foreach ($part in $Parts) { Write-Text $stream $part }
            $said = Get-Words $asking 20
            "$question, then $($said.Length) characters"
            (Wait-Task $marking) -and $question.TrimEnd() -eq 'hello' -and $said.Contains("Answer: $Answer") } }
}
Test-Line 'a line behind a mark is its answer' @("hello`r`n") 'hello'
Test-Line 'a line in two parts' @('hel', "lo`n") 'hello'
Test-Line 'a line of a million characters' @(('x' * 1000000) + "`n") ('x' * 1000000)

# ---- 47. A server that writes first.
$name = Get-NewName
$stream = New-Stream $name
$asking = Start-Script x64 "$samples\call.vbs" @($name, 'ask')
Check 47 'what a server writes first is the answer, and the question is read' {
    Use-Stream $stream $asking {
        Write-Text $stream 'hello'
        $question = Read-Text $stream
        $said = Get-Words $asking 20
        "$question; $said"
        $question -eq 'ask' -and $said.Contains('Answer: hello') } }
$name = Get-NewName
$stream = New-Stream $name
$asking = Start-Script x64 "$samples\call.vbs" @($name, 'ask')
Check 47 'a server that does not read ends the Call in time, and reads nothing afterwards' {
    Use-Stream $stream $asking {
        $said = Get-Words $asking 20
        $late = Read-Text $stream
        "$said; then '$late'"
        $asking.Process.ExitCode -eq 1 -and $said.Contains('Error: ') -and $late -eq '' } }

# ---- 48. What was sent is there.
$sends = "$(Get-Folder)\reports\sends.vbs"
[IO.File]::WriteAllText($sends, 'CreateObject("NamedPipeServerLib.NamedPipeClientManager").SendText ' +
    'WScript.Arguments(0), String(CLng(WScript.Arguments(1)), "x"), 30000' + "`r`n")
$name = Get-NewName
$stream = New-Stream $name Message 65536
$sending = Start-Script x64 $sends @($name, '5')
Check 48 'what fits into the pipe is sent by a script that has ended before it is read' {
    Use-Stream $stream $sending {
        $said = Get-Words $sending 20
        $read = Read-Text $stream
        $end = Read-Text $stream
        "$said; '$read', then '$end'"
        $sending.Process.ExitCode -eq 0 -and $read -eq 'xxxxx' -and $end -eq '' } }
$name = Get-NewName
$stream = New-Stream $name Message 65536
$sending = Start-Script x64 $sends @($name, '1000000')
Check 48 'what does not fit keeps the script until it is read' {
    Use-Stream $stream $sending {
        $early = $sending.Process.WaitForExit(2000)
        $length = 0
        do { $part = Read-Text $stream; $length += $part.Length } until ($part -eq '')
        $said = Get-Words $sending 20
        "ended early: $early; $length characters; $said"
        -not $early -and $length -eq 1000000 -and $sending.Process.ExitCode -eq 0 } }

# ---- 49. WaitForServer.
$manager.WaitForServer = $false
$pipe = $manager.Connect('no such pipe', 60000)
Check 49 'without WaitForServer a pipe that is not there is Error 2 at once' {
    $event = Wait-PipeEvent $manager Error 2000
    "$($event.Number) $($event.Description)"
    $event.Number -eq 2 }
$name = Get-NewName
$stream = New-Stream $name
$waiting = $stream.WaitForConnectionAsync()
$first = Connect-Client $name
$waiting.Wait()
$pipe = $manager.Connect($name, 60000)
Check 49 'a server whose one instance is taken is waited for' { $null -eq $manager.WaitEvent(1000) }
$first.Dispose()
$stream.Disconnect()
$waiting = $stream.WaitForConnectionAsync()
Check 49 'and is connected to once it waits again' {
    (Wait-PipeEvent $manager Connected).Name -eq 'Connected' -and (Wait-Task $waiting) }
$stream.Dispose()
$manager.Stop()

exit (Complete-Checks)
