# SPDX-License-Identifier: MIT
"""Processes that work off tasks.

The workers read tasks from one pipe and write results to another. In the parent one thread writes the tasks, one reads
the results, and one keeps the number of workers up; none of them holds a lock while it waits.
"""
import itertools
import posix
import queue
import threading
import _multiprocessing
from _collections import deque
from multiprocessing import queues, util
from multiprocessing.context import TimeoutError, _fork

__all__ = ["Pool", "ThreadPool"]

INIT, RUN, CLOSE, TERMINATE = "INIT", "RUN", "CLOSE", "TERMINATE"
_job_numbers = itertools.count()


class RemoteTraceback(Exception):
    """Where an exception came from in the worker."""

    def __init__(self, tb):
        self.tb = tb

    def __str__(self):
        return self.tb


class ExceptionWithTraceback:
    """An exception on its way to the parent."""

    def __init__(self, exc):
        self.exc = exc
        self.tb = f'\n"""\n{util.traceback_text(exc)}"""'
        exc.__traceback__ = None

    def __reduce__(self):
        return _rebuild_exception, (self.exc, self.tb)


def _rebuild_exception(exc, tb):
    exc.__cause__ = RemoteTraceback(tb)
    return exc


class MaybeEncodingError(Exception):
    """A result cannot be sent."""

    def __init__(self, exc, value):
        self.exc = repr(exc)
        self.value = repr(value)
        super().__init__(self.exc, self.value)

    def __str__(self):
        return f"Error sending result: '{self.value}'. Reason: '{self.exc}'"


def _map_chunk(task):
    func, items = task
    return [func(item) for item in items]


def _raise(error):
    raise error


def _starmap_chunk(task):
    func, items = task
    return [func(*item) for item in items]


def worker(inqueue, outqueue, initializer=None, initargs=(), maxtasks=None, wrap=True):
    """What a worker does until it gets None or has done maxtasks tasks."""
    if initializer is not None:
        initializer(*initargs)
    done = 0
    while maxtasks is None or done < maxtasks:
        try:
            task = inqueue.get()
        except (EOFError, OSError):
            break
        if task is None:
            break
        job, part, func, args, kwargs = task
        try:
            result = True, func(*args, **kwargs)
        except Exception as error:
            result = False, ExceptionWithTraceback(error) if wrap else error
        try:
            outqueue.put((job, part, result))
        except Exception as error:
            outqueue.put((job, part, (False, MaybeEncodingError(error, result[1]))))
        task = job = result = func = args = kwargs = None
        done += 1


