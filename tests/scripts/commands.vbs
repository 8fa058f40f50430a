' The command prompt's echo, type and set are clients too.
Option Explicit
Dim server, shell, files, path, e, folder, said, client

Set server = NewServer()
server.Start
Set shell = CreateObject("WScript.Shell")
Set files = CreateObject("Scripting.FileSystemObject")
path = "\\.\pipe\" & server.PipeName

' echo writes the text with a blank, and a line end.
shell.Run "cmd /c echo hello>" & path, 0, False
Set client = NextEvent(server, "ClientConnected").Connection
CheckEqual "echo", Trim(NextEvent(server, "ClientMessageReceived").Text), "hello"
CheckEqual "the line end", NextEvent(server, "ClientMessageReceived").Text, vbCrLf
Set e = NextEvent(server, "ClientDisconnected")
Check "it was one client", e.Connection Is client

' type reads until the server closes the connection.
said = server.PipeName & ".txt"
shell.Run "cmd /c type " & path & ">" & said, 0, False
Set client = NextEvent(server, "ClientConnected").Connection
client.AsyncWriteText "first line" & vbCrLf
client.AsyncWriteText "second line" & vbCrLf
client.AsyncClose True
Set e = NextEvent(server, "ClientDisconnected")
CheckEqual "DisconnectReason", e.Connection.DisconnectReason, CLng(2)
CheckEqual "PendingSendBytes", e.Connection.PendingSendBytes, CDbl(0)
CheckEqual "type", WaitForText(said), "first line" & vbCrLf & "second line" & vbCrLf
server.Stop

' What the command has written by its end. Before, the file cannot be opened, or is empty.
Function WaitForText(name)
    Dim i

    On Error Resume Next
    For i = 1 To 100
        WaitForText = files.OpenTextFile(name, 1).ReadAll
        If InStr(WaitForText, "second") > 0 Then Exit For
        server.ManualMessageLoopEnter 50
    Next
    files.DeleteFile name
End Function
