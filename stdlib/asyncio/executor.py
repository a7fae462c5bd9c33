# SPDX-License-Identifier: MIT
"""A small pool of threads for run_in_executor() and to_thread(), and the future that a thread waits for."""
import sys
import threading
from _collections import deque

from . import exceptions

_PENDING, _RUNNING, _CANCELLED, _FINISHED = "PENDING", "RUNNING", "CANCELLED", "FINISHED"


class _OwnFuture:
    """The outcome of a call in another thread. PENDING --> RUNNING --> FINISHED, or PENDING --> CANCELLED."""

    def __init__(self):
        self._changed = threading.Condition()
        self._state, self._result, self._exception, self._callbacks = _PENDING, None, None, []

    def cancel(self):
        with self._changed:
            if self._state in (_RUNNING, _FINISHED):
                return False
            if self._state == _CANCELLED:
                return True
            self._state = _CANCELLED
            self._changed.notify_all()
        self._tell()
        return True

    def cancelled(self):
        return self._state == _CANCELLED

    def running(self):
        return self._state == _RUNNING

    def done(self):
        return self._state in (_CANCELLED, _FINISHED)

    def add_done_callback(self, fn):
        with self._changed:
            if not self.done():
                self._callbacks.append(fn)
                return
        fn(self)

    def _wait(self, timeout):
        with self._changed:
            if not self.done():
                self._changed.wait_for(self.done, timeout)
            if self._state == _CANCELLED:
                raise exceptions.CancelledError
            if self._state != _FINISHED:
                raise TimeoutError

    def result(self, timeout=None):
        self._wait(timeout)
        if self._exception is not None:
            try:
                raise self._exception
            finally:
                self = None
        return self._result

    def exception(self, timeout=None):
        self._wait(timeout)
        return self._exception

    def set_running_or_notify_cancel(self):
        with self._changed:
            if self._state == _CANCELLED:
                return False
            self._state = _RUNNING
            return True

    def _finish(self, result, exception):
        with self._changed:
            if self.done():
                raise exceptions.InvalidStateError(f"{self._state}: {self!r}")
            self._result, self._exception, self._state = result, exception, _FINISHED
            self._changed.notify_all()
        self._tell()

    def set_result(self, result):
        self._finish(result, None)

    def set_exception(self, exception):
        self._finish(None, exception)

    def _tell(self):
        callbacks, self._callbacks = self._callbacks, []
        for fn in callbacks:
            fn(self)


def ConcurrentFuture():
    """A concurrent.futures.Future; one of our own where the program does not use that package."""
    package = sys.modules.get("concurrent.futures")
    return _OwnFuture() if package is None else package.Future()


class Pool:
    """Threads that are made when there is work and none is idle, up to a limit."""

    def __init__(self, limit=32):
        self._limit, self._threads, self._idle = limit, [], 0
        self._work, self._changed, self._closed = deque(), threading.Condition(), False

    def submit(self, fn, /, *args, **kwargs):
        """Call fn in a thread: a future of the result."""
        future = _OwnFuture()
        with self._changed:
            if self._closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._work.append((future, fn, args, kwargs))
            if self._idle >= len(self._work):
                self._changed.notify()
            elif len(self._threads) < self._limit:
                thread = threading.Thread(target=self._serve, name=f"asyncio_{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
        return future

    def _serve(self):
        while True:
            with self._changed:
                self._idle += 1
                while not self._work and not self._closed:
                    self._changed.wait()
                self._idle -= 1
                if not self._work:
                    return
                future, fn, args, kwargs = self._work.popleft()
            if future.set_running_or_notify_cancel():
                try:
                    result = fn(*args, **kwargs)
                except BaseException as error:
                    future.set_exception(error)
                else:
                    future.set_result(result)
                    del result
            del future, fn, args, kwargs

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Take no more work; wait until what there is has been done."""
        with self._changed:
            self._closed = True
            dropped = list(self._work) if cancel_futures else []
            if cancel_futures:
                self._work.clear()
            self._changed.notify_all()
        for future, *call in dropped:
            future.cancel()
        if wait:
            for thread in self._threads:
                thread.join()
