' echo_eventsink.vbs: a server that answers each message with the same message. Its events are methods of a class.
'
'     cscript //nologo echo_eventsink.vbs [PIPE]          PIPE is EchoPipe where none is given
'
' Speak to it from another command prompt:
'
'     echo hello > \\.\pipe\EchoPipe
'     echo quit > \\.\pipe\EchoPipe                       ends it
'
' A class is what VBScript offers everywhere: no ConnectObject is needed, one class can serve many servers, and it runs
' in each host of VBScript. Write only the methods for the events that you want.

Option Explicit

Class EchoHandler

    Public Sub ServerReady()
        WScript.Echo "Ready: \\.\pipe\" & server.PipeName
    End Sub

    Public Sub ClientConnected(Connection)
        WScript.Echo "Client " & Connection.ID & " has come"
    End Sub

    ' Data is an array of bytes, which VBScript can pass on, but not look into: BytesToText reads it as text,
    ' BytesToArray gives an array that VBScript can index.
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Dim line

        line = WithoutLineEnd(server.BytesToText(Data))
        If line <> "" Then WScript.Echo "Client " & Connection.ID & " says: " & line
        If line = "quit" Then
            server.AsyncBroadcastText "Good-bye from the server." & vbCrLf
            server.ManualMessageLoopLeave
        Else
            Connection.AsyncWrite Data
        End If
    End Sub

    Public Sub ClientDisconnected(Connection)
        WScript.Echo "Client " & Connection.ID & " is gone"
    End Sub

    Public Sub ClientError(Connection, Number, Description)
        WScript.Echo "Client " & Connection.ID & ": error " & Number & ": " & Description
    End Sub

    Public Sub ServerError(Number, Description)
        WScript.Echo "Server: error " & Number & ": " & Description
    End Sub

End Class

' `echo` of the command prompt sends a blank and a line end behind the text.
Function WithoutLineEnd(text)
    WithoutLineEnd = Trim(Replace(text, vbCrLf, ""))
End Function

Dim server

Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
server.PipeName = "EchoPipe"
If WScript.Arguments.Count > 0 Then server.PipeName = WScript.Arguments(0)
Set server.EventSink = New EchoHandler

server.Start
server.ManualMessageLoopEnter           ' events are raised in here, until ManualMessageLoopLeave
server.Stop 2000                        ' sends what is still to be sent, for two seconds at most

If server.LastEventError <> "" Then WScript.Echo "A handler failed: " & server.LastEventError
WScript.Echo "Stopped"
