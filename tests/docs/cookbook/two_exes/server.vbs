' The first server has read a request and falls before it answers; the second answers all.
'<< two_exes_server Orders=PIPE
Dim i

Form_Load
WScript.DisconnectObject server             ' no handler: what came waits
For i = 1 To 4000
    If server.MessagesReceived >= 1 Then Exit For
    WScript.Sleep 5
Next
CheckEqual "requests of the first server", server.MessagesReceived, CDbl(1)
Set server = Nothing

Form_Load
For i = 1 To 1500
    If server.TotalConnections >= 1 And server.Connections.Count = 0 Then Exit For
    server.ManualMessageLoopEnter 20
Next
CheckEqual "requests that the second server carried out", answers.Count, CLng(2)
CheckEqual "LastEventError", server.LastEventError, ""
Form_Unload 0
