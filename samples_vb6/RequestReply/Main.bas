Attribute VB_Name = "RequestMain"
Option Explicit

' Asks the server of the sample EchoForm, and shows what it says.

Public Sub Main()
    Dim Request As PipeRequest
    Dim Answer As String

    Set Request = New PipeRequest
    Request.Use "EchoForm"
    If Request.Ask("hello", Answer) Then
        MsgBox Answer
    Else
        MsgBox Request.Failure, vbExclamation
    End If
End Sub
