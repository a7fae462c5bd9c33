# SPDX-License-Identifier: MIT
"""Streams: reading and writing connections with await."""
from collections import deque

from . import coroutines, events, exceptions, protocols, tasks

__all__ = ("StreamReader", "StreamWriter", "StreamReaderProtocol", "open_connection", "start_server", "open_unix_connection", "start_unix_server")

_LIMIT = 64 * 1024


async def open_connection(host=None, port=None, *, limit=_LIMIT, **kwds):
    """Connect: (reader, writer)."""
    loop = events.get_running_loop()
    return await _open(loop, limit, lambda factory: loop.create_connection(factory, host, port, **kwds))


async def open_unix_connection(path=None, *, limit=_LIMIT, **kwds):
    """Connect to a socket in the file system: (reader, writer)."""
    loop = events.get_running_loop()
    return await _open(loop, limit, lambda factory: loop.create_unix_connection(factory, path, **kwds))


async def _open(loop, limit, connect):
    reader = StreamReader(limit=limit, loop=loop)
    protocol = StreamReaderProtocol(reader, loop=loop)
    transport, _ = await connect(lambda: protocol)
    return reader, StreamWriter(transport, protocol, reader, loop)


async def start_server(client_connected_cb, host=None, port=None, *, limit=_LIMIT, **kwds):
    """Listen; client_connected_cb(reader, writer) is called for each connection."""
    loop = events.get_running_loop()
    return await loop.create_server(_server_factory(loop, limit, client_connected_cb), host, port, **kwds)


async def start_unix_server(client_connected_cb, path=None, *, limit=_LIMIT, **kwds):
    """The same on a socket in the file system."""
    loop = events.get_running_loop()
    return await loop.create_unix_server(_server_factory(loop, limit, client_connected_cb), path, **kwds)


def _server_factory(loop, limit, callback):
    return lambda: StreamReaderProtocol(StreamReader(limit=limit, loop=loop), callback, loop=loop)


class FlowControlMixin(protocols.Protocol):
    """Lets drain() wait while the transport is full."""

    def __init__(self, loop=None):
        self._loop = loop if loop is not None else events.get_event_loop()
        self._paused = False
        self._drainers = deque()
        self._connection_lost = False

    def pause_writing(self):
        self._paused = True

    def resume_writing(self):
        self._paused = False
        for waiter in self._drainers:
            if not waiter.done():
                waiter.set_result(None)

    def connection_lost(self, exc):
        self._connection_lost = True
        for waiter in self._drainers:
            if not waiter.done():
                if exc is None:
                    waiter.set_result(None)
                else:
                    waiter.set_exception(exc)

    async def _drain_helper(self):
        if self._connection_lost:
            raise ConnectionResetError("Connection lost")
        if not self._paused:
            return
        waiter = self._loop.create_future()
        self._drainers.append(waiter)
        try:
            await waiter
        finally:
            self._drainers.remove(waiter)

    def _get_close_waiter(self, stream):
        raise NotImplementedError


