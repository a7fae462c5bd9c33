# SPDX-License-Identifier: MIT
"""Threads, and the locks and conditions by which they work together, over the primitives of _thread."""
import _thread
import sys as _sys
from _thread import get_ident, get_native_id, stack_size, TIMEOUT_MAX, _local as local
from time import monotonic as _now

__all__ = ["get_ident", "active_count", "Condition", "current_thread", "enumerate", "main_thread", "TIMEOUT_MAX", "Event", "Lock", "RLock",
           "Semaphore", "BoundedSemaphore", "Thread", "Barrier", "BrokenBarrierError", "Timer", "ThreadError", "setprofile", "settrace", "local",
           "stack_size", "excepthook", "ExceptHookArgs", "getprofile", "gettrace", "get_native_id"]

ThreadError = _thread.error
Lock = _thread.allocate_lock
RLock = _thread.RLock
_PyRLock = _CRLock = _thread.RLock
_HAVE_THREAD_NATIVE_ID = True
_trace_hook = _profile_hook = None


def settrace(func):
    """Have every thread that starts from now on call sys.settrace(func)."""
    global _trace_hook
    _trace_hook = func


def setprofile(func):
    """Have every thread that starts from now on call sys.setprofile(func)."""
    global _profile_hook
    _profile_hook = func


def gettrace():
    """The function set by settrace()."""
    return _trace_hook


def getprofile():
    """The function set by setprofile()."""
    return _profile_hook


def _is_old(name, instead):
    import warnings
    warnings.warn(f"{name}() is deprecated, {instead} instead", DeprecationWarning, stacklevel=3)


class Condition:
    """A lock with a queue of threads that wait until another tells them that something has changed."""

    def __init__(self, lock=None):
        self._lock = lock = RLock() if lock is None else lock
        self.acquire = lock.acquire
        self.release = lock.release
        # A lock that knows how to let go of all its levels at once (RLock) is asked to; any other is released once.
        for name in ("_release_save", "_acquire_restore", "_is_owned"):
            if hasattr(lock, name):
                setattr(self, name, getattr(lock, name))
        self._waiters = []

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *exc):
        return self._lock.__exit__(*exc)

    def __repr__(self):
        return f"<Condition({self._lock}, {len(self._waiters)})>"

    def _at_fork_reinit(self):
        self._lock._at_fork_reinit()
        self._waiters.clear()

    def _release_save(self):
        self._lock.release()

    def _acquire_restore(self, state):
        self._lock.acquire()

    def _is_owned(self):
        if self._lock.acquire(False):
            self._lock.release()
            return False
        return True

    def wait(self, timeout=None):
        """Let go of the lock until notified or until `timeout` seconds have passed. False: the time was up."""
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        turn = Lock()
        turn._set_internal()
        turn.acquire()
        self._waiters.append(turn)
        state = self._release_save()
        notified = False
        try:
            if timeout is None:
                notified = turn.acquire()
            else:
                notified = turn.acquire(timeout > 0, timeout if timeout > 0 else -1)
            return notified
        finally:
            self._acquire_restore(state)
            if not notified and turn in self._waiters:
                self._waiters.remove(turn)

    def wait_for(self, predicate, timeout=None):
        """Wait until predicate() is true; its last value is returned, false only if the time was up."""
        deadline = None if timeout is None else _now() + timeout
        while not (result := predicate()):
            left = None if deadline is None else deadline - _now()
            if left is not None and left <= 0:
                break
            self.wait(left)
        return result

    def notify(self, n=1):
        """Wake up to n of the threads that wait, in the order in which they came."""
        if not self._is_owned():
            raise RuntimeError("cannot notify on un-acquired lock")
        while n > 0 and self._waiters:
            try:
                turn = self._waiters.pop(0)
            except IndexError:                   # a signal handler of this thread has notified in between
                break
            turn.release()
            n -= 1

    def notify_all(self):
        """Wake every thread that waits."""
        self.notify(len(self._waiters))

    def notifyAll(self):
        _is_old("notifyAll", "use notify_all()")
        self.notify_all()


