#!/usr/bin/env python3
"""console_test.py NAME PIPE RUN COMMAND...: pipe.exe writes text of any script to a console.

It is the one that Wine makes of a terminal. NAME is that of a pipe, PIPE and RUN are the paths of pipe.exe and
run.exe, COMMAND runs a program for Windows. Ends with 1 and a line where it does not."""
import os
import pty
import subprocess
import sys

NAME, PIPE, RUN, *COMMAND = sys.argv[1:]
WORDS = 'grüße Привет 日本'


def read_all(terminal):
    said = b''
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:    # the other end is closed
            return said.decode('utf-8', 'replace')
        if not part:
            return said.decode('utf-8', 'replace')
        said += part


def main():
    terminal, other_end = pty.openpty()
    server = subprocess.Popen([*COMMAND, PIPE, 'listen', NAME, '--once', '--reply', WORDS], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = subprocess.Popen([*COMMAND, RUN, f'-served={NAME}', PIPE, 'call', NAME, 'x'], stdin=other_end,
                              stdout=other_end, stderr=other_end, start_new_session=True)
    os.close(other_end)
    said = read_all(terminal)
    codes = client.wait(60), server.wait(60)
    if WORDS not in said or codes != (0, 0):
        sys.exit(f'the console has {said!r}, the programs ended with {codes}')
    print('the console has what was said')


if __name__ == '__main__':
    main()
