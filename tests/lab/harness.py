# SPDX-License-Identifier: MIT
"""What the programs run_*.py here have in common: the binary, its runs, and checks that say what is wrong or return None."""
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

BATON = str(pathlib.Path(sys.argv[1]).resolve())
WORDS = sys.argv[2:]
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="baton-lab-"))


def run(*arguments, timeout=60, text=None):
    """(status, output, errors) of Baton with these arguments; the status is None if it had not ended in time."""
    try:
        stream = {"input": text} if text is not None else {"stdin": subprocess.DEVNULL}
        done = subprocess.run([BATON, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, **stream)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired as late:
        return None, "", (late.stderr or b"").decode()


def script(name, source):
    """The path of a file with that text."""
    path = FOLDER / (re.sub(r"\W+", "_", name.removesuffix(".py")) + ".py")
    path.write_text(source)
    return path


def run_checks(checks, at_once):
    """Runs the checks, (name -> function), whose names have one of the words of the command line. Prints the count, ends the program."""
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        futures = {name: pool.submit(check) for name, check in checks.items() if not WORDS or any(word in name for word in WORDS)}
        for name, future in futures.items():
            try:
                wrong = future.result()
            except Exception as error:
                wrong = repr(error)
            passed += wrong is None
            failed += wrong is not None
            if wrong is not None:
                print(f"FAILED {name}: {wrong}", flush=True)
    subprocess.run(["rm", "-rf", str(FOLDER)])
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
