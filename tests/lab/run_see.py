# SPDX-License-Identifier: MIT
"""Seeing the GIL, on programs whose answers are known: run_see.py BATON. Ends with `N passed, N failed`."""
import collections
import fcntl
import json
import os
import pathlib
import pty
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

import browser

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BATON = str(pathlib.Path(sys.argv[1]).resolve())
WORDS = sys.argv[2:]
PROGRAMS = ROOT / "tests" / "programs" / "documents"
DEMOS = ROOT / "scripts" / "demos"
STAND_IN = str(DEMOS / "web-stand-in")
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="baton-see-"))
(FOLDER / "tmp").mkdir()
checks = []

SHARED = """
import threading, time
def compute():
    total = 0
    for i in range(30_000_000): total ^= i
threads = [threading.Thread(target=compute, name=f"compute {n}") for n in (1, 2)] + [threading.Thread(target=time.sleep, args=(0.3,), name="sleeper")]
for t in threads: t.start()
for t in threads: t.join()
"""
LOOP = """
import asyncio, time
async def polite():
    for i in range(5): await asyncio.sleep(0.03)
async def rude():
    await asyncio.sleep(0.05)
    time.sleep(0.12)                 # line 7
async def main():
    await asyncio.gather(asyncio.create_task(polite(), name="polite"), asyncio.create_task(rude(), name="rude"))
asyncio.run(main())
"""
CHILDREN = """
import multiprocessing, time
def compute(n):
    total = 0
    for i in range(n): total += i
if __name__ == "__main__":
    workers = [multiprocessing.Process(target=compute, args=(4_000_000,), name=f"worker {n}") for n in (1, 2)]
    for w in workers: w.start()
    for w in workers: w.join()
    sleeper = multiprocessing.Process(target=time.sleep, args=(60,), name="killed")
    sleeper.start()
    time.sleep(0.3)
    sleeper.kill()
    sleeper.join()
"""


def check(function):
    checks.append(function)
    return function


def environment(**more):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "BATON", "LC_", "LANG", "NO_COLOR", "COLUMNS", "LINES"))}
    return {**env, "TMPDIR": str(FOLDER / "tmp"), "LANG": "C.UTF-8", **more}


def script(name, text):
    path = FOLDER / name
    path.write_text(text)
    return str(path)


def run(*command, timeout=120, cwd=FOLDER, env=None, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=timeout, cwd=cwd, env=env or environment(), **more)
    assert not list((FOLDER / "tmp").glob("baton-trace*")), "a spool was left behind"
    return done.returncode, done.stdout, done.stderr


def terminal(*command, columns=80, lines=24, env=None):
    """What the command writes to a terminal of that size, and its status."""
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.chdir(FOLDER)
        os.execve(command[0], list(command), env or environment(TERM="xterm"))
    out = b""
    while True:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        out += data
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), out.decode()


def traced(program, *options):
    """The JSON trace of a program."""
    file = FOLDER / "run.json"
    status, out, err = run(BATON, "--gil-trace", file, *options, program)
    assert status == 0, (status, out, err)
    return json.loads(file.read_text())


def rows_of(text):
    """{thread: (holding %, waiting %, blocked %, switches)} of a table."""
    row = re.compile(r"^(.{6,28}?) +(?:[\d.]+ (?:s|ms|µs)|0) +([\d.]+) % +(?:[\d.]+ (?:s|ms|µs)|0) +([\d.]+) % +(?:[\d.]+ (?:s|ms|µs)|0) +([\d.]+) % +([\d,]+)$", re.MULTILINE)
    return {m[1].strip(): (float(m[2]), float(m[3]), float(m[4]), int(m[5].replace(",", ""))) for m in row.finditer(text)}


# ---- the report
@check
def report_of_two_that_compute_and_one_that_sleeps():
    status, out, err = run(BATON, "--gil-report", script("shared.py", SHARED))
    assert (status, out) == (0, ""), (status, out, err)
    rows = rows_of(err)
    for name in ("compute 1", "compute 2"):
        holding, waiting, blocked, switches = rows[name]
        assert 25 < holding < 75 and 25 < waiting < 75 and blocked < 5 and switches > 5, (name, rows)
    assert rows["sleeper"][2] > 80 and rows["sleeper"][0] < 2, rows
    assert re.search(r"sleeper .*\n +blocked: sleep 0\.[34]\d s", err), err
    assert re.search(r"MainThread .*\n +blocked: .*join 0\.\d\d s", err), err
    assert "switches: interval" in err, err
    share = re.search(r"Threads compute 1 and compute 2 were CPU-bound and shared the lock: (\d+) % and (\d+) %\.", " ".join(err.split()))
    assert share and 25 < int(share[1]) < 75, err
    took = re.search(r"Two threads took (\d\.\d\d)× the time", err)
    assert took and 0.9 < float(took[1]) < 1.5, err
    contention = re.search(r"^contention (\d+) %", err, re.MULTILINE)
    assert contention and 35 < int(contention[1]) < 65, err


