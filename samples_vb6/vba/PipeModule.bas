Attribute VB_Name = "PipeModule"
Option Explicit

' For Excel, Access, Word and the others: import this module and PipeHandler.cls, set a reference to
' "NamedPipeServer 1.0: named pipes with events" (the DLL of Office's bitness), and run StartPipe. Events come whenever
' Office is idle or dispatches messages; while a cell is edited or a dialog is open they wait.

Private Handler As PipeHandler

Public Sub StartPipe()
    Set Handler = New PipeHandler
    Handler.Run "OfficePipe"
End Sub

Public Sub StopPipe()
    If Not Handler Is Nothing Then Handler.Finish
    Set Handler = Nothing
End Sub
