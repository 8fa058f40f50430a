#!/usr/bin/env python3
"""examples_test.py PIPE CLIENT DOCUMENT... -- HOST...: runs the VBScript examples of the documents.

HOST runs a script (tests/scripts/host), CLIENT is pipe_client as the scripts start it. An example that makes its server
itself gets the client that its words ask for: one that says hello, then quit; one that makes a client gets an echo
server. Any other gets what the documents promise: `server`, running; `client`, connected; `data`, a message of its.
Ends with 1 and the lines of what failed.
"""
import re
import subprocess
import sys

ENDED_WELL = 42

RUN_CLIENT = 'CreateObject("WScript.Shell").Run """{client}"" {pipe} {actions}", 0, False\n'

BEFORE_PART = '''Dim server, client, data, e
Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")
server.PipeName = "{pipe}"
server.Start
''' + RUN_CLIENT.replace('{actions}', 'send hello hold 5000') + '''Do
    Set e = server.WaitEvent(20000)
    If e Is Nothing Then WScript.Quit 1
Loop Until e.Name = "ClientMessageReceived"
Set client = e.Connection
data = e.Data
'''

BEFORE_CLIENT = '''Class EchoForDocuments
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

AFTER = '\nWScript.Quit 42\n'


def examples(document):
    """(line, text) of each."""
    with open(document, encoding='utf-8') as file:
        text = file.read()
    for found in re.finditer(r'^```vbs\n(.*?)^```$', text, re.M | re.S):
        yield text.count('\n', 0, found.start()) + 1, found[1]


def script_of(example, pipe, client):
    if 'CreateObject(' not in example:
        return BEFORE_PART.format(client=client, pipe=pipe) + example + AFTER
    assert 'EchoPipe' in example
    if 'NamedPipeClientManager' in example:
        return BEFORE_CLIENT.format(pipe=pipe) + example.replace('"EchoPipe"', f'"{pipe}"') + AFTER
    before = RUN_CLIENT.format(client=client, pipe=pipe, actions='ask hello ask quit drain')
    return before + example.replace('"EchoPipe"', f'"{pipe}"') + AFTER


def main():
    pipe, client = sys.argv[1:3]
    documents, host = sys.argv[3:sys.argv.index('--')], sys.argv[sys.argv.index('--') + 1:]
    failures = count = 0
    for document in documents:
        for line, example in examples(document):
            count += 1
            with open('example.vbs', 'w', encoding='utf-8') as file:
                file.write(script_of(example, f'{pipe}-{count}', client))
            ended = subprocess.run(host + ['example.vbs'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if ended.returncode != ENDED_WELL:
                failures += 1
                print(f'{document}:{line}: the example ended with {ended.returncode}')
                print(ended.stdout.decode('utf-8', 'replace'))
    if not count:
        sys.exit('no example was found')
    sys.exit(1 if failures else 0)


if __name__ == '__main__':
    main()
