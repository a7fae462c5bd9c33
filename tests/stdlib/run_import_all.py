# SPDX-License-Identifier: MIT
"""Every module of the host's library that CPython can import is imported by Baton: run_import_all.py BATON.

A module may fail only for want of a native module that stands in ABSENT, with the reason.
"""
import pathlib
import subprocess
import sys
import sysconfig

HOST = "/usr/bin/python3"
GROUP = 40                           # modules that share a process
ABSENT = {
    "_tkinter": "Tk", "_curses": "the terminal library", "_curses_panel": "the terminal library", 
    "nis": "a network service of old", "_testcapi": "CPython's own", "_xxsubinterpreters": "CPython's own", "audioop": "sound",
    "_tracemalloc": "where memory was taken", "pyexpat": "a parser of XML",
    **dict.fromkeys(["_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw"], "encodings of East Asia"),
    "_hashlib": "hashlib is Baton's own", "_elementtree": "xml.etree does without", "_msi": "Windows", "_winapi": "Windows", "msvcrt": "Windows", "winreg": "Windows",
}
SKIPPED = {"antigravity", "this", "idlelib", "test", "turtledemo", "lib2to3", "__phello__", "site-packages", "dist-packages", "ensurepip", "__pycache__"}    # opens a browser, prints, …
NEEDS = {"xml.sax.expatreader": "pyexpat"}          # they say it in words of their own
OWN = {"asyncio", "concurrent", "ctypes", "multiprocessing"}      # packages of Baton's own, whose parts are others
PROGRAM = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as e:
        print("RESULT", name, "absent", e.name)
    except BaseException as e:
        print("RESULT", name, "failed", type(e).__name__, e)
    else:
        print("RESULT", name, "imported")
"""


def modules():
    library = pathlib.Path(sysconfig.get_paths()["stdlib"])
    for entry in sorted(library.rglob("*.py")):
        parts = entry.relative_to(library).with_suffix("").parts
        if SKIPPED & set(parts) or "tests" in parts or "__main__" in parts or any("-" in part for part in parts):
            continue
        if parts[0] not in OWN or len(parts) == 2 and parts[1] == "__init__":
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def outcomes(python, names):
    found = {}
    for i in range(0, len(names), GROUP):
        run = subprocess.run([python, "-W", "ignore", "-c", PROGRAM, *names[i:i + GROUP]], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
        for line in run.stdout.splitlines():
            if line.startswith("RESULT "):
                _, name, *rest = line.split(" ", 3)
                found[name] = rest
    return found


def main():
    names = list(modules())
    host = outcomes(HOST, names)
    names = [name for name in names if host.get(name) == ["imported"]]
    own = outcomes(sys.argv[1], names)
    failed = 0
    for name in names:
        outcome = own.get(name, ["ended", "the process"])
        wants = outcome[1] if outcome[0] == "absent" else NEEDS.get(name) if outcome[0] == "failed" else None
        if outcome == ["imported"] or wants in ABSENT:
            continue
        failed += 1
        print(f"FAILED {name}: {' '.join(outcome)}")
    print(f"{len(names) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
