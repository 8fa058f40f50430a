' Discord closes the pipe before its answer comes.
Class Leaver
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Connection.AsyncClose
    End Sub
End Class

Dim leaving_server
Set leaving_server = NewServer()
leaving_server.PipeName = leaving_server.PipeName & "-leaves"
leaving_server.Framing = 4
Set leaving_server.EventSink = New Leaver
leaving_server.Start
expectedError = "Discord has left"
'<< discord discord-ipc-0=PIPE-leaves Err.Raise=Fail
Check "the recipe raises an error", False
