# SPDX-License-Identifier: MIT
"""The Global Interpreter Lock, to look at and to steer.

stats()            what each thread did with the lock so far: Baton always counts
threads()          what each thread is doing now: has the lock, wants it, is blocked by what, and who holds that
trace(file)        `with gil.trace("run.html"):` records every change of hands
events()           what has been recorded, as a list
four_ways(f, ...)  the same job serial, in threads, in processes, in asyncio
switch_interval    seconds after which a thread that waits for the lock asks for it; can be set
reasons()          the reasons for which a thread lets go

policy             who gets the lock, and when the holder gives it up; can be set to one of policies()
explore(f, ...)    f under many schedules: which outcomes there are, and a schedule that leads to each
Deadlock           raised in the main thread when threads can never go on
"""
import sys

import _gil_steer
from _gil import reasons, stats
from _gil_steer import Deadlock
from gil.session import trace

__all__ = ["Deadlock", "events", "explore", "four_ways", "policies", "policy", "reasons", "stats", "switch_interval", "threads", "trace"]


class _Module(type(sys)):
    """The module itself, so that `gil.switch_interval = 0.001` does something."""

    @property
    def switch_interval(self):
        return sys.getswitchinterval()

    @switch_interval.setter
    def switch_interval(self, seconds):
        sys.setswitchinterval(seconds)

    @property
    def policy(self):
        return _gil_steer.policy()

    @policy.setter
    def policy(self, name):
        _gil_steer.set_policy(name)


sys.modules[__name__].__class__ = _Module


def policies():
    """The policies that `gil.policy` can be set to, each with what it does: a dict."""
    return dict(_gil_steer.policies())


def explore(function, *args, time=None, schedules=None, bound=None, file=None):
    """Runs function(*args) under many schedules, each in a process of its own, and says which outcomes there are.

    Prints the report to `file` (standard error if None) and returns it: an object with `outcomes`, `schedules`, `complete` and `ok`."""
    from gil.exploration import explore_function
    return explore_function(function, args, time, schedules, bound, file)


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
