' The server closes the pipe before its greeting comes.
Class Leaver
    Public Sub ClientConnected(Connection)
        Connection.AsyncClose
    End Sub
End Class

Dim leaving_server
Set leaving_server = NewServer()
leaving_server.PipeName = leaving_server.PipeName & "-leaves"
Set leaving_server.EventSink = New Leaver
leaving_server.Start
expectedError = "the server has left"
'<< greeting Greeter=PIPE-leaves Err.Raise=Fail
Check "the recipe raises an error", False
