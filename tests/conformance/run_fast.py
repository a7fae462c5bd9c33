# SPDX-License-Identifier: MIT
"""The quick files of the list: run_fast.py BATON. Those of the language and library sections that took at most QUICK seconds keep their numbers.

Prints `N passed, N failed`: files.
"""
import concurrent.futures
import os
import sys

from all_files import compare
from conformance import read_list

QUICK = 0.6
SECTIONS = ("language", "library")


def main():
    baton = os.path.abspath(sys.argv[1])
    quick = [e for e in read_list() if e.section in SECTIONS and int(e.baton) and float(e.seconds) <= QUICK]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for entry, why in zip(quick, pool.map(lambda e: compare(e, baton), quick)):
            if why:
                failed += 1
                print(f"FAILED {entry.module}: {why}")
    print(f"{len(quick) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
