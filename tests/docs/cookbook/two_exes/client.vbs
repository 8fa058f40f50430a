'<< two_exes_client Orders=PIPE

Form_Load
Ask "pen"                                   ' it is not connected yet
WaitForAnswers
Ask "ink"
WaitForAnswers
CheckHolds "what was shown", printed, "1: ordered: pen" & vbLf & "2: ordered: ink"
CheckEqual "LastEventError", manager.LastEventError, ""
Form_Unload 0

Sub WaitForAnswers()
    Dim i

    For i = 1 To 1500
        If waiting.Count = 0 Then Exit Sub
        manager.ManualMessageLoopEnter 20
    Next
    Check waiting.Count & " requests have no answer", False
End Sub
