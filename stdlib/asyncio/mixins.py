# SPDX-License-Identifier: MIT
"""What locks and queues share: they belong to the loop that first makes them wait."""
from . import events


class LoopBound:
    """Something that belongs to one loop, found out at its first wait."""

    _loop = None

    def _get_loop(self):
        loop = events.get_running_loop()
        if self._loop is None:
            self._loop = loop
        if loop is not self._loop:
            raise RuntimeError(f"{self!r} is bound to a different event loop")
        return loop
