// client.js PIPE: our client in JScript with a server that sends every message back: a connection and two calls.
// Ends with 42.

var manager = new ActiveXObject("NamedPipeServerLib.NamedPipeClientManager");
var name = WScript.Arguments(0);

function fail(what) {
    WScript.Echo("FAILED: " + what);
    WScript.Quit(1);
}

function next(expected) {
    var event = manager.WaitEvent(20000);

    if (event === null)
        fail("no " + expected + " came");
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
check("the Cookie", next("MessageSent").Cookie, "cookie");
check("the message", next("MessageReceived").Text, "Gr\u00fcn");
pipe.AsyncClose();
next("Disconnected");
check("DisconnectReason", pipe.DisconnectReason, 1);

check("the answer", manager.CallText(name, "Gr\u00fcn", 20000), "Gr\u00fcn");
check("the answer in UTF-16", manager.CallText(name, "\u20ac", 20000, ".", 1200), "\u20ac");
WScript.Quit(42);
