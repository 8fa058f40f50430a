' What Python's CallNamedPipe asks, asked from C: each call is a client of its own, beside the one that waited.
Dim server, e, gone, asked

Set server = NewServer()
server.Start
Do While gone < 3
    Set e = server.WaitEvent(20000)
    If e Is Nothing Then Exit Do
    If e.Name = "ClientDisconnected" Then gone = gone + 1
    If e.Name = "ClientMessageReceived" Then
        asked = asked & e.Text & " "
        e.Connection.AsyncWriteText "answer to " & e.Text
    End If
Loop
CheckEqual "what was asked", asked, "hello again "
CheckEqual "clients", server.TotalConnections, CDbl(3)
server.Stop
