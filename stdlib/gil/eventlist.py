# SPDX-License-Identifier: MIT
"""Single events of a run, for a script to look at."""
from gil.reader import ENDED, GAP, HOLDS, NOWHERE, REASONS, RECORD, WANTS

_EVENTS = {HOLDS: "takes", WANTS: "wants", GAP: "gap", ENDED: "ends"}


class Event(tuple):
    """(time, process, thread, event, reason, file, line, function): time in seconds since the start of the run; event: takes, wants,
    lets go, ends, gap (records were dropped), task or callback (of an event loop: reason is its name, time that of its begin)."""

    __slots__ = ()
    _fields = ("time", "process", "thread", "event", "reason", "file", "line", "function")

    def __repr__(self):
        return f"Event({', '.join(f'{name}={value!r}' for name, value in zip(self._fields, self))})"


for _place, _field in enumerate(Event._fields):
    setattr(Event, _field, property(lambda self, place=_place: self[place]))


def _of_lane(run, lane):
    process = lane.process
    for ns, thread, number, name, kind, reason, unused in RECORD.iter_unpack(lane.states):
        site = NOWHERE if kind == GAP else process.site(number)
        what = _EVENTS.get(kind, "lets go")
        why = None if kind in (HOLDS, ENDED) else str(number) if kind == GAP else REASONS[reason]
        yield Event(((ns - run.start) / 1e9, process.pid, lane.name, what, why, site.file or None, site.line or None, site.function or None))
    for step in lane.steps():
        site = step.site
        yield Event(((step.start - run.start) / 1e9, process.pid, lane.name, "task" if step.is_task else "callback", step.name, site.file or None, site.line or None, site.function or None))


def events_of(run):
    return sorted((event for lane in run.lanes for event in _of_lane(run, lane)), key=lambda event: event[0])
