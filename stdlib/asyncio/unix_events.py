# SPDX-License-Identifier: MIT
"""The loop of Unix under the names that programs know."""
import os

from . import events
from .base_events import EventLoop as SelectorEventLoop
from .events import BaseDefaultEventLoopPolicy as DefaultEventLoopPolicy

__all__ = ("SelectorEventLoop", "DefaultEventLoopPolicy", "AbstractChildWatcher", "PidfdChildWatcher", "SafeChildWatcher", "FastChildWatcher",
           "MultiLoopChildWatcher", "ThreadedChildWatcher")

_UnixSelectorEventLoop, _UnixDefaultEventLoopPolicy = SelectorEventLoop, DefaultEventLoopPolicy


class AbstractChildWatcher:
    """Who is told of the ends of child processes."""

    def add_child_handler(self, pid, callback, *args):
        raise NotImplementedError

    def remove_child_handler(self, pid):
        raise NotImplementedError

    def attach_loop(self, loop):
        raise NotImplementedError

    def close(self):
        raise NotImplementedError

    def is_active(self):
        raise NotImplementedError

    def __enter__(self):
        raise NotImplementedError

    def __exit__(self, *exc):
        raise NotImplementedError


class PidfdChildWatcher(AbstractChildWatcher):
    """Sees a child's end through its pidfd, without a thread and without a signal.

    The children that asyncio starts itself are seen so without a watcher.
    """

    def __init__(self):
        self._loop, self._closed, self._waited = None, False, {}

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return None

    def is_active(self):
        """Whether children can be watched."""
        return not self._closed and (self._loop is None or self._loop.is_running())

    def attach_loop(self, loop):
        """Watch by this loop; None: by the one that runs."""
        self._loop = loop

    def add_child_handler(self, pid, callback, *args):
        """Have callback(pid, status, *args) called when the child has ended."""
        loop = events.get_running_loop() if self._loop is None else self._loop
        self.remove_child_handler(pid)
        fd = os.pidfd_open(pid)
        self._waited[pid] = loop, fd
        loop.add_reader(fd, self._ended, pid, callback, args)

    def remove_child_handler(self, pid):
        """Forget a child; False: it is not known."""
        found = self._waited.pop(pid, None)
        if found is None:
            return False
        loop, fd = found
        loop.remove_reader(fd)
        os.close(fd)
        return True

    def _ended(self, pid, callback, args):
        self.remove_child_handler(pid)
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        except ChildProcessError:
            status = 255                     # somebody else has waited for it
        callback(pid, status, *args)

    def close(self):
        for pid in list(self._waited):
            self.remove_child_handler(pid)
        self._closed = True


# Elsewhere these go about it in other ways.
class SafeChildWatcher(PidfdChildWatcher):
    """A watcher."""


class FastChildWatcher(PidfdChildWatcher):
    """A watcher."""


class MultiLoopChildWatcher(PidfdChildWatcher):
    """A watcher."""


class ThreadedChildWatcher(PidfdChildWatcher):
    """A watcher."""
