Attribute VB_Name = "ServiceMain"
Option Explicit

' The part of a service that owns the pipe; what speaks to the service manager, a control or a library of your choice,
' is not shown. Where it reports that the service starts, call ServicePipeRun: it returns when the service is to end.
' Where it reports Stop or Shutdown, call ServicePipeEnd. That is reported while ServicePipeRun dispatches messages, on
' the same thread: Visual Basic 6 runs on no other.
' (ManualMessageLoopLeave itself may be called from any, as twinBASIC does.)

Private Handler As ServiceHandler

Public Sub Main()
    ' As a program, to try it. A client that sends "end" stands for the service manager.
    ServicePipeRun "ServiceServer"
End Sub

Public Sub ServicePipeRun(ByVal PipeName As String)
    Set Handler = New ServiceHandler
    Handler.Run PipeName
    Set Handler = Nothing
End Sub

Public Sub ServicePipeEnd()
    If Not Handler Is Nothing Then Handler.Leave
End Sub
