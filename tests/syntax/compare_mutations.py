# SPDX-License-Identifier: MIT
"""Spoils pieces of the host's library at random, and compares what Baton and CPython 3.11 say about them.

    compare_mutations.py AST_DUMP [SEED [COUNT]]      (run by CPython 3.11)

A given seed always spoils alike. Not compared:
- a text that Baton takes because of the newer syntax of f-strings, or that begins like `type X =`;
- the shown line (compare_errors.py does); and the columns in it where CPython shows several, of one literal.
"""
import ast
import glob
import io
import os
import random
import sys
import sysconfig
import textwrap
import tokenize

from compare_errors import theirs
from front_end import FrontEnd, without_warnings

LONGEST = 120
INSERTED = """( ) [ ] { } : , = == := * ** if else elif for in lambda yield await async not def class import from as with try
except finally return print match case _ 0 1 "s" f'{x}' f"{x y}" b'a' x y . ... -> @ + - ~ and or is None True del global
raise pass / ! ? ; \\ " ' 012 1a é “ | +=""".split() + ["\n", "\n    ", "\t", " ", "  "]


def pieces(path):
    """Statements of a file, each a program of its own."""
    with open(path, encoding="utf-8") as file:
        source = file.read()
    lines = source.split("\n")
    for node in ast.parse(source).body:
        start = min([node.lineno] + [decorator.lineno for decorator in getattr(node, "decorator_list", [])])
        if node.end_lineno - start <= LONGEST:
            yield "\n".join(lines[start - 1:node.end_lineno]) + "\n"
            continue
        for inner in getattr(node, "body", []):
            if inner.end_lineno - inner.lineno <= LONGEST:
                yield textwrap.dedent("\n".join(lines[inner.lineno - 1:inner.end_lineno])) + "\n"


def spoil(chance, piece, tokens):
    """Drops, replaces or inserts a token or a character, or ends the text early."""
    starts = [0]
    for line in piece.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    token = chance.choice(tokens)
    start = starts[token.start[0] - 1] + token.start[1]
    end = starts[token.end[0] - 1] + token.end[1]
    way = chance.randrange(5)
    if way == 0:
        return piece[:start] + piece[end:]
    if way == 1:
        return piece[:start] + chance.choice(INSERTED) + piece[end:]
    if way == 2:
        return piece[:start] + chance.choice(INSERTED) + " " + piece[start:]
    if way == 3:
        return piece[:start]
    at = chance.randrange(len(piece) + 1)
    return piece[:at] + chance.choice(["", " ", "(", ")", ":", '"', "'", ",", "\n", "="]) + piece[at + chance.randrange(2):]


def is_meant(source, ours, expected):
    if ours == "no error":
        return "f-string" in expected
    if "type " in source and "syntax" in ours:
        return True
    ours, expected = ours.split("\n"), expected.split("\n")
    return ours[:2] == expected[:2] or (ours[0] == expected[0] and len(expected) > 3)


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 3000
    chance = random.Random(seed)
    front_end = FrontEnd(sys.argv[1])
    library = sysconfig.get_path("stdlib")
    paths = sorted(glob.glob(os.path.join(library, "*.py")) + glob.glob(os.path.join(library, "asyncio", "*.py")))
    passed = failed = 0
    while passed + failed < count:
        for piece in pieces(chance.choice(paths)):
            if chance.random() < 0.7:
                continue
            try:
                tokens = [token for token in tokenize.generate_tokens(io.StringIO(piece).readline) if token.string]
            except (tokenize.TokenError, SyntaxError):
                continue
            if not tokens or "\0" in piece:
                continue
            source = spoil(chance, piece, tokens)
            kind, text = front_end.ask(source.encode("utf-8", "surrogatepass"), "exec+str")
            ours = without_warnings(text).rstrip() if kind == "fault" else "no error"
            expected = theirs(source, "exec")
            if ours == expected or is_meant(source, ours, expected):
                passed += 1
                continue
            failed += 1
            print(f"---- {source!r}\nBaton:   {ours}\nCPython: {expected}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
