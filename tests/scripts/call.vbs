' Call and CallText raise events while they wait: a server of the same thread answers from its handler.
Option Explicit
Dim server, manager, handlers, elements, text, started, source

Class Handlers
    Public Received
    Public CallsUnderWay
    Public MostUnderWay

    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Received = Received + 1
        CallsUnderWay = CallsUnderWay + 1
        If CallsUnderWay > MostUnderWay Then MostUnderWay = CallsUnderWay
        Answer Connection, Data, server.BytesToText(Data)
        CallsUnderWay = CallsUnderWay - 1
    End Sub

    Private Sub Answer(Connection, Data, request)
        Select Case request
            Case "" Connection.AsyncWriteText "nothing came"
            Case "ask" Connection.AsyncWriteText manager.CallText(server.PipeName, "the inner") & " and the outer"
            Case "leave" Connection.AsyncClose
            Case "be silent"
            Case Else Connection.AsyncWrite Data
        End Select
    End Sub
End Class

Set server = NewServer()
Set manager = NewManager()
Set handlers = New Handlers
Set server.EventSink = handlers
server.Start

' Text comes back as it went, whatever its length and alphabet.
CheckEqual "CallText", manager.CallText(server.PipeName, "hello"), "hello"
text = server.BytesToText(Array(226, 130, 172, 195, 164, 240, 159, 152, 128))
CheckEqual "CallText beyond ASCII", manager.CallText(server.PipeName, text), text
CheckEqual "CallText in UTF-16", manager.CallText(server.PipeName, text, 20000, ".", 1200), text
text = NumberedText(300000)
Check "CallText of 300,000 bytes", manager.CallText(server.PipeName, text) = text

' Bytes, in each way that a script has of giving them.
elements = server.BytesToArray(manager.Call(server.PipeName, Array(0, 127, 128, 255)))
CheckEqual "UBound of the answer", UBound(elements), CLng(3)
CheckEqual "the answer", elements(0) & " " & elements(1) & " " & elements(2) & " " & elements(3), "0 127 128 255"
CheckEqual "what Call gives", VarType(manager.Call(server.PipeName, "AB")), 8192 + 17
CheckEqual "a string's bytes", server.BytesToText(manager.Call(server.PipeName, "AB"), 1200), "AB"
CheckEqual "an array of bytes", server.BytesToText(manager.Call(server.PipeName, server.TextToBytes("xyz"))), "xyz"
CheckEqual "a message of no bytes", server.BytesToText(manager.Call(server.PipeName, "")), "nothing came"
CheckEqual "a text of no characters", manager.CallText(server.PipeName, ""), "nothing came"

' A handler may call in its turn: the second message is handled while the first still is.
CheckEqual "handlers at once before", handlers.MostUnderWay, 1
CheckEqual "a Call inside a handler", manager.CallText(server.PipeName, "ask"), "the inner and the outer"
CheckEqual "handlers at once", handlers.MostUnderWay, 2
CheckEqual "messages", handlers.Received, 12

' What fails.
On Error Resume Next
started = Timer
text = manager.CallText(server.PipeName, "be silent", 300)
CheckFailed "a server that does not answer", &H80040204, "time is up"
Check "it took its time", Timer - started > 0.2 Or Timer < started
text = manager.CallText(server.PipeName, "leave")
source = Err.Source
CheckFailed "a server that closes instead", &H80040201, "without an answer"
CheckEqual "whose error it is", source, "NamedPipeServerLib.NamedPipeClientManager"
text = manager.CallText(server.PipeName & "-missing", "x", 300)
CheckFailed "a pipe that is not there", 53, "no such pipe"
text = manager.Call(server.PipeName & "-missing", "x", 300)
CheckFailed "a pipe that is not there, by bytes", 53, "no such pipe"
text = manager.CallText("", "x")
CheckFailed "no name", 5, "PipeName"
text = manager.CallText("\in front", "x")
CheckFailed "a backslash in front", 5, "\in front"
text = manager.CallText(String(300, "x"), "x")
CheckFailed "a long name", 5, "247"
text = manager.CallText("..\C:\victim.txt", "HELLO")
CheckFailed "a name that leaves the pipes", 5, "..\C:\victim.txt"
text = manager.CallText("\\PC7\pipe\x", "x", 300, "PC8")
CheckFailed "a name in full on another computer", 5, "PC8"
text = manager.CallText(server.PipeName, "x", 300, "a\b")
CheckFailed "a computer's name with a backslash", 5, "a\b"
text = manager.CallText(server.PipeName, "x", -2)
CheckFailed "a timeout of less than nothing", 5, "-2"
text = manager.CallText(server.PipeName, "x", 300, ".", 12345)
CheckFailed "a code page that does not exist", 5, "12345"
text = manager.Call(server.PipeName, Null)
CheckFailed "data that is Null", 13, "Data"
text = manager.Call(server.PipeName, Array(1, 256))
CheckFailed "an element above 255", 13, "256"
text = manager.CallText("\\.\pipe\" & server.PipeName, "in full")
CheckEqual "a name in full", text, "in full"
text = manager.CallText(server.PipeName, "still there")
CheckEqual "after all that: Err.Number", Err.Number, CLng(0)
CheckEqual "after all that", text, "still there"
CheckEqual "LastEventError", server.LastEventError, ""
server.Stop
text = manager.CallText(server.PipeName, "x", 300)
CheckFailed "a server that has stopped", 53, "no such pipe"
