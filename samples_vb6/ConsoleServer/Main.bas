Attribute VB_Name = "Main"
Option Explicit

' A server without a form. ManualMessageLoopEnter dispatches messages, and so raises the events, until a client sends "quit".

Public Sub Main()
    Dim Handler As ConsoleHandler

    Set Handler = New ConsoleHandler
    Handler.Run "ConsoleServer"
End Sub
