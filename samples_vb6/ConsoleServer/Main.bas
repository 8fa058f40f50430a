Attribute VB_Name = "ConsoleMain"
Option Explicit

' A server without a form. ManualMessageLoopEnter dispatches messages, and so raises the events, until a client sends
' "quit". The project's LinkSwitches make it a console program;
' from the IDE it writes nothing, since there is no console.

Public Sub Main()
    Dim Handler As ConsoleHandler

    Set Handler = New ConsoleHandler
    Handler.Run "ConsoleServer"
End Sub
