# SPDX-License-Identifier: MIT
"""Policies, seeds, tokens and step mode: run_steer.py BATON [WORD ...]. Ends with `N passed, N failed`."""
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from harness import BATON as baton, FOLDER as folder, run, run_checks, script

RACE = """import threading
n = 0
def add():
    global n
    for _ in range(3):
        n += 1
threads = [threading.Thread(target=add) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(n)
"""


def the_same_run_1000_times():
    status, out, err = run(HERE / "again.py", 1000, timeout=110)
    kinds = "".join(f"{kind} {program} 1\n" for kind in ("seed", "every", "choices", "priorities") for program in ("compute", "talk"))
    return None if out == kinds + "seeds True\n" else out + err


def a_seed_repeats_itself():
    """In processes of their own, for a file, -c and -m; and the token of a run is that run."""
    path = script("race.py", RACE)
    seen = set()
    for seed in range(12):
        first = run("--seed", seed, path)
        token = re.search(r"--replay (\w+)", first[2])
        if first[0] or not token or run("--seed", seed, path) != first or run("--replay", token[1], path)[1] != first[1]:
            return f"seed {seed}: {first}"
        seen.add(first[1])
    if len(seen) < 2 or run("--seed", 5, "-c", RACE)[1] != run("--seed", 5, path)[1]:
        return f"the seeds make no difference: {seen}"
    done = subprocess.run([baton, "--seed", "5", "-m", "race"], capture_output=True, text=True, cwd=folder, timeout=30)
    return None if done.returncode == 0 and done.stdout == run("--seed", 5, path)[1] else done.stderr


def known_results_of_seeds():
    """The same on every machine: these are the results of the first six seeds."""
    path = script("race.py", RACE)
    got = "".join(run("--seed", seed, path)[1].strip() for seed in range(6))
    return None if got == SEEDS_GIVE else got


def switch_every():
    path = script("race.py", RACE)
    runs = {n: run("--switch-every", n, path) for n in (1, 2, 3, 7)}
    for n, first in runs.items():
        token = re.search(r"--replay (\w+)", first[2])[1]
        if run("--switch-every", n, path) != first or run("--replay", token, path)[1] != first[1]:
            return f"{n}: {first}"
    return None if int(runs[1][1]) < 9 else f"a switch after every instruction loses nothing: {runs[1]}"


def controlled_time():
    """Sleeps take no time, in the right order; the clock shows them."""
    source = """import threading, time
start = time.monotonic()
def wait(n):
    time.sleep(n)
    print(n)
threads = [threading.Thread(target=wait, args=(n,)) for n in (300, 100, 200)]
for t in threads: t.start()
for t in threads: t.join()
print(round(time.monotonic() - start))
e = threading.Event()
print(e.wait(1000), round(time.monotonic() - start, -1))
"""
    started = time.monotonic()
    status, out, err = run("--seed", 1, "-c", source)
    if out != "100\n200\n300\n300\nFalse 1300.0\n" or time.monotonic() - started > 20:
        return out + err
    source = "import asyncio, time\nasync def main():\n    t = time.monotonic()\n    await asyncio.gather(asyncio.sleep(50), asyncio.to_thread(time.sleep, 80))\n    return round(time.monotonic() - t)\nprint(asyncio.run(main()))\n"
    out = run("--seed", 1, "-c", source)[1]
    return None if out == "80\n" else out


TALK = """import select, socket, sys, threading, time
here, there = socket.socketpair()
start = time.monotonic()
here.settimeout(5)
try: here.recv(1)
except TimeoutError as late: print(late, round(time.monotonic() - start))
def later():
    time.sleep(100)
    there.send(b"x")
threading.Thread(target=later).start()
here.settimeout(None)
print(here.recv(1), round(time.monotonic() - start), select.select([here], [], [], 7), round(time.monotonic() - start))
print({"sets", "of", "strings"}, time.ctime())
"""


