# SPDX-License-Identifier: MIT
"""Writes interp/start_up.ld: tests/bench/start_up_order.py BATON. The linker puts the functions that it names side by side.

The kernel maps a file's pages sixteen at a time, so functions of the start-up that lie scattered bring most of the binary into memory:
gathered, they save a megabyte. The names are those that valgrind sees run in an empty program and in a few lines of a common one. A name that
no function has any longer does no harm; run this again when the memory of a start (bench.py) has grown.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

PROGRAMS = ("pass", "print(open('/proc/self/status').read())",
            "class A:\n def __init__(self, n): self.n = n\nprint(f'{A(3).n:>4}', [i for i in range(3)], {'a': 1.5}, sorted('cab'))")
SUFFIX = re.compile(r"\.(lto_priv|constprop|part|isra|cold).*$")
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "interp"


def functions_run(binary, program):
    with tempfile.NamedTemporaryFile() as profile:
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile.name}", binary, "-c", program], capture_output=True, check=True)
        return set(re.findall(r"^c?fn=\(\d+\) ([^\s']+)", pathlib.Path(profile.name).read_text(), re.MULTILINE))


def functions_of(binary):
    symbols = subprocess.run(["nm", "--defined-only", binary], capture_output=True, text=True, check=True).stdout
    return {line.split()[2] for line in symbols.splitlines() if line.split()[1] in "tT"}


def main():
    binary = sys.argv[1]
    run = set().union(*(functions_run(binary, program) for program in PROGRAMS)) & functions_of(binary)
    names = sorted({SUFFIX.sub("", name) for name in run})
    (FOLDER / "start_up.ld").write_text(
        "/* What runs at a start, side by side; made by tests/bench/start_up_order.py, which says why. */\n"
        "SECTIONS { .text.start_up : {\n" + "".join(f"*(.text.{name} .text.{name}.* .text.unlikely.{name} .text.startup.{name})\n" for name in names) + "} } INSERT BEFORE .text;\n")
    print(f"{len(names)} functions")


main()
