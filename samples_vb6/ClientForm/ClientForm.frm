VERSION 5.00
Begin VB.Form ClientForm 
   Caption         =   "Client"
   ClientHeight    =   4200
   ClientLeft      =   60
   ClientTop       =   345
   ClientWidth     =   6000
   LinkTopic       =   "ClientForm"
   ScaleHeight     =   4200
   ScaleWidth      =   6000
   StartUpPosition =   3  'Windows Default
   Begin VB.CommandButton ConnectButton 
      Caption         =   "Connect"
      Height          =   375
      Left            =   4560
      TabIndex        =   2
      Top             =   3720
      Width           =   1320
   End
   Begin VB.TextBox MessageText 
      Height          =   375
      Left            =   120
      TabIndex        =   1
      Text            =   "hello"
      Top             =   3720
      Width           =   4320
   End
   Begin VB.ListBox LogList 
      Height          =   3375
      Left            =   120
      TabIndex        =   0
      Top             =   120
      Width           =   5760
   End
End
Attribute VB_Name = "ClientForm"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = False
Option Explicit

' Connects to the pipe EchoForm, which the sample of that name serves, and sends what is typed with each Return.

Private Manager As NamedPipeClientManager
Private WithEvents Pipe As NamedPipeClientConnection
Attribute Pipe.VB_VarHelpID = -1
Private Converter As New NamedPipeServer     ' never started: it turns UTF-8 into text

Private Sub Form_Load()
    Set Manager = New NamedPipeClientManager
End Sub

Private Sub Form_Unload(Cancel As Integer)
    ' Disconnected comes before Stop returns.
    Manager.Stop
End Sub

Private Sub ConnectButton_Click()
    ' It returns at once; Connected or Error follows. The old connection is closed with its last reference.
    Set Pipe = Manager.Connect("EchoForm", 3000)
    Log "connecting to " & Pipe.PipeName
End Sub

Private Sub MessageText_KeyPress(KeyAscii As Integer)
    If KeyAscii <> 13 Or Pipe Is Nothing Then Exit Sub
    KeyAscii = 0                        ' Return would beep
    On Error GoTo Failed
    Pipe.AsyncWriteText MessageText.Text, , MessageText.Text
    Exit Sub
Failed:
    ' The text says what is wrong, for example that the connection has ended.
    Log Err.Description
End Sub

Private Sub Pipe_Connected()
    Log "connected, the server is process " & Pipe.ServerProcessId
End Sub

Private Sub Pipe_MessageReceived(ByRef Cookie As Variant, ByRef Data() As Byte)
    ' An empty message has UBound(Data) = -1.
    Log "received " & (UBound(Data) + 1) & " bytes: " & Converter.BytesToText(Data)
End Sub

Private Sub Pipe_MessageSent(ByRef Cookie As Variant)
    Log "the server can read: " & Cookie
End Sub

Private Sub Pipe_Disconnected()
    Log "disconnected, reason " & Pipe.DisconnectReason
End Sub

Private Sub Pipe_Error(ByVal Number As Long, ByVal Description As String)
    Log Description & " (" & Number & ")"
End Sub

Private Sub Log(ByVal Text As String)
    If LogList.ListCount = 1000 Then LogList.RemoveItem 0
    LogList.AddItem Text
    LogList.ListIndex = LogList.NewIndex
End Sub
