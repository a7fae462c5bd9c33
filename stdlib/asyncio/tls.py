# SPDX-License-Identifier: MIT
"""TLS over a transport: a protocol below, a transport above, and between them a connection over two MemoryBIOs."""
import ssl

from . import connections, constants, protocols, transports

_WANTS = (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLSyscallError)


def over_socket(loop, sock, protocol, context, waiter, server_side, server_hostname, server, handshake_timeout, shutdown_timeout):
    """A transport for `protocol` with TLS over a connected socket."""
    tls = TlsProtocol(loop, protocol, context, waiter, server_side, server_hostname, handshake_timeout, shutdown_timeout)
    connections.SocketTransport(loop, sock, tls, server=server)
    return tls.transport


async def upgrade(loop, transport, protocol, context, server_side, server_hostname, handshake_timeout, shutdown_timeout):
    """Put TLS between a transport that is open and its protocol: the new transport."""
    if not isinstance(context, ssl.SSLContext):
        raise TypeError(f"sslcontext is expected to be an instance of ssl.SSLContext, got {context!r}")
    if not isinstance(transport, (connections.SocketTransport, TlsTransport)):
        raise TypeError(f"transport {transport!r} is not supported by start_tls()")
    waiter = loop.create_future()
    tls = TlsProtocol(loop, protocol, context, waiter, server_side, server_hostname, handshake_timeout, shutdown_timeout, tells=False)
    transport.pause_reading()
    transport.set_protocol(tls)
    loop.call_soon(tls.connection_made, transport)
    loop.call_soon(transport.resume_reading)
    try:
        await waiter
    except BaseException:
        transport.close()
        raise
    return tls.transport


