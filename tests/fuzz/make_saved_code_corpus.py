# SPDX-License-Identifier: MIT
"""Writes seeds for fuzz_saved_code: make_saved_code_corpus.py FOLDER CACHE. They are the small files of Baton's cache, behind their heads."""
import os
import sys

folder, cache = sys.argv[1:]
number = 0
for path, _, names in os.walk(cache):
    for name in names:
        with open(os.path.join(path, name), "rb") as file:
            data = file.read(20000)
        start = data.find(b"BtnC")
        if start < 0 or len(data) - start > 8000:
            continue
        with open(os.path.join(folder, f"{number:04}"), "wb") as file:
            file.write(data[start:])
        number += 1
        if number == 200:
            sys.exit()
