# SPDX-License-Identifier: MIT
"""`python -m asyncio`: a prompt at which one may await; the tasks it starts go on while it waits for the next line."""
import ast
import asyncio
import code
import concurrent.futures
import inspect
import sys
import threading
import types
import warnings

_SHARED_NAMES = ("__name__", "__package__", "__loader__", "__spec__", "__builtins__", "__file__")


class Prompt(code.InteractiveConsole):
    """Reads in a thread of its own, so that the loop can run; runs what it has read in the loop's thread."""

    def __init__(self, loop, names):
        super().__init__(names)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self.loop, self.status = loop, 0
        self._task, self._interrupted = None, False

    def talk(self):
        """The whole session."""
        banner = (f'asyncio REPL {sys.version} on {sys.platform}\nUse "await" directly instead of "asyncio.run()".\n'
                  'Type "help", "copyright", "credits" or "license" for more information.\n' f'{getattr(sys, "ps1", ">>> ")}import asyncio')
        try:
            self.interact(banner=banner, exitmsg="exiting asyncio REPL...")
        except SystemExit as leave:
            self.status = leave.code
        finally:
            warnings.filterwarnings("ignore", message="^coroutine .* was never awaited$", category=RuntimeWarning)
            self.loop.call_soon_threadsafe(self.loop.stop)

    def runcode(self, compiled):
        outcome = concurrent.futures.Future()
        self.loop.call_soon_threadsafe(self._begin, compiled, outcome)
        try:
            return outcome.result()
        except SystemExit:
            raise
        except KeyboardInterrupt:
            self.write("\nKeyboardInterrupt\n")
        except BaseException:
            self.showtraceback()

    def _begin(self, compiled, outcome):
        self._interrupted = False
        try:
            result = types.FunctionType(compiled, self.locals)()
        except BaseException as failure:
            outcome.set_exception(failure)
            return
        if not inspect.iscoroutine(result):
            outcome.set_result(result)
            return
        self._task = self.loop.create_task(result)
        self._task.add_done_callback(lambda task: self._end(task, outcome))

    def _end(self, task, outcome):
        self._task = None
        if task.cancelled():
            outcome.set_exception(KeyboardInterrupt() if self._interrupted else asyncio.CancelledError())
        elif task.exception() is not None:
            outcome.set_exception(task.exception())
        else:
            outcome.set_result(task.result())

    def interrupt(self):
        """Ctrl-C: ends what is being awaited."""
        if self._task is not None:
            self._interrupted = True
            self._task.cancel()


def main():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    prompt = Prompt(loop, {"asyncio": asyncio} | {name: globals().get(name) for name in _SHARED_NAMES})
    try:
        import readline  # its editing and history work for input()
    except ImportError:
        pass
    threading.Thread(target=prompt.talk, name="prompt", daemon=True).start()
    while True:
        try:
            loop.run_forever()
        except KeyboardInterrupt:
            prompt.interrupt()
        else:
            sys.exit(prompt.status)


if __name__ == "__main__":
    main()
