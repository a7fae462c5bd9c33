# SPDX-License-Identifier: MIT
"""The convoy: a thread that talks to another process, beside one that computes.

Run: scripts/baton --gil-trace convoy.html scripts/demos/lab/convoy.py
See: the echo thread needs the lock for microseconds, but each time it comes back from read it waits for the spinner's whole 5 ms. Two
     bars in the page tell it: zoom in until one round trip fills the width. `--gil-report` says "the convoy effect" in words.
Ask: what happens to the round trips with sys.setswitchinterval(0.0005)? And to the spinner?
"""
import os
import threading
import time


def peer(requests, answers):
    """Another process: it answers each byte after half a millisecond."""
    while data := os.read(requests, 1):
        time.sleep(0.0005)
        os.write(answers, data)


def echo(requests, answers, seconds, counts):
    """Round trips in so many seconds."""
    end, trips = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        os.write(requests, b"x")
        os.read(answers, 1)
        trips += 1
    counts.append(trips / seconds)


def spin(stop):
    while not stop.is_set():
        pass


(request_out, request_in), (answer_out, answer_in) = os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    os.close(request_in)
    peer(request_out, answer_in)
    os._exit(0)

counts, stop = [], threading.Event()
for beside in (False, True):
    if beside:
        threading.Thread(target=spin, args=(stop,), name="spinner").start()
    thread = threading.Thread(target=echo, args=(request_in, answer_out, 0.5, counts), name="echo beside the spinner" if beside else "echo alone")
    thread.start()
    thread.join()
stop.set()
os.close(request_in)
os.waitpid(child, 0)
print(f"round trips a second: alone {counts[0]:.0f}, beside a spinning thread {counts[1]:.0f} ({100 * counts[1] / counts[0]:.0f} %)")