@check
def report_defines_its_words():
    status, out, err = run(BATON, "--gil-report", "-c", "pass")
    for word in ("holding:", "waiting:", "blocked:", "switch:", "contention:", "the clock:"):
        assert re.search(rf"^{word} ", err, re.MULTILINE), (word, err)
    assert "CLOCK_MONOTONIC" in err and "wall-clock" in err


@check
def report_of_one_thread():
    status, out, err = run(BATON, "--gil-report", "-c", "x = 0\nfor i in range(10**7): x += i")
    assert "MainThread was the only CPU-bound thread" in err and "contention 0 %" in err, err
    assert rows_of(err)["MainThread"][0] > 90, err


@check
def report_of_waits_that_overlap():
    status, out, err = run(BATON, "--gil-report", "-c", "import threading, time\nts = [threading.Thread(target=time.sleep, args=(0.2,)) for i in range(10)]\nfor t in ts: t.start()\nfor t in ts: t.join()")
    match = re.search(r"Their waits overlapped: (\d\.\d\d) s of sleep.* went by in\s0\.(\d\d) s", err)
    assert match and 1.9 < float(match[1]) < 3 and int(match[2]) < 60, err


@check
def report_of_a_convoy():
    code = """
import os, threading, time
stop = False
def spin():
    while not stop: pass
threading.Thread(target=spin, name="spinner").start()
def echo():
    for i in range(60): time.sleep(0.001)
e = threading.Thread(target=echo, name="echo")
e.start(); e.join()
stop = True
"""
    status, out, err = run(BATON, "--gil-report", script("convoy.py", code))
    assert re.search(r"echo let the lock go \d+\stimes and waited [\d.]+ ms on average.*the convoy\s+effect", " ".join(err.split())), err


@check
def report_every_way_to_run_and_to_end():
    for options, wanted in ((["-c", "print(1)"], 0), (["-m", "this"], 0), ([script("leaves.py", "import sys; sys.exit(7)")], 7), ([script("raises.py", "1 / 0")], 1),
                            ([script("thread.py", "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()")], 0),
                            (["--document", script("notes.md", "# Notes\n\n```python\nprint(2)\n```\n")], 0), (["-"], 0)):
        status, out, err = run(BATON, "--gil-report", *options, input="print(3)\n")
        assert status == wanted and err.count("contention ") >= 1 and "MainThread" in err, (options, status, err)
        status, out, err = run(BATON, f"--gil-trace={FOLDER}/ways.json", *options, input="print(3)\n")
        assert status == wanted and json.loads((FOLDER / "ways.json").read_text())["traceEvents"], (options, status, err)


