# SPDX-License-Identifier: MIT
"""Which loop is whose: the running loop, the policy's loop of each thread, and the abstract classes."""
import threading as _threading

from _asyncio import Handle, TimerHandle, _get_running_loop, _set_running_loop, get_running_loop

__all__ = ("AbstractEventLoopPolicy", "AbstractEventLoop", "AbstractServer", "Handle", "TimerHandle", "get_event_loop_policy",
           "set_event_loop_policy", "get_event_loop", "set_event_loop", "new_event_loop", "get_child_watcher", "set_child_watcher",
           "_set_running_loop", "get_running_loop", "_get_running_loop")


class AbstractServer:
    """What start_server() gives."""

    def close(self):
        raise NotImplementedError

    async def wait_closed(self):
        raise NotImplementedError

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        self.close()
        await self.wait_closed()


class AbstractEventLoop:
    """The base of all event loops, for isinstance()."""


class AbstractEventLoopPolicy:
    """How a thread comes by its loop."""

    def get_event_loop(self):
        raise NotImplementedError

    def set_event_loop(self, loop):
        raise NotImplementedError

    def new_event_loop(self):
        raise NotImplementedError

    def get_child_watcher(self):
        raise NotImplementedError

    def set_child_watcher(self, watcher):
        raise NotImplementedError


class BaseDefaultEventLoopPolicy(AbstractEventLoopPolicy):
    """A loop for each thread; the main thread's is made when it is first asked for."""

    def __init__(self):
        self._local = _threading.local()

    def get_event_loop(self):
        local = self._local
        if getattr(local, "loop", None) is None and not getattr(local, "set_called", False) \
                and _threading.current_thread() is _threading.main_thread():
            self.set_event_loop(self.new_event_loop())
        if getattr(local, "loop", None) is None:
            raise RuntimeError("There is no current event loop in thread %r." % _threading.current_thread().name)
        return local.loop

    def set_event_loop(self, loop):
        self._local.set_called = True
        if loop is not None and not isinstance(loop, AbstractEventLoop):
            raise TypeError(f"loop must be an instance of AbstractEventLoop or None, not '{type(loop).__name__}'")
        self._local.loop = loop

    def new_event_loop(self):
        from .base_events import EventLoop
        return EventLoop()


DefaultEventLoopPolicy = BaseDefaultEventLoopPolicy
_event_loop_policy = None
_lock = _threading.Lock()


def get_event_loop_policy():
    """The policy in force."""
    global _event_loop_policy
    with _lock:
        if _event_loop_policy is None:
            _event_loop_policy = DefaultEventLoopPolicy()
    return _event_loop_policy


def set_event_loop_policy(policy):
    """Put a policy in force; None: the default one."""
    global _event_loop_policy
    if policy is not None and not isinstance(policy, AbstractEventLoopPolicy):
        raise TypeError(f"policy must be an instance of AbstractEventLoopPolicy or None, not '{type(policy).__name__}'")
    _event_loop_policy = policy


def get_event_loop():
    """The running loop; outside of one, the policy's loop of this thread."""
    running = _get_running_loop()
    return running if running is not None else get_event_loop_policy().get_event_loop()


def set_event_loop(loop):
    """Make `loop` the policy's loop of this thread."""
    get_event_loop_policy().set_event_loop(loop)


def new_event_loop():
    """A new loop, as the policy makes them."""
    return get_event_loop_policy().new_event_loop()


def get_child_watcher():
    return get_event_loop_policy().get_child_watcher()


def set_child_watcher(watcher):
    return get_event_loop_policy().set_child_watcher(watcher)
