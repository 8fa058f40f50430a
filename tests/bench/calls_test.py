"""calls_test.py CLIENT CALLER PIPE DLL -- EMULATOR... -- SERVER...: the bench's client that calls, against a server
that echoes and against one that echoes wrongly, which it must refuse."""
import subprocess
import sys


def complaints(emulator, client, caller, pipe, dll, command):
    def run(*words):
        return subprocess.run([*emulator, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=100, check=False)

    for role, expected in (('echo', 0), ('wrong', 1)):
        name = f'{pipe}-{role}'
        server = subprocess.Popen([*emulator, *command, dll, name, role], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL)
        for kind in ('call', 'connection'):
            done = run(caller, kind, dll, '64', '3', '2', name)
            said = done.stdout.decode('utf-8', 'replace')
            if done.returncode != expected or (expected == 0 and said.count('"messages": 3,') != 4):
                yield f'{role}, {kind}: ended with {done.returncode} and said: {said}'
        run(client, 'end', '4', '1', '1', '1', name)
        server.wait(20)


def main():
    client, caller, pipe, dll, _, *rest = sys.argv[1:]
    middle = rest.index('--')
    lines = list(complaints(rest[:middle], client, caller, pipe, dll, rest[middle + 1:]))
    print('\n'.join(lines) or 'all Calls were right')
    return 1 if lines else 0


sys.exit(main())
