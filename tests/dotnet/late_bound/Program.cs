using System;
using System.Collections;
using System.Linq;
using System.Runtime.InteropServices;
using NamedPipeServerTests;

// late_bound MANIFEST PIPE: JSON as C# has it without a reference, by `dynamic`: ToJson and FromJson, then messages
// between a server and a manager of this thread, which is an STA. Ends with 42, or with 1 and what did not hold.

namespace LateBound;

/// The EventSink: its methods are called by name.
[ComVisible(true)]
[ClassInterface(ClassInterfaceType.AutoDispatch)]
public sealed class Handler(dynamic server)
{
    public void ClientMessageReceived(dynamic Connection, object Cookie, byte[] Data)
    {
        dynamic request = server.FromJson(server.BytesToText(Data));
        if (request is object[] or string)
        {
            Connection.AsyncWriteJson(request);
            return;
        }
        request.Add("seen", true);
        Connection.AsyncWriteJson(request, "a cookie");
    }
}

internal static class Program
{
    private static int s_failed;

    [STAThread]
    private static int Main(string[] arguments)
    {
        if (arguments.Length != 2)
        {
            Console.WriteLine("usage: late_bound MANIFEST PIPE");
            return 2;
        }
        try
        {
            ActivationContext.Enter(arguments[0]);
            dynamic server = New("NamedPipeServer");
            dynamic manager = New("NamedPipeClientManager");
            WriteValues(server);
            WriteValues(manager);
            ReadValues(server);
            ReadValues(manager);
            Refuse(manager);
            server.PipeName = arguments[1];
            Exchange(server, manager, arguments[1]);
            return s_failed == 0 ? 42 : 1;
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
            return 1;
        }
    }

    private static dynamic New(string name) =>
        Activator.CreateInstance(Type.GetTypeFromProgID("NamedPipeServerLib." + name, true)!)!;

    private static void Check(string what, object? actual, object? expected)
    {
        if (Equals(actual, expected))
            return;
        s_failed++;
        Console.WriteLine($"FAILED: {what} is {actual ?? "null"}, should be {expected ?? "null"}");
    }

    private static void WriteValues(dynamic converter)
    {
        (object? Value, string Json)[] cases =
        [
            (null, "null"), (DBNull.Value, "null"), (true, "true"), ((byte)5, "5"), (-17, "-17"),
            (1L << 53, "9007199254740992"), (0.1, "0.1"), (1.5f, "1.5"), (12.50m, "12.5"),
            ("a \"text\"", "\"a \\\"text\\\"\""),
            (new DateTime(2026, 11, 26, 18, 4, 0), "\"2026-11-26T18:04:00\""),
            (new byte[] { 0x66, 0x6f, 0x6f }, "\"Zm9v\""),
            (new[] { 1, 2 }, "[1,2]"), (Array.Empty<object>(), "[]"),
            (new object?[] { "x", null, 2.5 }, "[\"x\",null,2.5]"),
            (new object[,] { { 1, 2 }, { 3, "z" } }, "[[1,2],[3,\"z\"]]"),
            (new[] { "a", "b" }, "[\"a\",\"b\"]"),
            ((object)Order(converter), "{\"id\":17}"), (new object[] { Order(converter) }, "[{\"id\":17}]"),
        ];
        foreach ((object? value, string json) in cases)
            Check($"a {value?.GetType().Name ?? "null"}", (string)converter.ToJson(value), json);
        Check("lines", (string)converter.ToJson(new[] { 1 }, 2), "[\r\n  1\r\n]");
    }

    /// An object for JSON.
    private static dynamic Order(dynamic converter)
    {
        dynamic order = converter.FromJson("{}");
        order.Add("id", 17);
        return order;
    }

