# Errors are exceptions, with our sentence and our number.
param([string]$PipeName)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"

class NoHandler { [void] OnMessage($Data) { } }

$server = New-Server ''
Assert-Throws 'Start without a name' { $server.Start() } 0x800A0005 'set PipeName first'
$server.PipeName = '\\.\pipe\..\other'
Assert-Throws 'Start with a name that leaves the pipes' { $server.Start() } 0x800A0005 'cannot be a pipe''s name'
$server.PipeName = $PipeName
$server.NumThreadsIOCP = 100
Assert-Throws 'Start with 100 threads' { $server.Start() } 0x800A0005 'NumThreadsIOCP is 100'
$server.NumThreadsIOCP = 1
Assert-Throws 'WaitEvent(-2)' { $server.WaitEvent(-2) } 0x800A0005 'TimeoutMs is -2'
Assert-Throws 'a code page' { $server.TextToBytes('a', 77777) } 0x800A0005 'no code page 77777'
Assert-Throws 'an object without methods' {
    $server.EventSink = [NoHandler]::new()
} 0x800A0005 'public methods such as ClientMessageReceived'
Assert-Throws 'a property that is none' { $server.PipeNam = 'x' } 0x80131501 'PipeNam'
Assert-Throws 'a script block as EventSink' {
    $server.EventSink = { }
} 0x800A0005 'public methods such as ClientMessageReceived'
Assert-Equal 'IsRunning' $server.IsRunning $false

$server.Start()
Assert-Equal 'IsRunning' $server.IsRunning $true
$other = New-Server $PipeName
try { $other.Start(); Write-Host 'not checked: Wine lets two servers own one name'; $other.Stop() }
catch { Assert-Equal 'a name in use' (Get-Number $_) '80040203' }

$client = Connect-Client $PipeName
$connection = (Wait-Event $server ClientConnected).Connection
$connection.AsyncClose()
Assert-Throws 'a write after AsyncClose' { $connection.AsyncWriteText('x') } 0x80040201 'connect again'
Assert-Throws 'a read after AsyncClose' { $connection.AsyncRead() } 0x80040201 'connect again'
Assert-Equal 'the reason' ([int](Wait-Event $server ClientDisconnected).Connection.DisconnectReason) 2
Assert-Throws 'a method that is none' { $server.Begin() } 0x80131501 'Begin'
$client.Dispose()
$server.Stop()

# The number is in HResult of what is caught, without a look inside; 9, 53 and 70 are exceptions of .NET's own.
function Test-Caught([string]$What, [scriptblock]$Block, [string]$Type, [string]$Number) {
    try { & $Block | Out-Null; Assert "$What did not fail" $false }
    catch {
        Assert-Equal "$What`: type" $_.Exception.GetType().Name $Type
        Assert-Equal "$What`: HResult" ('{0:X8}' -f $_.Exception.HResult) $Number
    }
}
$manager = New-Object -ComObject NamedPipeServerLib.NamedPipeClientManager
Test-Caught '5 of a method' { $server.WaitEvent(-2) } COMException 800A0005
Test-Caught '5 of a property' { $server.EventSink = [NoHandler]::new() } COMException 800A0005
Test-Caught '9' { $server.Connections.Item(1) } IndexOutOfRangeException 80131508
Test-Caught '53' { $manager.CallText("$PipeName-missing", 'x', 0) } FileNotFoundException 80070002
$oneWay = [IO.Pipes.NamedPipeServerStream]::new("$PipeName-one-way", 'In', 1, 'Message', 'Asynchronous')
Test-Caught '70' { $manager.CallText("$PipeName-one-way", 'x', 1000) } SecurityException 8013150A
$oneWay.Dispose()
Test-Caught 'NotConnected' { $connection.AsyncWriteText('x') } COMException 80040201

exit (Get-Result)
