' NAMEDPIPESERVER_TRACE, which this test is run with, names a trace for each object that has no TraceFile of its own.
Option Explicit
Dim server, manager, files, answer

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
Check "the server's start is in it", InStr(Content("trace_environment.trace"), "start" & vbTab & vbTab & vbTab & _
    "\\.\pipe\" & WScript.Arguments(0)) > 0

' A TraceFile of its own stands instead of it, and none any more brings it back.
Set manager = CreateObject("NamedPipeServerLib.NamedPipeClientManager")
If files.FileExists("own.trace") Then files.DeleteFile "own.trace"
manager.TraceFile = "own.trace"
CheckEqual "TraceFile", manager.TraceFile, "own.trace"
On Error Resume Next
manager.Call "NoSuchPipe", "x", 0
On Error Goto 0
Check "the call is in the manager's own", InStr(Content("own.trace"), "NoSuchPipe") > 0
Check "and in no other", InStr(Content("trace_environment.trace"), "NoSuchPipe") = 0
manager.TraceFile = ""
On Error Resume Next
manager.Call "NoSuchPipe", "x", 0
On Error Goto 0
Check "the environment's counts again", InStr(Content("trace_environment.trace"), "NoSuchPipe") > 0
Set server = Nothing
Set manager = Nothing
files.DeleteFile "own.trace"
files.DeleteFile "trace_environment.trace"
