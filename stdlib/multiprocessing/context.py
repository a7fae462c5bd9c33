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


class BaseContext:
    """What `multiprocessing` offers, for one way to start processes."""

    ProcessError = ProcessError
    BufferTooShort = BufferTooShort
    TimeoutError = TimeoutError
    AuthenticationError = AuthenticationError
    current_process = staticmethod(process.current_process)
    parent_process = staticmethod(process.parent_process)
    active_children = staticmethod(process.active_children)
    Process = Process
    _name = "fork"

    def cpu_count(self):
        """The number of CPUs in the system."""
        count = posix.cpu_count()
        if count is None:
            raise NotImplementedError("cannot determine number of cpus")
        return count

    def Pipe(self, duplex=True):
        from multiprocessing.connection import Pipe
        return Pipe(duplex)

    def Lock(self):
        from multiprocessing.synchronize import Lock
        return Lock()

    def RLock(self):
        from multiprocessing.synchronize import RLock
        return RLock()

    def Condition(self, lock=None):
        from multiprocessing.synchronize import Condition
        return Condition(lock)

    def Semaphore(self, value=1):
        from multiprocessing.synchronize import Semaphore
        return Semaphore(value)

    def BoundedSemaphore(self, value=1):
        from multiprocessing.synchronize import BoundedSemaphore
        return BoundedSemaphore(value)

    def Event(self):
        from multiprocessing.synchronize import Event
        return Event()

    def Barrier(self, parties, action=None, timeout=None):
        from multiprocessing.synchronize import Barrier
        return Barrier(parties, action, timeout)

    def Queue(self, maxsize=0):
        from multiprocessing.queues import Queue
        return Queue(maxsize)

    def JoinableQueue(self, maxsize=0):
        from multiprocessing.queues import JoinableQueue
        return JoinableQueue(maxsize)

    def SimpleQueue(self):
        from multiprocessing.queues import SimpleQueue
        return SimpleQueue()

    def Pool(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None):
        from multiprocessing.pool import Pool
        return Pool(processes, initializer, initargs, maxtasksperchild)

    def RawValue(self, typecode_or_type, *args):
        from multiprocessing.sharedctypes import RawValue
        return RawValue(typecode_or_type, *args)

    def RawArray(self, typecode_or_type, size_or_initializer):
        from multiprocessing.sharedctypes import RawArray
        return RawArray(typecode_or_type, size_or_initializer)

    def Value(self, typecode_or_type, *args, lock=True):
        from multiprocessing.sharedctypes import Value
        return Value(typecode_or_type, *args, lock=lock)

    def Array(self, typecode_or_type, size_or_initializer, *, lock=True):
        from multiprocessing.sharedctypes import Array
        return Array(typecode_or_type, size_or_initializer, lock=lock)

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
