# SPDX-License-Identifier: MIT
"""Processes used like threads: made by fork, with queues, pipes, locks, shared memory and pools."""
from multiprocessing import context

_names = [name for name in dir(context._default_context) if not name.startswith("_")]
__all__ = _names
globals().update((name, getattr(context._default_context, name)) for name in _names)
