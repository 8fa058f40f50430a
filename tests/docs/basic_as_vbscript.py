"""Turns a block of Visual Basic 6 or VBA into VBScript, line by line, so that it runs under Wine, which has no Basic.

Types go, objects of the library are created by name, a variable WithEvents is connected where it is set, and what is
printed goes to Show, a Sub of the test. A recipe keeps to what this knows: no On Error GoTo with a label, no named
arguments, no default values of arguments, no Type.
"""
import re

VALUES = ['Boolean', 'Byte', 'Currency', 'Date', 'Double', 'Integer', 'Long', 'Single', 'String', 'Variant']


def constants_of(reference, text):
    """Const lines for the constants of the library that the text names and does not have, from docs/REFERENCE.md."""
    rows = re.findall(r'^\| (NamedPipe\w+) \| (\S+) \|', reference, re.M)
    return ''.join(f'Const {name} = {value}\n' for name, value in rows
                   if re.search(rf'\b{name}\b', text) and f'Const {name} =' not in text)


def branch_of(text, is_64_bit):
    """The text with each #If Win64 decided."""
    return re.sub(r'^[ ]*#If Win64 Then\n(.*?)^[ ]*#Else\n(.*?)^[ ]*#End If\n',
                  lambda found: found[1 if is_64_bit else 2], text, flags=re.M | re.S)


def created(name):
    return f'CreateObject("NamedPipeServerLib.{name}")' if name.startswith('NamedPipe') else f'New {name}'


def first_object(variable):
    """What an object variable holds at first; None for others, whose Empty is as good as 0, "" or False."""
    found = re.fullmatch(r'\w+ As (New )?(\w+)', variable)
    if not found or found[2] in VALUES:
        return None
    return created(found[2]) if found[1] else 'Nothing'


def declaration(line):
    """A line of Dim, Private or Public with variables: their names, and what is created at once."""
    found = re.match(r'(\s*)(?:Dim|Private|Public) (?:WithEvents )?(\w+(?:\(.*?\))?(?: As .*)?)$', line)
    if not found:
        return None
    variables = re.split(r', (?=\w+(?:\(\))?(?: As |$))', found[2])
    names = [re.match(r'\w+', each)[0] for each in variables]
    sets = [f' : Set {name} = {first}' for name, each in zip(names, variables) if (first := first_object(each))]
    return f'{found[1]}Dim {", ".join(names)}{"".join(sets)}'


def statement(line, with_events):
    line = re.sub(r'^(\s*)(?:Private|Public) (?=Sub|Function|Const)', r'\1', line)
    line = re.sub(r' As (?:New )?[A-Z]\w*(?=[,)\s]|$)', '', line)
    if re.match(r'\s*(Sub|Function) ', line):
        line = re.sub(r'(\w)\(\)(?=[,)])', r'\1', line)      # Data() is Data
    line = re.sub(r'\bNew (NamedPipe\w+)', lambda found: created(found[1]), line)
    line = re.sub(r'\b(Debug\.Print|MsgBox) ', 'Show ', line)
    line = re.sub(r'(\w)\$\(', r'\1(', line)
    line = re.sub(r'^(\s*Next) \w+$', r'\1', line)
    found = re.match(r'\s*(?:If .* Then )?Set (\w+) = ', line)
    if found and found[1] in with_events and not line.endswith('= Nothing'):
        line += f' : WScript.ConnectObject {found[1]}, "{found[1]}_"'
    return line


def without_comment(line):
    """The line without the comment behind it; a quote in a text is none."""
    return re.match(r"""(?:[^"']|"[^"]*")*""", line)[0].rstrip()


def as_vbscript(text, is_64_bit):
    with_events = set(re.findall(r'\bWithEvents (\w+) As', text))
    lines = []
    for line in branch_of(text, is_64_bit).splitlines():
        line = without_comment(line)
        if line != 'Option Explicit':
            lines.append(declaration(line) or statement(line, with_events))
    return '\n'.join(lines) + '\n'
