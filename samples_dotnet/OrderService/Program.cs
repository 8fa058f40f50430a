using System.IO.Pipes;
using System.Text;
using System.Text.Json.Nodes;

// OrderService PIPE message|lines [CLIENTS]: a server in C# for clients that use NamedPipeServer.dll, such as Excel.
//
// A request is JSON, rows of [name, count, price]; the answer is {"rows": ..., "total": ...} or {"error": "..."}.
//   message   each message of the pipe is a request; the client leaves Framing as it is
//   lines     each line is one; the client sets Framing to NamedPipeFramingLines
// It ends with Ctrl+C, or when so many CLIENTS have left.

if (args.Length < 2)
{
    Console.WriteLine("usage: OrderService PIPE message|lines [CLIENTS]");
    return 2;
}
string name = args[0];
bool inLines = args[1] == "lines";
int clients = args.Length > 2 ? int.Parse(args[2]) : int.MaxValue;

var serving = new List<Task>();
for (int i = 0; i < clients; i++)
{
    // A fresh instance of the pipe waits for the next client while those before are served.
    var pipe = new NamedPipeServerStream(name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances,
        inLines ? PipeTransmissionMode.Byte : PipeTransmissionMode.Message, PipeOptions.Asynchronous, 65536, 65536);
    try
    {
        await pipe.WaitForConnectionAsync();
    }
    catch (IOException) // a client that left before it was seen
    {
        await pipe.DisposeAsync();
        continue;
    }
    serving.RemoveAll(task => task.IsCompleted);
    serving.Add(Serve(pipe));
}
await Task.WhenAll(serving);
return 0;

async Task Serve(NamedPipeServerStream pipe)
{
    await using (pipe)
    {
        try
        {
            await (inLines ? ServeLines(pipe) : ServeMessages(pipe));
        }
        catch (IOException e) // the client left in the middle of it
        {
            Console.WriteLine(e.Message);
        }
    }
}

static async Task ServeMessages(NamedPipeServerStream pipe)
{
    byte[] buffer = new byte[65536];
    for (;;)
    {
        using var message = new MemoryStream();
        do // a message that is longer than the buffer comes in several reads
        {
            int count = await pipe.ReadAsync(buffer);
            if (count == 0) // the client has left (.NET tells that no differently from a message of no bytes)
                return;
            message.Write(buffer, 0, count);
        } while (!pipe.IsMessageComplete);
        await pipe.WriteAsync(Encoding.UTF8.GetBytes(Answer(Encoding.UTF8.GetString(message.ToArray()))));
    }
}

static async Task ServeLines(NamedPipeServerStream pipe)
{
    var utf8 = new UTF8Encoding(false); // Encoding.UTF8 would send a mark in front
    using var reader = new StreamReader(pipe, utf8, false, 4096, leaveOpen: true);
    while (await reader.ReadLineAsync() is { } line)
        await pipe.WriteAsync(utf8.GetBytes(Answer(line) + "\n"));
}

static string Answer(string request)
{
    try
    {
        int rows = 0;
        double total = 0;
        foreach (JsonNode? row in JsonNode.Parse(request)!.AsArray())
        {
            total += (double)row![1]! * (double)row[2]!;
            rows++;
        }
        return new JsonObject { ["rows"] = rows, ["total"] = total }.ToJsonString();
    }
    catch (Exception e) // every request has an answer, or the client waits in vain
    {
        return new JsonObject { ["error"] = e.Message }.ToJsonString();
    }
}
