' WaitEvent hands out one event after the other where nothing else takes them.
Option Explicit
Dim server, e, started, client

Set server = NewServer()
Check "a stopped server has no events", server.WaitEvent() Is Nothing
server.Start

Set e = server.WaitEvent()
CheckEqual "the first event", e.Name, "ServerReady"
CheckEqual "Kind", e.Kind, CLng(1)
Check "ServerReady has no connection", e.Connection Is Nothing
Check "no cookie", IsEmpty(e.Cookie)
CheckEqual "Text", e.Text, ""
CheckEqual "Number", e.Number, CLng(0)
CheckEqual "Description", e.Description, ""
CheckEqual "UBound of Data", UBound(server.BytesToArray(e.Data)), CLng(-1)

Check "a look", server.WaitEvent(0) Is Nothing
started = Timer
Check "a wait", server.WaitEvent(300) Is Nothing
Check "a wait takes its time", Timer - started > 0.2 Or Timer < started

RunClient "ask hello hold 20000"
Set e = NextEvent(server, "ClientConnected")
Set client = e.Connection
Set e = server.WaitEvent(20000)
CheckEqual "the event", e.Name, "ClientMessageReceived"
CheckEqual "Kind", e.Kind, CLng(4)
Check "the same connection", e.Connection Is client
CheckEqual "Text", e.Text, "hello"
CheckEqual "Data", server.BytesToText(e.Data), "hello"
client.AsyncWrite e.Data, 17
Set e = server.WaitEvent(20000)
CheckEqual "the event", e.Name, "ClientMessageSent"
CheckEqual "Kind", e.Kind, CLng(5)
Check "the cookie comes back", e.Cookie = 17

' What is queued at Stop is given out afterwards, in order; then nothing, at once.
RunClient "send last hold 20000"
Set e = NextEvent(server, "ClientMessageReceived")
server.Stop
Set e = server.WaitEvent()
CheckEqual "after Stop", e.Name, "ClientDisconnected"
CheckEqual "DisconnectReason", e.Connection.DisconnectReason, CLng(3)
Set e = server.WaitEvent()
CheckEqual "after Stop", e.Name, "ClientDisconnected"
Check "then nothing", server.WaitEvent() Is Nothing