class Pool:
    """A number of worker processes."""

    _wraps = True

    def __init__(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None, context=None):
        self._pool = []
        self._state = INIT
        self._ctx = context or _fork
        if processes is None:
            processes = posix.cpu_count() or 1
        if processes < 1:
            raise ValueError("Number of processes must be at least 1")
        if maxtasksperchild is not None and (not isinstance(maxtasksperchild, int) or maxtasksperchild <= 0):
            raise ValueError("maxtasksperchild must be a positive int or None")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._processes, self._initializer, self._initargs, self._maxtasks = processes, initializer, initargs, maxtasksperchild
        self._cache = {}
        self._tasks = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._make_queues()
        try:
            self._repopulate_pool()
        except Exception:
            for each in self._pool:
                each.terminate()
            for each in self._pool:
                each.join()
            raise
        self._state = RUN
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._write_tasks, self._keep_workers, self._read_results)]
        for thread in self._threads:
            thread.start()
        self._forget_exit = util.at_exit(self._terminate, 15)

    # Workers
    def _make_queues(self):
        self._inqueue, self._outqueue = queues.SimpleQueue(), queues.SimpleQueue()
        self._wake_reader, self._wake_writer = posix.pipe()

    def _make_worker(self):
        made = self._ctx.Process(target=worker, args=(self._inqueue, self._outqueue, self._initializer, self._initargs, self._maxtasks, self._wraps))
        made._name = made.name.replace("Process", "PoolWorker")
        made.daemon = True
        return made

    def _repopulate_pool(self):
        while len(self._pool) < self._processes:
            made = self._make_worker()
            made.start()
            self._pool.append(made)

    def _keep_workers(self):
        while True:
            with self._changed:
                if self._state == CLOSE and not self._cache or self._state == TERMINATE:
                    break
                self._changed.wait(0.1)
            gone = [each for each in self._pool if not each.is_alive()]
            if gone and self._state != TERMINATE:
                self._pool = [each for each in self._pool if each not in gone]
                self._repopulate_pool()
        self._tasks.put(None)

    def _write_tasks(self):
        """Hands the tasks on. An imap()'s are made one after the other, as the workers' pipe takes them: they may be without end."""
        while (tasks := self._tasks.get()) is not None:
            for task in tasks:
                if self._state == TERMINATE:
                    return
                self._write_task(task)
                task = None                # what it refers to may go
            tasks = None
        if self._state != TERMINATE:
            for _ in range(len(self._pool)):
                self._inqueue.put(None)

    def _write_task(self, task):
        try:
            self._inqueue.put(task)
        except Exception as error:
            job = self._cache.get(task[0])
            if job is not None:
                job._set(task[1], (False, error))

    def _next_result(self):
        """The next result of a worker; None when there will be none."""
        reader = self._outqueue._reader
        found = _multiprocessing.ready((reader.fileno(), self._wake_reader), None)
        return reader.recv() if reader.fileno() in found and self._state != TERMINATE else None

    def _read_results(self):
        while True:
            try:
                result = self._next_result()
            except (EOFError, OSError):
                break
            if result is None:
                break
            job = self._cache.get(result[0])
            if job is not None:
                job._set(result[1], result[2])
            job = result = None

    # Tasks
    def _check_running(self):
        if self._state != RUN:
            raise ValueError("Pool not running")

    def apply(self, func, args=(), kwds={}):
        """func(*args, **kwds), done by a worker."""
        return self.apply_async(func, args, kwds).get()

    def apply_async(self, func, args=(), kwds={}, callback=None, error_callback=None):
        """The same; gives an AsyncResult at once."""
        self._check_running()
        result = ApplyResult(self, callback, error_callback)
        self._tasks.put(((result._job, 0, func, tuple(args), dict(kwds)),))
        return result

    def map(self, func, iterable, chunksize=None):
        """[func(item) for item in iterable], done by the workers."""
        return self._map_async(func, iterable, _map_chunk, chunksize).get()

    def starmap(self, func, iterable, chunksize=None):
        """[func(*item) for item in iterable], done by the workers."""
        return self._map_async(func, iterable, _starmap_chunk, chunksize).get()

    def map_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        return self._map_async(func, iterable, _map_chunk, chunksize, callback, error_callback)

    def starmap_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        return self._map_async(func, iterable, _starmap_chunk, chunksize, callback, error_callback)

    def _map_async(self, func, iterable, mapper, chunksize=None, callback=None, error_callback=None):
        self._check_running()
        items = list(iterable)
        if chunksize is None:
            chunksize, rest = divmod(len(items), self._processes * 4)
            chunksize += bool(rest)
        if items and chunksize < 1:
            raise ValueError("Chunksize must be 1+, not {0}".format(chunksize))
        result = MapResult(self, chunksize or 1, len(items), callback, error_callback)
        starts = range(0, len(items), chunksize or 1)
        self._tasks.put((result._job, part, mapper, ((func, items[start:start + chunksize]),), {}) for part, start in enumerate(starts))
        return result

    def imap(self, func, iterable, chunksize=1):
        """An iterator over the results, in order."""
        return self._imap(func, iterable, chunksize, IMapIterator)

    def imap_unordered(self, func, iterable, chunksize=1):
        """An iterator over the results, as they come."""
        return self._imap(func, iterable, chunksize, IMapUnorderedIterator)

    def _imap(self, func, iterable, chunksize, kind):
        self._check_running()
        if chunksize < 1:
            raise ValueError("Chunksize must be 1+, not {0:n}".format(chunksize))
        result = kind(self)
        self._tasks.put(self._imap_tasks(result, func, iterable, chunksize))
        return result if chunksize == 1 else (item for chunk in result for item in chunk)

    @staticmethod
    def _imap_tasks(result, func, iterable, chunksize):
        """The tasks of an imap(), as the iterable gives them. What it raises comes out where its next item would have."""
        part = 0
        try:
            source = iter(iterable)
            while items := list(itertools.islice(source, chunksize)):
                if chunksize == 1:
                    yield result._job, part, func, tuple(items), {}
                else:
                    yield result._job, part, _map_chunk, ((func, items),), {}
                part += 1
        except Exception as error:
            yield result._job, part, _raise, (error,), {}
            part += 1
        result._set_length(part)

    # The end
    def close(self):
        """No more tasks; the workers end when they have done what there is."""
        if self._state == RUN:
            with self._changed:
                self._state = CLOSE
                self._changed.notify_all()

    def terminate(self):
        """End the workers at once."""
        self._terminate()

    def join(self):
        """Wait for the workers; close() or terminate() goes first."""
        if self._state == RUN:
            raise ValueError("Pool is still running")
        if self._state not in (CLOSE, TERMINATE):
            raise ValueError("In unknown state")
        self._threads[1].join()
        self._threads[0].join()
        for each in self._pool:
            each.join()
        self._wake()
        self._threads[2].join(5)
        self._forget_exit()

    def _wake(self):
        if self._wake_writer is not None:
            posix.write(self._wake_writer, b".")

    def _terminate(self):
        if self._state == TERMINATE:
            return
        with self._changed:
            self._state = TERMINATE
            self._changed.notify_all()
        self._threads[1].join()
        self._end_workers()
        self._free_writer()
        self._wake()
        self._threads[2].join(5)
        self._forget_exit()

    def _end_workers(self):
        for each in self._pool:
            each.terminate()
        for each in self._pool:
            each.join()

    def _free_writer(self):
        """Takes out what nobody will work on, so that the thread that writes tasks is not kept by a full pipe."""
        left = self._inqueue._reader.fileno()
        while self._threads[0].is_alive():
            if _multiprocessing.ready((left,), 0.01):
                posix.read(left, 1 << 16)

    def __enter__(self):
        self._check_running()
        return self

    def __exit__(self, *exc):
        self.terminate()

    def __reduce__(self):
        raise NotImplementedError("pool objects cannot be passed between processes or pickled")

    def __del__(self):
        if self._state == RUN:
            import warnings
            warnings.warn(f"unclosed running multiprocessing pool {self!r}", ResourceWarning, source=self)
            with self._changed:
                self._state = CLOSE
                self._changed.notify_all()

    def __repr__(self):
        cls = type(self)
        return f"<{cls.__module__}.{cls.__qualname__} state={self._state} pool_size={len(self._pool)}>"


