# SPDX-License-Identifier: MIT
"""What every demo ends with: a table of times, and what the GIL did."""
import time


class Times:
    """Named times: with times("serial"): …"""

    def __init__(self):
        self.rows = []

    def __call__(self, name):
        self._name = name
        return self

    def __enter__(self):
        self._start = time.perf_counter()

    def __exit__(self, *exc):
        self.rows.append((self._name, time.perf_counter() - self._start))

    def show(self):
        first = self.rows[0][1]
        width = max(len(name) for name, seconds in self.rows)
        print()
        print(f"{'how':{width}}  seconds  against {self.rows[0][0]}")
        for name, seconds in self.rows:
            print(f"{name:{width}}  {seconds:7.2f}  {seconds / first:.2f}x")


def show_gil():
    """The counters of gil.stats(), one row a thread; on another Python, that it has none."""
    try:
        import gil
    except ImportError:
        print("\n(this Python does not say what its GIL does)")
        return
    print()
    print(f"{'thread':24} {'holds':>7} {'held s':>7} {'waited s':>8} {'forced':>6}  let go for")
    for name, row in gil.stats()["threads"].items():
        reasons = ", ".join(f"{reason} {what['times']}x" for reason, what in row["releases"].items())
        print(f"{name[:24]:24} {row['holds']:7} {row['held']:7.2f} {row['waited']:8.2f} {row['forced']:6}  {reasons}")
