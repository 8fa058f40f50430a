' JSON: what a script has goes out, what JSON has comes in, by a server and by a manager of clients; whole messages by
' AsyncWriteJson, CallJson and NamedPipeEvent.Json.
Option Explicit
Dim server, manager, handlers, value, list, a, e, text

Class Handlers
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Dim request, order

        request = Array(server.FromJson(server.BytesToText(Data)))
        If IsObject(request(0)) Then
            Set order = request(0)
            order("seen") = True
            Connection.AsyncWriteJson order, "with a cookie"
        ElseIf IsArray(request(0)) Then
            Connection.AsyncWriteJson request(0)
        Else
            Connection.AsyncWriteText "no JSON"
        End If
    End Sub
End Class

' A class of this script: its default property is its value.
Class Priced
    Public Default Property Get Value
        Value = 12.5
    End Property
End Class

' One that is a dictionary.
Class Pairs
    Public Function Keys
        Keys = Array("one", "two")
    End Function
    Public Function Item(key)
        Item = key & "!"
    End Function
End Class

Convert CreateObject("NamedPipeServerLib.NamedPipeServer")
Convert CreateObject("NamedPipeServerLib.NamedPipeClientManager")

Sub Convert(converter)
    Dim inner

    ' Out: literals, variables, arrays, dictionaries.
    CheckEqual "Empty", converter.ToJson(Empty), "null"
    CheckEqual "Null", converter.ToJson(Null), "null"
    CheckEqual "Nothing", converter.ToJson(Nothing), "null"
    CheckEqual "a missing argument", converter.ToJson(, 0), "null"
    CheckEqual "True", converter.ToJson(True), "true"
    CheckEqual "a number", converter.ToJson(-5), "-5"
    CheckEqual "a fraction", converter.ToJson(0.1), "0.1"
    CheckEqual "money", converter.ToJson(CCur("1.5")), "1.5"
    CheckEqual "a date", converter.ToJson(DateSerial(2026, 11, 26) + TimeSerial(18, 4, 0)), """2026-11-26T18:04:00"""
    value = "a ""text"""
    CheckEqual "a variable", converter.ToJson(value), """a \""text\"""""
    CheckEqual "an array", converter.ToJson(Array(1, "a", Array())), "[1,""a"",[]]"
    CheckEqual "bytes", converter.ToJson(converter.TextToBytes("foob")), """Zm9vYg=="""
    ReDim list(1, 2)
    list(0, 0) = 1 : list(0, 1) = 2 : list(1, 2) = "x"
    CheckEqual "two dimensions", converter.ToJson(list), "[[1,2,null],[null,null,""x""]]"
    Set value = CreateObject("Scripting.Dictionary")
    CheckEqual "an empty dictionary", converter.ToJson(value), "{}"
    value("b") = 1
    value.Add "a", Array(True, Null)
    Set inner = CreateObject("Scripting.Dictionary")
    inner(5) = "five"
    value.Add "c", inner
    CheckEqual "a dictionary", converter.ToJson(value), "{""b"":1,""a"":[true,null],""c"":{""5"":""five""}}"
    CheckEqual "lines", converter.ToJson(Array(1), 2), "[" & vbCrLf & "  1" & vbCrLf & "]"
    CheckEqual "a default property", converter.ToJson(New Priced), "12.5"
    CheckEqual "Keys and Item", converter.ToJson(New Pairs), "{""one"":""one!"",""two"":""two!""}"

    ' In.
    CheckEqual "a Long", converter.FromJson("5"), CLng(5)
    CheckEqual "a Double", converter.FromJson("5.0"), CDbl(5)
    CheckEqual "a String", converter.FromJson("""a\u0041\n"""), "aA" & vbLf
    CheckEqual "a Boolean", converter.FromJson(" true "), True
    Check "null is Null", IsNull(converter.FromJson("null"))
    list = converter.FromJson("[1,[2,""x""],{}]")
    CheckEqual "UBound", UBound(list), CLng(2)
    CheckEqual "an element of an element", list(1)(1), "x"
    Check "an object", IsObject(list(2))
    Set value = converter.FromJson("{""a"":1,""A"":{""x"":[]},""a"":2}")
    CheckEqual "Count", value.Count, CLng(2)
    CheckEqual "the last of equal names", value("a"), CLng(2)
    CheckEqual "UBound of no elements", UBound(value("A")("x")), CLng(-1)
    CheckEqual "there and back", converter.ToJson(converter.FromJson("{""k"":[1.5,""t"",null,false,{}]}")), _
        "{""k"":[1.5,""t"",null,false,{}]}"
    a = Array(converter.FromJson("{""k"":null}"))
    Check "Null in an object", IsNull(a(0)("k"))

    ' What fails.
    On Error Resume Next
    text = converter.FromJson("[1," & vbCrLf & " }")
    CheckFailed "no JSON", 5, "line 2, column 2"
    text = converter.FromJson("")
    CheckFailed "no text", 5, "line 1, column 1"
    text = converter.ToJson(1, 11)
    CheckFailed "an Indent", 5, "Indent is 11"
    text = converter.ToJson(New Handlers)
    CheckFailed "an object without a value", 13, "Scripting.Dictionary"
    On Error GoTo 0
End Sub

' A server that answers from its handler.
Set server = NewServer()
Set manager = NewManager()
Set handlers = New Handlers
Set server.EventSink = handlers
server.Start
Set value = CreateObject("Scripting.Dictionary")
value("id") = 17
Set value = manager.CallJson(server.PipeName, value)
CheckEqual "the answer", manager.ToJson(value), "{""id"":17,""seen"":true}"
a = manager.CallJson(server.PipeName, Array("x", 0.5), 20000, ".")
CheckEqual "an array as the answer", manager.ToJson(a), "[""x"",0.5]"
On Error Resume Next
a = manager.CallJson(server.PipeName, "a text")
CheckFailed "an answer that is no JSON", 5, "line 1, column 1"
a = manager.CallJson(server.PipeName & "-missing", 1, 300)
CheckFailed "a pipe that is not there", 53, "no such pipe"
a = manager.CallJson("\in front", 1)
CheckFailed "a name", 5, "\in front"
a = manager.CallJson(server.PipeName, New Handlers)
CheckFailed "a value that cannot be JSON", 13, "Scripting.Dictionary"
On Error GoTo 0
CheckEqual "LastEventError", server.LastEventError, ""
server.Stop

' JSON in lines: it has none of its own.
server.Framing = 1
manager.Framing = 1
server.Start
a = manager.CallJson(server.PipeName, Array(1, "a" & vbLf))
CheckEqual "an answer in a line", manager.ToJson(a), "[1,""a\n""]"
server.Stop
server.Framing = 0

' Events without a handler.
Set server.EventSink = Nothing
server.Start
RunClient "send {\""a\"":[1,2]} send no"
Set e = NextEvent(server, "ClientMessageReceived")
CheckEqual "Json of an event", server.ToJson(e.Json), "{""a"":[1,2]}"
Set e = NextEvent(server, "ClientMessageReceived")
CheckEqual "Text of an event", e.Text, "no"
On Error Resume Next
a = e.Json
CheckFailed "Json of what is none", 5, "line 1, column 1"
server.Stop
