# SPDX-License-Identifier: MIT
"""Speed and memory against CPython: tests/bench/bench.py BATON [PYTHON] [--runs N]. Prints each figure as a ratio, medians of several runs.

A ratio above 1 says how many times as fast Baton is; the last column is the aim. Each job runs in a process of its own, the two Pythons
in turn, so that what else the machine does falls on both.
"""
import os
import statistics
import subprocess
import sys
import time

JOBS = {
    "integer loop": (4.0, "def f():\n c = 0\n for i in range(10**7): c += i\n return c\n"),
    "float loop": (3.0, "def f():\n x = 0.0\n for i in range(5 * 10**6): x = x * 0.5 + 1.5\n return x\n"),
    "fib(30)": (1.7, "def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\ndef f(): fib(30)\n"),
    "method and attribute": (1.5, "class A:\n def __init__(self): self.n = 0\n def step(self): self.n += 1\ndef f():\n a = A()\n for i in range(3 * 10**6): a.step()\n"),
    "list indexing": (2.5, "def f():\n v = list(range(1000)); s = 0\n for k in range(3000):\n  for i in range(1000): s += v[i]\n"),
    "dict counting": (1.0, "words = ['w%d' % (i * 7919 % 1000) for i in range(10**6)]\ndef f():\n d = {}\n for w in words:\n  d[w] = d.get(w, 0) + 1\n"),
    "generator": (1.5, "def g(n):\n for i in range(n): yield i\ndef f():\n for x in g(3 * 10**6): pass\n"),
    "comprehension": (1.5, "def f():\n for k in range(20): [i * 2 for i in range(10**5) if i % 3]\n"),
    "100,000 asyncio tasks": (2.0, "import asyncio\nasync def one(): await asyncio.sleep(0)\nasync def main(): await asyncio.gather(*(one() for _ in range(10**5)))\ndef f(): asyncio.run(main())\n"),
    "decimal: pi, 30 digits": (1.0, "from decimal import *\ndef pi(prec):\n with localcontext(prec=prec + 2):\n  last, t, s, n, na, d, da = 0, Decimal(3), 3, 1, 0, 0, 24\n  while s != last:\n   last, n, na, d, da = s, n + na, na + 8, d + da, da + 32\n   t = t * n / d\n   s += t\n  return s\ndef f():\n for i in range(300): pi(30)\n"),
    "decimal: pi, 1000 digits": (1.0, "from decimal import *\ndef pi(prec):\n with localcontext(prec=prec + 2):\n  last, t, s, n, na, d, da = 0, Decimal(3), 3, 1, 0, 0, 24\n  while s != last:\n   last, n, na, d, da = s, n + na, na + 8, d + da, da + 32\n   t = t * n / d\n   s += t\n  return s\ndef f():\n for i in range(20): pi(1000)\n"),
    "decimal: sums of money": (1.0, "from decimal import *\nprices = [Decimal(i * 7 % 10007) / 100 for i in range(10**4)]\ncent, rate = Decimal('0.01'), Decimal('1.19')\ndef f():\n for i in range(10):\n  total = Decimal(0)\n  for p in prices: total += (p * rate).quantize(cent, ROUND_HALF_UP)\n"),
    "decimal: reading and writing": (1.0, "from decimal import Decimal\ntexts = ['%d.%02d' % (i, i % 100) for i in range(10**4)]\ndef f():\n for i in range(10): [str(Decimal(x)) for x in texts]\n"),
}
TIMER = "\nimport time\nt = time.perf_counter()\nf()\nprint(time.perf_counter() - t)\n"


def measure(python, code):
    done = subprocess.run([python, "-c", code + TIMER], capture_output=True, text=True)
    if done.returncode:
        return None
    return float(done.stdout.split()[-1])


def start_up(python):
    start = time.perf_counter()
    os.waitpid(os.posix_spawn(python, [python, "-c", "pass"], os.environ), 0)
    return time.perf_counter() - start, peak_memory(python)


def peak_memory(python):
    """KiB that an empty program has used, as it says itself: getrusage would count the process that started it."""
    status = subprocess.run([python, "-c", "print(open('/proc/self/status').read())"], capture_output=True, text=True).stdout
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def wall(python, code):
    start = time.perf_counter()
    subprocess.run([python, "-c", code], capture_output=True)
    return time.perf_counter() - start


def shares(python, count, both_at_once, runs):
    """How long two jobs of seconds take at once, beside one after the other: the median of runs that take turns."""
    job = f"def f():\n c = 0\n for i in range({count}): c ^= i\n"
    return statistics.median(wall(python, job + both_at_once) / wall(python, job + "f(); f()") for _ in range(runs))


def show(name, ratio, aim, detail):
    verdict = "" if ratio is None else "  ok" if ratio >= aim else "  BELOW"
    print(f"{name:28} {'failed' if ratio is None else format(ratio, '6.2f')}  aim {aim:5.2f}{verdict}   {detail}", flush=True)


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    runs = int(sys.argv[sys.argv.index("--runs") + 1]) if "--runs" in sys.argv else 5
    if "--runs" in sys.argv:
        arguments.remove(str(runs))
    baton, python = os.path.abspath(arguments[0]), arguments[1] if len(arguments) > 1 else "/usr/bin/python3"
    print(f"{'job':28}  ratio")
    for name, (aim, code) in JOBS.items():
        pairs = [(measure(baton, code), measure(python, code)) for _ in range(runs)]
        if any(None in pair for pair in pairs):
            show(name, None, aim, "")
            continue
        ours, theirs = statistics.median(a for a, b in pairs), statistics.median(b for a, b in pairs)
        show(name, theirs / ours, aim, f"{ours:.3f} s against {theirs:.3f} s")
    starts = [(start_up(baton), start_up(python)) for _ in range(2 * runs)]
    ours, theirs = statistics.median(a[0] for a, b in starts), statistics.median(b[0] for a, b in starts)
    show("start-up, -c pass", theirs / ours, 3.0, f"{ours * 1000:.1f} ms against {theirs * 1000:.1f} ms")
    ours, theirs = statistics.median(a[1] for a, b in starts), statistics.median(b[1] for a, b in starts)
    show("memory of it", theirs / ours, 2.0, f"{ours} KiB against {theirs} KiB")
    for word, module, kind, most in (("threads", "threading", "Thread", 1.05), ("processes", "multiprocessing", "Process", 0.55)):
        pairs = f"import {module}\nps = [{module}.{kind}(target=f) for _ in '12']\nfor p in ps: p.start()\nfor p in ps: p.join()"
        ours, theirs = shares(baton, 10**8, pairs, runs), shares(python, 2 * 10**7, pairs, runs)
        print(f"{f'two {word} / serial':28} {ours:6.2f}  at most {most}{'  ok' if ours <= most else '  ABOVE'}   CPython {theirs:.2f}", flush=True)
    sleeping = wall(baton, "import threading, time\nts = [threading.Thread(target=time.sleep, args=(0.1,)) for _ in range(20)]\nfor t in ts: t.start()\nfor t in ts: t.join()")
    thousand = wall(baton, "import threading, time\nts = [threading.Thread(target=time.sleep, args=(0.1,)) for _ in range(1000)]\nfor t in ts: t.start()\nfor t in ts: t.join()")
    print(f"{'20 threads sleep 0.1 s':28} {sleeping:6.2f} s\n{'1,000 threads sleep 0.1 s':28} {thousand:6.2f} s")


main()
