# SPDX-License-Identifier: MIT
"""What the package's parts have in common: its log, what is to be done in a new child, and what at the end of a process or of an object."""
import itertools
import posix
import sys
import threading
import _weakref

__all__ = ["sub_debug", "debug", "info", "sub_warning", "get_logger", "log_to_stderr", "get_temp_dir", "register_after_fork", "is_exiting",
           "Finalize", "ForkAwareThreadLock", "ForkAwareLocal", "close_all_fds_except", "SUBDEBUG", "SUBWARNING"]

# ---- The log: nothing is written, and `logging` not imported, until somebody asks for it
NOTSET, SUBDEBUG, DEBUG, INFO, SUBWARNING = 0, 5, 10, 20, 25
LOGGER_NAME = "multiprocessing"
DEFAULT_LOGGING_FORMAT = "[%(levelname)s/%(processName)s] %(message)s"
_logger = None
_log_to_stderr = False


def _log(level, message, args):
    if _logger is not None:
        _logger.log(level, message, *args)


def sub_debug(message, *args):
    _log(SUBDEBUG, message, args)


def debug(message, *args):
    _log(DEBUG, message, args)


def info(message, *args):
    _log(INFO, message, args)


def sub_warning(message, *args):
    _log(SUBWARNING, message, args)


def get_logger():
    """The package's own logger, which hands nothing on to the others."""
    global _logger
    if _logger is None:
        import logging
        logging.addLevelName(SUBDEBUG, "SUBDEBUG")
        logging.addLevelName(SUBWARNING, "SUBWARNING")
        _logger = logging.getLogger(LOGGER_NAME)
        _logger.propagate = False
    return _logger


def log_to_stderr(level=None):
    """Have the log written to sys.stderr; gives the logger."""
    global _log_to_stderr
    import logging
    logger = get_logger()
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(DEFAULT_LOGGING_FORMAT))
    logger.addHandler(handler)
    if level:
        logger.setLevel(level)
    _log_to_stderr = True
    return logger


# ---- A new child
_afterfork_registry = {}       # number -> (weak reference to an object, function of it)
_numbers = itertools.count()


def register_after_fork(obj, func):
    """Have each child call func(obj), for as long as obj lives."""
    number = next(_numbers)
    _afterfork_registry[number] = _weakref.ref(obj, lambda dead: _afterfork_registry.pop(number, None)), func


def run_after_fork():
    for reference, func in list(_afterfork_registry.values()):
        obj = reference()
        if obj is not None:
            try:
                func(obj)
            except Exception as error:
                info("after forker raised exception %s", error)


class ForkAwareThreadLock:
    """A lock that is free in a new child, whoever had it in the parent."""

    def __init__(self):
        self._lock = threading.Lock()
        self.acquire, self.release = self._lock.acquire, self._lock.release
        register_after_fork(self, ForkAwareThreadLock._renew)

    def _renew(self):
        self._lock._at_fork_reinit()

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *exc):
        return self._lock.__exit__(*exc)


class ForkAwareLocal(threading.local):
    """What belongs to a thread; a new child has nothing of it."""

    def __init__(self):
        register_after_fork(self, lambda self: self.__dict__.clear())

    def __reduce__(self):
        return type(self), ()


# ---- The end
_finalizer_registry = {}     # (priority, number) -> Finalize
_exiting = False


class Finalize:
    """A call to be made once: when obj goes, at the end of the process that made it (those of high priority first), or by hand."""

    def __init__(self, obj, callback, args=(), kwargs=None, exitpriority=None):
        if exitpriority is not None and not isinstance(exitpriority, int):
            raise TypeError(f"Exitpriority ({exitpriority!r}) must be None or int, not {type(exitpriority)}")
        if obj is None and exitpriority is None:
            raise ValueError("Without object, exitpriority cannot be None")
        self._weakref = None if obj is None else _weakref.ref(obj, self)
        self._callback, self._args, self._kwargs = callback, args, kwargs or {}
        self._key = exitpriority, next(_numbers)
        self._pid = posix.getpid()
        _finalizer_registry[self._key] = self

    def _leave(self):
        """What is to be called; None when it has been called or cancelled."""
        if self._key is None or _finalizer_registry.pop(self._key, None) is None:
            return None
        call = self._callback, self._args, self._kwargs
        self._weakref = self._callback = self._args = self._kwargs = self._key = None
        return call

    def __call__(self, wr=None):
        """Make the call, unless it was made or cancelled, or belongs to another process."""
        call = self._leave()
        if call is None:
            sub_debug("finalizer no longer registered")
            return None
        if self._pid != posix.getpid():
            sub_debug("finalizer ignored because different process")
            return None
        callback, args, kwargs = call
        sub_debug("finalizer calling %s with args %s and kwargs %s", callback, args, kwargs)
        return callback(*args, **kwargs)

    def cancel(self):
        """Don't make the call."""
        self._leave()

    def still_active(self):
        return self._key in _finalizer_registry

    def __repr__(self):
        if self._weakref is None or self._weakref() is None:
            return f"<{type(self).__name__} object, dead>"
        parts = [f"<{type(self).__name__} object, callback={getattr(self._callback, '__name__', self._callback)}"]
        if self._args:
            parts.append(f"args={self._args}")
        if self._kwargs:
            parts.append(f"kwargs={self._kwargs}")
        if self._key[0] is not None:
            parts.append(f"exitpriority={self._key[0]}")
        return ", ".join(parts) + ">"


