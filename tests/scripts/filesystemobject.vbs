' FileSystemObject, a client that knows nothing of pipes: one message for each Write, two for each WriteLine.
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

' The other way: what the server sends is read as lines.
Set pipe = files.OpenTextFile(path, 1)
Set client = NextEvent(server, "ClientConnected").Connection
client.AsyncWriteText "a line" & vbCrLf
Set e = NextEvent(server, "ClientMessageSent")
CheckEqual "ReadLine", pipe.ReadLine, "a line"
pipe.Close
server.Stop
