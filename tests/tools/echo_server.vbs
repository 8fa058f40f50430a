' echo_server.vbs PIPE [free] [framing=N]: sends every message back; ends with 42 when its last client has left, and
' with 1 where none comes within a minute. With `free` in a free-threaded run, with `framing` in that NamedPipeFraming.
Option Explicit

Dim server, came, ended, i

Class Echo
    Public Sub ClientConnected(Connection)
        came = True
    End Sub

    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Connection.AsyncWrite Data
    End Sub

    Public Sub ClientDisconnected(Connection)
        If server.Connections.Count = 0 Then server.ManualMessageLoopLeave
    End Sub

    Public Sub ClientError(Connection, Number, Description)
        WScript.Echo "client " & Connection.ID & ": " & Description
    End Sub
End Class

came = False
Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
server.PipeName = WScript.Arguments(0)
For i = 1 To WScript.Arguments.Count - 1
    If Left(WScript.Arguments(i), 8) = "framing=" Then
        server.Framing = CLng(Mid(WScript.Arguments(i), 9))
    Else
        server.FreeThreadingEvents = True
    End If
Next
Set server.EventSink = New Echo
server.Start
ended = server.ManualMessageLoopEnter(60000)
If came And Not ended Then ended = server.ManualMessageLoopEnter(140000)
server.Stop
If ended And server.LastEventError = "" Then
    WScript.Echo "The last client has left"
    WScript.Quit 42
End If
WScript.Echo "FAILED: ended is " & ended & ", " & server.Connections.Count & " connections, " & _
    "LastEventError is """ & server.LastEventError & """"
WScript.Quit 1
