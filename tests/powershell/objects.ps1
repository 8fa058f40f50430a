# CustomData and cookies that hold objects of PowerShell; the collection of connections.
param([string]$PipeName)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"

$server = New-Server $PipeName
$server.Start()
$clients = foreach ($i in 1..3) { Connect-Client $PipeName; Wait-Event $server ClientConnected | Out-Null }

# ---- Connections
$ids = foreach ($connection in $server.Connections) { $connection.ID }
Assert-Equal 'foreach' $ids @(1, 2, 3)
Assert-Equal 'a pipeline' @($server.Connections | ForEach-Object { $_.ClientProcessId -eq $PID }) @($true, $true, $true)
Assert-Equal 'Count' $server.Connections.Count 3
Assert-Equal 'Item' $server.Connections.Item(1).ID 1
Assert-Equal 'an index' $server.Connections(3).ID 3
Assert-Equal 'ByID' $server.Connections.ByID(2).ID 2
Assert-Equal 'ByID of none' $server.Connections.ByID(99) $null
# .NET makes an IndexOutOfRangeException of error 9.
Assert-Throws 'Item(4)' { $server.Connections.Item(4) } 0x80131508 'numbered from 1 to Count, which is 3'
Assert-Throws 'Item(0)' { $server.Connections.Item(0) } 0x80131508 'numbered from 1'

# ---- CustomData
$connection = $server.Connections.ByID(1)
$table = @{ Name = 'Anna'; Count = 0 }
Assert-Equal 'CustomData at first' $connection.CustomData $null
$connection.CustomData = $table
$server.Connections.ByID(1).CustomData.Count++
Assert-Equal 'a hashtable' $table.Count 1
Assert 'the hashtable is the same' ([object]::ReferenceEquals($connection.CustomData, $table))
$connection.CustomData = [pscustomobject]@{ Name = 'Berta'; Seen = 7 }
Assert-Equal 'a custom object' $connection.CustomData.Name 'Berta'
$connection.CustomData.Seen = 8
Assert-Equal 'a custom object, changed' $connection.CustomData.Seen 8
$connection.CustomData = { 6 * 7 }
Assert-Equal 'a script block' (& $connection.CustomData) 42
$connection.CustomData = @(1, 'two', $table)
Assert-Equal 'an array' $connection.CustomData[1] 'two'
Assert 'an object in an array' ([object]::ReferenceEquals($connection.CustomData[2], $table))
$connection.CustomData = $server
Assert-Equal 'our own object' $connection.CustomData.PipeName $PipeName
$connection.CustomData = 'text'
Assert-Equal 'a text' $connection.CustomData 'text'
$connection.CustomData = $null
Assert-Equal 'nothing' $connection.CustomData $null

# ---- Cookies
$connection.AsyncWrite([byte[]](1), $table)
Assert 'Cookie, a hashtable' ([object]::ReferenceEquals((Wait-Event $server ClientMessageSent).Cookie, $table))
$connection.AsyncRead([pscustomobject]@{ Name = 'Carla' })
$clients[0].Write([byte[]](1), 0, 1)
Assert-Equal 'Cookie, a custom object' (Wait-Event $server ClientMessageReceived).Cookie.Name 'Carla'
Assert-Equal 'recipients' $server.AsyncBroadcastText('all', 65001, 'for all') 3
Assert-Equal 'Cookie of a broadcast' @(foreach ($i in 1..3) { (Wait-Event $server ClientMessageSent).Cookie }) @(
    'for all', 'for all', 'for all')

$clients | ForEach-Object { $_.Dispose() }
foreach ($i in 1..3) {
    Assert-Equal 'IsConnected' (Wait-Event $server ClientDisconnected).Connection.IsConnected $false
}
Assert-Equal 'Count without clients' $server.Connections.Count 0
Assert-Equal 'foreach without clients' @(foreach ($one in $server.Connections) { $one }).Count 0
$server.Stop()

exit (Get-Result)
