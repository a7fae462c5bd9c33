# SPDX-License-Identifier: MIT
"""From a spool of the recorder (runtime/gil_trace.c) to a Run: processes, their threads' lanes, the tasks' steps in them.

A process has two files. PID.events is an array of records. PID.names is lines of a letter and words with tabs between:
P pid parent start (of a child: its fork) wall-clock · L pid name (of the process) · T thread native-id ident main name · S site line file function
file function (the last two: the module of ours it was in, or empty) · N number text (of a task or callback) · R main first
last holds held waits waited forced, then times and nanoseconds for each reason, name (a thread's counters) · D events
dropped recording draining lost end · H now (a sign of life).
"""
import posix
from _gil import reasons, split
from _struct import Struct

RECORD = Struct("<QIIIBBH")        # ns, thread, site, name, kind, reason, unused
HOLDS, WANTS, BLOCKED, ENDED, GAP, TASK_BEGIN, TASK_END, CALLBACK_BEGIN, CALLBACK_END = range(9)
REASONS = reasons()
STATES = ("none", "holds", "wants", "unknown") + REASONS      # as _gil.columns numbers them
LONG_STEP = 50_000_000             # ns: a step of the event loop that takes longer blocks it


class Site:
    """A place in a program: `inner` is what it called of the modules in the binary, "" if it stands there itself."""
    __slots__ = ("file", "line", "function", "inner")

    def __init__(self, file, line, function, inner_file="", inner_function=""):
        self.file, self.line, self.function = file, line, function
        self.inner = f"{inner_file.removeprefix('<frozen ').removesuffix('>')}.{inner_function}" if inner_function else ""

    def __str__(self):
        if self.file == "":
            return "nowhere"
        called = f" in {self.inner}" if self.inner else ""
        return f"{self.function} ({self.file.rpartition('/')[2]}:{self.line}){called}"


NOWHERE = Site("", 0, "")


class Step:
    """A task's or a callback's turn in its event loop: where its code went on, and where it came to wait (NOWHERE: it came to its end)."""
    __slots__ = ("name", "start", "end", "site", "end_site", "is_task")

    def __init__(self, name, start, end, site, end_site, is_task):
        self.name, self.start, self.end, self.site, self.end_site, self.is_task = name, start, end, site, end_site, is_task

    @property
    def blocked_loop(self):
        return self.end - self.start >= LONG_STEP


class Lane:
    """What one thread did: `states` and `raw_steps` are records, in the order of time."""

    def __init__(self, process, number, name):
        self.process, self.number, self.name = process, number, name
        self.native_id = self.ident = 0
        self.is_main = False
        self.states = self.raw_steps = b""

    def segments(self):
        """(start, end, kind, reason, site at the start, site at the end) for each state, ns; the last ends with the run."""
        end_of_run = self.process.end
        before = None
        for ns, thread, site, name, kind, reason, unused in RECORD.iter_unpack(self.states):
            if before is not None and before[1] != ENDED:
                yield before[0], ns, before[1], before[2], before[3], site
            before = ns, kind, reason, site
        if before is not None and before[1] != ENDED and end_of_run > before[0]:
            yield before[0], end_of_run, before[1], before[2], before[3], before[3]

    def steps(self):
        """Steps of the event loop; one that is under way at the end of the run ends there. Nested ones are in the order of their ends."""
        names, begun = self.process.names, []
        for ns, thread, site, name, kind, reason, unused in RECORD.iter_unpack(self.raw_steps):
            if kind == TASK_BEGIN or kind == CALLBACK_BEGIN:
                begun.append((name, ns, kind, site))
            elif begun:
                name, start, kind, first = begun.pop()
                yield Step(names.get(name, "?"), start, ns, self.process.site(first), self.process.site(site), kind == TASK_BEGIN)
        for name, start, kind, first in reversed(begun):
            yield Step(names.get(name, "?"), start, self.process.end, self.process.site(first), NOWHERE, kind == TASK_BEGIN)

    def cut(self, since, until):
        """Only what lies between two times. A state under way at `since` begins there."""
        self.states = _cut(self.states, since, until, True)
        self.raw_steps = _cut(self.raw_steps, since, until, False)


def _cut(records, since, until, carry):
    size = RECORD.size
    first = _count_before(records, since)
    last = _count_before(records, until)
    kept = records[first * size:last * size]
    if carry and first:
        ns, *rest = RECORD.unpack_from(records, (first - 1) * size)
        if rest[3] != ENDED:
            kept = RECORD.pack(since, *rest) + kept
    return kept


def _count_before(records, time):
    low, high = 0, len(records) // RECORD.size
    while low < high:
        middle = (low + high) // 2
        if RECORD.unpack_from(records, middle * RECORD.size)[0] < time:
            low = middle + 1
        else:
            high = middle
    return low


class Counters:
    """What a thread counted, times in ns. From its own counters, or summed over its lane."""

    def __init__(self, name, process, is_main=False):
        self.name, self.process, self.is_main = name, process, is_main
        self.first = self.last = self.holds = self.held = self.waits = self.waited = self.forced = 0
        self.releases, self.blocked = {}, {}        # by reason: how often, for how long

    @property
    def life(self):
        return max(self.last - self.first, self.held + self.waited + sum(self.blocked.values()), 1)


