' Handlers may stop, start, replace and release the server that calls them.
Option Explicit
Dim server, sink, log

Class Restarter
    Public Runs

    Public Sub ServerReady()
        Runs = Runs + 1
        log = log & "ready " & Runs & "; "
        RunClient "send hello hold 20000"
    End Sub

    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        log = log & "stopping; "
        server.Stop
        server.Stop
        log = log & "stopped; "
        If Runs < 3 Then server.Start
    End Sub

    Public Sub ClientDisconnected(Connection)
        log = log & "gone " & Connection.DisconnectReason & "; "
    End Sub
End Class

Class Releaser
    Public Sub ClientConnected(Connection)
        log = log & "connected; "
        Connection.AsyncClose
        Set server.EventSink = Nothing
        server.ManualMessageLoopLeave
        Set server = Nothing
    End Sub

    Public Sub ClientDisconnected(Connection)
        log = log & "must not be called; "
    End Sub
End Class

Class Looper
    Public Sub ClientConnected(Connection)
        log = log & "outer; "
        RunClient "send x"
        CheckEqual "the nested loop", server.ManualMessageLoopEnter(20000), True
        log = log & "back; "
        server.ManualMessageLoopLeave
    End Sub

    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        log = log & "inner; "
        server.ManualMessageLoopLeave
    End Sub
End Class

Set server = NewServer()
Set sink = New Restarter
Set server.EventSink = sink
server.Start
Do While server.IsRunning               ' Stop ends the loop
    CheckEqual "ManualMessageLoopEnter", server.ManualMessageLoopEnter(20000), True
Loop
CheckEqual "events", log, "ready 1; stopping; gone 3; stopped; ready 2; stopping; gone 3; stopped; " & _
    "ready 3; stopping; gone 3; stopped; "
CheckEqual "IsRunning", server.IsRunning, False
CheckEqual "LastEventError", server.LastEventError, ""

' Left before it was entered; not left at all.
server.ManualMessageLoopLeave
CheckEqual "left before", server.ManualMessageLoopEnter(), True
CheckEqual "not left", server.ManualMessageLoopEnter(50), False

log = ""
Set server.EventSink = New Releaser
server.Start
RunClient "hold 20000"
server.ManualMessageLoopEnter 20000
CheckEqual "events", log, "connected; "
Check "the server is gone", server Is Nothing
