# SPDX-License-Identifier: MIT
"""Future, and its bridge to concurrent.futures."""
import sys

from _asyncio import Future

from . import events, exceptions

__all__ = ("Future", "wrap_future", "isfuture")


def isfuture(obj):
    """True for a Future, a Task, and what behaves like one."""
    return hasattr(obj.__class__, "_asyncio_future_blocking") and obj._asyncio_future_blocking is not None


def _get_loop(future):
    """The loop of any kind of future."""
    return future.get_loop() if hasattr(future, "get_loop") else future._loop


def chain_to_concurrent(source, target):
    """Give `target`, a future that a thread waits for, the outcome of `source`, one of a loop; a cancel goes the other way."""
    loop = source.get_loop()

    def cancelled(done):
        if done.cancelled():
            loop.call_soon_threadsafe(source.cancel)

    def finished(done):
        if target.cancelled():
            return
        if source.cancelled():
            target.cancel()
        if not target.set_running_or_notify_cancel():
            return
        exception = source.exception()
        if exception is not None:
            target.set_exception(_as_concurrent(exception))
        else:
            target.set_result(source.result())

    target.add_done_callback(cancelled)
    source.add_done_callback(finished)


def _as_concurrent(exception):
    package = sys.modules.get("concurrent.futures")
    if package is not None and type(exception) is exceptions.CancelledError:
        return package.CancelledError(*exception.args)
    return exception


def _as_own(exception):
    kind = type(exception)
    if kind.__module__.startswith("concurrent.futures"):
        if kind.__name__ == "CancelledError":
            return exceptions.CancelledError(*exception.args)
        if kind.__name__ == "InvalidStateError":
            return exceptions.InvalidStateError(*exception.args)
    return exception


def wrap_future(future, *, loop=None):
    """A future of the loop that has the outcome of a concurrent.futures.Future."""
    if isfuture(future):
        return future
    if loop is None:
        loop = events.get_event_loop()
    own = loop.create_future()

    def copy():
        if own.cancelled():
            return
        if future.cancelled():
            own.cancel()
            return
        exception = future.exception()
        if exception is not None:
            own.set_exception(_as_own(exception))
        else:
            own.set_result(future.result())

    def finished(done):
        if own.cancelled() and loop.is_closed():
            return
        if not loop.is_closed():
            loop.call_soon_threadsafe(copy)

    def cancelled(done):
        if own.cancelled():
            future.cancel()

    own.add_done_callback(cancelled)
    future.add_done_callback(finished)
    return own


_PyFuture = _CFuture = Future                # there is one
