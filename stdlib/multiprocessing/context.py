# SPDX-License-Identifier: MIT
"""The ways to start processes; here there is one: fork."""
import posix
from multiprocessing import process

__all__ = []


class ProcessError(Exception):
    pass


class BufferTooShort(ProcessError):
    pass


class TimeoutError(ProcessError):
    pass


class AuthenticationError(ProcessError):
    pass


class Process(process.BaseProcess):
    """A function that runs, or is to run, in a process of its own."""

    _start_method = None


Process.__module__ = "multiprocessing.context"


def _maker(module, name):
    def make(self, /, *args, **kwargs):
        return getattr(__import__("multiprocessing." + module, fromlist=(name,)), name)(*args, **kwargs)

    make.__name__, make.__qualname__ = name, "BaseContext." + name
    return make


class BaseContext:
    """What `multiprocessing` offers, for one way to start processes."""

    Process, ProcessError, AuthenticationError, BufferTooShort, TimeoutError = Process, ProcessError, AuthenticationError, BufferTooShort, TimeoutError
    current_process, parent_process, active_children = map(staticmethod, (process.current_process, process.parent_process, process.active_children))
    _name = "fork"

    def cpu_count(self):
        """The number of CPUs in the system."""
        if known := posix.cpu_count():
            return known
        raise NotImplementedError("cannot determine number of cpus")

    # What is made from a module of the package, which is imported when the first one is made: a program that only starts
    # processes loads no queues.
    Pipe = _maker("connection", "Pipe")
    Lock, RLock, Condition = _maker("synchronize", "Lock"), _maker("synchronize", "RLock"), _maker("synchronize", "Condition")
    Semaphore, BoundedSemaphore = _maker("synchronize", "Semaphore"), _maker("synchronize", "BoundedSemaphore")
    Event, Barrier = _maker("synchronize", "Event"), _maker("synchronize", "Barrier")
    Queue, JoinableQueue, SimpleQueue = _maker("queues", "Queue"), _maker("queues", "JoinableQueue"), _maker("queues", "SimpleQueue")
    Pool = _maker("pool", "Pool")
    RawValue, RawArray = _maker("sharedctypes", "RawValue"), _maker("sharedctypes", "RawArray")
    Value, Array = _maker("sharedctypes", "Value"), _maker("sharedctypes", "Array")

    def freeze_support(self):
        """Nothing: it is for frozen programs of Windows."""

    def get_context(self, method=None):
        return _context(method) if method is not None else self

    def get_start_method(self, allow_none=False):
        return self._name

    def set_start_method(self, method, force=False):
        raise ValueError("cannot set start method of concrete context")


class ForkContext(BaseContext):
    pass


class DefaultContext(BaseContext):
    """The module's own context, whose way can be set once."""

    def __init__(self):
        self._chosen = False

    def get_context(self, method=None):
        return _fork if method is None else _context(method)

    def set_start_method(self, method, force=False):
        if self._chosen and not force:
            raise RuntimeError("context has already been set")
        if method is None and force:
            self._chosen = False
            return
        _context(method)
        self._chosen = True

    def get_start_method(self, allow_none=False):
        if allow_none and not self._chosen:
            return None
        self._chosen = True
        return "fork"

    def get_all_start_methods(self):
        return ["fork"]


def _context(method):
    if method in ("spawn", "forkserver"):
        raise ValueError(f"cannot start processes by {method!r}: this interpreter has only 'fork'")
    if method != "fork":
        raise ValueError(f"cannot find context for {method!r}")
    return _fork


_fork = ForkContext()
_default_context = DefaultContext()
