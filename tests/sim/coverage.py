"""coverage.py CHECKOUT LIST < the JSON of gcov, a document a line.

Prints lines and branches of each file of src, and every branch that is neither reached nor named in LIST. Ends with 1
if there is one, or if LIST names a branch that is reached.

LIST is in paragraphs: a line `FILE: FUNCTION: N` (N branches of a line are not reached), the text of that line, the
reason. Lines of the source may move. `FILE: FUNCTION: seldom N`: whether the runs reach these branches changes with
the schedules, which any change of the product moves; they may be reached or not. The branch of a CHECK that fails is
left out everywhere: it ends the process.
"""

import collections
import json
import pathlib
import sys


def read_counts(documents, checkout):
    """{file: {line: [function, count, [branch counts]]}}; code of a header is in several documents."""
    files = collections.defaultdict(dict)
    for text in documents:
        for unit in json.loads(text)["files"]:
            path = pathlib.Path(unit["file"]).resolve()
            if checkout / "src" not in path.parents:
                continue
            lines = files[str(path.relative_to(checkout))]
            for line in unit["lines"]:
                counts = [branch["count"] for branch in line["branches"]]
                known = lines.setdefault(line["line_number"], [line.get("function_name", ""), 0, [0] * len(counts)])
                known[1] += line["count"]
                if len(known[2]) != len(counts):
                    known[2] += [0] * (len(counts) - len(known[2]))
                for i, count in enumerate(counts):
                    known[2][i] += count
    return files


def read_list(path):
    """(how many branches of a line are not reached, the lines of which some may be)"""
    named, seldom = collections.Counter(), set()
    for paragraph in path.read_text().split("\n\n"):
        lines = [line for line in paragraph.strip().splitlines() if not line.startswith("#")]
        if not lines:
            continue
        file, function, count = lines[0].split(": ")
        if len(lines) < 3:
            sys.exit(f"{path}: {lines[0]} has no reason")
        key = (file, function, lines[1].strip())
        named[key] += int(count.removeprefix("seldom "))
        if count.startswith("seldom "):
            seldom.add(key)
    return named, seldom


def missing_of(counts, text):
    missing = counts.count(0)
    return 0 if "CHECK(" in text else missing


def main():
    checkout = pathlib.Path(sys.argv[1]).resolve()
    named, seldom = read_list(pathlib.Path(sys.argv[2]))
    files = read_counts(sys.stdin, checkout)
    left, found, here = [], collections.Counter(), set()
    totals = [0, 0, 0, 0]
    for file in sorted(files):
        source = (checkout / file).read_text().splitlines()
        sums = [0, 0, 0, 0]
        for number, (function, count, branches) in sorted(files[file].items()):
            text = source[number - 1].strip()
            missing = missing_of(branches, text)
            here.add((file, function, text))
            sums[0] += count > 0
            sums[1] += 1
            sums[2] += len(branches) - missing
            sums[3] += len(branches)
            if missing:
                found[file, function, text] += missing
                left.append((file, function, text, number, missing, len(branches)))
        totals = [a + b for a, b in zip(totals, sums)]
        print(f"{file:32} lines {sums[0]:4} of {sums[1]:4}, branches {sums[2]:4} of {sums[3]:4}")
    print(f"{'all':32} lines {totals[0]:4} of {totals[1]:4}, branches {totals[2]:4} of {totals[3]:4}")
    unnamed = [entry for entry in left if found[entry[:3]] > named[entry[:3]]]
    for file, function, text, number, missing, of in unnamed:
        print(f"{file}:{number}: {function}: {missing} of {of} branches are not reached: {text}")
    stale = [key for key in named if (key not in here if key in seldom else named[key] > found[key])]
    for file, function, text in stale:
        print(f"{file}: {function}: the list names branches that are reached, or a line that has changed: {text}")
    print(f"coverage: {sum(found.values())} branches are not reached, {len(unnamed)} lines of them without a reason")
    sys.exit(1 if unnamed or stale else 0)


main()
