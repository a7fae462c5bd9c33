# SPDX-License-Identifier: MIT
"""The report: per thread time holding, waiting, blocked and switches, three sentences, and what the words mean."""
from gil.summary import WORDS, contention, cost_line, percent, rows_of, seconds, sentences
from gil.terminal import clip


def table(run, rows, terminal):
    """Lines: a row for each thread, under it why it was blocked and why it let go."""
    narrow, columns = terminal.width < 64, terminal.width >= 40       # below that: no columns
    width = min(max([6] + [len(row.name) for row in rows]), max(terminal.width - 34, 6) if narrow else 28)
    heads = ("hold", "wait", "block") if narrow else ("holding", "waiting", "blocked")
    cell = 6 if narrow else 15
    if columns:
        yield terminal.paint("  ".join([f"{'thread':{width}}"] + [f"{head:>{cell}}" for head in heads] + ["switches"]), "bold")
    process = None
    for row in rows:
        if len(run.processes) > 1 and row.process is not process:
            process = row.process
            yield terminal.paint(clip(f"{process.label}:", terminal.width), "bold")
        blocked = {reason: ns for reason, ns in row.blocked.items() if reason not in ("start", "exit") and ns}
        cells = [clip(row.name, width).ljust(width)]
        for time, colour in ((row.held, "green"), (row.waited, "red"), (sum(blocked.values()), "blue")):
            share = percent(time, row.life)
            text = share if narrow else f"{seconds(time) if time else 0:>8} {share:>6}"
            cells.append(terminal.paint(f"{text:>{cell}}", colour if time else None))
        cells.append(f"{sum(row.releases.values()):8,}")
        details = []
        if columns:
            yield "  ".join(cells)
        else:
            yield terminal.paint(clip(row.name, terminal.width), "bold")
            details.append(f"holding {percent(row.held, row.life)}, waiting {percent(row.waited, row.life)}, blocked {percent(sum(blocked.values()), row.life)}")
        if blocked:
            details.append("blocked: " + ", ".join(f"{reason} {seconds(ns)}" for reason, ns in sorted(blocked.items(), key=lambda item: -item[1])))
        if row.releases:
            details.append("switches: " + ", ".join(f"{reason} {n:,}" for reason, n in sorted(row.releases.items(), key=lambda item: -item[1])))
        for detail in details:
            yield from terminal.wrap(detail, "      ", "    ")


def closing(run, rows, terminal, cost=True):
    """Lines: contention, the three sentences, what recording cost."""
    yield terminal.paint(f"contention {percent(contention(rows), 1)}", "bold")
    for sentence in sentences(run, rows):
        yield from terminal.wrap(sentence)
    if cost:
        yield from terminal.wrap(cost_line(run))


def report(run, terminal, rows=None):
    """The whole report, as text."""
    rows = rows_of(run) if rows is None else rows
    threads = len(rows)
    head = f"baton: what the GIL did in {seconds(run.wall)}: {threads} {'thread' if threads == 1 else 'threads'}"
    if len(run.processes) > 1:
        head += f" in {len(run.processes)} processes, each with a lock of its own"
    lines = [*terminal.wrap(head), "", *table(run, rows, terminal), "", *closing(run, rows, terminal), ""]
    for word, meaning in WORDS:
        lines += terminal.wrap(meaning, " " * 12, f"{word + ':':12}")
    return terminal.plain("\n".join(lines)) + "\n"
