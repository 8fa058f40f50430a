' FindNamedPipes finds the name of a server that runs. Wine cannot list pipes, and its error is the whole answer there.
Option Explicit
Dim server, manager, names, name, found, number, description

Set server = NewServer()
server.Start
Set manager = NewManager()

On Error Resume Next
Set names = manager.FindNamedPipes("\in front")
CheckFailed "a pattern with a backslash in front", 5, "Pattern"
Set names = manager.FindNamedPipes(server.PipeName)
number = Err.Number
description = Err.Description
On Error GoTo 0

If number <> 0 And IsWine() Then
    WScript.Echo "not checked: Wine cannot list pipes: " & description & " (" & Hex(number) & ")"
    CheckEqual "whose error it is", Left(Hex(number), 4), "8007"    ' one of Windows' own
    Check "its sentence", InStr(description, "does not list its pipes") > 0
Else
    CheckEqual "Err.Number", CLng(number), CLng(0)
    CheckEqual "Count", names.Count, CLng(1)
    CheckEqual "Item", names(1), server.PipeName
    For Each name In names
        found = found & name & ";"
    Next
    CheckEqual "For Each", found, server.PipeName & ";"
    CheckEqual "a pattern", manager.FindNamedPipes(Left(server.PipeName, Len(server.PipeName) - 1) & "?").Count, CLng(1)
    CheckEqual "a name that is none", manager.FindNamedPipes(server.PipeName & "-missing").Count, CLng(0)
    For Each name In manager.FindNamedPipes()
        If name = server.PipeName Then found = "among all"
    Next
    CheckEqual "without a pattern", found, "among all"
End If

Function IsWine()
    IsWine = CreateObject("Scripting.FileSystemObject").FileExists("C:\windows\system32\winecfg.exe")
End Function
