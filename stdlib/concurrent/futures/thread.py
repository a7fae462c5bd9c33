# SPDX-License-Identifier: MIT
"""A pool of threads."""
import itertools
import posix
import queue
import sys
import threading
import _weakref
from concurrent.futures import _base

_threads_queues = {}             # thread -> its pool's queue [_shutdown_lock]
_shutdown = False
_shutdown_lock = threading.Lock()


def _at_exit():
    """The program has ended: the workers do what they have, and end."""
    global _shutdown
    with _shutdown_lock:
        _shutdown = True
        items = list(_threads_queues.items())
    for thread, work in items:
        work.put(None)
    for thread, work in items:
        thread.join()


threading._register_atexit(_at_exit)
posix.register_at_fork(before=_shutdown_lock.acquire, after_in_child=_shutdown_lock._at_fork_reinit, after_in_parent=_shutdown_lock.release)


class BrokenThreadPool(_base.BrokenExecutor):
    """The initializer of a thread failed."""


class _WorkItem:
    """A call that was submitted, and the future of its result."""

    __slots__ = ("future", "fn", "args", "kwargs")
    __class_getitem__ = classmethod(type(list[int]))

    def __init__(self, future, fn, args, kwargs):
        self.future, self.fn, self.args, self.kwargs = future, fn, args, kwargs

    def run(self):
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.fn(*self.args, **self.kwargs)
        except BaseException as error:
            self.future.set_exception(error)
            self = None              # the traceback refers to this frame
        else:
            self.future.set_result(result)


def _work(pool_reference, work_queue, initializer, initargs):
    """What a thread of a pool does. It refers to the pool only weakly, so that a forgotten pool ends."""
    try:
        if initializer is not None:
            try:
                initializer(*initargs)
            except BaseException:
                sys.stderr.write("Exception in initializer:\n")
                sys.__excepthook__(*sys.exc_info())
                pool = pool_reference()
                if pool is not None:
                    pool._initializer_failed()
                return
        while True:
            try:
                work = work_queue.get_nowait()
            except queue.Empty:
                pool = pool_reference()
                if pool is not None:
                    pool._idle.release()
                del pool
                work = work_queue.get()
            if work is not None:
                work.run()
                del work
                continue
            pool = pool_reference()
            if _shutdown or pool is None or pool._shutdown:
                if pool is not None:
                    pool._shutdown = True
                work_queue.put(None)         # for the other threads
                return
            del pool
    finally:
        _threads_queues.pop(threading.current_thread(), None)


class ThreadPoolExecutor(_base.Executor):
    """Threads that work off calls."""

    _counter = itertools.count().__next__

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        self._max_workers = min(32, (posix.cpu_count() or 1) + 4) if max_workers is None else max_workers
        if self._max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if not (initializer is None or callable(initializer)):
            raise TypeError("initializer must be a callable")
        self._initializer, self._initargs = initializer, initargs
        self._thread_name_prefix = thread_name_prefix or f"ThreadPoolExecutor-{self._counter()}"
        self._threads = set()
        self._idle = threading.Semaphore(0)          # as many permits as threads found nothing to do
        self._work_queue = queue.SimpleQueue()
        self._shutdown_lock = threading.Lock()       # guards the two below
        self._broken = self._shutdown = False

    def submit(self, fn, /, *args, **kwargs):
        future = _base.Future()
        with self._shutdown_lock, _shutdown_lock:
            self._check_open()
            self._work_queue.put(_WorkItem(future, fn, args, kwargs))
            self._adjust_thread_count()
        return future

    def _check_open(self):
        if self._broken:
            raise BrokenThreadPool(self._broken)
        for closed, when in ((self._shutdown, "shutdown"), (_shutdown, "interpreter shutdown")):
            if closed:
                raise RuntimeError(f"cannot schedule new futures after {when}")

    submit.__doc__ = _base.Executor.submit.__doc__

    def _adjust_thread_count(self):
        if self._idle.acquire(timeout=0) or len(self._threads) >= self._max_workers:
            return
        work = self._work_queue
        thread = threading.Thread(name="%s_%d" % (self._thread_name_prefix, len(self._threads)), target=_work,
                                  args=(_weakref.ref(self, lambda dead: work.put(None)), work, self._initializer, self._initargs))
        # The program's end waits for it through _at_exit(), which tells it to end first
        thread._daemonic = True
        _threads_queues[thread] = work
        thread.start()
        self._threads.add(thread)

    def _drain(self, what):
        while True:
            try:
                work = self._work_queue.get_nowait()
            except queue.Empty:
                return
            if work is not None:
                what(work[0])

    def _initializer_failed(self):
        with self._shutdown_lock:
            self._broken = "A thread initializer failed, the thread pool is not usable anymore"
            self._drain(lambda future: future.set_exception(BrokenThreadPool(self._broken)))

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Take no more work; with wait, wait for what there is."""
        with self._shutdown_lock:
            self._shutdown = True
            if cancel_futures:
                self._drain(lambda future: future.cancel())
            self._work_queue.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
