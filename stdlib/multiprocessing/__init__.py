# SPDX-License-Identifier: MIT
"""Processes used like threads: made by fork, with queues, pipes, locks, shared memory and pools."""
import sys
from multiprocessing import context

# managers, shared_memory, dummy and the like are borrowed
if sys._stdlib_dir:
    __path__.append(sys._stdlib_dir + "/multiprocessing")

__all__ = [name for name in dir(context._default_context) if not name.startswith("_") and name != "reducer"]
globals().update((name, getattr(context._default_context, name)) for name in __all__)


def __getattr__(name):
    if name in ("reducer", "reduction"):
        return context.__getattr__("reduction")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
