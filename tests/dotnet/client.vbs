' client.vbs PIPE MODE [free]: our client with a server that is not ours. Ends with 42 where all held, or with 1 and
' what did not. The modes are those of tests/dotnet/pipe_server. With `free` in a free-threaded run.
Option Explicit
Dim manager, pipe, sizes, arrival

arrival = 30000     ' milliseconds, for the server to start too
sizes = Array(1, 65535, 65536, 65537, 1048576)
Set manager = CreateObject("NamedPipeServerLib.NamedPipeClientManager")
If WScript.Arguments.Count > 2 Then manager.FreeThreadingEvents = True

Select Case WScript.Arguments(1)
    Case "message": TestMessages
    Case "bytes": TestBytes
    Case "in": TestIn
    Case "out": TestOut
    Case "close", "disconnect": TestClose
    Case "nothing": TestNothing
    Case "silent": TestSilent
    Case "lines": TestLines
    Case "hangup": TestHangup
    Case "jsonrpc": TestJsonRpc
    Case Else: Check "there is no mode " & WScript.Arguments(1), False
End Select

WScript.Echo "All of it held; what had to come came back as sent"
WScript.Quit 42

Sub Check(what, holds)
    If holds Then Exit Sub
    WScript.Echo "FAILED: " & what
    WScript.Quit 1
End Sub

Sub CheckEqual(what, actual, expected)
    Check what & " is " & actual & " (" & TypeName(actual) & "), should be " & expected, actual = expected
End Sub

