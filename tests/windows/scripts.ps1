# scripts.ps1: the tests of scripts and the samples by Windows' own cscript, in both bitnesses. Checks 5, 6, 7, 8, 9, 44
# and 45 of docs/WINDOWS.md. The package's DLLs must be registered (prepare.ps1).
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot\check.psm1"
Start-Checks scripts

$samples = "$(Get-Folder)\samples_script"
$tests = "$(Get-Folder)\tests\scripts"
$made = "$(Get-Folder)\reports\scripts"
[IO.Directory]::CreateDirectory($made) | Out-Null

# What stands in tests/scripts for what; all others are of check 8.
$numbers = @{ connectobject = 5; data_objects = 45; data_lists = 45; json = 44; json_objects = 44; json_messages = 44
    freethreading = 9; errors = 7; text = 6; properties = 6 }

# A test of tests/scripts: it ends with 42 where all held.
function Test-Script([string]$Bitness, [string]$File) {
    $whole = "$made\$([IO.Path]::GetFileName($File))"
    [IO.File]::WriteAllText($whole, [IO.File]::ReadAllText($File) +
        [IO.File]::ReadAllText("$tests\check$([IO.Path]::GetExtension($File))"))
    $ended = Invoke-Script $Bitness $whole @((Get-NewName), (Get-Tool pipe_client))
    "$($ended.Code) $($ended.Said)"
    $ended.Code -eq 42
}

foreach ($bitness in 'x64', 'x86') {
    foreach ($file in [IO.Directory]::GetFiles($tests)) {
        $name = [IO.Path]::GetFileNameWithoutExtension($file)
        if ($file -notmatch '\.(vbs|js)$' -or $name -eq 'check') { continue }
        $number = if ($numbers.ContainsKey($name)) { $numbers[$name] } else { 8 }
        Check $number "$([IO.Path]::GetFileName($file)), $bitness" { Test-Script $bitness $file }
    }
}

# A sample as it is, with a client that gets its messages back and then ends it.
function Test-Sample([string]$Bitness, [string]$File) {
    $name = Get-NewName
    $server = Start-Script $Bitness $File @($name)
    if (-not (Wait-Word $server 'Ready: ')) { return "it is not ready: $(Get-Words $server 1)" }
    $client = Invoke-Client $name @('echo', '2', 'send', 'quit', 'receive', 'drain')
    $said = Get-Words $server 20
    $said + $client.Said
    foreach ($part in 'Client 1 has come', 'Client 1 says: message 2', 'Client 1 says: quit', 'Stopped') {
        if (-not $said.Contains($part)) { return "it does not say: $part" }
    }
    $client.Code -eq 0 -and $server.Process.ExitCode -eq 0 -and -not $said.Contains('failed')
}

# The ConnectObject sample with CreateObject's own prefix instead.
$text = [IO.File]::ReadAllText("$samples\echo_connectobject.vbs")
$prefixed = [regex]::Replace($text, '(?m)^Set server = CreateObject\(.*\r?\nWScript\.ConnectObject .*\r?$',
    'Set server = WScript.CreateObject("NamedPipeServerLib.NamedPipeServer", "server_")')
