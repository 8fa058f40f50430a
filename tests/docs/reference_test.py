#!/usr/bin/env python3
"""reference_test.py REFERENCE.md COMMAND...: holds the reference against the type library, in both directions.

COMMAND prints the type library (tests/tools/typelib_dump.c). Every class that it names has a section `## Class` with an
example in VB6 and one in VBScript; every member and event a heading `### Class.Member` with its declaration, as Basic
writes it, in backticks on the next line of text; every enum a section `## Enum` with a row `| Name | value | ...` for
each of its values. Whatever the reference has of these, the type library has too.
Ends with 1 and a line for each difference.
"""
import re
import subprocess
import sys

BASIC_TYPES = {3: 'Long', 5: 'Double', 7: 'Date', 8: 'String', 9: 'Object', 11: 'Boolean', 12: 'Variant', 17: 'Byte',
               20: 'LongPtr', 22: 'Long'}
RESTRICTED = 1
KIND_ENUM, KIND_COCLASS = 0, 5
FUNCTION, GET, PUT, PUT_REFERENCE = 1, 2, 4, 8
DEFAULT, SOURCE = 1, 2    # flags of a coclass's interface
OPTIONAL, HAS_DEFAULT = 0x10, 0x20    # flags of a parameter


class Member:
    """One DISPID of an interface, with all its functions."""

    def __init__(self, name):
        self.name = name
        self.kinds = set()
        self.parameters = []
        self.returned = None


class Library:
    """What the dump says: interfaces with their members, coclasses with their interfaces, enums with their values."""

    def __init__(self, dump):
        self.interfaces, self.coclasses, self.enums = {}, {}, {}
        self.is_64_bit = re.search(r'^library .* system 3 ', dump, re.M) is not None
        name = kind = member = None
        for line in dump.splitlines():
            if found := re.match(r'(\S+) ".*" kind (\d+) ', line):
                name, kind = found[1], int(found[2])
                {KIND_ENUM: self.enums, KIND_COCLASS: self.coclasses}.get(kind, self.interfaces)[name] = {}
            elif found := re.match(r'  : (\S+) flags (\w+)$', line):
                if kind == KIND_COCLASS:
                    self.coclasses[name][int(found[2], 16)] = found[1]
            elif found := re.match(r'  (\S+) ".*" id (-?\d+) kind (\d+) flags (\w+) .* returns (.+)$', line):
                member = self.add_function(self.interfaces[name], *found.groups())
            elif found := re.match(r'    (\S+): (.+?) flags (\w+)(?: = vt\d+:(.*))?$', line):
                if member and found[1] != '(value)':
                    member.parameters.append((found[1], found[2], int(found[3], 16), found[4]))
            elif found := re.match(r'  (\S+) "" id \d+ flags \w+ \S+ = vt\d+:(-?\d+)$', line):
                self.enums[name][found[1]] = int(found[2])

    @staticmethod
    def add_function(members, name, dispid, kind, flags, returned):
        if int(flags, 16) & RESTRICTED:
            return None
        member = members.setdefault(int(dispid), Member(name))
        member.kinds.add(int(kind))
        if int(kind) in (FUNCTION, GET):
            member.returned = returned
        return member

    def class_of(self, interface):
        """The coclass whose default interface it is: the name by which Basic knows it."""
        for name, interfaces in self.coclasses.items():
            if interfaces.get(DEFAULT) == interface:
                return name
        return interface

    def basic_type(self, text):
        found = re.fullmatch(r'vt(\d+)', text)
        return BASIC_TYPES[int(found[1])] if found else self.class_of(text)

    def parameter(self, name, text, flags, default, of_event):
        is_reference = of_event and text.endswith('*')
        text = text[:-1] if is_reference else text
        if text.startswith('array of '):
            name, text = name + '()', text[len('array of '):]
        declared = name + ' As ' + self.basic_type(text.rstrip('*'))
        if of_event and not is_reference:
            declared = 'ByVal ' + declared
        if flags & HAS_DEFAULT:
            value = default
            if text == 'vt11':
                value = 'False' if default == '0' else 'True'
            elif text == 'vt8':
                value = f'"{default}"'
            declared += ' = ' + value
        return '[' + declared + ']' if flags & OPTIONAL else declared

    def declaration(self, member, of_event):
        arguments = ', '.join(self.parameter(*p, of_event) for p in member.parameters)
        returned = member.returned
        result = ''
        if returned and returned != 'vt24':
            is_array = returned.startswith('array of ')
            returned = returned[len('array of '):] if is_array else returned
            result = ' As ' + self.basic_type(returned.rstrip('*')) + ('()' if is_array else '')
        if of_event:
            return f'Event {member.name}({arguments})'
        if FUNCTION in member.kinds:
            return f'Function {member.name}({arguments}){result}' if result else f'Sub {member.name}({arguments})'
        how = '' if PUT in member.kinds else ' (read-only)'
        if PUT_REFERENCE in member.kinds:
            how = ' (Let and Set)'
        return f'Property {member.name}{"(" + arguments + ")" if arguments else ""}{result}{how}'

    def declarations(self):
        """'Class.Member': how Basic declares it."""
        result = {}
        for name, interfaces in self.coclasses.items():
            for flags, interface in interfaces.items():
                for member in self.interfaces[interface].values():
                    result[f'{name}.{member.name}'] = self.declaration(member, bool(flags & SOURCE))
        return result


