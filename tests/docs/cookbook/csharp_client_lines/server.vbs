' Answers one client, in capitals.
Dim server, e, answer

Set server = NewServer()
server.Framing = 1
server.Start
Set e = NextEvent(server, "ClientMessageReceived")
Set answer = CreateObject("Scripting.Dictionary")
answer("text") = UCase(e.Json.Item("text"))
e.Connection.AsyncWriteJson answer
Set e = NextEvent(server, "ClientDisconnected")
CheckEqual "the messages that came", server.MessagesReceived, CDbl(1)
server.Stop
