# check.psm1: what the checks on Windows share. Windows PowerShell 5.1 and PowerShell 7 both read it.
#
# A check has the number of its section in docs/WINDOWS.md, a sentence that must hold, and a block whose last value is
# its verdict. All that is said also goes to C:\nps\reports. A script ends with `exit (Complete-Checks)`: with 0 where
# all held, with 1 where one did not, or where there was none.

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$script:folder = [IO.Path]::GetFullPath("$PSScriptRoot\..\..")    # C:\nps
$script:package = "$($script:folder)\package"
$script:held = 0
$script:failed = 0
$script:report = $null
$script:names = 0
$script:programs = [Collections.Generic.List[object]]::new()

function Get-Folder { $script:folder }
function Get-Package { $script:package }

# Where a bitness has its own system programs.
function Get-System([string]$Bitness) {
    $root = [Environment]::GetEnvironmentVariable('SystemRoot')
    if ($Bitness -eq 'x86') { return "$root\SysWOW64" }
    if ([IntPtr]::Size -eq 4) { return "$root\Sysnative" }
    "$root\System32"
}

function Get-Tool([string]$Name) { "$($script:folder)\build\x64\tests\$Name.exe" }

# ---- What is said ----

function Write-Line([string]$Line) {
    Write-Host $Line
    if ($null -ne $script:report) { [IO.File]::AppendAllText($script:report, "$Line`r`n") }
}

# Begins a script: its words go to a report of this name.
function Start-Checks([string]$Name) {
    [IO.Directory]::CreateDirectory("$($script:folder)\reports") | Out-Null
    $script:report = "$($script:folder)\reports\$Name.txt"
    [IO.File]::WriteAllText($script:report, '')
    Write-Line "$Name, $([Environment]::OSVersion.Version), $([IntPtr]::Size * 8) bits"
}

function Check([int]$Number, [string]$What, [scriptblock]$Block) {
    $why = ''
    $holds = $false
    try {
        $answers = @(& $Block)
        if ($answers.Count -gt 0) { $holds = $answers[-1] -is [bool] -and $answers[-1] }
        if (-not $holds) { $why = ": $($answers -join '; ')" }
    }
    catch { $why = ": $_ ($($_.InvocationInfo.PositionMessage -replace '\s+', ' '))" }
    if ($holds) { $script:held++ } else { $script:failed++ }
    Write-Line "$(if ($holds) { 'ok    ' } else { 'FAILED' }) $Number. $What$why"
}

# An answer of this Windows that is neither right nor wrong.
function Note([int]$Number, [string]$What) { Write-Line "note   $Number. $What" }

function Complete-Checks {
    foreach ($program in $script:programs) { Stop-Program $program }
    Write-Line "$($script:held) held, $($script:failed) failed"
    [int]($script:failed -ne 0 -or $script:held -eq 0)
}

# ---- Failures of COM ----

# What a block raised: Number, of the innermost exception, and Text. Both are empty where it raised nothing.
function Get-Failure([scriptblock]$Block) {
    try { & $Block | Out-Null }
    catch {
        $exception = $_.Exception
        while ($null -ne $exception.InnerException) { $exception = $exception.InnerException }
        return [pscustomobject]@{ Number = '{0:X8}' -f $exception.HResult; Text = $exception.Message }
    }
    [pscustomobject]@{ Number = ''; Text = '' }
}

function Test-Failure([scriptblock]$Block, [string]$Text) {
    $failure = Get-Failure $Block
    "it said: $($failure.Number) $($failure.Text)"
    $failure.Text.Contains($Text)
}

# ---- Other programs ----

