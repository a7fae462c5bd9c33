# SPDX-License-Identifier: MIT
"""The command line beside CPython's: run_command_line.py BATON. Ends with `N passed, N failed`.

Each case runs under both in a folder of its own with the same files; status, output and errors must be the same once the name of the
interpreter and the frames of its own modules are taken out. What is Baton's own stands at the end, with what it must print.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import zipfile

BATON = str(pathlib.Path(sys.argv[1]).resolve())
PYTHON = "/usr/bin/python3"
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

FILES = {
    "hello.py": "import sys\nprint('hello', sys.argv, __name__, __file__.split('/')[-1])\n",
    "path0.py": "import sys, os\nprint(repr(os.path.relpath(sys.path[0])) if sys.path[0] else '')\n",
    "inner/path0.py": "import sys, os\nprint(os.path.relpath(sys.path[0]))\n",
    "inner/helper.py": "value = 42\n",
    "inner/uses_helper.py": "import helper\nprint(helper.value)\n",
    "fails.py": "def f():\n    1/0\nf()\n",
    "wrong.py": "x = 1\nif x\n    pass\n",
    "package/__init__.py": "print('package', __name__)\n",
    "package/__main__.py": "import sys\nprint('main of', __package__, __spec__.name, sys.argv[1:], __name__)\nfrom . import part\n",
    "package/part.py": "print('part', __name__)\nif __name__ == '__main__': print('as main', __package__)\n",
    "plain/__init__.py": "",
    "module.py": "import sys\nprint(__name__, __package__ == '', __spec__.name, sys.argv[1:], sys.argv[0].endswith('module.py'))\n",
    "folder/__main__.py": "import sys\nprint('folder', __name__, repr(__package__), sys.argv, sys.path[0])\nimport beside\n",
    "folder/beside.py": "print('beside', __name__)\n",
    "empty/nothing.txt": "",
    "first_line.py": "this is no Python\nprint('second line')\n",
    "asserts.py": "'''doc'''\ntry:\n    assert False\nexcept AssertionError:\n    print('asserted')\nprint(__debug__, __doc__)\n",
    "latin.py": b"# coding: latin-1\nprint('\xe9')\n",
    "bad_utf8.py": b"print('\xe9')\n",
    "nul.py": b"print(1)\n\x00print(2)\n",
    "bom.py": b"\xef\xbb\xbfprint('bom')\n",
    "crlf.py": b"if True:\r\n    print('crlf')\r\n",
    "empty.py": "",
    "no_newline.py": "print('no newline')",
}
CASES = []


def case(name, *args, **more):
    CASES.append((name, args, more))


SHOW_FLAGS = "import sys; print(sys.flags)"
case("file", "hello.py", "a", "-b", "--c")
case("file in a folder", "inner/path0.py")
case("file imports its neighbour", "inner/uses_helper.py")
case("file beside", "path0.py")
case("file by absolute path", "{cwd}/hello.py")
case("no such file", "missing.py")
case("a folder without main", "empty")
case("traceback", "fails.py")
case("syntax error", "wrong.py")
case("folder", "folder", "x")
case("zip", "archive.zip", "x")
for name in ("latin.py", "bad_utf8.py", "bom.py", "crlf.py", "empty.py", "no_newline.py"):
    case("file " + name, name)
case("command", "-c", "import sys; print(sys.argv, sys.path[0] == '', __name__, '__file__' in globals())", "a", "-c")
case("command in one word", "-cprint(1)")
case("command of several lines", "-c", "x = 1\nfor i in range(2):\n    print(i + x)\n")
case("command fails", "-c", "def f():\n    raise ValueError('x')\nf()")
case("command with a syntax error", "-c", "x = = 1")
case("command is missing", "-c")
case("module", "-m", "module", "a", "-b")
case("module in one word", "-mmodule")
case("module of a package", "-m", "package.part")
case("package", "-m", "package", "arg")
case("package without main", "-m", "plain")
case("no such module", "-m", "no_such_module")
case("no such submodule", "-m", "package.missing")
case("module of a module", "-m", "module.missing")
case("module is missing", "-m")
case("library module", "-m", "json.tool", stdin='{"a": [1, 2]}')
case("standard input", "-", "a", "b", stdin="import sys; print(sys.argv, sys.path[0] == '', __name__)\n")
case("piped", stdin="print('piped')\nimport sys\nprint(sys.argv)\n")
case("piped error", stdin="x = 1\n1/0\n")
case("piped syntax error", stdin="x = (\n")
case("piped nothing", stdin="")
case("piped input() reads what is left", stdin="print(1)\n", same="status")
case("-i runs on", "-i", "-c", "x = 5", stdin="print(x + 1)\n1/0\nraise SystemExit(3)\n", env={"PYTHONSTARTUP": "missing.py"})
case("-i after an error", "-i", "fails.py", stdin="print('still here')\n")
case("-i after exit", "-i", "-c", "raise SystemExit(4)", stdin="print('still here')\n")
case("-i script", "-q", "-i", "hello.py", stdin="print('after')\n")
case("-i piped", "-q", "-i", stdin="x = 3\nx\nfor i in range(2):\n    print(i)\n\n1 +\ndef f():\n  return 1\n\nf()\n")
case("PYTHONINSPECT", "-c", "x = 5", stdin="print(x)\n", env={"PYTHONINSPECT": "1"})
case("PYTHONINSPECT set by the program", "-c", "import os; os.environ['PYTHONINSPECT'] = '1'", stdin="print('inspected')\n")
for letters in ("-B", "-E", "-I", "-s", "-S", "-P", "-O", "-OO", "-q", "-u", "-bb", "-b", "-d", "-Bu", "-Xdev", "-Xutf8", "-Xint_max_str_digits=1000", "-R"):
    case("flags of " + letters, letters, "-c", SHOW_FLAGS)
for letters in ("-O", "-OO"):
    case(letters, letters, "asserts.py")
for name, value in {"PYTHONOPTIMIZE": "2", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "PYTHONNOUSERSITE": "1", "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1",
                    "PYTHONDEVMODE": "1", "PYTHONHASHSEED": "0", "PYTHONINTMAXSTRDIGITS": "700", "PYTHONVERBOSE": "", "PYTHONDEBUG": "1", "PYTHONWARNDEFAULTENCODING": "1"}.items():
    case("flags of " + name, "-c", SHOW_FLAGS, env={name: value})
case("PYTHONHASHSEED is repeatable", "-c", "print(hash('a') == hash('a'))", env={"PYTHONHASHSEED": "5"})
case("PYTHONHASHSEED wrong", "-c", "pass", env={"PYTHONHASHSEED": "x"}, same="status")
case("environment ignored", "-E", "-c", SHOW_FLAGS + "; print('/nowhere' in sys.path)", env={"PYTHONOPTIMIZE": "2", "PYTHONPATH": "/nowhere"})
case("PYTHONPATH", "-c", "import sys, helper; print(sys.path[1].endswith('inner'), sys.path[2], helper.value)", env={"PYTHONPATH": "{cwd}/inner:/nowhere"})
case("PYTHONPATH in -I", "-I", "-c", "import sys; print(any('inner' in p for p in sys.path), '' in sys.path)", env={"PYTHONPATH": "{cwd}/inner"})
case("-P script", "-P", "inner/uses_helper.py", same="status")
case("-P command", "-P", "-c", "import sys; print('' in sys.path)")
case("-I module", "-I", "-m", "module", same="status")
case("PYTHONSAFEPATH", "-c", "import sys; print('' in sys.path)", env={"PYTHONSAFEPATH": "1"})
case("-x", "-x", "first_line.py")
case("-x counts its line", "-x", "wrong_after_first.py")
case("-W error", "-W", "error", "-c", "import warnings; warnings.warn('x')")
case("-W ignore", "-Wignore", "-c", "import warnings; warnings.warn('x'); print('silent')")
case("-W always, twice", "-W", "ignore", "-W", "always::UserWarning", "-c", "import sys, warnings\nfor i in range(2): warnings.warn('x')\nprint(sys.warnoptions)")
case("-W wrong", "-W", "nonsense", "-c", "print(1)")
case("PYTHONWARNINGS", "-c", "import sys; print(sys.warnoptions)", env={"PYTHONWARNINGS": "ignore,default::DeprecationWarning"})
case("-X unknown", "-X", "whatever=3", "-X", "flag", "-c", "import sys; print(sys._xoptions)")
case("-X dev", "-X", "dev", "-c", "import sys; print(sys._xoptions, sys.flags.dev_mode, sys.warnoptions)")
case("-X utf8=0", "-X", "utf8=0", "-c", "import sys; print(sys.flags.utf8_mode)")
case("-X utf8=2", "-X", "utf8=2", "-c", "pass", same="status")
case("-X int_max_str_digits wrong", "-X", "int_max_str_digits=5", "-c", "pass", same="status")
case("-bb", "-bb", "-c", "print(b'a' == 'a')")
case("-b", "-b", "-c", "print(str(b'a'))")
case("unknown letter", "-Z")
case("unknown word", "--nonsense")
case("unknown letter among others", "-BZ", "-c", "1")
case("-W needs a word", "-W")
case("-X needs a word", "-X")
case("--check-hash-based-pycs", "--check-hash-based-pycs", "never", "-c", "print(1)")
case("double dash", "--", "hello.py", "-x", same="status")
case("orig_argv", "-B", "-c", "import sys; print(sys.orig_argv[1:])", "a", "-b")
case("orig_argv of a file", "-q", "orig.py", "a")
case("executable", "-c", "import sys, os; print(os.path.isabs(sys.executable), os.access(sys.executable, os.X_OK))")
for code in ("", "None", "0", "1", "3", "256", "-1", "2**40", "True", "'words'", "[1, 2]", "1.5", "()", "(1,)", "ValueError('x')"):
    case(f"sys.exit({code})", "-c", f"import sys; print('out'); sys.exit({code})")
case("exit()", "-c", "exit(3)")
case("quit()", "-c", "quit()")
case("os._exit", "-c", "import os; print('x', flush=True); os._exit(9)")
case("SystemExit in a thread", "-c", "import threading, sys\nt = threading.Thread(target=sys.exit, args=(5,)); t.start(); t.join(); print('main')")
case("error in atexit", "-c", "import atexit\natexit.register(lambda: 1/0)\nprint('x')", same="status")
case("exit in atexit", "-c", "import atexit, sys\natexit.register(sys.exit, 4)\nprint('x')", same="status")
case("excepthook", "-c", "import sys\nsys.excepthook = lambda *a: print('hook', a[0].__name__)\n1/0")
case("excepthook fails", "-c", "import sys\ndef hook(*a): raise KeyError('hook')\nsys.excepthook = hook\n1/0")
case("excepthook deleted", "-c", "import sys\ndel sys.excepthook\n1/0")
case("KeyboardInterrupt", "-c", "raise KeyboardInterrupt")
case("KeyboardInterrupt with words", "-c", "raise KeyboardInterrupt('words')")
case("SIGINT", "-c", "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)")
case("SIGINT ignored", "-c", "import os, signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nos.kill(os.getpid(), signal.SIGINT)\nprint('alive')")
case("SIGTERM", "-c", "import os, signal, time\nos.kill(os.getpid(), signal.SIGTERM)\ntime.sleep(5)")
case("SIGPIPE is ignored", "-c", "import os, signal\nprint(signal.getsignal(signal.SIGPIPE))\nr, w = os.pipe(); os.close(r)\ntry: os.write(w, b'x')\nexcept BrokenPipeError as e: print(e)")
case("SIGHUP", "-c", "import os, signal\nos.kill(os.getpid(), signal.SIGHUP)")
case("abort", "-c", "import os; os.abort()", same="status")
case("stdout is closed by its reader", "-c", "for i in range(10**5): print(i)", reader_leaves=True, same="status")
case("stdout is full", "-c", "print('x')", stdout="/dev/full")
case("stdout is full for what is left", "-c", "import sys; sys.stdout.write('x' * 100000)", stdout="/dev/full")
case("stderr is full", "-c", "1/0", stderr="/dev/full")
for fds in ((0,), (1,), (2,), (0, 1, 2)):
    case(f"closed at the start: {fds}", "-c", "import sys, os\nprint('x')\nos.write(3, repr([sys.stdin is None, sys.stdout is None, sys.stderr is None]).encode())", closed=fds)
case("closed stdout, error", "-c", "1/0", closed=(1,))
case("input() at the end", "-c", "input()", stdin="")
case("input() of a closed stdin", "-c", "input()", closed=(0,))
case("unbuffered", "-u", "-c", "import sys, os\nsys.stdout.write('a'); os.write(1, b'b'); sys.stdout.write('c')\nos._exit(0)")
case("PYTHONUNBUFFERED", "-c", "import sys, os\nsys.stdout.write('a'); os.write(1, b'b'); sys.stdout.write('c')\nos._exit(0)", env={"PYTHONUNBUFFERED": "x"})
case("buffered", "-c", "import sys, os\nsys.stdout.write('a'); os.write(1, b'b'); sys.stdout.flush()\nos._exit(0)")
case("PYTHONIOENCODING", "-c", "import sys; print(sys.stdout.encoding, sys.stdout.errors, '\u20ac')", env={"PYTHONIOENCODING": "ascii:replace"})
case("PYTHONIOENCODING of errors", "-c", "import sys; print(sys.stdout.errors, sys.stdin.errors, sys.stderr.errors)", env={"PYTHONIOENCODING": ":replace"})
case("encodings", "-c", "import sys; print(sys.stdout.encoding, sys.stdout.errors, sys.stdin.errors, sys.stderr.errors, sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())")
case("argument that is no UTF-8", "-c", "import sys; print(ascii(sys.argv[1]))", b"\xff\xe9")
case("environment that is no UTF-8", "-c", "import os; print(ascii(os.environ['WORD']))", env={"WORD": b"\xff"})
case("-h names the options", "-h", same="status")
case("-c of many words", "-I", "-B", "-c", "import sys; print(sys.argv)", "-h")
case("help", "--help", same="status")
case("-X importtime", "-X", "importtime", "-c", "pass", same="status")
case("-X tracemalloc", "-X", "showrefcount", "-c", "print(1)")
case("-v", "-v", "-c", "print(1)", same="status and out")


def make_files(folder):
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "wrong_after_first.py").write_text("# first\n1/0\n")
    (folder / "orig.py").write_text("import sys\nprint(sys.orig_argv[1:], sys.argv)\n")
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        archive.writestr("__main__.py", "import sys\nprint('zip', __name__, sys.argv, sys.path[0])\nimport beside\n")
        archive.writestr("beside.py", "print('beside', __name__)\n")


def environment(folder, more):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LC_", "LANG"))}
    env.update(LC_ALL="C.UTF-8", HOME=str(folder), XDG_CACHE_HOME=str(folder / "cache"), PYTHONDONTWRITEBYTECODE="1")
    if "PYTHONDONTWRITEBYTECODE" not in more and any(k.startswith("PYTHON") for k in more) or "flags" in str(more):
        env.pop("PYTHONDONTWRITEBYTECODE")
    env.update({k: v.replace("{cwd}", str(folder)) if isinstance(v, str) else v for k, v in more.items()})
    return env


def run(program, folder, args, stdin=None, env={}, closed=(), stdout=None, stderr=None, reader_leaves=False, same=None):
    args = [a.replace("{cwd}", str(folder)) if isinstance(a, str) else a for a in args]
    told, tell = os.pipe()

    def prepare():
        os.dup2(tell, 3)
        for fd in closed:
            os.close(fd)
    out = open(stdout, "wb") if stdout else subprocess.PIPE
    err = open(stderr, "wb") if stderr else subprocess.PIPE
    process = subprocess.Popen([program, *args], cwd=folder, env=environment(folder, env), stdin=subprocess.PIPE, stdout=out, stderr=err, preexec_fn=prepare, close_fds=False)
    os.close(tell)
    if reader_leaves:
        process.stdout.close()
        process.stdout = None
    got, wrong = process.communicate(None if stdin is None else stdin.encode(), timeout=60)
    extra = os.read(told, 1000) if closed else b""
    os.close(told)
    return process.returncode, (got or b"") + extra, wrong or b""


def plain(text, program):
    """Text without what is the interpreter's own: its name, its version, frames inside its own modules."""
    text = text.decode(errors="backslashreplace").replace(program, "PYTHON")
    for own in (os.path.realpath(program), "/usr/bin/python3.11", "/usr/bin/python3", "/usr/bin/python"):
        text = text.replace(own, "PYTHON")
    text = text.replace("usage: baton", "usage: PYTHON").replace("Try `baton -h'", "Try `python -h'")
    text = re.sub(r"Python 3\.11\.\d+ .*\n(\[GCC.*\n)?(Type \"help\".*\n)?", "BANNER\n", text)
    text = re.sub(r" at 0x[0-9a-f]+", " at 0x0", text)
    text = re.sub(r'  File "<frozen [^\n]*\n(    [^\n]*\n)*', "", text)
    text = re.sub(r'  File "/usr/lib/python3[^\n]*\n(    [^\n]*\n)*', "", text)
    return text


