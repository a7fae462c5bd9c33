# SPDX-License-Identifier: MIT
"""Writes seeds for fuzz_struct: make_struct_corpus.py FOLDER. A format, a NUL, and bytes for it."""
import os
import struct
import sys

for number, form in enumerate(["b", "<hHiI", ">qQ", "=lL", "!fd", "@nNP", "5s3p", "2xc?", "3i2h", "e", "0i", " 10s ", "<b2xq", "s0s"]):
    with open(os.path.join(sys.argv[1], f"seed{number}"), "wb") as out:
        out.write(form.encode() + b"\0" + bytes(i * 37 % 256 for i in range(struct.calcsize(form))))
