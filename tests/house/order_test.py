"""order_test.py CHECKOUT: the order of the files within json, within pipe and within deliver.

A file includes and calls files to its left alone; those between brackets are one thing in several files, and may call
each other. com and tool have an order too, which is not written down: only that they have no circle but gate and sink.
The first thing the test does is to show that it can fail."""

import pathlib
import re
import sys

ORDERS = {
    "json": "powers decimal big real number_text number text_builder string_text date_text utf8 reader names",
    "pipe": """pipe name peek gait dial framing answer exchange payload remote_call call sddl_text security instance
        claim peer probe port traffic dialer engine [connection event reading splitting writing asking idle resting
        closing dialing redialing peeking] listener engine_life survey""",
    "deliver": """lane handles backlog following dropping waiter desktop window_class thread_window queue_base handlers
        raising queue loop run""",
}
CIRCLES = {"com": [{"gate", "sink"}]}  # of which one file needs the other

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INCLUDE = re.compile(r'^#include "(\w+)/(\w+)\.h"', re.MULTILINE)
FUNCTION = re.compile(r"^(?!static\b|typedef\b)[A-Za-z_][\w *]*?\b(\w+)\([^;{}]*\)[^;{}]*\n\{", re.MULTILINE)


def ranks_of(order):
    """The place of each file; those between brackets share one."""
    ranks = {}
    for place, names in enumerate(re.findall(r"\[[^]]*\]|\w+", order)):
        ranks.update(dict.fromkeys(names.strip("[]").split(), place))
    return ranks


def uses_of(layer, files):
    """What uses what: (file, used file, by which function or include). `files` maps a file's name to its text."""
    texts = {name: COMMENT.sub("", text) for name, text in files.items()}
    defined = {
        function: pathlib.PurePath(name).stem
        for name, text in texts.items()
        if name.endswith(".c")
        for function in FUNCTION.findall(text)
    }
    for name, text in sorted(texts.items()):
        stem = pathlib.PurePath(name).stem
        for folder, used in INCLUDE.findall(text):
            if folder == layer and used != stem:
                yield stem, used, f"includes {used}.h"
        if name.endswith(".c"):
            for function in sorted(set(re.findall(r"\b\w+\b", text)) & defined.keys()):
                if defined[function] != stem:
                    yield stem, defined[function], f"uses {function} of {defined[function]}.c"


def complaints_about_order(layer, order, files):
    ranks = ranks_of(order)
    for stem in sorted({pathlib.PurePath(name).stem for name in files} ^ ranks.keys()):
        yield f"{layer}/{stem} stands in the order or in the folder alone"
    for stem, used, how in uses_of(layer, files):
        if ranks.get(used, 0) > ranks.get(stem, 0):
            yield f"{layer}/{stem} {how}, which stands to its right"


def complaints_about_circles(layer, allowed, files):
    below = {}
    for stem, used, _ in uses_of(layer, files):
        below.setdefault(stem, set()).add(used)

    def reach(stem):
        seen, waiting = set(), [stem]
        while waiting:
            for used in below.get(waiting.pop(), set()) - seen:
                seen.add(used)
                waiting.append(used)
        return seen

    reached = {stem: reach(stem) for stem in below}
    for stem in sorted(below):
        circle = {stem} | {other for other in reached[stem] if stem in reached.get(other, set())}
        if len(circle) > 1 and circle not in allowed:
            yield f"{layer}: {', '.join(sorted(circle))} use each other"


def can_fail():
    low = {"low.h": "", "low.c": '#include "x/low.h"\nint low(void)\n{\n}\n'}
    high_c = '#include "x/high.h"\nint high(void)\n{\n    return low();\n}\n'
    high = {"high.h": '#include "x/low.h"\n', "high.c": high_c}
    calls_up = {"low.c": '#include "x/low.h"\nint low(void)\n{\n    return high();\n}\n'}
    good = low | high
    bad = good | calls_up
    return (
        not list(complaints_about_order("x", "low high", good))
        and list(complaints_about_order("x", "high low", good))
        and list(complaints_about_order("x", "low", good))
        and list(complaints_about_order("x", "low high", bad))
        and not list(complaints_about_order("x", "[low high]", bad))
        and not list(complaints_about_circles("x", [], good))
        and list(complaints_about_circles("x", [], bad))
        and not list(complaints_about_circles("x", [{"low", "high"}], bad))
    )


def main():
    if not can_fail():
        print("the test does not tell right from wrong")
        return 1
    source = pathlib.Path(sys.argv[1]) / "src"
    complaints = []
    for layer in ("base", "json", "pipe", "deliver", "com", "dll", "tool"):
        folder = source.parent / layer if layer == "tool" else source / layer
        files = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.[ch]")}
        if layer in ORDERS:
            complaints += complaints_about_order(layer, ORDERS[layer], files)
        else:
            complaints += complaints_about_circles(layer, CIRCLES.get(layer, []), files)
    print("\n".join(complaints) or "no file uses one to its right")
    return 1 if complaints else 0


sys.exit(main())