def descriptors_are_controlled():
    """Waits for what another thread sends end when it has sent it, by the clock of the run; what is bigger than a pipe comes through."""
    path = script("talk.py", TALK)
    started = time.monotonic()
    runs = {run("--seed", 3, path) for _ in range(3)}
    if len(runs) != 1 or time.monotonic() - started > 20 or "timed out 5\nb'x' 105 ([], [], []) 112\n" not in list(runs)[0][1]:
        return str(runs)
    big = """import os, socket, threading
reading, writing = os.pipe()
a, b = socket.socketpair()
def drain(read, n):
    while n: n -= len(read(min(n, 65536)))
    print("all")
threads = [threading.Thread(target=drain, args=args) for args in ((lambda n: os.read(reading, n), 1000000), (b.recv, 3000000))]
for t in threads: t.start()
print(os.write(writing, bytes(1000000)), a.sendall(bytes(3000000)))
for t in threads: t.join()
"""
    status, out, err = run("--seed", 1, "-c", big)
    return None if status == 0 and sorted(out.split()) == ["1000000", "None", "all", "all"] else out + err


def children_have_schedules_of_their_own():
    """The threads of a child are switched by the same rule: the same every time."""
    path = script("child.py", """import multiprocessing, threading
def child(connection):
    global n
    n = 0
    def add():
        global n
        for _ in range(3): n += 1
    threads = [threading.Thread(target=add) for _ in range(3)]
    for t in threads: t.start()
    for t in threads: t.join()
    connection.send(n)
if __name__ == "__main__":
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=child, args=(there,))
    process.start()
    print(here.recv())
    process.join()
""")
    seen = {(rule, n): {run(rule, n, path)[:2] for _ in range(4)} for rule in ("--switch-every", "--seed") for n in (1, 2, 3)}
    return None if all(len(runs) == 1 for runs in seen.values()) and seen["--switch-every", 1] != {(0, "9\n")} else str(seen)


def nobody_left_to_send():
    status, out, err = run("--seed", 1, "-c", "import socket, threading\na, b = socket.socketpair()\nt = threading.Thread(target=b.recv, args=(1,), name='peer')\nt.start()\na.recv(1)\n")
    return None if status == 1 and "Deadlock: every thread waits" in err and "peer waits for data that no thread is left to send" in err and "gil.Deadlock" in err else f"{status} {err}"


def the_last_line_says_what_is_not_controlled():
    status, out, err = run("--seed", 1, "-c", "import subprocess\nprint(subprocess.run(['echo', 'x'], capture_output=True).stdout)")
    if status or out != "b'x\\n'\n" or "but for what processes do beside each other" not in err.splitlines()[-1]:
        return out + err
    status, out, err = run("--seed", 1, "-c", "import os\nprint(len(os.sched_getaffinity(0)) == len(os.sched_getaffinity(1)))\nif os.fork(): os.wait()")
    if status or out.replace("True\n", "") or err.count("--replay") != 1:
        return out + err
    status, out, err = run("--seed", 1, "-c", "print(input())", text="typed\n")
    return None if out == "typed\n" and "from outside" in err.splitlines()[-1] else out + err