    private static void ReadValues(dynamic converter)
    {
        Check("a number", (object)converter.FromJson("5"), 5);
        Check("a fraction", (object)converter.FromJson("5.0"), 5.0);
        Check("a large number", (object)converter.FromJson("9007199254740993"), 9007199254740993m);
        Check("a text", (object)converter.FromJson("\"Gr\\u00fc\\u00dfe\""), "Gr\u00fc\u00dfe");
        Check("a Boolean", (object)converter.FromJson(" true "), true);
        Check("null", (object)converter.FromJson("null"), DBNull.Value);
        object[] list = converter.FromJson("[1,[\"x\"],{}]");
        Check("elements", list.Length, 3);
        Check("an element of an element", ((object[])list[1])[0], "x");
        Check("no elements", ((object[])converter.FromJson("[]")).Length, 0);
        dynamic found = converter.FromJson("{\"id\":17,\"items\":[\"pen\",\"ink\"],\"ID\":null}");
        Check("members", (int)found.Count, 3);
        Check("a member", (object)found.Item("id"), 17);
        Check("an array in a member", string.Join(' ', ((object[])found.Item("items")).Cast<string>()), "pen ink");
        Check("Null in a member", (object)found.Item("ID"), DBNull.Value);
        Check("names", string.Join(' ', ((object[])found.Keys()).Cast<string>()), "id items ID");
        Check("there and back", (string)converter.ToJson(found), "{\"id\":17,\"items\":[\"pen\",\"ink\"],\"ID\":null}");
    }

    /// The number and the sentence of what fails, whatever class of exception .NET makes of the number.
    private static void CheckFails(string what, Action call, int number, string part)
    {
        try
        {
            call();
        }
        catch (Exception e)
        {
            Check($"{what}: HResult", e.HResult.ToString("X8"), number.ToString("X8"));
            Check($"{what} says '{e.Message}', which holds '{part}'", e.Message.Contains(part), true);
            return;
        }
        Check($"{what} failed", false, true);
    }

    private static void Refuse(dynamic manager)
    {
        const int InvalidCall = unchecked((int)0x800A0005), TypeMismatch = unchecked((int)0x80020005);

        CheckFails("no JSON", () => manager.FromJson("[1,\n }"), InvalidCall, "line 2, column 2");
        CheckFails("infinity", () => manager.ToJson(double.PositiveInfinity), InvalidCall, "JSON");
        // .NET shows its collections to no COM.
        CheckFails("a Hashtable", () => manager.ToJson(new Hashtable { ["a"] = 1 }),
            TypeMismatch, "Scripting.Dictionary");
        CheckFails("an ArrayList", () => manager.ToJson(new ArrayList { 1 }), TypeMismatch, "Scripting.Dictionary");
        CheckFails("an Indent", () => manager.ToJson(1, 11), InvalidCall, "Indent is 11");
    }

    private static void Exchange(dynamic server, dynamic manager, string pipe)
    {
        var handler = new Handler(server);
        server.EventSink = handler;
        server.Start();
        dynamic answer = manager.CallJson(pipe, Order(manager), 20000);
        Check("the answer", (string)manager.ToJson(answer), "{\"id\":17,\"seen\":true}");
        object[] list = manager.CallJson(pipe, new object[] { "x", 0.5 }, 20000, ".");
        Check("an array as the answer", string.Join(' ', list), "x 0.5");
        Check("LastEventError", (string)server.LastEventError, "");
        server.Stop();

        // Without a handler: events, one by one.
        server.EventSink = null;
        server.Start();
        dynamic connection = manager.Connect(pipe);
        connection.AsyncWriteJson(new object[] { 1, "two" }, "a cookie");
        connection.AsyncWriteText("none");
        Check("Json", string.Join(' ', (object[])Next(server, "ClientMessageReceived").Json), "1 two");
        dynamic none = Next(server, "ClientMessageReceived");
        CheckFails("Json of what is none", () => _ = none.Json, unchecked((int)0x800A0005), "line 1, column 1");
        Check("Cookie", (object)Next(manager, "MessageSent").Cookie, "a cookie");
        none.Connection.AsyncWriteJson(null);
        dynamic last = Next(manager, "MessageReceived");
        Check("null as a message", (object)last.Json, DBNull.Value);
        Check("its Text", (string)last.Text, "null");
        manager.Stop();
        server.Stop();
    }

    private static dynamic Next(dynamic source, string name)
    {
        for (;;)
        {
            dynamic? e = source.WaitEvent(20000);
            if (e is null)
                throw new TimeoutException("no " + name + " came");
            if ((string)e.Name == name)
                return e;
        }
    }
}
