# SPDX-License-Identifier: MIT
"""Locks, semaphores, conditions, events and barriers between processes."""
import threading
import _multiprocessing
from time import monotonic
from multiprocessing import process

__all__ = ["Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "Barrier"]

_RECURSIVE, _SEMAPHORE = 0, 1
SEM_VALUE_MAX = _multiprocessing.SEM_VALUE_MAX


def _refuse_pickling(obj):
    raise RuntimeError(f"{type(obj).__name__} objects should only be shared between processes through inheritance")


def _holder(name):
    """How a lock's repr calls the one that has it."""
    name = process.current_process().name
    if threading.current_thread().name != "MainThread":
        name += "|" + threading.current_thread().name
    return name


class SemLock:
    """What the locks and semaphores have in common."""

    def __init__(self, kind, value, maxvalue, *, ctx=None):
        self._semlock = _multiprocessing.SemLock(kind, value, maxvalue)
        self._make_methods()

    def _make_methods(self):
        self.acquire = self._semlock.acquire
        self.release = self._semlock.release

    def acquire(self, block=True, timeout=None):
        return self._semlock.acquire(block, timeout)

    def release(self):
        self._semlock.release()

    def __enter__(self):
        return self._semlock.__enter__()

    def __exit__(self, *exc):
        return self._semlock.__exit__(*exc)

    def __getstate__(self):
        _refuse_pickling(self)


class Semaphore(SemLock):
    """A counter that is not taken below zero."""

    def __init__(self, value=1, *, ctx=None):
        SemLock.__init__(self, _SEMAPHORE, value, SEM_VALUE_MAX)

    def get_value(self):
        return self._semlock._get_value()

    def __repr__(self):
        return f"<{type(self).__name__}(value={self._semlock._get_value()})>"


class BoundedSemaphore(Semaphore):
    """A semaphore that is not released above its first value."""

    def __init__(self, value=1, *, ctx=None):
        SemLock.__init__(self, _SEMAPHORE, value, value)
        self._maximum = value

    def __repr__(self):
        return f"<{type(self).__name__}(value={self._semlock._get_value()}, maxvalue={self._maximum})>"


class Lock(SemLock):
    """A lock that any process may release."""

    def __init__(self, *, ctx=None):
        SemLock.__init__(self, _SEMAPHORE, 1, 1)

    def __repr__(self):
        if self._semlock._is_mine():
            name = _holder(self)
        elif self._semlock._get_value() == 1:
            name = "None"
        else:
            name = "SomeOtherThread" if self._semlock._count() > 0 else "SomeOtherProcess"
        return f"<{type(self).__name__}(owner={name})>"


class RLock(SemLock):
    """A lock that the thread which has it may take again."""

    def __init__(self, *, ctx=None):
        SemLock.__init__(self, _RECURSIVE, 1, 1)

    def __repr__(self):
        if self._semlock._is_mine():
            name, count = _holder(self), self._semlock._count()
        elif self._semlock._get_value() == 1:
            name, count = "None", 0
        else:
            name, count = ("SomeOtherThread" if self._semlock._count() > 0 else "SomeOtherProcess"), "nonzero"
        return f"<{type(self).__name__}({name}, {count})>"


class Condition:
    """Waiting until another process says that something has changed."""

    def __init__(self, lock=None, *, ctx=None):
        self._lock = lock or RLock()
        self._sleeping_count = Semaphore(0)
        self._woken_count = Semaphore(0)
        self._wait_semaphore = Semaphore(0)
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __getstate__(self):
        _refuse_pickling(self)

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *exc):
        return self._lock.__exit__(*exc)

    def __repr__(self):
        try:
            waiters = self._sleeping_count.get_value() - self._woken_count.get_value()
        except Exception:
            waiters = "unknown"
        return f"<{type(self).__name__}({self._lock}, {waiters})>"

    def wait(self, timeout=None):
        assert self._lock._semlock._is_mine(), "must acquire() condition before using wait()"
        self._sleeping_count.release()
        count = self._lock._semlock._count()
        for _ in range(count):
            self._lock.release()
        try:
            return self._wait_semaphore.acquire(True, timeout)
        finally:
            self._woken_count.release()
            for _ in range(count):
                self._lock.acquire()

    def notify(self, n=1):
        assert self._lock._semlock._is_mine(), "lock is not owned"
        assert not self._wait_semaphore.acquire(False), "notify: Should not have been able to acquire _wait_semaphore"
        while self._woken_count.acquire(False):      # those whose time was up
            self._sleeping_count.acquire(False)
        sleepers = 0
        while sleepers < n and self._sleeping_count.acquire(False):
            self._wait_semaphore.release()
            sleepers += 1
        for _ in range(sleepers):
            self._woken_count.acquire()
        while sleepers and self._wait_semaphore.acquire(False):
            continue

    def notify_all(self):
        self.notify(n=SEM_VALUE_MAX)

    def wait_for(self, predicate, timeout=None):
        result = predicate()
        if result:
            return result
        end = None if timeout is None else monotonic() + timeout
        while not result:
            left = None
            if end is not None:
                left = end - monotonic()
                if left <= 0:
                    break
            self.wait(left)
            result = predicate()
        return result


class Event:
    """A flag that processes can wait for."""

    def __init__(self, *, ctx=None):
        self._cond = Condition(Lock())
        self._flag = Semaphore(0)

    def is_set(self):
        with self._cond:
            if self._flag.acquire(False):
                self._flag.release()
                return True
            return False

    def set(self):
        with self._cond:
            self._flag.acquire(False)
            self._flag.release()
            self._cond.notify_all()

    def clear(self):
        with self._cond:
            self._flag.acquire(False)

    def wait(self, timeout=None):
        with self._cond:
            if not self._flag.acquire(False):
                self._cond.wait(timeout)
                if not self._flag.acquire(False):
                    return False
            self._flag.release()
            return True

    def __repr__(self):
        return f"<{type(self).__qualname__} at {id(self):#x} {'set' if self.is_set() else 'unset'}>"


_BARRIER_STATES = "filling", "draining", "resetting", "broken"


class Barrier(threading.Barrier):
    """A place where processes wait for one another; its state and its count lie in shared memory."""

    def __init__(self, parties, action=None, timeout=None, *, ctx=None):
        self._shared = memoryview(_multiprocessing.Memory(8)).cast("i")
        threading.Barrier.__init__(self, parties, action, timeout)
        self._cond = Condition()

    @property
    def _state(self):
        return _BARRIER_STATES[self._shared[0]]

    @_state.setter
    def _state(self, value):
        self._shared[0] = _BARRIER_STATES.index(value)

    @property
    def _count(self):
        return self._shared[1]

    @_count.setter
    def _count(self, value):
        self._shared[1] = value
