' A script that ends while its server runs and events wait: the host ends too, at once and in silence.
Option Explicit
Dim server, sink

Class Sink
    Public Ending

    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Check "no event is raised once the script has ended", Not Ending
        server.ManualMessageLoopLeave
    End Sub
End Class

Set sink = New Sink
Set server = NewServer()
Set server.EventSink = sink
server.Start
RunClient "send first send second send third"
Check "a first message came", server.ManualMessageLoopEnter(20000)
sink.Ending = True
' Neither Stop nor EventSink = Nothing: what follows is the end.
