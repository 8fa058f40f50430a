// Program.cs: an echo server through the interop assembly that TlbImp makes, as "Add Reference" in Visual Studio does.
// In C# 5, which the compiler of .NET Framework knows; .NET 10 compiles it too.
//
//     interop PIPE_CLIENT    ends with 0 where the client got its thousand messages back

using System;
using System.Diagnostics;
using NamedPipeServerLib;
#if CLASS    // by which of its names TlbImp calls a client
using Client = NamedPipeServerLib.NamedPipeServerConnection;
#else
using Client = NamedPipeServerLib.INamedPipeServerConnection;
#endif

internal static class Program
{
    private const int Count = 1000;

    private static int s_received, s_sent, s_gone;

    [STAThread]
    private static int Main(string[] arguments)
    {
        string name = "interop-" + Process.GetCurrentProcess().Id;
        NamedPipeServer server = new NamedPipeServer();
        server.PipeName = name;
        server.ClientMessageReceived += Received;
        server.ClientMessageSent += Sent;
        server.ClientDisconnected += Gone;
        server.Start();

        ProcessStartInfo start = new ProcessStartInfo(arguments[0], name + " echo " + Count);
        start.UseShellExecute = false;
        using (Process client = Process.Start(start))
        {
            Stopwatch watch = Stopwatch.StartNew();
            while (s_gone == 0 && watch.Elapsed.TotalSeconds < 60)
                server.ManualMessageLoopEnter(50);
            bool ended = client.WaitForExit(5000);
            string error = server.LastEventError;
            server.Stop();
            Console.WriteLine("{0} received, {1} sent, {2} gone, the client ended {3}; {4}; runtime {5}",
                s_received, s_sent, s_gone, ended ? client.ExitCode.ToString() : "not", error, Environment.Version);
            return ended && client.ExitCode == 0 && s_received == Count && s_sent == Count && s_gone == 1 && error == ""
                ? 0 : 1;
        }
    }

    private static void Received(ref Client connection, ref object cookie, ref Array data)
    {
        s_received++;
        connection.AsyncWrite(data);
    }

    private static void Sent(ref Client connection, ref object cookie)
    {
        s_sent++;
    }

    private static void Gone(ref Client connection)
    {
        s_gone++;
    }
}
