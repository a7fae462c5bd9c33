# SPDX-License-Identifier: MIT
"""What a run comes to: a row of figures for each thread, and three sentences that say what happened."""
import sys

from gil.reader import BLOCKED, ENDED, GAP, HOLDS, REASONS, RECORD, WANTS, Counters

WORDS = (
    ("holding", "the thread had the lock: it ran Python, or C code that keeps the lock."),
    ("waiting", "it wanted the lock while another thread had it."),
    ("blocked", "it had let go of the lock for a reason that takes its time: sleep, read, lock, join, a C function without the lock …"),
    ("switch", "one letting-go of the lock, counted under its reason; `interval`: another thread had waited for the switch interval and asked."),
    ("contention", "waiting ÷ (holding + waiting), over all threads: 0 %: nobody ever waited; 50 %: for each second of work, one of waiting."),
    ("the clock", "CLOCK_MONOTONIC, which is wall-clock time, not CPU time: a thread that the system has put aside while it has the lock counts as holding."),
)
NATIVE = ("ffi", "hash", "compress", "database")       # reasons for which a thread works in C without the lock
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def of_lane(lane):
    """The figures of a lane, summed over its segments."""
    row = Counters(lane.name, lane.process, lane.is_main)
    held = waited = holds = waits = 0
    blocked, releases = [0] * len(REASONS), [0] * len(REASONS)
    first, before, kind_before, reason_before = None, 0, ENDED, 0
    exit_reason = REASONS.index("exit")
    for ns, thread, site, name, kind, reason, unused in RECORD.iter_unpack(lane.states):
        if first is None:
            first = ns
        elif kind_before == HOLDS:
            held += ns - before
            if kind != GAP:
                releases[exit_reason if kind == ENDED else reason] += 1
        elif kind_before == WANTS:
            waited += ns - before
        elif kind_before == BLOCKED:
            blocked[reason_before] += ns - before
        if kind == HOLDS:
            holds += 1
        elif kind == WANTS:
            waits += 1
        before, kind_before, reason_before = ns, kind, reason
    last = before
    if kind_before != ENDED and lane.process.end > before:        # a state under way at the end of the run
        last = lane.process.end
        if kind_before == HOLDS:
            held += last - before
        elif kind_before == WANTS:
            waited += last - before
        elif kind_before == BLOCKED:
            blocked[reason_before] += last - before
    row.first, row.last = first or lane.process.start, last or lane.process.start
    row.held, row.waited, row.holds, row.waits, row.forced = held, waited, holds, waits, releases[REASONS.index("interval")]
    row.releases = {name: n for name, n in zip(REASONS, releases) if n}
    row.blocked = {name: ns for name, ns in zip(REASONS, blocked) if ns}
    return row


def rows_of(run):
    """A row for each thread: from its lane if the run has records, else from its counters."""
    if run.with_records:
        return [of_lane(lane) for lane in run.lanes]
    return [row for process in run.processes for row in sorted(process.counters, key=lambda row: (not row.is_main, row.first))]


def contention(rows):
    """Waiting as a part of holding + waiting."""
    held, waited = sum(row.held for row in rows), sum(row.waited for row in rows)
    return waited / (held + waited) if held + waited else 0.0


# ---- sentences
def percent(part, whole):
    share = 100 * part / whole if whole else 0.0
    return f"{share:.1f}\u00a0%" if 0 < share < 9.95 else f"{share:.0f}\u00a0%"        # a blank at which no line is broken


def seconds(ns):
    if ns >= 99_500_000:
        return f"{ns / 1e9:.2f}\u00a0s"
    return f"{ns / 1e6:.1f}\u00a0ms" if ns >= 1_000_000 else f"{ns / 1e3:.0f}\u00a0µs"


def number(n):
    return _NUMBERS[n] if n < len(_NUMBERS) else f"{n:,}"


def listed(words, most=4):
    """a, b and c"""
    words = list(words)
    if len(words) > most:
        words[most - 1:] = [f"{len(words) - most + 1} more"]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _name(row, several):
    if several and row.is_main and row.process.name and len(row.process.lanes or row.process.counters) == 1:
        return row.process.label                   # a child with one thread: its name says it all
    return f"{row.name} of {row.process.label}" if several else row.name


def _span(rows):
    return max(row.last for row in rows) - min(row.first for row in rows) or 1


def cpu_bound(rows, wall):
    """Those that wanted or had the lock for most of their life, had it for a part that counts, and for longer than they were blocked."""
    return [row for row in rows if row.held + row.waited >= 0.5 * row.life and row.held >= max(0.02 * wall, 1_000_000, sum(row.blocked.values()))]


def _who(rows, busy, run):
    several = len(run.processes) > 1
    if len(busy) > 1:
        together = all(row.process is busy[0].process for row in busy)
        names = listed(_name(row, several and not together) for row in busy)
        overlap = any(one.first < other.last and other.first < one.last for i, one in enumerate(busy) for other in busy[:i])
        shares = listed((percent(row.held, _span(busy) if together else row.life) for row in busy), 8)
        if not overlap:
            return f"{names} were CPU-bound, one after the other: {shares} of their time with the lock."
        if together:
            return f"Threads {names} were CPU-bound and shared the lock: {shares}."
        return f"{names} were CPU-bound, and each process has a lock of its own: they held theirs {shares} of the time."
    if busy:
        row = busy[0]
        return f"{_name(row, several)} was the only CPU-bound thread: it held the lock {percent(row.held, row.life)} of its life and waited for it {percent(row.waited, row.life)}."
    held = sum(row.held for row in rows)
    blocked = {}
    for row in rows:
        for reason, ns in row.blocked.items():
            blocked[reason] = blocked.get(reason, 0) + ns
    main = sorted(blocked, key=blocked.get, reverse=True)[:2]
    why = f"; what threads were blocked by most: {listed(main)}" if main else ""
    return f"No thread was CPU-bound: the lock was held {percent(held, run.wall)} of the time{why}."


