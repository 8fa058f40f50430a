"""answers_test.py CLIENT PIPE ROLES -- EMULATOR... -- SERVER...: a server of the bench, with a few messages.

It must answer rightly in each of the ROLES (echo, sink, source, broadcast, with commas), and the client must refuse its
wrong echo, if it has one (wrong). SERVER is a program with its arguments; one that is not there is not run. EMULATOR
runs a program for Windows. Nothing is timed.
"""
import os
import subprocess
import sys
import tempfile

# What the client does with a server in a role: WORK SIZE CLIENTS LIMIT ROUNDS. Behind it the server's own arguments.
WORKS = {
    'echo': ([], ['echo 64 1 3 1', 'echo 64 3 6 2', 'echo 65536 1 2 1', 'echo 4 2 4 1', 'cycles 64 1 3 1',
                  'crowd 64 5 1 1']),
    'sink': (['512', '1536'], ['flood_in 512 1 3 2']),
    'source': (['512'], ['flood_out 512 1 5 2']),
    'broadcast': (['300000'], ['broadcast 300000 5 2 1']),
}
REFUSED = 'an answer is not what was sent'


class Server:
    """A server in a role, and our client. Node can neither read from a Unix pipe nor write to one: files."""

    def __init__(self, emulator, client, command, pipe, arguments):
        self.emulator, self.client, self.pipe = emulator, client, pipe
        self.log = tempfile.TemporaryFile()
        with tempfile.TemporaryFile() as empty:
            self.process = subprocess.Popen([*emulator, *command, pipe, *arguments], stdin=empty, stdout=self.log,
                                            stderr=self.log)

    def ask(self, work):
        """Returns the client's exit code, and what it said."""
        done = subprocess.run([*self.emulator, self.client, *work.split(), self.pipe], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100, check=False)
        return done.returncode, done.stdout.decode('utf-8', 'replace')

    def end(self):
        """Ends it. Returns what it said, if the client could not end it."""
        code, said = self.ask('end 4 1 1 1')
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.seek(0)
        return '' if code == 0 else said + self.log.read().decode('utf-8', 'replace')


def complaints_about(start, role):
    """start(ROLE, ARGUMENT...) starts a server."""
    arguments, works = WORKS[role]
    server = start(role, *arguments)
    for work in works:
        code, said = server.ask(work)
        if code != 0:
            yield f'{role}: {work}: {code}: {said}'
    yield server.end()


def complaints_about_wrong(start):
    server = start('wrong')
    code, said = server.ask('echo 64 1 3 1')
    if code != 1 or REFUSED not in said:
        yield f'a wrong echo: the client ended with {code} and said: {said}'
    yield server.end()


def main():
    client, pipe, roles, _, *rest = sys.argv[1:]
    middle = rest.index('--')
    emulator, command = rest[:middle], rest[middle + 1:]
    if not os.path.exists(command[0]):
        print(f'not run: {command[0]} is missing')
        return 0
    os.environ.update(NODE_SKIP_PLATFORM_CHECK='1', DOTNET_EnableWriteXorExecute='0')    # for Wine

    def start(role, *arguments):
        return Server(emulator, client, command, f'{pipe}-{role}', [role, *arguments])

    lines = []
    for role in roles.split(','):
        lines += complaints_about_wrong(start) if role == 'wrong' else complaints_about(start, role)
    lines = [line for line in lines if line]
    print('\n'.join(lines) or f'{roles}: right')
    return 1 if lines else 0


sys.exit(main())