class ApplyResult:
    """A result that is there, or will be."""

    def __init__(self, pool, callback, error_callback):
        self._pool = pool
        self._event = threading.Event()
        self._job = next(_job_numbers)
        self._callback, self._error_callback = callback, error_callback
        pool._cache[self._job] = self

    def ready(self):
        return self._event.is_set()

    def successful(self):
        if not self.ready():
            raise ValueError(f"{self!r} not ready")
        return self._success

    def wait(self, timeout=None):
        self._event.wait(timeout)

    def get(self, timeout=None):
        """The result; waits for it, at most timeout seconds. What the worker raised is raised."""
        self.wait(timeout)
        if not self.ready():
            raise TimeoutError
        if self._success:
            return self._value
        raise self._value

    def _set(self, part, result):
        self._finish(*result)

    def _finish(self, success, value):
        self._success, self._value = success, value
        if success and self._callback:
            self._callback(value)
        if not success and self._error_callback:
            self._error_callback(value)
        self._event.set()
        self._leave_pool()

    def _leave_pool(self):
        pool, self._pool = self._pool, None
        with pool._changed:
            pool._cache.pop(self._job, None)
            pool._changed.notify_all()


AsyncResult = ApplyResult


class MapResult(ApplyResult):
    """The results of a map, chunk by chunk."""

    def __init__(self, pool, chunksize, length, callback, error_callback):
        ApplyResult.__init__(self, pool, callback, error_callback)
        self._success, self._value = True, [None] * length
        self._chunksize = chunksize
        self._left = -(-length // chunksize)
        if length == 0:
            self._event.set()
            self._leave_pool()

    def _set(self, part, result):
        success, value = result
        self._left -= 1
        if not success and self._success:
            self._success, self._value = False, value
        elif success and self._success:
            self._value[part * self._chunksize:(part + 1) * self._chunksize] = value
        if self._left == 0:
            self._finish(self._success, self._value)


class IMapIterator:
    """The results of imap()."""

    def __init__(self, pool):
        self._pool = pool
        self._cond = threading.Condition()
        self._job = next(_job_numbers)
        self._items = deque()
        self._waiting = {}         # results that came before their turn
        self._index = 0
        self._length = None
        pool._cache[self._job] = self

    def __iter__(self):
        return self

    def next(self, timeout=None):
        with self._cond:
            if not self._items:
                if self._index == self._length:
                    raise StopIteration
                if not self._cond.wait_for(lambda: self._items or self._index == self._length, timeout):
                    raise TimeoutError
                if not self._items:
                    raise StopIteration
            success, value = self._items.popleft()
        if success:
            return value
        raise value

    __next__ = next

    def _set(self, part, result):
        with self._cond:
            self._waiting[part] = result
            while self._index in self._waiting:
                self._items.append(self._waiting.pop(self._index))
                self._index += 1
            self._cond.notify_all()
        self._check_end()

    def _set_length(self, length):
        with self._cond:
            self._length = length
            self._cond.notify_all()
        self._check_end()

    def _check_end(self):
        if self._index == self._length and self._pool is not None:
            ApplyResult._leave_pool(self)


class IMapUnorderedIterator(IMapIterator):
    """The results of imap_unordered()."""

    def _set(self, part, result):
        with self._cond:
            self._items.append(result)
            self._index += 1
            self._cond.notify_all()
        self._check_end()


class _ThreadWorker(threading.Thread):
    """A thread as a pool's worker."""

    def terminate(self):
        """A thread is not ended from outside: it ends when it is given None."""


class ThreadPool(Pool):
    """A pool whose workers are threads."""

    _wraps = False

    def __init__(self, processes=None, initializer=None, initargs=()):
        Pool.__init__(self, processes, initializer, initargs)

    def _make_queues(self):
        self._inqueue, self._outqueue = queue.SimpleQueue(), queue.SimpleQueue()
        self._wake_writer = None

    def _make_worker(self):
        return _ThreadWorker(target=worker, args=(self._inqueue, self._outqueue, self._initializer, self._initargs, self._maxtasks, self._wraps), daemon=True)

    def _next_result(self):
        return self._outqueue.get()

    def _wake(self):
        self._outqueue.put(None)

    def _free_writer(self):
        """It is never kept: a queue between threads is never full."""

    def _end_workers(self):
        self._threads[0].join()
        while not self._inqueue.empty():        # what nobody will work on
            try:
                self._inqueue.get_nowait()
            except queue.Empty:
                break
        for _ in self._pool:
            self._inqueue.put(None)
        for each in self._pool:
            each.join(0.5)
