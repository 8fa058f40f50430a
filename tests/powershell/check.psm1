# check.psm1: what the tests in PowerShell share. Each of them ends with `exit (Get-Result)`: with 42 where all held.

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$script:failed = 0

function Assert([string]$What, [bool]$Holds) {
    if ($Holds) { return }
    $script:failed++
    Write-Host "FAILED: $What"
}

function Show($Value) {
    if ($null -eq $Value) { return '$null' }
    if ($Value -is [array]) {
        $first = [Linq.Enumerable]::Take([object[]]$Value, 20) -join ' '
        return "$($Value.Length) elements, $first ($($Value.GetType().Name))"
    }
    "$Value ($($Value.GetType().Name))"
}

# Equal in type and value; arrays element by element.
function Assert-Equal([string]$What, $Actual, $Expected) {
    $same = $null -eq $Actual -and $null -eq $Expected
    if ($null -ne $Actual -and $null -ne $Expected) {
        $same = $Actual.GetType() -eq $Expected.GetType()
        if ($same -and $Expected -is [array]) {
            $same = [Linq.Enumerable]::SequenceEqual([object[]]$Actual, [object[]]$Expected)
        }
        elseif ($same) {
            $same = $Actual -ceq $Expected
        }
    }
    if (-not $same) { Assert "$What is $(Show $Actual), should be $(Show $Expected)" $false }
}

# The library's number of what was caught, which PowerShell may have wrapped.
function Get-Number($Caught) {
    $exception = $Caught.Exception
    while ($null -ne $exception.InnerException) { $exception = $exception.InnerException }
    '{0:X8}' -f $exception.HResult
}

# The block must throw: with this HResult, and a sentence that holds $Part.
function Assert-Throws([string]$What, [scriptblock]$Block, [int]$Number, [string]$Part) {
    try { & $Block | Out-Null }
    catch {
        Assert-Equal "$What`: HResult" (Get-Number $_) ('{0:X8}' -f $Number)
        Assert "$What says '$($_.Exception.Message)', should hold '$Part'" $_.Exception.Message.Contains($Part)
        return
    }
    Assert "$What did not fail" $false
}

function Get-Result { $script:failed -eq 0 ? 42 : 1 }

function New-Server([string]$PipeName) {
    $server = New-Object -ComObject NamedPipeServerLib.NamedPipeServer
    $server.PipeName = $PipeName
    $server
}

# A client by .NET's own class. Its server may be a process that is just starting, which takes long on a busy machine.
function Connect-Client([string]$PipeName) {
    $client = [IO.Pipes.NamedPipeClientStream]::new('.', $PipeName, 'InOut', 'Asynchronous')
    $client.Connect(60000)
    $client.ReadMode = 'Message'
    $client
}

function Send($Client, [byte[]]$Data) { $Client.Write($Data, 0, $Data.Length) }

# Raises events until the block gives something true; 20 seconds at most.
function Wait-Until($Server, [string]$What, [scriptblock]$Block) {
    $end = [Environment]::TickCount64 + 20000
    while (-not (& $Block)) {
        if ([Environment]::TickCount64 -gt $end) { throw "still waiting for $What" }
        $Server.ManualMessageLoopEnter(10) | Out-Null
    }
}

# The next message that the client gets, raising events meanwhile.
function Receive($Server, $Client) {
    $message = [IO.MemoryStream]::new()
    $buffer = [byte[]]::new(65536)
    do {
        $read = $Client.ReadAsync($buffer, 0, $buffer.Length)
        Wait-Until $Server 'an answer' { $read.IsCompleted }
        $message.Write($buffer, 0, $read.GetAwaiter().GetResult())
    } until ($Client.IsMessageComplete)
    , $message.ToArray()
}

# The next event of this name by WaitEvent; others are passed over.
function Wait-Event($Server, [string]$Name) {
    do {
        $event = $Server.WaitEvent(20000)
        if ($null -eq $event) { throw "no $Name came" }
    } until ($event.Name -eq $Name)
    $event
}

Export-ModuleMember -Function Assert, Assert-*, Get-Number, Get-Result, New-Server, Connect-Client, Send, Receive,
    Wait-Until, Wait-Event
