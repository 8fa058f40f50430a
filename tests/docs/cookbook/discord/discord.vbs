' A stand-in for Discord: opcode and length before each JSON. It answers in pieces, the header cut through.
Class Chat
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Dim bytes, text

        bytes = chat_server.BytesToArray(Data)
        opcodes = opcodes & bytes(0) & " "
        text = Mid(chat_server.BytesToText(Data, 28591), 9)
        CheckEqual "the length in the header", CLng(bytes(4) + 256 * bytes(5)), Len(text)
        If bytes(0) = 0 Then
            Answer Connection, "{""cmd"":""DISPATCH"",""evt"":""READY"",""data"":""" & String(300, "x") & """}"
        Else
            Answer Connection, "{""cmd"":""" & chat_server.FromJson(text)("cmd") & """}"
        End If
    End Sub

    Private Sub Answer(Connection, text)
        Dim size

        size = Len(text)
        Connection.AsyncWrite Array(1, 0, 0, 0, size And 255)
        Connection.AsyncWrite Array(size \ 256, 0, 0)
        Connection.AsyncWriteText Left(text, 10)
        Connection.AsyncWriteText Mid(text, 11)
    End Sub
End Class

Dim chat_server, opcodes
Set chat_server = NewServer()
chat_server.Framing = 4
Set chat_server.EventSink = New Chat
chat_server.Start
'<< discord discord-ipc-0=PIPE
CheckEqual "the opcodes that came", opcodes, "0 1 "
CheckEqual "the last that was shown", Right(printed, Len("{""cmd"":""SET_ACTIVITY""}" & vbLf)), _
    "{""cmd"":""SET_ACTIVITY""}" & vbLf
CheckHolds "the first that was shown", Left(printed, 40), "READY"
CheckEqual "LastEventError", chat_server.LastEventError, ""
manager.Stop
chat_server.Stop
Set chat_server.EventSink = Nothing
