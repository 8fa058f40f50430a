
// ---- check.js: what the tests in JScript share. It is appended to each of them and ends it: with 42 where all held.
// Arguments: the name of the pipe, the path of pipe_client.exe.

WScript.Quit(failedChecks ? 1 : 42);

var failedChecks;

function check(what, holds) {
    if (holds)
        return;
    failedChecks = (failedChecks || 0) + 1;
    WScript.Echo("FAILED: " + what);
}

function checkEqual(what, actual, expected) {
    check(what + " is " + actual + ", should be " + expected, actual === expected);
}

function newServer() {
    var server = new ActiveXObject("NamedPipeServerLib.NamedPipeServer");
    server.PipeName = WScript.Arguments.Item(0);
    return server;
}

function newManager() {
    return new ActiveXObject("NamedPipeServerLib.NamedPipeClientManager");
}

// Starts a client and goes on.
function runClient(actions) {
    var command = '"' + WScript.Arguments.Item(1) + '" ' + WScript.Arguments.Item(0) + " " + actions;

    new ActiveXObject("WScript.Shell").Run(command, 0, false);
}

// The next event of this name, of a server or of a manager of clients; others are passed over. null after 20 seconds.
function nextEvent(source, name) {
    for (;;) {
        var e = source.WaitEvent(20000);
        if (!e) {
            check("no " + name + " came", false);
            return null;
        }
        if (e.Name === name)
            return e;
    }
}
