# SPDX-License-Identifier: MIT
"""--explore and gil.explore: a program, or a function, under many schedules; its outcomes, and the schedule that leads to each.

Each schedule runs in a forked child. For a whole program the child goes back to the interpreter, which runs the program as it
always does; the parent stays here.
"""
import posix
import sys
import time

import _gil_steer as _c
import _signal
from gil import replay, report_schedule
from gil.explorer import Budget, Search
from gil.records import Trace

SECONDS, SCHEDULES, BOUND = 20.0, 20000, 2
TAPE_SIZE = 1 << 28
LEAST_SECONDS = 2.0          # a schedule that was begun may take so long, also when the time is up
MOST_POINTS = 50000
TEXT_MOST = 1 << 20


class InChild(BaseException):
    """Leaves the explorer in a child that is to run the whole program."""


class LocksAreTried(Exception):
    """The program tries locks without waiting: then the moment of a release matters."""


class Outcome:
    """What a run came to."""

    def __init__(self, status, deadlock, out, err, cut):
        self.status, self.deadlock, self.out, self.err, self.cut = status, deadlock, out, err, cut
        self.failures = [line for line in err.splitlines() if line[:1].strip() and _is_exception(line) and not line.startswith(("gil.Deadlock", "Deadlock:"))]

    @property
    def key(self):
        return self.status, self.deadlock, self.out, tuple(self.failures), self.cut

    @property
    def bad(self):
        return bool(self.status or self.deadlock or self.failures) and not self.cut

    def text(self):
        """In a line or two."""
        if self.cut:
            return "did not come to its end"
        parts = []
        if self.deadlock:
            parts.append("deadlock")
        parts += dict.fromkeys(self.failures)
        if self.status and not parts:
            parts.append(f"exit status {self.status}" if self.status > 0 else f"killed by signal {-self.status}")
        shown = self.out.rstrip("\n")
        if shown:
            lines = shown.split("\n")
            more = f" … ({len(lines)} lines)" if len(lines) > 4 else ""
            parts.append("printed " + " | ".join(lines[:4]) + more)
        return "; ".join(parts) or "printed nothing"


def _is_exception(line):
    name = line.split(":")[0]
    return name.replace(".", "").replace("_", "").isalnum() and (name.rpartition(".")[2][:1].isupper() or "Error" in name) and not line.endswith("):") and " " not in name


class Run:
    """One schedule, run."""

    def __init__(self, trace, outcome):
        self.trace, self.outcome = trace, outcome
        self.choices = trace.choices()
        self.preemptions = sum(p.preempts and p.chosen != p.current for p in trace.points)
        self.switches = sum(p.chosen != p.current for p in trace.points)


