# NamedPipeEvents.psm1: the events of a NamedPipeServer, or of a client's connection, as script blocks,
# for PowerShell 7.
#
#   Import-Module ./NamedPipeEvents.psm1
#   Register-PipeEvent $server ClientMessageReceived {
#       param($Connection, $Cookie, $Data) $Connection.AsyncWrite($Data)
#   }
#   while (-not $server.ManualMessageLoopEnter(200)) { }     # Ctrl+C ends it between two waits
#   Unregister-PipeEvent $server
#
# With `$pipe = $manager.Connect('EchoPipe')` likewise, and the loop is the manager's:
#
#   Register-PipeEvent $pipe MessageReceived { param($Cookie, $Data) ... }
#
# A script block runs on the thread of its runspace alone: use these on the thread that created the server or the
# manager, in an STA (PowerShell's default), with FreeThreadingEvents False. An error that the block does not
# catch ends the block and is printed; LastEventError of the server or the manager knows nothing of it.

Set-StrictMode -Version Latest

# The delegate that takes so many arguments.
$delegates = @([Action], [Action[object]], [Action[object, object]], [Action[object, object, object]])

# What was registered: Server, Source, Id, Handler.
$registered = [Collections.Generic.List[object]]::new()

# Calls a method of a COM interface that .NET knows; PowerShell itself sees only automation objects.
# Gives back the arguments, where the method has put its answers.
function Invoke-Interface([type]$Interface, [string]$Method, $Object, [object[]]$Arguments) {
    $Interface.GetMethod($Method).Invoke($Object, $Arguments) | Out-Null
    , $Arguments
}

# The type library of an automation object, by IDispatch::GetTypeInfo, which stands at place 4 of its table.
function Get-TypeLibrary($Server) {
    $dispatch = [Runtime.InteropServices.Marshal]::GetIDispatchForObject($Server)
    try {
        $table = [Runtime.InteropServices.Marshal]::ReadIntPtr($dispatch)
        $address = [Runtime.InteropServices.Marshal]::ReadIntPtr($table, 4 * [IntPtr]::Size)
        $shape = [Linq.Expressions.Expression]::GetDelegateType(
            [IntPtr], [uint32], [uint32], [IntPtr].MakeByRefType(), [int])
        $arguments = @($dispatch, [uint32]0, [uint32]0, [IntPtr]::Zero)
        $function = [Runtime.InteropServices.Marshal]::GetDelegateForFunctionPointer($address, $shape)
        $result = $function.DynamicInvoke($arguments)
        [Runtime.InteropServices.Marshal]::ThrowExceptionForHR($result)
        $info = [Runtime.InteropServices.Marshal]::GetObjectForIUnknown($arguments[3])
        [Runtime.InteropServices.Marshal]::Release($arguments[3]) | Out-Null
    }
    finally {
        [Runtime.InteropServices.Marshal]::Release($dispatch) | Out-Null
    }
    (Invoke-Interface ([Runtime.InteropServices.ComTypes.ITypeInfo]) GetContainingTypeLib $info @($null, 0))[0]
}

# The id of the source interface of an object: that of its one connection point.
function Get-SourceId($Server) {
    $containerType = [Runtime.InteropServices.ComTypes.IConnectionPointContainer]
    $listType = [Runtime.InteropServices.ComTypes.IEnumConnectionPoints]
    $pointType = [Runtime.InteropServices.ComTypes.IConnectionPoint]
    $points = (Invoke-Interface $containerType EnumConnectionPoints $Server @($null))[0]
    $point = [Runtime.InteropServices.ComTypes.IConnectionPoint[]]::new(1)
    Invoke-Interface $listType Next $points @(1, $point, [IntPtr]::Zero) | Out-Null
    (Invoke-Interface $pointType GetConnectionInterface $point[0] @([guid]::Empty))[0]
}

