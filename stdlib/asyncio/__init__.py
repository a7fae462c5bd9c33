# SPDX-License-Identifier: MIT
"""Asynchronous programming: coroutines as tasks of an event loop."""
import _asyncio as _core

from . import exceptions, formats
_core._connect(exceptions.CancelledError, exceptions.InvalidStateError, formats.show)

from .base_events import BaseEventLoop, EventLoop
from .coroutines import iscoroutine, iscoroutinefunction
from .events import *
from .events import _get_running_loop, _set_running_loop
from .exceptions import *
from .futures import Future, isfuture, wrap_future
from .locks import *
from .queues import *
from .runners import Runner, run
from .taskgroups import TaskGroup
from .tasks import *
from .threads import to_thread
from .timeouts import Timeout, timeout, timeout_at

SelectorEventLoop = EventLoop
DefaultEventLoopPolicy = events.DefaultEventLoopPolicy

# What few programs need is imported when it is asked for: it stands on the host's socket, ssl and subprocess.
_LATER = {
    "protocols": ("BaseProtocol", "Protocol", "DatagramProtocol", "SubprocessProtocol", "BufferedProtocol"),
    "streams": ("StreamReader", "StreamWriter", "StreamReaderProtocol", "open_connection", "start_server", "open_unix_connection", "start_unix_server"),
    "subprocess": ("create_subprocess_exec", "create_subprocess_shell"),
    "transports": ("BaseTransport", "ReadTransport", "WriteTransport", "Transport", "DatagramTransport", "SubprocessTransport"),
    "network": ("Server",),
    "unix_events": ("AbstractChildWatcher", "PidfdChildWatcher", "SafeChildWatcher", "FastChildWatcher", "MultiLoopChildWatcher", "ThreadedChildWatcher"),
}


# Modules of a name that programs know.
_NAMES = ("base_futures", "base_subprocess", "base_tasks", "constants", "format_helpers", "log", "proactor_events", "selector_events", "sslproto")


def __getattr__(name):
    from importlib import import_module
    if name in _NAMES:
        return import_module("asyncio." + name)
    for module, names in _LATER.items():
        if name == module or name in names:
            found = import_module("asyncio." + module)
            return found if name == module else getattr(found, name)
    raise AttributeError(f"module 'asyncio' has no attribute {name!r}")


__all__ = (events.__all__ + exceptions.__all__ + futures.__all__ + locks.__all__ + queues.__all__ + runners.__all__ + taskgroups.__all__ +
           tasks.__all__ + threads.__all__ + timeouts.__all__ + coroutines.__all__ +
           ("BaseEventLoop", "SelectorEventLoop", "DefaultEventLoopPolicy") + tuple(name for names in _LATER.values() for name in names))
