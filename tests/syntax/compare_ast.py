# SPDX-License-Identifier: MIT
"""Compares Baton's syntax trees with CPython's over every .py file of the host's library, and odd_but_right.py.

    compare_ast.py AST_DUMP [FOLDER or FILE ...]      (run by CPython 3.11)

A file that CPython rejects must be rejected, but for the newer syntax that Baton takes.
"""
import ast
import os
import sys
import sysconfig
import warnings

from front_end import FrontEnd, without_warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)


def python_files(roots):
    for root in roots:
        if os.path.isfile(root):
            yield root
        for folder, folders, files in os.walk(root):
            folders.sort()
            for name in sorted(files):
                if name.endswith(".py"):
                    yield os.path.join(folder, name)


def dump(node, level=0):
    """As ast.dump(node, include_attributes=True, indent=1), but quick."""
    if isinstance(node, ast.AST):
        pad = "\n" + " " * (level + 1)
        shown, simple = [], True
        kind = type(node)
        for name in kind._fields:
            value = getattr(node, name, None)
            if value is None and getattr(kind, name, ...) is None:
                continue
            if isinstance(value, (ast.AST, list)):
                text, plain = dump(value, level + 1)
                simple = simple and plain
            else:
                text = ascii(value)
            shown.append(f"{name}={text}")
        for name in kind._attributes:
            shown.append(f"{name}={getattr(node, name)}")
        if simple and len(shown) <= 3:
            return f"{kind.__name__}({', '.join(shown)})", not shown
        return f"{kind.__name__}({pad}{(',' + pad).join(shown)})", False
    if not node:
        return "[]", True
    pad = "\n" + " " * (level + 1)
    return "[" + pad + ("," + pad).join(dump(item, level + 1)[0] if isinstance(item, (ast.AST, list)) else ascii(item) for item in node) + "]", False


def first_difference(ours, theirs):
    ours, theirs = ours.split("\n"), theirs.split("\n")
    for number, (a, b) in enumerate(zip(ours, theirs)):
        if a != b:
            return f"line {number}: {a.strip()!r}, CPython {b.strip()!r}, after {' '.join(s.strip() for s in ours[max(0, number - 8):number])}"
    return f"{len(ours)} lines, CPython {len(theirs)}"


def compare(front_end, path):
    """What is wrong with this file, or None."""
    with open(path, "rb") as file:
        source = file.read()
    kind, text = front_end.ask(source)
    text = without_warnings(text).rstrip("\n") if kind == "tree" else text
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        if kind == "fault" or newer_syntax(source):
            return None
        return "CPython rejects it"
    if kind == "fault":
        return text
    theirs = dump(tree)[0]
    if text == theirs:
        return None
    return first_difference(text, theirs)


def newer_syntax(source):
    return any(line.lstrip().startswith(b"type ") for line in source.split(b"\n"))


def main():
    front_end = FrontEnd(sys.argv[1])
    here = os.path.dirname(os.path.abspath(__file__))
    roots = sys.argv[2:] or [os.path.join(here, "odd_but_right.py"), sysconfig.get_path("stdlib"), "/usr/lib/python3/dist-packages"]
    passed = failed = 0
    for path in python_files(roots):
        problem = compare(front_end, path)
        if problem is None:
            passed += 1
            continue
        failed += 1
        print(f"{path}: {problem}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
