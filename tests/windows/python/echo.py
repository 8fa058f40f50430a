"""What the two servers in Python share: a client in a process of its own, and the verdict."""
import os
import subprocess
import sys
import time

COUNT = 1000


def serve(what, start, turn, stop, seen):
    """Starts a server by start(NAME), raises its events by turn() while pipe_client wants COUNT messages back, and
    stops it; `seen` counts the events by name. Ends the process: with 0 where all was answered."""
    name = f'python-{what}-{os.getpid()}'
    start(name)
    client = subprocess.Popen([sys.argv[1], name, 'echo', str(COUNT)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
    end = time.monotonic() + 60
    while time.monotonic() < end and (client.poll() is None or seen.get('ClientDisconnected', 0) == 0):
        turn()
    if client.poll() is None:
        client.kill()
    said = client.communicate()[0]
    error = stop()
    expected = {'ServerReady': 1, 'ClientConnected': 1, 'ClientMessageReceived': COUNT, 'ClientMessageSent': COUNT,
                'ClientDisconnected': 1}
    holds = client.returncode == 0 and seen == expected and error == ''
    print('ok    ' if holds else 'FAILED', f'56. {what} answers {COUNT} messages, {sys.maxsize.bit_length() + 1} bits:',
          client.returncode, said.strip(), seen, error)
    sys.exit(0 if holds else 1)