# How many functions a type has.
function Get-FunctionCount($Info) {
    $typeInfo = [Runtime.InteropServices.ComTypes.ITypeInfo]
    $attributes = (Invoke-Interface $typeInfo GetTypeAttr $Info @([IntPtr]::Zero))[0]
    try {
        [Runtime.InteropServices.Marshal]::PtrToStructure(
            $attributes, [type][Runtime.InteropServices.ComTypes.TYPEATTR]).cFuncs
    }
    finally { Invoke-Interface $typeInfo ReleaseTypeAttr $Info @($attributes) | Out-Null }
}

# The id of the function at this place of a type.
function Get-FunctionId($Info, [int]$Index) {
    $typeInfo = [Runtime.InteropServices.ComTypes.ITypeInfo]
    $description = (Invoke-Interface $typeInfo GetFuncDesc $Info @($Index, [IntPtr]::Zero))[1]
    try {
        [Runtime.InteropServices.Marshal]::PtrToStructure(
            $description, [type][Runtime.InteropServices.ComTypes.FUNCDESC]).memid
    }
    finally { Invoke-Interface $typeInfo ReleaseFuncDesc $Info @($description) | Out-Null }
}

# The name and the id of each event, and how many arguments it has.
function Get-PipeEvents($Server, [guid]$Source) {
    $typeInfo = [Runtime.InteropServices.ComTypes.ITypeInfo]
    $libraryType = [Runtime.InteropServices.ComTypes.ITypeLib]
    $info = (Invoke-Interface $libraryType GetTypeInfoOfGuid (Get-TypeLibrary $Server) @($Source, $null))[1]
    $functions = Get-FunctionCount $info
    for ($index = 0; $index -lt $functions; $index++) {
        $id = Get-FunctionId $info $index
        $names = [string[]]::new(8)
        $count = (Invoke-Interface $typeInfo GetNames $info @($id, $names, 8, 0))[3]
        [pscustomobject]@{ Name = $names[0]; Id = $id; Count = $count - 1 }
    }
}

# The event of this name. ITypeInfo::GetIDsOfNames would find it too, but fails where there is none, and under Wine
# what .NET raises then ends the thread at the next exception inside of .NET.
function Find-PipeEvent($Server, [guid]$Source, [string]$Name) {
    $events = @(Get-PipeEvents $Server $Source)
    $found = $events | Where-Object Name -EQ $Name
    if (-not $found) {
        throw "There is no event $Name; the events here are $($events.Name -join ', '), as in docs/REFERENCE.md."
    }
    $found
}

<# .SYNOPSIS
Calls a script block for each event of this name, with the event's arguments. #>
function Register-PipeEvent {
    param(
        [Parameter(Mandatory)]$Server,
        [Parameter(Mandatory)][string]$Name,
        [Parameter(Mandatory)][scriptblock]$Handler
    )

    if ($Server -isnot [Runtime.InteropServices.ComTypes.IConnectionPointContainer]) {
        throw 'Give a server, or a connection that $manager.Connect has returned; nothing else has events.'
    }
    $source = Get-SourceId $Server
    $found = Find-PipeEvent $Server $source $Name
    # Without `catch` PowerShell would go on behind a call that failed; an exception that left the block would lose its
    # text in .NET, and its thread would hang under Wine.
    $reporting = { try { & $Handler @args } catch { Write-Host "$Name failed: $_" } }.GetNewClosure()
    $delegate = $reporting -as $delegates[$found.Count]
    [Runtime.InteropServices.ComEventsHelper]::Combine($Server, $source, $found.Id, $delegate)
    $registered.Add([pscustomobject]@{ Server = $Server; Source = $source; Id = $found.Id; Handler = $delegate })
}

<# .SYNOPSIS
Ends what Register-PipeEvent began for this server or connection. #>
function Unregister-PipeEvent {
    param([Parameter(Mandatory)]$Server)

    foreach ($one in @($registered | Where-Object { [object]::ReferenceEquals($_.Server, $Server) })) {
        [Runtime.InteropServices.ComEventsHelper]::Remove($one.Server, $one.Source, $one.Id, $one.Handler) | Out-Null
        $registered.Remove($one) | Out-Null
    }
}

Export-ModuleMember -Function Register-PipeEvent, Unregister-PipeEvent
