# SPDX-License-Identifier: MIT
"""Which loop is whose: the running loop, the policy's loop of each thread, and the abstract classes."""
import threading as _threading

from _asyncio import Handle, TimerHandle, _get_running_loop, _set_running_loop, get_running_loop

__all__ = ("AbstractEventLoopPolicy", "AbstractEventLoop", "AbstractServer", "Handle", "TimerHandle", "get_event_loop_policy",
           "set_event_loop_policy", "get_event_loop", "set_event_loop", "new_event_loop", "get_child_watcher", "set_child_watcher",
           "_set_running_loop", "get_running_loop", "_get_running_loop")

# There is one of each.
_py__get_running_loop = _c__get_running_loop = _get_running_loop
_py__set_running_loop = _c__set_running_loop = _set_running_loop
_py_get_running_loop = _c_get_running_loop = get_running_loop


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
    """The base of all event loops: what one can do, done by none."""

    def _not_here(name, is_coroutine):
        def method(self, *args, **kwargs):
            raise NotImplementedError

        async def coroutine(self, *args, **kwargs):
            raise NotImplementedError

        made = coroutine if is_coroutine else method
        made.__name__, made.__qualname__ = name, "AbstractEventLoop." + name
        return made

    for _name in ("run_forever", "run_until_complete", "stop", "is_running", "is_closed", "close", "call_soon", "call_later", "call_at", "time",
                  "create_future", "create_task", "call_soon_threadsafe", "run_in_executor", "set_default_executor", "add_reader", "remove_reader",
                  "add_writer", "remove_writer", "add_signal_handler", "remove_signal_handler", "set_task_factory", "get_task_factory",
                  "get_exception_handler", "set_exception_handler", "default_exception_handler", "call_exception_handler", "get_debug", "set_debug"):
        locals()[_name] = _not_here(_name, False)
    for _name in ("shutdown_asyncgens", "shutdown_default_executor", "getaddrinfo", "getnameinfo", "create_connection", "create_server", "sendfile",
                  "start_tls", "create_unix_connection", "create_unix_server", "connect_accepted_socket", "create_datagram_endpoint",
                  "connect_read_pipe", "connect_write_pipe", "subprocess_shell", "subprocess_exec", "sock_recv", "sock_recv_into", "sock_recvfrom",
                  "sock_recvfrom_into", "sock_sendall", "sock_sendto", "sock_connect", "sock_accept", "sock_sendfile"):
        locals()[_name] = _not_here(_name, True)
    del _name, _not_here


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
        self._watcher = None

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

    def get_child_watcher(self):
        """The watcher in force."""
        if self._watcher is None:
            from .unix_events import PidfdChildWatcher
            self._watcher = PidfdChildWatcher()
        return self._watcher

    def set_child_watcher(self, watcher):
        """Put a watcher in force; None: the default one."""
        from .unix_events import AbstractChildWatcher
        if watcher is not None and not isinstance(watcher, AbstractChildWatcher):
            raise TypeError(f"watcher must be an instance of AbstractChildWatcher or None, not '{type(watcher).__name__}'")
        if self._watcher is not None:
            self._watcher.close()
        self._watcher = watcher


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


_py_get_event_loop = _c_get_event_loop = get_event_loop


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