def check(folder, name, args, more):
    same = more.get("same", "all")
    ours = run(BATON, folder, args, **more)
    theirs = run(PYTHON, folder, args, **more)
    ours, theirs = ((r[0], plain(r[1], p), plain(r[2], p)) for r, p in ((ours, BATON), (theirs, PYTHON)))
    wanted = {"status": 1, "status and out": 2, "all": 3}[same]
    for what, a, b in list(zip(("status", "output", "errors"), ours, theirs))[:wanted]:
        if a != b:
            return f"{what}: {a!r}\n    CPython: {b!r}"
    return None


passed = failed = 0


def tell(name, why):
    global passed, failed
    if why is None:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}: {why}", flush=True)


# ---- What is Baton's own
OWN = []


def own(function):
    OWN.append(function)
    return function


def baton(folder, *args, program=BATON, **more):
    status, out, err = run(program, folder, args, **more)
    return status, out.decode(), err.decode()


@own
def version(folder):
    expected = (0, "Python 3.11.2 (Baton 0.1.0)\n", "")
    for word in ("-V", "-VV", "--version"):
        assert baton(folder, word) == expected, baton(folder, word)


@own
def help_names_every_option(folder):
    status, out, err = baton(folder, "-h")
    for letter in "BEIOPSVWXbchimqsuvx":
        assert re.search(rf"^-{letter}\b", out, re.MULTILINE), letter
    for word in ("--document", "--list", "--block", "PYTHONPATH", "PYTHONSTARTUP", "BATON_STDLIB"):
        assert word in out, word


