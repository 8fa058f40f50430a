"""workflows_test.py CHECKOUT: the workflows, the scripts that they run, and docs/WINDOWS.md say the same.

Each script that a step runs is there. Each row of WINDOWS.md's table names a step of windows.yml and the script that it
runs, whose checks have the row's number; each number of a check has a row with its script; each script of tests/windows
is run by a step, or by one of them. A number has a row or a section. The first thing the test does is to show that it
can fail."""

import os
import pathlib
import re
import sys

RUN = re.compile(r"^ +(?:- )?(?:run|command): (.*)$", re.MULTILINE)
STEP = re.compile(r"^ +- name: (.+)\n(?:(?! +- ).*\n)*? +run: (.+)$", re.MULTILINE)
PATH = re.compile(r"(?<![\w./\\-])(?:scripts|tests|packaging)[/\\][\w./\\-]+")
ROW = re.compile(r"^\| (\d+) \| .* \| \*(.+?)\* \| `([\w./]+)` \| .* \|$", re.MULTILINE)
SECTION = re.compile(r"^### (\d+)\. ", re.MULTILINE)
CHECK = re.compile(r"^ *(?:Check|Note) (\d+|\$number)\b|\bCheck (\d+) of\b", re.MULTILINE)
NAMED_NUMBERS = re.compile(r"= (\d+)\b|else \{ (\d+) \}")
CALLED = re.compile(r"[\w]+\.(?:ps1|psm1|py|ahk|cs|txt)")
ALONE = {"lay.cmd", "prepare.ps1"}  # have no check


def paths_of(text):
    """The scripts that a workflow's steps run."""
    for command in RUN.findall(text):
        for path in PATH.findall(command):
            yield path.replace("\\", "/")


def steps_of(text):
    """Name and script of each step that has a name."""
    return {
        (name.strip(), path.replace("\\", "/")) for name, run in STEP.findall(text) for path in PATH.findall(run)[:1]
    }


def numbers_of(text):
    """Those of a script's checks. Where a check takes its number from a table, those of the table."""
    numbers = set()
    for number, head in CHECK.findall(text):
        if number == "$number":
            for line in re.findall(r"^.*\$numbers? = (?:.|\n)*?\}$", text, re.MULTILINE):
                numbers |= {int(a or b) for a, b in NAMED_NUMBERS.findall(line)}
        else:
            numbers.add(int(number or head))
    return numbers


def complaints_about_rows(document, steps, scripts):
    """`scripts`: the numbers of each script's checks, by its path."""
    rows = [(int(number), step, path) for number, step, path in ROW.findall(document)]
    if not rows:
        yield "docs/WINDOWS.md: this test does not find its rows"
    for number, step, path in rows:
        if (step, path) not in steps:
            yield f"docs/WINDOWS.md, {number}: no step *{step}* of windows.yml runs {path}"
        if path in scripts and number not in scripts[path]:
            yield f"docs/WINDOWS.md, {number}: {path} has no check of this number"
    for path, numbers in sorted(scripts.items()):
        for number in sorted(numbers - {row[0] for row in rows if row[2] == path}):
            yield f"{path}: docs/WINDOWS.md has no row for check {number}"
    numbers = {row[0] for row in rows} | set(map(int, SECTION.findall(document)))
    for number in sorted(set(range(1, max(numbers, default=1))) - numbers):
        yield f"docs/WINDOWS.md: check {number} has neither a row nor a section"


def can_fail():
    steps = {("Names", "tests/windows/names.ps1")}
    row = "| 1 | what | *Names* | `tests/windows/names.ps1` | about |\n"
    good = list(complaints_about_rows(row, steps, {"tests/windows/names.ps1": {1}}))
    bad = [
        complaints_about_rows("", steps, {}),
        complaints_about_rows(row.replace("Names", "Others"), steps, {}),
        complaints_about_rows(row, steps, {"tests/windows/names.ps1": {1, 2}}),
        complaints_about_rows(row, steps, {"tests/windows/names.ps1": set()}),
        complaints_about_rows(row.replace("1", "3"), steps, {}),
    ]
    text = "jobs:\n  a:\n    steps:\n      - name: Names\n        if: x\n        run: tests\\windows\\names.ps1 x64\n"
    return (
        not good
        and all(list(one) for one in bad)
        and steps_of(text) == steps
        and list(paths_of(text)) == ["tests/windows/names.ps1"]
        and numbers_of("Check 5 'a' { }\n    Note 7 'b'\nCheck $number 'c'\n$numbers = @{ a = 8\n    b = 9 }\n")
        == {5, 7, 8, 9}
    )


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8")


def files_behind(script, there):
    """A script and what it calls."""
    files, more = set(), {script}
    while more:
        files |= more
        more = {name for file in more for name in CALLED.findall(read(there[file])) if name in there} - files
    return files


def complaints():
    workflows = sorted(pathlib.Path(".github/workflows").glob("*.yml"))
    for workflow in workflows:
        for path in paths_of(read(workflow)):
            if not os.path.exists(path):
                yield f"{workflow}: {path} is not there"
    steps = steps_of(read(".github/workflows/windows.yml"))
    there = {path.name: path for path in pathlib.Path("tests/windows").rglob("*.*") if path.name != "README.md"}
    scripts, used = {}, set()
    for _, path in steps:
        name = pathlib.PurePath(path).name
        if path.startswith("tests/windows/") and name in there:
            files = files_behind(name, there)
            used |= files
            if name not in ALONE:
                scripts[path] = set().union(*(numbers_of(read(there[file])) for file in files))
    for name in sorted(set(there) - used - {"interop.csproj"}):
        yield f"tests/windows: no step runs {name}"
    yield from complaints_about_rows(read("docs/WINDOWS.md"), steps, scripts)


def main():
    if not can_fail():
        sys.exit("workflows_test.py does not see what is wrong")
    os.chdir(sys.argv[1])
    found = list(complaints())
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
