"""size_test.py CHECKOUT: files and functions that a reader can keep in mind.

No .c file of src and of tool has more than 500 lines, but thread_window.c; no function of them more than 60. The first
thing the test does is to show that it can fail."""

import pathlib
import re
import sys

FILE_LINES = 500
FUNCTION_LINES = 60
LONG_FILES = {"deliver/thread_window.c": 820}
FUNCTION = re.compile(
    r"^(?!typedef|struct|enum|static const|const)[A-Za-z_][^;{}=]*\b(\w+)\([^;{}]*\)[^;{}]*\n\{\n(.*?)^\}",
    re.MULTILINE | re.DOTALL,
)


def complaints_about(path, text):
    """`path` is relative to src, or, of tool, to the checkout."""
    lines = text.count("\n")
    if path.endswith(".c") and lines > LONG_FILES.get(path, FILE_LINES):
        yield f"{path} has {lines} lines"
    for match in FUNCTION.finditer(text):
        length = match.group(0).count("\n") + 1
        if length > FUNCTION_LINES:
            yield f"{path}: {match.group(1)} has {length} lines"


def can_fail():
    short = "int f(void)\n{\n    return 0;\n}\n"
    long = "static int f(int a,\n             int b)\n{\n" + "    a++;\n" * 60 + "}\n"
    return (
        not list(complaints_about("a.c", short))
        and list(complaints_about("a.c", long))
        and list(complaints_about("a.c", "\n" * 501))
    )


def main():
    if not can_fail():
        print("the test does not tell right from wrong")
        return 1
    source = pathlib.Path(sys.argv[1]) / "src"
    complaints = [
        complaint
        for file in sorted(source.glob("*/*.[ch]"))
        for complaint in complaints_about(file.relative_to(source).as_posix(), file.read_text(encoding="utf-8"))
    ]
    complaints += [
        complaint
        for file in sorted((source.parent / "tool").glob("*.[ch]"))
        for complaint in complaints_about(f"tool/{file.name}", file.read_text(encoding="utf-8"))
    ]
    print("\n".join(complaints) or "no file and no function is too long")
    return 1 if complaints else 0


sys.exit(main())
