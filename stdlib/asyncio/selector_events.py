# SPDX-License-Identifier: MIT
"""The loop and its transports under the names that programs know. There is one loop, on epoll."""
from .base_events import EventLoop as BaseSelectorEventLoop
from .connections import _Stream as _SelectorTransport, DatagramTransport as _SelectorDatagramTransport, SocketTransport as _SelectorSocketTransport

__all__ = ("BaseSelectorEventLoop",)
