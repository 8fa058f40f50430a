WaitForPipe WScript.Arguments(0)
'<< daemon_ask ScriptDaemon=PIPE
CheckEqual "what was shown", printed, "5" & vbLf
CheckEqual "a command that there is not", Told("{""command"":""fly""}"), "error: There is no command fly"
CheckHolds "a request that is no JSON", Told("add"), "error: "
CheckHolds "a request that is no object", Told("17"), "error: "
CheckEqual "the end", Told("{""command"":""stop""}"), "result: good-bye"

Function Told(text)
    Dim answer, name

    Set answer = manager.FromJson(manager.CallText(WScript.Arguments(0), text, 20000))
    For Each name In answer.Keys
        Told = Told & name & ": " & answer(name)
    Next
End Function