@own
def importtime_lists_modules(folder):
    status, out, err = baton(folder, "-X", "importtime", "-c", "import argparse")
    lines = err.splitlines()
    assert lines[0] == "import time: self [us] | cumulative | imported package", err
    assert any(re.fullmatch(r"import time: +\d+ \| +\d+ \| argparse", line) for line in lines), err


@own
def modules_switched_on_are_there_or_it_says_so(folder):
    for name, variable in (("tracemalloc", "PYTHONTRACEMALLOC"), ("faulthandler", "PYTHONFAULTHANDLER")):
        there = baton(folder, "-c", f"import {name}")[0] == 0
        for args, env in ((("-X", name, "-c", "print(1)"), {}), (("-c", "print(1)"), {variable: "1"})):
            status, out, err = baton(folder, *args, env=env)
            assert (status, out) == ((0, "1\n") if there else (1, "")) and (there or name in err), (status, out, err)


@own
def verbose_names_what_is_imported(folder):
    status, out, err = baton(folder, "-v", "-c", "import json")
    assert status == 0 and re.search(r"^import 'json' #", err, re.MULTILINE), err


@own
def nul_bytes_are_no_program(folder):
    status, out, err = baton(folder, "nul.py")
    assert (status, out) == (1, "") and err.endswith("SyntaxError: source code cannot contain null bytes\n"), (status, out, err)


