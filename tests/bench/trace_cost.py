# SPDX-License-Identifier: MIT
"""What recording costs: tests/bench/trace_cost.py BATON [--runs N]. The same programs without and with --gil-trace, in turn.

Each prints its own seconds (so that start-up and the writing of the trace are not in them) and how often the lock changed hands.
The aim: at most 10 % on a program whose lock changes hands 10,000 times a second.
"""
import os
import re
import statistics
import subprocess
import sys
import tempfile

# Two threads hand a token to each other through locks, and compute in between: about 10,000 changes of hands a second.
PING_PONG = """
import threading, time, gil
def play(mine, other):
    for turn in range(10000):
        mine.acquire()
        total = 0
        for i in range(WORK): total += i
        other.release()
a, b = threading.Lock(), threading.Lock()
b.acquire()
players = [threading.Thread(target=play, args=pair) for pair in ((a, b), (b, a))]
start = time.perf_counter()
for p in players: p.start()
for p in players: p.join()
seconds = time.perf_counter() - start
"""
# One thread that lets go of the lock and takes it back as fast as it can.
ALONE = """
import os, time, gil
fd = os.open("/dev/zero", os.O_RDONLY)
start = time.perf_counter()
for i in range(300000): os.read(fd, 1)
seconds = time.perf_counter() - start
"""
# CPU-bound threads: the lock changes hands every 5 ms.
SPIN = """
import threading, time, gil
def spin():
    total = 0
    for i in range(40_000_000): total += i
players = [threading.Thread(target=spin) for each in range(2)]
start = time.perf_counter()
for p in players: p.start()
for p in players: p.join()
seconds = time.perf_counter() - start
"""
END = "\nprint(seconds, sum(each['times'] for row in gil.stats()['threads'].values() for each in row['releases'].values()))\n"
PROGRAMS = {"10,000 changes of hands a second": PING_PONG.replace("WORK", "5000"), "as many as two threads can": PING_PONG.replace("WORK", "10"), "one thread, reading all the time": ALONE,
            "two spinning threads": SPIN}


def run(baton, code, *options):
    done = subprocess.run([baton, *options, "-c", code + END], capture_output=True, text=True, check=True)
    seconds, switches = done.stdout.split()
    return float(seconds), int(switches)


def main():
    baton = sys.argv[1]
    runs = int(sys.argv[sys.argv.index("--runs") + 1]) if "--runs" in sys.argv else 5
    with tempfile.TemporaryDirectory() as folder:
        for name, code in PROGRAMS.items():
            off, on = [], []
            for each in range(runs):
                off.append(run(baton, code))
                on.append(run(baton, code, "--gil-trace", f"{folder}/trace.txt"))
            cost = re.search(r"Recording cost.*?dropped", open(f"{folder}/trace.txt").read(), re.DOTALL)
            seconds_off, seconds_on = (statistics.median(seconds for seconds, switches in all_) for all_ in (off, on))
            print(f"{name:34} {off[0][1] / off[0][0]:9,.0f} a second   off {seconds_off:.3f} s   on {seconds_on:.3f} s   {100 * (seconds_on / seconds_off - 1):+5.1f} %", flush=True)
            print("    the trace itself says: " + " ".join(cost.group().split()))


main()
