# SPDX-License-Identifier: MIT
"""The timeline in a terminal: a line of cells for each thread, a cell for each stretch of time."""
from gil.reader import BLOCKED, HOLDS, REASONS, WANTS
from gil.report import closing, table
from gil.summary import WORDS, rows_of, seconds
from gil.terminal import REASON_COLOURS, clip

_BLOCKS = " ▁▂▃▄▅▆▇█"
_DIGITS = "0123456789"
_LETTERS = {"sleep": "s", "read": "r", "write": "w", "open": "o", "accept": "a", "connect": "c", "poll": "p", "lock": "l", "join": "j", "wait": "e", "ffi": "f", "dns": "d",
            "transfer": "t", "hash": "h", "compress": "z", "database": "b", "fork": "k", "file": "i", "exit": "x", "start": ".", "interval": "v"}
_HELD, _WANTED, _REST = range(3)


def cells_of(lane, start, end, count):
    """For each of `count` stretches between two times: [time held, time wanted, time blocked by reason …]."""
    width = (end - start) / count
    cells = [[0.0] * (_REST + len(REASONS)) for each in range(count)]
    for from_, to, kind, reason, site, end_site in lane.segments():
        if to <= start or from_ >= end:
            continue
        if kind == HOLDS:
            column = _HELD
        elif kind == WANTS:
            column = _WANTED
        elif kind == BLOCKED:
            column = _REST + reason
        else:
            continue
        at, stop = max(from_ - start, 0), min(to, end) - start
        cell = min(int(at / width), count - 1)
        while at < stop:
            edge = (cell + 1) * width if cell < count - 1 else stop
            cells[cell][column] += min(edge, stop) - at
            at, cell = edge, cell + 1
    return cells


def _cell(cell, width, terminal):
    """A character and its colour: how much of the stretch the lock was held, or else what the thread did most."""
    held, wanted = cell[_HELD] / width, cell[_WANTED] / width
    if held >= 1 / 16:
        text = _BLOCKS[min(int(held * 8 + 0.5) or 1, 8)] if terminal.unicode else "#" if held > 0.95 else _DIGITS[max(int(held * 10), 1)]
        return text, "32;41" if wanted > 0.3 else "green"            # red behind: what was not held was wanted
    most = max(range(_REST, len(cell)), key=cell.__getitem__)
    if wanted >= cell[most] and wanted > 0:
        return "░" if terminal.unicode else "-", "red"
    if cell[most] > 0:
        reason = REASONS[most - _REST]
        return _LETTERS.get(reason, "?"), REASON_COLOURS.get(reason, "grey")
    return ("▁" if terminal.unicode else "_", "green") if held else (" ", "")


def line_of(lane, start, end, count, terminal):
    return terminal.cells(_cell(cell, (end - start) / count, terminal) for cell in cells_of(lane, start, end, count)), _reasons_seen(lane, start, end)


def _reasons_seen(lane, start, end):
    return {reason for from_, to, kind, reason, site, end_site in lane.segments() if kind == BLOCKED and to > start and from_ < end}


def _step_cells(steps, start, end, count):
    """The cells of a task's lane: how much of each its steps take, and whether one of them blocked the loop."""
    width = (end - start) / count
    cells = [[0.0, False] for each in range(count)]
    for step in steps:
        at, stop = max(step.start - start, 0), min(step.end, end) - start
        cell = min(int(at / width), count - 1)
        while at < stop or at == max(step.start - start, 0):
            edge = (cell + 1) * width if cell < count - 1 else stop
            cells[cell][0] += max(min(edge, stop) - at, 0.0)
            cells[cell][1] = cells[cell][1] or step.blocked_loop
            if edge >= stop:
                break
            at, cell = edge, cell + 1
    return cells, width


def _step_cell(taken, blocked, width, terminal):
    if blocked:
        return "!", "red"
    if taken <= 0:
        return " ", ""
    return _BLOCKS[min(max(int(taken / width * 8 + 0.5), 1), 8)] if terminal.unicode else "=", "yellow"


def _step_line(steps, start, end, count, terminal):
    cells, width = _step_cells(steps, start, end, count)
    return terminal.cells(_step_cell(taken, blocked, width, terminal) for taken, blocked in cells)


def task_lanes(lane, most=12):
    """(name, steps) of the tasks and callbacks with the longest steps, in the order of their first; and how many are left out."""
    by_name = {}
    for step in lane.steps():
        by_name.setdefault(step.name, []).append(step)
    names = sorted(by_name, key=lambda name: -max(step.end - step.start for step in by_name[name]))[:most]
    return [(name, by_name[name]) for name in sorted(names, key=lambda name: by_name[name][0].start)], max(len(by_name) - most, 0)


def _axis(start, end, run_start, count, indent):
    left, right = seconds(start - run_start) if start > run_start else "0", seconds(end - run_start)
    return " " * indent + left + right.rjust(max(count - len(left), len(right) + 1))


def lanes_text(run, terminal, start=None, end=None, most=None):
    """Lines: the axis, then the lanes of all processes, their tasks below them."""
    start, end = run.start if start is None else start, run.end if end is None else end
    end = max(end, start + 1)
    names = [lane.name for lane in run.lanes]
    label = min(max([6] + [len(name) for name in names]), max(terminal.width // 4, 6))
    count = max(terminal.width - label - 1, 8)
    yield _axis(start, end, run.start, count, label + 1)
    process, seen, shown = None, set(), 0
    for lane in run.lanes:
        if most is not None and shown == most:
            yield f"… and {len(run.lanes) - shown} more"
            break
        if len(run.processes) > 1 and lane.process is not process:
            process = lane.process
            yield terminal.paint(clip(process.label, terminal.width), "bold")
        cells, reasons = line_of(lane, start, end, count, terminal)
        seen |= reasons
        shown += 1
        yield f"{clip(lane.name, label):{label}} {cells}"
        if most is None:
            tasks, more = task_lanes(lane)
            for name, steps in tasks:
                yield f"{clip(' ' + name, label):{label}} {_step_line(steps, start, end, count, terminal)}"
            if more:
                yield f"{'':{label}} … and {more} more tasks and callbacks with shorter steps"
    yield ""
    yield from _legend(terminal, seen, any(lane.raw_steps for lane in run.lanes))


def _legend(terminal, seen, tasks):
    held = "▁▂▄█ holds the lock, for so much of the stretch" if terminal.unicode else "1..9 # holds the lock, for so many tenths of the stretch (#: all)"
    words = [held, ("░" if terminal.unicode else "-") + " wants it, another thread has it"]
    words += [f"{_LETTERS.get(REASONS[reason], "?")} blocked: {REASONS[reason]}" for reason in sorted(seen)]
    if tasks:
        words.append("an indented lane is a task or callback of the event loop, ! a step of more than 50 ms: it blocked the loop")
    yield from terminal.wrap("; ".join(words))


def timeline(run, terminal):
    """The whole text: lanes, table, sentences, words."""
    rows = rows_of(run)
    cell = (run.end - run.start) / max(terminal.width - 10, 8)
    lines = [*terminal.wrap(f"baton: the GIL for {seconds(run.wall)}, about {seconds(cell)} a character"), "", *lanes_text(run, terminal), ""]
    lines += [*table(run, rows, terminal), "", *closing(run, rows, terminal), ""]
    for word, meaning in WORDS:
        lines += terminal.wrap(meaning, " " * 12, f"{word + ':':12}")
    return terminal.plain("\n".join(lines)) + "\n"