class StreamReaderProtocol(FlowControlMixin):
    """Between a transport and a StreamReader."""

    def __init__(self, stream_reader, client_connected_cb=None, loop=None):
        super().__init__(loop=loop)
        self._stream_reader = stream_reader
        self._callback = client_connected_cb
        self._strong_reader = client_connected_cb is not None
        self._stream_writer = self._transport = self._task = None
        self._over_ssl = False
        self._closed = self._loop.create_future()

    def _replace_writer(self, writer):
        self._transport = writer.transport
        self._over_ssl = writer.get_extra_info("sslcontext") is not None

    def connection_made(self, transport):
        self._transport = transport
        self._over_ssl = transport.get_extra_info("sslcontext") is not None
        reader = self._stream_reader
        if reader is not None:
            reader.set_transport(transport)
        if self._callback is None:
            return
        self._stream_writer = StreamWriter(transport, self, reader, self._loop)
        result = self._callback(reader, self._stream_writer)
        if coroutines.iscoroutine(result):
            self._task = self._loop.create_task(result)
            self._task.add_done_callback(self._served)
        self._strong_reader = False

    def _served(self, task):
        if task.cancelled():
            self._transport.close()
            return
        error = task.exception()
        if error is not None:
            self._loop.call_exception_handler({"message": "Unhandled exception in client_connected_cb", "exception": error, "transport": self._transport})
            self._transport.close()

    def connection_lost(self, exc):
        reader, waits = self._stream_reader, not self._closed.done()
        if exc is not None:
            if reader is not None:
                reader.set_exception(exc)
            if waits:
                self._closed.set_exception(exc)
        else:
            if reader is not None:
                reader.feed_eof()
            if waits:
                self._closed.set_result(None)
        super().connection_lost(exc)
        self._stream_writer = self._transport = self._task = None

    def data_received(self, data):
        if self._stream_reader is not None:
            self._stream_reader.feed_data(data)

    def eof_received(self):
        if self._stream_reader is not None:
            self._stream_reader.feed_eof()
        return not self._over_ssl

    def _get_close_waiter(self, stream):
        return self._closed

    def __del__(self):
        closed = getattr(self, "_closed", None)      # __init__ may have failed
        if closed is not None and closed.done() and not closed.cancelled():
            closed.exception()                       # asked, so that nobody is told that it never was


class StreamWriter:
    """Writes to a transport."""

    def __init__(self, transport, protocol, reader, loop):
        self._transport, self._protocol, self._reader, self._loop = transport, protocol, reader, loop
        self._complete = loop.create_future()
        self._complete.set_result(None)

    def __repr__(self):
        reader = "" if self._reader is None else f" reader={self._reader!r}"
        return f"<{type(self).__name__} transport={self._transport!r}{reader}>"

    @property
    def transport(self):
        """The transport below."""
        return self._transport

    def write(self, data):
        """Send bytes, now or as soon as they can go."""
        self._transport.write(data)

    def writelines(self, data):
        """Send several pieces."""
        self._transport.writelines(data)

    def write_eof(self):
        """Send no more."""
        return self._transport.write_eof()

    def can_write_eof(self):
        """Whether write_eof() works."""
        return self._transport.can_write_eof()

    def close(self):
        """Close the connection."""
        return self._transport.close()

    def is_closing(self):
        """Whether it is closed, or about to be."""
        return self._transport.is_closing()

    async def wait_closed(self):
        """Wait until it is closed."""
        await self._protocol._get_close_waiter(self)

    def get_extra_info(self, name, default=None):
        """What is known of the connection."""
        return self._transport.get_extra_info(name, default)

    async def drain(self):
        """Wait until the transport has room."""
        if self._reader is not None:
            error = self._reader.exception()
            if error is not None:
                raise error
        if self._transport.is_closing():
            await tasks.sleep(0)                 # so that a loop of write and drain sees the loss
        await self._protocol._drain_helper()

    async def start_tls(self, sslcontext, *, server_hostname=None, ssl_handshake_timeout=None):
        """Go on over TLS."""
        server_side = self._protocol._callback is not None
        protocol = self._protocol
        await self.drain()
        self._transport = await self._loop.start_tls(self._transport, protocol, sslcontext, server_side=server_side, server_hostname=server_hostname,
                                                     ssl_handshake_timeout=ssl_handshake_timeout)
        protocol._replace_writer(self)


