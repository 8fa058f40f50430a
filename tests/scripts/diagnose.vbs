' Diagnose and the trace, as a script has them.
Option Explicit
Dim server, client, e, page, files, path, text

Set files = CreateObject("Scripting.FileSystemObject")
path = WScript.Arguments(0) & ".trace"
If files.FileExists(path) Then files.DeleteFile path

Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
Set client = CreateObject("NamedPipeServerLib.NamedPipeClientManager")
page = server.Diagnose
Check "the page begins with the version", InStr(page, "NamedPipeServer " & Left(server.Version, 5)) = 1
Check "it says what looks wrong", InStr(page, "The server is not started") > 0
Check "a manager has one, too", InStr(client.Diagnose(), "What looks wrong") > 0

server.PipeName = WScript.Arguments(0)
CheckEqual "TraceFile", server.TraceFile, ""
CheckEqual "TraceData", server.TraceData, False
server.TraceFile = path
server.TraceData = True
CheckEqual "TraceFile", server.TraceFile, path
CheckEqual "TraceData", server.TraceData, True

server.Start
client.SendText WScript.Arguments(0), "hello"
Do
    Set e = server.WaitEvent(10000)
    If e Is Nothing Then Exit Do
Loop Until e.Name = "ClientMessageReceived"
page = server.Diagnose
Check "it counts the message", InStr(page, "Received: 1 messages, 5 bytes") > 0
Check "it does not show the message", InStr(page, "hello") = 0
server.Stop

server.TraceFile = ""       ' Wine's FileSystemObject opens no file that others have open
text = files.OpenTextFile(path, 1).ReadAll
Check "the trace has the message", InStr(text, "received" & vbTab & "5" & vbTab & vbTab & """hello""") > 0
files.DeleteFile path

' A failure is in the page of every object of the process.
On Error Resume Next
client.SendText "NoSuchPipe", "x", 0
CheckFailed "SendText", 53, "no such pipe"
On Error Goto 0
Check "the failure is there", InStr(server.Diagnose, "NamedPipeClientManager.SendText") > 0
