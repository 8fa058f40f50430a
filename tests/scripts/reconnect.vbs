' A connection that comes back when its server does.
Option Explicit
Dim server, manager, connection

Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
server.PipeName = WScript.Arguments(0)
server.Start
Set manager = CreateObject("NamedPipeServerLib.NamedPipeClientManager")
CheckEqual "ReconnectMs", manager.ReconnectMs, CLng(0)
manager.ReconnectMs = 200
CheckEqual "ReconnectMs", manager.ReconnectMs, CLng(200)
Set connection = manager.Connect(WScript.Arguments(0))
connection.CustomData = "kept"
WaitFor "Connected"
CheckEqual "Reconnects", connection.Reconnects, CDbl(0)

server.Stop
WaitFor "Disconnected"
CheckEqual "IsOpening", connection.IsOpening, True
CheckEqual "IsConnected", connection.IsConnected, False
CheckEqual "DisconnectReason", connection.DisconnectReason, CLng(2)
On Error Resume Next
connection.AsyncWriteText "too early"
CheckFailed "AsyncWriteText between two sessions", &H80040201, "has ended"
On Error GoTo 0

server.Start
WaitFor "Connected"
CheckEqual "Reconnects", connection.Reconnects, CDbl(1)
CheckEqual "CustomData", connection.CustomData, "kept"
CheckEqual "DisconnectReason", connection.DisconnectReason, CLng(0)
connection.AsyncWriteText "hello again"
WaitFor "MessageSent"

connection.AsyncClose
WaitFor "Disconnected"
CheckEqual "IsOpening", connection.IsOpening, False
manager.ReconnectMs = 99
On Error Resume Next
manager.Connect WScript.Arguments(0)
CheckFailed "Connect with 99", 5, "ReconnectMs is 99"
On Error GoTo 0
manager.Stop
server.Stop

Sub WaitFor(name)
    Dim e

    Do
        Set e = manager.WaitEvent(20000)
        If e Is Nothing Then
            Check name & " does not come", False
            Exit Sub
        End If
    Loop Until e.Name = name
End Sub
