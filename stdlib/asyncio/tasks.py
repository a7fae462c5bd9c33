# SPDX-License-Identifier: MIT
"""Tasks, and waiting for several of them."""
import _weakref
from _asyncio import Pause as _Pause, Task, _enter_task, _leave_task, _unfinished_tasks, current_task

from . import coroutines, events, exceptions, futures

__all__ = ("Task", "create_task", "FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED", "wait", "wait_for", "as_completed", "sleep",
           "gather", "shield", "ensure_future", "run_coroutine_threadsafe", "current_task", "all_tasks")

FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED = "FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"


_foreign = {}                # id -> a task of a class that is not ours


def all_tasks(loop=None):
    """The tasks of a loop that are not done."""
    loop = events.get_running_loop() if loop is None else loop
    found = set(_unfinished_tasks(loop))
    for reference in list(_foreign.values()):
        task = reference()
        if task is not None and not task.done() and futures._get_loop(task) is loop:
            found.add(task)
    return found


def _register_task(task):
    """For classes of tasks that are not ours: have all_tasks() name it."""
    if not isinstance(task, Task):
        key = id(task)
        _foreign[key] = _weakref.ref(task, lambda gone: _foreign.pop(key, None))


def _unregister_task(task):
    """Undo _register_task()."""
    _foreign.pop(id(task), None)


def task_of(loop, coro, name, context):
    """A task, whose name comes after it was made: the count of the unnamed counts it, too, and a loop need not know of names."""
    task = loop.create_task(coro) if context is None else loop.create_task(coro, context=context)
    if name is not None:
        task.set_name(name)
    return task


def create_task(coro, *, name=None, context=None):
    """Schedule a coroutine as a task of the running loop."""
    return task_of(events.get_running_loop(), coro, name, context)


def _set_if_pending(future, result):
    if not future.done():
        future.set_result(result)


async def sleep(delay, result=None):
    """Wait for `delay` seconds; with 0 let the others run."""
    if delay <= 0:
        await _Pause()
        return result
    loop = events.get_running_loop()
    future = loop.create_future()
    timer = loop.call_later(delay, _set_if_pending, future, result)
    try:
        return await future
    finally:
        timer.cancel()


async def _wrap_awaitable(awaitable):
    return await awaitable


def ensure_future(coro_or_future, *, loop=None):
    """A future of anything that can be awaited."""
    if futures.isfuture(coro_or_future):
        if loop is not None and loop is not coro_or_future.get_loop():
            raise ValueError("The future belongs to a different loop than the one specified as the loop argument")
        return coro_or_future
    wrapped = False
    if not coroutines.iscoroutine(coro_or_future):
        if not hasattr(type(coro_or_future), "__await__"):
            raise TypeError("An asyncio.Future, a coroutine or an awaitable is required")
        coro_or_future = _wrap_awaitable(coro_or_future)
        wrapped = True
    if loop is None:
        try:
            loop = events.get_event_loop()
        except RuntimeError:
            if wrapped:
                coro_or_future.close()
            raise
    return loop.create_task(coro_or_future)


# ---- wait
async def wait(fs, *, timeout=None, return_when=ALL_COMPLETED):
    """(done, pending): waits for futures until all, or the first, are done, or the time is up."""
    if futures.isfuture(fs) or coroutines.iscoroutine(fs):
        raise TypeError(f"expect a list of futures, not {type(fs).__name__}")
    if not fs:
        raise ValueError("Set of Tasks/Futures is empty.")
    if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
        raise ValueError(f"Invalid return_when value: {return_when}")
    fs = set(fs)
    if any(coroutines.iscoroutine(f) for f in fs):
        raise TypeError("Passing coroutines is forbidden, use tasks explicitly.")
    return await _wait(fs, timeout, return_when, events.get_running_loop())


async def _wait(fs, timeout, return_when, loop):
    waiter = loop.create_future()
    timer = None if timeout is None else loop.call_later(timeout, _set_if_pending, waiter, None)
    left = len(fs)

    def one_is_done(future):
        nonlocal left
        left -= 1
        if left <= 0 or return_when == FIRST_COMPLETED or \
                return_when == FIRST_EXCEPTION and not future.cancelled() and future.exception() is not None:
            if timer is not None:
                timer.cancel()
            _set_if_pending(waiter, None)

    for future in fs:
        future.add_done_callback(one_is_done)
    try:
        await waiter
    finally:
        if timer is not None:
            timer.cancel()
        for future in fs:
            future.remove_done_callback(one_is_done)
    done, pending = set(), set()
    for future in fs:
        (done if future.done() else pending).add(future)
    return done, pending


async def _cancel_and_wait(future, loop):
    waiter = loop.create_future()
    callback = lambda done: _set_if_pending(waiter, None)
    future.add_done_callback(callback)
    try:
        future.cancel()
        await waiter
    finally:
        future.remove_done_callback(callback)


async def wait_for(fut, timeout):
    """The result of an awaitable; cancels it and raises TimeoutError when the time is up."""
    if timeout is None:
        return await fut
    loop = events.get_running_loop()
    future = ensure_future(fut, loop=loop)
    if timeout > 0:
        await _wait_a_while(future, timeout, loop)
    if future.done():
        return future.result()
    await _cancel_and_wait(future, loop)
    try:
        return future.result()               # it may have come to one all the same
    except exceptions.CancelledError as error:
        raise exceptions.TimeoutError() from error


