' What fails says so with Visual Basic's number and a sentence.
Option Explicit
Dim server, result

Class WithoutMethodsForEvents
    Public Sub SomethingElse()
    End Sub
End Class

Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
On Error Resume Next

server.Start
CheckFailed "Start without a name", 5, "pipe name"
server.PipeName = "\in front"
server.Start
CheckFailed "Start with a backslash in front", 5, "in front"
server.PipeName = String(248, "x")
server.Start
CheckFailed "Start with a name too long", 5, "247"
server.PipeName = WScript.Arguments(0)

server.MessageBufferSize = 63
server.Start
CheckFailed "Start with a small buffer", 5, "MessageBufferSize"
server.MessageBufferSize = 64
server.SendQueueLimit = -1
server.Start
CheckFailed "Start with a negative limit", 5, "SendQueueLimit"
server.SendQueueLimit = 0
server.Start
CheckEqual "Start with sound settings: Err.Number", Err.Number, CLng(0)

Set server.EventSink = New WithoutMethodsForEvents
CheckFailed "a sink without methods for events", 5, "event"

result = server.AsyncBroadcast(Null)
CheckFailed "data that is Null", 13, ""
result = server.AsyncBroadcast(Nothing)
CheckFailed "data that is Nothing", 13, ""
result = server.AsyncBroadcast(Array(1, 256))
CheckFailed "an element above 255", 13, "256"
result = server.AsyncBroadcast(Array(1, "x"))
CheckFailed "an element that is no number", 13, ""
result = server.AsyncBroadcast(12)
CheckFailed "data that is a number", 13, ""
result = server.BytesToText(Array(65), 12345)
CheckFailed "a code page that does not exist", 5, "12345"
result = server.TextToBytes("A", -1)
CheckFailed "a code page that cannot be", 5, "-1"

Set result = server.Connections(1)
CheckFailed "a connection that is not there", 9, ""
Set result = server.Connections.Item(0)
CheckFailed "a connection before the first", 9, ""
Set result = server.WaitEvent(-2)
CheckFailed "a wait of less than nothing", 5, "-2"
server.Stop -1
CheckFailed "a drain of less than nothing", 5, "-1"

server.NoSuchMember
CheckFailed "a member that is not there", 438, ""
result = server.NoSuchProperty
CheckFailed "a property that is not there", 438, ""
server.Start 1
CheckFailed "an argument too many", 450, ""
result = server.AsyncBroadcast()
CheckFailed "an argument too few", 450, ""
server.NumThreadsIOCP = "many"
CheckFailed "a text for a number", 13, ""
server.IsRunning = True
CheckFailed "a property that is read only", 438, ""
server.PipeName("a") = "b"
CheckFailed "a property put with an argument", 450, ""
result = server.EventSink(1)
CheckFailed "an argument for Nothing", 450, ""
result = server.PipeName(1)
CheckFailed "an argument for a text", 450, ""

server.Stop
CheckEqual "Stop: Err.Number", Err.Number, CLng(0)
