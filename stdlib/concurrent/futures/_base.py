# SPDX-License-Identifier: MIT
"""Future, what every pool has in common, and waiting for many futures."""
import sys
import threading
from _collections import deque
from time import monotonic

FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED = "FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"
PENDING, RUNNING, CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED = "PENDING", "RUNNING", "CANCELLED", "CANCELLED_AND_NOTIFIED", "FINISHED"
_SHOWN = {PENDING: "pending", RUNNING: "running", CANCELLED: "cancelled", CANCELLED_AND_NOTIFIED: "cancelled", FINISHED: "finished"}
_DONE = (CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED)
TimeoutError = TimeoutError


class Error(Exception):
    """What goes wrong with futures."""


class CancelledError(Error):
    """The future was cancelled."""


class InvalidStateError(Error):
    """The future is not in a state that allows this."""


class BrokenExecutor(RuntimeError):
    """The pool's workers have failed."""


class _Waiter:
    """Collects futures as they end; tells its event when it has what it waits for."""

    def __init__(self, count, stop_at_exception):
        self.event = threading.Event()
        self.lock = threading.Lock()
        self.finished = []
        self.count = count
        self.stop_at_exception = stop_at_exception

    def add(self, future):
        with self.lock:
            self.finished.append(future)
            self.count -= 1
            if self.count <= 0 or self.stop_at_exception and future._state == FINISHED and future._exception:
                self.event.set()


class _Locked:
    """The locks of several futures, taken in one order."""

    def __init__(self, futures):
        self.futures = sorted(futures, key=id)

    def __enter__(self):
        for each in self.futures:
            each._condition.acquire()

    def __exit__(self, *exc):
        for each in self.futures:
            each._condition.release()


class DoneAndNotDoneFutures(tuple):
    """What wait() gives: the futures that are done, and those that are not."""

    __slots__ = ()

    def __new__(cls, done, not_done):
        return tuple.__new__(cls, (done, not_done))

    done = property(lambda self: self[0])
    not_done = property(lambda self: self[1])

    def __repr__(self):
        return f"DoneAndNotDoneFutures(done={self[0]!r}, not_done={self[1]!r})"


def _forget(waiter, futures):
    for each in futures:
        with each._condition:
            if waiter in each._waiters:
                each._waiters.remove(waiter)


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    """Wait for futures, at most timeout seconds: the set of those that are done, and of the others."""
    fs = set(fs)
    with _Locked(fs):
        done = {each for each in fs if each._state in (CANCELLED_AND_NOTIFIED, FINISHED)}
        open_ones = fs - done
        if return_when == FIRST_COMPLETED and done or not open_ones:
            return DoneAndNotDoneFutures(done, open_ones)
        if return_when == FIRST_EXCEPTION and any(each._exception for each in done if each._state == FINISHED):
            return DoneAndNotDoneFutures(done, open_ones)
        if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
            raise ValueError("Invalid return condition: %r" % return_when)
        waiter = _Waiter(1 if return_when == FIRST_COMPLETED else len(open_ones), return_when == FIRST_EXCEPTION)
        for each in open_ones:
            each._waiters.append(waiter)
    waiter.event.wait(timeout)
    _forget(waiter, open_ones)
    done.update(waiter.finished)
    return DoneAndNotDoneFutures(done, fs - done)


def as_completed(fs, timeout=None):
    """The futures, each as soon as it is done."""
    end = None if timeout is None else monotonic() + timeout
    fs = set(fs)
    total = len(fs)
    with _Locked(fs):
        finished = [each for each in fs if each._state in (CANCELLED_AND_NOTIFIED, FINISHED)]
        pending = fs.difference(finished)
        waiter = _Waiter(1, False)
        for each in pending:
            each._waiters.append(waiter)
    del fs
    try:
        yield from _given_up(finished)
        while pending:
            left = None
            if end is not None:
                left = end - monotonic()
                if left < 0:
                    raise TimeoutError("%d (of %d) futures unfinished" % (len(pending), total))
            waiter.event.wait(left)
            with waiter.lock:
                finished, waiter.finished = waiter.finished, []
                waiter.event.clear()
            pending.difference_update(finished)
            yield from _given_up(finished)
    finally:
        _forget(waiter, pending)