class TlsTransport(transports.Transport):
    """What the application's protocol writes through."""

    _start_tls_compatible = True

    def __init__(self, tls):
        super().__init__()
        self._tls = tls

    def get_extra_info(self, name, default=None):
        """What is known of the connection, and of the one below it."""
        return self._tls.extra_info(name, default)

    def set_protocol(self, protocol):
        """Tell another protocol from now on."""
        self._tls.application = protocol

    def get_protocol(self):
        """The protocol that is told."""
        return self._tls.application

    def is_closing(self):
        """Whether it is closed, or about to be."""
        return self._tls.closing or self._tls.below is not None and self._tls.below.is_closing()

    def close(self):
        """Say goodbye and close."""
        self._tls.close()

    def abort(self):
        """Close at once."""
        self._tls.abort()

    def is_reading(self):
        """Whether it tells of bytes that come."""
        return not self._tls.paused and not self.is_closing()

    def pause_reading(self):
        """Tell of no bytes until resume_reading()."""
        self._tls.paused = True
        self._tls.below.pause_reading()

    def resume_reading(self):
        """Tell of bytes again."""
        self._tls.paused = False
        self._tls.below.resume_reading()
        self._tls.loop.call_soon(self._tls.read)

    def set_write_buffer_limits(self, high=None, low=None):
        """Set the limits of the transport below."""
        self._tls.below.set_write_buffer_limits(high, low)

    def get_write_buffer_limits(self):
        """(low, high)."""
        return self._tls.below.get_write_buffer_limits()

    def get_write_buffer_size(self):
        """Bytes that wait."""
        return len(self._tls.waiting) + (self._tls.below.get_write_buffer_size() if self._tls.below is not None else 0)

    def write(self, data):
        """Send bytes."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data: expecting a bytes-like instance, got {type(data).__name__}")
        if data:
            self._tls.write(data)

    def can_write_eof(self):
        """TLS has no half-closed connections."""
        return False

    def write_eof(self):
        raise NotImplementedError


class TlsProtocol(protocols.Protocol):
    """Feeds what comes from below to the connection, and what the connection gives to below."""

    def __init__(self, loop, application, context, waiter, server_side, server_hostname, handshake_timeout, shutdown_timeout, tells=True):
        for name, value, default in (("ssl_handshake_timeout", handshake_timeout, constants.SSL_HANDSHAKE_TIMEOUT),
                                     ("ssl_shutdown_timeout", shutdown_timeout, constants.SSL_SHUTDOWN_TIMEOUT)):
            if value is not None and value <= 0:
                raise ValueError(f"{name} should be a positive number, got {value}")
        if context is True:
            context = ssl.create_default_context()
        self.loop, self.application, self.waiter = loop, application, waiter
        self.context = context
        self.below = None
        self.transport = TlsTransport(self)
        self.waiting = bytearray()
        self.closing = self.paused = self.ready = self.lost = False
        self.tells = tells
        self.handshake_timeout = handshake_timeout or constants.SSL_HANDSHAKE_TIMEOUT
        self.shutdown_timeout = shutdown_timeout or constants.SSL_SHUTDOWN_TIMEOUT
        self.timer = None
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.connection = context.wrap_bio(self.incoming, self.outgoing, server_side=server_side, server_hostname=None if server_side else server_hostname or None)

    def extra_info(self, name, default):
        """What the transport is asked."""
        if name == "ssl_object":
            return self.connection
        if name == "sslcontext":
            return self.context
        if name in ("peercert", "cipher", "compression") and self.ready:
            return {"peercert": self.connection.getpeercert, "cipher": self.connection.cipher, "compression": self.connection.compression}[name]()
        return default if self.below is None else self.below.get_extra_info(name, default)

    # ---- from below
    def connection_made(self, transport):
        """Begin the handshake."""
        self.below = transport
        self.timer = self.loop.call_later(self.handshake_timeout, self._too_late)
        self._handshake()

    def data_received(self, data):
        """Feed the connection."""
        self.incoming.write(data)
        if not self.ready:
            self._handshake()
        elif self.closing:
            self._goodbye()
        else:
            self._write_waiting()
            self.read()

    def eof_received(self):
        """The other end will send no more."""
        self.incoming.write_eof()
        if not self.ready:
            self._fail(ConnectionResetError("connection lost during the SSL handshake"))
        elif not self.closing:
            self.read()

    def connection_lost(self, error):
        """Tell the application's protocol."""
        self._stop_timer()
        if self.ready or not self.tells:
            if not self.lost:
                self.lost = True
                self.application.connection_lost(error)
        elif self.waiter is not None and not self.waiter.done():
            self.waiter.set_exception(error or ConnectionResetError("connection lost during the SSL handshake"))
        self.closing = True

    def pause_writing(self):
        """Hand on."""
        if self.ready:
            self.application.pause_writing()

    def resume_writing(self):
        """Hand on."""
        if self.ready:
            self.application.resume_writing()

    # ---- the handshake
    def _handshake(self):
        try:
            self.connection.do_handshake()
        except _WANTS:
            self._flush()
            return
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._flush()
            self._fail(error)
            return
        self._flush()
        self._stop_timer()
        self.ready = True
        if self.tells:
            self.application.connection_made(self.transport)
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)
        self._write_waiting()
        self.loop.call_soon(self.read)

    def _too_late(self):
        self._fail(ConnectionAbortedError(f"SSL handshake is taking longer than {self.handshake_timeout} seconds: aborting the connection"))

    def _fail(self, error):
        self._stop_timer()
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_exception(error)
        elif not isinstance(error, OSError):
            self.loop.call_exception_handler({"message": "Fatal error on SSL transport", "exception": error, "transport": self.transport, "protocol": self})
        if self.below is not None:
            self.below._force_close(error) if hasattr(self.below, "_force_close") else self.below.abort()

    def _stop_timer(self):
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    # ---- reading and writing
    def read(self):
        """Give the application what has been decrypted."""
        while self.ready and not self.paused and not self.closing:
            try:
                data = self.connection.read(65536)
            except _WANTS:
                self._flush()
                return
            except ssl.SSLZeroReturnError:
                data = b""
            except (SystemExit, KeyboardInterrupt):
                raise
            except BaseException as error:
                self._fail(error)
                return
            self._flush()
            try:
                if not data:
                    self.application.eof_received()
                    self.close()
                    return
                if isinstance(self.application, protocols.BufferedProtocol):
                    protocols.feed(self.application, data)
                else:
                    self.application.data_received(data)
            except (SystemExit, KeyboardInterrupt):
                raise
            except BaseException as error:
                self._fail(error)
                return

    def write(self, data):
        """Encrypt and send."""
        if self.closing or self.lost:
            return
        self.waiting.extend(data)
        self._write_waiting()

    def _write_waiting(self):
        try:
            while self.ready and self.waiting:
                del self.waiting[:self.connection.write(self.waiting)]
        except _WANTS:
            pass
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._fail(error)
            return
        self._flush()

    def _flush(self):
        data = self.outgoing.read()
        if data and self.below is not None and not self.below.is_closing():
            self.below.write(data)

    # ---- ending
    def close(self):
        """Say goodbye, then close below."""
        if self.closing:
            return
        if not self.ready:
            self.abort()
            return
        self._write_waiting()
        self.closing = True
        self.timer = self.loop.call_later(self.shutdown_timeout, self.abort)
        self._goodbye()

    def _goodbye(self):
        try:
            self.connection.unwrap()
        except _WANTS:
            self._flush()
            if not self.incoming.eof:
                return
        except OSError:
            pass
        self._flush()
        self._stop_timer()
        if self.below is not None:
            self.below.close()

    def abort(self):
        """Close below at once."""
        self._stop_timer()
        self.closing = True
        if self.below is not None:
            self.below.abort()
