# SPDX-License-Identifier: MIT
"""to_thread(): a blocking call in a thread of its own, awaited."""
from _contextvars import copy_context

from . import events

__all__ = ("to_thread",)


async def to_thread(func, /, *args, **kwargs):
    """Call func(*args, **kwargs) in a thread, in a copy of the current context."""
    loop = events.get_running_loop()
    context = copy_context()
    return await loop.run_in_executor(None, lambda: context.run(func, *args, **kwargs))
