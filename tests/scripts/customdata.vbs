' CustomData and Cookies keep whatever a script puts into them, objects too.
Option Explicit
Dim server, e, client, bag, list

Class Person
    Public Name
End Class

Set server = NewServer()
server.Start
RunClient "ask one ask two ask three"
Set client = NextEvent(server, "ClientConnected").Connection
Check "empty at first", IsEmpty(client.CustomData)

client.CustomData = 12
CheckEqual "a number", client.CustomData, 12
client.CustomData = "text"
CheckEqual "a text", client.CustomData, "text"
list = Array(1, "two", Null)
client.CustomData = list
list = client.CustomData
CheckEqual "an array", list(1), "two"
Set bag = CreateObject("Scripting.Dictionary")
bag.Add "key", "value"
Set client.CustomData = bag
Check "an object", client.CustomData Is bag
CheckEqual "what the object holds", client.CustomData.Item("key"), "value"
CheckEqual "what the object holds, by its default member", client.CustomData("key"), "value"
On Error Resume Next
client.CustomData("key") = 3
CheckFailed "a put with an argument", 450, ""
On Error GoTo 0
CheckEqual "what the object holds after it", client.CustomData.Item("key"), "value"
Set bag = New Person
bag.Name = "Ada"
Set client.CustomData = bag
CheckEqual "an object of a script class", client.CustomData.Name, "Ada"

' It is the same with each event of this client.
Set e = NextEvent(server, "ClientMessageReceived")
CheckEqual "CustomData of the event's connection", e.Connection.CustomData.Name, "Ada"
client.AsyncWrite e.Data, bag
Set e = NextEvent(server, "ClientMessageSent")
Check "an object as cookie", e.Cookie Is bag
Set e = NextEvent(server, "ClientMessageReceived")
client.AsyncWrite e.Data, Array(1, 2)
Set e = NextEvent(server, "ClientMessageSent")
list = e.Cookie
Check "an array as cookie", list(1) = 2
Set e = NextEvent(server, "ClientMessageReceived")
client.AsyncWrite e.Data
Set e = NextEvent(server, "ClientMessageSent")
Check "no cookie", IsEmpty(e.Cookie)

' And after the client has gone.
Set e = NextEvent(server, "ClientDisconnected")
CheckEqual "CustomData after the end", e.Connection.CustomData.Name, "Ada"
client.CustomData = Empty
server.Stop
