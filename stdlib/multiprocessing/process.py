# SPDX-License-Identifier: MIT
"""A process as an object."""
import itertools
import posix
import sys
import threading
import _gil
import _signal
import _multiprocessing
from multiprocessing import stuck, util

__all__ = ["BaseProcess", "current_process", "active_children", "parent_process"]

_children = set()
_dangling = _children        # those that nobody has waited for
_process_counter = itertools.count(1)
_SIGTERM, _SIGKILL = 15, 9
_signal_names = {}


class AuthenticationString(bytes):
    """A key that must not be pickled."""

    def __reduce__(self):
        raise TypeError("Pickling an AuthenticationString object is disallowed for security reasons")


def current_process():
    """The Process object of this process."""
    return _current


def parent_process():
    """The Process object of the process that made this one; None in the first."""
    return _parent


def _cleanup():
    """Forget the children that have ended."""
    for child in list(_children):
        if child._poll(0) is not None:
            _children.discard(child)


def active_children():
    """The children that are alive."""
    _cleanup()
    return list(_children)


class BaseProcess:
    """A function that runs, or is to run, in a process of its own."""

    def __init__(self, group=None, target=None, name=None, args=(), kwargs={}, *, daemon=None):
        assert group is None, "group argument must be None for now"
        count = next(_process_counter)
        self._identity = _current._identity + (count,)
        self._config = _current._config.copy()
        self._parent_pid = posix.getpid()
        self._parent_name = _current.name
        self._pid = self._status = self._sentinel = None
        self._closed = self._is_stuck = False
        self._shared = None
        self._reaping = threading.Lock()
        self._target = target
        self._args = tuple(args)
        self._kwargs = dict(kwargs)
        self._name = name or type(self).__name__ + "-" + ":".join(str(i) for i in self._identity)
        if daemon is not None:
            self.daemon = daemon

    def _check_open(self):
        if self._closed:
            raise ValueError("process object is closed")

    def run(self):
        """What the process does."""
        if self._target:
            self._target(*self._args, **self._kwargs)

    def start(self):
        """Make the process, and have it run run()."""
        self._check_open()
        assert self._pid is None, "cannot start a process twice"
        assert self._parent_pid == posix.getpid(), "can only start a process object created by current process"
        assert not _current._config.get("daemon"), "daemonic processes are not allowed to have children"
        _cleanup()
        util.flush_streams()
        reading, writing = posix.pipe()      # the child has the end to write: it is at its end when the child has gone
        parent_reading, parent_writing = posix.pipe()
        self._shared = stuck.new_state()
        pid = posix.fork()
        if pid == 0:
            code = 1
            try:
                posix.close(reading)
                posix.close(parent_writing)
                code = self._bootstrap(parent_reading)
            finally:
                posix._exit(code)
        posix.close(writing)
        posix.close(parent_reading)
        self._pid, self._sentinel, self._parent_end = pid, reading, parent_writing
        del self._target, self._args, self._kwargs
        _children.add(self)

    def _bootstrap(self, parent_end):
        """The life of a child; its exit code."""
        global _current, _parent, _process_counter
        try:
            _process_counter = itertools.count(1)
            _children.clear()
            _parent = _ParentProcess(self._parent_name, self._parent_pid, parent_end)
            _current = self
            stuck.become(self._shared)
            self._pid = posix.getpid()
            _gil.name_process(self.name)
            util._finalizer_registry.clear()
            util._exiting = False
            util.run_after_fork()
            try:
                util.info("child process calling self.run()")
                self.run()
                code = 0
            finally:
                util._exit_function()
        except SystemExit as error:
            if error.code is None:
                code = 0
            elif isinstance(error.code, int):
                code = error.code
            else:
                sys.stderr.write(str(error.code) + "\n")
                code = 1
        except BaseException:
            code = 1
            sys.stderr.write(f"Process {self.name}:\n")
            sys.__excepthook__(*sys.exc_info())
        finally:
            threading._shutdown()
            util.info("process exiting with exitcode %d", code)
            util.flush_streams()
        return code & 0xff

    def _poll(self, timeout):
        """The child's exit code, or None while it lives; waits at most timeout seconds."""
        if self._status is not None:
            return self._status
        if timeout is None or timeout > 0:
            if timeout is None:
                stuck.wait(self, lambda: list(_children))
            elif not _multiprocessing.ready((self._sentinel,), timeout):
                timeout = 0
        with self._reaping:
            if self._status is not None:
                return self._status
            try:
                status = _multiprocessing.wait_child(self._pid, timeout)
            except ChildProcessError:
                return None
            if status is not None:
                self._status = posix.waitstatus_to_exitcode(status)
        return self._status

    def _send_signal(self, number):
        if self._pid is None:
            raise AttributeError("'NoneType' object has no attribute 'terminate'" if number == _SIGTERM else "'NoneType' object has no attribute 'kill'")
        if self._status is None:
            try:
                posix.kill(self._pid, number)
            except ProcessLookupError:
                return

    def _terminate_quietly(self):
        self._send_signal(_SIGTERM)

    def terminate(self):
        """End the process with SIGTERM."""
        self._check_open()
        self._send_signal(_SIGTERM)

    def kill(self):
        """End the process with SIGKILL."""
        self._check_open()
        self._send_signal(_SIGKILL)

    def join(self, timeout=None):
        """Wait until the process has ended, at most timeout seconds."""
        self._check_open()
        assert self._parent_pid == posix.getpid(), "can only join a child process"
        assert self._pid is not None, "can only join a started process"
        if self._poll(timeout if timeout is None else max(timeout, 0)) is not None:
            _children.discard(self)

    def is_alive(self):
        """Whether the process runs."""
        self._check_open()
        if self is _current:
            return True
        assert self._parent_pid == posix.getpid(), "can only test a child process"
        if self._pid is None:
            return False
        if self._poll(0) is None:
            return True
        _children.discard(self)
        return False

    def close(self):
        """Give back what the process object holds; the process must have ended."""
        if self._closed:
            return
        if self._pid is not None:
            if self._poll(0) is None:
                raise ValueError("Cannot close a process while it is still running. You should first call join() or terminate().")
            _children.discard(self)
            self._close_ends()
        self._closed = True

    def _close_ends(self):
        sentinel, self._sentinel = self._sentinel, None
        if sentinel is not None and self._parent_pid == posix.getpid():
            posix.close(sentinel)
            posix.close(self._parent_end)

    def __del__(self):
        if getattr(self, "_sentinel", None) is not None:
            self._close_ends()

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, name):
        assert isinstance(name, str), "name must be a string"
        self._name = name

    @property
    def daemon(self):
        """Whether the process is ended with its parent."""
        return self._config.get("daemon", False)

    @daemon.setter
    def daemon(self, daemonic):
        assert self._pid is None, "process has already started"
        self._config["daemon"] = daemonic

    @property
    def authkey(self):
        return self._config["authkey"]

    @authkey.setter
    def authkey(self, authkey):
        self._config["authkey"] = AuthenticationString(authkey)

    @property
    def exitcode(self):
        """The exit code, -N when signal N ended it, None while it has not ended."""
        self._check_open()
        return None if self is _current or self._pid is None else self._poll(0)

    @property
    def ident(self):
        """The number of the process; None before it starts."""
        self._check_open()
        return posix.getpid() if self is _current else self._pid

    pid = ident

    @property
    def sentinel(self):
        """A file descriptor that can be read when the process has ended."""
        self._check_open()
        if self._sentinel is None:
            raise ValueError("process not started")
        return self._sentinel

    def __repr__(self):
        code = None
        if self is _current:
            status = "started"
        elif self._closed:
            status = "closed"
        elif self._parent_pid != posix.getpid():
            status = "unknown"
        elif self._pid is None:
            status = "initial"
        else:
            code = self._poll(0)
            status = "started" if code is None else "stopped"
        parts = [type(self).__name__, f"name={self._name!r}"]
        if self._pid is not None and self is not _current:
            parts.append(f"pid={self._pid}")
        parts.append(f"parent={self._parent_pid}")
        parts.append(status)
        if code is not None:
            parts.append(f"exitcode={_code_name(code)}")
        if self.daemon:
            parts.append("daemon")
        return "<" + " ".join(parts) + ">"


