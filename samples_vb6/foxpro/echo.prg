* A server in Visual FoxPro. It asks for its events one by one, so that only text, numbers and objects cross over.
* Esc ends it.
oServer = CREATEOBJECT("NamedPipeServerLib.NamedPipeServer")
oServer.PipeName = "FoxEcho"
oServer.Start()
DO WHILE oServer.IsRunning
    oEvent = oServer.WaitEvent(500)     && .NULL. after half a second without an event
    IF VARTYPE(oEvent) = "O" AND oEvent.Name == "ClientMessageReceived"
        oEvent.Connection.AsyncWriteText(oEvent.Text)
    ENDIF
ENDDO
