' In free-threaded mode VBScript's handlers still run on the script's own thread, while it pumps.
Option Explicit
Dim server, sink

Class Sink
    Public Log

    Public Sub ServerReady()
        Log = Log & "ready; "
        RunClient "echo 20"
    End Sub

    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Connection.AsyncWrite Data, "x"
    End Sub

    Public Sub ClientMessageSent(Connection, Cookie)
        Log = Log & Cookie
    End Sub

    Public Sub ClientDisconnected(Connection)
        Log = Log & "; disconnected"
        server.ManualMessageLoopLeave
    End Sub
End Class

Set server = NewServer()
server.FreeThreadingEvents = True
server.NumThreadsIOCP = 4
Set sink = New Sink
Set server.EventSink = sink
server.Start
CheckEqual "ManualMessageLoopEnter", server.ManualMessageLoopEnter(20000), True
CheckEqual "events", sink.Log, "ready; " & String(20, "x") & "; disconnected"
CheckEqual "LastEventError", server.LastEventError, ""
server.Stop
