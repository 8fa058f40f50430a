// JSON of a script's own objects: JScript's objects, arrays and dates, and what comes back.
var server = newServer(), manager = newManager();
var list, d;

function Point(x) {
    this.x = x;
    this.twice = function () { return 2 * this.x; };
}
Point.prototype.shared = 1;

checkEqual("an object", server.ToJson({ a: 1, b: "x", c: { d: null } }), '{"a":1,"b":"x","c":{"d":null}}');
checkEqual("an empty object", server.ToJson({}), "{}");
checkEqual("an array", server.ToJson([1, "x", [], true]), '[1,"x",[],true]');
checkEqual("an empty array", server.ToJson([]), "[]");
list = [1];
list[2] = 3;
checkEqual("a hole", server.ToJson(list), "[1,null,3]");
checkEqual("its own members, no functions", server.ToJson(new Point(5)), '{"x":5}');
checkEqual("a member called length", server.ToJson({ length: 2, width: 3 }), '{"length":2,"width":3}');
(function () {
    checkEqual("arguments", server.ToJson(arguments), '[1,"b"]');
})(1, "b");
checkEqual("undefined", server.ToJson([undefined, null]), "[null,null]");
checkEqual("a function", server.ToJson([function () {}]), "[null]");
checkEqual("lines", server.ToJson({ a: [1] }, 1), '{\r\n "a": [\r\n  1\r\n ]\r\n}');
d = new Date(2026, 10, 26, 18, 4, 0);
if ("getVarDate" in d)      // Wine's JScript may have none
    checkEqual("a date", server.ToJson({ at: d }), '{"at":"2026-11-26T18:04:00"}');
else {
    try {
        server.ToJson({ at: d });
        check("a date that cannot be read fails", false);
    } catch (e) {
        checkEqual("the error of a date that cannot be read", e.number & 0xffff, 5);
    }
}

list = new VBArray(manager.FromJson('[1,{"k":"v"}]')).toArray();
checkEqual("an element", list[0], 1);
checkEqual("a member", list[1].Item("k"), "v");
checkEqual("null", manager.FromJson("null"), null);
checkEqual("there and back", manager.ToJson(manager.FromJson('{"a":[1.5,{"b":false}]}')), '{"a":[1.5,{"b":false}]}');

var circle = {}, failed = false;
circle.me = circle;
try {
    server.ToJson(circle);
} catch (e) {
    failed = e.description.indexOf("100 levels") >= 0;
}
check("a circle ends with a sentence", failed);