class Reference:
    """What the document says: sections, headings of members with their declaration, rows of values."""

    def __init__(self, text):
        self.sections, self.declarations, self.values = {}, {}, {}
        section = heading = None
        for line in text.splitlines():
            if found := re.match(r'## (.+)$', line):
                section, heading = found[1], None
                self.sections[section] = []
            elif found := re.match(r'### (\w+\.\w+)$', line):
                heading = found[1]
                self.declarations[heading] = None
            elif heading and line and self.declarations[heading] is None:
                self.declarations[heading] = line.strip('`')
            elif found := re.match(r'\| (NamedPipe\w+) \| (\S+) \|', line):
                self.values[section, found[1]] = found[2]
            if section:
                self.sections[section].append(line)


def compare(what, said, true):
    """The lines of difference between two dictionaries, the document's and the library's."""
    lines = [f'{what} {key} is missing: {true[key]}' for key in true if key not in said]
    lines += [f'{what} {key} is not in the type library' for key in said if key not in true]
    lines += [f'{what} {key} is\n    {said[key]}\n  and should be\n    {true[key]}'
              for key in true if key in said and said[key] != true[key]]
    return lines


def differences(library, reference):
    true = library.declarations()
    if not library.is_64_bit:    # there Handle is a Long, which no other Long is told from
        said = {key: text and text.replace('As LongPtr', 'As Long') for key, text in reference.declarations.items()}
    else:
        said = reference.declarations
    lines = compare('heading', said, true)

    names = list(library.coclasses) + list(library.enums)
    lines += [f'section {name} is missing' for name in names if name not in reference.sections]
    lines += [f'section {name} is not in the type library' for name in reference.sections
              if name.startswith('NamedPipe') and name not in names]
    for name in library.coclasses:
        for language in ('vb', 'vbs'):
            if '```' + language not in reference.sections.get(name, []):
                lines.append(f'section {name} has no example in {language}')

    values = {(enum, name): str(value) if value >= 0 else f'&H{value & 0xffffffff:X}'
              for enum, all_values in library.enums.items() for name, value in all_values.items()}
    return lines + compare('row', reference.values, values)


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        reference = Reference(file.read())
    dump = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, check=True).stdout.decode('utf-8')
    library = Library(dump)
    if not library.coclasses:
        sys.exit(f'{sys.argv[2:]} printed no type library: {dump[:200]!r}')
    lines = differences(library, reference)
    for line in lines:
        print(line)
    sys.exit(1 if lines else 0)


if __name__ == '__main__':
    main()
