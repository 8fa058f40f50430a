Attribute VB_Name = "ServiceMain"
Option Explicit

' The part of a service that owns the pipe. Your service framework calls ServicePipeRun on the thread of the service, and
' ServicePipeEnd from its control handler, on whichever thread that runs: ManualMessageLoopLeave may be called from any.

Private Handler As ServiceHandler

Public Sub Main()
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
