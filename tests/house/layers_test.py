"""layers_test.py CHECKOUT: the direction of the layers, by what each file includes.

A layer includes itself and those below it. tool, which is a program of its own, includes base, json and, of pipe,
name.h; the DLL it knows by COM alone. base, json and pipe reach Windows through base/win32.h alone, which
includes <windows.h>: so they can be compiled against something else. No header has the name of a header of the
system that is included: where the folder of a layer is searched for headers, it would be taken for that one. The
first thing it does is to show that it can fail."""

import pathlib
import re
import sys

LAYERS = ["base", "json", "pipe", "deliver", "com", "dll"]  # from the bottom up
C_HEADERS = {"stdarg.h", "stdbool.h", "stddef.h", "stdint.h"}
SYSTEM_HEADERS = {("base/win32.h", "windows.h"), ("base/win32.h", "sddl.h")}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)


def complaints_about(path, text):
    """What is wrong with the includes of one file; `path` is relative to src."""
    layer = path.split("/")[0]
    below = LAYERS[: LAYERS.index(layer) + 1]
    for quote, name in INCLUDE.findall(text):
        if quote == '"' and "/" in name:
            if name.split("/")[0] not in below:
                yield f"{path} includes {name}, of a layer above it"
        elif layer in ("base", "json", "pipe") and name not in C_HEADERS and (path, name) not in SYSTEM_HEADERS:
            yield f"{path} includes {name}; base, json and pipe reach the system through base/win32.h"


def complaints_about_tool(path, text):
    """The same of a file of tool, which is relative to the checkout; its version is that of the DLL."""
    for quote, name in INCLUDE.findall(text):
        allowed = name.split("/")[0] in ("base", "json", "tool") or name in ("pipe/name.h", "com/version.h")
        if quote == '"' and "/" in name and not allowed:
            yield f"{path} includes {name}, which is inside the DLL"


def names_taken(files):
    """Headers of ours that have the name of one of the system. `files` maps a path, relative to src, to its text."""
    system = {name for text in files.values() for quote, name in INCLUDE.findall(text) if quote == "<"}
    for path in files:
        if pathlib.PurePath(path).name in system:
            yield f"{path} has the name of a header of the system"


def can_fail():
    if not list(names_taken({"base/win32.h": "#include <sddl.h>\n", "pipe/sddl.h": ""})):
        return False
    wrong = [
        ("pipe/port.c", '#include "deliver/queue.h"\n'),
        ("base/list.h", "#include <windows.h>\n"),
        ("pipe/pipe.h", "# include <ole2.h>\n"),
        ("base/win32.h", "#include <winsock2.h>\n"),
        ("com/sink.h", '#include "dll/factory.h"\n'),
    ]
    right = [
        ("base/win32.h", "#include <windows.h>\n"),
        ("com/com.h", "#include <ole2.h>\n"),
        ("dll/entry.c", '#include "com/unload.h"\n'),
    ]
    tool = ("tool/call.c", '#include "%s"\n')
    inside = [list(complaints_about_tool(tool[0], tool[1] % name)) for name in ("com/text.h", "pipe/pipe.h")]
    outside = [list(complaints_about_tool(tool[0], tool[1] % name)) for name in ("pipe/name.h", "tool/hex.h")]
    return (
        all(list(complaints_about(*case)) for case in wrong)
        and not any(list(complaints_about(*case)) for case in right)
        and all(inside)
        and not any(outside)
    )


def main():
    if not can_fail():
        print("the test does not tell right from wrong")
        return 1
    source = pathlib.Path(sys.argv[1]) / "src"
    files = sorted(source.glob("*/*.[ch]"))
    texts = {file.relative_to(source).as_posix(): file.read_text(encoding="utf-8") for file in files}
    complaints = [complaint for path, text in texts.items() for complaint in complaints_about(path, text)]
    tools = {f"tool/{file.name}": file.read_text(encoding="utf-8") for file in (source.parent / "tool").glob("*.[ch]")}
    complaints += [complaint for path, text in tools.items() for complaint in complaints_about_tool(path, text)]
    complaints += names_taken(texts | tools)
    print("\n".join(complaints) or f"{len(files)} files include what they may")
    return 1 if complaints or len(files) < 50 or len(tools) < 20 else 0


sys.exit(main())
