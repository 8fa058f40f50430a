' A stand-in for mpv: lines of JSON, and one of an event before the answer.
Class Player
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Dim request, answer, command

        Set request = player_server.FromJson(player_server.BytesToText(Data))
        Set answer = CreateObject("Scripting.Dictionary")
        answer("request_id") = request("request_id")
        answer("error") = "success"
        command = request("command")
        If command(1) = "metadata" Then
            answer.Add "data", player_server.FromJson("{""title"":""a film""}")
        Else
            answer("data") = 50
        End If
        Connection.AsyncWriteText "{""event"":""idle""}"
        Connection.AsyncWriteJson answer
    End Sub
End Class

Dim player_server, film
Set player_server = NewServer()
player_server.Framing = 1
Set player_server.EventSink = New Player
player_server.Start
'<< mpv mpv-pipe=PIPE
CheckEqual "what was shown", printed, "50" & vbLf
Do
Loop Until manager.WaitEvent(20000).Name = "Disconnected"
Set pipe = manager.Connect(WScript.Arguments(0), 20000)
data = Asked("{""command"":[""get_property"",""metadata""],""request_id"":2}", 2)
Set film = data(0)
CheckEqual "data that is an object", film("title"), "a film"
CheckEqual "LastEventError", player_server.LastEventError, ""
manager.Stop
player_server.Stop
Set player_server.EventSink = Nothing
