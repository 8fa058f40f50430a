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

' Asks a server with JSON and shows its answer, which may be an object or a value: an array takes either. In Excel a
' range is sent as its rows, such as ActiveSheet.Range("A1:E10").
Public Sub AskPipe()
    Dim Manager As New NamedPipeClientManager
    Dim Answer As Variant

    Answer = Array(Manager.CallJson("EchoPipe", Array("hello", 17)))
    MsgBox Manager.ToJson(Answer(0), 2)
End Sub