class StreamReader:
    """Bytes that have come, and waiting for more."""

    def __init__(self, limit=_LIMIT, loop=None):
        if limit <= 0:
            raise ValueError("Limit cannot be <= 0")
        self._limit = limit
        self._loop = loop if loop is not None else events.get_event_loop()
        self._buffer = bytearray()
        self._eof = False
        self._waiter = self._exception = self._transport = None
        self._paused = False

    def __repr__(self):
        words = ["StreamReader"]
        if self._buffer:
            words.append(f"{len(self._buffer)} bytes")
        if self._eof:
            words.append("eof")
        if self._limit != _LIMIT:
            words.append(f"limit={self._limit}")
        if self._waiter:
            words.append(f"waiter={self._waiter!r}")
        if self._exception:
            words.append(f"exception={self._exception!r}")
        if self._transport:
            words.append(f"transport={self._transport!r}")
        if self._paused:
            words.append("paused")
        return "<{}>".format(" ".join(words))

    # ---- from the protocol
    def exception(self):
        """What went wrong, or None."""
        return self._exception

    def set_exception(self, exc):
        """Something went wrong: readers are to see it."""
        self._exception = exc
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.cancelled():
            waiter.set_exception(exc)

    def _wake_up(self):
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def set_transport(self, transport):
        """What to pause when too much comes."""
        if self._transport is not None:
            raise AssertionError("Transport already set")
        self._transport = transport

    def _resume_if_room(self):
        if self._paused and len(self._buffer) <= self._limit:
            self._paused = False
            self._transport.resume_reading()

    def feed_eof(self):
        """No more will come."""
        self._eof = True
        self._wake_up()

    def at_eof(self):
        """Whether all has been read and no more will come."""
        return self._eof and not self._buffer

    def feed_data(self, data):
        """These bytes came."""
        if self._eof:
            raise AssertionError("feed_data after feed_eof")
        if not data:
            return
        self._buffer.extend(data)
        self._wake_up()
        if self._transport is not None and not self._paused and len(self._buffer) > 2 * self._limit:
            try:
                self._transport.pause_reading()
            except NotImplementedError:
                self._transport = None
            else:
                self._paused = True

    async def _wait_for_data(self, name):
        if self._waiter is not None:
            raise RuntimeError(f"{name}() called while another coroutine is already waiting for incoming data")
        arrival = self._waiter = self._loop.create_future()
        try:
            if self._paused:
                self._paused = False
                self._transport.resume_reading()
            await arrival
        finally:
            self._waiter = None

    def _take(self, count):
        data = bytes(memoryview(self._buffer)[:count])
        del self._buffer[:count]
        self._resume_if_room()
        return data

    # ---- reading
    async def readline(self):
        """A line; what there is at the end."""
        try:
            return await self.readuntil(b"\n")
        except exceptions.IncompleteReadError as error:
            return error.partial
        except exceptions.LimitOverrunError as error:
            # A line that is too long is thrown away; where its end has not come yet, all that has.
            size = error.consumed
            ended = self._buffer[size:size + 1] == b"\n"
            self._take(size + 1 if ended else len(self._buffer))
            raise ValueError(error.args[0])

    async def readuntil(self, separator=b"\n"):
        """Up to the separator, with it."""
        if not separator:
            raise ValueError("Separator should be at least one-byte string")
        if self._exception is not None:
            raise self._exception
        searched = 0
        while True:
            if len(self._buffer) - searched >= len(separator):
                at = self._buffer.find(separator, searched)
                if at >= 0:
                    break
                searched = len(self._buffer) + 1 - len(separator)
                if searched > self._limit:
                    raise exceptions.LimitOverrunError("Separator is not found, and chunk exceed the limit", searched)
            if self._eof:
                partial = bytes(self._buffer)
                self._buffer.clear()
                raise exceptions.IncompleteReadError(partial, None)
            await self._wait_for_data("readuntil")
        if at > self._limit:
            raise exceptions.LimitOverrunError("Separator is found, but chunk is longer than limit", at)
        return self._take(at + len(separator))

    async def read(self, n=-1):
        """Up to n bytes, as soon as there are any; all to the end where n is negative."""
        if self._exception is not None:
            raise self._exception
        if n == 0:
            return b""
        if n < 0:
            pieces = []
            while piece := await self.read(self._limit):
                pieces.append(piece)
            return b"".join(pieces)
        if not self._buffer and not self._eof:
            await self._wait_for_data("read")
        return self._take(n)

    async def readexactly(self, n):
        """n bytes, no fewer."""
        if n < 0:
            raise ValueError("readexactly size can not be less than zero")
        if self._exception is not None:
            raise self._exception
        while len(self._buffer) < n:
            if self._eof:
                partial = bytes(self._buffer)
                self._buffer.clear()
                raise exceptions.IncompleteReadError(partial, n)
            await self._wait_for_data("readexactly")
        return self._take(n)

    def __aiter__(self):
        return self

    async def __anext__(self):
        line = await self.readline()
        if line == b"":
            raise StopAsyncIteration
        return line
