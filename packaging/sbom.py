#!/usr/bin/env python3
"""sbom.py PACKAGE ZIP SETUP: prints what a release consists of, as SPDX 2.3: each file of the ZIP, and what came into
the files from elsewhere, by the Debian packages that it was made with. SOURCE_DATE_EPOCH is its time."""
import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timezone

AUTHORS = 'Organization: The NamedPipeServer authors'
# Debian's package, its licence, what of it is where, and in which files.
FOREIGN = [
    ('mingw-w64-x86-64-dev', 'ZPL-2.1', 'The start of a DLL or program, and import libraries', 'STATIC_LINK',
     r'x64/.*\.(dll|exe)$'),
    ('mingw-w64-i686-dev', 'ZPL-2.1', 'The start of a DLL or program, and import libraries', 'STATIC_LINK',
     r'x86/.*\.(dll|exe)$'),
    ('gcc-mingw-w64-x86-64-posix-runtime', 'GPL-3.0-or-later WITH GCC-exception-3.1', 'libgcc', 'STATIC_LINK',
     r'x64/.*\.(dll|exe)$'),
    ('gcc-mingw-w64-i686-posix-runtime', 'GPL-3.0-or-later WITH GCC-exception-3.1', 'libgcc', 'STATIC_LINK',
     r'x86/.*\.(dll|exe)$'),
    ('sphinx-common', 'BSD-2-Clause', 'Scripts and styles of the pages', 'CONTAINS', r'docs/_static/searchtools\.js$'),
    ('python3-alabaster', 'BSD-3-Clause', 'The style of the pages', 'CONTAINS', r'docs/_static/alabaster\.css$'),
    ('libjs-jquery', 'MIT', 'A script of the pages', 'CONTAINS', r'docs/_static/jquery\.js$'),
    ('libjs-underscore', 'MIT', 'A script of the pages', 'CONTAINS', r'docs/_static/underscore\.js$'),
    ('nsis', 'Zlib AND CPL-1.0', 'The program that setup.exe is', 'CONTAINS', None),
]


def digest(path, kind):
    with open(path, 'rb') as file:
        return hashlib.new(kind, file.read()).hexdigest()


def checksums(path):
    return [{'algorithm': kind.upper(), 'checksumValue': digest(path, kind)} for kind in ('sha1', 'sha256')]


def version_of(debian_package):
    run = subprocess.run(['dpkg-query', '-W', '-f', '${Version}\n', debian_package], capture_output=True, text=True,
                         check=False)
    return run.stdout.split('\n')[0] or None


def files_of(package):
    top = os.path.dirname(package)
    paths = sorted(os.path.join(folder, name) for folder, _, names in os.walk(package) for name in names)
    for number, path in enumerate(paths):
        name = os.path.relpath(path, package)
        foreign = name.startswith('docs/_static/')
        yield {
            'SPDXID': f'SPDXRef-File-{number}',
            'fileName': './' + os.path.relpath(path, top),
            'checksums': checksums(path),
            'licenseConcluded': 'NOASSERTION' if foreign else 'MIT',
            'licenseInfoInFiles': ['NOASSERTION'],
            'copyrightText': 'NOASSERTION' if foreign else 'Copyright (c) The NamedPipeServer authors',
        }


def verification_code(files):
    sums = sorted(file['checksums'][0]['checksumValue'] for file in files)
    return hashlib.sha1(''.join(sums).encode()).hexdigest()


def release(identifier, path, version, files=None):
    package = {
        'SPDXID': identifier, 'name': 'NamedPipeServer', 'versionInfo': version, 'supplier': AUTHORS,
        'packageFileName': os.path.basename(path), 'checksums': checksums(path), 'downloadLocation': 'NOASSERTION',
        'filesAnalyzed': files is not None, 'licenseConcluded': 'MIT', 'licenseDeclared': 'MIT',
        'copyrightText': 'Copyright (c) The NamedPipeServer authors',
    }
    if files is not None:
        package['packageVerificationCode'] = {'packageVerificationCodeValue': verification_code(files)}
        package['licenseInfoFromFiles'] = ['NOASSERTION']
    return package


def relation(one, kind, other):
    return {'spdxElementId': one, 'relationshipType': kind, 'relatedSpdxElement': other}


def add_foreign(document, files):
    for name, licence, what, kind, pattern in FOREIGN:
        holders = [file['SPDXID'] for file in files if pattern and re.search(pattern, file['fileName'])]
        holders += [] if pattern else ['SPDXRef-Setup']
        version = version_of(name)
        if not holders or not version:
            continue
        identifier = f'SPDXRef-Debian-{name}'
        document['packages'].append({
            'SPDXID': identifier, 'name': name, 'versionInfo': version, 'supplier': 'Organization: Debian',
            'downloadLocation': 'NOASSERTION', 'filesAnalyzed': False, 'licenseConcluded': licence,
            'licenseDeclared': licence, 'copyrightText': 'NOASSERTION', 'comment': what,
            'externalRefs': [{'referenceCategory': 'PACKAGE-MANAGER', 'referenceType': 'purl',
                              'referenceLocator': f'pkg:deb/debian/{name}@{version.replace("+", "%2B")}'}],
        })
        document['relationships'] += [relation(holder, kind, identifier) for holder in holders]


def main():
    package, archive, setup = sys.argv[1:4]
    version = package.rsplit('-', 1)[1]
    files = list(files_of(package))
    time = datetime.fromtimestamp(int(os.environ['SOURCE_DATE_EPOCH']), timezone.utc)
    document = {
        'spdxVersion': 'SPDX-2.3', 'dataLicense': 'CC0-1.0', 'SPDXID': 'SPDXRef-DOCUMENT',
        'name': os.path.basename(package),
        'documentNamespace': f'https://spdx.org/spdxdocs/{os.path.basename(package)}-{digest(archive, "sha256")}',
        'creationInfo': {'created': time.strftime('%Y-%m-%dT%H:%M:%SZ'), 'creators': [AUTHORS]},
        'documentDescribes': ['SPDXRef-Zip', 'SPDXRef-Setup'],
        'packages': [release('SPDXRef-Zip', archive, version, files), release('SPDXRef-Setup', setup, version)],
        'files': files,
        'relationships': [relation('SPDXRef-Zip', 'CONTAINS', file['SPDXID']) for file in files],
    }
    add_foreign(document, files)
    print(json.dumps(document, indent=1))


if __name__ == '__main__':
    main()
