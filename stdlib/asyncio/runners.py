# SPDX-License-Identifier: MIT
"""run(): a coroutine as a program's main function."""
import _signal
import threading
from _contextvars import copy_context

from . import coroutines, events, exceptions, tasks

__all__ = ("Runner", "run")

_SIGINT = 2


class _Interrupt:
    """The handler of Ctrl-C while a Runner runs. Nothing but the end comes of it, which the deadlock finder must know."""

    def __init__(self, runner, task):
        self._runner, self._task = runner, task

    def __call__(self, number, frame):
        self._runner._interrupted(self._task)


class Runner:
    """A loop for a number of run() calls; `with Runner() as runner:` closes it at the end."""

    def __init__(self, *, debug=None, loop_factory=None):
        self._state = "created"
        self._debug, self._loop_factory = debug, loop_factory
        self._loop = self._context = None
        self._interrupts = 0
        self._set_event_loop = False

    def __enter__(self):
        self._start()
        return self

    def __exit__(self, exc_type, exc, traceback):
        self.close()

    def _start(self):
        if self._state == "initialized":
            return
        if self._state == "closed":
            raise RuntimeError("Runner is closed")
        own_factory = self._loop_factory is None
        loop = events.new_event_loop() if own_factory else self._loop_factory()
        if own_factory and not self._set_event_loop:
            events.set_event_loop(loop)
            self._set_event_loop = True
        if self._debug is not None:
            loop.set_debug(self._debug)
        self._loop, self._context, self._state = loop, copy_context(), "initialized"

    def close(self):
        """Cancel what is left, and close the loop."""
        if self._state != "initialized":
            return
        loop = self._loop
        try:
            _cancel_all_tasks(loop)
            for last_words in (loop.shutdown_asyncgens, loop.shutdown_default_executor):
                loop.run_until_complete(last_words())
        finally:
            if self._set_event_loop:
                events.set_event_loop(None)
            loop.close()
            self._loop = None
            self._state = "closed"

    def get_loop(self):
        """The loop."""
        self._start()
        return self._loop

    def run(self, coro, *, context=None):
        """Run a coroutine to its end in the loop: its result."""
        if not coroutines.iscoroutine(coro):
            raise ValueError("a coroutine was expected, got {!r}".format(coro))
        if events._get_running_loop() is not None:
            raise RuntimeError("Runner.run() cannot be called from a running event loop")
        self._start()
        task = self._loop.create_task(coro, context=self._context if context is None else context)
        handler = None
        if threading.current_thread() is threading.main_thread() and _signal.getsignal(_SIGINT) is _signal.default_int_handler:
            handler = _Interrupt(self, task)
            try:
                _signal.signal(_SIGINT, handler)
            except ValueError:
                handler = None
        self._interrupts = 0
        try:
            return self._loop.run_until_complete(task)
        except exceptions.CancelledError:
            uncancel = getattr(task, "uncancel", None)           # a task of another class may have none
            if self._interrupts > 0 and uncancel is not None and uncancel() == 0:
                raise KeyboardInterrupt()
            raise
        finally:
            if handler is not None and _signal.getsignal(_SIGINT) is handler:
                _signal.signal(_SIGINT, _signal.default_int_handler)

    def _interrupted(self, task):
        self._interrupts += 1
        if self._interrupts == 1 and not task.done():
            task.cancel()
            self._loop.call_soon_threadsafe(lambda: None)       # wake it
            return
        raise KeyboardInterrupt()


def run(main, *, debug=None):
    """Run a coroutine to its end in a new loop: its result."""
    if events._get_running_loop() is not None:
        raise RuntimeError("asyncio.run() cannot be called from a running event loop")
    with Runner(debug=debug) as runner:
        return runner.run(main)


def _cancel_all_tasks(loop):
    left = tasks.all_tasks(loop)
    if not left:
        return
    for task in left:
        task.cancel()
    loop.run_until_complete(tasks.gather(*left, return_exceptions=True))
    for task in left:
        if not task.cancelled() and task.exception() is not None:
            loop.call_exception_handler({
                "message": "unhandled exception during asyncio.run() shutdown",
                "exception": task.exception(),
                "task": task,
            })
