' activate.vbs: asks a server by the DLL of this package, without registering it.
'
'     cscript //nologo activate.vbs PIPE TEXT
'
' It looks for the DLL of its own bitness, in the folder x64 or x86 beside this file's folder.

Option Explicit

Dim files, bitness, context, manager
If WScript.Arguments.Count <> 2 Then
    WScript.Echo "usage: cscript //nologo activate.vbs PIPE TEXT"
    WScript.Quit 2
End If

Set files = CreateObject("Scripting.FileSystemObject")
bitness = "x86"
If CreateObject("WScript.Shell").Environment("Process")("PROCESSOR_ARCHITECTURE") = "AMD64" Then bitness = "x64"

Set context = CreateObject("Microsoft.Windows.ActCtx")
context.Manifest = files.BuildPath(files.GetParentFolderName(files.GetParentFolderName(WScript.ScriptFullName)), _
    bitness & "\NamedPipeServer.X.manifest")
Set manager = context.CreateObject("NamedPipeServerLib.NamedPipeClientManager")
WScript.Echo manager.CallText(WScript.Arguments(0), WScript.Arguments(1))
