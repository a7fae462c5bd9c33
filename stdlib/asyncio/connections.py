# SPDX-License-Identifier: MIT
"""Transports over sockets and pipes: each watches its descriptor through the loop, and writes at once where it can."""
import os
import socket
import stat
import warnings
from collections import deque

from . import protocols, transports

MAX_READ = 256 * 1024
LOG_AFTER_LOST = 5


def _log_lost(text):
    from logging import getLogger
    getLogger("asyncio").warning(text)


class _Stream(transports.FlowControl):
    """A stream of bytes over one descriptor. Subclasses say how to read, to write and to close it."""

    def _start(self, loop, protocol, descriptor, waiter, server=None):
        self._loop = loop
        self._descriptor = descriptor
        self._server = server
        self._buffer = bytearray()
        self._closing = self._eof = self._paused = False
        self._lost_writes = 0
        self._reads = self._writes = True
        self.set_protocol(protocol)
        self._start_flow()
        if server is not None:
            server._attach()
        loop.call_soon(protocol.connection_made, self)
        loop.call_soon(self._add_reader)
        if waiter is not None:
            loop.call_soon(_set_done, waiter)

    def __repr__(self):
        words = [type(self).__name__]
        if self._descriptor is None:
            words.append("closed")
        elif self._closing:
            words.append("closing")
        words.append(f"fd={self._descriptor}")
        return f"<{' '.join(words)}>"

    def __del__(self, _warn=warnings.warn):
        if getattr(self, "_descriptor", None) is not None:
            _warn(f"unclosed transport {self!r}", ResourceWarning, source=self)
            self._close_descriptor()

    def set_protocol(self, protocol):
        """Tell another protocol from now on."""
        self._protocol = protocol
        self._into_buffer = isinstance(protocol, protocols.BufferedProtocol)

    def get_protocol(self):
        """The protocol that is told."""
        return self._protocol

    def is_closing(self):
        """Whether it is closed, or about to be."""
        return self._closing

    # ---- reading
    def _add_reader(self):
        if self._reads and not self._closing and not self._paused:
            self._loop.add_reader(self._descriptor, self._on_readable)

    def is_reading(self):
        """Whether it tells of bytes that come."""
        return not self._closing and not self._paused

    def pause_reading(self):
        """Tell of no bytes until resume_reading()."""
        if not self._closing and not self._paused:
            self._paused = True
            self._loop.remove_reader(self._descriptor)

    def resume_reading(self):
        """Tell of bytes again."""
        if not self._closing and self._paused:
            self._paused = False
            self._add_reader()

    def _on_readable(self):
        if self._closing and self._descriptor is None:
            return
        try:
            data = self._read()
        except (BlockingIOError, InterruptedError):
            return
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._fail(error, "Fatal read error on %s transport" % self._kind)
            return
        try:
            if not data:
                self._on_eof()
            elif self._into_buffer:
                protocols.feed(self._protocol, data)
            else:
                self._protocol.data_received(data)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            name = "eof_received" if not data else "buffer_updated" if self._into_buffer else "data_received"
            self._fail(error, f"Fatal error: protocol.{name}() call failed.")

    def _on_eof(self):
        keep = self._protocol.eof_received()
        if keep:
            self._loop.remove_reader(self._descriptor)
            self._reads = False
        else:
            self.close()

    # ---- writing
    def get_write_buffer_size(self):
        """Bytes that wait."""
        return len(self._buffer)

    def write(self, data):
        """Send bytes, now or as soon as they can go."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data argument must be a bytes-like object, not {type(data).__name__!r}")
        if self._eof:
            raise RuntimeError("Cannot call write() after write_eof()")
        if not data:
            return
        if self._lost_writes or self._closing:
            if self._lost_writes >= LOG_AFTER_LOST:
                _log_lost(f"{self._kind} write raised exception.")
            self._lost_writes += 1
            return
        if not self._buffer:
            try:
                sent = self._write(data)
            except (BlockingIOError, InterruptedError):
                sent = 0
            except (SystemExit, KeyboardInterrupt):
                raise
            except BaseException as error:
                self._fail(error, f"Fatal write error on {self._kind} transport")
                return
            data = memoryview(data)[sent:]
            if not data:
                return
            self._loop.add_writer(self._descriptor, self._on_writable)
        self._buffer.extend(data)
        self._pause_if_full()

    def _on_writable(self):
        if self._descriptor is None:
            return
        try:
            sent = self._write(self._buffer)
        except (BlockingIOError, InterruptedError):
            return
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._loop.remove_writer(self._descriptor)
            self._buffer.clear()
            self._fail(error, f"Fatal write error on {self._kind} transport")
            return
        del self._buffer[:sent]
        self._resume_if_low()
        if not self._buffer:
            self._loop.remove_writer(self._descriptor)
            if self._closing:
                self._lose(None)
            elif self._eof:
                self._end_writing()

    def can_write_eof(self):
        """Whether write_eof() works."""
        return True

    def write_eof(self):
        """Send no more: the other end comes to the end of what it reads."""
        if not self._closing and not self._eof:
            self._eof = True
            if not self._buffer:
                self._end_writing()

    # ---- ending
    def close(self):
        """Close when all that waits has been written."""
        if self._closing:
            return
        self._closing = True
        self._loop.remove_reader(self._descriptor)
        if not self._buffer:
            self._lost_writes += 1
            self._loop.call_soon(self._lose, None)

    def abort(self):
        """Close at once."""
        self._force_close(None)

    def _fail(self, error, message):
        if isinstance(error, OSError):
            if self._loop.get_debug():
                from logging import getLogger
                getLogger("asyncio").debug("%r: %s", self, message, exc_info=True)
        else:
            self._loop.call_exception_handler({"message": message, "exception": error, "transport": self, "protocol": self._protocol})
        self._force_close(error)

    def _force_close(self, error):
        if self._descriptor is None:
            return
        if self._buffer:
            self._buffer.clear()
            self._loop.remove_writer(self._descriptor)
        if not self._closing:
            self._closing = True
            self._loop.remove_reader(self._descriptor)
        self._lost_writes += 1
        self._loop.call_soon(self._lose, error)

    def _lose(self, error):
        if self._descriptor is None:
            return
        try:
            self._protocol.connection_lost(error)
        finally:
            self._close_descriptor()
            self._protocol = None
            server, self._server = self._server, None
            if server is not None:
                server._detach()


class SocketTransport(_Stream, transports.Transport):
    """A connected socket."""

    _kind = "socket"

    def __init__(self, loop, sock, protocol, waiter=None, extra=None, server=None):
        transports.Transport.__init__(self, extra)
        self._sock = sock
        self._extra["socket"] = sock
        for key, ask in (("sockname", sock.getsockname), ("peername", sock.getpeername)):
            if key not in self._extra:
                try:
                    self._extra[key] = ask()
                except OSError:
                    self._extra[key] = None
        if sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM:
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                pass
        self._start(loop, protocol, sock.fileno(), waiter, server)

    def _read(self):
        return self._sock.recv(MAX_READ)

    def _write(self, data):
        return self._sock.send(data)

    def _end_writing(self):
        try:
            self._sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _close_descriptor(self):
        self._descriptor = None
        self._sock.close()


class PipeTransport(_Stream, transports.Transport):
    """One end of a pipe, FIFO, socket or terminal: for reading or for writing."""

    _kind = "pipe"

    def __init__(self, loop, pipe, protocol, waiter=None, extra=None, reads=True):
        transports.Transport.__init__(self, extra)
        self._extra["pipe"] = pipe
        self._pipe = pipe
        descriptor = pipe.fileno()
        mode = os.fstat(descriptor).st_mode
        if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or stat.S_ISCHR(mode)):
            self._pipe = self._descriptor = None
            raise ValueError("Pipe transport is for pipes/sockets only." if reads
                             else "Pipe transport is only for pipes, sockets and character devices")
        os.set_blocking(descriptor, False)
        self._start(loop, protocol, descriptor, waiter)
        self._reads, self._writes = reads, not reads
        if not reads and not stat.S_ISCHR(mode):
            loop.call_soon(self._watch_other_end)

    def _watch_other_end(self):
        # A pipe that is only written to becomes readable when its reader goes.
        if not self._closing:
            self._loop.add_reader(self._descriptor, self._on_reader_gone)

    def _on_reader_gone(self):
        self._force_close(BrokenPipeError() if self._buffer else None)

    def _read(self):
        return os.read(self._descriptor, MAX_READ)

    def _write(self, data):
        return os.write(self._descriptor, data)

    def _on_eof(self):
        self._loop.remove_reader(self._descriptor)
        self._loop.call_soon(self._protocol.eof_received)
        self._closing = True
        self._lost_writes += 1
        self._loop.call_soon(self._lose, None)

    def write_eof(self):
        """Close when all that waits has been written: a pipe has no other end of writing."""
        self.close()

    def _close_descriptor(self):
        self._descriptor = None
        self._pipe.close()


class DatagramTransport(transports.FlowControl, transports.DatagramTransport):
    """A socket for datagrams."""

    def __init__(self, loop, sock, protocol, address=None, waiter=None, extra=None):
        transports.DatagramTransport.__init__(self, extra)
        self._loop, self._sock, self._protocol, self._address = loop, sock, protocol, address
        self._descriptor = sock.fileno()
        self._waiting = deque()
        self._size = 0
        self._closing = False
        self._extra["socket"] = sock
        for key, ask in (("sockname", sock.getsockname), ("peername", sock.getpeername)):
            try:
                self._extra[key] = ask()
            except OSError:
                self._extra[key] = None
        self._start_flow()
        loop.call_soon(protocol.connection_made, self)
        loop.call_soon(self._add_reader)
        if waiter is not None:
            loop.call_soon(_set_done, waiter)

    def __repr__(self):
        return f"<{type(self).__name__}{' closing' if self._closing else ''} fd={self._descriptor}>"

    def __del__(self, _warn=warnings.warn):
        if getattr(self, "_descriptor", None) is not None:
            _warn(f"unclosed transport {self!r}", ResourceWarning, source=self)
            self._sock.close()

    def set_protocol(self, protocol):
        """Tell another protocol from now on."""
        self._protocol = protocol

    def get_protocol(self):
        """The protocol that is told."""
        return self._protocol

    def is_closing(self):
        """Whether it is closed, or about to be."""
        return self._closing

    def get_write_buffer_size(self):
        """Bytes that wait."""
        return self._size

    def _add_reader(self):
        if not self._closing:
            self._loop.add_reader(self._descriptor, self._on_readable)

    def _on_readable(self):
        if self._closing:
            return
        try:
            data, address = self._sock.recvfrom(MAX_READ)
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            self._protocol.error_received(error)
        else:
            self._protocol.datagram_received(data, address)

    def _send(self, data, address):
        if self._address is not None or address is None:
            self._sock.send(data)
        else:
            self._sock.sendto(data, address)

    def sendto(self, data, addr=None):
        """Send a datagram, now or as soon as it can go."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data argument must be a bytes-like object, not {type(data).__name__!r}")
        if not data:
            return
        if self._address is not None:
            if addr not in (None, self._address):
                raise ValueError(f"Invalid address: must be None or {self._address}")
            addr = self._address
        if self._closing:
            return
        if not self._waiting:
            try:
                self._send(data, addr)
                return
            except (BlockingIOError, InterruptedError):
                self._loop.add_writer(self._descriptor, self._on_writable)
            except OSError as error:
                self._protocol.error_received(error)
                return
        self._waiting.append((bytes(data), addr))
        self._size += len(data)
        self._pause_if_full()

    def _on_writable(self):
        while self._waiting:
            data, address = self._waiting[0]
            try:
                self._send(data, address)
            except (BlockingIOError, InterruptedError):
                break
            except OSError as error:
                self._protocol.error_received(error)
            self._waiting.popleft()
            self._size -= len(data)
        self._resume_if_low()
        if not self._waiting:
            self._loop.remove_writer(self._descriptor)
            if self._closing:
                self._lose(None)

    def close(self):
        """Close when all that waits has been sent."""
        if self._closing:
            return
        self._closing = True
        self._loop.remove_reader(self._descriptor)
        if not self._waiting:
            self._loop.call_soon(self._lose, None)

    def abort(self):
        """Close at once."""
        if self._descriptor is None:
            return
        if self._waiting:
            self._waiting.clear()
            self._size = 0
            self._loop.remove_writer(self._descriptor)
        if not self._closing:
            self._closing = True
            self._loop.remove_reader(self._descriptor)
        self._loop.call_soon(self._lose, None)

    def _lose(self, error):
        if self._descriptor is None:
            return
        try:
            self._protocol.connection_lost(error)
        finally:
            self._descriptor = None
            self._sock.close()


def _set_done(waiter):
    if not waiter.done():
        waiter.set_result(None)
