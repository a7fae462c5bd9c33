# SPDX-License-Identifier: MIT
"""What the explorer found, as text: the outcomes, and the shortest schedule of each bad one as a table of lines by thread."""
import _gil_steer as _c
from gil.records import ACCESS, LINE, POINT, TEXT, VALUE

ROWS_MOST = 60
COLUMN_MOST = 48
AROUND = 2          # rows shown on each side of a switch

_UNCONTROLLED = (
    (_c.RUN_OUTSIDE, "it waits for something from outside (another process, the network, a call that takes long): when that comes is not controlled"),
    (_c.RUN_PROCESS, "it starts processes: each has a fixed schedule of its own, and they run beside each other as the system has them run: that is neither controlled nor explored"),
    (_c.RUN_CLOCK, "it reads a clock: time in these runs is virtual, a wait ends when nobody else can run, or is cut short"),
    (_c.RUN_RANDOM, "it asks the system for random numbers: in these runs they are the same every time"),
    (_c.RUN_DIVERGED, "some runs did not follow their schedule: the program depends on something that is not controlled"),
    (_c.RUN_THREADS, "it has more than 64 threads: those beyond are not chosen from"),
    (_c.RUN_LATE, "a run that had not ended when the time was up was killed"),
    (_c.RUN_CUT, "some runs were cut short after very many steps"),
)


def report(explorer):
    put = lambda text="": print(text, file=explorer.file)
    search = explorer.search
    put(f"{_count(explorer.schedules, 'schedule')}, {_count(len(explorer.counts), 'outcome')}.")
    first_is_bad = explorer.first in explorer.best and explorer.best[explorer.first][2].bad
    for key, count in sorted(explorer.counts.items(), key=lambda item: (explorer.best[item[0]][2].bad, -item[1])):
        outcome = explorer.best[key][2]
        mark = "✗" if outcome.bad else "·" if outcome.cut else "✓" if key == explorer.first or first_is_bad else "≠"
        put(f"  {mark} {count:6} {outcome.text()}")
    put(_verdict(explorer, search))
    for flag, text in _UNCONTROLLED:
        if explorer.flags & flag:
            put(f"Note: {text}.")
    any_bad = any(outcome.bad for _, _, outcome, _ in explorer.best.values())
    shown = 0
    for key in sorted(explorer.counts, key=lambda key: (key == explorer.first, explorer.best[key][0])):
        outcome = explorer.best[key][2]
        if outcome.cut or not explorer.failed or (not outcome.bad and any_bad):
            continue
        shown += 1
        if shown > 3:
            put("\nSchedules of the other outcomes are left out.")
            break
        put()
        _show(explorer, key, put)


def _count(n, what):
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _verdict(explorer, search):
    if explorer.counts and all(outcome.cut for _, _, outcome, _ in explorer.best.values()):
        return "No schedule came to its end."
    if explorer.failed:
        return "The outcome depends on who runs when." if len(explorer.counts) > 1 else "Every schedule comes to this end."
    if explorer.flags & _c.RUN_PROCESS:
        return f"The {_count(explorer.schedules, 'schedule')} of its threads that were tried agree. That says nothing of its processes."
    if search.complete:
        return f"Every schedule there is was covered ({explorer.schedules} after partial-order reduction and up to {search.bounded} preemptions): they agree."
    if search.bounded >= 0:
        tried = "" if search.phase == "bounded" else f", and all {explorer.schedules} that were tried"
        return f"All schedules up to {_count(search.bounded, 'preemption')}{tried} agree. That is no proof for those with more."
    return f"All {explorer.schedules} schedules that were tried agree; the time did not reach for all of one kind."


# ---- One schedule
def _show(explorer, key, put):
    _, choices, outcome, trace = explorer.best[key]
    put(f"{outcome.text()}")
    put(f"  {_label(explorer, trace)}")
    if explorer.program is not None:
        put(f"  again: --replay {explorer.token(key)}")
    run = explorer.run(choices, detail=True)
    story = Story(explorer.tape)
    if run.outcome.key != key:
        put("  (this run does not repeat itself: something in it is not controlled)")
    for line in story.table():
        put("  " + line)
    for line in story.explain():
        put("  " + line)
    if outcome.deadlock:
        for line in run.outcome.err.splitlines():
            if line.startswith("Traceback"):
                break
            put("  " + line)


def _label(explorer, trace):
    """Can CPython 3.10 and later do this?"""
    users = {}
    for steps in [trace.before, *(p.steps for p in trace.points)]:
        for thread, accesses in steps:
            for place, key, flags, _, _ in accesses:
                reads, writes = users.get((place, key), (0, 0))
                users[place, key] = (reads | 1 << thread, writes | (1 << thread if flags & _c.ACCESS_WRITE else 0))
    shared = {where for where, (reads, writes) in users.items() if writes and reads & reads - 1}
    safe = {}            # thread -> could it have been interrupted since it last touched what is shared?
    for point in trace.points:
        if point.preempts and point.chosen != point.current and not point.flags & _c.POINT_SAFE and not safe.get(point.current, True):
            return "allowed by the language, not done by CPython 3.10+: it switches only at calls, loop ends and waits"
        for thread, accesses in point.steps:
            for place, key, flags, _, _ in accesses:
                if flags & _c.ACCESS_SAFE:
                    safe[thread] = True
                if (place, key) in shared:
                    safe[thread] = bool(flags & _c.ACCESS_CALL)
    return "CPython 3.10+ can do this"


