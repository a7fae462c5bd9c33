# SPDX-License-Identifier: MIT
"""Runs every test: tests/run.py RELEASE_BUILD SANITIZER_BUILD [WORD ...]; with words, only tests whose name has one.

A script test is a .py file with a neighbouring .out (what CPython 3.11 printed on standard output; a neighbouring .err what
it printed on standard error, a neighbouring .status its exit status) or with `# expect: TEXT` comments, one for each line
printed. It runs under both builds. Other kinds: the unit tests (Check), the syntax comparisons, and every tests/*/run_*.py,
which prints `N passed, N failed` itself.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent
TIMEOUT = 120
SCRIPT_FOLDERS = ("lang", "types", "stdlib", "threads", "cli", "limits", "regressions", "lab")
COUNTS = re.compile(r"^(\d+) passed, (\d+) failed", re.MULTILINE)


def environment():
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "BATON"))}
    env["PYTHONHASHSEED"] = "0"
    env["ASAN_OPTIONS"] = "detect_leaks=0:abort_on_error=1"
    env["UBSAN_OPTIONS"] = "print_stacktrace=1:halt_on_error=1"
    return env


def run(command, cwd=None, stdin=None, timeout=TIMEOUT):
    try:
        done = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, timeout=timeout, env=environment())
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return None, b"", b"timed out"


def expected_lines(script):
    """What `# expect:` comments say, or None when there are none."""
    lines = [m.group(1) for m in re.finditer(r"# expect: ?(.*)$", script.read_text(), re.MULTILINE)]
    return ("\n".join(lines) + "\n").encode() if lines else None


def neighbour(script, ending):
    path = script.with_suffix(ending)
    return path.read_bytes() if path.exists() else None


def check_script(binary, script):
    """Why the script fails under the binary; None: it passes."""
    expected = neighbour(script, ".out")
    if expected is None:
        expected = expected_lines(script)
    status, out, err = run([str(binary), script.name], cwd=script.parent)
    wanted_status = int(neighbour(script, ".status") or 0)
    if status is None:
        return "timed out"
    if status != wanted_status:
        return f"exit status {status}, expected {wanted_status}\n{err.decode(errors='replace')[-1500:]}"
    if expected is not None and out != expected:
        return first_difference(expected, out)
    wanted_err = neighbour(script, ".err")
    if wanted_err is not None and err != wanted_err:
        return "standard error: " + first_difference(wanted_err, err)
    return None


def first_difference(expected, got):
    for number, (a, b) in enumerate(zip(expected.splitlines() + [b"<end>"], got.splitlines() + [b"<end>"]), 1):
        if a != b:
            return f"line {number}: expected {a.decode(errors='replace')!r}, got {b.decode(errors='replace')!r}"
    return "output differs in length"


def script_tests(builds):
    for folder in SCRIPT_FOLDERS:
        for script in sorted((ROOT / folder).rglob("*.py")):
            if not script.with_suffix(".out").exists() and expected_lines(script) is None:
                continue
            for name, build in builds:
                yield f"{script.relative_to(ROOT)} [{name}]", lambda b=build, s=script: check_script(b / "baton", s)


def unit_tests(builds):
    for name, build in builds:
        for program in sorted(build.glob("unit_*")):
            if os.access(program, os.X_OK) and program.is_file():
                def check(p=program):
                    status, out, err = run([str(p)], timeout=300)
                    return None if status == 0 else (out + err).decode(errors="replace")[-2000:]
                yield f"{program.name} [{name}]", check


def runner(command):
    """A test program that counts for itself: (passed, failed, output)."""
    status, out, err = run(command, timeout=1200)
    text = (out + err).decode(errors="replace")
    counts = COUNTS.findall(text)
    if not counts:
        return 0, 1, text[-3000:]
    passed, failed = map(int, counts[-1])
    if status != 0 and failed == 0:
        failed = 1
    return passed, failed, text[-3000:]


def counting_runners(release, sanitized):
    for script in ("compare_errors.py", "compare_ast.py", "compare_mutations.py"):
        path = ROOT / "syntax" / script
        if path.exists():
            yield str(path.relative_to(ROOT)), [sys.executable, str(path), str(release / "interp" / "ast_dump")]
    for path in sorted(ROOT.glob("*/run_*.py")):
        yield str(path.relative_to(ROOT)), [sys.executable, str(path), str(release / "baton")]


def main():
    release, sanitized, *words = sys.argv[1:]
    release, sanitized = pathlib.Path(release).resolve(), pathlib.Path(sanitized).resolve()
    builds = [("release", release), ("asan", sanitized)]
    wanted = lambda name: not words or any(w in name for w in words)
    passed = failed = 0
    tests = [t for t in [*unit_tests(builds), *script_tests(builds)] if wanted(t[0])]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (name, _), why in zip(tests, pool.map(lambda t: t[1](), tests)):
            if why is None:
                passed += 1
            else:
                failed += 1
                print(f"FAILED {name}: {why}", flush=True)
    for name, command in counting_runners(release, sanitized):
        if not wanted(name):
            continue
        good, bad, output = runner(command)
        passed, failed = passed + good, failed + bad
        if bad:
            print(f"FAILED {name}:\n{output}", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