async def _wait_a_while(future, timeout, loop):
    """Wait until the future is done or the time is up. A cancellation meanwhile is the future's too, unless it is done."""
    over = loop.create_future()
    end = lambda unused: _set_if_pending(over, None)
    timer = loop.call_later(timeout, end, None)
    future.add_done_callback(end)
    try:
        await over
    except exceptions.CancelledError:
        if not future.done():
            await _cancel_and_wait(future, loop)
            raise
    finally:
        timer.cancel()
        future.remove_done_callback(end)


def as_completed(fs, *, timeout=None):
    """An iterator of awaitables: each gives the result of the next that is done."""
    if futures.isfuture(fs) or coroutines.iscoroutine(fs):
        raise TypeError(f"expect an iterable of futures, not {type(fs).__name__}")
    from .queues import Queue
    done = Queue()
    loop = events.get_event_loop()
    todo = {ensure_future(f, loop=loop) for f in set(fs)}
    timer = None

    def time_is_up():
        for future in todo:
            future.remove_done_callback(one_is_done)
            done.put_nowait(None)
        todo.clear()

    def one_is_done(future):
        if not todo:
            return
        todo.remove(future)
        done.put_nowait(future)
        if not todo and timer is not None:
            timer.cancel()

    async def next_one():
        future = await done.get()
        if future is None:
            raise exceptions.TimeoutError
        return future.result()

    for future in todo:
        future.add_done_callback(one_is_done)
    if todo and timeout is not None:
        timer = loop.call_later(timeout, time_is_up)
    for _ in range(len(todo)):
        yield next_one()


# ---- gather
class _GatheringFuture(futures.Future):
    """What gather() gives: cancelling it cancels the children; it is done when they are."""

    def __init__(self, children, *, loop):
        super().__init__(loop=loop)
        self._children = children
        self._cancel_requested = False

    def cancel(self, msg=None):
        if self.done():
            return False
        cancelled = False
        for child in self._children:
            if child.cancel(msg=msg):
                cancelled = True
        if cancelled:
            self._cancel_requested = True
        return cancelled


def gather(*coros_or_futures, return_exceptions=False):
    """A future of the list of results, in order. The first exception becomes the future's, or with return_exceptions a result."""
    if not coros_or_futures:
        outer = events.get_event_loop().create_future()
        outer.set_result([])
        return outer
    known, children, loop, outer = {}, [], None, None
    total = finished = 0

    def one_is_done(future):
        nonlocal finished
        finished += 1
        if outer is None or outer.done():
            if not future.cancelled():
                future.exception()          # it has been asked for
            return
        if not return_exceptions:
            if future.cancelled():
                outer.set_exception(future._make_cancelled_error())
                return
            exception = future.exception()
            if exception is not None:
                outer.set_exception(exception)
                return
        if finished < total:
            return
        results = []
        for child in children:
            if child.cancelled():
                results.append(exceptions.CancelledError("" if child._cancel_message is None else child._cancel_message))
            else:
                exception = child.exception()
                results.append(child.result() if exception is None else exception)
        if outer._cancel_requested:
            outer.set_exception(future._make_cancelled_error())
        else:
            outer.set_result(results)

    for argument in coros_or_futures:
        future = known.get(argument)
        if future is None:
            future = ensure_future(argument, loop=loop)
            if loop is None:
                loop = future.get_loop()
            if future is not argument:
                future._log_destroy_pending = False
            total += 1
            known[argument] = future
            future.add_done_callback(one_is_done)
        children.append(future)
    outer = _GatheringFuture(children, loop=loop)
    return outer


def shield(arg):
    """A future that has the outcome of another; cancelling it leaves the other alone."""
    inner = ensure_future(arg)
    if inner.done():
        return inner
    outer = inner.get_loop().create_future()

    def inner_is_done(future):
        if outer.cancelled():
            if not future.cancelled():
                future.exception()
            return
        if future.cancelled():
            outer.cancel()
            return
        exception = future.exception()
        if exception is not None:
            outer.set_exception(exception)
        else:
            outer.set_result(future.result())

    def outer_is_done(future):
        if not inner.done():
            inner.remove_done_callback(inner_is_done)

    inner.add_done_callback(inner_is_done)
    outer.add_done_callback(outer_is_done)
    return outer


def run_coroutine_threadsafe(coro, loop):
    """Hand a coroutine to a loop that runs in another thread: a concurrent.futures.Future."""
    if not coroutines.iscoroutine(coro):
        raise TypeError("A coroutine object is required")
    from .executor import ConcurrentFuture
    future = ConcurrentFuture()

    def start():
        try:
            futures.chain_to_concurrent(ensure_future(coro, loop=loop), future)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)
            raise

    loop.call_soon_threadsafe(start)
    return future


# There is one of each.
_PyTask = _CTask = Task
_py_register_task = _c_register_task = _register_task
_py_unregister_task = _c_unregister_task = _unregister_task
_py_enter_task = _c_enter_task = _enter_task
_py_leave_task = _c_leave_task = _leave_task
