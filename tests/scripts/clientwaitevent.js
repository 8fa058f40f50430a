// JScript: a client by WaitEvent, Text and CallText, with a server of ours in the same thread;
// an object as the client's EventSink.
var server = newServer();
var manager = newManager();
server.Start();

// Without a sink each end's events come by its own WaitEvent.
var client = manager.Connect(server.PipeName);
checkEqual("PipeName", client.PipeName, server.PipeName);
check("Connected is of this client", nextEvent(manager, "Connected").Connection === client);
checkEqual("MessageMode", client.MessageMode, true);
client.CustomData = "kept";
client.AsyncWriteText("to the server", 65001, "a cookie");
checkEqual("the cookie", nextEvent(manager, "MessageSent").Cookie, "a cookie");
var e = nextEvent(server, "ClientMessageReceived");
checkEqual("what the server got", e.Text, "to the server");
e.Connection.AsyncWriteText("to the client");
e = nextEvent(manager, "MessageReceived");
checkEqual("what the client got", e.Text, "to the client");
checkEqual("CustomData", e.Connection.CustomData, "kept");
e.Connection.AsyncWrite(e.Data);
checkEqual("the same bytes back", nextEvent(server, "ClientMessageReceived").Text, "to the client");
nextEvent(manager, "MessageSent");

// An object whose methods are the handlers: CallText raises the events of both ends while it waits. (Wine's JScript
// takes no arrays: the answers do not depend on Data.)
var log = "";
client.EventSink = {
    MessageSent: function (cookie) { log += "sent " + cookie + "; "; },
    Disconnected: function () { log += "gone " + client.DisconnectReason; manager.ManualMessageLoopLeave(); }
};
server.EventSink = {
    ClientConnected: function (connection) { connection.AsyncWriteText("an answer"); }
};
client.AsyncWriteText("x", 65001, "a number");
checkEqual("CallText", manager.CallText(server.PipeName, "x"), "an answer");
server.Stop();
checkEqual("ManualMessageLoopEnter", manager.ManualMessageLoopEnter(20000), true);
checkEqual("events", log, "sent a number; gone 2");
checkEqual("LastEventError", manager.LastEventError, "");

// Errors are exceptions, with a number and a sentence.
try {
    manager.CallText(server.PipeName, "x", 100);
    check("a pipe that is not there fails", false);
} catch (error) {
    checkEqual("number", error.number & 0xFFFF, 53);
    check("the sentence is " + error.description, error.description.indexOf("no such pipe") >= 0);
}
