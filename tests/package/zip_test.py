#!/usr/bin/env python3
"""zip_test.py CHECKOUT ZIP PACKAGE: what a package holds; PACKAGE is the ZIP, unpacked.

All is there that a user needs, each relative link of the pages leads somewhere, nothing is fetched from a network, the
search knows the words of the pages, and nothing tells where the package was made.
"""
import calendar
import glob
import html
import os
import re
import struct
import sys
import time
import urllib.parse
import zipfile

NEEDED = ['LICENSE.txt', 'README.txt', 'docs/index.html', 'docs/search.html', 'docs/searchindex.js',
          'include/NamedPipeServer.h', 'include/NamedPipeServer_i.c', 'include/NamedPipeServer.idl',
          'manifests/activate.vbs', 'manifests/activate.bas']
NEEDED_TWICE = ['{}/NamedPipeServer.dll', '{}/pipe.exe', '{}/NamedPipeServer.tlb', '{}/NamedPipeServer.X.manifest',
                'manifests/{}/Program.exe.manifest', 'manifests/{}/Program.rc']
TEXTS = r'\.(txt|vbs|js|ps1|psm1|bas|cls|frm|vbp|cs|csproj|prg|twin|h|c|idl|rc|md)$'


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def files_of(folder):
    return sorted(os.path.relpath(os.path.join(place, name), folder)
                  for place, _, names in os.walk(folder) for name in names)


def check_contents(checkout, files):
    needed = NEEDED + [name.format(bitness) for name in NEEDED_TWICE for bitness in ('x64', 'x86')]
    needed += [f'docs/{os.path.basename(page)[:-3]}.html' for page in glob.glob(f'{checkout}/docs/*.md')]
    needed += [os.path.relpath(path, checkout) for path in glob.glob(f'{checkout}/samples_*/**', recursive=True)
               if os.path.isfile(path)]
    for name in needed:
        if name not in files:
            yield f'{name} is missing'


def targets(page):
    """The links of a page, and what it loads."""
    return [html.unescape(found) for found in re.findall(r'\b(?:href|src)="([^"]*)"', page)]


def check_links(package, files):
    pages = {name: read(os.path.join(package, name)).decode() for name in files if name.endswith('.html')}
    count = 0
    for name, page in pages.items():
        for target in targets(page):
            path, _, anchor = target.partition('#')
            if re.match(r'(https?|mailto):', path):
                continue
            count += 1
            path = urllib.parse.unquote(path.partition('?')[0])
            path = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            if not os.path.exists(os.path.join(package, path)):
                yield f'{name}: {target} leads nowhere'
            elif anchor and f'id="{anchor}"' not in pages.get(path, ''):
                yield f'{name}: {target} is no place of that page'
        for target in re.findall(r'<(?:script|link|img)\b[^>]*(?:href|src)="(https?:[^"]*)"', page):
            yield f'{name} needs {target}'
    if count < 500:
        yield f'only {count} links were found'
    for target in re.findall(r'\]\(([^)#]+)[^)]*\)', read(os.path.join(package, 'README.txt')).decode()):
        if '://' not in target and not os.path.exists(os.path.join(package, target)):
            yield f'README.txt: {target} leads nowhere'


def check_search(package):
    index = read(os.path.join(package, 'docs/searchindex.js')).decode()
    for word in ('REFERENCE', 'asyncbroadcast', 'actctx', 'waitev'):
        if word not in index:
            yield f'the search does not know {word}'
    page = read(os.path.join(package, 'docs/search.html')).decode()
    for script in ('searchindex.js', '_static/searchtools.js', '_static/language_data.js'):
        if f'src="{script}' not in page:
            yield f'docs/search.html does not load {script}'
    options = read(os.path.join(package, 'docs/_static/documentation_options.js')).decode()
    if not re.search(r'SHOW_SEARCH_SUMMARY: false', options):
        yield 'the search would fetch pages, which a browser refuses to a page of a folder'
    for name in ('index', 'REFERENCE'):
        if 'action="search.html"' not in read(os.path.join(package, f'docs/{name}.html')).decode():
            yield f'docs/{name}.html has no box to search in'
    contents = read(os.path.join(package, 'docs/index.html')).decode()
    for page in glob.glob(os.path.join(package, 'docs/*.html')):
        name = os.path.basename(page)
        if name != 'index.html' and f'href="{name}' not in contents:
            yield f'the contents do not name {name}'


def check_traces(checkout, package, files):
    """Of the folder it was made in, and of the home of who made it."""
    homes = {checkout, os.path.dirname(checkout), os.path.expanduser('~')} - {'/', '/root'}
    places = {f'{home}/' for home in homes}  # or a folder /work would be seen in .github/workflows
    for name in files:
        data = read(os.path.join(package, name))
        for place in places:
            if place.encode() in data or place.encode('utf-16-le') in data:
                yield f'{name} names {place}'


def check_forms(package, files):
    for name in files:
        data = read(os.path.join(package, name))
        if re.search(TEXTS, name) and not name.startswith('docs/') and re.search(rb'[^\r]\n', data):
            yield f'{name} has lines that do not end as those of Windows'
        if name.endswith('Program.exe.manifest') and len(data) % 4:
            yield f'{name} has {len(data)} bytes, and Visual Basic 6 wants them by fours'


def check_times(archive, package):
    entries = archive.infolist()
    times = {entry.date_time for entry in entries}
    if len(times) != 1:
        yield f'the files have {len(times)} times'
    names = [entry.filename for entry in entries]
    if names != sorted(names):
        yield 'the files are in no order'
    for program in (f'{bitness}/{name}' for bitness in ('x64', 'x86') for name in ('NamedPipeServer.dll', 'pipe.exe')):
        data = read(os.path.join(package, program))
        header = struct.unpack_from('<I', data, 0x3c)[0]
        stamp = struct.unpack_from('<I', data, header + 8)[0]
        if abs(stamp - calendar.timegm(entries[0].date_time)) > 1:    # a ZIP counts in two seconds
            yield f'the linker stamped {program} with {time.gmtime(stamp)}'
        if b'.debug' in data[:4096]:
            yield f'{program} has debug information'


def main():
    checkout, path, package = sys.argv[1:4]
    files = files_of(package)
    archive = zipfile.ZipFile(path)
    lines = [*check_contents(checkout, files), *check_links(package, files), *check_search(package),
             *check_traces(checkout, package, files), *check_forms(package, files), *check_times(archive, package)]
    print('\n'.join(lines) or f'{len(files)} files')
    sys.exit(1 if lines else 0)


if __name__ == '__main__':
    main()
