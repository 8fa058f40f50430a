' NAMEDPIPESERVER_TRACE, which this test is run with, names a trace for each object that has no TraceFile of its own.
Option Explicit
Dim server, manager, files, text

Set files = CreateObject("Scripting.FileSystemObject")

Function Content(path)
    Content = files.OpenTextFile(path, 1).ReadAll
End Function

Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
CheckEqual "TraceFile", server.TraceFile, ""
Check "Diagnose names the file", InStr(server.Diagnose, "trace_environment.trace (by NAMEDPIPESERVER_TRACE)") > 0
server.PipeName = WScript.Arguments(0)
server.Start
server.Stop
Set server = Nothing

' A TraceFile of its own stands instead of it, and none any more brings it back.
Set manager = CreateObject("NamedPipeServerLib.NamedPipeClientManager")
manager.TraceFile = "own.trace"
CheckEqual "TraceFile", manager.TraceFile, "own.trace"
On Error Resume Next
manager.Call "first", "x", 0
manager.TraceFile = ""
manager.Call "second", "x", 0
On Error Goto 0
CheckEqual "TraceFile", manager.TraceFile, ""
Set manager = Nothing

' Wine's FileSystemObject opens no file that others have open.
text = Content("trace_environment.trace")
Check "the server's start is in it", _
    InStr(text, "start" & vbTab & vbTab & vbTab & "\\.\pipe\" & WScript.Arguments(0)) > 0
Check "the first call is not", InStr(text, "pipe\first") = 0
Check "the second call is", InStr(text, "pipe\second") > 0
text = Content("own.trace")
Check "the first call is in the manager's own", InStr(text, "pipe\first") > 0
Check "and the second is not", InStr(text, "pipe\second") = 0
files.DeleteFile "own.trace"
files.DeleteFile "trace_environment.trace"
