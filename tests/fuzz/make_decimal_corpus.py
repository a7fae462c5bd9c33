# SPDX-License-Identifier: MIT
"""Seeds for the target decimal: make_decimal_corpus.py FOLDER."""
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
seeds = ["0", "-0.00", "1.5E+10", "1e-999999999999999999", ".5", "5.", "+Infinity", "-inf", "NaN123", "sNaN", "0" * 50 + "1", "9" * 38, "9" * 39, "1" + "0" * 100, "12345678901234567890" * 10 + "." + "98765" * 9,
         "1e", "e5", "--1", "1..2", "nan1x", "infinit", "1E99999999999999999999999999", "0E-5", "0." + "0" * 80 + "7"]
for number, seed in enumerate(seeds):
    (folder / str(number)).write_text(seed)
