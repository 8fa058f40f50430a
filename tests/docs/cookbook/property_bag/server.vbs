' twinBASIC's own PropertyBag cannot be had here; this one has its members.
Class PropertyBag
    Private values
    Private Sub Class_Initialize
        Set values = CreateObject("Scripting.Dictionary")
    End Sub
    Public Sub WriteProperty(name, value)
        values(name) = value
    End Sub
    Public Function ReadProperty(name)
        ReadProperty = values(name)
    End Function
    Public Property Get Contents
        Contents = server.TextToBytes(server.ToJson(values))
    End Property
    Public Property Let Contents(bytes)
        Set values = server.FromJson(server.BytesToText(bytes))
    End Property
End Class

'<< property_bag Clock=PIPE
Dim manager, pipe, request, answer

Form_Load
Set manager = NewManager()
Set pipe = manager.Connect(server.PipeName)
Set request = New PropertyBag
request.WriteProperty "CommandID", "WHAT_TIME_IS_IT"
pipe.AsyncWrite request.Contents
Set answer = New PropertyBag
answer.Contents = NextEvent(manager, "MessageReceived").Data
CheckEqual "the answer", answer.ReadProperty("ResponseCommandID"), "WHAT_TIME_IS_IT"
CheckHolds "the time", answer.ReadProperty("ResponseData"), ":"
CheckEqual "LastEventError", server.LastEventError, ""
manager.Stop
server.Stop
