' For the tests of the registration: ends with 42 where the server can be created by its name.
Option Explicit
Dim server

Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
If Left(server.Version, 6) = "1.0.0 " Then WScript.Quit 42
