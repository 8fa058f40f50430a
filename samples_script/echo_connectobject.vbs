' echo_connectobject.vbs: a server that answers each message with the same message. Its events are procedures of the
' script, named by a prefix.
'
'     cscript //nologo echo_connectobject.vbs [PIPE]      PIPE is EchoPipe where none is given
'
' Speak to it from another command prompt:
'
'     echo hello > \\.\pipe\EchoPipe
'     echo quit > \\.\pipe\EchoPipe                       ends it
'
' ConnectObject belongs to Windows' cscript and wscript; Wine's have none, as other hosts of VBScript. They use a class:
' see echo_eventsink.vbs.

Option Explicit

Dim server, done

Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
WScript.ConnectObject server, "server_"
server.PipeName = "EchoPipe"
If WScript.Arguments.Count > 0 Then server.PipeName = WScript.Arguments(0)
server.Start

done = False
Do Until done
    WScript.Sleep 50                    ' events are raised in here
Loop

server.Stop 2000                        ' sends what is still to be sent, for two seconds at most
WScript.DisconnectObject server
If server.LastEventError <> "" Then WScript.Echo "A handler failed: " & server.LastEventError
WScript.Echo "Stopped"

Sub server_ServerReady()
    WScript.Echo "Ready: \\.\pipe\" & server.PipeName
End Sub

Sub server_ClientConnected(Connection)
    WScript.Echo "Client " & Connection.ID & " has come"
End Sub

' Data is an array of bytes, which VBScript can pass on, but not look into: BytesToText reads it as text, BytesToArray
' gives an array that VBScript can index.
Sub server_ClientMessageReceived(Connection, Cookie, Data)
    Dim line

    line = WithoutLineEnd(server.BytesToText(Data))
    If line <> "" Then WScript.Echo "Client " & Connection.ID & " says: " & line
    If line = "quit" Then
        server.AsyncBroadcastText "Good-bye from the server." & vbCrLf
        done = True
    Else
        Connection.AsyncWrite Data
    End If
End Sub

Sub server_ClientDisconnected(Connection)
    WScript.Echo "Client " & Connection.ID & " is gone"
End Sub

Sub server_ClientError(Connection, Number, Description)
    WScript.Echo "Client " & Connection.ID & ": error " & Number & ": " & Description
End Sub

Sub server_ServerError(Number, Description)
    WScript.Echo "Server: error " & Number & ": " & Description
End Sub

' `echo` of the command prompt sends a blank and a line end behind the text.
Function WithoutLineEnd(text)
    WithoutLineEnd = Trim(Replace(text, vbCrLf, ""))
End Function
