' ConnectObject and CreateObject's prefix call the script's own procedures. For a host that has them.
Option Explicit
Dim server, log, i

Set server = WScript.CreateObject("NamedPipeServerLib.NamedPipeServer", "first_")
server.PipeName = WScript.Arguments(0)
server.Start
CheckEqual "events before Start returned", log, Empty
RunClient "echo 2"
WaitFor "gone"
CheckEqual "events", log, "ready; come; message 1 ; sent 1; message 2 ; sent 2; gone; "
CheckEqual "LastEventError", server.LastEventError, ""

' A second prefix, and then only that one.
log = ""
WScript.ConnectObject server, "second_"
RunClient "echo 1"
WaitFor "gone; gone"
CheckEqual "events", log, "come; come; message 1 ; message 1 ; sent 3; gone; gone; "
WScript.DisconnectObject server
log = ""
RunClient "send x"
WScript.Sleep 500
CheckEqual "events", log, ""
server.Stop

Sub WaitFor(what)
    For i = 1 To 400
        If InStr(log, what) > 0 Then Exit Sub
        WScript.Sleep 50
    Next
End Sub

Sub first_ServerReady()
    log = log & "ready; "
End Sub

Sub first_ClientConnected(Connection)
    log = log & "come; "
    Connection.CustomData = 0
End Sub

' ByRef, as Basic has it; what is put into Cookie and Connection is ignored, Data is ours.
Sub first_ClientMessageReceived(Connection, Cookie, Data)
    log = log & server.BytesToText(Data) & " ; "
    If server.Connections(1).CustomData <> 99 Then Connection.AsyncWrite Data, Connection.CustomData
    Cookie = "changed"
End Sub

Sub first_ClientMessageSent(Connection, ByVal Cookie)
    Connection.CustomData = Connection.CustomData + 1
    log = log & "sent " & Connection.CustomData & "; "
End Sub

Sub first_ClientDisconnected(Connection)
    log = log & "gone; "
End Sub

Sub second_ClientConnected(Connection)
    log = log & "come; "
    Connection.CustomData = 2
End Sub

Sub second_ClientMessageReceived(ByVal Connection, ByVal Cookie, ByVal Data)
    Check "no cookie", IsEmpty(Cookie)
    log = log & server.BytesToText(Data) & " ; "
End Sub

Sub second_ClientDisconnected(Connection)
    log = log & "gone; "
End Sub
