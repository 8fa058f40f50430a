' Properties have the documented defaults, and read what was last put.
Option Explicit
Dim server, sink

Class Sink
    Public Sub ServerReady()
    End Sub
End Class

Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
CheckEqual "PipeName", server.PipeName, ""
CheckEqual "NumThreadsIOCP", server.NumThreadsIOCP, CLng(1)
CheckEqual "FreeThreadingEvents", server.FreeThreadingEvents, False
CheckEqual "ContinuouslyReadFromPipe", server.ContinuouslyReadFromPipe, True
CheckEqual "MessageBufferSize", server.MessageBufferSize, CLng(131072)
CheckEqual "ReceiveQueueLimit", server.ReceiveQueueLimit, CLng(16777216)
CheckEqual "SendQueueLimit", server.SendQueueLimit, CLng(67108864)
CheckEqual "IsRunning", server.IsRunning, False
CheckEqual "LastEventError", server.LastEventError, ""
CheckEqual "Connections.Count", server.Connections.Count, CLng(0)
Check "EventSink is nothing", server.EventSink Is Nothing
Check "Version is " & server.Version, server.Version = "1.0.0 x64" Or server.Version = "1.0.0 x86"

server.PipeName = "a name"
server.NumThreadsIOCP = 3
server.FreeThreadingEvents = True
server.ContinuouslyReadFromPipe = False
server.MessageBufferSize = "4096"
server.ReceiveQueueLimit = 5
server.SendQueueLimit = 6
CheckEqual "PipeName", server.pipename, "a name"
CheckEqual "NumThreadsIOCP", server.NumThreadsIOCP, CLng(3)
CheckEqual "FreeThreadingEvents", server.FreeThreadingEvents, True
CheckEqual "ContinuouslyReadFromPipe", server.ContinuouslyReadFromPipe, False
CheckEqual "MessageBufferSize", server.MessageBufferSize, CLng(4096)
CheckEqual "ReceiveQueueLimit", server.ReceiveQueueLimit, CLng(5)
CheckEqual "SendQueueLimit", server.SendQueueLimit, CLng(6)

' Set, and then Set to nothing.
Set sink = New Sink
Set server.EventSink = sink
Check "EventSink is what was set", server.EventSink Is sink
Set server.EventSink = Nothing
Check "EventSink is nothing again", server.EventSink Is Nothing

' Putting judges nothing; Start does, and leaves the server as it was.
server.NumThreadsIOCP = 65
CheckEqual "NumThreadsIOCP", server.NumThreadsIOCP, CLng(65)
On Error Resume Next
server.Start
CheckFailed "Start with 65 threads", 5, "NumThreadsIOCP"
CheckEqual "IsRunning", server.IsRunning, False

' A later change is kept for the next Start.
On Error Goto 0
server.PipeName = WScript.Arguments(0)
server.NumThreadsIOCP = 2
server.Start
CheckEqual "IsRunning", server.IsRunning, True
server.NumThreadsIOCP = 4
CheckEqual "NumThreadsIOCP", server.NumThreadsIOCP, CLng(4)
server.Start
server.Stop
server.Stop
CheckEqual "IsRunning", server.IsRunning, False