def at_exit(func, priority):
    """Have this process call func() at its end, those of high priority first; what it gives takes the call back."""
    return Finalize(None, func, exitpriority=priority).cancel


def _run_finalizers(minpriority=None):
    """Make the calls of at least this priority, None: all that have one; the highest first, then the latest."""
    wanted = [key for key in list(_finalizer_registry) if key[0] is not None and (minpriority is None or key[0] >= minpriority)]
    for key in sorted(wanted, reverse=True):
        finalizer = _finalizer_registry.get(key)
        if finalizer is None:
            continue
        sub_debug("calling %s", finalizer)
        try:
            finalizer()
        except Exception:
            sys.__excepthook__(*sys.exc_info())
    if minpriority is None:
        _finalizer_registry.clear()


def is_exiting():
    """Whether the process has come to its end."""
    return _exiting


def _exit_function():
    """The end of a process: ends the daemons, waits for the other children, and for the threads that feed queues."""
    global _exiting
    if _exiting:
        return
    _exiting = True
    from multiprocessing import process
    info("process shutting down")
    debug('running all "atexit" finalizers with priority >= 0')
    _run_finalizers(0)
    if process.current_process() is not None:
        for child in process.active_children():
            if child.daemon or child._is_stuck:           # a reported deadlock: it would never end
                info("calling terminate() for daemon %s", child.name)
                child._terminate_quietly()
        for child in process.active_children():
            info("calling join() for process %s", child.name)
            child.join()
    debug('running the remaining "atexit" finalizers')
    _run_finalizers()


def flush_streams():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError, OSError):
            continue


_flush_std_streams = flush_streams


# ---- Files and descriptors
def is_abstract_socket_namespace(address):
    """Whether it is the address of a Unix socket without a file."""
    if not address:
        return False
    if isinstance(address, bytes):
        return address[0] == 0
    if isinstance(address, str):
        return address[0] == "\0"
    raise TypeError(f"address type of {address!r} unrecognized")


abstract_sockets_supported = sys.platform == "linux"


def get_temp_dir():
    """A folder of this program's processes, which goes when the first of them ends."""
    from multiprocessing import process
    config = process.current_process()._config
    if "tempdir" not in config:
        import shutil
        import tempfile
        config["tempdir"] = tempfile.mkdtemp(prefix="pymp-")
        info("created temp directory %s", config["tempdir"])
        Finalize(None, _remove_temp_dir, args=(shutil.rmtree, config["tempdir"]), exitpriority=-100)
    return config["tempdir"]


def _remove_temp_dir(rmtree, folder):
    from multiprocessing import process
    rmtree(folder, onerror=_gone_is_well)
    process.current_process()._config.pop("tempdir", None)


def _gone_is_well(func, path, exc_info):
    if not issubclass(exc_info[0], FileNotFoundError):
        raise exc_info[1]


def close_all_fds_except(fds):
    """Close every descriptor but these."""
    kept = sorted({-1, *fds, posix.sysconf("SC_OPEN_MAX")})
    for below, above in zip(kept, kept[1:]):
        posix.closerange(below + 1, above)


def close_fds(*fds):
    for fd in fds:
        posix.close(fd)


def spawnv_passfds(path, args, passfds):
    """Start a program that has these descriptors of ours; gives the number of its process."""
    from subprocess import Popen
    process = Popen([*map(_text, args)], executable=path, pass_fds=tuple(map(int, passfds)))
    process.returncode = 0                # whoever asked for it waits for it: Popen is to forget it
    return process.pid


def _args_from_interpreter_flags():
    """The words of the command line with which another interpreter behaves as this one does."""
    from subprocess import _args_from_interpreter_flags as words
    return words()


def _text(word):
    return word.decode() if isinstance(word, bytes) else word


def _cleanup_tests():
    """What a program that used the package as a test does leaves nothing behind."""
    _run_finalizers()


def traceback_text(error):
    """What the interpreter prints of an exception that nobody caught."""
    parts = []

    class Catcher:
        def write(self, text):
            parts.append(text)

        def flush(self):
            return None

    saved, sys.stderr = sys.stderr, Catcher()
    try:
        sys.__excepthook__(type(error), error, error.__traceback__)
    finally:
        sys.stderr = saved
    return "".join(parts)


def _cleanup_tests():
    """For suites of tests, which want nothing left of one when the next begins: ends the children that are still there."""
    import gc
    from multiprocessing.process import active_children
    gc.collect()
    for child in active_children():
        child.terminate()
        child.join()