class Story:
    """A run that was recorded in detail: lines and values."""

    def __init__(self, tape):
        self.rows, self.accesses, self.files, self.texts = [], [], {}, {}
        access = None
        for record in tape.records():
            kind = record[0]
            if kind == LINE:
                _, thread, line, file = record
                if not self.rows or self.rows[-1] != (thread, file, line):
                    self.rows.append((thread, file, line))
            elif kind == ACCESS:
                _, thread, flags, line, place, key, file = record
                access = {"thread": thread, "write": bool(flags & _c.ACCESS_WRITE), "line": line, "file": file, "where": (place, key), "name": None, "value": None,
                          "call": bool(flags & (_c.ACCESS_CALL | _c.ACCESS_LOCK))}
                self.accesses.append(access)
            elif kind == VALUE and access is not None:
                name, _, value = record[3].partition("\n")
                access["name"], access["value"] = name, value or None
            elif kind == TEXT:
                self.files[record[2]] = record[3]

    def _line(self, file, line):
        name = self.files.get(file, "")
        if name not in self.texts:
            try:
                with open(name, encoding="utf-8", errors="replace") as file:
                    self.texts[name] = file.read().split("\n")
            except OSError:
                self.texts[name] = []
        lines = self.texts[name]
        return lines[line - 1].strip() if 0 < line <= len(lines) else ""

    def _who(self, thread):
        return "main thread" if thread == 0 else f"thread {thread}"

    def table(self):
        """Lines of source in columns, one a thread, in the order in which they ran."""
        first = next((i for i, row in enumerate(self.rows) if row[0] != 0), 0)
        rows = self.rows[max(first - AROUND, 0):]
        if not rows:
            return
        several = len({file for _, file, _ in rows}) > 1
        threads = sorted({thread for thread, _, _ in rows})
        texts = [(thread, (f"{self.files.get(file, '?').rpartition('/')[2]}:" if several else "") + f"{line}: {self._line(file, line)}") for thread, file, line in rows]
        last = {}
        for i, (thread, file, line) in enumerate(rows):          # the rest of a line that was interrupted
            if last.get(thread) == (file, line):
                texts[i] = (thread, texts[i][1].replace(": ", ": … ", 1))
            last[thread] = (file, line)
        width = {each: max(len(self._who(each)), min(COLUMN_MOST, max(len(text) for thread, text in texts if thread == each))) for each in threads}
        keep = self._interesting(rows)
        yield "  ".join(self._who(each).ljust(width[each]) for each in threads).rstrip()
        skipped = False
        for i, (thread, text) in enumerate(texts):
            if i not in keep:
                skipped = True
                continue
            if skipped:
                yield "…"
                skipped = False
            if len(text) > COLUMN_MOST:
                text = text[:COLUMN_MOST - 1] + "…"
            yield "  ".join((text if each == thread else "").ljust(width[each]) for each in threads).rstrip()

    @staticmethod
    def _interesting(rows):
        """Which rows to show: all, or those around switches if they are many."""
        if len(rows) <= ROWS_MOST:
            return set(range(len(rows)))
        keep = set()
        for i in range(1, len(rows)):
            if rows[i][0] != rows[i - 1][0]:
                keep.update(range(max(0, i - AROUND - 1), i + AROUND + 1))
        keep.update(range(len(rows) - AROUND, len(rows)))
        return keep if len(keep) <= 2 * ROWS_MOST else set(sorted(keep)[:ROWS_MOST] + sorted(keep)[-ROWS_MOST:])

    def explain(self):
        """A lost update, in words: read here, overwritten there."""
        reads, writes = {}, {}             # (where, thread) -> index of its last read; where -> writes
        for i, access in enumerate(self.accesses):
            where, thread = access["where"], access["thread"]
            if access["call"] or access["name"] is None:
                continue
            if not access["write"]:
                reads[where, thread] = i
                continue
            read = reads.pop((where, thread), None)
            if read is not None:
                between = [w for w in writes.get(where, ()) if w > read and self.accesses[w]["thread"] != thread]
                if between:
                    yield from self._lost(self.accesses[read], self.accesses[between[-1]], access)
                    return
            writes.setdefault(where, []).append(i)

    def _lost(self, read, lost, write):
        name, who, other = read["name"], self._who(read["thread"]), self._who(lost["thread"])
        value = lambda access: "" if access["value"] is None else f" {access['value']}"
        yield ""
        yield f"Lost update of {name}:"
        yield f"  {who} reads{value(read)} at line {read['line']}: {self._line(read['file'], read['line'])}"
        yield f"  {other} writes{value(lost)} at line {lost['line']}: {self._line(lost['file'], lost['line'])}"
        yield f"  {who} writes{value(write)} at line {write['line']}, made from what it read before: the{value(lost)} of {other} is gone"