class Semaphore:
    """A counter of permits: acquire() takes one, waiting while there is none; release() gives back."""

    def __init__(self, value=1):
        self._value = value
        self._cond = Condition(Lock())
        if self._value < 0:
            raise ValueError("semaphore initial value must be >= 0")

    def __repr__(self):
        cls = type(self)
        return f"<{cls.__module__}.{cls.__qualname__} at {id(self):#x}: value={self._value}>"

    def acquire(self, blocking=True, timeout=None):
        """Take a permit. False: there was none, and none came in time."""
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        with self._cond:
            if not self._value and not blocking:
                return False
            taken = self._cond.wait_for(lambda: self._value > 0, timeout)
            if taken:
                self._value -= 1
            return taken

    def __enter__(self):
        return self.acquire()

    def release(self, n=1):
        """Give back n permits."""
        if n < 1:
            raise ValueError("n must be one or more")
        with self._cond:
            self._check_release(n)
            self._value += n
            self._cond.notify(n)

    def _check_release(self, n):
        pass

    def __exit__(self, *exc):
        self.release()


class BoundedSemaphore(Semaphore):
    """A semaphore that notices when more is released than was acquired."""

    def __init__(self, value=1):
        super().__init__(value)
        self._initial_value = value

    def __repr__(self):
        cls = type(self)
        return f"<{cls.__module__}.{cls.__qualname__} at {id(self):#x}: value={self._value}/{self._initial_value}>"

    def _check_release(self, n):
        if self._value + n > self._initial_value:
            raise ValueError("Semaphore released too many times")


class Event:
    """A flag that threads can wait for."""

    def __init__(self):
        self._cond = Condition(Lock())
        self._flag = False

    def __repr__(self):
        cls = type(self)
        return f"<{cls.__module__}.{cls.__qualname__} at {id(self):#x}: {'set' if self._flag else 'unset'}>"

    def _at_fork_reinit(self):
        self._cond._at_fork_reinit()

    def is_set(self):
        """Whether the flag is set."""
        if self._flag:
            self._cond._lock._note_seen()
        return self._flag

    def isSet(self):
        _is_old("isSet", "use is_set()")
        return self._flag

    def set(self):
        """Set the flag and wake every thread that waits for it."""
        with self._cond:
            self._cond._lock._note_said()
            self._flag = True
            self._cond.notify_all()

    def clear(self):
        """Unset the flag."""
        with self._cond:
            self._flag = False

    def wait(self, timeout=None):
        """Wait until the flag is set; False: the time was up."""
        with self._cond:
            if not self._flag:
                return self._cond.wait(timeout)
            return True


class BrokenBarrierError(RuntimeError):
    pass


class Barrier:
    """A place where `parties` threads wait for each other, again and again.

    States: filling -> (the last one comes) draining -> (the last one goes) filling; resetting empties it by making those
    that wait fail; broken makes everybody fail until reset().
    """

    def __init__(self, parties, action=None, timeout=None):
        self._cond = Condition(Lock())
        self._parties, self._action, self._timeout = parties, action, timeout
        self._count = 0
        self._state = "filling"

    def __repr__(self):
        cls = type(self)
        where = f"<{cls.__module__}.{cls.__qualname__} at {id(self):#x}"
        if self.broken:
            return f"{where}: broken>"
        return f"{where}: waiters={self.n_waiting}/{self.parties}>"

    def wait(self, timeout=None):
        """Wait for the others; a number from 0 to parties - 1, another one for each thread."""
        if timeout is None:
            timeout = self._timeout
        with self._cond:
            self._cond.wait_for(lambda: self._state not in ("draining", "resetting"))
            if self._state == "broken":
                raise BrokenBarrierError
            index = self._count
            self._count += 1
            try:
                if index + 1 == self._parties:
                    self._open()
                else:
                    self._await_opening(timeout)
                return index
            finally:
                self._count -= 1
                if self._count == 0 and self._state in ("draining", "resetting"):
                    self._state = "filling"
                    self._cond.notify_all()

    def _open(self):
        try:
            if self._action:
                self._action()
        except BaseException:
            self._break()
            raise
        self._state = "draining"
        self._cond.notify_all()

    def _await_opening(self, timeout):
        if not self._cond.wait_for(lambda: self._state != "filling", timeout):
            self._break()
            raise BrokenBarrierError
        if self._state in ("broken", "resetting"):
            raise BrokenBarrierError

    def _break(self):
        self._state = "broken"
        self._cond.notify_all()

    def reset(self):
        """Back to the beginning; threads that wait get BrokenBarrierError."""
        with self._cond:
            if self._count > 0:
                self._state = "resetting"
            else:
                self._state = "filling"
            self._cond.notify_all()

    def abort(self):
        """Make this and every later wait() fail until reset()."""
        with self._cond:
            self._break()

    @property
    def parties(self):
        return self._parties

    @property
    def n_waiting(self):
        return self._count if self._state == "filling" else 0

    @property
    def broken(self):
        return self._state == "broken"


