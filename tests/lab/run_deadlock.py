# SPDX-License-Identifier: MIT
"""The deadlock finder, lock orders and races: run_deadlock.py BATON [WORD ...]. Ends with `N passed, N failed`."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import harness
from deadlock_programs import FINE, START, STUCK, TASKS, TOLD
from explore_programs import RIGHT
from explore_programs import START as EXPLORE_START
from race_programs import ORDERED, RACY


def run(source, *options):
    return harness.run(*options, "-c", source, timeout=20)


def stuck(name):
    piece, source = STUCK[name]
    status, out, err = run(START + source)
    if status != 1 or err.count("Deadlock:") < 1 or piece not in err:
        return f"status {status}, expected {piece!r}\n{err}"
    return None


def fine(name):
    status, out, err = run(START + FINE[name] + "\nprint('fine')\n")
    return None if (status, out, err) == (0, "fine\n", "") else f"status {status} {out}\n{err}"


def ring_of_acquire():
    """Told while the main thread sleeps, and the program goes on when that releases the locks."""
    status, out, err = run(START + TOLD)
    told = "Deadlock: 2 threads wait for each other, and none of them can go on; but for another thread" in err and "Thread-1" in err and "Thread-2" in err
    return None if (status, out) == (0, "fine\n") and told and err.count("Deadlock") == 1 else f"{status} {out} {err}"


def ring_of_tasks_that_is_cancelled():
    """Two tasks wait for each other; a third has them at hand, and cancels one: told, and nothing raised."""
    status, out, err = run(START + TASKS + """
async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    tasks = [asyncio.create_task(work(a, b)), asyncio.create_task(work(b, a))]
    await asyncio.sleep(0.2)
    tasks[0].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print("fine")
asyncio.run(main())
""")
    told = "Deadlock: 2 tasks wait for each other, and none of them can go on; but for another task" in err and "which Task-3 took" in err
    return None if (status, out) == (0, "fine\n") and told and err.count("Deadlock") == 1 else f"{status} {out} {err}"


def actions():
    """report: told, and the program hangs; off: not a word; and Deadlock can be caught."""
    source = START + "import threading\nimport gil\ne = threading.Event()\ntry:\n    e.wait(%s)\nexcept gil.Deadlock as d:\n    print(isinstance(d, RuntimeError))\n"
    status, out, err = run(source % "")
    if (status, out) != (0, "True\n"):
        return f"{status} {out} {err}"
    hang = "import signal, threading\nsignal.signal(signal.SIGALRM, signal.SIG_DFL)\nsignal.alarm(1)\nthreading.Event().wait()\n"
    status, out, err = run(hang, "--deadlock=report")
    if status != -14 or "Deadlock: a thread waits" not in err or "Traceback" in err:
        return f"report: {status} {err}"
    status, out, err = run(hang, "--deadlock", "off")
    return None if (status, err) == (-14, "") else f"off: {status} {err}"


def lock_order():
    """Two orders are told though nothing hangs; one thread's own, a common gate and one order are not."""
    opposite = START + """
a, b, gate = L(), L(), L()
def one():
    %s
        with a:
            with b: pass
def two():
    %s
        with b:
            with a: pass
%s
"""
    two_threads = "join(start(one)); join(start(two))"
    status, out, err = run(opposite % ("if 1:", "if 1:", two_threads), "--lock-order")
    if status != 0 or "while it held" not in err or "1 set of locks" not in err:
        return f"{status} {err}"
    for case in (("with gate:", "with gate:", two_threads), ("if 1:", "if 1:", "one(); two()")):
        status, out, err = run(opposite % case, "--lock-order")
        if status != 0 or "0 sets" not in err:
            return f"false alarm for {case}: {err}"
    return None


def races():
    """Unordered accesses are told, with both places."""
    source = START + """
class Box: pass
box, items, stop = Box(), [1], False
box.n = 0
def a(): box.n += 1
def b():
    time.sleep(0.05)
    box.n += 1
join(start(a, b))
"""
    status, out, err = run(source, "--races")
    return None if status == 0 and "Data race on Box.n" in err and err.count("line ") >= 2 and "1 data race" in err else f"{status} {err}"


def race(name):
    """It is found; the report names the variable and has both stacks."""
    what, source = RACY[name]
    status, out, err = run(source, "--races")
    return None if f"Data race on {what}: nothing puts these two in order.\n" in err and err.count("line ") >= 2 and re.search(r" (wrote|read) it:\n(.*\n)+.* (wrote|read) it:\n", err) else err


def no_race(name, source):
    status, out, err = run(source, "--races")
    return None if status == 0 and "0 data races" in err else f"{status} {err}"


RACE_FREE = {**ORDERED, **{name: EXPLORE_START + source for name, source in RIGHT.items() if "checked twice" not in name},
             "a pool": "from concurrent.futures import ThreadPoolExecutor\ntotal = 0\nwith ThreadPoolExecutor(4) as p:\n    total = sum(p.map(abs, range(50)))\nassert total == 1225\n",
             "a barrier": START + "x = [0, 0]\nb = threading.Barrier(2)\ndef f(i):\n    x[i] = 1\n    b.wait()\n    assert x == [1, 1]\njoin(start(lambda: f(0), lambda: f(1)))\n",
             "a condition": START + "c = threading.Condition()\nn = 0\ndef f():\n    global n\n    with c:\n        n += 1\n        c.notify_all()\nts = start(f, f)\nwith c:\n    c.wait_for(lambda: n == 2)\njoin(ts)\nprint(n)\n",
             "a pipe": START + "r, w = os.pipe()\nn = 0\ndef f():\n    global n\n    n = 1\n    os.write(w, b'x')\nts = start(f)\nos.read(r, 1)\nassert n == 1\njoin(ts)\n",
             "a loop and a thread": START + "import asyncio\nn = 0\nasync def main():\n    def f():\n        global n\n        n += 1\n    await asyncio.to_thread(f)\n    global n\n    n += 1\n    await asyncio.to_thread(f)\nasyncio.run(main())\nassert n == 3\n".replace("async def main():\n", "async def main():\n    global n\n").replace("    global n\n    n += 1\n    await", "    n += 1\n    await")}

harness.run_checks({**{f"stuck: {name}": lambda name=name: stuck(name) for name in STUCK}, **{f"fine: {name}": lambda name=name: fine(name) for name in FINE},
         **{f"race: {name}": lambda name=name: race(name) for name in RACY},
         **{f"no race: {name}": lambda name=name, source=source: no_race(name, source) for name, source in RACE_FREE.items()},
         **{f.__name__: f for f in (actions, ring_of_acquire, ring_of_tasks_that_is_cancelled, lock_order, races)}}, at_once=4)
