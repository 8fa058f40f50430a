Attribute VB_Name = "ManyMain"
Option Explicit

' WithEvents takes no arrays. EventSink does: one object handles the events of as many servers as you like. One loop
' raises the events of all, since they were made on the same thread.

Private Servers(1 To 3) As NamedPipeServer

Public Sub Main()
    Dim Handler As ManyHandler
    Dim Index As Long

    Set Handler = New ManyHandler
    For Index = LBound(Servers) To UBound(Servers)
        Set Servers(Index) = New NamedPipeServer
        Servers(Index).PipeName = "ManyServers" & Index
        Set Servers(Index).EventSink = Handler
        Servers(Index).Start
    Next Index
    Servers(1).ManualMessageLoopEnter
    ' Left when a client of any of them sends "quit".
    For Index = LBound(Servers) To UBound(Servers)
        Servers(Index).Stop
        Set Servers(Index).EventSink = Nothing
    Next Index
End Sub

' The loop is that of the first server.
Public Sub EndLoop()
    Servers(1).ManualMessageLoopLeave
End Sub
