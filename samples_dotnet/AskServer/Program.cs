using System.IO.Pipes;
using System.Security.Principal;
using System.Text;
using System.Text.Json.Nodes;

// AskServer PIPE message|lines TEXT: a client in C# of a server that uses NamedPipeServer.dll. It sends {"text": TEXT}
// and shows the member "text" of the answer. Ends with 0, or with 1 and a sentence.
//   message   the server leaves Framing as it is: one message of the pipe is the request, one the answer
//   lines     the server sets Framing to NamedPipeFramingLines

if (args.Length != 3)
{
    Console.WriteLine("usage: AskServer PIPE message|lines TEXT");
    return 2;
}
bool inLines = args[1] == "lines";
string request = new JsonObject { ["text"] = args[2] }.ToJsonString();
try
{
    // Identification: the server may see who asks, and cannot act in this user's name.
    await using var pipe = new NamedPipeClientStream(".", args[0], PipeDirection.InOut, PipeOptions.Asynchronous,
        TokenImpersonationLevel.Identification);
    await pipe.ConnectAsync(20000); // waits for a server that is just starting, and for a pipe that is busy
    string? answer = inLines ? await AskLine(pipe, request) : await AskMessage(pipe, request);
    Console.WriteLine(JsonNode.Parse(answer ?? "{}")!["text"] ?? "the server left without an answer");
    return answer is null ? 1 : 0;
}
catch (Exception e) when (e is IOException or TimeoutException or UnauthorizedAccessException)
{
    Console.WriteLine(e.Message);
    return 1;
}

static async Task<string?> AskMessage(NamedPipeClientStream pipe, string request)
{
    pipe.ReadMode = PipeTransmissionMode.Message; // without this it reads a stream, whatever the server does
    await pipe.WriteAsync(Encoding.UTF8.GetBytes(request)); // one write is one message
    using var answer = new MemoryStream();
    byte[] buffer = new byte[65536];
    do
    {
        int count = await pipe.ReadAsync(buffer);
        if (count == 0) // the server has left
            return null;
        answer.Write(buffer, 0, count);
    } while (!pipe.IsMessageComplete);
    return Encoding.UTF8.GetString(answer.ToArray());
}

static async Task<string?> AskLine(NamedPipeClientStream pipe, string request)
{
    var utf8 = new UTF8Encoding(false); // Encoding.UTF8 would send a mark in front
    using var reader = new StreamReader(pipe, utf8, false, 4096, leaveOpen: true);
    await pipe.WriteAsync(utf8.GetBytes(request + "\n"));
    return await reader.ReadLineAsync();
}
