"""The examples of the documents: each block of code in a language, where it stands and which name it has.

A name stands on a line of its own in front of the block, as a comment that nobody sees: <!-- name -->. A block with a
name is tried by a test of its own (cookbook_test.py); one without runs by itself (examples_test.py).
"""
import re
import subprocess

ENDED_WELL = 42


class Example:
    def __init__(self, document, line, name, language, text):
        self.document, self.line, self.name, self.language, self.text = document, line, name, language, text


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def examples(document, *languages):
    text = read(document)
    for found in re.finditer(r'^(?:<!-- (\S+) -->\n)?```(\w+)\n(.*?)^```$', text, re.M | re.S):
        if found[2] in languages:
            line = text.count('\n', 0, found.start(2)) + 1
            yield Example(document, line, found[1], found[2], found[3])


def run(command):
    """The exit code of a program and what it said.

    Wine ends a program with 0 before it has run, now and then, under load. So one that ended with 0 and said nothing is
    run once more: no example can end so, since each closes with a code of its own.
    """
    for _ in range(2):
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if ended.returncode != 0 or ended.stdout.strip():
            break
        print(f'{command[-1]} ended with 0 without a word; once more')
    return ended.returncode, ended.stdout.decode('utf-8', 'replace')