# ---- Threads
_table_lock = RLock()            # guards _active and _limbo
_table_lock._set_internal()
_start_new_thread = _thread.start_new_thread
_active = {}                     # ident -> Thread
_limbo = {}                      # started, but not running yet
_shutdown_locks_lock = Lock()
_shutdown_locks_lock._set_internal()
_shutdown_locks = set()          # the sentinels of threads that the program's end waits for
_dangling = []
_counter = 0


def _newname(template="Thread-{}"):
    global _counter
    with _table_lock:
        _counter += 1
        return template.format(_counter)


def _require_init(thread, error, word="Thread"):
    """The thread itself, if the __init__ of its class has called Thread's."""
    if thread._initialized:
        return thread
    raise error(f"{word}.__init__() not {'was ' * (error is AssertionError)}called")


class Thread:
    """A function that runs in a thread of its own."""
    _initialized = False

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        assert group is None, "group argument must be None for now"
        if name is None:
            name = _newname("Thread-{}")
            called = getattr(target, "__name__", None)
            if called is not None:
                name = f"{name} ({called})"
        self._target, self._name = target, str(name)
        self._args, self._kwargs = args, {} if kwargs is None else kwargs
        if daemon is not None and not isinstance(daemon, bool):
            daemon = bool(daemon)
        self._daemonic = current_thread().daemon if daemon is None else daemon
        self._ident = self._native_id = None
        self._tstate_lock = None         # held while the thread runs; released by the interpreter as its last act
        self._started = Event()
        self._started._cond._lock._set_internal()
        self._is_stopped = False
        self._initialized = True
        self._stderr = _sys.stderr
        self._invoke_excepthook = None

    def __repr__(self):
        _require_init(self, AssertionError)
        words = ["initial" if not self._started.is_set() else "started" if self.is_alive() else "stopped"]
        if self._daemonic:
            words.append("daemon")
        if self._ident is not None:
            words.append(str(self._ident))
        return f"<{type(self).__name__}({self._name}, {' '.join(words)})>"

    def start(self):
        """Begin to run; once for each thread."""
        _require_init(self, RuntimeError, "thread")
        if self._started.is_set():
            raise RuntimeError("threads can only be started once")
        with _table_lock:
            _limbo[self] = self
        try:
            _start_new_thread(self._bootstrap, ())
        except BaseException:
            with _table_lock:
                _limbo.pop(self)
            raise
        self._started.wait()

    def run(self):
        """What the thread does: calls the target. Subclasses do something else here."""
        target, args, kwargs = self._target, self._args, self._kwargs
        try:
            if target is not None:
                target(*args, **kwargs)
        finally:
            del self._target, self._args, self._kwargs, target, args, kwargs

    def _bootstrap(self):
        self._enter()
        try:
            self.run()
        except BaseException:
            self._report(_sys.exc_info())
        finally:
            with _table_lock:
                _active.pop(self._ident, None)

    def _enter(self):
        self._ident, self._native_id = get_ident(), get_native_id()
        self._tstate_lock = _thread._set_sentinel()
        self._tstate_lock.acquire()
        _thread._set_name(self._ident, self._name, self._daemonic)
        if not self._daemonic:
            with _shutdown_locks_lock:
                _shutdown_locks.difference_update([lock for lock in _shutdown_locks if not lock.locked()])
                _shutdown_locks.add(self._tstate_lock)
        with _table_lock:
            _active[self._ident] = self
            _limbo.pop(self, None)
        self._started.set()
        if _trace_hook:
            _sys.settrace(_trace_hook)
        if _profile_hook:
            _sys.setprofile(_profile_hook)

    def _report(self, exc_info):
        hook = excepthook
        args = ExceptHookArgs([*exc_info, self])
        try:
            hook(args)
        except BaseException as exc:
            if getattr(_sys, "stderr", None) is not None:
                print("Exception in threading.excepthook:", file=_sys.stderr, flush=True)
                _sys.excepthook(type(exc), exc, exc.__traceback__)
        finally:
            args = None

    def join(self, timeout=None):
        """Wait until the thread has ended, or for at most `timeout` seconds."""
        _require_init(self, RuntimeError)
        if not self._started.is_set():
            raise RuntimeError("cannot join thread before it is started")
        if self is current_thread():
            raise RuntimeError("cannot join current thread")
        self._wait_for_end(-1 if timeout is None else max(timeout, 0))

    def _wait_for_end(self, timeout):
        lock = self._tstate_lock
        if lock is None:
            return
        if timeout == 0:
            ended = lock.acquire(False)
        else:
            ended = lock.acquire(True, timeout)
        if ended:
            lock.release()
            self._stop()

    def _stop(self):
        self._is_stopped = True
        lock, self._tstate_lock = self._tstate_lock, None
        if lock is not None and not self._daemonic:
            with _shutdown_locks_lock:
                _shutdown_locks.discard(lock)

    def is_alive(self):
        """Whether the thread has started and not yet ended."""
        _require_init(self, AssertionError)
        if self._started.is_set() and not self._is_stopped:
            self._wait_for_end(0)
            return not self._is_stopped
        return False

    def _get_name(self):
        _require_init(self, AssertionError)
        return self._name

    def _set_name(self, name):
        _require_init(self, AssertionError)
        self._name = str(name)
        if self._ident is not None:
            _thread._set_name(self._ident, self._name, self._daemonic)

    def _get_daemon(self):
        _require_init(self, AssertionError)
        return self._daemonic

    def _set_daemon(self, daemonic):
        _require_init(self, RuntimeError)
        if self._started.is_set():
            raise RuntimeError("cannot set daemon status of active thread")
        self._daemonic = daemonic

    name = property(_get_name, _set_name, doc="A name for people; it need not be unique.")
    daemon = property(_get_daemon, _set_daemon, doc="Whether the program may end while the thread still runs.")
    ident = property(lambda self: _require_init(self, AssertionError)._ident, doc="The number of the thread, None before it has started.")
    native_id = property(lambda self: _require_init(self, AssertionError)._native_id, doc="The kernel's number of the thread, None before it has started.")

    def isDaemon(self):
        _is_old("isDaemon", "get the daemon attribute")
        return self.daemon

    def setDaemon(self, daemonic):
        _is_old("setDaemon", "set the daemon attribute")
        self.daemon = daemonic

    def getName(self):
        _is_old("getName", "get the name attribute")
        return self.name

    def setName(self, name):
        _is_old("setName", "set the name attribute")
        self.name = name


