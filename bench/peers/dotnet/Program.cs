using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO;
using System.IO.Pipes;
using System.Threading.Tasks;

// bench_dotnet PIPE ROLE [SIZE [TOTAL]]: .NET's NamedPipeServerStream, as its documentation uses it with async. The
// roles are those of bench/servers/role.h.

if (args.Length < 2)
{
    Console.WriteLine("usage: bench_dotnet PIPE ROLE [SIZE [TOTAL]]");
    return 2;
}
string name = args[0], role = args[1];
byte[] message = new byte[args.Length > 2 ? int.Parse(args[2]) : 131072];
int total = args.Length > 3 ? int.Parse(args[3]) : 0;
for (int i = 0; i < message.Length; i++)
    message[i] = (byte)(i * 7 % 251);
var pipes = new ConcurrentDictionary<NamedPipeServerStream, bool>();

Task[] listeners = new Task[4];
for (int i = 0; i < listeners.Length; i++)
    listeners[i] = Listen();
await Task.WhenAll(listeners);
return 0;

async Task Listen()
{
    for (;;)
    {
        var pipe = new NamedPipeServerStream(name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances,
            PipeTransmissionMode.Message, PipeOptions.Asynchronous, 65536, 65536);
        try
        {
            await pipe.WaitForConnectionAsync();
        }
        catch (IOException) // it came and left
        {
            pipe.Dispose();
            continue;
        }
        _ = Serve(pipe);
    }
}

async Task Serve(NamedPipeServerStream pipe)
{
    byte[] buffer = new byte[131072];
    int received = 0;
    pipes[pipe] = true;
    try
    {
        for (int count; (count = await pipe.ReadAsync(buffer)) > 0;)
            received = await Meet(pipe, buffer, count, received);
    }
    catch (IOException)
    {
        // the client has left in the midst of an answer
    }
    pipes.TryRemove(pipe, out _);
    pipe.Dispose();
}

async Task<int> Meet(NamedPipeServerStream pipe, byte[] buffer, int count, int received)
{
    switch (role)
    {
        case "echo":
            await pipe.WriteAsync(buffer.AsMemory(0, count));
            break;
        case "wrong":
            await pipe.WriteAsync(message.AsMemory(0, count));
            break;
        case "sink":
            received += count;
            if (received >= total)
            {
                received -= total;
                await pipe.WriteAsync("done"u8.ToArray());
            }
            break;
        case "source":
            for (uint left = BinaryPrimitives.ReadUInt32LittleEndian(buffer); left > 0; left--)
                await pipe.WriteAsync(message);
            break;
        case "broadcast" when BinaryPrimitives.ReadUInt32LittleEndian(buffer) == 0:
            await pipe.WriteAsync("done"u8.ToArray());
            break;
        case "broadcast":
            foreach (NamedPipeServerStream other in pipes.Keys)
                _ = other.WriteAsync(message).AsTask();
            break;
        default:
            throw new ArgumentException($"there is no role {role}");
    }
    return received;
}