' After On Error Resume Next and a call that must fail: with this number, and a sentence that holds `part`.
Sub CheckFailed(what, number, part)
    Dim actual, description

    actual = Err.Number
    description = Err.Description
    On Error Goto 0
    CheckEqual what & ": Err.Number", actual, number
    Check what & ": Err.Description is """ & description & """, should hold """ & part & """", _
        InStr(1, description, part, 1) > 0
End Sub

' x between a and z, which tell whether the ends came.
Function Message(size)
    Message = "a"
    If size > 1 Then Message = "a" & String(size - 2, "x") & "z"
End Function

' The next event, which must have this name; the events of what was written are passed over where none is asked for.
Function NextEvent(name)
    Do
        Set NextEvent = manager.WaitEvent(arrival)
        Check "no " & name & " came", Not NextEvent Is Nothing
    Loop While NextEvent.Name = "MessageSent" And name <> "MessageSent"
    Check NextEvent.Name & " came instead of " & name & ": " & NextEvent.Description, NextEvent.Name = name
End Function

Function Connected()
    Dim e

    Set Connected = manager.Connect(WScript.Arguments(0), arrival)
    Set e = NextEvent("Connected")
    Check "Connected is of another connection", e.Connection Is Connected
    CheckEqual "IsConnected", Connected.IsConnected, True
    CheckEqual "IsOpening", Connected.IsOpening, False
    CheckEqual "PipeName", Connected.PipeName, WScript.Arguments(0)
    Check "ServerProcessId is 0", Connected.ServerProcessId <> 0
    CheckEqual "DisconnectReason of an open connection", Connected.DisconnectReason, 0
End Function

Sub CheckDisconnected(pipe, reason)
    Dim e

    Set e = NextEvent("Disconnected")
    Check "Disconnected is of another connection", e.Connection Is pipe
    CheckEqual "DisconnectReason", pipe.DisconnectReason, reason
    CheckEqual "LastError", pipe.LastError, 0
    CheckEqual "IsConnected at the end", pipe.IsConnected, False
    On Error Resume Next
    pipe.AsyncWriteText "x"
    CheckFailed "AsyncWriteText at the end", &H80040201, "connect"
End Sub

' Five clients: one with every size, then two at once, then two calls.
Sub TestMessages()
    Dim size, e, other, i, text

    Set pipe = Connected()
    CheckEqual "MessageMode", pipe.MessageMode, True
    For Each size In sizes
        pipe.AsyncWriteText Message(size), 65001, size
        Set e = NextEvent("MessageReceived")
        Check "a message of " & size & " bytes came back as " & Len(e.Text) & " bytes, or other ones", _
            e.Text = Message(size)
    Next
    ' Many before the first answer: each comes back by itself, in order.
    For i = 1 To 200
        pipe.AsyncWriteText "message " & i
    Next
    For i = 1 To 200
        CheckEqual "one of many", NextEvent("MessageReceived").Text, "message " & i
    Next
    pipe.AsyncClose True
    CheckDisconnected pipe, 1

    Set pipe = Connected()
    Set other = Connected()
    other.AsyncWriteText "from the other"
    Set e = NextEvent("MessageReceived")
    Check "the answer is of another connection", e.Connection Is other
    CheckEqual "the answer", e.Text, "from the other"
    pipe.AsyncWriteText "from the first"
    Set e = NextEvent("MessageReceived")
    Check "the answer is of another connection", e.Connection Is pipe
    CheckEqual "the answer", e.Text, "from the first"
    pipe.AsyncClose
    CheckDisconnected pipe, 1
    other.AsyncClose
    CheckDisconnected other, 1

    text = "Gr" & Chr(252) & "n"
    CheckEqual "the answer of CallText", manager.CallText(WScript.Arguments(0), text, arrival), text
    CheckEqual "the length of a long answer", _
        Len(manager.CallText(WScript.Arguments(0), Message(1048576), arrival)), 1048576

    On Error Resume Next
    manager.CallText WScript.Arguments(0) & "-none", "x", 200
    CheckFailed "a call where no pipe is", 53, "pipe"
    On Error Goto 0
    Set pipe = manager.Connect(WScript.Arguments(0) & "-none", 200)
    CheckEqual "IsOpening", pipe.IsOpening, True
    Set e = NextEvent("Error")
    CheckEqual "Number of Error", e.Number, 2
    Check "Error has no sentence", InStr(1, e.Description, "pipe", 1) > 0
    CheckEqual "DisconnectReason", pipe.DisconnectReason, 7
    Check "something came behind Error", manager.WaitEvent(0) Is Nothing
End Sub

' The server sends chunks: they add up.
Sub TestBytes()
    Dim size, text, chunks

    Set pipe = Connected()
    CheckEqual "MessageMode", pipe.MessageMode, False
    For Each size In sizes
        pipe.AsyncWriteText Message(size)
        text = ""
        chunks = 0
        Do
            text = text & NextEvent("MessageReceived").Text
            chunks = chunks + 1
        Loop While Len(text) < size
        Check size & " bytes came back as " & Len(text) & " bytes, or other ones", text = Message(size)
    Next
    Check "a million bytes came as one chunk", chunks > 1
    pipe.AsyncClose
    CheckDisconnected pipe, 1
End Sub

' The server sends each line back, in a pipe in byte mode. Three clients: a connection, and two calls.
Sub TestLines()
    Dim size, e, i

    manager.Framing = 1
    Set pipe = Connected()
    CheckEqual "MessageMode", pipe.MessageMode, False
    For Each size In sizes
        pipe.AsyncWriteText Message(size), 65001, size
        Set e = NextEvent("MessageReceived")
        Check "a line of " & size & " bytes came back as " & Len(e.Text) & " bytes, or other ones", _
            e.Text = Message(size)
    Next
    For i = 1 To 200
        pipe.AsyncWriteText "line " & i & vbCrLf
    Next
    pipe.AsyncWriteText ""
    For i = 1 To 200
        CheckEqual "one of many", NextEvent("MessageReceived").Text, "line " & i
    Next
    CheckEqual "an empty line", NextEvent("MessageReceived").Text, ""
    Set e = manager.WaitEvent(0)    ' what the empty line's answer may have overtaken
    If Not e Is Nothing Then Check e.Name & " came", e.Name = "MessageSent"
    pipe.AsyncClose
    CheckDisconnected pipe, 1

    CheckEqual "the answer of CallText", manager.CallText(WScript.Arguments(0), "Gr" & Chr(252) & "n", arrival), _
        "Gr" & Chr(252) & "n"
    CheckEqual "the length of a long answer", _
        Len(manager.CallText(WScript.Arguments(0), Message(1048576), arrival)), 1048576
End Sub

' The server answers a line without an end, and leaves. Three clients: a connection, which waits for the server to
' start, and two calls: a line, and all until it has left.
Sub TestHangup()
    manager.Framing = 1
    Set pipe = Connected()
    pipe.AsyncWriteText "zero"
    CheckEqual "the last line of a connection", NextEvent("MessageReceived").Text, "answer to zero"
    CheckDisconnectedByServer
    CheckEqual "the last line", manager.CallText(WScript.Arguments(0), "one", arrival), "answer to one"
    manager.Framing = 5
    CheckEqual "all of it", manager.CallText(WScript.Arguments(0), "two" & vbLf, arrival), "answer to two"
End Sub

' The server answers requests with a Content-Length in front.
Sub TestJsonRpc()
    Dim size, answer, id

    manager.Framing = 3
    Set pipe = Connected()
    For Each size In sizes
        id = id + 1
        pipe.AsyncWriteText Replace("{'jsonrpc':'2.0','id':" & id & ",'method':'echo','params':['" & Message(size) & _
            "']}", "'", Chr(34))
        answer = NextEvent("MessageReceived").Text
        CheckEqual "the answer to a request of " & size & " bytes", answer, _
            Replace("{'jsonrpc':'2.0','id':" & id & ",'result':'" & Message(size) & "'}", "'", Chr(34))
    Next
    Set answer = manager.WaitEvent(0)
    If Not answer Is Nothing Then Check answer.Name & " came", answer.Name = "MessageSent"
    pipe.AsyncClose
    CheckDisconnected pipe, 1
End Sub

' The server only receives, and compares; it closes behind the last message. A call is refused beside that connection.
Sub TestIn()
    Dim size

    Set pipe = Connected()
    On Error Resume Next
    pipe.AsyncRead
    CheckFailed "AsyncRead where the server only receives", 70, "read"
    On Error Resume Next
    manager.CallText WScript.Arguments(0), "x", arrival
    CheckFailed "CallText where the server only receives", 70, "read"
    On Error Goto 0
    For Each size In sizes
        pipe.AsyncWriteText Message(size), 65001, size
        CheckEqual "Cookie of MessageSent", NextEvent("MessageSent").Cookie, size
    Next
    CheckDisconnectedByServer   ' which is noticed without a read
End Sub

' The server only sends, and closes. A call is refused beside that connection.
Sub TestOut()
    Dim size, e

    Set pipe = Connected()
    On Error Resume Next
    pipe.AsyncWriteText "x"
    CheckFailed "AsyncWriteText where the server only sends", 70, "writ"
    pipe.AsyncWrite Array(1)
    CheckFailed "AsyncWrite where the server only sends", 70, "writ"
    On Error Resume Next
    manager.CallText WScript.Arguments(0), "x", arrival
    CheckFailed "CallText where the server only sends", 70, "writ"
    On Error Goto 0
    CheckEqual "ServerProcessId", CStr(pipe.ServerProcessId), NextEvent("MessageReceived").Text
    For Each size In sizes
        Set e = NextEvent("MessageReceived")
        Check "a message of " & size & " bytes came as " & Len(e.Text) & " bytes, or other ones", e.Text = Message(size)
    Next
    CheckDisconnectedByServer
End Sub

' A message of no bytes is a message, and an answer. Two clients.
Sub TestNothing()
    Dim e

    Set pipe = Connected()
    pipe.AsyncWriteText "x"
    pipe.AsyncWriteText "y"
    Set e = NextEvent("MessageReceived")
    CheckEqual "the length of Text", Len(e.Text), 0
    CheckEqual "the type of Data", VarType(e.Data), 8192 + 17
    Set e = NextEvent("MessageReceived")
    CheckEqual "the length of the next Text", Len(e.Text), 0
    CheckEqual "the length of an answer", Len(manager.CallText(WScript.Arguments(0), "x", arrival)), 0
    Set e = manager.WaitEvent(0)    ' what the second message's answer may have overtaken
    If Not e Is Nothing Then Check e.Name & " came", e.Name = "MessageSent"
    pipe.AsyncClose
    CheckDisconnected pipe, 1
End Sub

' The server closes, or disconnects its client, without an answer. Two clients.
Sub TestClose()
    Set pipe = Connected()
    pipe.AsyncWriteText "x"
    CheckDisconnectedByServer
    On Error Resume Next
    manager.CallText WScript.Arguments(0), "x", arrival
    CheckFailed "a call that the server ends", &H80040201, "without an answer"
End Sub

Sub CheckDisconnectedByServer()
    CheckDisconnected pipe, 2
    Check "something came behind Disconnected", manager.WaitEvent(0) Is Nothing
End Sub

' The server does not answer. One client waits for it to start, the other calls.
Sub TestSilent()
    Set pipe = Connected()
    On Error Resume Next
    manager.CallText WScript.Arguments(0), "x", 300
    CheckFailed "a call without an answer", &H80040204, "time is up"
    On Error Goto 0
    CheckEqual "IsConnected of the other connection", pipe.IsConnected, True
    manager.Stop
    CheckDisconnected pipe, 1
End Sub
