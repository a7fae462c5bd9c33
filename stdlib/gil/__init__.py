# SPDX-License-Identifier: MIT
"""The Global Interpreter Lock, to look at.

stats()            what each thread did with the lock so far: Baton always counts
threads()          what each thread is doing now: has the lock, wants it, is blocked by what, and who holds that
trace(file)        `with gil.trace("run.html"):` records every change of hands
events()           what has been recorded, as a list
four_ways(f, ...)  the same job serial, in threads, in processes, in asyncio
switch_interval    seconds after which a thread that waits for the lock asks for it; can be set
reasons()          the reasons for which a thread lets go
"""
import sys

from _gil import reasons, stats
from gil.session import trace

__all__ = ["events", "four_ways", "reasons", "stats", "switch_interval", "threads", "trace"]


class _Module(type(sys)):
    """The module itself, so that `gil.switch_interval = 0.001` does something."""

    @property
    def switch_interval(self):
        return sys.getswitchinterval()

    @switch_interval.setter
    def switch_interval(self, seconds):
        sys.setswitchinterval(seconds)


sys.modules[__name__].__class__ = _Module


def threads():
    """What each thread is doing, as a list of dicts: name, ident, native_id, daemon, state ("holds", "wants" or "blocked"), for (seconds in
    that state), reason (of being blocked), waits_for ("gil", "lock", … or None), held_by (the name of the thread that has that, or None)."""
    import _gil
    fields = ("name", "ident", "native_id", "daemon", "state", "reason", "waits_for", "held_by", "for")
    return [dict(zip(fields, row)) for row in _gil.threads()]


def events():
    """The events of the trace that runs, or of the last one: a list of (time, process, thread, event, reason, file, line, function)."""
    from gil.eventlist import events_of
    from gil.session import run_so_far
    run = run_so_far()
    if run is None:
        raise RuntimeError("nothing has been recorded: use `with gil.trace():`, or run with --gil-trace")
    return events_of(run)


def four_ways(function, *args, jobs=4, file=None):
    """Runs function(*args) `jobs` times serial, in threads, in processes and in asyncio, and prints a table, bars and a sentence.

    Returns the figures: a dict of seconds by way. A coroutine function is awaited; asyncio runs any other in its threads."""
    from gil.compare import compare, show
    figures = compare(function, args, jobs)
    show(figures, jobs, getattr(function, "__qualname__", repr(function)), file)
    return {figure.way: figure.seconds for figure in figures}
