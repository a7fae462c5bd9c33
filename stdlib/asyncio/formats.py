# SPDX-License-Identifier: MIT
"""The reprs of futures, tasks and handles."""
import _asyncio

from . import coroutines

_showing = set()


_ITEMS_MAX = {tuple: 6, list: 6, set: 6, frozenset: 6, dict: 4}
_BRACKETS = {tuple: "()", list: "[]", set: "{}", frozenset: ("frozenset({", "})"), dict: "{}"}


def _cut(text, limit):
    """The two ends of a text with ... between them."""
    if len(text) <= limit:
        return text
    first = max(0, (limit - 3) // 2)
    return text[:first] + "..." + text[len(text) - max(0, limit - 3 - first):]


def _short(value, level=6):
    """repr() with long things cut in the middle, as reports show values."""
    kind = type(value)
    if kind is str:
        text = repr(value[:30])
        if len(text) > 30:
            first = 13
            last = 30 - 3 - first
            text = repr(value[:first] + value[len(value) - last:])
            text = text[:first] + "..." + text[len(text) - last:]
        return text
    if kind is int:
        return _cut(repr(value), 40)
    if kind not in _ITEMS_MAX:
        return _cut(repr(value), 30)
    if not value:
        return repr(value)
    left, right = _BRACKETS[kind]
    if level <= 0:
        return left + "..." + right
    items = list(value)
    if kind in (dict, set, frozenset):
        try:
            items.sort()
        except Exception:
            pass
    shown = items[:_ITEMS_MAX[kind]]
    if kind is dict:
        texts = [f"{_short(key, level - 1)}: {_short(value[key], level - 1)}" for key in shown]
    else:
        texts = [_short(item, level - 1) for item in shown]
    if len(items) > len(shown):
        texts.append("...")
    if kind is tuple and len(value) == 1:
        right = ",)"
    return left + ", ".join(texts) + right


def source_of(func):
    """(file, line) where a Python function begins; None for any other callable."""
    while hasattr(func, "__wrapped__"):
        func = func.__wrapped__
    if type(func).__name__ == "partial" and hasattr(func, "func"):
        return source_of(func.func)
    func = getattr(func, "__func__", func)
    code = getattr(func, "__code__", None)
    return (code.co_filename, code.co_firstlineno) if code is not None else None


def _arguments(args, kwargs):
    items = [_short(arg) for arg in args or ()]
    items += [f"{name}={_short(value)}" for name, value in (kwargs or {}).items()]
    return f"({', '.join(items)})"


def callback_source(func, args):
    """`name(arguments) at file:line`."""
    text = _callback(func, args, None)
    source = source_of(func)
    return f"{text} at {source[0]}:{source[1]}" if source else text


def _callback(func, args, kwargs, suffix=""):
    if type(func).__name__ == "partial" and hasattr(func, "func"):
        return _callback(func.func, func.args, func.keywords, _arguments(args, kwargs) + suffix)
    name = getattr(func, "__qualname__", None) or getattr(func, "__name__", None) or repr(func)
    return name + _arguments(args, kwargs) + suffix


def _one_callback(callback):
    if isinstance(callback, _asyncio.Task):
        return "Task.task_wakeup()"
    return callback_source(callback, ())


def _callbacks(pairs):
    shown = [_one_callback(callback) for callback, context in pairs]
    if len(shown) > 2:
        shown[1:-1] = [f"<{len(shown) - 2} more>"]
    return f"cb=[{', '.join(shown)}]"


def future_parts(future):
    """What stands between the class name and the `>`."""
    parts = [future._state.lower()]
    if future._state == "FINISHED":
        if future._exception is not None:
            parts.append(f"exception={future._exception!r}")
        else:
            key = id(future)
            if key in _showing:
                result = "..."
            else:
                _showing.add(key)
                try:
                    result = _short(future._result)
                finally:
                    _showing.discard(key)
            parts.append(f"result={result}")
    if future._callbacks:
        parts.append(_callbacks(future._callbacks))
    return parts


def task_parts(task):
    parts = future_parts(task)
    if task.cancelling() and not task.done():
        parts[0] = "cancelling"
    parts.insert(1, f"name={task.get_name()!r}")
    if task._fut_waiter is not None:
        parts.insert(2, f"wait_for={task._fut_waiter!r}")
    if task._coro is not None:
        parts.insert(2, f"coro=<{coroutines.format_coroutine(task._coro)}>")
    return parts


def handle_parts(handle):
    parts = [type(handle).__name__]
    if handle._cancelled:
        parts.append("cancelled")
    if hasattr(handle, "_when"):
        parts.append(f"when={handle._when}")
    if handle._callback is not None:
        parts.append(callback_source(handle._callback, handle._args))
    return parts


def show(obj):
    """repr() of a Future, Task or Handle."""
    if isinstance(obj, _asyncio.Handle):
        return f"<{' '.join(handle_parts(obj))}>"
    if isinstance(obj, _asyncio.Task):
        return f"<{type(obj).__name__} {' '.join(task_parts(obj))}>"
    return f"<{type(obj).__name__} {' '.join(future_parts(obj))}>"


def show_running(what):
    """The same of what the loop ran, for a warning: of a callback that is a method of a task, the task."""
    task = getattr(what, "_callback", None)
    owner = getattr(task, "__self__", None)
    return repr(owner) if isinstance(owner, _asyncio.Task) else repr(what)