def _given_up(futures):
    """Gives the futures and keeps none of them."""
    futures.reverse()
    while futures:
        yield futures.pop()


class Future:
    """A result that is still to come."""

    def __init__(self):
        self._condition = threading.Condition()
        self._state = PENDING
        self._result = self._exception = None
        self._waiters = []
        self._done_callbacks = []

    def _call_back(self):
        for function in self._done_callbacks:
            self._call_one(function)

    def _call_one(self, function):
        try:
            function(self)
        except Exception:
            sys.stderr.write(f"exception calling callback for {self!r}\n")
            sys.__excepthook__(*sys.exc_info())

    def __repr__(self):
        with self._condition:
            text = f"<{type(self).__name__} at {id(self):#x} state={_SHOWN[self._state]}"
            if self._state != FINISHED:
                return text + ">"
            if self._exception:
                return f"{text} raised {type(self._exception).__name__}>"
            return f"{text} returned {type(self._result).__name__}>"

    def cancel(self):
        """Give the result up, if nobody works at it yet."""
        with self._condition:
            if self._state in (RUNNING, FINISHED):
                return False
            if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED):
                return True
            self._state = CANCELLED
            self._condition.notify_all()
        self._call_back()
        return True

    def cancelled(self):
        with self._condition:
            return self._state in (CANCELLED, CANCELLED_AND_NOTIFIED)

    def running(self):
        with self._condition:
            return self._state == RUNNING

    def done(self):
        with self._condition:
            return self._state in _DONE

    def add_done_callback(self, fn):
        """Call fn(self) when it is done; at once if it is."""
        with self._condition:
            if self._state not in _DONE:
                self._done_callbacks.append(fn)
                return
        self._call_one(fn)

    def _await(self, timeout):
        if self._state not in _DONE:
            self._condition.wait_for(lambda: self._state in _DONE, timeout)
        if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED):
            raise CancelledError()
        if self._state != FINISHED:
            raise TimeoutError()

    def result(self, timeout=None):
        """The result; waits for it, at most timeout seconds."""
        try:
            with self._condition:
                self._await(timeout)
                if self._exception:
                    raise self._exception
                return self._result
        finally:
            self = None

    def exception(self, timeout=None):
        """The exception that came instead of a result, or None."""
        with self._condition:
            self._await(timeout)
            return self._exception

    # For the pools
    def set_running_or_notify_cancel(self):
        """Say that work begins; False when the future has been cancelled."""
        with self._condition:
            if self._state == CANCELLED:
                self._state = CANCELLED_AND_NOTIFIED
                for waiter in self._waiters:
                    waiter.add(self)
                return False
            if self._state == PENDING:
                self._state = RUNNING
                return True
            raise RuntimeError("Future in unexpected state")

    def _finish(self, result, exception):
        with self._condition:
            if self._state in _DONE:
                raise InvalidStateError("{}: {!r}".format(self._state, self))
            self._result, self._exception = result, exception
            self._state = FINISHED
            for waiter in self._waiters:
                waiter.add(self)
            self._condition.notify_all()
        self._call_back()

    def set_result(self, result):
        self._finish(result, None)

    def set_exception(self, exception):
        self._finish(None, exception)

    @classmethod
    def __class_getitem__(cls, item):
        from types import GenericAlias
        return GenericAlias(cls, item)


class Executor:
    """What works out results."""

    def submit(self, fn, /, *args, **kwargs):
        """A Future of fn(*args, **kwargs)."""
        raise NotImplementedError()

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        """The results of fn for the items of the iterables, in order."""
        end = None if timeout is None else timeout + monotonic()
        futures = deque(self.submit(fn, *args) for args in zip(*iterables))

        def results():
            try:
                while futures:
                    yield _result_or_cancel(futures.popleft(), None if end is None else end - monotonic())
            finally:
                for each in futures:
                    each.cancel()
        return results()

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Take no more work."""

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.shutdown(wait=True)
        return False


def _result_or_cancel(future, timeout=None):
    try:
        try:
            return future.result(timeout)
        finally:
            future.cancel()
    finally:
        del future