def an_interrupt_ends_a_controlled_run():
    process = subprocess.Popen([baton, "--seed", "1", "-c", "import socket\nserver = socket.create_server(('127.0.0.1', 0))\nprint('up', flush=True)\nserver.accept()"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.readline()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    return None if process.returncode == -signal.SIGINT and "KeyboardInterrupt" in err else f"{process.returncode} {err}"


def wrong_options():
    """One line of what is wrong, and status 2."""
    for arguments in (["--gil-policy", "none", "-c", ""], ["--gil-policy"], ["--seed", "x", "-c", ""], ["--switch-every", "0", "-c", ""], ["--deadlock", "maybe", "-c", ""],
                      ["--explore-time", "-1", "-c", ""], ["--replay", "nonsense", "-c", ""], ["--replay", "b41", "-c", ""], ["--seed", "1", "--explore", "-c", ""], ["--step=1", "-c", ""],
                      ["--explore", "--gil-report", "-c", ""], ["--step", "--gil-trace", "-", "-c", ""], ["--explore", "--races", "-c", ""], ["--seed", "1", "--gil-policy", "fair", "-c", ""],
                      ["--explore-time", "3", "-c", ""], ["--explore", "--deadlock", "off", "-c", ""], ["--seed", "1", "--four-ways", "x.py:f"], ["--gil-live", "--four-ways", "x.py:f"]):
        status, out, err = run(*arguments)
        if status != 2 or out or err.count("\n") > 3 or not err or "Traceback" in err:
            return f"{arguments}: {status} {out} {err}"
    token = re.search(r"--replay (\w+)", run("--seed", 1, "-c", "pass")[2])[1]
    status, out, err = run("--replay", token, "-c", "print(1)")
    return None if status == 2 and "another program" in err else f"{status} {err}"


def help_tells_of_all():
    out = run("-h")[1]
    missing = [o for o in ("--gil-policy", "--switch-every", "--seed", "--step", "--replay", "--explore", "--races", "--deadlock", "--lock-order", "interval-any", "ticks", "io-first",
                           "fair", "CPython 3.10", "3.2 to 3.9", "1.5 to 3.1") if o not in out]
    return f"-h does not tell of {missing}" if missing else None


# ---- policies
def policies_can_be_set():
    source = """import gil, threading
for name in gil.policies():
    gil.policy = name
    n = 0
    def work():
        global n
        for _ in range(20000): n = n
    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads: t.start()
    for t in threads: t.join()
    print(gil.policy, gil.stats()["policy"])
try:
    gil.policy = "none"
except ValueError as e:
    print(e)
"""
    out = run("-c", source)[1]
    return None if out == "".join(f"{n} {n}\n" for n in ("interval", "interval-any", "ticks", "io-first", "fair")) + "there is no policy 'none'\n" else out


ADD = """import sys, threading
sys.setswitchinterval(1e-6)
n = 0
def add():
    global n
    for _ in range(150000): n += 1
threads = [threading.Thread(target=add) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(n)
"""


def interval_never_loses_an_update():
    out = run("--gil-policy", "interval", "-c", ADD)[1]
    return None if out == "600000\n" else out


def interval_any_loses_updates():
    for attempt in range(3):
        out = run("--gil-policy", "interval-any", "-c", ADD)[1]
        if int(out) < 600000:
            return None
    return out


def ticks_switch_often():
    source = """import gil, threading, time
end = time.monotonic() + 0.7
def work():
    while time.monotonic() < end: pass
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
total = gil.stats()["total"]
print(total["forced"] > 500)
"""
    out = run("--gil-policy", "ticks", "-c", source)[1]
    return None if out == "True\n" else out


ECHO = """import gil, os, threading, time
a, b = os.pipe(), os.pipe()
if os.fork() == 0:
    os.close(a[1])
    while os.read(a[0], 1):
        time.sleep(0.0005)
        os.write(b[1], b'x')
    os._exit(0)
stop = False
def spin():
    while not stop: pass
threading.Thread(target=spin).start()
for _ in range(30):
    os.write(a[1], b'x')
    os.read(b[0], 1)
stop = True
os.close(a[1])
row = gil.stats()["threads"]["MainThread"]
print(row["waited"])
"""


def io_first_ends_the_convoy():
    """Who comes back from a blocking call waits for the holder's next safe point, not for the interval of 5 ms."""
    for attempt in range(4):            # other work on the machine makes both wait
        waited = {policy: float(run("--gil-policy", policy, "-c", ECHO)[1]) for policy in ("interval", "io-first")}
        if waited["io-first"] < 0.5 * waited["interval"]:
            return None
    return str(waited)


def fair_shares():
    source = """import gil, threading, time
gil.policy = "fair"
import sys
sys.setswitchinterval(0.001)
stop = False
counts = {}
def spin(n):
    while not stop: pass
threads = [threading.Thread(target=spin, args=(n,), name=f"s{n}") for n in range(3)]
for t in threads: t.start()
def turns_so_far(): return [row["holds"] for name, row in gil.stats()["threads"].items() if name.startswith("s")]
time.sleep(0.3)
before = turns_so_far()
time.sleep(1)
turns = [now - then for now, then in zip(turns_so_far(), before)]
stop = True
print(len(turns), max(turns) - min(turns) <= 3)          # turns, not seconds: a thread that the system has put aside keeps its turn
"""
    out = run("-c", source)[1]
    return None if out == "3 True\n" else out


# ---- step mode
def converse(arguments, lines):
    """Types each line when the prompt has come; what the terminal showed."""
    child, fd = pty.fork()
    if child == 0:
        os.execv(baton, [baton, *map(str, arguments)])
    shown, lines, end = b"", list(lines), time.monotonic() + 40
    asked = 0
    while time.monotonic() < end:
        if fd in select.select([fd], [], [], 0.2)[0]:
            try:
                more = os.read(fd, 65536)
            except OSError:
                break
            if not more:
                break
            shown += more
        if lines and len(re.findall(rb"\] > ", shown)) > asked:
            asked = len(re.findall(rb"\] > ", shown))
            os.write(fd, lines.pop(0).encode() + b"\n")
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode(errors="replace").replace("\r\n", "\n")


TWO = """import threading
n = 0
lock = threading.Lock()
def add():
    global n
    with lock:
        n += 1
t = threading.Thread(target=add, name="adder")
t.start()
n += 10
t.join()
print("n is", n)
"""


def step_shows_and_obeys():
    path = script("two.py", TWO)
    status, shown = converse(["--step", path], ["1", "r 7", "h", "1", "u", "0", "c"])
    wanted = ["MainThread", "adder", "line 7: n += 1", "has lock", "LOAD_GLOBAL", "changed:", "undone", "go on to the end", "n is ", "--replay b"]
    missing = [piece for piece in wanted if piece not in shown]
    if status or missing:
        return f"status {status}, not shown: {missing}\n{shown}"
    token = re.search(r"--replay (\w+)", shown)[1]
    value = re.search(r"n is (\d+)", shown)[1]
    status, out, err = run("--replay", token, path)
    return None if (status, out) == (0, f"n is {value}\n") else f"{token}: {status} {out} {err}"


def step_makes_the_race():
    """Between reading and writing in one thread the other one writes: the update is lost, and is lost again with the token."""
    path = script("race2.py", "import threading\nn = 0\ndef add():\n    global n\n    n += 1\nt = threading.Thread(target=add)\nt.start()\nn += 10\nt.join()\nprint('n is', n)\n")
    status, shown = converse(["--step", path], ["1"] + ["0"] * 12 + ["c"])
    value = re.search(r"n is (\d+)", shown)
    token = re.search(r"--replay (\w+)", shown)
    if not value or value[1] != "1" or run("--replay", token[1], path)[1] != "n is 1\n":
        return shown
    return None


def step_without_a_person():
    status, out, err = run("--step", script("two.py", TWO), text="")
    return None if (status, out) == (0, "n is 11\n") else f"{status} {out} {err}"


SEEDS_GIVE = "699799"
run_checks({check.__name__: check for check in (the_same_run_1000_times, a_seed_repeats_itself, known_results_of_seeds, switch_every, controlled_time, descriptors_are_controlled, children_have_schedules_of_their_own, nobody_left_to_send,
         the_last_line_says_what_is_not_controlled, an_interrupt_ends_a_controlled_run, wrong_options, help_tells_of_all, policies_can_be_set,
         interval_never_loses_an_update, interval_any_loses_updates, ticks_switch_often, io_first_ends_the_convoy, fair_shares, step_shows_and_obeys, step_makes_the_race,
         step_without_a_person)}, at_once=1)
