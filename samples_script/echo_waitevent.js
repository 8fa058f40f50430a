// echo_waitevent.js: a server that answers each message with the same message. It asks for one event after the other.
//
//     cscript //nologo echo_waitevent.js [PIPE]          PIPE is EchoPipe where none is given
//
// Speak to it from another command prompt:
//
//     echo hello > \\.\pipe\EchoPipe
//     echo quit > \\.\pipe\EchoPipe                      ends it
//
// JScript cannot look into an array of bytes: Text and AsyncWriteText speak UTF-8 instead.

var server = new ActiveXObject("NamedPipeServerLib.NamedPipeServer");
server.PipeName = WScript.Arguments.length > 0 ? WScript.Arguments.Item(0) : "EchoPipe";
server.Start();

// WaitEvent() waits for ever; WaitEvent(500) gives null after half a second without an event. Once the server is
// stopped and there are no more events it gives null at once.
var e;
while ((e = server.WaitEvent()) != null) {
    switch (e.Name) {
        case "ServerReady":
            WScript.Echo("Ready: \\\\.\\pipe\\" + server.PipeName);
            break;

        case "ClientConnected":
            WScript.Echo("Client " + e.Connection.ID + " has come");
            break;

        case "ClientMessageReceived":
            var line = withoutLineEnd(e.Text);
            if (line !== "")
                WScript.Echo("Client " + e.Connection.ID + " says: " + line);
            if (line === "quit") {
                server.AsyncBroadcastText("Good-bye from the server.\r\n");
                server.Stop(2000);      // sends what is still to be sent, for two seconds at most
            } else
                e.Connection.AsyncWriteText(e.Text);
            break;

        case "ClientDisconnected":
            WScript.Echo("Client " + e.Connection.ID + " is gone");
            break;

        case "ClientError":
        case "ServerError":
            WScript.Echo("Error " + e.Number + ": " + e.Description);
            break;
    }
}

WScript.Echo("Stopped");

// `echo` of the command prompt sends a blank and a line end behind the text.
function withoutLineEnd(text) {
    return text.replace(/\s+$/, "");
}
