# SPDX-License-Identifier: MIT
"""The trace as one HTML page, which needs nothing else: page.html (linked into the binary) with the run's data put in.

A lane's states are three columns, base64 of little-endian numbers: the time each begins (double, ns since the start of the run), the
state (a byte, an index into `states`), the site (32 bits, an index into the process's sites). The rest is JSON.
"""

import _gil
from gil.chrome import text
from gil.page_html import TEXT
from gil.reader import STATES, read_file
from gil.summary import WORDS, contention, cost_line, of_lane, percent, sentences

_SOURCE_MOST = 2_000_000           # bytes of a source file that is still put into the page


def _source(file):
    """The text of a program's file, or None: it is not there, or too large."""
    if not file or file.startswith("<"):
        return None
    data = read_file(file)
    return data.decode("utf-8", "replace") if 0 < len(data) <= _SOURCE_MOST else None


def _row(row):
    blocked = ",".join(f"{text(reason)}:{ns}" for reason, ns in row.blocked.items())
    releases = ",".join(f"{text(reason)}:{n}" for reason, n in row.releases.items())
    return f'{{"held":{row.held},"waited":{row.waited},"life":{row.life},"blocked":{{{blocked}}},"releases":{{{releases}}}}}'


def _steps(run, lane):
    """Steps by name: [name, is task, [start, duration, site, site at the end …]]."""
    by_name = {}
    for step in lane.steps():
        by_name.setdefault((step.name, step.is_task), []).append(step)
    for (name, is_task), steps in by_name.items():
        sites = lane.process.site_numbers
        numbers = ",".join(f"{step.start - run.start},{step.end - step.start},{sites.get(id(step.site), 0)},{sites.get(id(step.end_site), 0)}" for step in steps)
        yield f'[{text(name)},{int(is_task)},[{numbers}]]'


def _lane(run, lane, row):
    times, states, sites = _gil.columns(lane.states, run.start)
    columns = ",".join(f'"{_gil.base64(column)}"' for column in (times, states, sites))
    return (f'{{"name":{text(lane.name)},"id":{lane.native_id},"end":{lane.process.end - run.start},"columns":[{columns}],"row":{_row(row)},'
            f'"steps":[{",".join(_steps(run, lane))}]}}')


def _process(run, process, rows):
    process.site_numbers = {id(site): number for number, site in process.sites.items()}
    sites = ",".join(f'[{number},{text(site.file)},{site.line},{text(site.function)},{text(site.inner)}]' for number, site in process.sites.items())
    yield f'{{"pid":{process.pid},"name":{text(process.name)},"sites":[{sites}],"lanes":[\n'
    for place, lane in enumerate(process.lanes):
        yield (",\n" if place else "") + _lane(run, lane, rows[id(lane)])
    yield "]}"


def _data(run):
    rows = {id(lane): of_lane(lane) for lane in run.lanes}
    in_order = [rows[id(lane)] for lane in run.lanes]
    files = dict.fromkeys(site.file for process in run.processes for site in process.sites.values())
    sources = ",".join(f"{text(file)}:{text(source)}" for file in files if (source := _source(file)) is not None)
    said = ",".join(text(sentence) for sentence in sentences(run, in_order))
    words = ",".join(f"[{text(word)},{text(meaning)}]" for word, meaning in WORDS)
    yield f'{{"wall":{run.wall},"states":[{",".join(map(text, STATES))}],"sentences":[{said}],"words":[{words}],'
    yield f'"contention":{text(percent(contention(in_order), 1))},"cost":{text(cost_line(run))},"dropped":{sum(p.dropped for p in run.processes)},'
    yield f'"sources":{{{sources}}},"processes":[\n'
    for place, process in enumerate(run.processes):
        yield ",\n" if place else ""
        yield from _process(run, process, rows)
    yield "]}"


def chunks(run):
    """The page, in pieces."""
    before, after = TEXT.split("/*DATA*/", 1)
    yield before
    for part in _data(run):
        yield part.replace("<", "\\u003c")           # nothing in a name ends the script element
    yield after
