using System;
using System.Diagnostics;
using System.IO;
using System.IO.Pipes;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

// dotnet_client NAME: asks the echo server of the pipe for messages back and compares them byte by byte.
// dotnet_client NAME lines|flush|mark: the same for lines, by a StreamReader and a StreamWriter: with AutoFlush,
// without, and with the mark of UTF-8 in front.
// Ends with 0, or with 1 and what was wrong.

if (args.Length == 0)
{
    Console.WriteLine("usage: dotnet_client NAME");
    return 2;
}
string name = args[0];
int[] sizes =
[
    1, 63, 64, 65, 4095, 4096, 4097, 65535, 65536, 65537, 131071, 131072, 131073, 1 << 20, 20 << 20, 2,
];
var watch = Stopwatch.StartNew();

try
{
    if (args.Length > 1)
    {
        await Lines(args[1]);
        Console.WriteLine($"all lines came back as sent ({watch.Elapsed.TotalSeconds:0.0} s)");
        return 0;
    }
    using NamedPipeClientStream first = await Connect(); // the server ends when the last one leaves
    await OneByOne(first);
    await NothingIsNoMessage(first);
    await ManyUnderWay(first);
    await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
    {
        using NamedPipeClientStream client = await Connect();
        foreach (int size in sizes.Where(size => size <= 1 << 17))
        {
            await client.WriteAsync(Message(size));
            Compare(await Receive(client, 65536), size);
        }
    }));
    await LeaveAtOnce();
    Console.WriteLine($"all came back as sent ({watch.Elapsed.TotalSeconds:0.0} s)");
    return 0;
}
catch (Exception e)
{
    Console.WriteLine(e);
    return 1;
}

async Task<NamedPipeClientStream> Connect()
{
    var client = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
    await client.ConnectAsync(20000);
    client.ReadMode = PipeTransmissionMode.Message;
    return client;
}

static byte[] Message(int size)
{
    byte[] data = new byte[size];
    new Random(size).NextBytes(data);
    return data;
}

// A whole message, in as many reads as it takes.
static async Task<byte[]> Receive(NamedPipeClientStream client, int chunk)
{
    using var message = new MemoryStream();
    byte[] buffer = new byte[chunk];
    do
    {
        int count = await client.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(120));
        if (count == 0 && !client.IsConnected)
            throw new EndOfStreamException("the server closed");
        message.Write(buffer, 0, count);
    } while (!client.IsMessageComplete);
    return message.ToArray();
}

static void Compare(byte[] answer, int size)
{
    if (!answer.AsSpan().SequenceEqual(Message(size)))
        throw new InvalidDataException($"a message of {size} bytes came back as {answer.Length} bytes, or other ones");
}

// Each size, with read buffers that are smaller than the message, fit it, and are larger.
async Task OneByOne(NamedPipeClientStream client)
{
    foreach (int size in sizes)
    {
        foreach (int chunk in size > 1 << 20 ? new[] { 1 << 20 } : [Math.Max(1, size / 2), size, size + 1])
        {
            Task write = client.WriteAsync(Message(size)).AsTask();
            Compare(await Receive(client, chunk), size);
            await write;
        }
    }
}

// .NET writes no message of no bytes: what comes next is the answer to the message behind it.
async Task NothingIsNoMessage(NamedPipeClientStream client)
{
    await client.WriteAsync(Array.Empty<byte>());
    await client.WriteAsync(Message(3));
    Compare(await Receive(client, 100), 3);
}

// 200 messages are written without waiting for the answers, which come in order.
async Task ManyUnderWay(NamedPipeClientStream client)
{
    Task write = Task.Run(async () =>
    {
        for (int i = 0; i < 200; i++)
            await client.WriteAsync(Message(sizes[i % 13]));
    });
    for (int i = 0; i < 200; i++)
        Compare(await Receive(client, 65536), sizes[i % 13]);
    await write;
}

// In byte mode, as a StreamReader reads. A line comes back when it is whole.
async Task Lines(string mode)
{
    using var client = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
    await client.ConnectAsync(20000);
    var reader = new StreamReader(client);
    var writer = new StreamWriter(client, new UTF8Encoding(mode == "mark"), 16384) { AutoFlush = mode != "flush" };
    foreach (int size in sizes.Where(size => size <= 1 << 20))
    {
        string line = new('\u00fc', size);
        await writer.WriteAsync(line);
        await writer.WriteLineAsync("!");
        await writer.FlushAsync();
        string? answer = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(120));
        if (answer != line + "!")
            throw new InvalidDataException($"a line of {size} characters came back as {answer?.Length}, or other ones");
    }
    await writer.WriteAsync("one\r\ntwo\n");
    await writer.FlushAsync();
    foreach (string expected in new[] { "one", "two" })
        if (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(120)) != expected)
            throw new InvalidDataException($"the line \"{expected}\" did not come back");
}

// Clients that do not wait for their answer.
async Task LeaveAtOnce()
{
    for (int i = 0; i < 20; i++)
    {
        using NamedPipeClientStream client = await Connect();
        await client.WriteAsync(Message(100));
    }
}
