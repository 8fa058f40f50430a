' echo_waitevent.vbs: a server that answers each message with the same message. It asks for one event after the other.
'
'     cscript //nologo echo_waitevent.vbs [PIPE]          PIPE is EchoPipe where none is given
'
' Speak to it from another command prompt:
'
'     echo hello > \\.\pipe\EchoPipe
'     echo quit > \\.\pipe\EchoPipe                       ends it
'
' No handlers, no class: where nothing else takes the events, WaitEvent hands them out.

Option Explicit

Dim server, e, line

Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
server.PipeName = "EchoPipe"
If WScript.Arguments.Count > 0 Then server.PipeName = WScript.Arguments(0)
server.Start

Do
    Set e = server.WaitEvent()          ' waits for ever; WaitEvent(500) gives Nothing after half a second without one
    If e Is Nothing Then Exit Do        ' the server is stopped, and there are no more events

    Select Case e.Name
        Case "ServerReady"
            WScript.Echo "Ready: \\.\pipe\" & server.PipeName

        Case "ClientConnected"
            WScript.Echo "Client " & e.Connection.ID & " has come"

        Case "ClientMessageReceived"
            line = WithoutLineEnd(e.Text)
            If line <> "" Then WScript.Echo "Client " & e.Connection.ID & " says: " & line
            If line = "quit" Then
                server.AsyncBroadcastText "Good-bye from the server." & vbCrLf
                server.Stop 2000        ' sends what is still to be sent, for two seconds at most
            Else
                e.Connection.AsyncWrite e.Data
            End If

        Case "ClientDisconnected"
            WScript.Echo "Client " & e.Connection.ID & " is gone"

        Case "ClientError", "ServerError"
            WScript.Echo "Error " & e.Number & ": " & e.Description
    End Select
Loop

WScript.Echo "Stopped"

' `echo` of the command prompt sends a blank and a line end behind the text.
Function WithoutLineEnd(text)
    WithoutLineEnd = Trim(Replace(text, vbCrLf, ""))
End Function
