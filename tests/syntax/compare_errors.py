# SPDX-License-Identifier: MIT
"""Compares what Baton says about wrong programs with what CPython 3.11 says: class, message, place, line shown.

    compare_errors.py AST_DUMP [FILE ...]      (run by CPython 3.11)

The snippets stand in wrong_snippets.txt; README.md tells how.
"""
import ast
import os
import sys
import warnings

from front_end import FrontEnd, without_warnings

warnings.simplefilter("ignore")
PARTIAL = 0x200 | 0x4000  # as codeop: do not imply dedents, tell that input is incomplete


def snippets(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for part in text.split("\n-----\n"):
        mode, message = "exec", None
        while part.startswith(("mode: ", "differs: ")):
            head, _, part = part.partition("\n")
            if head.startswith("mode: "):
                mode = head[6:]
            elif head.startswith("differs: "):
                message = head[9:]
        for a, b in (("<NBSP>", "\u00a0"), ("<TAB>", "\t")):
            part = part.replace(a, b)
        yield part, mode, message


def theirs(source, mode):
    part = mode == "part"
    try:
        compile(source, "<snippet>", "single" if part else mode, ast.PyCF_ONLY_AST | (PARTIAL if part else 0))
    except SyntaxError as error:
        if part:
            return f"{type(error).__name__}: {error.msg}"
        return f"{type(error).__name__}: {error.msg}\n{error.lineno} {error.offset} {error.end_lineno} {error.end_offset}\n{error.text}".rstrip()
    except (MemoryError, RecursionError) as error:
        return type(error).__name__
    return "no error"


def main():
    front_end = FrontEnd(sys.argv[1])
    paths = sys.argv[2:] or [os.path.join(os.path.dirname(os.path.abspath(__file__)), "wrong_snippets.txt")]
    passed = failed = 0
    for path in paths:
        for source, mode, message in snippets(path):
            kind, text = front_end.ask(source.encode("utf-8", "surrogatepass"), ("single+part" if mode == "part" else mode) + "+str")
            ours = without_warnings(text).rstrip() if kind == "fault" else "no error"
            if mode == "part":
                ours = ours.split("\n")[0]
            expected = theirs(source, mode)
            if message is not None:
                good = ours.split("\n")[0] == message if message != "accepted" else ours == "no error"
            else:
                good = ours == expected
            passed += good
            failed += not good
            if not good:
                print(f"---- {source!r} ({mode})\nBaton:   {ours}\nCPython: {expected}" + (f"\nmeant: {message}" if message else ""))
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
