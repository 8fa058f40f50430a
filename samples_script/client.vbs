' client.vbs: sends messages to the server of a pipe and shows what comes back, with a class as handler of the events.
'
'     cscript //nologo client.vbs PIPE TEXT...
'
' It ends when as many messages have come as were sent, or when the server leaves. With 0, or with 1 and a sentence.

Option Explicit

Const ServerClosed = 2                                      ' NamedPipeReasonServerClosed

Class Handler
    Public Sub Connected()
        WScript.Echo "Connected to process " & pipe.ServerProcessId
    End Sub

    ' Data is an array of bytes; WScript.Echo wants a text.
    Public Sub MessageReceived(Cookie, Data)
        WScript.Echo "Received: " & manager.BytesToText(Data)
        waiting = waiting - 1
        If waiting = 0 Then manager.ManualMessageLoopLeave
    End Sub

    ' The last event, also where Stop has ended the connection.
    Public Sub Disconnected()
        If pipe.DisconnectReason = ServerClosed Then WScript.Echo "The server has left" Else WScript.Echo "Closed"
        manager.ManualMessageLoopLeave
    End Sub

    ' Where Connect fails this comes, and nothing else.
    Public Sub Error(Number, Description)
        WScript.Echo "Error: " & Description
        manager.ManualMessageLoopLeave
    End Sub
End Class

Dim manager, pipe, waiting, i

If WScript.Arguments.Count < 2 Then
    WScript.Echo "client.vbs needs the name of a pipe, and texts"
    WScript.Quit 1
End If

Set manager = CreateObject("NamedPipeServerLib.NamedPipeClientManager")
Set pipe = manager.Connect(WScript.Arguments(0), 5000)      ' returns at once; Connected or Error follows
Set pipe.EventSink = New Handler

' What is sent before it is connected waits for that.
waiting = WScript.Arguments.Count - 1
For i = 1 To waiting
    pipe.AsyncWriteText WScript.Arguments(i)
Next

manager.ManualMessageLoopEnter                              ' events are raised in here
manager.Stop
Set pipe.EventSink = Nothing

If manager.LastEventError <> "" Then WScript.Echo "A handler failed: " & manager.LastEventError
If waiting > 0 Then WScript.Quit 1
