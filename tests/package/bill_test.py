#!/usr/bin/env python3
"""bill_test.py FOLDER: SHA256SUMS names each file of a release, with its sum, and the SPDX document each file of the
ZIP, with its sums, and what came from elsewhere; each name that a relationship uses is there."""
import glob
import hashlib
import json
import os
import re
import sys
import zipfile

NEEDED = {'spdxVersion', 'dataLicense', 'SPDXID', 'name', 'documentNamespace', 'creationInfo', 'packages', 'files',
          'relationships'}
ELSEWHERE = ['mingw-w64-x86-64-dev', 'gcc-mingw-w64-i686-posix-runtime', 'sphinx-common', 'nsis']


def check_sums(folder):
    with open(os.path.join(folder, 'SHA256SUMS'), encoding='ascii') as file:
        sums = {name: value for value, name in (line.split() for line in file)}
    names = set(os.listdir(folder)) - {'SHA256SUMS'}
    if set(sums) != names or len(names) != 3:
        yield f'SHA256SUMS names {sorted(sums)} of {sorted(names)}'
    for name, value in sums.items():
        with open(os.path.join(folder, name), 'rb') as file:
            if hashlib.sha256(file.read()).hexdigest() != value:
                yield f'the sum of {name} is another one'


def check_files(document, archive):
    listed = {file['fileName']: file['checksums'] for file in document['files']}
    there = {f'./{name}' for name in archive.namelist()}
    for name in there ^ set(listed):
        yield f'{name} is in one of ZIP and SPDX alone'
    for name in there & set(listed):
        data = archive.read(name[2:])
        for checksum in listed[name]:
            if hashlib.new(checksum['algorithm'].lower(), data).hexdigest() != checksum['checksumValue']:
                yield f'SPDX has another {checksum["algorithm"]} of {name}'


def check_document(document, archive):
    for key in NEEDED - set(document):
        yield f'SPDX has no {key}'
    if document['spdxVersion'] != 'SPDX-2.3' or document['dataLicense'] != 'CC0-1.0':
        yield 'SPDX is of another version or licence'
    if not re.fullmatch(r'\d{4}(-\d\d){2}T\d\d(:\d\d){2}Z', document['creationInfo']['created']):
        yield 'SPDX has no time'
    identifiers = [part['SPDXID'] for part in [document, *document['packages'], *document['files']]]
    if len(set(identifiers)) != len(identifiers):
        yield 'SPDX uses a name twice'
    for relation in document['relationships']:
        for end in (relation['spdxElementId'], relation['relatedSpdxElement']):
            if end not in identifiers:
                yield f'SPDX has no {end}'
    names = {package['name'] for package in document['packages']}
    for name in ELSEWHERE:
        if name not in names:
            yield f'SPDX does not name {name}'
    for package in document['packages']:
        for key in ('versionInfo', 'licenseConcluded', 'downloadLocation', 'copyrightText'):
            if not package.get(key):
                yield f'SPDX: {package["name"]} has no {key}'
    yield from check_files(document, archive)


def main():
    folder = sys.argv[1]
    with open(glob.glob(os.path.join(folder, '*.spdx.json'))[0], encoding='utf-8') as file:
        document = json.load(file)
    archive = zipfile.ZipFile(glob.glob(os.path.join(folder, '*.zip'))[0])
    lines = [*check_sums(folder), *check_document(document, archive)]
    print('\n'.join(lines) or f'{len(document["packages"])} packages, {len(document["files"])} files')
    sys.exit(1 if lines else 0)


if __name__ == '__main__':
    main()
