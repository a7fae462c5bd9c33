# SPDX-License-Identifier: MIT
"""The search through schedules: systematic with a bound on preemptions, then by partial-order reduction, then at random.

1. Bounded (CHESS: Musuvathi and Qadeer, PLDI 2007). Schedules in the order of their preemptions: none, one, two … A thread is
   only interrupted before an access to something that another thread uses, too, and one of them writes: an interruption before any
   other access comes to the same as a later one. What is shared is learnt from the runs; a place that turns out to be shared
   later brings back the schedules that were left out for it.
2. Partial-order reduction (Flanagan and Godefroid, POPL 2005). Without a bound: for each pair of accesses that conflict and that
   nothing orders, the schedule in which they come the other way round. If it ends, every schedule has been covered.
3. Random priorities (PCT: Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010), while there is time.
"""
import _heapq as heapq
import time

import _gil_steer as _c
from gil.records import Trace, bits

WRITE = _c.ACCESS_WRITE


class Budget:
    """How much may still be done."""

    def __init__(self, seconds, schedules):
        self.end, self.left, self.seconds, self.schedules = time.monotonic() + seconds, schedules, seconds, schedules

    def spent(self):
        return self.left <= 0 or time.monotonic() >= self.end


class Shared:
    """Which places more than one thread uses, one of them writing."""

    def __init__(self):
        self.readers, self.writers, self.waiting = {}, {}, {}

    def conflicts(self, thread, place, write):
        others = self.writers.get(place, 0)
        if write:
            others |= self.readers.get(place, 0)
        return bool(others & ~(1 << thread))

    def learn(self, trace):
        """Take in the accesses of a run; yield what waited for a place that is shared now."""
        for steps in [trace.before, *(point.steps for point in trace.points)]:
            for thread, accesses in steps:
                for place, key, flags, _, _ in accesses:
                    users = self.writers if flags & WRITE else self.readers
                    where, bit = (place, key), 1 << thread
                    if not users.get(where, 0) & bit:
                        users[where] = users.get(where, 0) | bit
                        both = self.readers.get(where, 0) | self.writers.get(where, 0)
                        if where in self.waiting and self.writers.get(where, 0) and both & both - 1:
                            yield from self.waiting.pop(where)


