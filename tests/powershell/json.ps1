# JSON: what PowerShell has goes out, what JSON has comes in, by server and manager; messages by AsyncWriteJson,
# CallJson and NamedPipeEvent.Json.
param([string]$PipeName)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"

class Answers {
    [object]$Server
    [void] ClientMessageReceived($Connection, $Cookie, $Data) {
        $request = $this.Server.FromJson($this.Server.BytesToText($Data))
        if ($request -is [array]) { $Connection.AsyncWriteJson($request); return }
        $request.Add('seen', $true)
        $Connection.AsyncWriteJson($request, 'a cookie')
    }
}

function Test-Conversion($Converter) {
    # Out.
    $order = $Converter.FromJson('{}')
    $order.Add('id', 17)
    $order.Add('items', @('pen', $Converter.FromJson('{"n":2}')))
    $rows = [object[,]]::new(2, 2)
    $rows[0, 0] = 1
    $rows[1, 1] = 'z'
    $cases = @(
        @{ Value = $null; Json = 'null' }
        @{ Value = [DBNull]::Value; Json = 'null' }
        @{ Value = $true; Json = 'true' }
        @{ Value = -5; Json = '-5' }
        @{ Value = 1099511627776; Json = '1099511627776' }
        @{ Value = 0.1; Json = '0.1' }
        @{ Value = 12.50d; Json = '12.5' }
        @{ Value = 'a "text"'; Json = '"a \"text\""' }
        @{ Value = "Gr$([char]0xFC)n"; Json = "`"Gr$([char]0xFC)n`"" }
        @{ Value = [datetime]::new(2026, 11, 26, 18, 4, 0); Json = '"2026-11-26T18:04:00"' }
        @{ Value = [byte[]](0x66, 0x6f, 0x6f); Json = '"Zm9v"' }
        @{ Value = @(1, 'a', @()); Json = '[1,"a",[]]' }
        @{ Value = @(); Json = '[]' }
        @{ Value = @(1, $null); Json = '[1,null]' }
        @{ Value = 1..3; Json = '[1,2,3]' }
        @{ Value = $rows; Json = '[[1,null],[null,"z"]]' }
        @{ Value = $order; Json = '{"id":17,"items":["pen",{"n":2}]}' }
        @{ Value = @(, $order); Json = '[{"id":17,"items":["pen",{"n":2}]}]' }
    )
    foreach ($case in $cases) { Assert-Equal "ToJson of $($case.Json)" $Converter.ToJson($case.Value) $case.Json }
    Assert-Equal 'lines' $Converter.ToJson(@(1), 2) "[`r`n  1`r`n]"

    # In.
    Assert-Equal 'a number' $Converter.FromJson('5') 5
    Assert-Equal 'a fraction' $Converter.FromJson('5.0') 5.0
    Assert-Equal 'more than a Double holds' $Converter.FromJson('9007199254740993') 9007199254740993d
    Assert-Equal 'a text' $Converter.FromJson('"a\u0041\n"') "aA`n"
    Assert-Equal 'a Boolean' $Converter.FromJson(' true ') $true
    Assert-Equal 'null' ($Converter.FromJson('null') -is [DBNull]) $true
    $found = $Converter.FromJson('[1,[2,"x"],{}]')
    Assert-Equal 'elements' $found.Count 3
    Assert-Equal 'an element of an element' $found[1][1] 'x'
    Assert-Equal 'no elements' $Converter.FromJson('[]') ([object[]]@())
    $order = $Converter.FromJson('{"id":17,"items":["pen","ink"],"ID":null}')
    Assert-Equal 'members' $order.Count 3
    Assert-Equal 'a member' $order.Item('id') 17
    Assert-Equal 'an array in a member' $order.Item('items')[1] 'ink'
    Assert-Equal 'Null in a member' ($order.Item('ID') -is [DBNull]) $true
    Assert-Equal 'names' ($order.Keys() -join ' ') 'id items ID'
    Assert-Equal 'there and back' $Converter.ToJson($order) '{"id":17,"items":["pen","ink"],"ID":null}'

    # What fails.
    Assert-Throws 'no JSON' { $Converter.FromJson("[1,`n }") } 0x800A0005 'line 2, column 2'
    Assert-Throws 'infinity' { $Converter.ToJson([double]::PositiveInfinity) } 0x800A0005 'JSON'
    # .NET shows its collections to no COM.
    Assert-Throws 'a hashtable' { $Converter.ToJson(@{ id = 17 }) } 0x80020005 'Scripting.Dictionary'
    $list = [Collections.ArrayList]::new()
    Assert-Throws 'an ArrayList' { $Converter.ToJson($list) } 0x80020005 'Scripting.Dictionary'
    Assert-Throws 'a custom object' { $Converter.ToJson([pscustomobject]@{ A = 1 }) } 0x80020005 'Scripting.Dictionary'
    Assert-Throws 'an Indent' { $Converter.ToJson(1, 11) } 0x800A0005 'Indent is 11'
}

$server = New-Server $PipeName
$manager = New-Object -ComObject NamedPipeServerLib.NamedPipeClientManager
Test-Conversion $server
Test-Conversion $manager

# A server that answers; on an STA from inside the call, in the MTA from a process of its own.
if ([Threading.Thread]::CurrentThread.ApartmentState -eq 'STA') {
    $answers = [Answers]::new()
    $answers.Server = $server
    $server.EventSink = $answers
    $server.Start()
    $answer = $manager.CallJson($PipeName, $manager.FromJson('{"id":17}'), 20000)
    Assert-Equal 'the answer' $manager.ToJson($answer) '{"id":17,"seen":true}'
    $answer = $manager.CallJson($PipeName, @('x', 0.5), 20000, '.')
    Assert-Equal 'an array as the answer' ($answer -join ' ') 'x 0.5'
    Assert-Equal 'LastEventError' $server.LastEventError ''
    $server.Stop()
    $server.EventSink = $null
}
Assert-Throws 'a pipe that is not there' { $manager.CallJson("$PipeName-missing", 1, 300) } 0x80070002 'no such pipe'

# Events without a handler.
$server.Start()
$pipe = $manager.Connect($PipeName)
$pipe.AsyncWriteJson(@(1, 'two'), 'a cookie')
$pipe.AsyncWriteText('none')
Assert-Equal 'Json of an event' ((Wait-Event $server ClientMessageReceived).Json -join ' ') '1 two'
$none = Wait-Event $server ClientMessageReceived
Assert-Equal 'Text of an event' $none.Text 'none'
Assert-Equal 'Json of what is none' $none.Json $null    # PowerShell swallows the failure of a property
Assert-Throws 'what is none' { $server.FromJson($none.Text) } 0x800A0005 'line 1, column 1'
Assert-Equal 'Cookie' (Wait-Event $manager MessageSent).Cookie 'a cookie'
$none.Connection.AsyncWriteJson($server.FromJson('{"total":12.5}'))
Assert-Equal 'a member of an event''s Json' (Wait-Event $manager MessageReceived).Json.Item('total') 12.5
$manager.Stop()
$server.Stop()

exit (Get-Result)
