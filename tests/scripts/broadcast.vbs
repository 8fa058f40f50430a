' A broadcast reaches each client once, and is told once for each.
Option Explicit
Dim server, i, e, sent

Set server = NewServer()
CheckEqual "a stopped server", server.AsyncBroadcastText("x"), CLng(0)
server.Start
CheckEqual "nobody is there", server.AsyncBroadcastText("x"), CLng(0)
For i = 1 To 3
    RunClient "receive receive send done hold 20000"
    Set e = NextEvent(server, "ClientConnected")
Next

CheckEqual "nothing to send", server.AsyncBroadcast(Array()), CLng(0)
CheckEqual "nothing to send", server.AsyncBroadcast(""), CLng(0)
CheckEqual "bytes", server.AsyncBroadcast(Array(72, 105), "cookie"), CLng(3)
CheckEqual "text", server.AsyncBroadcastText("Hi", 1200, "cookie"), CLng(3)
For i = 1 To 6
    Set e = NextEvent(server, "ClientMessageSent")
    CheckEqual "Cookie", e.Cookie, "cookie"
    sent = sent & e.Connection.ID
Next
For i = 1 To 3
    CheckEqual "told to client " & i, Len(Replace(sent, CStr(i), "")), CLng(4)
Next
server.Stop 1000
