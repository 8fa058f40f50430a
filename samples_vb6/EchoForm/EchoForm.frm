VERSION 5.00
Begin VB.Form EchoForm 
   Caption         =   "Echo server"
   ClientHeight    =   4200
   ClientLeft      =   60
   ClientTop       =   345
   ClientWidth     =   6000
   LinkTopic       =   "EchoForm"
   ScaleHeight     =   4200
   ScaleWidth      =   6000
   StartUpPosition =   3  'Windows Default
   Begin VB.CommandButton BroadcastButton 
      Caption         =   "Tell everybody the time"
      Height          =   375
      Left            =   120
      TabIndex        =   1
      Top             =   3720
      Width           =   2400
   End
   Begin VB.ListBox LogList 
      Height          =   3375
      Left            =   120
      TabIndex        =   0
      Top             =   120
      Width           =   5760
   End
End
Attribute VB_Name = "EchoForm"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = False
Option Explicit

' Answers every message with the same bytes, and shows what happens.
' Beside it runs a server that is a class, EchoServer.
' Try it: open a console and type   echo hello > \\.\pipe\EchoForm

Private WithEvents Server As NamedPipeServer
Attribute Server.VB_VarHelpID = -1
Private Counting As EchoServer

Private Sub Form_Load()
    Set Server = New NamedPipeServer
    Server.PipeName = "EchoForm"
    On Error GoTo Failed
    Server.Start
    Set Counting = New EchoServer
    Counting.Run "EchoFormCount"
    Exit Sub
Failed:
    ' The text says what to do, for example that another server owns the name.
    MsgBox Err.Description, vbExclamation
End Sub

Private Sub Form_Unload(Cancel As Integer)
    ' Sends what is still queued, for half a second at most. The last events come before Stop returns.
    Server.Stop 500
    If Not Counting Is Nothing Then Counting.Finish
End Sub

Private Sub BroadcastButton_Click()
    Dim Count As Long

    Count = Server.AsyncBroadcastText("It is " & Format$(Now, "hh:nn:ss"))
    Log "told " & Count & " clients"
End Sub

Private Sub Server_ServerReady()
    Log "ready, version " & Server.Version
End Sub

Private Sub Server_ClientConnected(Connection As NamedPipeServerConnection)
    Log "client " & Connection.ID & " (process " & Connection.ClientProcessId & ") has connected"
End Sub

Private Sub Server_ClientMessageReceived(Connection As NamedPipeServerConnection, _
        ByRef Cookie As Variant, ByRef Data() As Byte)
    ' An empty message has UBound(Data) = -1.
    Log "client " & Connection.ID & " sent " & (UBound(Data) + 1) & " bytes: " & Server.BytesToText(Data)
    Connection.AsyncWrite Data, "echo"
End Sub

Private Sub Server_ClientMessageSent(Connection As NamedPipeServerConnection, ByRef Cookie As Variant)
    ' Cookie is what AsyncWrite was given; a broadcast gave none.
    If Not IsEmpty(Cookie) Then Log "client " & Connection.ID & " can read: " & Cookie
End Sub

Private Sub Server_ClientDisconnected(Connection As NamedPipeServerConnection)
    Log "client " & Connection.ID & " is gone, reason " & Connection.DisconnectReason
End Sub

Private Sub Server_ClientError(Connection As NamedPipeServerConnection, _
        ByVal Number As Long, ByVal Description As String)
    Log "client " & Connection.ID & ": " & Description & " (" & Number & ")"
End Sub

Private Sub Server_ServerError(ByVal Number As Long, ByVal Description As String)
    Log Description & " (" & Number & ")"
End Sub

Private Sub Log(ByVal Text As String)
    If LogList.ListCount = 1000 Then LogList.RemoveItem 0
    LogList.AddItem Text
    LogList.ListIndex = LogList.NewIndex
End Sub
