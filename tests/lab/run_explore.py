# SPDX-License-Identifier: MIT
"""The explorer on programs with known outcomes: run_explore.py BATON [WORD ...]. Ends with `N passed, N failed`."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import harness
from explore_programs import BUGGY, RIGHT, START


def run(*arguments):
    return harness.run(*arguments, timeout=110)


def script(name, source):
    return harness.script(name, START + source)


def buggy(name):
    """Finds what is known, nothing else, and each token brings it back."""
    wanted, source = BUGGY[name]
    path = script(name, source)
    status, out, err = run("--explore", "--explore-time", "60", path)
    if status != 1:
        return f"status {status}:\n{err}"
    found = re.findall(r"^  [✗≠] +\d+ (.*)$", err, re.MULTILINE)
    if len(found) != len(wanted) or not all(any(piece in line for line in found) for piece in wanted):
        return f"found {found}, expected {wanted}\n{err}"
    tokens = re.findall(r"--replay (\w+)", err)
    if len(tokens) < len(wanted):
        return f"{len(tokens)} tokens:\n{err}"
    again = [run("--replay", token, path) for token in tokens]
    for piece in wanted:
        piece = piece.replace("printed ", "").replace("deadlock", "gil.Deadlock")
        if not any(piece in out + err for _, out, err in again):
            return f"no token brings {piece} back: {again}\n{err}"
    return None if run("--replay", tokens[0], path) == again[0] else "a token gives two runs"


def right(name):
    """No schedule does harm, and the report says how far that is proven."""
    status, out, err = run("--explore", "--explore-time", "60", script(name, RIGHT[name]))
    if status != 0 or "agree" not in err or "1 outcome" not in err:
        return f"status {status}:\n{err}"
    if "Every schedule there is was covered" not in err and "All schedules up to 2 preemptions" not in err:
        return f"proves nothing:\n{err}"
    return None


def labels():
    """CPython can interrupt at a wait, not in the middle of `n += 1`."""
    waits = script("waits", """
import time
n = 0
def add():
    global n
    seen = n
    time.sleep(0.001)
    n = seen + 1
run(add, add)
print(n)
""")
    err = run("--explore", waits)[2]
    if "CPython 3.10+ can do this" not in err or "Lost update of n" not in err:
        return err
    err = run("--explore", script("middle", BUGGY["lost update of a global"][1]))[2]
    if "allowed by the language, not done by CPython 3.10+" not in err or "reads 0 at line" not in err or "writes 1 at line" not in err:
        return err
    return None


def of_a_function():
    status, out, err = run("-c", """
import gil, threading
n = 0
def job():
    global n
    n = 0
    def add():
        global n
        n += 1
    threads = [threading.Thread(target=add) for _ in range(2)]
    for t in threads: t.start()
    for t in threads: t.join()
    assert n == 2
found = gil.explore(job)
print(found.ok, len(found.outcomes), n)
found = gil.explore(lambda: None)
print(found.ok, found.complete)
""")
    return None if out == "False 2 0\nTrue True\n" and "AssertionError" in err else out + err


def says_what_it_cannot_control():
    err = run("--explore", script("clock", "import time, random\nprint(time.time() > 0, random.random() < 2)\n"))[2]
    return None if "it reads a clock" in err and "random numbers" in err else err


def processes_are_no_part_of_it():
    """What child processes do is not explored, and the verdict does not pretend so."""
    status, out, err = run("--explore", script("processes", """
import multiprocessing
value = multiprocessing.Value("i", 0)
def work(): value.value += 1
children = [multiprocessing.Process(target=work) for _ in range(2)]
for child in children: child.start()
for child in children: child.join()
print(value.value)
"""))
    return None if status == 0 and "That says nothing of its processes." in err and "Note: it starts processes" in err and "Every schedule" not in err else f"{status} {err}"


def locks_taken_at_the_end():
    """logging takes locks while the interpreter ends."""
    status, out, err = run("--explore", "--explore-schedules", "30", script("logs", """
import logging
logging.basicConfig(level=logging.INFO, format="%(threadName)s")
run(lambda: logging.info("x"), lambda: logging.info("y"))
"""))
    return None if status == 0 and "1 outcome" in err else f"{status} {err}"


def a_syntax_error():
    status, out, err = run("--explore", script("wrong", "def f(:\n"))
    return None if status == 1 and "SyntaxError" in err else f"{status} {err}"


harness.run_checks({**{f"finds: {name}": lambda name=name: buggy(name) for name in BUGGY}, **{f"proves: {name}": lambda name=name: right(name) for name in RIGHT},
         **{f.__name__: f for f in (labels, of_a_function, says_what_it_cannot_control, processes_are_no_part_of_it, locks_taken_at_the_end, a_syntax_error)}}, at_once=2)
