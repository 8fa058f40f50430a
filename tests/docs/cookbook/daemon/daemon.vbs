'<< daemon ScriptDaemon=PIPE
CheckEqual "LastEventError", server.LastEventError, ""
