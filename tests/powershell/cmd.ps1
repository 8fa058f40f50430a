# The command prompt's redirections: echo and type into the pipe, set /p and type out of it.
param([string]$PipeName)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"

function Start-Cmd([string]$Command) {
    $start = [Diagnostics.ProcessStartInfo]::new('cmd', "/v:on /c $Command")
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    [Diagnostics.Process]::Start($start)
}

$server = New-Server $PipeName
$server.Start()
$path = "\\.\pipe\$PipeName"

$process = Start-Cmd "echo hello>$path"
Assert-Equal 'echo' (Wait-Event $server ClientMessageReceived).Text.Trim() 'hello'
Wait-Event $server ClientDisconnected | Out-Null

$file = [IO.Path]::GetTempFileName()
[IO.File]::WriteAllText($file, "one`r`ntwo`r`n")
$process = Start-Cmd "type ""$file"">$path"
Assert-Equal 'type into the pipe' (Wait-Event $server ClientMessageReceived).Text "one`r`ntwo`r`n"
Wait-Event $server ClientDisconnected | Out-Null
[IO.File]::Delete($file)

$process = Start-Cmd "set /p x=<$path& echo it was !x!."
(Wait-Event $server ClientConnected).Connection.AsyncWriteText("a line`r`n")
Assert-Equal 'set /p' $process.StandardOutput.ReadToEnd().Trim() 'it was a line.'
Wait-Event $server ClientDisconnected | Out-Null

$process = Start-Cmd "type $path"
$connection = (Wait-Event $server ClientConnected).Connection
$connection.AsyncWriteText("first`r`n")
$connection.AsyncWriteText("second`r`n")
$connection.AsyncClose($true)
Assert-Equal 'type out of the pipe' $process.StandardOutput.ReadToEnd() "first`r`nsecond`r`n"
$server.Stop()

exit (Get-Result)
