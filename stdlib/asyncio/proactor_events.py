# SPDX-License-Identifier: MIT
"""The loop of another system, so that a program can ask whether its loop is one: here none is."""
from . import base_events

__all__ = ("BaseProactorEventLoop",)


class BaseProactorEventLoop(base_events.BaseEventLoop):
    """A loop on completion ports."""

    def __init__(self, *args):
        raise NotImplementedError("this system has no completion ports: use SelectorEventLoop")
