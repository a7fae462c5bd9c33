# SPDX-License-Identifier: MIT
"""The trace as JSON in the Trace Event format, which Perfetto (ui.perfetto.dev) and chrome://tracing open.

A thread is a track of complete events ("ph": "X") named after its states. Tasks and callbacks of an event loop have tracks of
their own below it, because their steps begin and end inside states. Times are microseconds since the start of the run.
"""
from gil.reader import BLOCKED, GAP, HOLDS, REASONS, WANTS
from gil.summary import cost_line, rows_of, sentences

_NAMES = {HOLDS: "holds", WANTS: "wants", GAP: "unknown (records were dropped)"}
_COLOURS = {HOLDS: "thread_state_running", WANTS: "thread_state_runnable", BLOCKED: "thread_state_sleeping", GAP: "generic_work"}
_TASK_TRACKS = 1 << 24             # tracks of tasks have numbers from here on: beyond every thread id of Linux
_ESCAPES = {ord('"'): '\\"', ord("\\"): "\\\\", **{n: f"\\u{n:04x}" for n in range(32)}}


def text(value):
    """A JSON string."""
    return f'"{value.translate(_ESCAPES)}"'


def _site(site):
    return text(f"{site.function} {site.file}:{site.line}" + (f" in {site.inner}" if site.inner else "")) if site.file else '""'


def _metadata(run):
    for index, process in enumerate(run.processes):
        yield f'{{"ph":"M","name":"process_name","pid":{process.pid},"tid":0,"args":{{"name":{text(process.name or "main process")}}}}}'
        yield f'{{"ph":"M","name":"process_sort_index","pid":{process.pid},"tid":0,"args":{{"sort_index":{index}}}}}'
        tracks = tracks_of(process)
        for place, lane in enumerate(process.lanes):
            yield f'{{"ph":"M","name":"thread_name","pid":{process.pid},"tid":{tracks[lane.number]},"args":{{"name":{text(lane.name)}}}}}'
            yield f'{{"ph":"M","name":"thread_sort_index","pid":{process.pid},"tid":{tracks[lane.number]},"args":{{"sort_index":{place * 100000}}}}}'


def tracks_of(process):
    """{lane's number: its track's}: the system's id of the thread, or, if a lane before had the same, one that nobody has."""
    tracks, taken = {}, set()
    for lane in process.lanes:
        tracks[lane.number] = lane.native_id if lane.native_id and lane.native_id not in taken else _TASK_TRACKS - 1 - lane.number
        taken.add(lane.native_id)
    return tracks


def _states(run, lane, tid):
    pid, start_of_run = lane.process.pid, run.start
    sites = {number: _site(site) for number, site in lane.process.sites.items()}
    for start, end, kind, reason, site, end_site in lane.segments():
        name = f"blocked: {REASONS[reason]}" if kind == BLOCKED else _NAMES.get(kind, "?")
        yield (f'{{"ph":"X","cat":"gil","name":"{name}","pid":{pid},"tid":{tid},"ts":{(start - start_of_run) / 1000:.3f},"dur":{(end - start) / 1000:.3f},"cname":"{_COLOURS.get(kind, "generic_work")}",'
               f'"args":{{"from":{sites.get(site, chr(34) * 2)},"to":{sites.get(end_site, chr(34) * 2)}}}}}')


def _steps(run, lane, place):
    tracks = {}
    pid = lane.process.pid
    for step in lane.steps():
        tid = tracks.get(step.name)
        if tid is None:
            tid = tracks[step.name] = _TASK_TRACKS + lane.number * 65536 + len(tracks)
            yield f'{{"ph":"M","name":"thread_name","pid":{pid},"tid":{tid},"args":{{"name":{text(lane.name + " · " + step.name)}}}}}'
            yield f'{{"ph":"M","name":"thread_sort_index","pid":{pid},"tid":{tid},"args":{{"sort_index":{place * 100000 + min(len(tracks), 99999)}}}}}'
        name = ("task step" if step.is_task else "callback") + (": blocked the loop" if step.blocked_loop else "")
        yield (f'{{"ph":"X","cat":"asyncio","name":{text(name)},"pid":{pid},"tid":{tid},"ts":{(step.start - run.start) / 1000:.3f},"dur":{(step.end - step.start) / 1000:.3f},'
               f'"args":{{"name":{text(step.name)},"from":{_site(step.site)},"to":{_site(step.end_site)}}}}}')


def _events(run):
    yield from _metadata(run)
    for process in run.processes:
        tracks = tracks_of(process)
        for place, lane in enumerate(process.lanes):
            yield from _states(run, lane, tracks[lane.number])
            yield from _steps(run, lane, place)


def chunks(run):
    """The text, in pieces."""
    yield '{"traceEvents":[\n'
    part, first = [], True
    for event in _events(run):
        part.append(event)
        if len(part) == 2000:
            yield ("" if first else ",\n") + ",\n".join(part)
            part, first = [], False
    if part:
        yield ("" if first else ",\n") + ",\n".join(part)
    rows = rows_of(run)
    said = " ".join(sentences(run, rows))
    dropped = sum(process.dropped for process in run.processes)
    yield (f'\n],\n"displayTimeUnit":"ms",\n"otherData":{{"clock":"CLOCK_MONOTONIC","summary":{text(said)},"cost":{text(cost_line(run))},"dropped":"{dropped}"}}}}\n')
