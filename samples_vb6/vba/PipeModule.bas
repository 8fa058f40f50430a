Attribute VB_Name = "PipeModule"
Option Explicit

' For Excel, Access, Word and the others: import this module and PipeHandler.cls, set a reference to
' "NamedPipeServer 1.0: named pipes with events", and run StartPipe.

Private Handler As PipeHandler

Public Sub StartPipe()
    Set Handler = New PipeHandler
    Handler.Run "OfficePipe"
End Sub

Public Sub StopPipe()
    If Not Handler Is Nothing Then Handler.Finish
    Set Handler = Nothing
End Sub