if ($prefixed -eq $text) { throw 'echo_connectobject.vbs has no ConnectObject any more' }
[IO.File]::WriteAllText("$made\echo_prefix.vbs", $prefixed)
[IO.File]::WriteAllText("$made\bytes.js", @'
var server = new ActiveXObject("NamedPipeServerLib.NamedPipeServer");
var numbers = new VBArray(server.BytesToArray(server.TextToBytes("Hi"))).toArray();
WScript.Quit(numbers.length == 2 && numbers[0] == 72 && numbers[1] == 105 ? 42 : 1);
'@)
[IO.File]::WriteAllText("$made\bytes.vbs", @'
Dim server, e, data, numbers
Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
server.PipeName = WScript.Arguments(0)
server.Start
CreateObject("WScript.Shell").Run """" & WScript.Arguments(1) & """ " & WScript.Arguments(0) & " send AB", 0, False
Do
    Set e = server.WaitEvent(20000)
Loop Until e.Name = "ClientMessageReceived"
data = e.Data
numbers = server.BytesToArray(data)
WScript.Echo "BytesToArray " & numbers(0)
On Error Resume Next
WScript.Echo "UBound " & UBound(data)
WScript.Echo "LenB " & LenB(CStr(data))
WScript.Echo "AscB " & AscB(MidB(CStr(data), 1, 1))
'@)
# A server that echoes and whose handler fails.
[IO.File]::WriteAllText("$made\fails.vbs", @'
Option Explicit
Class Handler
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Err.Raise 1001, "orders", "no such order"
    End Sub
End Class
Class TooFew
    Public Sub ClientMessageReceived(Connection)
    End Sub
End Class
Dim server, way
Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
server.PipeName = WScript.Arguments(0)
If WScript.Arguments(2) = "raise" Then Set server.EventSink = New Handler Else Set server.EventSink = New TooFew
server.Start
CreateObject("WScript.Shell").Run """" & WScript.Arguments(1) & """ " & WScript.Arguments(0) & " send x", 0, False
Do While server.LastEventError = ""
    server.ManualMessageLoopEnter 50
Loop
WScript.Echo server.LastEventError
'@)

foreach ($bitness in 'x64', 'x86') {
    Check 5 "ConnectObject, $bitness" { Test-Sample $bitness "$samples\echo_connectobject.vbs" }
    Check 5 "CreateObject with a prefix, $bitness" { Test-Sample $bitness "$made\echo_prefix.vbs" }
    foreach ($sample in 'echo_eventsink.vbs', 'echo_waitevent.vbs', 'echo_waitevent.js') {
        Check 5 "$sample, $bitness" { Test-Sample $bitness "$samples\$sample" }
    }
    $said = (Invoke-Script $bitness "$made\bytes.vbs" @((Get-NewName), (Get-Tool pipe_client))).Said
    foreach ($line in 'BytesToArray 65', 'UBound 1', 'LenB 2', 'AscB 65') {
        Check 6 "bytes in VBScript: $line, $bitness" { $said; $said.Contains($line) }
    }
    Check 6 "bytes in JScript, $bitness" {
        $ended = Invoke-Script $bitness "$made\bytes.js" @()
        $ended.Said
        $ended.Code -eq 42 }
    foreach ($way in @('raise', 'no such order'), @('arguments', 'Connection, Cookie, Data')) {
        Check 7 "LastEventError tells of a handler that fails: $($way[0]), $bitness" {
            $said = (Invoke-Script $bitness "$made\fails.vbs" @((Get-NewName), (Get-Tool pipe_client), $way[0])).Said
            $said
            $said.TrimEnd().EndsWith($way[1]) }
    }

    # ---- 8. The clients.
    $name = Get-NewName
    $echo = Start-Echo $name $bitness
    Check 8 "call.vbs, $bitness" {
        $ended = Invoke-Script $bitness "$samples\call.vbs" @($name, 'hello')
        $ended.Said
        $ended.Code -eq 0 -and $ended.Said.Contains('Answer: hello') }
    Check 8 "client.vbs, $bitness" {
        $ended = Invoke-Script $bitness "$samples\client.vbs" @($name, 'one', 'two')
        $ended.Said
        $ended.Code -eq 0 -and $ended.Said.Contains('Received: one') -and $ended.Said.Contains('Received: two') }
    Stop-Echo $echo $name | Out-Null
    foreach ($client in 'call.vbs', 'client.vbs') {
        Check 8 "$client without a server, $bitness" {
            $ended = Invoke-Script $bitness "$samples\$client" @($name, 'hello')
            $ended.Said
            $ended.Code -eq 1 -and $ended.Said.Contains('There is no such pipe') }
    }
}

exit (Complete-Checks)