@check
def an_interrupt_is_still_told():
    process = subprocess.Popen([BATON, "--gil-report", "-c", "import time\nprint('up', flush=True)\ntime.sleep(60)"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
    process.stdout.readline()
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT and "KeyboardInterrupt" in err and "blocked: sleep" in err, (process.returncode, err)


@check
def os_exit_is_told_as_not_traced():
    status, out, err = run(BATON, "--gil-report", "--gil-trace", FOLDER / "none.json", "-c", "import os; os._exit(5)")
    assert status == 5 and err.count("\n") == 1 and "os._exit()" in err, (status, err)
    assert not (FOLDER / "none.json").exists()


@check
def wrong_options_say_so():
    for options, word in ((["--gil-trace", "run.exe", "x.py"], "run.exe"), (["--gil-trace", "/nowhere/run.html", "-c", "pass"], "/nowhere/run.html"), (["--gil-trace"], "Argument expected"),
                          (["--four-ways"], "Argument expected"), (["--four-ways", "nothing"], "SCRIPT:FUNCTION"), (["--four-ways", "no.py:f"], "no.py"),
                          (["--four-ways", script("empty.py", "") + ":f"], "no function f")):
        status, out, err = run(BATON, *options)
        assert status == 2 and word in err.splitlines()[0] and "Traceback" not in err, (options, status, err)
    help_ = run(BATON, "-h")[1]
    for option in ("--gil-report", "--gil-trace FILE", "--gil-live", "--four-ways SCRIPT:FUNCTION"):
        assert option in help_, option


# ---- the JSON trace
def validated(trace):
    """The trace's complete events by (process, track), after every event has been looked at."""
    tracks = collections.defaultdict(list)
    assert isinstance(trace["traceEvents"], list) and trace["displayTimeUnit"] in ("ms", "ns")
    for event in trace["traceEvents"]:
        assert isinstance(event["pid"], int) and isinstance(event["tid"], int) and isinstance(event["name"], str), event
        if event["ph"] == "M":
            assert event["name"] in ("process_name", "thread_name", "process_sort_index", "thread_sort_index") and isinstance(event["args"], dict), event
        else:
            assert event["ph"] == "X" and event["ts"] >= 0 and event["dur"] >= 0, event
            tracks[event["pid"], event["tid"]].append(event)
    for events in tracks.values():
        for before, after in zip(events, events[1:]):
            assert after["cat"] != "gil" or before["ts"] + before["dur"] <= after["ts"] + 0.002, (before, after)
    return tracks


def names_of(trace, kind="thread_name"):
    return {(e["pid"], e["tid"]): e["args"]["name"] for e in trace["traceEvents"] if e["ph"] == "M" and e["name"] == kind}


def one_holder_at_a_time(tracks):
    holds = collections.defaultdict(list)
    for (pid, tid), events in tracks.items():
        holds[pid] += [(e["ts"], e["ts"] + e["dur"]) for e in events if e["name"] == "holds"]
    for spans in holds.values():
        spans.sort()
        for before, after in zip(spans, spans[1:]):
            assert before[1] <= after[0] + 0.002, (before, after)      # the trace has microseconds with three digits


@check
def json_of_threads():
    trace = traced(script("shared.py", SHARED))
    tracks, names = validated(trace), names_of(trace)
    one_holder_at_a_time(tracks)
    assert {"MainThread", "compute 1", "compute 2", "sleeper"} <= set(names.values()), names
    by_name = {names[key]: events for key, events in tracks.items()}
    sleeping = [e for e in by_name["sleeper"] if e["name"] == "blocked: sleep"]
    assert len(sleeping) == 1 and 299_000 < sleeping[0]["dur"] < 600_000, sleeping
    assert all("compute" in e["args"]["from"] and "shared.py:5" in e["args"]["to"] for e in by_name["compute 1"] if e["name"] == "wants" and e["args"]["from"]), by_name["compute 1"][:5]
    assert trace["otherData"]["dropped"] == "0" and "Recording cost" in trace["otherData"]["cost"]


@check
def json_of_processes():
    trace = traced(script("children.py", CHILDREN))
    tracks, processes = validated(trace), names_of(trace, "process_name")
    one_holder_at_a_time(tracks)
    assert collections.Counter(processes.values()) == {"main process": 1, "worker 1": 1, "worker 2": 1, "killed": 1}, processes
    held = {processes[pid, 0]: sum(e["dur"] for e in events if e["name"] == "holds") for (pid, tid), events in tracks.items()}
    assert held["worker 1"] > 10_000 and held["worker 2"] > 10_000, held
    killed = next(events for (pid, tid), events in tracks.items() if processes[pid, 0] == "killed")
    assert killed[-1]["name"] == "blocked: sleep" and 100_000 < killed[-1]["dur"] < 3_000_000, killed
    assert "killed" in trace["otherData"]["cost"] and "did not end in an orderly way" in trace["otherData"]["cost"]


@check
def json_of_a_forked_child_that_ends_like_a_program():
    trace = traced(script("forks.py", "import os, sys, time\nif os.fork() == 0:\n    time.sleep(0.05)\n    sys.exit(0)\nos.wait()\n"))
    tracks = validated(trace)
    assert len(tracks) == 2 and sum(e["name"] == "blocked: sleep" for events in tracks.values() for e in events) == 1, tracks
    assert "orderly" not in trace["otherData"]["cost"], trace["otherData"]
    code = "import gil, os, time\nwith gil.trace() as run:\n    if os.fork() == 0: raise SystemExit\n    os.wait()\nprint(len({event.process for event in run.events()}))\nkept = gil.trace(); kept.__enter__()\n"
    assert run(BATON, script("forks.py", code)) == (0, "2\n", "")


@check
def all_options_at_once():
    status, out, err = run(BATON, "--gil-live", "--gil-report", "--gil-trace", "-", script("shared.py", SHARED))
    assert status == 0 and "baton: the GIL for" in out and "baton: what the GIL did in" in err and "baton: the GIL at" in err, (status, out, err)


@check
def json_of_tasks():
    trace = traced(script("loop.py", LOOP))
    tracks, names = validated(trace), names_of(trace)
    steps = {names[key]: events for key, events in tracks.items() if events[0]["cat"] == "asyncio"}
    assert len(steps["MainThread · polite"]) == 6, steps["MainThread · polite"]
    long = [e for e in steps["MainThread · rude"] if "blocked the loop" in e["name"]]
    assert len(long) == 1 and 119_000 < long[0]["dur"] < 300_000 and "rude" in long[0]["args"]["from"] and "loop.py:6" in long[0]["args"]["from"], long
    assert not any("blocked" in e["name"] for e in steps["MainThread · polite"])
    assert "The event loop was blocked once for more than 50 ms, the longest time 0.1" in trace["otherData"]["summary"].replace("\u00a0", " ") and "by rude at rude (loop.py:7)" in trace["otherData"]["summary"]


@check
def every_record_is_counted_that_is_lost():
    """A spool that may not grow: what does not fit is counted, and the output says so."""
    code = "import os\nfd = os.open('/dev/zero', os.O_RDONLY)\nfor i in range(50000): os.read(fd, 1)\n"
    done = subprocess.run(["/bin/bash", "-c", 'ulimit -f 200; exec "$0" --gil-trace - "$1"', BATON, script("many.py", code)], capture_output=True, text=True, env=environment())
    match = re.search(r"([\d,]+) events at .*; ([\d,]+) dropped", " ".join(done.stdout.split()))
    events, dropped = (int(each.replace(",", "")) for each in match.groups())
    assert events > 100_000 and abs(events - dropped - 200 * 1024 // 24) <= 2, (events, dropped)
    assert "could not be written" in " ".join(done.stdout.split())


@check
def a_gap_is_shown_as_unknown():
    code = """
from gil.reader import RECORD, HOLDS, GAP, BLOCKED, Process, Lane, Run
from gil.summary import of_lane
import _gil
p = Process(1); p.start, p.end = 0, 100
lane = Lane(p, 1, "t")
lane.states = b"".join(RECORD.pack(ns, 1, site, 0, kind, 1, 0) for ns, kind, site in ((0, HOLDS, 0), (10, GAP, 7), (60, BLOCKED, 0), (90, HOLDS, 0)))
p.lanes = [lane]
row = of_lane(lane)
print(row.held, row.blocked, row.releases, [s[:3] for s in lane.segments()][1], list(_gil.columns(lane.states, 0)[1]))
"""
    status, out, err = run(BATON, "-c", code)
    assert out == "20 {'sleep': 30} {} (10, 60, 4) [1, 3, 5, 1]\n", (out, err)


# ---- the timeline
def plain_lines(text):
    return [re.sub(r"\x1b\[[\d;]*m", "", line).rstrip("\r") for line in text.split("\n")]


@check
def timeline_fits_the_terminal():
    program = script("shared.py", SHARED)
    for columns in (40, 80, 200):
        status, out = terminal(BATON, "--gil-trace", "-", program, columns=columns)
        lines = plain_lines(out)
        assert status == 0 and max(map(len, lines)) <= columns, (columns, max(lines, key=len))
        lanes = [line for line in lines if line.startswith("compute 1") and "%" not in line]
        assert len(lanes) == 1 and len(lanes[0]) > columns * 0.7 and re.search("[▂▃▄▅▆]", lanes[0]), lanes
        assert "\x1b[" in out and any(set(line[10:].strip()) >= {"s"} for line in lines if line.startswith("sleeper")), out
        assert "were CPU-bound and shared the lock" in " ".join(lines).replace("  ", " "), lines


@check
def timeline_without_colour_and_without_unicode():
    program = script("shared.py", SHARED)
    assert "\x1b" not in terminal(BATON, "--gil-trace", "-", program, env=environment(TERM="xterm", NO_COLOR="1"))[1]
    status, out, err = run(BATON, "--gil-trace", "-", program)
    assert "\x1b" not in out and "█" in out + "▄", out
    status, out, err = run(BATON, "--gil-trace", "-", program, env=environment(LANG="POSIX"))
    assert out.isascii() and re.search(r"^compute 1 +[\d#. -]{40,}", out, re.MULTILINE), out
    status, out, err = run(BATON, "--gil-report", program, env=environment(LANG="POSIX", COLUMNS="50"))
    assert err.isascii() and max(map(len, err.split("\n"))) <= 50, err


@check
def timeline_marks_the_blocked_loop():
    file = FOLDER / "loop.txt"
    run(BATON, "--gil-trace", file, script("loop.py", LOOP))
    lines = file.read_text().split("\n")
    rude, polite = (next(line for line in lines if line.startswith(f" {name}")) for name in ("rude", "polite"))
    assert rude.count("!") > 10 and "!" not in polite, (rude, polite)


@check
def live_in_a_terminal_and_elsewhere():
    code = "import threading, time\ndef spin():\n    end = time.monotonic() + 1.3\n    while time.monotonic() < end: pass\nts = [threading.Thread(target=spin, name=f'spin {i}') for i in (1, 2)]\nfor t in ts: t.start()\nprint('said')\nfor t in ts: t.join()\nimport os\ntry: os.waitpid(-1, 0)\nexcept ChildProcessError: print('no child')\n"
    program = script("live.py", code)
    status, out, err = run(BATON, "--gil-live", program)
    assert (status, out) == (0, "said\nno child\n"), (out, err)
    shares = re.findall(r"^baton: the GIL at (\d\.\d) s, .*spin 1 holds (\d+) % waits (\d+) %; spin 2 holds (\d+) %", err, re.MULTILINE)
    assert len(shares) >= 2 and all(20 < int(each) < 80 for each in shares[-1][1:]), err
    status, out = terminal(BATON, "--gil-live", program)
    assert status == 0 and "said\r\n" in out and "no child" in out, out[-2000:]
    assert out.count("\x1b7") > 4 and "spin 1" in out and out.rstrip("\r\n").endswith("H") and "\x1b[r" in out, out[-300:]


# ---- the four ways
@check
def four_ways_of_a_job_that_computes_and_of_one_that_waits():
    program = script("jobs.py", "import time, asyncio\ndef compute(n=3000000):\n    t = 0\n    for i in range(n): t += i\ndef wait(): time.sleep(0.4)\nasync def nap(): await asyncio.sleep(0.4)\ndef fail(): 1 / 0\nif __name__ == '__main__': print('not to be run')\n")
    for name, best in (("compute", None), ("wait", "threads"), ("nap", "asyncio")):
        status, out, err = run(BATON, "--four-ways", f"{program}:{name}")
        speeds = {m[1]: float(m[2]) for m in re.finditer(r"^(serial|threads|processes|asyncio) +[\d.]+ +([\d.]+)×", out, re.MULTILINE)}
        assert status == 0 and len(speeds) == 4 and speeds["serial"] == 1 and "not to be run" not in out, (status, out, err)
        assert len(re.findall(r"^\w+ +[█▏▎▍▌▋▊▉]+ \d", out, re.MULTILINE)) == 4, out
        if best is None:
            assert "holds the lock" in out and "threads take turns" in " ".join(out.split()), out
        else:
            assert speeds["threads"] > 1.5 and speeds["asyncio"] > 1.5 and speeds["processes"] > 1.5 and "waits for the rest" in " ".join(out.split()), out
    status, out, err = run(BATON, "--four-ways", f"{program}:fail")
    assert status == 1 and "failed: ZeroDivisionError" in out and "ZeroDivisionError" in err, (status, out, err)
    status, out, err = run(BATON, "--four-ways", f"{program}:compute", "1000")
    assert status == 0, err


# ---- the page
PAIR = """
import sys, threading, time, gil
from gil.session import write
def compute():
    total = 0
    for i in range(3_000_000): total += i
def work():
    for i in range(20):
        compute_a_little()
        time.sleep(0.002)
def compute_a_little():
    return sum(range(20000))
with gil.trace() as trace:
    threads = [threading.Thread(target=compute, name="compute"), threading.Thread(target=work, name="worker")]
    for t in threads: t.start()
    for t in threads: t.join()
write(trace.run, sys.argv[1] + "/pair.html")
write(trace.run, sys.argv[1] + "/pair.json")
"""
STATE_WORDS = "({lane: l.name, states: [...l.s].map((s, i) => [batonTrace.segment(l, i), s]).filter(([g, s]) => s).map(([g, s]) => [batonTrace.wordsOf(g)[0].split(': ').slice(1).join(': '), g.start, g.end])})"


def pair():
    program = script("pair.py", PAIR)
    status, out, err = run(BATON, program, FOLDER)
    assert status == 0, err
    return FOLDER / "pair.html", json.loads((FOLDER / "pair.json").read_text())


def middle_of(page, lane, state):
    """The pixel in the middle of the longest segment of a state in a lane: (x, y) of the window."""
    return page.evaluate(f"""(() => {{
        const T = batonTrace, lane = T.lanes.find(l => l.name === {lane!r}), box = document.getElementById('canvas').getBoundingClientRect();
        let best = -1;
        for (let i = 0; i < lane.n; i++) if (T.data.states[lane.s[i]] === {state!r} && (best < 0 || T.segment(lane, i).end - lane.t[i] > T.segment(lane, best).end - lane.t[best])) best = i;
        const g = T.segment(lane, best), time = (g.start + g.end) / 2;
        return [box.left + T.labels + (time - T.view.start) / (T.view.end - T.view.start) * (T.width - T.labels), box.top + T.AXIS + lane.y + lane.height / 2];
    }})()""")


@check
def page_lanes_and_numbers_equal_the_events():
    path, trace = pair()
    tracks, names = validated(trace), names_of(trace)
    with browser.Browser() as page:
        page.open(path)
        lanes = {each["lane"]: each["states"] for each in page.evaluate(f"batonTrace.lanes.filter(l => l.kind === 'thread').map(l => {STATE_WORDS})")}
        assert set(lanes) == {names[key] for key in tracks}, (set(lanes), names)
        for key, events in tracks.items():
            shown, words = lanes[names[key]], {"holds": "holds the lock", "wants": "wants the lock"}
            wanted = [(words.get(e["name"], e["name"]), e["ts"] * 1000, (e["ts"] + e["dur"]) * 1000) for e in events]
            assert len(shown) == len(wanted), (names[key], len(shown), len(wanted))
            for (word, start, end), (other, ts, te) in zip(shown, wanted):
                assert word == other and abs(start - ts) < 2 and abs(end - te) < 3, ((word, start, end), (other, ts, te))
        table = {row[0]: row[1:] for row in page.evaluate("[...document.querySelectorAll('#table tr')].slice(1).map(r => [...r.children].map(c => c.textContent))")}
        figure = lambda text: float(text.split()[0]) * {"s": 1e6, "ms": 1e3, "µs": 1, "ns": 1e-3}[text.split()[1]] if text != "0" else 0
        for key, events in tracks.items():
            for column, name in ((0, "holds"), (1, "wants")):
                total = sum(e["dur"] for e in events if e["name"] == name)
                assert abs(figure(table[names[key]][column]) - total) <= 0.01 * total + 5, (names[key], name, table[names[key]], total)
        assert "20" in re.search(r"sleep (\d+)", table["worker"][5])[1], table
        assert page.evaluate("document.getElementById('said').children.length") == 3
        assert page.evaluate("document.getElementById('words').children.length") >= 12
        assert "Recording cost" in page.evaluate("document.getElementById('cost').textContent")


@check
def killed_programs_leave_nothing():
    """What a killed program had recorded goes when the next trace begins, and not what a living one records."""
    with tempfile.TemporaryDirectory() as place:
        env = {**os.environ, "TMPDIR": place}
        left = lambda: sorted(name for name in os.listdir(place) if name.startswith("baton-trace-"))
        command = [str(BATON), "--gil-trace", f"{place}/trace.json", "-c", "import sys; print('runs', flush=True); sys.stdin.read()"]
        start = lambda: subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with start() as killed, start() as living:
            killed.stdout.readline(), living.stdout.readline()
            assert len(left()) == 2, left()
            killed.kill()
            killed.wait()
            assert len(left()) == 2, left()
            with start() as third:
                third.stdout.readline()
                assert len(left()) == 2 and not any(f"-{killed.pid}-" in name for name in left()), left()
                third.communicate(b"")
            living.communicate(b"")
            assert living.returncode == 0 and left() == [], left()


@check
def page_zooms_pans_and_points():
    path, trace = pair()
    with browser.Browser() as page:
        url = page.open(path)
        view = lambda: page.evaluate("[batonTrace.view.start, batonTrace.view.end]")
        wall = page.evaluate("batonTrace.data.wall")
        assert view() == [0, wall]
        x, y = middle_of(page, "compute", "holds")
        page.mouse("mouseMoved", x, y)
        page.frame()
        tip = page.evaluate("document.getElementById('tip').textContent")
        assert "compute: holds the lock" in tip and "compute (pair.py:6)" in tip, tip
        page.wheel(x, y, -400)
        start, end = view()
        assert 0 < start < end < wall and (end - start) < 0.7 * wall, (start, end)
        page.drag(x, y, x - 120, y)
        moved = view()
        assert moved[0] > start and abs((moved[1] - moved[0]) - (end - start)) < 1, (moved, start, end)
        page.key("0")
        assert view() == [0, wall]
        page.key("+")
        zoomed = view()
        assert zoomed[1] - zoomed[0] < 0.7 * wall
        page.key("ArrowRight")
        assert view()[0] > zoomed[0]
        page.key("ArrowLeft")
        page.key("-")
        assert view() == [0, wall], view()
        page.pinch(x, y, 100, 300)
        assert view()[1] - view()[0] < 0.6 * wall, view()
        page.key("Home")
        x, y = middle_of(page, "worker", "sleep")
        page.click(x, y)
        status = page.evaluate("document.getElementById('status').textContent")
        assert "worker: blocked: sleep" in status and "work (pair.py:10)" in status, status
        lit = page.evaluate("[...document.querySelectorAll('#source .lit')].map(l => [l.dataset.n, l.textContent])")
        assert lit and lit[0][0] == "10" and "time.sleep(0.002)" in lit[0][1], lit
        page.key("]")
        after = page.evaluate("document.getElementById('status').textContent")
        assert after != status and after.startswith("worker: "), after
        page.key("ArrowUp")
        assert page.evaluate("batonTrace.chosen.lane.name") == "compute"
        page.key("Enter")
        assert view()[1] - view()[0] < 0.5 * wall
        page.key("Escape")
        assert page.evaluate("batonTrace.chosen") is None
        before = page.evaluate("getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).backgroundColor")
        page.key("t")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).backgroundColor") != before
        page.key("?")
        assert page.evaluate("document.getElementById('keys').open")
        assert page.requests == [url] and page.errors == [], (page.requests, page.errors)


@check
def page_searches():
    path, trace = pair()
    with browser.Browser(dark=True) as page:
        page.open(path)
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.key("/")
        page.type("blocked: sleep")
        sleeps = sum(e["name"] == "blocked: sleep" for e in trace["traceEvents"])
        assert page.evaluate("batonTrace.hits") == sleeps >= 20, (page.evaluate("batonTrace.hits"), sleeps)
        page.key("Enter", "\r")
        first = page.evaluate("batonTrace.chosen.start")
        page.key("Enter", "\r")
        second, status = page.evaluate("batonTrace.chosen.start"), page.evaluate("document.getElementById('status').textContent")
        assert second > first and "sleep" in status, (first, second, status)
        page.evaluate("document.getElementById('search').value = ''")
        page.type("compute")
        named = sum(e["ph"] == "X" and any("compute" in str(word) for word in (e["name"], *e.get("args", {}).values())) for e in trace["traceEvents"])
        assert page.evaluate("batonTrace.hits") >= named > 0 and page.errors == [], (page.evaluate("batonTrace.hits"), named, page.errors)


@check
def page_of_processes_and_tasks():
    page_file = FOLDER / "children.html"
    run(BATON, "--gil-trace", page_file, script("children.py", CHILDREN))
    with browser.Browser() as page:
        page.open(page_file)
        kinds = page.evaluate("batonTrace.lanes.map(l => [l.kind, l.name.replace(/ \\(\\d+\\)/, '')])")
        assert [name for kind, name in kinds if kind == "process"] == ["process", "worker 1", "worker 2", "killed"] and len(kinds) == 8, kinds
        run(BATON, "--gil-trace", page_file, script("loop.py", LOOP))
        page.open(page_file)
        tasks = {name: steps for name, steps in page.evaluate("batonTrace.lanes.filter(l => l.kind === 'task').map(l => [l.name, l.steps.map(s => s.end - s.start)])")}
        assert len(tasks["polite"]) == 6 and max(tasks["rude"]) > 1.19e8 and max(tasks["polite"]) < 5e7, tasks
        assert "it blocked the loop" in page.evaluate("document.getElementById('legend').textContent") and page.errors == []


@check
def page_with_hostile_names():
    """Names and sources that look like markup, or like the end of the script element, stay text."""
    name = "</script><script>alert(1)</script>\\u2028\\ud800\\x00 \\\"'&<b>"
    page_file = FOLDER / "hostile.html"
    status, out, err = run(BATON, "--gil-trace", page_file, script("hostile.py", f"import threading, time\n# </script><img src=http://example.org/x>\nt = threading.Thread(target=time.sleep, args=(0.01,), name=\"{name}\")\nt.start(); t.join()\n"))
    assert status == 0, err
    with browser.Browser() as page:
        url = page.open(page_file)
        assert page.requests == [url] and page.errors == [], (page.requests, page.errors)
        page.key("ArrowDown")
        assert page.evaluate("batonTrace.lanes.length") == 2 and page.evaluate("document.scripts.length") == 2
    assert json.loads((FOLDER / "ways.json").read_text())


@check
def page_of_a_million_events_stays_smooth():
    code = "import os, threading\nfd = os.open('/dev/zero', os.O_RDONLY)\ndef read():\n    for i in range(125000): os.read(fd, 1)\nts = [threading.Thread(target=read) for i in range(4)]\nfor t in ts: t.start()\nfor t in ts: t.join()\n"
    page_file = FOLDER / "million.html"
    start = time.monotonic()
    status, out, err = run(BATON, "--gil-trace", page_file, script("million.py", code))
    assert status == 0 and time.monotonic() - start < 60, err
    with browser.Browser() as page:
        start = time.monotonic()
        url = page.open(page_file)
        loaded = time.monotonic() - start
        assert page.evaluate("batonTrace.lanes.reduce((sum, l) => sum + l.n, 0)") >= 1_000_000
        assert loaded < 30, loaded
        before = page.busy(), page.evaluate("batonTrace.paints")
        for key in "+++++-----":
            page.key(key)
        painted = page.evaluate("batonTrace.paints") - before[1]
        each = (page.busy() - before[0]) / painted                       # CPU time: other work on the machine is no fault of the page
        assert painted >= 10 and each < 0.05, (painted, each)
        page.key("/")
        page.type("million.py")
        assert page.evaluate("batonTrace.hits") > 900_000
        assert page.requests == [url] and page.errors == [], (page.requests, page.errors)


# ---- what it costs
@check
def recording_is_cheap():
    """The aim is 10 % at 10,000 changes of hands a second (tests/bench/trace_cost.py); here the machine is busy: CPU time, and a generous bound."""
    code = "import threading, time\ndef play(mine, other):\n    for turn in range(3000):\n        mine.acquire()\n        total = 0\n        for i in range(5000): total += i\n        other.release()\na, b = threading.Lock(), threading.Lock()\nb.acquire()\nts = [threading.Thread(target=play, args=p) for p in ((a, b), (b, a))]\ns = time.process_time()\nfor t in ts: t.start()\nfor t in ts: t.join()\nprint(time.process_time() - s)\n"
    program = script("ping.py", code)
    off, on = [], []
    for each in range(4):
        off.append(float(run(BATON, program)[1]))
        on.append(float(run(BATON, "--gil-trace", FOLDER / "ping.txt", program)[1]))
    assert min(on) < 1.6 * min(off), (on, off)


# ---- every program can be traced
def same_traced(*command, cwd, web=False, changes=(), timeout=180):
    """The program's output, errors and status are the same with a trace, and the trace is whole."""
    file = FOLDER / "program.json"
    file.unlink(missing_ok=True)
    front = [STAND_IN, "--nginx", "--latency", "0.2"] if web else []
    plain = run(*front, BATON, *command, cwd=cwd, timeout=timeout)
    seen = run(*front, BATON, "--gil-trace", file, *command, cwd=cwd, timeout=timeout)
    mask = lambda result: (result[0], *(re.sub(r"\d+\.\d+|0x[0-9a-f]+|\d{4,}", "N", text) for text in result[1:]))
    if changes:
        assert seen[0] == plain[0], (seen, plain)
    else:
        assert sorted(mask(seen)[1].split("\n")) == sorted(mask(plain)[1].split("\n")) and mask(seen)[0] == mask(plain)[0] and mask(seen)[2] == mask(plain)[2], (seen, plain)
    trace = json.loads(file.read_text())
    one_holder_at_a_time(validated(trace))
    return trace


@check
def the_documents_programs_can_be_traced():
    for path in sorted(PROGRAMS.glob("*.py")):
        if path.name == "asyncio_aiohttp_downloads.py":                 # ends with a NameError: compared all the same
            pass
        same_traced(path.name, cwd=PROGRAMS, web="requests" in path.name or "aiohttp" in path.name)
    same_traced("--document", str(HERE.parent / "programs" / "concurrency.md"), cwd=PROGRAMS, web=True)
    same_traced("--document", str(HERE.parent / "programs" / "fragments.md"), cwd=PROGRAMS)


@check
def the_demos_can_be_traced():
    for path in sorted([*DEMOS.glob("*.py"), *(DEMOS / "lab").glob("*.py")]):
        head = path.read_text().split('"""')[1] if '"""' in path.read_text() else ""
        if path.name in ("table.py", "web_stand_in.py") or "Run:" not in head or "--gil" in head and not re.search(r"--gil-(trace|report|live)", head):
            continue
        if re.search(r"--(deadlock|explore|step|replay|races|lock-order|gil-policy|switch-every)", head):
            continue                                                    # lessons that are to fail or hang: their own tests run them
        same_traced(path.name, cwd=path.parent, changes=True)


@check
def the_documents_four_programs_have_pages():
    folder = FOLDER / "four"
    status, out, err = run(DEMOS / "lab" / "four-programs", folder, env=environment(BATON=BATON), timeout=180)
    assert status == 0 and out.count("contention ") == 4 and "it failed" not in out and len(list(folder.glob("*.html"))) == 4, (status, out, err)


passed = failed = 0
for function in checks:
    if WORDS and not any(word in function.__name__ for word in WORDS):
        continue
    try:
        function()
        passed += 1
    except Exception as error:
        failed += 1
        print(f"FAILED {function.__name__}: {type(error).__name__}: {str(error)[:3000]}", flush=True)
subprocess.run(["rm", "-rf", str(FOLDER)])
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
