' Where ContinuouslyReadFromPipe is False, each AsyncRead reads one message, and its Cookie comes with it.
Option Explicit
Dim server, e, client

Set server = NewServer()
server.ContinuouslyReadFromPipe = False
server.Start
RunClient "send one send two send three hold 20000"
Set client = NextEvent(server, "ClientConnected").Connection
Check "nothing is read unasked", server.WaitEvent(300) Is Nothing

client.AsyncRead "first"
Set e = server.WaitEvent(20000)
CheckEqual "the message", e.Text, "one"
CheckEqual "its cookie", e.Cookie, "first"
Check "nothing more is read", server.WaitEvent(300) Is Nothing

client.AsyncRead
client.AsyncRead client
Set e = server.WaitEvent(20000)
CheckEqual "the message", e.Text, "two"
Check "no cookie", IsEmpty(e.Cookie)
Set e = server.WaitEvent(20000)
CheckEqual "the message", e.Text, "three"
Check "an object as cookie", e.Cookie Is client
server.Stop