class Explorer:
    """Runs schedules of one program in children and keeps count of the outcomes."""

    def __init__(self, program, function, seconds, schedules, bound, file):
        self.program, self.function = program, function
        self.budget = Budget(seconds, schedules)
        self.bound, self.file = bound, file
        self.tape = _c.Tape(TAPE_SIZE)
        self.counts, self.best, self.first = {}, {}, None
        self.flags, self.schedules, self.shown = 0, 0, 0.0
        self.releases = False

    # ---- one schedule
    def run(self, choices=(), seed=None, detail=False):
        out, err = _c.memory_file(), _c.memory_file()
        self.tape.clear()
        child = posix.fork()
        if child == 0:
            self._begin_child(out, err, choices, seed, detail)
        status, late = _c.await_child(child, max(self.budget.end - time.monotonic(), LEAST_SECONDS))
        trace = Trace(self.tape)
        if late:
            trace.flags |= _c.RUN_LATE
        outcome = Outcome(posix.waitstatus_to_exitcode(status), bool(trace.flags & _c.RUN_DEADLOCK), _text_of(out), _text_of(err), bool(trace.flags & _c.RUN_CUT or late))
        return Run(trace, outcome)

    def _begin_child(self, out, err, choices, seed, detail):
        nothing = posix.open("/dev/null", posix.O_RDONLY)
        for fd, standard in ((nothing, 0), (out, 1), (err, 2)):
            posix.dup2(fd, standard)
        posix.closerange(3, 64)
        _signal.signal(2, 0)             # Ctrl-C is for the explorer
        if seed is None:
            _c.start(_c.KEEP, choices=choices, tape=self.tape, most_points=MOST_POINTS, detail=detail, releases=self.releases)
        else:
            number, depth, length = seed
            _c.start(_c.PRIORITIES, number, depth, length, tape=self.tape, most_points=MOST_POINTS, detail=detail, releases=self.releases)
        if self.function is None:
            raise InChild
        status = 1
        try:
            self.function()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            _leave(status)

    # ---- all of them
    def seen(self, run, search):
        if run.trace.flags & _c.RUN_TRIED and not self.releases:
            raise LocksAreTried
        self.schedules += 1
        self.flags |= run.trace.flags
        key = run.outcome.key
        self.counts[key] = self.counts.get(key, 0) + 1
        if self.first is None:
            self.first = key
        size = (run.preemptions, run.switches, len(run.trace.points))
        if key not in self.best or size < self.best[key][0]:
            self.best[key] = (size, run.choices, run.outcome, run.trace)
        self._progress(search)

    def _progress(self, search):
        now = time.monotonic()
        if now - self.shown < 0.2 or not sys.stderr.isatty():
            return
        self.shown = now
        where = {"bounded": f"up to {max(search.bounded + 1, 0)} preemptions", "reduced": "all orders", "random": "at random"}[search.phase]
        print(f"\r\033[K{self.schedules} schedules, {len(self.counts)} outcomes, {where} …", end="", file=sys.stderr, flush=True)

    @property
    def failed(self):
        """Whether some schedule came to a bad end, or to another one than the first; or none to any."""
        if self.counts and all(outcome.cut for _, _, outcome, _ in self.best.values()):
            return True
        return any(outcome.bad for _, _, outcome, _ in self.best.values()) or len([o for _, _, o, _ in self.best.values() if not o.cut]) > 1

    def go(self):
        while not self._search():            # from the beginning, with more points
            self.releases = True
            self.counts, self.best, self.first, self.schedules = {}, {}, None, 0
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr)
        report_schedule.report(self)
        return self

    def _search(self):
        """False: the program tries locks without waiting, and the points for that were missing."""
        self.search = Search(self.run, self.seen, self.budget, self.bound)
        try:
            self._phases()
        except LocksAreTried:
            return False
        return True

    def _phases(self):
        self.search.bounded_search()
        if not self.failed and not self.budget.spent():
            self.search.reduced_search()
        if not self.failed and not self.search.complete and not self.budget.spent():
            self.search.random_search()


class Exploration:
    """What gil.explore() found: `outcomes` (text -> schedules), `schedules`, `bound` (all schedules up to so many preemptions were
    run), `complete` (every schedule was covered) and `ok` (one outcome, and no bad one)."""

    def __init__(self, explorer):
        self.schedules, self.bound, self.complete = explorer.schedules, explorer.search.bounded, explorer.search.complete
        self.outcomes = {explorer.best[key][2].text(): count for key, count in explorer.counts.items()}
        self.ok = not explorer.failed
        self.tokens = {explorer.best[key][2].text(): explorer.token(key) for key in explorer.counts} if explorer.program is not None else {}

    def __repr__(self):
        return f"<Exploration: {self.schedules} schedules, {len(self.outcomes)} outcomes, {'ok' if self.ok else 'not ok'}>"


def _token(self, key):
    return replay.encode(replay.RELEASES if self.releases else replay.CHOICES, self.program, choices=self.best[key][1])


Explorer.token = _token


def _text_of(fd):
    size = min(posix.fstat(fd).st_size, TEXT_MOST)
    posix.lseek(fd, 0, 0)
    data = b""
    while len(data) < size and (more := posix.read(fd, size - len(data))):
        data += more
    posix.close(fd)
    return data.decode("utf-8", "replace")


def _leave(status):
    """The end of a child that ran a function: as a program's end, and no further."""
    threading = sys.modules.get("threading")
    try:
        if threading is not None:
            threading._shutdown()
    except _c.Deadlock:
        status = status or 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            status = status or 1
    posix._exit(status & 0xFF)


def explore_program(program, seconds, schedules, bound):
    """For --explore. None: this is a child, which is to run the program now; else the exit status."""
    explorer = Explorer(program, None, seconds or SECONDS, schedules or SCHEDULES, BOUND if bound is None else bound, sys.stderr)
    try:
        return 1 if explorer.go().failed else 0
    except InChild:
        return None
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        report_schedule.report(explorer)
        return 130


def explore_function(function, args, seconds, schedules, bound, file):
    """For gil.explore()."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    explorer = Explorer(None, lambda: function(*args), seconds or SECONDS, schedules or SCHEDULES, BOUND if bound is None else bound, file or sys.stderr)
    return Exploration(explorer.go())
