Attribute VB_Name = "Main"
Option Explicit

' WithEvents takes no arrays. EventSink does: one object handles the events of as many servers as you like.

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
    For Index = LBound(Servers) To UBound(Servers)
        Servers(Index).Stop
        Set Servers(Index).EventSink = Nothing
    Next Index
End Sub
