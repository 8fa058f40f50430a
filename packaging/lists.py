#!/usr/bin/env python3
"""lists.py PACKAGE: what setup.nsi copies, and what its uninstaller removes: these files alone, and folders that are
empty then. A user's own files stay."""
import os
import sys


def main():
    package = sys.argv[1]
    folders = sorted(os.path.relpath(folder, package) for folder, _, _ in os.walk(package))
    print('!macro COPY_FILES')
    for folder in folders:
        files = sorted(name for name in os.listdir(os.path.join(package, folder))
                       if os.path.isfile(os.path.join(package, folder, name)))
        place = '$INSTDIR' if folder == '.' else '$INSTDIR\\' + folder.replace('/', '\\')
        print(f'    SetOutPath "{place}"')
        for name in files:
            print(f'    File "{os.path.join(package, folder, name)}"')
    print('    SetOutPath "$INSTDIR"\n!macroend\n\n!macro REMOVE_FILES')
    for folder, _, files in sorted(os.walk(package), reverse=True):
        inside = os.path.relpath(folder, package)
        place = '$INSTDIR' if inside == '.' else '$INSTDIR\\' + inside.replace('/', '\\')
        for name in sorted(files):
            print(f'    Delete "{place}\\{name}"')
        if inside != '.':
            print(f'    RMDir "{place}"')
    print('!macroend')


if __name__ == '__main__':
    main()
