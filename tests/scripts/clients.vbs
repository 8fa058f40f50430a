' Clients that misbehave harm nobody but themselves.
Option Explicit
Dim server, e, client, i

Set server = NewServer()
server.Start

' It dies with its connection open: what it had written comes first.
RunClient "send ""last words"" vanish"
Set client = NextEvent(server, "ClientConnected").Connection
CheckEqual "what it had written", NextEvent(server, "ClientMessageReceived").Text, "last words"
Set e = NextEvent(server, "ClientDisconnected")
CheckEqual "LastError", client.LastError, CLng(0)

' It floods with empty messages: each is an event.
RunClient "empty 500 send end"
For i = 1 To 500
    Set e = NextEvent(server, "ClientMessageReceived")
    If e.Text <> "" Then Exit For
Next
CheckEqual "empty messages", i, 501
CheckEqual "the message behind them", NextEvent(server, "ClientMessageReceived").Text, "end"

' It writes a message that is longer than any buffer.
RunClient "big 1000000"
Set e = NextEvent(server, "ClientMessageReceived")
CheckEqual "the long message", Len(e.Text), CLng(1000000)
server.Stop

' It never reads: the queue fills, and then a write is refused.
server.SendQueueLimit = 100000
server.Start
RunClient "hold 3000"
Set client = NextEvent(server, "ClientConnected").Connection
On Error Resume Next
For i = 1 To 100
    client.AsyncWriteText String(10000, "x")
    If Err.Number <> 0 Then Exit For
Next
CheckFailed "the write that is too many", &H80040202, "SendQueueLimit"
On Error Goto 0
Check "some were accepted: " & i, i > 5
Check "PendingSendBytes is " & client.PendingSendBytes, _
    client.PendingSendBytes > 0 And client.PendingSendBytes <= 100000
CheckEqual "IsConnected", client.IsConnected, True
server.Stop

' We close it: writing to it is an error then.
server.SendQueueLimit = 0
server.Start
RunClient "hold 20000"
Set client = NextEvent(server, "ClientConnected").Connection
client.AsyncClose
On Error Resume Next
client.AsyncWriteText "x"
CheckFailed "a write after AsyncClose", &H80040201, "connect"
client.AsyncRead
CheckFailed "a read after AsyncClose", &H80040201, "connect"
On Error Goto 0
server.Stop
