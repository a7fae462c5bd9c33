# SPDX-License-Identifier: MIT
"""The event loop: what its C core (_asyncio.Loop) leaves to Python."""
import _signal
import sys
import threading
from _weakref import ref

import _asyncio

from . import constants, coroutines, events, executor, formats, futures, tasks

__all__ = ("BaseEventLoop", "EventLoop")


def _run_until_complete_done(future):
    if not future.cancelled() and isinstance(future.exception(), (SystemExit, KeyboardInterrupt)):
        return              # run_forever() ends with it
    future.get_loop().stop()


def _later(module, name):
    """A method whose function, of a module that few programs need, is imported when it is first called."""
    def method(self, *args, **kwargs):
        from importlib import import_module
        return getattr(import_module("asyncio." + module), name)(self, *args, **kwargs)
    method.__name__ = name
    method.__qualname__ = "BaseEventLoop." + name
    return method


class BaseEventLoop(_asyncio.Loop, events.AbstractEventLoop):
    """An event loop on epoll."""

    for _name in ("getaddrinfo", "getnameinfo", "sock_recv", "sock_recv_into", "sock_recvfrom", "sock_recvfrom_into", "sock_sendto", "sock_sendall",
                  "sock_accept", "sock_connect", "sock_sendfile", "sendfile", "create_connection", "create_unix_connection", "connect_accepted_socket",
                  "create_server", "create_unix_server", "create_datagram_endpoint", "start_tls", "connect_read_pipe", "connect_write_pipe"):
        locals()[_name] = _later("network", _name)
    for _name in ("subprocess_exec", "subprocess_shell"):
        locals()[_name] = _later("subprocess", _name)
    del _name

    def __init__(self):
        self._exception_handler = None
        self._default_executor = None
        self._executor_shutdown_called = False
        self._asyncgens = {}                 # id -> weak reference
        self._asyncgens_shutdown_called = False
        self._signal_handles = {}
        self.slow_callback_duration = 0.1
        self.set_debug(coroutines._is_debug_mode())

    def __repr__(self):
        return f"<{type(self).__name__} running={self.is_running()} closed={self.is_closed()} debug={self.get_debug()}>"

    def _check_closed(self):
        if self.is_closed():
            raise RuntimeError("Event loop is closed")

    def _check_running(self):
        if self.is_running():
            raise RuntimeError("This event loop is already running")
        if events._get_running_loop() is not None:
            raise RuntimeError("Cannot run the event loop while another loop is running")

    # ---- running
    def run_forever(self):
        """Run until stop()."""
        self._check_closed()
        self._check_running()
        hooks = sys.get_asyncgen_hooks()
        is_main = threading.current_thread() is threading.main_thread()
        depth = sys.get_coroutine_origin_tracking_depth()
        if self.get_debug():                 # a coroutine that is never awaited tells where it was made
            sys.set_coroutine_origin_tracking_depth(constants.DEBUG_STACK_DEPTH)
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_started, finalizer=self._asyncgen_left)
        wakeup_before = _signal.set_wakeup_fd(self._wake_fd, warn_on_full_buffer=False) if is_main else -1
        try:
            self._run()
        finally:
            if is_main:
                _signal.set_wakeup_fd(wakeup_before)
            sys.set_asyncgen_hooks(hooks.firstiter, hooks.finalizer)
            sys.set_coroutine_origin_tracking_depth(depth)

    def run_until_complete(self, future):
        """Run until a future is done: its result."""
        self._check_closed()
        self._check_running()
        is_new = not futures.isfuture(future)
        future = tasks.ensure_future(future, loop=self)
        if is_new:
            future._log_destroy_pending = False
        future.add_done_callback(_run_until_complete_done)
        try:
            self.run_forever()
        except:
            if is_new and future.done() and not future.cancelled():
                future.exception()
            raise
        finally:
            future.remove_done_callback(_run_until_complete_done)
        if not future.done():
            raise RuntimeError("Event loop stopped before Future completed.")
        return future.result()

    def close(self):
        """Let go of everything; the loop cannot be used any more."""
        if self.is_running():
            raise RuntimeError("Cannot close a running event loop")
        if self.is_closed():
            return
        for number in list(self._signal_handles):
            self.remove_signal_handler(number)
        self._close()
        self._executor_shutdown_called = True
        pool, self._default_executor = self._default_executor, None
        if pool is not None:
            pool.shutdown(wait=False)

    # ---- asynchronous generators
    def _asyncgen_started(self, generator):
        self._asyncgens[id(generator)] = ref(generator)

    def _asyncgen_left(self, generator):
        self._asyncgens.pop(id(generator), None)
        if not self.is_closed():
            self.call_soon_threadsafe(self.create_task, generator.aclose())

    async def shutdown_asyncgens(self):
        """Close the asynchronous generators that are still open."""
        self._asyncgens_shutdown_called = True
        left = [generator for generator in (each() for each in self._asyncgens.values()) if generator is not None]
        self._asyncgens.clear()
        if not left:
            return
        results = await tasks.gather(*[generator.aclose() for generator in left], return_exceptions=True)
        for result, generator in zip(results, left):
            if isinstance(result, Exception):
                self.call_exception_handler({
                    "message": f"an error occurred during closing of asynchronous generator {generator!r}",
                    "exception": result,
                    "asyncgen": generator,
                })

    # ---- threads
    def run_in_executor(self, executor_or_none, func, *args):
        """Call func(*args) in a thread of an executor: a future."""
        self._check_closed()
        pool = executor_or_none
        if pool is None:
            if self._executor_shutdown_called:
                raise RuntimeError("Executor shutdown has been called")
            if self._default_executor is None:
                self._default_executor = executor.Pool()
            pool = self._default_executor
        return futures.wrap_future(pool.submit(func, *args), loop=self)

    def set_default_executor(self, pool):
        """What run_in_executor(None, ...) uses."""
        self._default_executor = pool

    async def shutdown_default_executor(self):
        """Wait until the threads of the default executor have ended."""
        self._executor_shutdown_called = True
        if self._default_executor is None:
            return
        future = self.create_future()
        thread = threading.Thread(target=self._shut_executor_down, args=(future,))
        thread.start()
        try:
            await future
        finally:
            thread.join()

    def _shut_executor_down(self, future):
        try:
            self._default_executor.shutdown(wait=True)
            if not self.is_closed():
                self.call_soon_threadsafe(future.set_result, None)
        except Exception as error:
            if not self.is_closed():
                self.call_soon_threadsafe(future.set_exception, error)

    # ---- signals
    def add_signal_handler(self, sig, callback, *args):
        """Have the loop call callback(*args) when a signal comes."""
        if coroutines.iscoroutine(callback) or coroutines.iscoroutinefunction(callback):
            raise TypeError("coroutines cannot be used with add_signal_handler()")
        number = self._signal_number(sig)
        self._check_closed()
        self._signal_handles[number] = (callback, args)
        try:
            _signal.signal(number, self._signal_came)
        except OSError as error:
            del self._signal_handles[number]
            raise RuntimeError(f"sig {number} cannot be caught") from error
        except ValueError as error:
            del self._signal_handles[number]
            raise RuntimeError(str(error)) from error

    def _signal_came(self, number, frame):
        wanted = self._signal_handles.get(number)
        if wanted is not None and not self.is_closed():
            self.call_soon_threadsafe(wanted[0], *wanted[1])
            self._wake()

    def remove_signal_handler(self, sig):
        """Undo add_signal_handler(); False: there was none."""
        number = self._signal_number(sig)
        if self._signal_handles.pop(number, None) is None:
            return False
        _signal.signal(number, _signal.default_int_handler if number == 2 else _signal.SIG_DFL)
        return True

    @staticmethod
    def _signal_number(sig):
        if not isinstance(sig, int):
            raise TypeError(f"sig must be an int, not {sig!r}")
        if not 1 <= sig < 65:
            raise ValueError(f"invalid signal number {sig}")
        return int(sig)

    # ---- exceptions that nobody catches
    def get_exception_handler(self):
        """The handler set, or None."""
        return self._exception_handler

    def set_exception_handler(self, handler):
        """Have handler(loop, context) told of exceptions that nobody catches."""
        if handler is not None and not callable(handler):
            raise TypeError(f"A callable object or None is expected, got {handler!r}")
        self._exception_handler = handler

    def _report(self, message, exception, key, obj):
        """Called by the C core."""
        if message is None:
            if isinstance(obj, _asyncio.Handle):
                message = f"Exception in callback {formats.callback_source(obj._callback, obj._args)}" if obj._callback is not None \
                    else "Exception in callback"
            else:
                message = f"Exception in {obj!r}"
        context = {"message": message}
        if exception is not None:
            context["exception"] = exception
        context[key] = obj
        self.call_exception_handler(context)

    def _took(self, what, seconds):
        """Called by the C core in debug mode when a callback or a task's step has run."""
        if seconds >= self.slow_callback_duration:
            logger.warning("Executing %s took %.3f seconds", formats.show_running(what), seconds)

    def default_exception_handler(self, context):
        """Write the context to the log, or to sys.stderr where logging is not in use."""
        message = context.get("message") or "Unhandled exception in event loop"
        exception = context.get("exception")
        lines = [message]
        for key in sorted(context):
            if key in ("message", "exception"):
                continue
            lines.append(f"{key}: {context[key]!r}")
        logger.error("\n".join(lines), exc_info=_exc_info(exception))

    def call_exception_handler(self, context):
        """Hand an exception's context to the handler in force."""
        try:
            if self._exception_handler is None:
                self.default_exception_handler(context)
            else:
                self._exception_handler(self, context)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            try:
                if self._exception_handler is None:
                    logger.error("Exception in default exception handler", exc_info=_exc_info(error))
                else:
                    self.default_exception_handler({"message": "Unhandled error in exception handler", "exception": error, "context": context})
            except (SystemExit, KeyboardInterrupt):
                raise
            except BaseException as second:
                logger.error("Exception in default exception handler while handling an unexpected error in custom exception handler",
                             exc_info=_exc_info(second))


def _exc_info(exception):
    return False if exception is None else (type(exception), exception, exception.__traceback__)


class _Log:
    """The package's logger: `logging`'s once that has been imported; before, warnings and errors go to sys.stderr."""

    def __init__(self, level):
        self._level = level

    def __call__(self, text, *args, exc_info=None):
        if "logging" in sys.modules:
            from logging import getLogger
            getattr(getLogger("asyncio"), self._level)(text, *args, exc_info=exc_info, stacklevel=2)
            return
        if sys.stderr is None or self._level in ("debug", "info"):
            return
        print(text % args if args else text, file=sys.stderr)
        if exc_info:
            sys.__excepthook__(*exc_info)


class logger:
    """What the package says, by its urgency."""

    debug, info, warning, error = map(_Log, ("debug", "info", "warning", "error"))


class EventLoop(BaseEventLoop):
    """The loop that new_event_loop() makes. A selector can be given, as elsewhere; this loop waits by epoll without one."""

    def __init__(self, selector=None):
        BaseEventLoop.__init__(self)


EventLoop.__name__ = EventLoop.__qualname__ = "_UnixSelectorEventLoop"
EventLoop.__module__ = "asyncio.unix_events"