class Process:
    def __init__(self, pid):
        self.pid, self.parent, self.name = pid, 0, ""
        self.start = self.end = 0
        self.sites, self.names, self.lanes, self.counters = {}, {}, [], []
        self.events = self.dropped = self.recording = self.draining = 0
        self.lost_text = self.complete = False      # complete: it said goodbye

    def site(self, number):
        return self.sites.get(number, NOWHERE)

    @property
    def label(self):
        return f"{self.name or 'process'} ({self.pid})"


class Run:
    """Everything that was recorded: `processes`, the one that began the session first. start, end: ns of CLOCK_MONOTONIC."""

    def __init__(self, processes):
        self.processes = processes
        self.start = processes[0].start
        self.end = max(process.end for process in processes)
        self.with_records = any(process.lanes for process in processes)

    @property
    def lanes(self):
        return [lane for process in self.processes for lane in process.lanes]

    @property
    def wall(self):
        return max(self.end - self.start, 1)

    def cut(self, since, until):
        for process in self.processes:
            for lane in process.lanes:
                lane.cut(since, until)
            process.lanes = [lane for lane in process.lanes if lane.states]
            process.start, process.end = max(process.start, since), min(process.end, until)
        self.processes[1:] = [process for process in self.processes[1:] if process.lanes]
        self.start, self.end = since, until

    def culprit(self, lane, step):
        """Where a step spent most of its time: what the thread was blocked in for the longer part of it, or else where the step began."""
        most, site = (step.end - step.start) / 2, step.site
        for start, end, kind, reason, first, last in lane.segments():
            overlap = min(end, step.end) - max(start, step.start)
            if kind == BLOCKED and overlap > most:
                most, site = overlap, lane.process.site(first)
        return site

    def long_steps(self):
        """(lane, step) of each step that blocked its event loop, the longest first."""
        found = [(lane, step) for lane in self.lanes for step in lane.steps() if step.blocked_loop]
        return sorted(found, key=lambda pair: pair[1].start - pair[1].end)


def read_file(path):
    """The bytes of a file; b"" if it is not there."""
    try:
        fd = posix.open(path, posix.O_RDONLY | posix.O_CLOEXEC)
    except OSError:
        return b""
    parts = []
    try:
        while part := posix.read(fd, 1 << 20):
            parts.append(part)
    except OSError:
        pass
    finally:
        posix.close(fd)
    return b"".join(parts)


def _word(text):
    if "\\" not in text:
        return text
    parts = text.split("\\\\")
    return "\\".join(part.replace("\\t", "\t").replace("\\n", "\n") for part in parts)


def _read_line(process, lanes, letter, words):
    if letter == "T":
        number = int(words[0])
        lane = lanes.get(number)
        if lane is None:
            lane = lanes[number] = Lane(process, number, "")
        lane.native_id, lane.ident, lane.is_main, lane.name = int(words[1]), int(words[2]), words[3] == "1", _word(words[4])
    elif letter == "S":
        process.sites[int(words[0])] = Site(_word(words[2]), int(words[1]), _word(words[3]), _word(words[4]), _word(words[5]))
    elif letter == "N":
        process.names[int(words[0])] = _word(words[1])
    elif letter == "H":
        process.end = max(process.end, int(words[0]))
    elif letter == "P":
        process.parent, process.start = int(words[1]), int(words[2])
    elif letter == "L":
        process.name = _word(words[1])
    elif letter == "R":
        row = Counters(_word(words[-1]), process, words[0] == "1")
        row.first, row.last, row.holds, row.held, row.waits, row.waited, row.forced = map(int, words[1:8])
        for reason, times, spent in zip(REASONS, words[8:-1:2], words[9:-1:2]):
            if times != "0":
                row.releases[reason] = int(times)
            if spent != "0":
                row.blocked[reason] = int(spent)
        process.counters.append(row)
    elif letter == "D":
        process.events, process.dropped, process.recording, process.draining, lost, process.end = map(int, words[:6])
        process.lost_text, process.complete = bool(lost), True


def read_names(process, lanes, text):
    for line in text.decode("utf-8", "replace").split("\n")[:-1]:      # what stands behind the last line end was cut off
        letter, *words = line.split("\t")
        try:
            _read_line(process, lanes, letter, words)
        except (ValueError, IndexError):
            process.lost_text = True


def read_process(folder, pid, now):
    process, lanes = Process(pid), {}
    read_names(process, lanes, read_file(f"{folder}/{pid}.names"))
    records = read_file(f"{folder}/{pid}.events")
    records = records[:len(records) // RECORD.size * RECORD.size]
    for number, (states, steps) in split(records).items():
        lane = lanes.setdefault(number, Lane(process, number, f"thread {number}"))
        lane.states, lane.raw_steps = states, steps
        if not process.complete and states:
            process.end = max(process.end, now or RECORD.unpack_from(states, len(states) - RECORD.size)[0])
    process.lanes = [lane for number, lane in sorted(lanes.items()) if lane.states]
    for row in process.counters:
        if row.is_main:
            row.first = max(row.first, process.start)
    process.end = max(process.end, process.start)
    return process


def read(folder, root, now):
    """The Run whose spool is in the folder; root: the process that began it. It goes on at the time `now` if it has not ended."""
    pids = sorted({int(name.partition(".")[0]) for name in posix.listdir(folder) if name.partition(".")[0].isdecimal()})
    processes = [read_process(folder, pid, now if pid == root else 0) for pid in pids]
    return Run(sorted(processes, key=lambda process: (process.pid != root, process.start, process.pid)))
