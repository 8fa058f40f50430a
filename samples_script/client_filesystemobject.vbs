' client_filesystemobject.vbs: a client that needs no library at all: to Windows a named pipe is a file.
'
'     cscript //nologo client_filesystemobject.vbs PIPE MESSAGE...
'
' Each Write is one message. A stream of FileSystemObject goes one way: this one writes and does not see the answers.

Option Explicit

Const ForWriting = 2

Dim files, pipe, i

Set files = CreateObject("Scripting.FileSystemObject")
Set pipe = files.OpenTextFile("\\.\pipe\" & WScript.Arguments(0), ForWriting)
For i = 1 To WScript.Arguments.Count - 1
    pipe.Write WScript.Arguments(i)
Next
pipe.Close
