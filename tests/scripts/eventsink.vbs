' A VBScript class as EventSink gets the events, in order, and answers from its handlers.
Option Explicit
Dim server, sink, other

Class Sink
    Public Log
    Public First

    Public Sub ServerReady()
        Note "ready"
        RunClient "echo 3"
    End Sub

    Public Sub ClientConnected(Connection)
        Note "connected"
        Set First = Connection
        CheckEqual "ID", Connection.ID, CLng(1)
        CheckEqual "IsConnected", Connection.IsConnected, True
        CheckEqual "IsOpening", Connection.IsOpening, False
        Check "Server is the server", Connection.Server Is server
        Check "ClientProcessId is known", Connection.ClientProcessId > 0
        Check "ConnectedAt is now", Abs(Now - Connection.ConnectedAt) < 1 / 24
        CheckEqual "DisconnectReason", Connection.DisconnectReason, CLng(0)
        CheckEqual "LastError", Connection.LastError, CLng(0)
        Check "CustomData is empty", IsEmpty(Connection.CustomData)
        Connection.CustomData = "kept"
    End Sub

    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Check "the same connection", Connection Is First
        Check "no cookie", IsEmpty(Cookie)
        CheckEqual "CustomData", Connection.CustomData, "kept"
        Note server.BytesToText(Data)
        Connection.AsyncWrite Data, "cookie of " & server.BytesToText(Data)
    End Sub

    Public Sub ClientMessageSent(Connection, Cookie)
        Check "the same connection", Connection Is First
        Note Cookie
    End Sub

    Public Sub ClientDisconnected(Connection)
        Check "the same connection", Connection Is First
        CheckEqual "IsConnected", Connection.IsConnected, False
        CheckEqual "DisconnectReason", Connection.DisconnectReason, CLng(1)
        CheckEqual "PendingSendBytes", Connection.PendingSendBytes, CDbl(0)
        Note "disconnected"
        server.ManualMessageLoopLeave
    End Sub

    Private Sub Note(what)
        Log = Log & what & "; "
    End Sub
End Class

' Cares for one event alone, and fails. (VBScript tells its host what went wrong, and the caller only that it did.)
Class FailingSink
    Public Messages

    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Messages = Messages + 1
        If Messages = 2 Then server.ManualMessageLoopLeave
        Err.Raise 1234, "the sink", "the handler's own words"
    End Sub
End Class

Set server = NewServer()
Set sink = New Sink
Set server.EventSink = sink
server.Start
CheckEqual "events before Start returned", sink.Log, Empty
CheckEqual "ManualMessageLoopEnter", server.ManualMessageLoopEnter(20000), True
CheckEqual "events", sink.Log, "ready; connected; message 1; cookie of message 1; message 2; cookie of message 2; " & _
    "message 3; cookie of message 3; disconnected; "
CheckEqual "LastEventError", server.LastEventError, ""
Check "a kept connection stays readable", sink.First.ID = 1

' Replaced: the old one hears nothing more. A failure is told, and hurts nobody.
Set other = New FailingSink
Set server.EventSink = other
RunClient "send a send b hold 20000"
CheckEqual "ManualMessageLoopEnter", server.ManualMessageLoopEnter(20000), True
CheckEqual "messages to the failing sink", other.Messages, 2
CheckHolds "LastEventError", server.LastEventError, "ClientMessageReceived"
CheckEqual "clients", server.Connections.Count, CLng(1)

' Stop raises nothing to a sink that is gone.
Set server.EventSink = Nothing
server.Stop
Check "the old sink heard nothing more", Right(sink.Log, 14) = "disconnected; "
