# SPDX-License-Identifier: MIT
"""Locks by which tasks of one loop wait for one another. Waiters are served in the order in which they came."""
from _collections import deque

from . import exceptions, mixins, tasks

__all__ = ("Lock", "Event", "Condition", "Semaphore", "BoundedSemaphore", "Barrier")


class _AsyncWith:
    async def __aenter__(self):
        await self.acquire()

    async def __aexit__(self, *exc):
        self.release()


def _suspect(loop):
    """The running task is about to wait for what another one holds: the loop looks for a ring of such waits when it comes to rest."""
    tell = getattr(loop, "_suspect", None)
    task = tasks.current_task(loop)
    if tell is not None and task is not None:
        tell(task)


def _shown(obj, state, waiters):
    text = object.__repr__(obj)
    if waiters:
        state = f"{state}, waiters:{len(waiters)}"
    return f"<{text[1:-1]} [{state}]>"


class Lock(_AsyncWith, mixins.LoopBound):
    """A lock for tasks."""

    def __init__(self):
        self._waiters = None
        self._locked = False
        self._holder = None              # the task that took it by `async with`, and so will release it itself

    async def __aenter__(self):
        await self.acquire()
        self._holder = tasks.current_task()

    def __repr__(self):
        return _shown(self, "locked" if self._locked else "unlocked", self._waiters)

    def locked(self):
        """Whether some task has it."""
        return self._locked

    async def acquire(self):
        """Wait until the lock is free, and take it."""
        if not self._locked and (self._waiters is None or all(w.cancelled() for w in self._waiters)):
            self._locked = True
            return True
        if self._waiters is None:
            self._waiters = deque()
        loop = self._get_loop()
        waiter = loop.create_future()
        self._waiters.append(waiter)
        if self._holder is not None:
            _suspect(loop)
        try:
            try:
                await waiter
            finally:
                self._waiters.remove(waiter)
        except exceptions.CancelledError:
            if not self._locked:
                self._wake_first()
            raise
        self._locked = True
        return True

    def release(self):
        """Let go of the lock; the task that has waited longest is woken."""
        if not self._locked:
            raise RuntimeError("Lock is not acquired.")
        self._locked = False
        self._holder = None
        self._wake_first()

    def _wake_first(self):
        if self._waiters and not self._waiters[0].done():
            self._waiters[0].set_result(True)


class Event(mixins.LoopBound):
    """A flag that tasks wait for."""

    def __init__(self):
        self._waiters = deque()
        self._value = False

    def __repr__(self):
        return _shown(self, "set" if self._value else "unset", self._waiters)

    def is_set(self):
        """Whether the flag is up."""
        return self._value

    def set(self):
        """Put the flag up, and wake all who wait."""
        if not self._value:
            self._value = True
            for waiter in self._waiters:
                if not waiter.done():
                    waiter.set_result(True)

    def clear(self):
        """Take the flag down."""
        self._value = False

    async def wait(self):
        """Wait until the flag is up."""
        if self._value:
            return True
        waiter = self._get_loop().create_future()
        self._waiters.append(waiter)
        try:
            await waiter
            return True
        finally:
            self._waiters.remove(waiter)


class Condition(_AsyncWith, mixins.LoopBound):
    """A lock with a queue of tasks that wait until another tells them that something has changed."""

    def __init__(self, lock=None):
        self._lock = lock = Lock() if lock is None else lock
        self.locked, self.acquire, self.release = lock.locked, lock.acquire, lock.release
        self._waiters = deque()

    def __repr__(self):
        return _shown(self, "locked" if self.locked() else "unlocked", self._waiters)

    async def wait(self):
        """Let go of the lock until notified."""
        if not self.locked():
            raise RuntimeError("cannot wait on un-acquired lock")
        self.release()
        try:
            waiter = self._get_loop().create_future()
            self._waiters.append(waiter)
            try:
                await waiter
                return True
            finally:
                self._waiters.remove(waiter)
        finally:
            cancelled = None
            while True:
                try:
                    await self.acquire()
                    break
                except exceptions.CancelledError as error:
                    cancelled = error
            if cancelled is not None:
                try:
                    raise cancelled
                finally:
                    cancelled = None

    async def wait_for(self, predicate):
        """Wait until predicate() is true."""
        result = predicate()
        while not result:
            await self.wait()
            result = predicate()
        return result

    def notify(self, n=1):
        """Wake n of the tasks that wait."""
        if not self.locked():
            raise RuntimeError("cannot notify on un-acquired lock")
        for waiter in self._waiters:
            if n <= 0:
                break
            if not waiter.done():
                n -= 1
                waiter.set_result(False)

    def notify_all(self):
        """Wake all that wait."""
        self.notify(len(self._waiters))


