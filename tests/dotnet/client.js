// client.js PIPE: our client in JScript with a server that sends every message back: a connection and two calls.
// Ends with 42.

var manager = new ActiveXObject("NamedPipeServerLib.NamedPipeClientManager");
var name = WScript.Arguments(0);

function fail(what) {
    WScript.Echo("FAILED: " + what);
    WScript.Quit(1);
}

// The answer may come before MessageSent, which tells that the pipe has taken the question: that is kept in `sent`.
var sent = null;

function next(expected) {
    var event;

    do {
        event = manager.WaitEvent(20000);
        if (event === null)
            fail("no " + expected + " came");
        if (event.Name == "MessageSent")
            sent = event;
    } while (event.Name == "MessageSent" && expected != "MessageSent");
    if (event.Name != expected)
        fail(event.Name + " came instead of " + expected + ": " + event.Description);
    return event;
}

function check(what, actual, expected) {
    if (actual !== expected)
        fail(what + " is " + actual + ", should be " + expected);
}

var pipe = manager.Connect(name, 20000);
check("the connection of Connected", next("Connected").Connection.PipeName, name);
check("MessageMode", pipe.MessageMode, true);
pipe.AsyncWriteText("Gr\u00fcn", 65001, "cookie");
check("the message", next("MessageReceived").Text, "Gr\u00fcn");
check("the Cookie", (sent || next("MessageSent")).Cookie, "cookie");
pipe.AsyncClose();
next("Disconnected");
check("DisconnectReason", pipe.DisconnectReason, 1);

check("the answer", manager.CallText(name, "Gr\u00fcn", 20000), "Gr\u00fcn");
check("the answer in UTF-16", manager.CallText(name, "\u20ac", 20000, ".", 1200), "\u20ac");
WScript.Quit(42);