class ExceptHookArgs(tuple):
    """What threading.excepthook gets: exc_type, exc_value, exc_traceback, thread."""
    __slots__ = ()
    exc_type = property(lambda self: self[0])
    exc_value = property(lambda self: self[1])
    exc_traceback = property(lambda self: self[2])
    thread = property(lambda self: self[3])

    def __repr__(self):
        fields = zip(("exc_type", "exc_value", "exc_traceback", "thread"), self)
        return f"_thread._ExceptHookArgs({', '.join(f'{name}={value!r}' for name, value in fields)})"


def excepthook(args):
    """Report an exception that nobody caught in a thread."""
    if args.exc_type is SystemExit:
        return
    stderr = _sys.stderr
    if stderr is None:
        stderr = args.thread._stderr if args.thread is not None else None
        if stderr is None:
            return
    name = args.thread.name if args.thread is not None else get_ident()
    print(f"Exception in thread {name}:", file=stderr, flush=True)
    if _sys.stderr is None:                  # the thread has lost it, but knew it when it was made
        from traceback import print_exception
        print_exception(args.exc_type, args.exc_value, args.exc_traceback, file=stderr)
    else:
        _sys.__excepthook__(args.exc_type, args.exc_value, args.exc_traceback)
    stderr.flush()


__excepthook__ = excepthook


