# SPDX-License-Identifier: MIT
"""What is a coroutine, and how it is shown."""

import posix
import sys

__all__ = ("iscoroutinefunction", "iscoroutine")


def _is_debug_mode():
    """Whether new loops are to look closer: -X dev, or PYTHONASYNCIODEBUG."""
    if sys.flags.dev_mode or sys.flags.ignore_environment:
        return sys.flags.dev_mode
    if "os" in sys.modules:                  # where the program may have changed it
        return bool(sys.modules["os"].environ.get("PYTHONASYNCIODEBUG"))
    return bool(posix.environ.get(b"PYTHONASYNCIODEBUG"))


async def _coroutine():
    pass


def _generator():
    yield


_is_coroutine = object()
_sample = _coroutine()
_COROUTINE_TYPES = (type(_sample), type(_generator()))
_sample.close()
_FunctionType = type(_generator)
_CO_COROUTINE = 0x80


def iscoroutinefunction(func):
    """True if func is a function written with `async def`, or marked as one that gives a coroutine."""
    if getattr(func, "_is_coroutine", None) is _is_coroutine:
        return True
    while hasattr(func, "__func__"):
        func = func.__func__
    while type(func).__name__ == "partial" and hasattr(func, "func"):
        func = func.func
    return isinstance(func, _FunctionType) and bool(func.__code__.co_flags & _CO_COROUTINE)


def iscoroutine(obj):
    """True if obj is a coroutine object."""
    if isinstance(obj, _COROUTINE_TYPES):
        return True
    kind = type(obj)
    return all(hasattr(kind, name) for name in ("send", "throw", "close", "__await__"))


def format_coroutine(coro):
    """`name() running at file:line`, as a task's repr shows it."""
    if not hasattr(coro, "cr_code") and not hasattr(coro, "gi_code"):
        name = getattr(coro, "__qualname__", None) or getattr(coro, "__name__", None) or f"<{type(coro).__name__} without __name__>"
        running = getattr(coro, "cr_running", False) or getattr(coro, "gi_running", False)
        return f"{name}()" + (" running" if running else "")
    name = coro.__qualname__
    code = coro.cr_code if hasattr(coro, "cr_code") else coro.gi_code
    frame = coro.cr_frame if hasattr(coro, "cr_frame") else coro.gi_frame
    filename = code.co_filename or "<empty co_filename>"
    if frame is not None:
        return f"{name}() running at {filename}:{frame.f_lineno}"
    return f"{name}() done, defined at {filename}:{code.co_firstlineno}"


_format_coroutine = format_coroutine
