' The function of the cells, with a server in this process; then the registration for this user.
'<< vba_ask Orders=PIPE
'<< vba_register \\fileserver\tools\NamedPipeServer\=BUILD

' Basic's function. (Wine's shell puts a NUL behind the text.)
Function Environ(name)
    Environ = Replace(CreateObject("WScript.Shell").ExpandEnvironmentStrings("%" & name & "%"), Chr(0), "")
End Function

Class Prices
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Connection.AsyncWriteText "the " & server.BytesToText(Data) & " is 1.50"
    End Sub
End Class

Const RegisteredFile = "HKCU\Software\Classes\CLSID\{1E8F9A91-1C7E-4385-9AC0-6A934461841F}\InprocServer32\"
Dim server, shell, files

CheckHolds "an answer without a server", AskPipe("price of pen"), "no such pipe"
Set server = NewServer()
Set server.EventSink = New Prices
server.Start
CheckEqual "an answer", AskPipe("price of pen"), "the price of pen is 1.50"
server.Stop
Set server.EventSink = Nothing

Set shell = CreateObject("WScript.Shell")
Set files = CreateObject("Scripting.FileSystemObject")
RegisterForMe
CheckEqual "what was shown", printed, "Ready." & vbLf
CheckEqual "Bits", Bits(), WScript.Arguments(2)
Check "the file is there", files.GetFile(LocalFolder() & "\NamedPipeServer.dll").Size > 0
CheckEqual "what is registered", LCase(shell.RegRead(RegisteredFile)), LCase(LocalFolder() & "\NamedPipeServer.dll")
UnregisterForMe
On Error Resume Next
shell.RegRead RegisteredFile
Check "nothing is registered any more", Err.Number <> 0
On Error GoTo 0
files.DeleteFolder LocalFolder()
