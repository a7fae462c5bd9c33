# SPDX-License-Identifier: MIT
"""A pool of processes. One thread of the parent hands out the calls, takes the results, and sees when a worker dies."""
import posix
import threading
import _multiprocessing
import _weakref
from _collections import deque
from concurrent.futures import _base
from multiprocessing import connection, context as _context, pool as _pool, queues

_managers = set()                # the threads of the pools that run [GIL]


def _check_system_limits():
    """NotImplementedError where the system has too few semaphores for a pool."""
    try:
        most = posix.sysconf("SC_SEM_NSEMS_MAX")
    except (OSError, ValueError):
        return
    if 0 <= most < 256:
        raise NotImplementedError(f"system provides too few semaphores ({most} available, 256 necessary)")


class BrokenProcessPool(_base.BrokenExecutor):
    """A worker ended while it worked."""


_BROKEN = "A process in the process pool was terminated abruptly while the future was running or pending."


class _RemoteTraceback(Exception):
    def __init__(self, tb):
        self.tb = tb

    def __str__(self):
        return self.tb


class _ExceptionWithTraceback:
    def __init__(self, exc):
        wrapped = _pool.ExceptionWithTraceback(exc)
        self.exc, self.tb = wrapped.exc, wrapped.tb

    def __reduce__(self):
        return _rebuild_exc, (self.exc, self.tb)


def _rebuild_exc(exc, tb):
    exc.__cause__ = _RemoteTraceback(tb)
    return exc


def _process_chunk(fn, chunk):
    return [fn(*args) for args in chunk]


def _work(calls, results, initializer, initargs, most):
    """What a worker does until it gets None or has done `most` calls."""
    if initializer is not None:
        try:
            initializer(*initargs)
        except BaseException:
            import sys
            sys.stderr.write("Exception in initializer:\n")
            sys.__excepthook__(*sys.exc_info())
            return
    done = 0
    while most is None or done < most:
        call = calls.get()
        if call is None:
            break
        number, function, args, kwargs = call
        try:
            answer = number, True, function(*args, **kwargs)
        except BaseException as error:
            answer = number, False, _ExceptionWithTraceback(error)
        done += 1
        try:
            results.put((*answer, done == most and posix.getpid()))
        except Exception as error:
            results.put((number, False, _ExceptionWithTraceback(error), done == most and posix.getpid()))
        call = answer = function = args = kwargs = None


def _at_exit():
    for manager in list(_managers):
        manager.stop()
    for manager in list(_managers):
        manager.join()


threading._register_atexit(_at_exit)


