// Arrays of JScript as Data, and other lists of a script.
var server = newServer(), manager = newManager();
var connection, event, list, i;

function heard() {
    return server.BytesToText(nextEvent(server, "ClientMessageReceived").Data);
}

function failsWith(what, data, part) {
    var description = "";

    try {
        manager.Send(server.PipeName, data);
    } catch (e) {
        description = e.description;
    }
    check(what + ": " + description, description.indexOf(part) >= 0);
}

server.Start();
checkEqual("BytesToText", server.BytesToText([72, 105]), "Hi");
manager.Send(server.PipeName, [72, 105]);
checkEqual("Send", heard(), "Hi");
manager.Send(server.PipeName, []);
checkEqual("an array of no elements", heard(), "");
list = [];
for (i = 0; i < 1000; i++)
    list.push(65 + i % 26);
manager.Send(server.PipeName, list);
checkEqual("1,000 elements", heard().length, 1000);

manager.Send(server.PipeName, { length: 2, 0: 72, 1: 105 });
checkEqual("what is like an array", heard(), "Hi");

failsWith("a fraction", [1, 1.5], "Data(1) is no whole number");
failsWith("beyond 255", [1, 256], "Data(1) is 256");
failsWith("a text", ["1"], "Data(0) is no whole number");
failsWith("a hole", [1, , 3], "Data(1) is no whole number");
failsWith("an object", { a: 1 }, "Data is no bytes");
failsWith("an object with a member called length", { length: 1, width: 65 }, "Data(0) is no whole number");
failsWith("a function", function () {}, "Data");
server.Stop();
