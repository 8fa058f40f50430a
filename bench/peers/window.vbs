' window.vbs PIPE echo: the window mode from VBScript: the handlers are methods of a class. It echoes, and no more.
Option Explicit

Dim server

Class Echo
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Connection.AsyncWrite Data
    End Sub
End Class

If WScript.Arguments(1) <> "echo" Then WScript.Quit 2
Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
server.PipeName = WScript.Arguments(0)
Set server.EventSink = New Echo
server.Start
server.ManualMessageLoopEnter
