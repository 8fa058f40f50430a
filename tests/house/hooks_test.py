"""hooks_test.py CHECKOUT: a test's hooks use nothing that goes before what calls them.

What the body of a test declares goes before TearDown ends the threads that call hooks. So in tests/pipe one that
captures by & stands below a hooks_end (tests/support/pipe/hook.h), in the same body; what uses the fixture alone
captures this. Bodies with seams of their own run nothing behind them. The first thing it does is to show that it can
fail."""

import pathlib
import re
import sys

BODY = re.compile(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)\n\{\n(.*?)^\}\n", re.MULTILINE | re.DOTALL)
HOOK = re.compile(r"^ *(?:system\.|owner\.|on_|\S+\.on_)\w+\s*=\s*\[&", re.MULTILINE)


def complaints_about(text):
    for suite, name, body in BODY.findall(text):
        first = HOOK.search(body)
        if first and "seams system;" not in body and "hooks_end" not in body[: first.start()]:
            yield f"{suite}.{name} sets a hook that captures by & and has no hooks_end above it"


def can_fail():
    test = "TEST_F(A, B)\n{\n    bool b;\n%s    system.read_file = [%s](HANDLE, DWORD) { return 0u; };\n}\n"
    wrong = [test % ("", "&"), test % ("", "&b"), test % ("    timers[i].on_fired = [&, i] {};\n", "this")]
    right = [test % (line, "&") for line in ("    const hooks_end hooks{this};\n", "    seams system;\n")]
    right.append(test % ("", "this"))
    return all(list(complaints_about(one)) for one in wrong) and not any(list(complaints_about(one)) for one in right)


def main():
    tests = sorted(pathlib.Path(sys.argv[1], "tests", "pipe").glob("*.cpp"))
    if not can_fail() or not tests:
        sys.exit("hooks_test.py itself is broken")
    wrong = [f"{path.name}: {line}" for path in tests for line in complaints_about(path.read_text(encoding="utf-8"))]
    sys.exit("\n".join(wrong) if wrong else 0)


main()
