' call_lines.vbs: sends one line to a server that speaks in lines, and shows the line that it answers. Such servers are
' those of Node, Python, Go, or .NET's StreamWriter.
'
'     cscript //nologo call_lines.vbs PIPE TEXT
'
' Ends with 0, or with 1 and a sentence.

Option Explicit

Const NamedPipeFramingLines = 1

Dim manager, answer

If WScript.Arguments.Count <> 2 Then
    WScript.Echo "call_lines.vbs needs two arguments: the name of a pipe, and a text"
    WScript.Quit 1
End If

Set manager = CreateObject("NamedPipeServerLib.NamedPipeClientManager")
manager.Framing = NamedPipeFramingLines     ' the text goes out with a line end, and the answer comes without one

On Error Resume Next
answer = manager.CallText(WScript.Arguments(0), WScript.Arguments(1), 5000)     ' five seconds for the whole
If Err.Number <> 0 Then
    WScript.Echo "Error: " & Err.Description
    WScript.Quit 1
End If

WScript.Echo "Answer: " & answer