def _what_it_took(rows, busy, run, long_steps):
    if long_steps:
        lane, step = long_steps[0]
        times = "once" if len(long_steps) == 1 else f"{len(long_steps)} times"
        site = run.culprit(lane, step)
        return f"The event loop was blocked {times} for more than 50 ms, the longest time {seconds(step.end - step.start)} by {step.name}" + (f" at {site}." if site.line else ".")
    if len(busy) > 1:
        span, held = _span(busy), sum(row.held for row in busy)
        processes = len({row.process.pid for row in busy})
        if processes == 1:
            return f"{number(len(busy))} threads took {span / held:.2f}× the time that one would have taken for all their work."
        return f"{seconds(held)} of holding went by in {seconds(span)}: {processes} processes did {held / span:.2f}× what one lock allows."
    native = sum(ns for row in rows for reason, ns in row.blocked.items() if reason in NATIVE)
    if native > 0.2 * run.wall:
        return f"C functions ran {seconds(native)} without the lock in {seconds(run.wall)}: {native / run.wall:.2f}× the wall-clock time, beside each other and beside Python."
    waits = {reason: ns for row in rows if not row.is_main for reason, ns in row.blocked.items() if reason not in ("start", "exit", "interval", "lock", "join")}
    total = sum(ns for row in rows if not row.is_main for reason, ns in row.blocked.items() if reason in waits)
    if total > 1.2 * run.wall:
        return f"Their waits overlapped: {seconds(total)} of {listed(sorted(waits, key=waits.get, reverse=True)[:3])} went by in {seconds(run.wall)}."
    if busy and len(rows) > 1:
        others = sum(row.held for row in rows if row is not busy[0])
        return f"The other {'thread' if len(rows) == 2 else 'threads'} needed the lock for {seconds(others)} in all."
    return f"{number(len(rows))} {'thread' if len(rows) == 1 else 'threads'} needed the lock for {seconds(sum(row.held for row in rows))} in {seconds(run.wall)}."


def _convoy(rows, interval):
    """The row of a thread that waits about an interval whenever it comes back from what blocked it, or None."""
    found = [row for row in rows if row.waits - row.forced >= 10 and row.waited > 0.5 * interval * row.waits and row.forced < 0.5 * row.waits]
    return max(found, key=lambda row: row.waited, default=None)


def _how_it_passed(rows, run, interval):
    row = _convoy(rows, interval)
    if row:
        return (f"{row.name} let the lock go {sum(row.releases.values()):,} times and waited {seconds(row.waited // row.waits)} on average to get it back, though it needs it for "
                f"{seconds(row.held // max(row.holds, 1))}: the convoy effect.")
    releases = {}
    for row in rows:
        for reason, n in row.releases.items():
            releases[reason] = releases.get(reason, 0) + n
    total = sum(releases.values())
    if not total:
        return "The lock never changed hands."
    first = sorted(releases, key=releases.get, reverse=True)[:3]
    shares = listed(f"{reason} {percent(releases[reason], total)}" for reason in first)
    waits, waited = sum(row.waits for row in rows), sum(row.waited for row in rows)
    wait = f"; {'a thread' if waits > 1 else 'the one'} that had to wait for it waited {seconds(waited // waits)}{' on average' if waits > 1 else ''}" if waits else "; nobody ever had to wait for it"
    times = "once" if total == 1 else f"{total:,} times, {total / run.wall * 1e9:,.0f} a second"
    most = f"all for {first[0]}" if len(releases) == 1 else f"most for {shares}"
    return f"The lock was let go {times} ({most}){wait}."


def sentences(run, rows):
    """Three sentences: who used the lock, what that came to in time, how the lock passed."""
    busy = cpu_bound(rows, run.wall)
    interval = sys.getswitchinterval() * 1e9
    long_steps = run.long_steps() if run.with_records else []
    return [_who(rows, busy, run), _what_it_took(rows, busy, run, long_steps), _how_it_passed(rows, run, interval)]


def cost_line(run):
    """What recording cost: measured, not guessed."""
    events, dropped = sum(p.events for p in run.processes), sum(p.dropped for p in run.processes)
    recording, draining = sum(p.recording for p in run.processes), sum(p.draining for p in run.processes)
    if not run.with_records:
        return "These figures are counters that Baton always keeps; nothing else was recorded."
    each = recording / events if events else 0
    line = (f"Recording cost {percent(recording, run.wall * len(run.processes))} of the run: {events:,} events at {each:.0f} ns (every 64th was timed), {seconds(draining)} of CPU for the pthread that "
            f"writes them; {dropped:,} dropped.")
    if any(p.lost_text for p in run.processes):
        line += " Some of what was recorded could not be written."
    cut_off = [process.label for process in run.processes if not process.complete and process.pid != run.processes[0].pid]
    if cut_off:
        line += f" {listed(cut_off)} did not end in an orderly way, or run on: what they had not written yet is missing."
    return line