class Search:
    """Drives `run(choices, seed)`, which gives a finished run with .trace and .outcome; tells `seen(run, phase)` of each."""

    def __init__(self, run, seen, budget, bound):
        self.run, self.seen, self.budget, self.bound = run, seen, budget, bound
        self.bounded = 0             # the bound up to which every schedule was run; -1: not even without preemption
        self.complete = False        # every schedule there is was covered
        self.limited = False         # a run was cut short
        self.phase = "bounded"
        self.longest = 1

    def _do(self, choices=(), seed=None):
        self.budget.left -= 1
        run = self.run(choices, seed)
        self.limited = self.limited or bool(run.trace.flags & (_c.RUN_CUT | _c.RUN_LATE | _c.RUN_FULL | _c.RUN_THREADS))
        self.longest = max(self.longest, run.trace.length)
        self.seen(run, self)
        return run

    # ---- 1. bounded
    def bounded_search(self):
        """All schedules with up to `bound` preemptions, fewest first."""
        shared, heap, order = Shared(), [(0, 0, 0, ())], 0
        self.bounded = -1
        while heap:
            cost, _, _, choices = heapq.heappop(heap)
            if cost > self.bound:
                break
            if self.budget.spent():
                return
            self.bounded = max(self.bounded, cost - 1)
            trace = self._do(choices).trace
            fresh = list(shared.learn(trace)) + list(self._siblings(trace, choices, cost, shared))
            for more_cost, more in fresh:
                if more_cost <= self.bound:
                    order += 1
                    heapq.heappush(heap, (more_cost, len(more), order, more))
        self.bounded = self.bound

    def _siblings(self, trace, choices, cost, shared):
        """The schedules that differ from this one first at a point behind its last choice."""
        last = choices[-1][0] if choices else 0
        for number, point in enumerate(trace.points, 1):
            if number <= last:
                continue
            others = [thread for thread in bits(point.can) if thread != point.chosen]
            more = [(cost + point.preempts, (*choices, (number, thread))) for thread in others]
            more += [(cost + 1, (*choices, (number, thread))) for thread in bits(point.timed) if thread != point.chosen]
            if not more:
                continue
            places = self._next_places(point)
            if not point.preempts or any(shared.conflicts(point.current, place, write) for place, write in places):
                yield from more
            else:
                for place, _ in places:
                    shared.waiting.setdefault(place, []).extend(more)

    @staticmethod
    def _next_places(point):
        """What the thread at a point uses next."""
        return [((place, key), bool(flags & WRITE)) for thread, accesses in point.steps[:1] if thread == point.current
                for place, key, flags, _, _ in accesses]

    # ---- 2. partial-order reduction
    def reduced_search(self):
        """Every schedule, but of those that differ only in the order of independent steps one."""
        self.phase = "reduced"
        stack = []
        choices = ()
        while not self.budget.spent():
            trace = self._do(choices).trace
            del stack[len(trace.points):]
            for number, point in enumerate(trace.points):
                if number == len(stack):
                    stack.append(_Node(point))
                elif stack[number].chosen != point.chosen or stack[number].can != point.can:
                    del stack[number:]           # the run is not a function of the choices: something is not controlled
                    stack.append(_Node(point))
            self._add_reversals(trace, stack)
            while stack and not stack[-1].todo - stack[-1].done:
                stack.pop()
            if not stack:
                self.complete = not self.limited
                return
            node = stack[-1]
            node.chosen = min(node.todo - node.done)
            node.done.add(node.chosen)
            choices = tuple((number, each.chosen) for number, each in enumerate(stack, 1) if each.chosen != each.usual)

    @staticmethod
    def _add_reversals(trace, stack):
        """Where two steps of different threads conflict and nothing else orders them, note to try them the other way round."""
        clocks, written, read = {}, {}, {}         # thread -> {thread: step}; place -> (step, thread, its clock)
        step = 0
        for number, steps in enumerate([trace.before, *(point.steps for point in trace.points)]):
            for index, (thread, accesses) in enumerate(steps):
                step += 1
                own = clocks.setdefault(thread, {})
                own[thread] = step
                at = number - 1 if index == 0 else None      # the point at which this step was chosen
                joined = []
                for place, key, flags, _, _ in accesses:
                    where = (place, key)
                    before = [written[where]] if where in written else []
                    if flags & WRITE:
                        before += read.get(where, {}).values()
                    for other_step, other, other_at, clock in before:
                        if other == thread:
                            continue
                        if own.get(other, 0) < other_step and other_at is not None and other_at >= 0:
                            stack[other_at].add(thread)
                        joined.append(clock)
                    entry = (step, thread, at, own)
                    if flags & WRITE:
                        written[where] = entry
                        read.pop(where, None)
                    else:
                        read.setdefault(where, {})[thread] = entry
                for clock in joined:
                    for other, value in clock.items():
                        if other != thread and own.get(other, 0) < value:
                            own[other] = value
                clocks[thread] = dict(own)          # what later steps add is not known to those that read `own` now

    # ---- 3. random
    def random_search(self):
        """Schedules from random priorities, until the budget is spent."""
        self.phase = "random"
        seed = 0
        while not self.budget.spent():
            seed += 1
            self._do(seed=(seed, 2 + seed % 3, self.longest))


class _Node:
    """A point on the present path of the reduced search."""

    def __init__(self, point):
        self.can, self.usual, self.chosen = point.can, point.usual, point.chosen
        self.timed = point.timed
        self.done, self.todo = {point.chosen}, {point.chosen, *bits(point.timed)}

    def add(self, thread):
        """The thread is to be tried here; if it cannot run, any other may lead to where it can."""
        if self.can >> thread & 1:
            self.todo.add(thread)
        else:
            self.todo.update(bits(self.can))
