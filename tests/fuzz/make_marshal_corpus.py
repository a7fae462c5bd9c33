# SPDX-License-Identifier: MIT
"""Writes seeds for fuzz_marshal: make_marshal_corpus.py FOLDER. Values of every kind in each version, behind a byte for the version to write."""
import marshal
import os
import sys

shared = ("shared", 1.5)
loop = [shared, {"k": shared}]
loop.append(loop)
values = [None, True, 12, 2**40, -2**70, 1.5, 2j, "text", "\u00e9\u20ac\ud800", b"bytes", [], (1, [2, {3}]), {"a": {"b": frozenset([1, "c"])}}, ..., StopIteration, [shared, shared], loop]
number = 0
for version in range(5):
    for value in values if version > 2 else values[:-1]:
        with open(os.path.join(sys.argv[1], f"seed{number}"), "wb") as out:
            out.write(bytes([version]) + marshal.dumps(value, version))
        number += 1
