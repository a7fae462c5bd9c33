# SPDX-License-Identifier: MIT
"""Queues between processes: a pipe, and locks for its two ends."""
import posix
import sys
import threading
from _collections import deque
from queue import Empty, Full
from time import monotonic
from multiprocessing import connection, stuck, synchronize, util

__all__ = ["Queue", "SimpleQueue", "JoinableQueue"]


class Queue:
    """A queue whose put() never waits for the pipe: a thread of the process writes to it."""

    def __init__(self, maxsize=0, *, ctx=None):
        self._maxsize = maxsize if maxsize > 0 else synchronize.SEM_VALUE_MAX
        self._reader, self._writer = connection.Pipe(duplex=False)
        self._read_lock = synchronize.Lock()
        self._write_lock = synchronize.Lock()
        self._free = synchronize.BoundedSemaphore(self._maxsize)
        self._opid = posix.getpid()
        self._ignore_epipe = False
        self._reset()
        util.register_after_fork(self, Queue._reset)

    def _reset(self):
        """A process begins with nothing to be written and no thread that would write it."""
        self._changed = threading.Condition(threading.Lock())
        self._buffer = deque()
        self._thread = None
        self._joins = True
        self._closed = self._stopping = False
        self._forget_join = None

    def __getstate__(self):
        synchronize._refuse_pickling(self)

    def _check_open(self):
        if self._closed:
            raise ValueError(f"Queue {self!r} is closed")

    def put(self, obj, block=True, timeout=None):
        """Put an object in; waits while the queue is full, at most timeout seconds."""
        self._check_open()
        if not self._free.acquire(block, timeout):
            raise Full
        with self._changed:
            self._hand_to_feeder(obj)

    def _hand_to_feeder(self, obj):
        if self._thread is None:
            self._start_thread()
        self._buffer.append(obj)
        self._changed.notify()

    def get(self, block=True, timeout=None):
        """Take an object out; waits while the queue is empty, at most timeout seconds."""
        self._check_open()
        if block and timeout is None:
            with self._read_lock:
                data = self._reader.recv_bytes()
            self._free.release()
        else:
            end = monotonic() + timeout if block else None
            if not self._read_lock.acquire(block, timeout):
                raise Empty
            try:
                left = max(end - monotonic(), 0) if block else 0
                if not self._reader.poll(left):
                    raise Empty
                data = self._reader.recv_bytes()
                self._free.release()
            finally:
                self._read_lock.release()
        from pickle import loads
        return loads(data)

    def qsize(self):
        return self._maxsize - self._free.get_value()

    def empty(self):
        return not self._reader.poll(0)

    def full(self):
        return self._free._semlock._is_zero()

    def get_nowait(self):
        return self.get(False)

    def put_nowait(self, obj):
        return self.put(obj, False)

    def close(self):
        """This process puts nothing in any more."""
        self._closed = True
        self._reader.close()
        if self._thread is not None:
            self._stop_feeder()
        else:
            self._writer.close()

    def join_thread(self):
        """Wait until all that was put in has been written."""
        assert self._closed, f"Queue {self!r} not closed"
        if self._forget_join is not None:
            self._join_feeder()

    def cancel_join_thread(self):
        """Don't wait for the writing thread at the process's end."""
        self._joins = False
        if self._forget_join is not None:
            self._forget_join()
            self._forget_join = None

    def _start_thread(self):
        self._buffer.clear()
        self._thread = threading.Thread(target=self._feed, name="QueueFeederThread", daemon=True)
        self._thread._feeds_queue = True
        self._thread.start()
        if self._joins:
            self._forget_join = util.at_exit(self._join_feeder, -5)

    def _stop_feeder(self):
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def _join_feeder(self):
        if self._forget_join is not None:
            self._forget_join()
            self._forget_join = None
        self._stop_feeder()
        feeders = sum(getattr(thread, "_feeds_queue", False) for thread in threading.enumerate())
        with stuck.OnlyWriting(feeders):
            self._thread.join()

    def _feed(self):
        while True:
            with self._changed:
                while not self._buffer and not self._stopping:
                    self._changed.wait()
                if not self._buffer:
                    if self._closed:
                        self._writer.close()
                    return
                obj = self._buffer.popleft()
            try:
                data = connection._dumps(obj)
                with self._write_lock:
                    self._writer.send_bytes(data)
            except Exception as error:
                self._free.release()
                self._on_queue_feeder_error(error, obj)
            obj = data = None

    @staticmethod
    def _on_queue_feeder_error(error, obj):
        """What is done about an object that cannot be sent: for classes of a program's own to define."""
        if not util._exiting:
            sys.__excepthook__(type(error), error, error.__traceback__)


class JoinableQueue(Queue):
    """A queue that knows how many of the objects taken out have been worked on."""

    def __init__(self, maxsize=0, *, ctx=None):
        Queue.__init__(self, maxsize)
        self._unfinished_tasks = synchronize.Semaphore(0)
        self._cond = synchronize.Condition()

    def put(self, obj, block=True, timeout=None):
        self._check_open()
        if not self._free.acquire(block, timeout):
            raise Full
        with self._changed, self._cond:
            self._hand_to_feeder(obj)
            self._unfinished_tasks.release()

    def task_done(self):
        with self._cond:
            if not self._unfinished_tasks.acquire(False):
                raise ValueError("task_done() called too many times")
            if self._unfinished_tasks._semlock._is_zero():
                self._cond.notify_all()

    def join(self):
        """Wait until every object put in has been worked on."""
        with self._cond:
            if not self._unfinished_tasks._semlock._is_zero():
                self._cond.wait()


class SimpleQueue:
    """A pipe with a lock at each end."""

    def __init__(self, *, ctx=None):
        self._reader, self._writer = connection.Pipe(duplex=False)
        self._read_lock = synchronize.Lock()
        self._write_lock = synchronize.Lock()

    def __getstate__(self):
        synchronize._refuse_pickling(self)

    def close(self):
        self._reader.close()
        self._writer.close()

    def empty(self):
        return not self._reader.poll()

    def get(self):
        with self._read_lock:
            data = self._reader.recv_bytes()
        from pickle import loads
        return loads(data)

    def put(self, obj):
        data = connection._dumps(obj)
        with self._write_lock:
            self._writer.send_bytes(data)
