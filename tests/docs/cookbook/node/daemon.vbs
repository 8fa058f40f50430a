' The daemon of the recipe, in lines.
'<< daemon ScriptDaemon=PIPE server.Start=server.Framing=1:server.Start
CheckEqual "LastEventError", server.LastEventError, ""
