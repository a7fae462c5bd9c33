# SPDX-License-Identifier: MIT
"""Queues for threads: first in first out, last in first out, smallest first; and SimpleQueue, which has no limit."""
import threading
from _heapq import heappop, heappush
from _thread import allocate_lock
from time import monotonic as _now

__all__ = ["Empty", "Full", "Queue", "PriorityQueue", "LifoQueue", "SimpleQueue"]


class Empty(Exception):
    """Raised by get() when there is nothing, and nothing came in time."""


class Full(Exception):
    """Raised by put() when there is no room, and none came in time."""


class Queue:
    """A queue that threads put things into and get things out of; maxsize 0 or less: no limit."""

    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self._init(maxsize)
        self.mutex = allocate_lock()          # guards everything; shared by the three conditions
        self.not_empty = threading.Condition(self.mutex)
        self.not_full = threading.Condition(self.mutex)
        self.all_tasks_done = threading.Condition(self.mutex)
        self.unfinished_tasks = 0

    # What a kind of queue is: where things go in, and which comes out.
    def _init(self, maxsize):
        from _collections import deque
        self.queue = deque()

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()

    def put(self, item, block=True, timeout=None):
        """Put an item in, waiting for room if need be."""
        with self.not_full:
            if self.maxsize > 0:
                self._wait(self.not_full, lambda: self._qsize() < self.maxsize, block, timeout, Full)
            self._put(item)
            self.unfinished_tasks += 1
            self.not_empty.notify()

    def get(self, block=True, timeout=None):
        """Take an item out, waiting for one if need be."""
        with self.not_empty:
            self._wait(self.not_empty, self._qsize, block, timeout, Empty)
            item = self._get()
            self.not_full.notify()
            return item

    @staticmethod
    def _wait(condition, ready, block, timeout, failure):
        if not block:
            if not ready():
                raise failure
        elif timeout is None:
            while not ready():
                condition.wait()
        elif timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        else:
            deadline = _now() + timeout
            while not ready():
                left = deadline - _now()
                if left <= 0.0:
                    raise failure
                condition.wait(left)

    def put_nowait(self, item):
        """put(item, block=False)"""
        return self.put(item, block=False)

    def get_nowait(self):
        """get(block=False)"""
        return self.get(block=False)

    def task_done(self):
        """Say that an item that came out has been dealt with."""
        with self.all_tasks_done:
            left = self.unfinished_tasks - 1
            if left < 0:
                raise ValueError("task_done() called too many times")
            self.unfinished_tasks = left
            if left == 0:
                self.all_tasks_done.notify_all()

    def join(self):
        """Wait until every item that was put in has been dealt with."""
        with self.all_tasks_done:
            while self.unfinished_tasks:
                self.all_tasks_done.wait()

    def qsize(self):
        """How many items there are at this moment."""
        with self.mutex:
            return self._qsize()

    def empty(self):
        """Whether there are none at this moment."""
        with self.mutex:
            return not self._qsize()

    def full(self):
        """Whether there is no room at this moment."""
        with self.mutex:
            return 0 < self.maxsize <= self._qsize()

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)


class PriorityQueue(Queue):
    """Gives the smallest item first."""

    def _init(self, maxsize):
        self.queue = []

    def _put(self, item):
        heappush(self.queue, item)

    def _get(self):
        return heappop(self.queue)


class LifoQueue(Queue):
    """Gives the newest item first."""

    def _init(self, maxsize):
        self.queue = []

    def _get(self):
        return self.queue.pop()


class SimpleQueue:
    """A queue without a limit and without task_done(). put() may come in the midst of another call of the same thread: from a
    signal handler, or a __del__."""

    def __init__(self):
        from _collections import deque
        self._items = deque()
        self._ready = threading.Condition()

    def put(self, item, block=True, timeout=None):
        """Put an item in; it never waits."""
        with self._ready:
            self._items.append(item)
            self._ready.notify()

    def get(self, block=True, timeout=None):
        """Take an item out, waiting for one if need be."""
        if timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        with self._ready:
            if not self._items and (not block or not self._ready.wait_for(lambda: self._items, timeout)):
                raise Empty
            return self._items.popleft()

    def put_nowait(self, item):
        """put(item)"""
        self.put(item)

    def get_nowait(self):
        """get(block=False)"""
        return self.get(block=False)

    def empty(self):
        """Whether there are no items at this moment."""
        return not self._items

    def qsize(self):
        """How many items there are at this moment."""
        return len(self._items)

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)


_PySimpleQueue = SimpleQueue
