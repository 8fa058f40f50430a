// Messages as JSON in JScript: AsyncWriteJson, CallJson and NamedPipeEvent.Json with objects and arrays of its own.
var server = newServer(), manager = newManager();
var pipe, e, answer, failed = false;

server.Start();
pipe = manager.Connect(server.PipeName);
pipe.AsyncWriteJson({ id: 17, items: ["pen", { n: 2 }] }, "a cookie");
pipe.AsyncWriteText("none");

e = nextEvent(server, "ClientMessageReceived");
checkEqual("Text", e.Text, '{"id":17,"items":["pen",{"n":2}]}');
checkEqual("a member of Json", e.Json.Item("id"), 17);
checkEqual("a member by a call", e.Json("id"), 17);
checkEqual("a member by its name", e.Json.id, undefined);
checkEqual("the names", new VBArray(e.Json.Keys()).toArray().join(" "), "id items");
checkEqual("an element of Json", new VBArray(e.Json.Item("items")).getItem(1).Item("n"), 2);
e.Connection.AsyncWriteJson([1, "two", null], "with a cookie");

e = nextEvent(server, "ClientMessageReceived");
try {
    answer = e.Json;
} catch (error) {
    failed = error.description.indexOf("line 1, column 1") >= 0;
}
check("Json of what is none fails with its place", failed);

e = nextEvent(manager, "MessageReceived");
checkEqual("an array", new VBArray(e.Json).toArray().join(" "), "1 two ");
checkEqual("Cookie", nextEvent(server, "ClientMessageSent").Cookie, "with a cookie");
manager.Stop();
server.Stop();

// The answer of this server comes unasked: Wine's JScript takes no array of bytes, so none of its handlers can read.
server.EventSink = {
    ClientConnected: function (connection) {
        connection.AsyncWriteJson({ open: true, free: [7] });
    }
};
server.Start();
answer = manager.CallJson(server.PipeName, ["how many?"], 20000);
checkEqual("a member of an answer", answer.Item("open"), true);
checkEqual("an element of an answer", new VBArray(answer.Item("free")).getItem(0), 7);
checkEqual("LastEventError", server.LastEventError, "");
server.Stop();
server.EventSink = null;
