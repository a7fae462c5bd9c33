# SPDX-License-Identifier: MIT
"""run_tracebacks.py BATON: each case here fails, and what it prints on standard error must be the neighbouring .err.

The .err files are what CPython 3.11 printed, without the folder in front of the names of files. Status is 1.
"""
import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent


def main():
    baton = os.path.abspath(sys.argv[1])
    passed = failed = 0
    for expected in sorted(FOLDER.glob("*.err")):
        done = subprocess.run([baton, expected.with_suffix(".py").name], cwd=FOLDER, capture_output=True, timeout=60)
        got = done.stderr.decode(errors="replace").replace(f"{FOLDER}/", "")
        if done.returncode == 1 and got == expected.read_text():
            passed += 1
            continue
        failed += 1
        print(f"FAILED {expected.stem}: status {done.returncode}\n--- expected\n{expected.read_text()}--- got\n{got}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
