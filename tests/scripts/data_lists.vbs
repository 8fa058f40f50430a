' Lists as Data: an object of a class with Count and items by an index, and a Dictionary, which is none.
Option Explicit
Dim server, manager, dictionary

Class Numbers
    Public Count

    Public Default Property Get Item(index)
        If index < 1 Or index > Count Then Err.Raise 9
        Item = 64 + index
    End Property
End Class

Dim list
Set list = New Numbers
list.Count = 3

Set server = NewServer()
Set manager = NewManager()
server.Start

manager.Send server.PipeName, list
CheckEqual "Send", NextEvent(server, "ClientMessageReceived").Text, "ABC"
CheckEqual "BytesToText", server.BytesToText(list), "ABC"

On Error Resume Next
list.Count = 300
manager.Send server.PipeName, list
CheckFailed "beyond 255", 13, "Data(191) is 256"
Set dictionary = CreateObject("Scripting.Dictionary")
dictionary(1) = 2
manager.Send server.PipeName, dictionary
CheckFailed "a dictionary", 13, "Data is no bytes"
manager.Send server.PipeName, manager
CheckFailed "an object without items", 13, "Data is no bytes"
server.Stop