class _Manager(threading.Thread):
    """Hands out calls and takes results. Its lock guards `pending`, `work` and `stopping`."""

    def __init__(self, workers, initializer, initargs, most):
        threading.Thread.__init__(self, daemon=True)
        self.lock = threading.Lock()
        self.calls, self.results = queues.SimpleQueue(), queues.SimpleQueue()
        self.wake_reader, self.wake_writer = connection.Pipe(duplex=False)
        self.count, self.arguments = workers, (self.calls, self.results, initializer, initargs, most)
        self.pending = {}            # number -> (future, function, args, kwargs)
        self.work = deque()          # numbers not handed out yet
        self.handed_out = set()
        self.next_number = 0
        self.stopping = False
        self.broken = None
        self.processes = {}

    def add_workers(self):
        while len(self.processes) < self.count:
            made = _context.ForkProcess(target=_work, args=self.arguments)
            made.start()
            self.processes[made.pid] = made

    def stop(self, cancel=False):
        with self.lock:
            if cancel:
                for number in list(self.work):
                    if self.pending[number][0].cancel():
                        del self.pending[number]
                        self.work.remove(number)
            self.stopping = True
            self.wake()

    def wake(self):
        if not self.wake_writer.closed:
            self.wake_writer.send_bytes(b"")

    def submit(self, function, args, kwargs):
        future = _base.Future()
        with self.lock:
            self.pending[self.next_number] = future, function, args, kwargs
            self.work.append(self.next_number)
            self.next_number += 1
            self.wake()
        return future

    def hand_out(self):
        """One call more than there are workers is underway, so that none has to wait."""
        while True:
            with self.lock:
                if not self.work or len(self.handed_out) > self.count:
                    return
                number = self.work.popleft()
                future, function, args, kwargs = self.pending[number]
            if not future.set_running_or_notify_cancel():
                self.pending.pop(number)
                continue
            try:
                self.calls.put((number, function, args, kwargs))
                self.handed_out.add(number)
            except Exception as error:
                self.pending.pop(number)
                future.set_exception(error)
            future = function = args = kwargs = None

    def run(self):
        while True:
            self.hand_out()
            with self.lock:
                if self.stopping and not self.pending:
                    break
            sentinels = {each.sentinel: each for each in self.processes.values()}
            reader, waker = self.results._reader.fileno(), self.wake_reader.fileno()
            found = _multiprocessing.ready([reader, waker, *sentinels], None)
            if waker in found:
                self.wake_reader.recv_bytes()
            if reader in found:
                self.take(self.results._reader.recv())
            elif waker not in found:
                return self.fail([sentinels[each] for each in found])
        for _ in self.processes:
            self.calls.put(None)
        self.end()

    def take(self, result):
        number, success, value, last_of = result
        self.handed_out.discard(number)
        future = self.pending.pop(number)[0]
        if last_of:
            self.processes.pop(last_of).join()
            self.add_workers()
        if success:
            future.set_result(value)
        else:
            future.set_exception(value)

    def fail(self, dead):
        with self.lock:
            self.broken = "A child process terminated abruptly, the process pool is not usable anymore"
            pending, self.pending = self.pending, {}
        for future, *rest in pending.values():
            if future.done():
                continue
            future.set_exception(BrokenProcessPool(_BROKEN))
        for each in self.processes.values():
            each.terminate()
        self.end()

    def end(self):
        for each in self.processes.values():
            each.join()
        with self.lock:
            self.wake_writer.close()
        _managers.discard(self)


class ProcessPoolExecutor(_base.Executor):
    """Processes that work off calls."""

    def __init__(self, max_workers=None, mp_context=None, initializer=None, initargs=(), *, max_tasks_per_child=None):
        _check_system_limits()
        if max_workers is None:
            max_workers = posix.cpu_count() or 1
        elif max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        if max_tasks_per_child is not None:
            if not isinstance(max_tasks_per_child, int):
                raise TypeError("max_tasks_per_child must be an integer")
            if max_tasks_per_child <= 0:
                raise ValueError("max_tasks_per_child must be >= 1")
        self._max_workers = max_workers
        self._manager = _Manager(max_workers, initializer, initargs, max_tasks_per_child)
        self._started = False
        self._shutdown_thread = False
        self._lock = threading.Lock()

    @property
    def _processes(self):
        return self._manager.processes

    def submit(self, fn, /, *args, **kwargs):
        with self._lock:
            if self._manager.broken:
                raise BrokenProcessPool(self._manager.broken)
            if self._shutdown_thread:
                raise RuntimeError("cannot schedule new futures after shutdown")
            if threading._shutting_down:
                raise RuntimeError("cannot schedule new futures after interpreter shutdown")
            if not self._started:
                self._started = True
                self._manager.add_workers()
                _managers.add(self._manager)
                self._manager.start()
                manager = self._manager
                self._forgotten = _weakref.ref(self, lambda dead: manager.stop())
            return self._manager.submit(fn, args, kwargs)

    submit.__doc__ = _base.Executor.submit.__doc__

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        """The results of fn for the items of the iterables, in order; chunksize items go to a worker at a time."""
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        items = list(zip(*iterables))
        chunks = [items[i:i + chunksize] for i in range(0, len(items), chunksize)]
        results = _base.Executor.map(self, _process_chunk, [fn] * len(chunks), chunks, timeout=timeout)
        return (item for chunk in results for item in chunk)

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Take no more work; with wait, wait for what there is."""
        with self._lock:
            self._shutdown_thread = True
        if self._started:
            self._manager.stop(cancel_futures)
            if wait:
                self._manager.join()