class Semaphore(_AsyncWith, mixins.LoopBound):
    """A counter that acquire() takes one off, waiting while it is 0."""

    def __init__(self, value=1):
        if not value >= 0:
            raise ValueError("Semaphore initial value must be >= 0")
        self._value, self._waiters = value, None
        self._places, self._holders = value, []         # the tasks that are in by `async with`; None: somebody else has released it, too

    async def __aenter__(self):
        await self.acquire()
        if self._holders is not None:
            self._holders.append(tasks.current_task())

    async def __aexit__(self, *exc):
        holders, task = self._holders, tasks.current_task()
        if holders and task in holders:
            holders.remove(task)
        self.release()
        self._holders = holders

    def __repr__(self):
        return _shown(self, "locked" if self.locked() else f"unlocked, value:{self._value}", self._waiters)

    def locked(self):
        """Whether acquire() would wait."""
        return self._value == 0 or any(not w.cancelled() for w in self._waiters or ())

    async def acquire(self):
        """Wait until the counter is above 0, and take one off."""
        if self.locked():
            await self._turn()
        else:
            self._value -= 1
        return True

    async def _turn(self):
        """Wait in the queue until release() hands over what it adds: _wake_next() has taken it off the counter by then."""
        turn = self._get_loop().create_future()
        if self._waiters is None:
            self._waiters = deque()
        self._waiters.append(turn)
        if self._places and self._holders is not None and len(self._holders) == self._places:
            _suspect(self._get_loop())
        try:
            await turn
        except exceptions.CancelledError:
            self._waiters.remove(turn)
            if turn.done() and not turn.cancelled():          # the turn came all the same: it is the next one's, then
                self._value += 1
                self._wake_next()
            raise
        self._waiters.remove(turn)
        if self._value > 0:
            self._wake_next()

    def release(self):
        """Add one to the counter, and wake a task that waits."""
        self._holders = None
        self._value += 1
        self._wake_next()

    def _wake_next(self):
        for waiter in self._waiters or ():
            if not waiter.done():
                self._value -= 1
                waiter.set_result(True)
                return


class BoundedSemaphore(Semaphore):
    """A semaphore that refuses to be released more often than it was acquired."""

    def __init__(self, value=1):
        self._bound_value = value
        super().__init__(value)

    def release(self):
        if self._value >= self._bound_value:
            raise ValueError("BoundedSemaphore released too many times")
        super().release()


class Barrier(mixins.LoopBound):
    """A place where a number of tasks wait for one another.

    filling --the last has come--> draining --all have left--> filling; reset() goes to resetting, abort() to broken.
    """

    def __init__(self, parties):
        if parties < 1:
            raise ValueError("parties must be > 0")
        self._cond = Condition()
        self._parties = parties
        self._state = "filling"
        self._count = 0

    def __repr__(self):
        waiters = "" if self.broken else f", waiters:{self.n_waiting}/{self.parties}"
        return f"<{object.__repr__(self)[1:-1]} [{self._state}{waiters}]>"

    async def __aenter__(self):
        return await self.wait()

    async def __aexit__(self, *exc):
        pass

    async def wait(self):
        """Wait for the others: a number from 0, another for each task."""
        async with self._cond:
            await self._cond.wait_for(lambda: self._state not in ("draining", "resetting"))
            self._check(("broken",), "Barrier aborted")
            try:
                index = self._count
                self._count += 1
                if index + 1 == self._parties:
                    self._state = "draining"
                    self._cond.notify_all()
                else:
                    await self._cond.wait_for(lambda: self._state != "filling")
                    self._check(("broken", "resetting"), "Abort or reset of barrier")
                return index
            finally:
                self._count -= 1
                if self._count == 0:
                    if self._state in ("resetting", "draining"):
                        self._state = "filling"
                    self._cond.notify_all()

    def _check(self, states, message):
        if self._state in states:
            raise exceptions.BrokenBarrierError(message)

    async def reset(self):
        """Send those that wait away with BrokenBarrierError, and begin anew."""
        async with self._cond:
            if self._count > 0:
                if self._state != "resetting":
                    self._state = "resetting"
            else:
                self._state = "filling"
            self._cond.notify_all()

    async def abort(self):
        """Break the barrier for good."""
        async with self._cond:
            self._state = "broken"
            self._cond.notify_all()

    @property
    def parties(self):
        return self._parties

    @property
    def n_waiting(self):
        return self._count if self._state == "filling" else 0

    @property
    def broken(self):
        return self._state == "broken"
