Attribute VB_Name = "NamedPipeActivation"
Option Explicit

' For VBA, and for Visual Basic 6 in its environment: objects of a DLL that is not registered.
'
'     Dim server As Object
'     Set server = NamedPipeObject("C:\path", "NamedPipeServer")
'     Set server.EventSink = Me       ' or WaitEvent; WithEvents needs a reference, and so a registered type library
'
' Folder has the folders x64 and x86 of the package. ClassName is NamedPipeServer or NamedPipeClientManager.
Public Function NamedPipeObject(ByVal Folder As String, ByVal ClassName As String) As Object
    Dim context As Object
    Dim bitness As String

    bitness = "x86"
#If Win64 Then
    bitness = "x64"
#End If
    Set context = CreateObject("Microsoft.Windows.ActCtx")
    context.Manifest = Folder & "\" & bitness & "\NamedPipeServer.X.manifest"
    Set NamedPipeObject = context.CreateObject("NamedPipeServerLib." & ClassName)
End Function
