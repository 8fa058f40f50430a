// JScript: Enumerator, text, and an object as EventSink.
var server = newServer();
var log = "";

checkEqual("IsRunning", server.IsRunning, false);
server.Start();
checkEqual("IsRunning", server.IsRunning, true);
for (var i = 0; i < 3; i++) {
    runClient("hold 20000");
    nextEvent(server, "ClientConnected");
}

var ids = "";
for (var clients = new Enumerator(server.Connections); !clients.atEnd(); clients.moveNext())
    ids += clients.item().ID + " ";
checkEqual("Enumerator", ids, "1 2 3 ");
checkEqual("by index", server.Connections(2).ID, 2);
checkEqual("Item", server.Connections.Item(3).ID, 3);
check("ByID of none", server.Connections.ByID(77) === null);
server.Stop();
while (server.WaitEvent(0));      // what was still queued

// An object whose methods are the handlers.
server.EventSink = {
    ServerReady: function () {
        log += "ready; ";
        runClient("hold 500");
    },
    ClientConnected: function (connection) {
        log += "connected " + connection.ID + "; ";
        connection.AsyncWriteText("hello", 65001, "cookie");
    },
    ClientMessageSent: function (connection, cookie) {
        log += "sent " + cookie + "; ";
    },
    ClientDisconnected: function (connection) {
        log += "gone " + connection.DisconnectReason;
        server.ManualMessageLoopLeave();
    }
};
server.Start();
checkEqual("ManualMessageLoopEnter", server.ManualMessageLoopEnter(20000), true);
checkEqual("events", log, "ready; connected 4; sent cookie; gone 1");
checkEqual("LastEventError", server.LastEventError, "");
server.Stop();

// Errors are exceptions, with a number and a sentence.
server.PipeName = "";
try {
    server.Start();
    check("Start without a name fails", false);
} catch (error) {
    checkEqual("number", error.number & 0xFFFF, 5);
    check("the sentence is " + error.description, error.description.indexOf("pipe name") >= 0);
}
