' Start takes each setting. Wine does not know OW, the owner; WD, everybody, stands in its place.
Dim server, manager
'<< who_asks

Set server = NewServer()
'<< who_users
CheckEqual "Security", server.Security, CLng(1)
WScript.ConnectObject server, "server_"
Set manager = NewManager()
CheckHolds "the answer to a stranger", manager.CallText(server.PipeName, "may I?", 20000), "not for "
server.Stop
'<< who_group OW=WD
CheckEqual "IsRunning", server.IsRunning, True
CheckHolds "the answer to a stranger", manager.CallText(server.PipeName, "may I?", 20000), "not for "
CheckEqual "LastEventError", server.LastEventError, ""
server.Stop
WScript.DisconnectObject server
