#!/usr/bin/env python3
"""cookbook_test.py FOLDER PIPE CLIENT CHECKOUT ARCHITECTURE -- KIND COMMAND... [-- KIND COMMAND...]: tries a recipe.

All scripts of FOLDER run at once, each in a process of its own, with the pipe's name as their argument. KIND is the
extension of those that COMMAND runs (.vbs, .ps1, .js); or the name of a file of arguments, such as service.args, which
COMMAND, a program, gets: PIPE stands for the name there. A script holds lines such as

    '<< two_exes_server Orders=PIPE

(with # in PowerShell, // in Node): there stands the block of docs/COOKBOOK.md or docs/MIGRATING.md that has this name,
with those words replaced (PIPE-x is another pipe of the test); BUILD stands for the folder of builds. Basic becomes
VBScript. What a block prints goes to Show, which keeps it in `printed`. tests/scripts/check.vbs ends each VBScript.
Ends with 1 where a script did not end with 42, or a program with 0, and says what each said.
"""
import os
import re
import subprocess
import sys
import time

from basic_as_vbscript import as_vbscript, constants_of
from examples import ENDED_WELL, examples, read

DOCUMENTS = ['docs/COOKBOOK.md', 'docs/MIGRATING.md']
LANGUAGES = ['vb', 'vbs', 'powershell', 'javascript']
SECONDS, SECONDS_AFTER_A_FAILURE = 100, 10

# What a recipe shows, and tells the test. Fail stands for Err.Raise where a recipe has to raise `expectedError`.
SHOW = '''Option Explicit
Dim printed, expectedError
Sub Show(text)
    printed = printed & text & vbLf
    WScript.Echo text
End Sub
Sub Fail(number, source, text)
    CheckHolds "the error", text, expectedError
    WScript.Quit 42 + failedChecks
End Sub
'''


def blocks(checkout):
    return {example.name: example for document in DOCUMENTS
            for example in examples(os.path.join(checkout, document), *LANGUAGES) if example.name}


def block_text(example, words, values, is_64_bit):
    text = example.text
    for word in words:
        old, new = word.split('=', 1)
        value = re.sub(r'^[A-Z]+(?!\w)', lambda found: values.get(found[0], found[0]), new)
        text, count = re.subn(rf'(?<!\w){re.escape(old)}(?!\w)', lambda _: value, text)
        assert count, f'{example.name} has no {old}'
    if example.language == 'vb':
        return as_vbscript(text, is_64_bit)
    if example.language == 'vbs':
        return text.replace('Option Explicit\n', '', 1).replace('WScript.Echo ', 'Show ')
    return text


def windows_path(path):
    return path.replace('/', '\\') if os.name == 'nt' else 'Z:' + path.replace('/', '\\')


def script_text(path, named, pipe, checkout, is_64_bit):
    values = {'PIPE': pipe, 'BUILD': windows_path(os.path.join(checkout, 'build')) + '\\'}

    def included(found):
        name, *words = found[1].split()
        return block_text(named[name], words, values, is_64_bit)

    text = re.sub(r"^(?:'|#|//)<< (.+)\n", included, read(path), flags=re.M)
    if path.endswith('.vbs'):
        text = SHOW + constants_of(read(os.path.join(checkout, 'docs/REFERENCE.md')), text) + text
        text += read(os.path.join(checkout, 'tests/scripts/check.vbs'))
    return text


class Running:
    """A script or program at work; what it says goes to a file, since Node under Wine takes no pipe of Unix."""

    def __init__(self, command, said, expected):
        self.command, self.said, self.expected = command, said, expected
        self.is_second_try = False
        self.start()

    def start(self):
        with open(self.said, 'wb') as output:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def words(self):
        with open(self.said, encoding='utf-8', errors='replace') as file:
            return file.read()

    def has_ended(self):
        """Wine ends a program with 0 before it has run, now and then (examples.run): that one is started once more."""
        code = self.process.poll()
        if code == 0 and self.expected != 0 and not self.is_second_try and not self.words().strip():
            self.is_second_try = True
            self.start()
            return False
        return code is not None

    def complaint(self):
        code = self.process.poll()
        if code is None:
            self.process.kill()
            code = 'nothing in time'
        if code == self.expected:
            return None
        return f'{self.said} ended with {code} instead of {self.expected}:\n{self.words()}'


def wait_for(running):
    """Until all have ended, or, where one has failed, its partners have had some time to notice."""
    end = time.monotonic() + SECONDS
    while not all([each.has_ended() for each in running]) and time.monotonic() < end:
        if any(each.process.poll() not in (None, each.expected) for each in running):
            end = min(end, time.monotonic() + SECONDS_AFTER_A_FAILURE)
        time.sleep(0.05)


def start_all(folder, pipe, client, checkout, architecture, commands):
    named = blocks(checkout)
    name = os.path.basename(folder)
    for file in sorted(os.listdir(folder)):
        path, made = os.path.join(folder, file), f'cookbook-{name}-{file}'
        if file.endswith('.args'):
            arguments = [pipe if word == 'PIPE' else word for word in read(path).split()]
            yield Running(commands[file] + arguments, made + '.txt', 0)
            continue
        with open(made, 'w', encoding='utf-8') as script:
            script.write(script_text(path, named, pipe, checkout, architecture == 'x64'))
        command = commands[os.path.splitext(file)[1]] + [made, pipe, client, architecture]
        yield Running(command, made + '.txt', ENDED_WELL)


def main():
    groups = [[]]
    for word in sys.argv[1:]:
        groups.append([]) if word == '--' else groups[-1].append(word)
    commands = {group[0]: group[1:] for group in groups[1:]}
    running = list(start_all(*groups[0], commands))
    wait_for(running)
    complaints = [complaint for each in running if (complaint := each.complaint())]
    print('\n'.join(complaints))
    sys.exit(1 if complaints or not running else 0)


if __name__ == '__main__':
    main()
