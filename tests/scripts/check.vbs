
' ---- check.vbs: what the tests in VBScript share. It is appended to each of them and ends it: with 42 where all held.
' Arguments: the name of the pipe, the path of pipe_client.exe.

' A script that got as far as this has ended as it should.
If failedChecks = 0 Then WScript.Quit 42
WScript.Quit 1

Dim failedChecks

Sub Check(what, holds)
    If holds Then Exit Sub
    failedChecks = failedChecks + 1
    WScript.Echo "FAILED: " & what
End Sub

Sub CheckEqual(what, actual, expected)
    Check what & " is " & Shown(actual) & ", should be " & Shown(expected), _
        VarType(actual) = VarType(expected) And actual = expected
End Sub

Sub CheckHolds(what, text, part)
    Check what & " is """ & text & """, should hold """ & part & """", InStr(1, text, part, 1) > 0
End Sub

' After On Error Resume Next and a call that must fail: with this number, and a sentence that holds `part`.
Sub CheckFailed(what, number, part)
    Dim actual, description

    actual = Err.Number
    description = Err.Description
    Err.Clear
    If number = 13 And actual = &H80020005 Then actual = 13     ' Wine does not translate this one
    CheckEqual what & ": Err.Number", CLng(actual), CLng(number)
    CheckHolds what & ": Err.Description", description, part
End Sub

Function Shown(value)
    If IsNull(value) Or IsEmpty(value) Or IsArray(value) Or IsObject(value) Then
        Shown = TypeName(value)
    Else
        Shown = value & " (" & TypeName(value) & ")"
    End If
End Function

Function NewServer()
    Set NewServer = CreateObject("NamedPipeServerLib.NamedPipeServer")
    NewServer.PipeName = WScript.Arguments(0)
End Function

Function NewManager()
    Set NewManager = CreateObject("NamedPipeServerLib.NamedPipeClientManager")
End Function

' So many characters of one byte each, of which no two parts are alike: a number every eight.
Function NumberedText(size)
    Dim block, i

    Do While Len(NumberedText) < size
        block = ""
        For i = 0 To 511
            block = block & Right("000000" & Len(NumberedText) \ 8 + i, 7) & " "
        Next
        NumberedText = NumberedText & block
    Loop
    NumberedText = Left(NumberedText, size)
End Function

' Starts a client and goes on.
Sub RunClient(actions)
    CreateObject("WScript.Shell").Run _
        """" & WScript.Arguments(1) & """ " & WScript.Arguments(0) & " " & actions, 0, False
End Sub

' Waits until the server of the pipe lets a client in, for a minute at most; that client leaves again.
Sub WaitForPipe(pipeName)
    Dim waitingManager, waitingPipe, arrived

    Set waitingManager = NewManager()
    Set waitingPipe = waitingManager.Connect(pipeName, 60000)
    Set arrived = waitingManager.WaitEvent(60000)
    Check "no server came", Not arrived Is Nothing
    If Not arrived Is Nothing Then Check "the server is " & arrived.Description, arrived.Name = "Connected"
    waitingManager.Stop
End Sub

' The next event of this name, of a server or of a manager of clients; others are passed over. Nothing after 20 seconds.
Function NextEvent(source, name)
    Do
        Set NextEvent = source.WaitEvent(20000)
        If NextEvent Is Nothing Then
            Check "no " & name & " came", False
            Exit Function
        End If
    Loop Until NextEvent.Name = name
End Function
