' A VBScript class as EventSink of a client connection, and WaitEvent. The server is one of ours, in the same thread.
Option Explicit
Dim server, manager, sink, client, second, slow, e

Class Handlers
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        If server.BytesToText(Data) = "leave" Then
            Connection.AsyncClose
        Else
            Connection.AsyncWrite Data
        End If
    End Sub
End Class

Class Sink
    Public Log

    Public Sub Connected()
        Note "connected"
        CheckEqual "IsConnected", client.IsConnected, True
        CheckEqual "IsOpening", client.IsOpening, False
        CheckEqual "MessageMode", client.MessageMode, True
        Check "ServerProcessId is known", client.ServerProcessId > 0
        client.AsyncWriteText "hello", 65001, "a cookie"
    End Sub

    Public Sub MessageSent(Cookie)
        Note "sent " & Cookie
    End Sub

    Public Sub MessageReceived(Cookie, Data)
        Check "no cookie", IsEmpty(Cookie)
        Note server.BytesToText(Data)
        client.AsyncWriteText "leave", 65001, "another"
    End Sub

    Public Sub Error(Number, Description)
        Note "error " & Number & " " & Description
        manager.ManualMessageLoopLeave
    End Sub

    Public Sub Disconnected()
        Note "disconnected"
        CheckEqual "IsConnected", client.IsConnected, False
        CheckEqual "DisconnectReason", client.DisconnectReason, CLng(2)
        CheckEqual "LastError", client.LastError, CLng(0)
        manager.ManualMessageLoopLeave
    End Sub

    Private Sub Note(what)
        Log = Log & what & "; "
    End Sub
End Class

Set server = NewServer()
Set server.EventSink = New Handlers
server.Start
Set manager = NewManager()

' ---- By an EventSink.
Set client = manager.Connect(server.PipeName)
CheckEqual "PipeName", client.PipeName, server.PipeName
CheckEqual "ServerName", client.ServerName, "."
Set sink = New Sink
Set client.EventSink = sink
Check "EventSink reads what was put", client.EventSink Is sink
CheckEqual "events inside of Connect", sink.Log, Empty
CheckEqual "ManualMessageLoopEnter", manager.ManualMessageLoopEnter(20000), True
CheckEqual "events", sink.Log, "connected; sent a cookie; hello; sent another; disconnected; "
CheckEqual "LastEventError", manager.LastEventError, ""

' ---- What the system answers to Connect comes by Error, and by nothing else.
Set sink = New Sink
Set client = manager.Connect(server.PipeName & "-missing", 0)
Set client.EventSink = sink
CheckEqual "ManualMessageLoopEnter", manager.ManualMessageLoopEnter(20000), True
CheckHolds "the event", sink.Log, "error 2 There is no such pipe"
CheckEqual "IsOpening", client.IsOpening, False
CheckEqual "DisconnectReason", client.DisconnectReason, CLng(7)
CheckEqual "LastError", client.LastError, CLng(2)
CheckEqual "a loop after it", manager.ManualMessageLoopEnter(200), False
Check "nothing follows: " & sink.Log, InStr(sink.Log, "disconnected") = 0

' ---- A pipe that is not there is an error at once, where that is wanted.
CheckEqual "WaitForServer", manager.WaitForServer, True
manager.WaitForServer = False
Set client = manager.Connect(server.PipeName & "-missing", -1)
CheckEqual "the number of the error", manager.WaitEvent(20000).Number, CLng(2)
manager.WaitForServer = True