def _code_name(code):
    if not _signal_names:
        for name in dir(_signal):
            if name.startswith("SIG") and "_" not in name:
                _signal_names[-int(getattr(_signal, name))] = f"-{name}"
    return _signal_names.get(code, code) if code < 0 else code


class _ParentProcess(BaseProcess):
    """The process that made this one, as this one sees it."""

    def __init__(self, name, pid, sentinel):
        self._identity = ()
        self._name = name
        self._pid = pid
        self._parent_pid = None
        self._status = None
        self._closed = False
        self._sentinel = sentinel
        self._config = {}

    def is_alive(self):
        return not _multiprocessing.ready((self._sentinel,), 0)

    @property
    def ident(self):
        return self._pid

    pid = ident

    def join(self, timeout=None):
        _multiprocessing.ready((self._sentinel,), timeout)

    def _close_ends(self):
        self._sentinel = None


class _MainProcess(BaseProcess):
    """The process that the program began as."""

    def __init__(self):
        self._identity = ()
        self._name = "MainProcess"
        self._parent_pid = self._pid = self._status = self._sentinel = None
        self._closed = False
        self._config = {"authkey": AuthenticationString(_random_key()), "semprefix": "/mp"}

    def close(self):
        return None


def _random_key():
    fd = posix.open("/dev/urandom", posix.O_RDONLY)
    try:
        return posix.read(fd, 32)
    finally:
        posix.close(fd)


_parent = None
_current = _MainProcess()
