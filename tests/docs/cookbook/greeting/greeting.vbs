Class Host
    Public Sub ClientConnected(Connection)
        Connection.AsyncWriteText "welcome"
    End Sub
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Connection.AsyncWriteText "noon"
    End Sub
End Class

Dim host_server
Set host_server = NewServer()
Set host_server.EventSink = New Host
host_server.Start
'<< greeting Greeter=PIPE
CheckEqual "what was shown", printed, "welcome" & vbLf & "noon" & vbLf
CheckEqual "the answer of a Call is the greeting", manager.CallText(host_server.PipeName, "what time is it?"), "welcome"
manager.Stop
host_server.Stop
Set host_server.EventSink = Nothing
