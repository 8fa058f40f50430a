' A stand-in for mpv: lines of JSON, and one of an event before the answer.
Class Player
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Dim request, answer

        Set request = player_server.FromJson(player_server.BytesToText(Data))
        Set answer = CreateObject("Scripting.Dictionary")
        answer("request_id") = request("request_id")
        answer("error") = "success"
        answer("data") = 50
        Connection.AsyncWriteText "{""event"":""idle""}"
        Connection.AsyncWriteJson answer
    End Sub
End Class

Dim player_server
Set player_server = NewServer()
player_server.Framing = 1
Set player_server.EventSink = New Player
player_server.Start
'<< mpv mpv-pipe=PIPE
CheckEqual "what was shown", printed, "50" & vbLf
CheckEqual "LastEventError", player_server.LastEventError, ""
manager.Stop
player_server.Stop
Set player_server.EventSink = Nothing
