# SPDX-License-Identifier: MIT
"""The exceptions of asyncio."""

__all__ = ("BrokenBarrierError", "CancelledError", "InvalidStateError", "TimeoutError", "IncompleteReadError", "LimitOverrunError",
           "SendfileNotAvailableError")


class CancelledError(BaseException):
    """The Future or Task was cancelled."""


TimeoutError = TimeoutError


class InvalidStateError(Exception):
    """The operation is not allowed in this state."""


class SendfileNotAvailableError(RuntimeError):
    """Sendfile syscall is not available."""


class IncompleteReadError(EOFError):
    """The stream ended before as much had been read as was asked for."""

    def __init__(self, partial, expected):
        self.partial, self.expected = partial, expected
        EOFError.__init__(self, "%d bytes read on a total of %s expected bytes" % (len(partial), "undefined" if expected is None else repr(expected)))

    def __reduce__(self):
        return type(self), (self.partial, self.expected)


class LimitOverrunError(Exception):
    """No separator was found within the limit; `consumed` bytes of the buffer cannot contain it."""

    def __init__(self, message, consumed):
        self.consumed = consumed
        Exception.__init__(self, message)

    def __reduce__(self):
        return type(self), (*self.args, self.consumed)


class BrokenBarrierError(RuntimeError):
    """The barrier was broken."""
