using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Threading;
using NamedPipeServerTests;

namespace PowerShellHost;

/// powershell_host [-mta] [-manifest FILE] [-stop TEXT] SCRIPT [ARGUMENT...]
///
/// Runs one script on a thread of its own, in an STA unless told otherwise. What it writes goes to the console as it
/// comes, its errors too, with their place. With a manifest its classes can be created without registration. Ctrl+C
/// stops the script as pwsh does; so does, with -stop, the script's own saying TEXT. The exit code is the script's own
/// ($global:LASTEXITCODE, or 0), 1 after an error, and 3 where it was stopped.
internal static class Program
{
    // Commands of the module Microsoft.PowerShell.Utility, which the engine's package comes without.
    private const string Commands = """
        function New-Object([Parameter(Mandatory)][string]$ComObject) {
            [Activator]::CreateInstance([Type]::GetTypeFromProgID($ComObject, $true))
        }
        function Write-Host { [Console]::WriteLine("$args") }
        function Start-Sleep([int]$Seconds, [int]$Milliseconds) {
            [Threading.Thread]::Sleep($Seconds * 1000 + $Milliseconds)
        }
        """;

    private static PowerShell? s_running;

    private static int Main(string[] arguments)
    {
        var rest = arguments.ToList();
        bool mta = TakeOption(rest, "-mta");
        string? manifest = TakeValue(rest, "-manifest");
        string? stop = TakeValue(rest, "-stop");
        if (stop is not null)
            Console.SetOut(new WatchedWriter(Console.Out, stop, Stop));
        if (rest.Count == 0)
        {
            Console.WriteLine("usage: powershell_host [-mta] [-manifest FILE] [-stop TEXT] SCRIPT [ARGUMENT...]");
            return 2;
        }
        int code = 2;
        var thread = new Thread(() => code = Run(manifest, rest[0], [.. rest.Skip(1)]));
        thread.SetApartmentState(mta ? ApartmentState.MTA : ApartmentState.STA);
        thread.Start();
        thread.Join();
        return code;
    }

    private static bool TakeOption(System.Collections.Generic.List<string> arguments, string name)
    {
        if (arguments.Count == 0 || arguments[0] != name)
            return false;
        arguments.RemoveAt(0);
        return true;
    }

    private static string? TakeValue(System.Collections.Generic.List<string> arguments, string name)
    {
        if (!TakeOption(arguments, name))
            return null;
        string value = arguments[0];
        arguments.RemoveAt(0);
        return value;
    }

    private static int Run(string? manifest, string script, string[] arguments)
    {
        try
        {
            if (manifest is not null)
                ActivationContext.Enter(manifest);
            var state = InitialSessionState.CreateDefault2();
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
            using Runspace runspace = RunspaceFactory.CreateRunspace(state);
            runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
            runspace.Open();
            Runspace.DefaultRunspace = runspace; // script blocks that COM calls on this thread run in it
            Invoke(runspace, shell => shell.AddScript(Commands));
            Console.CancelKeyPress += (_, e) =>
            {
                e.Cancel = true; // the process goes on; the script ends, through its finally blocks
                Stop();
            };
            bool failed = Invoke(runspace, shell =>
            {
                shell.AddCommand(Path.GetFullPath(script));
                foreach (string argument in arguments)
                    shell.AddArgument(argument);
            });
            object? exit = runspace.SessionStateProxy.GetVariable("global:LASTEXITCODE");
            return failed ? 1 : exit is int code ? code : 0;
        }
        catch (PipelineStoppedException)
        {
            return 3;
        }
        catch (Exception e)
        {
            Console.WriteLine("ERROR " + e);
            return 1;
        }
    }

    /// True where something was written to the error stream, or the script ended by an exception.
    private static bool Invoke(Runspace runspace, Action<PowerShell> build)
    {
        using PowerShell shell = PowerShell.Create();
        shell.Runspace = runspace;
        build(shell);
        var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, e) => Console.WriteLine(output[e.Index]);
        shell.Streams.Error.DataAdded += (_, e) => Report(shell.Streams.Error[e.Index]);
        s_running = shell;
        try
        {
            shell.Invoke(null, output, null);
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            Report(e.ErrorRecord);
            return true;
        }
        if (shell.InvocationStateInfo.State == PSInvocationState.Stopped)
            throw new PipelineStoppedException();
        return shell.Streams.Error.Count != 0;
    }

    /// As pwsh does on Ctrl+C: from another thread, without waiting.
    private static void Stop() => s_running?.BeginStop(null, null);

    private static void Report(ErrorRecord error) => Console.WriteLine($"ERROR {error}\n{error.ScriptStackTrace}");
}

/// Passes everything on, and calls back once, on another thread, when a line holds the text.
internal sealed class WatchedWriter(TextWriter writer, string text, Action found) : TextWriter
{
    private Action? _found = found;

    public override System.Text.Encoding Encoding => writer.Encoding;

    public override void Write(char value) => writer.Write(value);

    public override void WriteLine(string? value)
    {
        writer.WriteLine(value);
        if (value?.Contains(text) == true && Interlocked.Exchange(ref _found, null) is Action action)
            ThreadPool.QueueUserWorkItem(_ => action());
    }
}
