# SPDX-License-Identifier: MIT
"""Connections between processes, over pipes and sockets: messages with their length in front."""
import posix
import sys
import _multiprocessing
from multiprocessing import stuck

__all__ = ["Connection", "Client", "Listener", "Pipe", "wait"]


class Connection:
    """One end of a pipe."""

    def __init__(self, handle, readable=True, writable=True):
        handle = handle.__index__()
        if handle < 0:
            raise ValueError("invalid handle")
        if not readable and not writable:
            raise ValueError("at least one of `readable` and `writable` must be True")
        self._handle = handle
        self._readable = readable
        self._writable = writable

    def __del__(self):
        if getattr(self, "_handle", None) is not None:
            self.close()

    def _check_open(self):
        if self._handle is None:
            raise OSError("handle is closed")

    def _check_readable(self):
        self._check_open()
        if not self._readable:
            raise OSError("connection is write-only")

    def _check_writable(self):
        self._check_open()
        if not self._writable:
            raise OSError("connection is read-only")

    @property
    def closed(self):
        return self._handle is None

    @property
    def readable(self):
        return self._readable

    @property
    def writable(self):
        return self._writable

    def fileno(self):
        self._check_open()
        return self._handle

    def close(self):
        handle, self._handle = self._handle, None
        if handle is not None:
            posix.close(handle)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def send_bytes(self, buf, offset=0, size=None):
        """Send bytes as one message."""
        self._check_writable()
        view = memoryview(buf)
        view = view.cast("B") if view.format != "B" or view.ndim != 1 else view
        if offset < 0:
            raise ValueError("offset is negative")
        if len(view) < offset:
            raise ValueError("buffer length < offset")
        if size is None:
            size = len(view) - offset
        elif size < 0:
            raise ValueError("size is negative")
        elif offset + size > len(view):
            raise ValueError("buffer length < offset + size")
        self._send_message(bytes(view[offset:offset + size]))

    def send(self, obj):
        """Send an object."""
        self._check_writable()
        self._send_message(_dumps(obj))

    def _send_message(self, data):
        n = len(data)
        if n > 0x7fffffff:
            header = (-1).to_bytes(4, "big", signed=True) + n.to_bytes(8, "big")
        else:
            header = n.to_bytes(4, "big")
        if n > 16384:
            self._write(header)
            self._write(data)
        else:
            self._write(header + data)

    def _write(self, data):
        if len(data) > 4096:
            with stuck.OnlyWriting():
                self._write_all(data)
        else:
            self._write_all(data)

    def _write_all(self, data):
        written = posix.write(self._handle, data)
        stuck.wrote()
        if written == len(data):
            return
        view = memoryview(data)
        while written < len(data):
            written += posix.write(self._handle, view[written:])
            stuck.wrote()

    def _read(self, n):
        data = posix.read(self._handle, n)
        if len(data) == n:
            return data
        parts = []
        left = n
        while True:
            if not data:
                if left == n:
                    raise EOFError
                raise OSError("got end of file during message")
            parts.append(data)
            left -= len(data)
            if not left:
                return b"".join(parts)
            data = posix.read(self._handle, min(left, 1 << 20))

    def _receive_message(self, most=None):
        n = int.from_bytes(self._read(4), "big", signed=True)
        if n == -1:
            n = int.from_bytes(self._read(8), "big")
        if most is not None and n > most:
            self._readable = False
            if not self._writable:
                self.close()
            raise OSError("bad message length")
        return self._read(n) if n else b""

    def recv_bytes(self, maxlength=None):
        """Receive one message as bytes."""
        self._check_readable()
        if maxlength is not None and maxlength < 0:
            raise ValueError("negative maxlength")
        return self._receive_message(maxlength)

    def recv_bytes_into(self, buf, offset=0):
        """Receive one message into a buffer that can be written to; gives its length."""
        self._check_readable()
        view = memoryview(buf).cast("B")
        if offset < 0:
            raise ValueError("negative offset")
        if offset > len(view):
            raise ValueError("offset too large")
        data = self._receive_message()
        if len(view) < offset + len(data):
            from multiprocessing.context import BufferTooShort
            raise BufferTooShort(data)
        view[offset:offset + len(data)] = data
        return len(data)

    def recv(self):
        """Receive an object."""
        self._check_readable()
        from pickle import loads
        return loads(self._receive_message())

    def __reduce__(self):
        from multiprocessing.listeners import reduce_connection
        return reduce_connection(self)

    def poll(self, timeout=0.0):
        """Whether there is something to be received; waits at most timeout seconds, None: until there is."""
        self._check_readable()
        return bool(_multiprocessing.ready((self._handle,), timeout))


_Connection = Connection


def _dumps(obj):
    """The object as bytes. What only `multiprocessing.reduction` can send (sockets, what a program has registered) brings it in."""
    if "multiprocessing.reduction" not in sys.modules:
        from pickle import PicklingError, dumps
        try:
            return dumps(obj)
        except (TypeError, AttributeError, PicklingError) as error:
            if "socket" not in sys.modules:
                raise
            kept = error
        from multiprocessing.reduction import ForkingPickler
        try:
            return bytes(ForkingPickler.dumps(obj))
        except Exception:
            raise kept from None
    from multiprocessing.reduction import ForkingPickler
    return bytes(ForkingPickler.dumps(obj))


def Pipe(duplex=True):
    """Two connections to each other; not duplex: the first receives, the second sends."""
    if duplex:
        first, second = _multiprocessing.socketpair()
        return Connection(first), Connection(second)
    reading, writing = posix.pipe()
    return Connection(reading, writable=False), Connection(writing, readable=False)


def wait(object_list, timeout=None):
    """The connections, descriptors and sentinels in object_list that can be read; waits for one of them."""
    objects = list(object_list)
    fds = [each if isinstance(each, int) else each.fileno() for each in objects]
    found = set(_multiprocessing.ready(fds, timeout if timeout is None else max(timeout, 0)))
    return [each for each, fd in zip(objects, fds) if fd in found]


def __getattr__(name):
    from multiprocessing import listeners
    if name in listeners.__all__:
        return getattr(listeners, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
