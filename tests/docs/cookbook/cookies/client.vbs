'<< cookies Orders=PIPE
Dim server, i

Class Echo
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Connection.AsyncWrite Data
    End Sub
End Class

Set server = NewServer()
Set server.EventSink = New Echo
server.Start
Ask "pen", 7
Ask "ink", 8
For i = 1 To 1000
    If InStr(printed, "ink") > 0 Then Exit For
    manager.ManualMessageLoopEnter 20
Next
CheckEqual "what was shown", printed, "answer to 7: pen" & vbLf & "answer to 8: ink" & vbLf
CheckEqual "LastEventError", manager.LastEventError, ""
manager.Stop
server.Stop
Set server.EventSink = Nothing