NOTES = "# Notes\n\n```python\nx = 1\nprint('first', x)\n```\n\ntext\n\n```python\n\n1/0\n```\n\n```\nnot python\n```\n\n```py\nprint('third', x)\n```\n"
NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
    {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n"]},
    {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": ["y = 2\n", "print('one', y)"]},
    {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": "raise ValueError('cell')"},
    {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": ["print('three', y)"]}]})


@own
def document_in_markdown(folder):
    (folder / "notes.md").write_text(NOTES)
    for args in (("notes.md",), ("--document", "notes.md")):
        status, out, err = baton(folder, *args)
        assert (status, out) == (1, "first 1\nthird 1\n"), (status, out, err)
        assert "line 12, in <module>" in err and "ZeroDivisionError" in err, err
    (folder / "good.md").write_text("```python\nprint(1)\n```\n")
    assert baton(folder, "good.md")[:2] == (0, "1\n")
    (folder / "plain.txt").write_text(NOTES)
    assert baton(folder, "--document", "plain.txt")[:2] == (1, "first 1\nthird 1\n")


@own
def document_list_and_block(folder):
    (folder / "notes.md").write_text(NOTES)
    status, out, err = baton(folder, "--list", "notes.md")
    assert status == 0 and len(out.splitlines()) == 3 and "first" not in out.replace("print('first", ""), (status, out, err)
    assert baton(folder, "--document", "notes.md", "--list")[1] == out
    assert baton(folder, "--block", "1", "notes.md")[:2] == (0, "first 1\n")
    status, out, err = baton(folder, "--block", "2", "notes.md")
    assert status == 1 and "ZeroDivisionError" in err, (status, err)
    for wrong in ("9", "0", "x"):
        status, out, err = baton(folder, "--block", wrong, "notes.md")
        assert status == 2 and out == "" and err, (wrong, status, err)
    assert baton(folder, "--document", "missing.md")[0] == 2


@own
def document_notebook(folder):
    (folder / "book.ipynb").write_text(NOTEBOOK)
    status, out, err = baton(folder, "book.ipynb")
    assert (status, out) == (1, "one 2\nthree 2\n"), (status, out, err)
    assert "ValueError: cell" in err, err
    (folder / "broken.ipynb").write_text(NOTEBOOK[:50])
    status, out, err = baton(folder, "broken.ipynb")
    assert status in (1, 2) and err and out == "", (status, out, err)


@own
def script_adds_little_when_built(folder):
    """scripts/baton in a tree that is built: the time it adds. CPU time, the least of several, for the machine may have other work;
    and a bound on the clock's for what it might wait for."""
    import resource
    import time

    def spent():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    tree = folder / "tree"
    for name in ("scripts", "interp", "runtime", "stdlib"):
        (tree / name).parent.mkdir(exist_ok=True)
        os.symlink(ROOT / name, tree / name) if name != "scripts" else (tree / name).mkdir()
    for name in ("baton", "setup"):
        (tree / "scripts" / name).write_bytes((ROOT / "scripts" / name).read_bytes())
        (tree / "scripts" / name).chmod(0o755)
    (tree / "meson.build").write_bytes((ROOT / "meson.build").read_bytes())
    (tree / "build-release").mkdir()
    built = tree / "build-release" / "baton"
    built.write_text(f'#!/bin/sh\nexec {BATON} "$@"\n')
    built.chmod(0o755)
    through, direct, elapsed = [], [], []
    for _ in range(7):
        begin, before = time.monotonic(), spent()
        status, out, err = baton(folder, "-c", "print(6 * 7)", program=str(tree / "scripts" / "baton"))
        elapsed.append(time.monotonic() - begin)
        between = spent()
        through.append(between - before)
        baton(folder, "-c", "print(6 * 7)")
        direct.append(spent() - between)
        assert (status, out, err) == (0, "42\n", ""), (status, out, err)
    assert min(through) - min(direct) < 0.05 and min(elapsed) < 0.5, (through, direct, elapsed)


@own
def script_without_packages_tells_what_to_install(folder):
    """As a user who is not root, with packages missing: the exact command, and status 1. Fakes stand in for dpkg-query and id."""
    tree, fakes = folder / "bare", folder / "fakes"
    (tree / "scripts").mkdir(parents=True)
    fakes.mkdir()
    for name in ("baton", "setup"):
        (tree / "scripts" / name).write_bytes((ROOT / "scripts" / name).read_bytes())
        (tree / "scripts" / name).chmod(0o755)
    for name, text in {"id": "echo 1000", "dpkg-query": 'for last; do :; done\ncase $last in libgmp-dev|meson) exit 1 ;; *) echo installed ;; esac'}.items():
        (fakes / name).write_text(f"#!/bin/sh\n{text}\n")
        (fakes / name).chmod(0o755)
    status, out, err = baton(folder, "x.py", program=str(tree / "scripts" / "baton"), env={"PATH": f"{fakes}:{os.environ['PATH']}"})
    assert (status, out) == (1, ""), (status, out, err)
    assert err.splitlines()[-1].strip() == "sudo apt-get install -y meson libgmp-dev", err


def check_own(function):
    with tempfile.TemporaryDirectory() as folder:
        make_files(pathlib.Path(folder))
        try:
            function(pathlib.Path(folder))
        except Exception as error:
            return f"{type(error).__name__}: {error}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        make_files(pathlib.Path(folder))
        for name, args, more in CASES:
            try:
                tell(name, check(pathlib.Path(folder), name, args, more))
            except subprocess.TimeoutExpired:
                tell(name, "timed out")
    for function in OWN:
        tell(function.__name__, check_own(function))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
