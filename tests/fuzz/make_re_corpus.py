# SPDX-License-Identifier: MIT
"""Writes seeds for fuzz_re: make_re_corpus.py FOLDER. The compiled forms of patterns, as the host's re makes them."""
import os
import struct
import sys

from re import _compiler, _parser

TEXT = b"ab12 aab-ba1 x_y"
patterns = ["a+b", "(a|b)*c?", "[a-z0-9_]+", r"\d{2,3}\w\s", "^x$", "(?i)AB", "(a)(?=b)", "(?<!a)b", r"(a)\1", "(?:ab|a(c)d)+?", "[^abc]", r"\bab\b", "(?>a+)b", "a*+b", "(a)?(?(1)b|c)", ".", "(?s).", "\u00e9[\u00e8-\u00ea]"]
for number, pattern in enumerate(patterns):
    tree = _parser.parse(pattern)
    code = _compiler._code(tree, 0)
    with open(os.path.join(sys.argv[1], f"seed{number}"), "wb") as out:
        out.write(bytes([tree.state.flags & 0xff, tree.state.groups - 1]) + struct.pack(f"<{len(code)}I", *code) + TEXT)
