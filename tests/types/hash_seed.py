# For one PYTHONHASHSEED strings, bytes and dates have the hashes that they have under CPython.
import os
import subprocess
import sys

PROGRAM = """import datetime
print(hash(""), hash("abc"), hash("\\xe9"), hash("\\u65e5\\u672c"), hash(b"12345678"), hash(memoryview(b"x")))
print(hash(datetime.date(2020, 1, 2)), hash(datetime.time(1, 2, 3, fold=1)), hash(datetime.datetime(2020, 3, 4, 5, 6, 7, 8)))"""
for seed in "0", "1", "42", "4294967295":
    print(subprocess.run([sys.executable, "-c", PROGRAM], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True).stdout, end="")