class Timer(Thread):
    """Calls a function after so many seconds, unless cancelled before."""

    def __init__(self, interval, function, args=None, kwargs=None):
        super().__init__()
        self.interval, self.function = interval, function
        self.args = [] if args is None else args
        self.kwargs = {} if kwargs is None else kwargs
        self.finished = Event()

    def cancel(self):
        """Stop the timer if it has not gone off."""
        self.finished.set()

    def run(self):
        if not self.finished.wait(self.interval):
            self.function(*self.args, **self.kwargs)
            self.finished.set()


def _held_lock():
    """What join() of the main thread waits for: _shutdown() releases it."""
    lock = Lock()
    lock._set_internal()
    lock.acquire()
    return lock


class _MainThread(Thread):
    """The thread in which the program began."""

    def __init__(self):
        self._daemonic = False
        super().__init__(name="MainThread", daemon=False)
        self._ident, self._native_id = get_ident(), get_native_id()
        self._tstate_lock = _held_lock()
        self._started.set()
        _thread._set_name(self._ident, self._name, False)
        _active[self._ident] = self


class _DummyThread(Thread):
    """A thread that was not started by this module."""

    def __init__(self):
        super().__init__(name=_newname("Dummy-{}"), daemon=True)
        self._started.set()
        self._ident, self._native_id = get_ident(), get_native_id()
        with _table_lock:
            _active[self._ident] = self

    def is_alive(self):
        return True

    def join(self, timeout=None):
        assert False, "cannot join a dummy thread"


def current_thread():
    """The Thread that runs this call."""
    thread = _active.get(get_ident())
    return _DummyThread() if thread is None else thread


def currentThread():
    _is_old("currentThread", "use current_thread()")
    return current_thread()


def enumerate():
    """A list of the threads that are alive."""
    with _table_lock:
        return [*_active.values(), *_limbo.values()]


def _enumerate():
    return [*_active.values(), *_limbo.values()]


def active_count():
    """How many threads are alive."""
    with _table_lock:
        return len(_active) + len(_limbo)


def activeCount():
    _is_old("activeCount", "use active_count()")
    return active_count()


def main_thread():
    """The thread in which the program began."""
    return _main_thread


_atexit_calls = []
_shutting_down = False


def _register_atexit(func, *args, **kwargs):
    """Call func before the program's end waits for its threads."""
    if _shutting_down:
        raise RuntimeError("can't register atexit after shutdown")
    _atexit_calls.append(lambda: func(*args, **kwargs))


def _shutdown():
    """The program has ended: wait for the threads that are no daemons."""
    global _shutting_down
    if _main_thread._is_stopped:
        return
    _shutting_down = True
    for call in reversed(_atexit_calls):
        call()
    lock = _main_thread._tstate_lock
    _main_thread._stop()
    if lock is not None:
        lock.release()
    while True:
        with _shutdown_locks_lock:
            locks = list(_shutdown_locks)
            _shutdown_locks.clear()
        if not locks:
            break
        for lock in locks:
            if not _thread._is_deadlocked(lock):        # reported: the thread will never end
                lock.acquire()
                lock.release()


def _after_fork():
    """In a child process: only the thread that forked is there."""
    global _table_lock, _shutdown_locks_lock, _main_thread
    _table_lock = RLock()
    _shutdown_locks_lock = Lock()
    _shutdown_locks.clear()
    here = current_thread()
    _main_thread = here
    for thread in [*_active.values(), *_limbo.values()]:
        thread._started._at_fork_reinit()
        if thread is here:
            thread._tstate_lock = _held_lock()
            thread._ident, thread._native_id = get_ident(), get_native_id()
        else:
            thread._is_stopped = True
            thread._tstate_lock = None
    _limbo.clear()
    _active.clear()
    _active[here._ident] = here


_main_thread = None


def _make_main_thread():
    global _main_thread
    _main_thread = object.__new__(_MainThread)
    _active[get_ident()] = _main_thread
    _main_thread._daemonic = False
    _main_thread.__init__()


_make_main_thread()
_thread._after_fork_call(_after_fork)
