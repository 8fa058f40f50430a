' A handler with fewer arguments or more than the event has: the failure is in LastEventError, and the server goes on.
Option Explicit
Dim server, few, many

Class TooFew
    Public Sub ClientMessageReceived(Connection)
        Check "a handler with too few arguments was called", False
    End Sub

    Public Sub ClientDisconnected(Connection)
        server.ManualMessageLoopLeave
    End Sub
End Class

Class TooMany
    Public Sub ClientMessageReceived(Connection, Cookie, Data, Unknown)
        Check "a handler with too many arguments was called", False
    End Sub

    Public Sub ClientDisconnected(Connection)
        server.ManualMessageLoopLeave
    End Sub
End Class

Sub Serve(sink, what)
    Set server.EventSink = sink
    RunClient "send one send two"
    Check "the client of " & what & " was served to its end", server.ManualMessageLoopEnter(20000)
    CheckHolds "LastEventError with " & what, server.LastEventError, "ClientMessageReceived"
End Sub

Set few = New TooFew
Set many = New TooMany
Set server = NewServer()
server.Start
Serve few, "too few arguments"
Serve many, "too many arguments"
server.Stop
Set server.EventSink = Nothing
