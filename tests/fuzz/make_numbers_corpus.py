# SPDX-License-Identifier: MIT
"""Writes seeds for fuzz_numbers: make_numbers_corpus.py FOLDER. Texts of ints and floats behind a byte for the base."""
import os
import sys

texts = ["0", "-12", "1_000", " +7 ", "0x1F", "0b1_0", "0o17", "zz", "9" * 300, "-" + "f" * 40, "1.5", "-0.0", "1e308", "5e-324", "inf", "-nan", "1_0.2_5e-1_0", "." + "3" * 30,
         "17976931348623157" + "0" * 292, "2.2250738585072011e-308"]
for number, text in enumerate(texts):
    for base in (0, 10, 16, 36):
        with open(os.path.join(sys.argv[1], f"seed{number}-{base}"), "wb") as out:
            out.write(bytes([base]) + text.encode())
