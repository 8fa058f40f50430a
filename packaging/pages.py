#!/usr/bin/env python3
"""pages.py CHECKOUT PACKAGE PAGES: the documents for a package, which has no sources.

Writes to the folder PAGES what Sphinx makes HTML of, an index, a page for each document and their pictures, and to the
folder PACKAGE README.txt and the samples' README.md. Links lead to pages and to what the package has; what it has not
is named without a link. README.txt has no pictures.
"""
import os
import re
import shutil
import sys

# What comes first is what a user reads first.
ORDER = ['README', 'DEPLOYMENT', 'COOKBOOK', 'PIPE', 'REFERENCE', 'TROUBLESHOOTING', 'THREADING', 'SECURITY',
         'MIGRATING', 'POWERSHELL', 'PERFORMANCE', 'samples_vb6', 'samples_dotnet', 'WINDOWS', 'ARCHITECTURE',
         'SIMULATION', 'CHANGELOG']
PICTURES = 'docs/performance'
SHIPPED = {'samples_vb6': 'samples_vb6', 'samples_script': 'samples_script', 'samples_dotnet': 'samples_dotnet',
           'manifests': 'manifests', 'LICENSE': 'LICENSE.txt'}
LEXERS = {'vb': 'vb.net', 'vbs': 'vbscript', '': 'text'}

INDEX = """# NamedPipeServer {version}

Named pipes with events, for everything that speaks COM. Begin with the [README](README.md).

```{{toctree}}
:maxdepth: 2

{pages}
```

{{ref}}`search`
"""


def read(*path):
    with open(os.path.join(*path), encoding='utf-8') as file:
        return file.read()


def write(text, *path, newline='\n'):
    with open(os.path.join(*path), 'w', encoding='utf-8', newline=newline) as file:
        file.write(text)


def sources(checkout):
    """Each page's name, and the document that it is made of."""
    for page in ORDER:
        for path in (f'{page}.md', f'docs/{page}.md', f'{page}/README.md'):
            if os.path.exists(os.path.join(checkout, path)):
                yield page, path
                break
        else:
            sys.exit(f'packaging/pages.py: there is no document for {page}')
    for name in sorted(os.listdir(os.path.join(checkout, 'docs'))):
        if name.endswith('.md') and name[:-3] not in ORDER:
            sys.exit(f'packaging/pages.py does not say where docs/{name} comes')


def outside_of_code(text, change):
    """The text with `change` done to what is no block of code."""
    parts = re.split(r'(^```.*?^```$)', text, flags=re.M | re.S)
    return ''.join(part if part.startswith('```') else change(part) for part in parts)


class Links:
    """Where the links of documents lead in a package."""

    def __init__(self, checkout, pages):
        self.page_of = {path: page for page, path in pages.items()}
        self.title_of = {path: re.search(r'^# (.+)$', read(checkout, path), re.M)[1] for path in self.page_of}

    def rewrite(self, text, document, page_link, up, file_link='[{label}]({target})', picture=''):
        """page_link: how a page is written, with {} for its name; up: the way from the new place to the package;
        picture: how a picture is written, with {label} and {name}."""

        def show(found):
            return picture.format(label=found[1], name=os.path.basename(found[2]))

        def link(found):
            label, target = found[1], found[2]
            path, _, anchor = target.partition('#')
            if '://' in target or not path:
                return found[0]
            path = os.path.normpath(os.path.join(os.path.dirname(document), path))
            if path in self.page_of:
                label = self.title_of[path] if label == path else label
                anchor = f'#{anchor}' if anchor else ''
                return f'[{label}]({page_link.format(self.page_of[path])}{anchor})'
            first, *rest = path.split('/')
            if first in SHIPPED:
                return file_link.format(label=label, target=up + '/'.join([SHIPPED[first], *rest]))
            return label if label.startswith('`') else f'`{label}`'

        def change(part):
            part = re.sub(r'(?<!!)\[([^\]]*)\]\(([^)\s]+)\)', link, part)
            return re.sub(r'!\[([^\]]*)\]\(([^)\s]+)\)\n*', show, part)

        return outside_of_code(text, change)


def known_lexers(text):
    return re.sub(r'^```(\w*)\n(.*?)^```$', lambda block: f'```{LEXERS.get(block[1], block[1])}\n{block[2]}```',
                  text, flags=re.M | re.S)


def main():
    checkout, package, pages_folder = sys.argv[1:4]
    version = re.search(r'define VERSION "(.+)"', read(checkout, 'src/com/version.h'))[1]
    pages = dict(sources(checkout))
    links = Links(checkout, pages)
    for page, path in pages.items():
        text = links.rewrite(read(checkout, path), path, '{}.md', '../', '<a href="{target}">{label}</a>',
                             '![{label}](performance/{name})\n\n')
        write(known_lexers(text), pages_folder, f'{page}.md')
        if path.startswith('samples_'):
            write(links.rewrite(read(checkout, path), path, '../docs/{}.html', '../'), package, path)
    shutil.copytree(os.path.join(checkout, PICTURES), os.path.join(pages_folder, 'performance'))
    write(INDEX.format(version=version, pages='\n'.join(pages)), pages_folder, 'index.md')
    write(links.rewrite(read(checkout, 'README.md'), 'README.md', 'docs/{}.html', ''), package, 'README.txt')


if __name__ == '__main__':
    main()
