# SPDX-License-Identifier: MIT
"""Writes seeds for fuzz_parser: make_parser_corpus.py FOLDER. They are the wrong snippets and small library files."""
import glob
import os
import sys
import sysconfig

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "../syntax/wrong_snippets.txt"), encoding="utf-8") as file:
    seeds = [part.encode() for part in file.read().split("\n-----\n")]
for path in sorted(glob.glob(os.path.join(sysconfig.get_path("stdlib"), "*.py"))):
    with open(path, "rb") as file:
        source = file.read()
    if len(source) < 4000:
        seeds.append(source)
os.makedirs(sys.argv[1], exist_ok=True)
for number, seed in enumerate(seeds):
    for mode in (b"\0", b"\3") if number % 2 else (b"\0",):
        with open(os.path.join(sys.argv[1], f"{number:04}{mode[0]}"), "wb") as file:
            file.write(mode + seed)
