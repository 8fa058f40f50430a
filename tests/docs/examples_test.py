#!/usr/bin/env python3
"""examples_test.py vbs|powershell PIPE CLIENT DOCUMENT... -- HOST...: runs the examples of the documents in a language.

HOST runs a script (tests/scripts/host, tests/powershell/host), CLIENT is pipe_client as the scripts start it. An
example that makes its server itself gets the client that its words ask for: one that says hello, then quit; one that
makes a client, or has `manager`, gets an echo server. Any other gets what the documents promise: `server`, running; in
VBScript `client`, connected, and `data`, a message of its.
Ends with 1 and the lines of what failed.
"""
import sys

from examples import ENDED_WELL, examples, run


class VbScript:
    extension = 'vbs'
    new_server = 'CreateObject("NamedPipeServerLib.NamedPipeServer")'
    option = 'Option Explicit\n'
    run_client = 'CreateObject("WScript.Shell").Run """{client}"" {pipe} {actions}", 0, False\n'

    part = '''Dim server, client, data, eventForDocuments
Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
server.PipeName = "{pipe}"
server.Start
''' + run_client.replace('{actions}', 'send hello hold 5000') + '''Do
    Set eventForDocuments = server.WaitEvent(20000)
    If eventForDocuments Is Nothing Then WScript.Quit 1
Loop Until eventForDocuments.Name = "ClientMessageReceived"
Set client = eventForDocuments.Connection
data = eventForDocuments.Data
'''

    echo_server = '''Class EchoForDocuments
    Public Sub ClientMessageReceived(Connection, Cookie, Data)
        Connection.AsyncWrite Data
    End Sub
End Class
Dim serverForDocuments
Set serverForDocuments = CreateObject("NamedPipeServerLib.NamedPipeServer")
serverForDocuments.PipeName = "{pipe}"
Set serverForDocuments.EventSink = New EchoForDocuments
serverForDocuments.Start
'''

    after = f'\nWScript.Quit {ENDED_WELL}\n'

    @classmethod
    def complaint(cls, text):
        """What is wrong with an example as it stands, before it runs."""
        is_whole = 'CreateObject("NamedPipe' in text and text.count('\n') > 1
        return 'a whole script begins with Option Explicit' if is_whole and not text.startswith(cls.option) else None

    @classmethod
    def script(cls, text, client, pipe):
        """The script that tries the example. Its variables are declared, as Option Explicit asks for."""
        text = text.replace(cls.option, '', 1).replace('"EchoPipe"', f'"{pipe}"')
        if 'CreateObject("NamedPipe' not in text:
            before = cls.part
        elif 'NamedPipeClientManager' in text:
            before = cls.echo_server
        else:
            before = cls.run_client.replace('{actions}', 'ask hello ask quit drain')
        return cls.option + before.format(client=client, pipe=pipe) + text + cls.after

    @staticmethod
    def ending(_text):
        return [], ENDED_WELL


class PowerShell:
    extension = 'ps1'
    run_client = '''$start = [Diagnostics.ProcessStartInfo]::new('{client}', '{pipe} {actions}')
$start.UseShellExecute = $false
[Diagnostics.Process]::Start($start) | Out-Null
'''

    echo_server = '''class EchoForDocuments {{
    [void] ClientMessageReceived($Connection, $Cookie, $Data) {{ $Connection.AsyncWrite($Data) }}
}}
$serverForDocuments = New-Object -ComObject NamedPipeServerLib.NamedPipeServer
$serverForDocuments.PipeName = '{pipe}'
$serverForDocuments.EventSink = [EchoForDocuments]::new()
$serverForDocuments.Start()
$manager = New-Object -ComObject NamedPipeServerLib.NamedPipeClientManager
'''

    # A loop that raises events by handlers is ended by the first of them.
    part = '''class EndsTheLoop {{
    [void] ServerReady() {{ $global:server.Stop() }}
}}
$global:server = New-Object -ComObject NamedPipeServerLib.NamedPipeServer
$server.PipeName = '{pipe}'
if ({has_loop}) {{ $server.EventSink = [EndsTheLoop]::new() }}
$server.Start()
'''

    after = f'\nexit {ENDED_WELL}\n'
    stopped = 3

    @staticmethod
    def complaint(_text):
        return None

    @classmethod
    def script(cls, text, client, pipe):
        text = text.replace("'EchoPipe'", f"'{pipe}'")
        has_loop = '$true' if 'ManualMessageLoopEnter' in text else '$false'
        if 'NamedPipeServerLib.NamedPipeServer\n' in text:
            before = cls.run_client.replace('{actions}', 'ask hello ask quit drain')
        elif '$manager' in text or 'NamedPipeClientManager' in text:
            before = cls.echo_server
        else:
            before = cls.part
        before = before.format(client=client, pipe=pipe, has_loop=has_loop)
        return "$ErrorActionPreference = 'Stop'\n" + before + text + cls.after

    @classmethod
    def ending(cls, text):
        """Options of the host and the exit code: a loop that waits for events for ever is stopped at the first one."""
        if '$server.IsRunning' in text and 'WaitEvent' in text and 'New-Object' not in text:
            return ['-stop', 'ServerReady'], cls.stopped
        return [], ENDED_WELL


def try_example(language, example, pipe, client, host):
    """The line of what is wrong with it, or None."""
    complaint = language.complaint(example.text)
    if complaint:
        return complaint
    name = f'example.{language.extension}'
    with open(name, 'w', encoding='utf-8') as file:
        file.write(language.script(example.text, client, pipe))
    options, expected = language.ending(example.text)
    code, said = run(host + options + [name])
    return None if code == expected else f'the example ended with {code} instead of {expected}\n{said}'


def main():
    name, pipe, client = sys.argv[1:4]
    documents, host = sys.argv[4:sys.argv.index('--')], sys.argv[sys.argv.index('--') + 1:]
    language = {'vbs': VbScript, 'powershell': PowerShell}[name]
    failures = count = 0
    for document in documents:
        for example in examples(document, name):
            if example.name:
                continue
            count += 1
            wrong = try_example(language, example, f'{pipe}-{count}', client, host)
            if wrong:
                failures += 1
                print(f'{document}:{example.line}: {wrong}')
    if not count:
        sys.exit('no example was found')
    print(f'{count} examples')
    sys.exit(1 if failures else 0)


if __name__ == '__main__':
    main()
