; autohotkey.ahk PIPE PIPE_CLIENT WAY: for autohotkey.ps1. An echo server in AutoHotkey 2 whose events come by
; ComObjConnect (WAY is connect) or to an object of AutoHotkey's (WAY is sink). Ends with 0 where the client got its
; thousand messages back.
#Requires AutoHotkey v2.0
#NoTrayIcon
#Warn All, StdOut

class Handlers {
    messages := 0
    gone := 0

    ClientMessageReceived(Connection, Cookie, Data, *) {
        this.messages += 1
        Connection.AsyncWrite(Data)
    }

    ClientDisconnected(Connection, *) {
        this.gone += 1
    }
}

handler := Handlers()
server := ComObject("NamedPipeServerLib.NamedPipeServer")
server.PipeName := A_Args[1]
if A_Args[3] = "connect"
    ComObjConnect(server, handler)
else
    server.EventSink := handler
server.Start()
Run('"' A_Args[2] '" ' A_Args[1] ' echo 1000', , "Hide")
end := A_TickCount + 60000
while handler.gone = 0 and A_TickCount < end
    server.ManualMessageLoopEnter(50)
server.Stop()
FileAppend(handler.messages " messages, " handler.gone " gone, " server.LastEventError "`n", "*")
ExitApp(handler.messages = 1000 and handler.gone = 1 and server.LastEventError = "" ? 0 : 1)
