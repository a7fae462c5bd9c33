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

    def start(self):
        _default_context.get_context()
        process.BaseProcess.start(self)


class ForkProcess(process.BaseProcess):
    """The same, made by fork whatever the default is."""

    _start_method = "fork"


def _maker(module, name):
    def make(self, /, *args, **kwargs):
        self.get_context()
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

    get_logger, log_to_stderr = _maker("util", "get_logger"), _maker("util", "log_to_stderr")

    def Manager(self):
        """A process that keeps objects which other processes use through proxies."""
        from multiprocessing.managers import SyncManager
        manager = SyncManager(ctx=self.get_context())
        manager.start()
        return manager

    def allow_connection_pickling(self):
        """Have sockets and connections travel as messages."""
        __import__("multiprocessing.reduction")

    @property
    def reducer(self):
        """What turns objects into messages."""
        return __getattr__("reduction")

    def freeze_support(self):
        """Nothing: it is for frozen programs of Windows."""

    def set_executable(self, executable):
        """Which program `spawn` would start."""
        from multiprocessing.spawn import set_executable
        set_executable(executable)

    def set_forkserver_preload(self, module_names):
        """What a server of forks would import: there is none, so nothing is done."""

    def get_context(self, method=None):
        return _context(method) if method is not None else self

    def get_start_method(self, allow_none=False):
        return self._name

    def set_start_method(self, method, force=False):
        raise ValueError("cannot set start method of concrete context")


class ForkContext(BaseContext):
    """The way `fork`."""

    Process = ForkProcess


class DefaultContext(BaseContext):
    """The module's own context, whose way can be set once."""

    def __init__(self):
        self._chosen = False

    def get_context(self, method=None):
        if method is not None:
            return _context(method)
        self._chosen = True
        return _fork

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


def __getattr__(name):
    if name == "reduction":
        import multiprocessing.reduction
        return multiprocessing.reduction
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# A process that is being made by pickling would say so here. Children made by fork have their parent's objects: there is never one.
def get_spawning_popen():
    return None


def set_spawning_popen(popen):
    if popen is not None:
        raise ValueError("this interpreter has only 'fork'")


def assert_spawning(obj):
    raise RuntimeError(f"{type(obj).__name__} objects should only be shared between processes through inheritance")


_fork = ForkContext()
_default_context = DefaultContext()
