#!/usr/bin/env python3
"""lines_client.py NAME PIPE RUN COMMAND...: three clients of a server of lines, which sends each line back.

They are pipe call, pipe talk and pipe load. PIPE and RUN are the paths of pipe.exe and run.exe, COMMAND runs a program
for Windows. Ends with 42 where all came back as sent, else with 1."""
import subprocess
import sys

NAME, PIPE, RUN, *COMMAND = sys.argv[1:]


def run(*words, text=''):
    whole = [*COMMAND, RUN, f'-served={NAME}', PIPE, *words, '--framing', 'lines']
    done = subprocess.run(whole, input=text.encode(), capture_output=True, check=False, timeout=100)
    print(words[0], 'ended with', done.returncode, done.stderr.decode())
    return done.returncode, done.stdout.decode('utf-8')


def main():
    good = [
        run('call', NAME, 'grüße') == (0, 'grüße\r\n'),
        run('talk', NAME, '--wait', '2000', text='eins\nzwei\n') == (0, 'eins\r\nzwei\r\n'),
        'Errors: 0\r\n' in run('load', NAME, '--clients', '1', '--messages', '50')[1],
    ]
    print('all came back as sent' if all(good) else f'not all came back: {good}')
    sys.exit(42 if all(good) else 1)


if __name__ == '__main__':
    main()
