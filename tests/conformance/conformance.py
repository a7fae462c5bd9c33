# SPDX-License-Identifier: MIT
"""CPython's own test files under Baton: the list, running a file, comparing.

`files.tsv` has a line a file: section, module, tests that CPython passes, tests that Baton passes, seconds under Baton, why the rest fails.
A test file that has passed fewer than its number has fallen behind.
"""
import collections
import os
import pathlib
import signal
import subprocess
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
LIST = FOLDER / "files.tsv"
HOST = "/usr/bin/python3"
TIMEOUT = 240                    # seconds for a file

Entry = collections.namedtuple("Entry", "section module cpython baton seconds reason")


class Run:
    """What a file's run gave: the outcome and the reason of each test, and how it ended ('' well)."""

    def __init__(self, text, ending):
        self.ending, self.tests = ending, {}
        for line in text.splitlines():
            outcome, tab, rest = line.partition("\t")
            if not tab or outcome not in ("pass", "skip", "fail", "error"):
                continue                               # what the tests themselves print
            name, _, why = rest.partition("\t")
            self.tests[name] = (outcome, why)

    def passed(self):
        return {name for name, (outcome, _) in self.tests.items() if outcome == "pass"}


def run_file(python, module):
    """Runs a test file in an empty folder. A crash or a time-out is its ending; the tests that came before still count."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment.update(LANG="C.UTF-8", PYTHONHASHSEED="0")
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder, tempfile.TemporaryFile() as out:
        environment["HOME"] = folder
        environment["XDG_CACHE_HOME"] = os.environ.get("XDG_CACHE_HOME", str(pathlib.Path.home() / ".cache"))    # Baton's compiled modules
        child = subprocess.Popen([python, str(FOLDER / "one_file.py"), module], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out,
                                 stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            status = child.wait(TIMEOUT)
            ending = "" if status == 0 else f"killed by {signal.Signals(-status).name}" if status < 0 else f"status {status}"
        except subprocess.TimeoutExpired:
            ending = f"not done after {TIMEOUT} s"
        try:
            os.killpg(child.pid, signal.SIGKILL)       # and what it has left behind
        except ProcessLookupError:
            pass
        child.wait()
        out.seek(0)
        return Run(out.read().decode(errors="replace"), ending)


def read_list():
    return [Entry(*line.split("\t")) for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
