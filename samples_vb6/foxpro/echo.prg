* A server in Visual FoxPro: the object of EventSink has methods with the events' names.
oServer = CREATEOBJECT("NamedPipeServerLib.NamedPipeServer")
oServer.PipeName = "FoxEcho"
oServer.EventSink = CREATEOBJECT("EchoSink")
oServer.Start()
oServer.ManualMessageLoopEnter()
DEFINE CLASS EchoSink AS Session OLEPUBLIC
    PROCEDURE ClientMessageReceived(oConnection, vCookie, aData)
        oConnection.AsyncWrite(aData)
    ENDPROC
ENDDEFINE
