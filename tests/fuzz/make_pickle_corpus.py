# SPDX-License-Identifier: MIT
"""Writes seeds for fuzz_pickle: make_pickle_corpus.py FOLDER. Values of every kind in each protocol."""
import os
import pickle
import sys

loop = [1]
loop.append(loop)
values = [None, True, 7, 300, -5, 2**40, 2**90, -2**2050, 1.5, "text", "\u00e9\ud800", b"bytes", b"x" * 300, bytearray(b"ab"), (), (1,), (1, 2, 3, 4), [], [1, [2]], {}, {"a": {"b": 1}},
          {1, 2}, frozenset("ab"), loop, list(range(1100)), 2j, range(3), Ellipsis]
for protocol in range(6):
    for number, value in enumerate(values):
        with open(os.path.join(sys.argv[1], f"seed{protocol}-{number}"), "wb") as out:
            out.write(pickle.dumps(value, protocol))
