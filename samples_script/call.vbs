' call.vbs: sends one message to the server of a pipe and shows its answer.
'
'     cscript //nologo call.vbs PIPE TEXT
'
' Ends with 0, or with 1 and a sentence: there is no such pipe, the server does not answer, and so on.

Option Explicit

Dim manager, answer

If WScript.Arguments.Count <> 2 Then
    WScript.Echo "call.vbs needs two arguments: the name of a pipe, and a text"
    WScript.Quit 1
End If

Set manager = CreateObject("NamedPipeServerLib.NamedPipeClientManager")

On Error Resume Next
answer = manager.CallText(WScript.Arguments(0), WScript.Arguments(1), 5000)     ' five seconds for the whole
If Err.Number <> 0 Then
    WScript.Echo "Error: " & Err.Description
    WScript.Quit 1
End If

WScript.Echo "Answer: " & answer
