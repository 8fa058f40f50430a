' Connections is a collection as Basic knows them.
Option Explicit
Dim server, i, e, clients, client, ids, first

Set server = NewServer()
server.Start
For i = 1 To 3
    RunClient "hold 20000"
    Set e = NextEvent(server, "ClientConnected")
Next

Set clients = server.Connections
CheckEqual "Count", clients.Count, CLng(3)
For Each client In clients
    ids = ids & client.ID & " "
Next
CheckEqual "For Each", ids, "1 2 3 "
ids = ""
For i = 1 To clients.Count
    ids = ids & clients(i).ID & clients.Item(i).ID & " "
Next
CheckEqual "by index", ids, "11 22 33 "
Set first = clients.ByID(1)
CheckEqual "ByID", first.ID, CLng(1)
Check "ByID of none", clients.ByID(77) Is Nothing

' What was taken before stays as it was; what is taken now is without those that are gone.
first.AsyncClose
Set e = NextEvent(server, "ClientDisconnected")
CheckEqual "DisconnectReason", e.Connection.DisconnectReason, CLng(2)
CheckEqual "Count then", clients.Count, CLng(3)
CheckEqual "Count now", server.Connections.Count, CLng(2)
Check "ByID of one that is gone", server.Connections.ByID(1) Is Nothing
server.Stop
CheckEqual "Count after Stop", server.Connections.Count, CLng(0)
For Each client In server.Connections
    Check "nobody is left", False
Next