' ---- By WaitEvent, with two connections that CustomData tells apart.
Set client = manager.Connect(server.PipeName)
client.CustomData = "first"
Set e = manager.WaitEvent(20000)
CheckEqual "the event", e.Name, "Connected"
CheckEqual "Kind", e.Kind, CLng(8)
Check "Connection is the client", e.Connection Is client
Set second = manager.Connect(server.PipeName)
second.CustomData = "second"
CheckEqual "CustomData", NextEvent(manager, "Connected").Connection.CustomData, "second"
second.AsyncWriteText "to the second", 65001, 17
Set e = NextEvent(manager, "MessageSent")
CheckEqual "Kind", e.Kind, CLng(11)
Check "the cookie comes back", e.Cookie = 17
Set e = manager.WaitEvent(20000)
CheckEqual "the event", e.Name, "MessageReceived"
CheckEqual "Kind", e.Kind, CLng(10)
CheckEqual "Text", e.Text, "to the second"
CheckEqual "Data", server.BytesToText(e.Data), "to the second"
CheckEqual "CustomData", e.Connection.CustomData, "second"
CheckEqual "clients of the server", server.Connections.Count, CLng(2)
Check "a look", manager.WaitEvent(0) Is Nothing

' ---- A read for each AsyncRead, with its cookie.
manager.ContinuouslyReadFromPipe = False
Set slow = manager.Connect(server.PipeName)
Set e = NextEvent(manager, "Connected")
slow.AsyncWriteText "one"
slow.AsyncWriteText "two"
Set e = NextEvent(manager, "MessageSent")
Set e = NextEvent(manager, "MessageSent")
slow.AsyncRead "the first read"
Set e = manager.WaitEvent(20000)
CheckEqual "AsyncRead", e.Name & " " & e.Text & " " & e.Cookie, "MessageReceived one the first read"
Check "the other message waits", manager.WaitEvent(100) Is Nothing
slow.AsyncRead
Set e = manager.WaitEvent(20000)
CheckEqual "AsyncRead", e.Name & " " & e.Text, "MessageReceived two"
Check "no cookie", IsEmpty(e.Cookie)
manager.ContinuouslyReadFromPipe = True

' ---- AsyncClose, then Stop, which ends all; then Connect again.
slow.AsyncClose
Set e = NextEvent(manager, "Disconnected")
Check "it is the one that was closed", e.Connection Is slow
CheckEqual "DisconnectReason after AsyncClose", slow.DisconnectReason, CLng(1)
CheckEqual "IsConnected", client.IsConnected, True
manager.Stop
CheckEqual "IsConnected", client.IsConnected, False
Set e = NextEvent(manager, "Disconnected")
Check "the first connection", e.Connection Is client
CheckEqual "DisconnectReason after Stop", client.DisconnectReason, CLng(1)
Set e = NextEvent(manager, "Disconnected")
CheckEqual "the second connection", e.Connection.CustomData, "second"
Check "then nothing, at once", manager.WaitEvent() Is Nothing
Set client = manager.Connect(server.PipeName)
Set e = NextEvent(manager, "Connected")
Check "Connect after Stop", e.Connection Is client
client.AsyncWriteText "again"
CheckEqual "a message after Stop", NextEvent(manager, "MessageReceived").Text, "again"
CheckEqual "the server's LastEventError", server.LastEventError, ""

' ---- What fails in the call itself.
On Error Resume Next
Set second = manager.Connect("")
CheckFailed "no name", 5, "PipeName"
Set second = manager.Connect("\in front")
CheckFailed "a backslash in front", 5, "\in front"
Set second = manager.Connect("..\C:\victim.txt")
CheckFailed "a name that leaves the pipes", 5, "..\C:\victim.txt"
Set second = manager.Connect(String(300, "x"))
CheckFailed "a long name", 5, "247"
Set second = manager.Connect(server.PipeName, , "a\b")
CheckFailed "a computer's name with a backslash", 5, "a\b"
Set second = manager.Connect(server.PipeName, -2)
CheckFailed "a timeout of less than nothing", 5, "-2"
manager.MessageBufferSize = 63
Set second = manager.Connect(server.PipeName)
CheckFailed "a small buffer", 5, "MessageBufferSize"
Set client.EventSink = server
CheckFailed "a sink without methods for events", 5, "MessageReceived"
client.AsyncWrite Null
CheckFailed "data that is Null", 13, "Data"
client.AsyncClose
client.AsyncWriteText "x"
CheckFailed "a write after AsyncClose", &H80040201, "connect again"
client.AsyncRead
CheckFailed "a read after AsyncClose", &H80040201, "connect again"
