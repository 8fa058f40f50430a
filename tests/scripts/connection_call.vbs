' Call, CallText and CallJson of a connection: a server of the same thread answers from its handler, again and again.
Option Explicit
Dim server, manager, pipe, sink, elements, a, text

Class Handlers
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Select Case server.BytesToText(Data)
            Case "" Connection.AsyncWriteText "nothing came"
            Case "be silent"
            Case "leave" Connection.AsyncClose
            Case "ask" CallInside Connection
            Case Else Connection.AsyncWrite Data
        End Select
    End Sub

    Private Sub CallInside(Connection)
        Dim answer

        On Error Resume Next
        answer = pipe.CallText("never sent")
        answer = "inside: " & Err.Number
        Err.Clear                       ' it would be seen outside
        Connection.AsyncWriteText answer
    End Sub
End Class

Class Sink
    Public Log

    Public Sub Connected()
        Log = Log & "connected; "
    End Sub

    Public Sub MessageReceived(Cookie, Data)
        Log = Log & "message; "
    End Sub

    Public Sub MessageSent(Cookie)
        Log = Log & "sent; "
    End Sub

    Public Sub Disconnected()
        Log = Log & "disconnected " & pipe.DisconnectReason & "; "
    End Sub
End Class

Set server = NewServer()
Set server.EventSink = New Handlers
server.Start
Set manager = NewManager()

' Each answer is that of its own question, in each of the three ways.
Set pipe = manager.Connect(server.PipeName)
Set sink = New Sink
Set pipe.EventSink = sink
CheckEqual "CallText during Connect", pipe.CallText("hello"), "hello"
CheckEqual "CallText", pipe.CallText("again", 20000), "again"
CheckEqual "CallText in UTF-16", pipe.CallText("wide", 20000, 1200), "wide"
CheckEqual "a text of no characters", pipe.CallText(""), "nothing came"
elements = server.BytesToArray(pipe.Call(Array(0, 127, 255)))
CheckEqual "Call", elements(0) & " " & elements(1) & " " & elements(2), "0 127 255"
a = pipe.CallJson(Array(1, "two"))
CheckEqual "CallJson", a(0) & a(1), "1two"
CheckEqual "MessagesReceived", pipe.MessagesReceived, CDbl(6)

' What fails.
On Error Resume Next
text = pipe.CallText("x", -2)
CheckFailed "a timeout of less than nothing", 5, "-2"
text = pipe.Call(Null)
CheckFailed "data that is Null", 13, "Data"
text = pipe.CallText("x", 300, 12345)
CheckFailed "a code page that does not exist", 5, "12345"
pipe.AsyncRead
CheckFailed "AsyncRead", 5, "connection of its own"
text = pipe.CallText("be silent", 300)
CheckFailed "a server that does not answer", &H80040204, "the connection was ended"
text = pipe.CallText("x")
CheckFailed "a connection that has ended", &H80040201, "connect again"
manager.ManualMessageLoopEnter 200
CheckEqual "DisconnectReason", pipe.DisconnectReason, CLng(8)
CheckEqual "the events", sink.Log, "connected; disconnected 8; "
Set pipe.EventSink = Nothing

Set pipe = manager.Connect(server.PipeName)
text = pipe.CallText("leave")
CheckFailed "a server that closes instead", &H80040201, "has ended"
Set pipe = manager.Connect(server.PipeName)
text = pipe.CallText("ask", 20000)
CheckEqual "after all that: Err.Number", Err.Number, CLng(0)
CheckEqual "after all that", text, "inside: 5"
Set pipe = manager.Connect(server.PipeName & "-missing", 100)
text = pipe.CallText("x")
CheckFailed "a pipe that is not there", 53, "no such pipe"
manager.Stop
server.Stop
