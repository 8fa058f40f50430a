#!/usr/bin/env python3
"""documents_test.py CHECKOUT: holds the documents against the checkout.

Each link leads to a file that is there, and to a heading of it; each path in backticks is there; C# that
docs/COOKBOOK.md shows stands in samples_dotnet, and each of its recipes that has a name is tried; docs/ARCHITECTURE.md
names every source file of a layer and of tool in that folder's list, and no other; docs/SIMULATION.md tells the rule of
each function of the simulated Windows.
Ends with 1 and a line for each that does not hold.
"""
import glob
import os
import re
import sys

DOCUMENTS = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs/*.md', 'samples_dotnet/*.md']
ROOTS = 'bench|cmake|docs|idl|manifests|packaging|samples_dotnet|samples_script|samples_vb6|scripts|src|tests|tool'
FOLDERS = ['src/base', 'src/pipe', 'src/deliver', 'src/com', 'src/dll', 'tool']


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def prose(path):
    return re.sub(r'^```.*?^```$', '', read(path), flags=re.M | re.S)


def anchors(path):
    """The headings of a document, as a link writes them."""
    for heading in re.findall(r'^#+ (.+)$', prose(path), re.M):
        yield re.sub(r'[^\w\- ]', '', heading.lower()).replace(' ', '-')


def check_links(document):
    for target in re.findall(r'\]\(([^)]+)\)', prose(document)):
        if '://' in target:
            continue
        path, _, anchor = target.partition('#')
        path = os.path.normpath(os.path.join(os.path.dirname(document), path)) if path else document
        if not os.path.exists(path):
            yield f'{document}: {target} is not there'
        elif anchor and anchor not in anchors(path):
            yield f'{document}: {target} is no heading there'


def check_paths(document):
    for path in re.findall(rf'`((?:{ROOTS})/[\w./\\-]*)`', prose(document)):
        if not os.path.exists(path):
            yield f'{document}: {path} is not there'


def check_folder(folder):
    document = 'docs/ARCHITECTURE.md'
    found = re.search(rf'^### {folder}\n(.*?)(?=^#|^Beside)', read(document), re.M | re.S)
    named = set(re.findall(r'`(\w+\.(?:c|h|rc))`', found[1])) if found else set()
    there = {name for name in os.listdir(folder) if re.search(r'\.(c|h|rc)$', name)}
    for name in sorted(there - named):
        yield f'{document}: {folder}/{name} is missing'
    for name in sorted(named - there):
        yield f'{document}: {folder}/{name} is not there'


def check_functions():
    header = re.sub(r'__attribute__\(\(\w+\)\) ', '', read('tests/sim/include/windows.h'))
    told = set(re.findall(r'`(\w+)`', read('docs/SIMULATION.md')))
    functions = re.findall(r'^(?!typedef|#|/)[A-Za-z][^(\n]*\b(\w+)\(', header, re.M)
    if len(functions) < 80:
        yield 'tests/sim/include/windows.h: this test does not find its functions'
    for name in functions:
        if name not in told:
            yield f'docs/SIMULATION.md: the rule of {name} is missing'


def check_recipes():
    document = 'docs/COOKBOOK.md'
    samples = ''.join(read(path) for path in glob.glob('samples_dotnet/*/*.cs'))
    for block in re.findall(r'^```csharp\n(.*?)^```$', read(document), re.M | re.S):
        if block not in samples:
            yield f'{document}: no sample has the C# that begins with {block.strip().splitlines()[0]}'
    tried = {name for path in glob.glob('tests/docs/cookbook/*/*.*') for name in re.findall(r'<< (\w+)', read(path))}
    for name in re.findall(r'^<!-- (\w+) -->$', read(document), re.M):
        if name not in tried:
            yield f'{document}: nothing in tests/docs/cookbook tries {name}'


def main():
    os.chdir(sys.argv[1])
    documents = [path for pattern in DOCUMENTS for path in sorted(glob.glob(pattern))]
    lines = [line for document in documents for check in (check_links, check_paths) for line in check(document)]
    lines += [line for folder in FOLDERS for line in check_folder(folder)]
    lines += [*check_functions(), *check_recipes()]
    for line in lines:
        print(line)
    sys.exit(1 if lines or not documents else 0)


if __name__ == '__main__':
    main()
