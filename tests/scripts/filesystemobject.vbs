' FileSystemObject, a client that knows nothing of pipes: one message for each Write, two for each WriteLine. (It reads,
' too, but Wine's waits for the first line when it opens, and here it would wait on the thread that has to send it.)
Option Explicit
Dim server, files, path, pipe, e, client

Set server = NewServer()
server.Start
Set files = CreateObject("Scripting.FileSystemObject")
path = "\\.\pipe\" & server.PipeName

Set pipe = files.OpenTextFile(path, 2)
Set client = NextEvent(server, "ClientConnected").Connection
pipe.Write "one"
pipe.Write "two"
pipe.WriteLine "three"
CheckEqual "Write", NextEvent(server, "ClientMessageReceived").Text, "one"
CheckEqual "Write", NextEvent(server, "ClientMessageReceived").Text, "two"
CheckEqual "WriteLine", NextEvent(server, "ClientMessageReceived").Text, "three"
CheckEqual "WriteLine", NextEvent(server, "ClientMessageReceived").Text, vbCrLf
pipe.Close
Set e = NextEvent(server, "ClientDisconnected")
Check "it was the same client", e.Connection Is client
CheckEqual "DisconnectReason", client.DisconnectReason, CLng(1)
server.Stop
