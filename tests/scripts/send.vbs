' Send, SendText and SendJson: one message that nobody answers. The server of the same thread finds it afterwards.
Option Explicit
Dim server, manager, e

Set server = NewServer()
Set manager = NewManager()
server.Start

manager.Send server.PipeName, Array(72, 105)
CheckEqual "bytes", Heard(), "Hi"
manager.SendText server.PipeName, "hello"
CheckEqual "text", Heard(), "hello"
manager.SendText server.PipeName, "hello", 5000, "", 1200
CheckEqual "text in UTF-16", server.BytesToText(HeardData(), 1200), "hello"
manager.SendJson server.PipeName, Array(1, "two", Null)
CheckEqual "a value", Heard(), "[1,""two"",null]"
manager.Send server.PipeName, Empty
CheckEqual "no bytes", Heard(), ""
manager.SendText server.PipeName, ""
CheckEqual "a text of no characters", Heard(), ""
manager.SendText server.PipeName, NumberedText(300000)
Check "300,000 bytes", Heard() = NumberedText(300000)

' A method of no result: its call in brackets gives nothing.
Check "what Send gives", IsEmpty(manager.Send(server.PipeName, "x"))
CheckEqual "a string's bytes", server.BytesToText(HeardData(), 1200), "x"

' What fails.
On Error Resume Next
manager.SendText server.PipeName & "-missing", "x"
CheckFailed "a pipe that is not there", 53, "no such pipe"
manager.Send server.PipeName, Null
CheckFailed "data that is Null", 13, "Data"
manager.SendText "", "x"
CheckFailed "no name", 5, "PipeName"
manager.SendText server.PipeName, "x", -2
CheckFailed "a timeout of less than nothing", 5, "-2"
manager.Framing = 1
manager.Send server.PipeName, "x"
CheckFailed "UTF-16 in lines", 5, "SendText"
manager.SendText server.PipeName, "a line"
CheckEqual "with Framing: Err.Number", Err.Number, CLng(0)
CheckEqual "with Framing", Heard(), "a line" & vbLf
server.Stop

Function Heard()
    Heard = NextEvent(server, "ClientMessageReceived").Text
End Function

Function HeardData()
    HeardData = NextEvent(server, "ClientMessageReceived").Data
End Function
