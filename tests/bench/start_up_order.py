# SPDX-License-Identifier: MIT
"""Writes interp/start_up.ld: tests/bench/start_up_order.py BATON. The linker puts the functions that it names side by side.

The kernel maps a file's pages sixteen at a time, so functions of the start-up that lie scattered bring most of the binary into memory:
gathered, they save a megabyte. The names are those that valgrind sees run in an empty program and in a few lines of a common one; those of GMP,
which has a section a file, are taken by the file. A name that no function has any longer does no harm; run this again when the memory of a start
(bench.py) has grown. What no start reads, the modules' bytecode and Unicode's tables, stands behind the rest of the constants for the same reason.
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


def gmp_files(names):
    """The files of GMP's static library that define the names."""
    library = subprocess.run(["gcc", "-print-file-name=libgmp.a"], capture_output=True, text=True, check=True).stdout.strip()
    symbols = subprocess.run(["nm", "-A", "--defined-only", library], capture_output=True, text=True).stdout
    defined = re.findall(r":([^:]+\.o):\S+ T (\S+)$", symbols, re.MULTILINE)
    return sorted({file for file, name in defined if name in names})


def main():
    binary = sys.argv[1]
    run = set().union(*(functions_run(binary, program) for program in PROGRAMS)) & functions_of(binary)
    names = sorted({SUFFIX.sub("", name) for name in run})
    gmp = [name for name in names if name.startswith("__gmp")]
    lines = [f"*libgmp.a:{file}(.text)" for file in gmp_files(gmp)] + [f"*(.text.{n} .text.{n}.* .text.unlikely.{n} .text.startup.{n})" for n in names if n not in gmp]
    (FOLDER / "start_up.ld").write_text(
        "/* What runs at a start, side by side; made by tests/bench/start_up_order.py, which says why. */\n"
        "SECTIONS { .text.start_up : {\n*crt1.o(.text)\n*crtbegin.o(.text)\n" + "\n".join(lines) + "\n} } INSERT BEFORE .text;\n"
        "SECTIONS { .rodata.seldom : {\n*(.rodata.module_* .rodata.unicode_*)\n*libutf8proc.a:(.rodata)\n*libz.a:(.rodata)\n} } INSERT AFTER .rodata;\n")
    print(f"{len(names)} functions")


main()
