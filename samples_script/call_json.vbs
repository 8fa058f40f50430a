' call_json.vbs: sends an object as JSON to the server of a pipe and shows the members of its answer.
'
'     cscript //nologo call_json.vbs PIPE TEXT
'
' With an echo server the answer is what was sent. Ends with 0, or with 1 and a sentence: there is no such pipe, the
' answer is no JSON, and so on.

Option Explicit

Dim manager, request, answer, name

If WScript.Arguments.Count <> 2 Then
    WScript.Echo "call_json.vbs needs two arguments: the name of a pipe, and a text"
    WScript.Quit 1
End If

Set manager = CreateObject("NamedPipeServerLib.NamedPipeClientManager")
Set request = CreateObject("Scripting.Dictionary")
request("text") = WScript.Arguments(1)
request("length") = Len(WScript.Arguments(1))

On Error Resume Next
answer = Array(manager.CallJson(WScript.Arguments(0), request, 5000))       ' an array takes an object and a value
If Err.Number <> 0 Then
    WScript.Echo "Error: " & Err.Description
    WScript.Quit 1
End If
On Error GoTo 0

If Not IsObject(answer(0)) Then
    WScript.Echo "Answer: " & manager.ToJson(answer(0))
    WScript.Quit 0
End If
For Each name In answer(0).Keys
    WScript.Echo name & ": " & answer(0)(name)
Next
