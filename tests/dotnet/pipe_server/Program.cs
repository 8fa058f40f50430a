using System;
using System.ComponentModel;
using System.IO;
using System.IO.Pipes;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

// dotnet_pipe_server NAME MODE CLIENTS: serves so many clients, at once, each until it leaves.
// Ends with 0, or with 1 and what was wrong. The modes:
//   message, bytes   what comes is sent back, in a pipe of that mode
//   in               only receives: the messages that tests/dotnet/client.vbs sends, which it compares; then it closes
//   out              only sends: its process id and a few messages; then it closes
//   close            closes when it has received a message
//   disconnect       disconnects the client when it has received a message
//   nothing          answers each message with one of no bytes
//   silent           receives messages and does nothing about them
//   lines            sends each line back, by a StreamReader and a StreamWriter with AutoFlush, in byte mode
//   flush            the same without AutoFlush
//   mark             the same with the mark of UTF-8 in front of what is sent
//   hangup           answers a line with another that has no end, and closes
// To in and out one of the clients comes for a call, which the pipe does not allow, and leaves.

if (args.Length == 0)
{
    Console.WriteLine("usage: dotnet_pipe_server NAME MODE CLIENTS");
    return 2;
}
string name = args[0];
string mode = args[1];
int clients = int.Parse(args[2]);
int[] sizes = [1, 65535, 65536, 65537, 1 << 20];
int callers = 0;

try
{
    // All instances are there before the first client comes.
    NamedPipeServerStream[] pipes = Enumerable.Range(0, clients).Select(_ => Open()).ToArray();
    await Task.WhenAll(pipes.Select(Serve));
    if (callers != (mode is "in" or "out" ? 1 : 0))
        throw new InvalidDataException($"{callers} clients came for a call");
    Console.WriteLine("The last client has left");
    return 0;
}
catch (Exception e)
{
    Console.WriteLine(e);
    return 1;
}

NamedPipeServerStream Open() => new(name,
    mode switch { "in" => PipeDirection.In, "out" => PipeDirection.Out, _ => PipeDirection.InOut },
    clients,
    mode is "bytes" or "lines" or "flush" or "mark" or "hangup"
        ? PipeTransmissionMode.Byte
        : PipeTransmissionMode.Message,
    PipeOptions.Asynchronous);

async Task Serve(NamedPipeServerStream pipe)
{
    using (pipe)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await pipe.WaitForConnectionAsync(limit.Token);
        }
        catch (IOException) // he came and left before this call
        {
            Interlocked.Increment(ref callers);
            return;
        }
        switch (mode)
        {
            case "message":
                while (await ReceiveMessage(pipe, limit.Token) is { } message)
                    await pipe.WriteAsync(message, limit.Token);
                break;
            case "bytes":
                byte[] chunk = new byte[50000];
                for (int count; (count = await pipe.ReadAsync(chunk, limit.Token)) > 0;)
                    await pipe.WriteAsync(chunk.AsMemory(0, count), limit.Token);
                break;
            case "in":
                if (await ReceiveMessage(pipe, limit.Token) is not { } first)
                {
                    Interlocked.Increment(ref callers);
                    break;
                }
                Compare(first, sizes[0]);
                foreach (int size in sizes.Skip(1))
                    Compare(await ReceiveMessage(pipe, limit.Token), size);
                break;
            case "out":
                // With buffers of no size a write waits for its read: nothing is lost when the pipe closes.
                try
                {
                    await pipe.WriteAsync(Encoding.ASCII.GetBytes($"{Environment.ProcessId}"), limit.Token);
                }
                catch (IOException)
                {
                    Interlocked.Increment(ref callers);
                    break;
                }
                foreach (int size in sizes)
                    await pipe.WriteAsync(Message(size), limit.Token);
                break;
            case "close":
                await ReceiveMessage(pipe, limit.Token);
                break;
            case "disconnect":
                await ReceiveMessage(pipe, limit.Token);
                pipe.Disconnect();
                break;
            case "nothing":
                while (await ReceiveMessage(pipe, limit.Token) != null)
                    await Task.Run(() => WriteNothing(pipe.SafePipeHandle), limit.Token);
                break;
            case "lines" or "flush" or "mark":
                await SendLinesBack(pipe, limit.Token);
                break;
            case "hangup":
                string? line = await new StreamReader(pipe).ReadLineAsync(limit.Token);
                await pipe.WriteAsync(Encoding.UTF8.GetBytes("answer to " + line), limit.Token);
                break;
            case "silent":
                while (await ReceiveMessage(pipe, limit.Token) != null) { }
                break;
            default:
                throw new ArgumentException($"there is no mode {mode}");
        }
    }
}

// A StreamWriter writes its mark when AutoFlush is set, before a line has come, and waits until it is read: a pipe of
// .NET's has no buffer unless it is given one.
async Task SendLinesBack(NamedPipeServerStream pipe, CancellationToken limit)
{
    var reader = new StreamReader(pipe);
    var writer = new StreamWriter(pipe, new UTF8Encoding(mode == "mark"), 16384) { AutoFlush = mode != "flush" };
    while (await reader.ReadLineAsync(limit) is { } line)
    {
        await writer.WriteLineAsync(line.AsMemory(), limit);
        await writer.FlushAsync(limit);
    }
}

// As client.vbs makes them: x between a and z.
static byte[] Message(int size)
{
    byte[] data = new byte[size];
    Array.Fill(data, (byte)'x');
    data[^1] = (byte)'z';
    data[0] = (byte)'a';
    return data;
}

// A whole message; null when the client has left.
// To .NET that is a read of no bytes, and as a rule only the next read knows that the pipe is broken.
static async Task<byte[]?> ReceiveMessage(NamedPipeServerStream pipe, CancellationToken limit)
{
    using var message = new MemoryStream();
    byte[] buffer = new byte[65536];
    do
    {
        int count = await pipe.ReadAsync(buffer, limit);
        if (count == 0)
            return null;
        message.Write(buffer, 0, count);
    } while (!pipe.IsMessageComplete);
    return message.ToArray();
}

static void Compare(byte[]? message, int size)
{
    Console.WriteLine($"received {message?.Length} bytes");
    if (message == null || !message.AsSpan().SequenceEqual(Message(size)))
        throw new InvalidDataException(
            $"instead of a message of {size} bytes came {message?.Length} bytes, or other ones");
}

// .NET itself writes no message of no bytes. The event's lowest bit keeps the result from .NET's completion port,
// which knows nothing of it.
static void WriteNothing(SafePipeHandle pipe)
{
    const int pending = 997;
    using var done = new ManualResetEvent(false);
    IntPtr overlapped = Marshal.AllocHGlobal(Marshal.SizeOf<NativeOverlapped>());
    Marshal.StructureToPtr(
        new NativeOverlapped { EventHandle = done.SafeWaitHandle.DangerousGetHandle() | 1 }, overlapped, false);
    if (!WriteFile(pipe, IntPtr.Zero, 0, IntPtr.Zero, overlapped) && Marshal.GetLastPInvokeError() != pending)
        throw new Win32Exception();
    done.WaitOne();
    Marshal.FreeHGlobal(overlapped);
}

[DllImport("kernel32", SetLastError = true)]
static extern bool WriteFile(SafePipeHandle pipe, IntPtr data, int size, IntPtr written, IntPtr overlapped);