function Join-Arguments([string[]]$Arguments) {
    $quoted = foreach ($argument in $Arguments) {
        if ($argument.Contains('"')) { throw "no quotes here: $argument" }
        # NSIS takes the rest of the line for a folder.
        $whole = $argument.StartsWith('_?=') -or $argument.StartsWith('/D=')
        if (-not $whole -and ($argument -eq '' -or $argument.Contains(' '))) { "`"$argument`"" } else { $argument }
    }
    $quoted -join ' '
}

# Starts a program whose words are kept. User: one of users.psm1, whose registry it has.
function Start-Program([string]$File, [string[]]$Arguments, $User = $null) {
    $start = [Diagnostics.ProcessStartInfo]::new($File, (Join-Arguments $Arguments))
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.RedirectStandardInput = $true
    $start.WorkingDirectory = $script:folder
    if ($null -ne $User) {
        $start.UserName = $User.Name
        $start.Domain = '.'
        $start.Password = $User.Password
        $start.LoadUserProfile = $true
    }
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $program = [pscustomobject]@{ Process = $process; Said = [Text.StringBuilder]::new()
        Next = $process.StandardOutput.ReadLineAsync(); Errors = $process.StandardError.ReadToEndAsync() }
    $script:programs.Add($program)
    $program
}

function Stop-Program($Program) {
    try { if (-not $Program.Process.HasExited) { $Program.Process.Kill() } } catch { }
}

# Takes what the program has said since; true where it has said all.
function Read-Words($Program) {
    while ($Program.Next.IsCompleted) {
        $line = $Program.Next.Result
        if ($null -eq $line) { return $true }
        $Program.Said.AppendLine($line) | Out-Null
        $Program.Next = $Program.Process.StandardOutput.ReadLineAsync()
    }
    $false
}

# Waits until the block gives something true. False after so many seconds.
function Wait-For([int]$Seconds, [scriptblock]$Block) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Block)) {
        if ($watch.Elapsed.TotalSeconds -gt $Seconds) { return $false }
        [Threading.Thread]::Sleep(20)
    }
    $true
}

# Waits until the program says a part of a line. False where it ends without, or is silent for half a minute.
function Wait-Word($Program, [string]$Part) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    do {
        $all = Read-Words $Program
        if ($Program.Said.ToString().Contains($Part)) { return $true }
        [Threading.Thread]::Sleep(20)
    } until ($all -or $watch.Elapsed.TotalSeconds -gt 30)
    $false
}

# What the program has said until its end; after so many seconds it is killed.
function Get-Words($Program, [int]$Seconds = 60) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (-not (Read-Words $Program)) {
        if ($watch.Elapsed.TotalSeconds -gt $Seconds) {
            Stop-Program $Program
            return "$($Program.Said)(killed after $Seconds s)"
        }
        [Threading.Thread]::Sleep(20)
    }
    $Program.Process.WaitForExit()
    "$($Program.Said)$($Program.Errors.Result)"
}

# Runs a program to its end: Code, and Said.
function Invoke-Program([string]$File, [string[]]$Arguments, $User = $null, [int]$Seconds = 60) {
    $program = Start-Program $File $Arguments $User
    $said = Get-Words $program $Seconds
    [pscustomobject]@{ Code = $program.Process.ExitCode; Said = $said }
}

# A script by the real cscript of a bitness.
function Start-Script([string]$Bitness, [string]$Script, [string[]]$Arguments, $User = $null) {
    $all = @('//nologo')
    if ($Script.EndsWith('.js')) { $all += '//E:JScript' }
    Start-Program "$(Get-System $Bitness)\cscript.exe" ($all + @($Script) + $Arguments) $User
}

function Invoke-Script([string]$Bitness, [string]$Script, [string[]]$Arguments, $User = $null) {
    $program = Start-Script $Bitness $Script $Arguments $User
    $said = Get-Words $program
    [pscustomobject]@{ Code = $program.Process.ExitCode; Said = $said }
}

# The echo server of samples_script, ready.
function Start-Echo([string]$PipeName, [string]$Bitness = 'x64', $User = $null) {
    $program = Start-Script $Bitness "$($script:folder)\samples_script\echo_eventsink.vbs" @($PipeName) $User
    if (-not (Wait-Word $program 'Ready: ')) { throw "the echo server did not start: $(Get-Words $program 1)" }
    $program
}

function Stop-Echo($Program, [string]$PipeName) {
    Invoke-Client $PipeName @('send', 'quit', 'drain') | Out-Null
    Get-Words $Program 20
}

function Invoke-Client([string]$PipeName, [string[]]$Actions) {
    Invoke-Program (Get-Tool pipe_client) (@($PipeName) + $Actions)
}

function Test-Client([string]$PipeName, [string[]]$Actions) {
    $ended = Invoke-Client $PipeName $Actions
    $ended.Said
    $ended.Code -eq 0
}

# ---- Pipes ----

function Get-NewName {
    $script:names++
    "check-$PID-$($script:names)"
}

function New-Server([string]$PipeName) {
    $server = New-Object -ComObject NamedPipeServerLib.NamedPipeServer
    $server.PipeName = $PipeName
    $server
}

function New-Manager { New-Object -ComObject NamedPipeServerLib.NamedPipeClientManager }

# A client by .NET's own class, which keeps its end until it is disposed of.
function Connect-Client([string]$PipeName, [int]$Milliseconds = 10000, [string]$Computer = '.') {
    $client = [IO.Pipes.NamedPipeClientStream]::new($Computer, $PipeName, 'InOut', 'Asynchronous')
    try { $client.Connect($Milliseconds) } catch { $client.Dispose(); throw }
    $client
}

# A server by .NET's own class, in message mode unless told otherwise.
function New-Stream([string]$PipeName, [string]$Mode = 'Message', [int]$Buffer = 0, [int]$Instances = 1) {
    [IO.Pipes.NamedPipeServerStream]::new($PipeName, 'InOut', $Instances, $Mode, 'Asynchronous', $Buffer, $Buffer)
}

# Waits for a task of .NET's. False after so many seconds.
function Wait-Task($Task, [int]$Seconds = 10) { $Task.Wait($Seconds * 1000) }

# Reads once from a stream: text, empty at its end.
function Read-Text($Stream, [int]$Seconds = 10) {
    $buffer = [byte[]]::new(65536)
    $read = $Stream.ReadAsync($buffer, 0, $buffer.Length)
    if (-not (Wait-Task $read $Seconds)) { throw 'nothing could be read' }
    [Text.Encoding]::UTF8.GetString($buffer, 0, $read.Result)
}

function Write-Text($Stream, [string]$Text) {
    $data = [Text.Encoding]::UTF8.GetBytes($Text)
    if (-not (Wait-Task ($Stream.WriteAsync($data, 0, $data.Length)))) { throw 'the text was not taken' }
}

# The next event of this name; others are passed over.
function Wait-PipeEvent($Source, [string]$Name, [int]$Milliseconds = 20000) {
    do {
        $event = $Source.WaitEvent($Milliseconds)
        if ($null -eq $event) { throw "no $Name came" }
    } until ($event.Name -eq $Name)
    $event
}

# A client's message, sent back by a server of this process, which has no handlers.
function Test-Echo($Server, $Client, [string]$Text = 'hello') {
    Write-Text $Client $Text
    $event = Wait-PipeEvent $Server ClientMessageReceived
    $event.Connection.AsyncWrite($event.Data)
    (Read-Text $Client) -eq $Text
}

# ---- Registration ----

# Registers the package's DLLs for the machine, or takes that back. Needs an elevated prompt.
function Register-Dlls([switch]$Undo) {
    foreach ($bitness in 'x64', 'x86') {
        $options = @('/s')
        if ($Undo) { $options += '/u' }
        $ended = Invoke-Program "$(Get-System $bitness)\regsvr32.exe" (
            $options + @("$($script:package)\$bitness\NamedPipeServer.dll"))
        if ($ended.Code -ne 0) { throw "regsvr32 of $bitness ended with $($ended.Code): is this prompt elevated?" }
    }
}

# The keys of ours that a hive's classes have, in both views: HKLM or HKCU. The contract says which they may be.
function Find-Registration([string]$Hive) {
    $ids = [regex]::Matches([IO.File]::ReadAllText("$($script:folder)\idl\NamedPipeServer.idl"), 'uuid\(([0-9a-f-]+)\)')
    $root = if ($Hive -eq 'HKLM') { 'LocalMachine' } else { 'CurrentUser' }
    foreach ($view in 'Registry64', 'Registry32') {
        $base = [Microsoft.Win32.RegistryKey]::OpenBaseKey($root, $view)
        $classes = $base.OpenSubKey('Software\Classes')
        if ($null -eq $classes) { continue }
        foreach ($name in $classes.GetSubKeyNames()) { if ($name -like '*NamedPipe*Lib*') { "$Hive $view $name" } }
        foreach ($id in $ids) {
            foreach ($kind in 'CLSID', 'Interface', 'TypeLib') {
                $path = "$kind\{$($id.Groups[1].Value)}"
                $key = $classes.OpenSubKey($path)
                if ($null -ne $key) { "$Hive $view $path"; $key.Close() }
            }
        }
        $classes.Close()
        $base.Close()
    }
}

Export-ModuleMember -Function *
