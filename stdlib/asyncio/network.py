# SPDX-License-Identifier: MIT
"""What a loop does with sockets: names, connections, servers, datagrams, and single operations on a socket of one's own."""
import os
import socket
import stat

from . import connections, constants, events, tasks

_NO_SOCKET = "host/port and sock can not be specified at the same time"


async def getaddrinfo(loop, host, port, *, family=0, type=0, proto=0, flags=0):
    return await loop.run_in_executor(None, socket.getaddrinfo, host, port, family, type, proto, flags)


async def getnameinfo(loop, sockaddr, flags=0):
    return await loop.run_in_executor(None, socket.getnameinfo, sockaddr, flags)


def _check_socket(loop, sock):
    if sock.__class__.__name__ == "SSLSocket":
        raise TypeError("Socket cannot be of type SSLSocket")
    if loop.get_debug() and sock.gettimeout() != 0:
        raise ValueError("the socket must be non-blocking")


# ---- Single operations: try, and wait for the loop to say that it may be tried again
async def _attempt(loop, sock, operation, writes=False):
    _check_socket(loop, sock)
    while True:
        try:
            return operation()
        except (BlockingIOError, InterruptedError):
            await _ready(loop, sock, writes)


async def _ready(loop, sock, writes):
    descriptor = sock.fileno()
    waiter = loop.create_future()
    add, remove = (loop.add_writer, loop.remove_writer) if writes else (loop.add_reader, loop.remove_reader)
    handle = add(descriptor, connections._set_done, waiter)
    try:
        await waiter
    finally:
        if not handle.cancelled():       # else another operation has taken this one's place, after it was cancelled
            remove(descriptor)


async def sock_recv(loop, sock, n):
    return await _attempt(loop, sock, lambda: sock.recv(n))


async def sock_recv_into(loop, sock, buf):
    return await _attempt(loop, sock, lambda: sock.recv_into(buf))


async def sock_recvfrom(loop, sock, bufsize):
    return await _attempt(loop, sock, lambda: sock.recvfrom(bufsize))


async def sock_recvfrom_into(loop, sock, buf, nbytes=0):
    return await _attempt(loop, sock, lambda: sock.recvfrom_into(buf, nbytes or len(buf)))


async def sock_sendto(loop, sock, data, address):
    return await _attempt(loop, sock, lambda: sock.sendto(data, address), writes=True)


async def sock_sendall(loop, sock, data):
    rest = memoryview(data).cast("B")
    while rest:
        sent = await _attempt(loop, sock, lambda: sock.send(rest), writes=True)
        rest = rest[sent:]


async def sock_accept(loop, sock):
    connection, address = await _attempt(loop, sock, sock.accept)
    connection.setblocking(False)
    return connection, address


async def sock_connect(loop, sock, address):
    _check_socket(loop, sock)
    if sock.family in (socket.AF_INET, socket.AF_INET6):
        address = (await _resolve(loop, address, family=sock.family, type=sock.type, proto=sock.proto))[0][4]
    try:
        sock.connect(address)
        return
    except (BlockingIOError, InterruptedError):
        pass
    await _ready(loop, sock, True)
    error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, f"Connect call failed {address}")


def _piece(count, sent):
    """How much of a file to read at once."""
    most = constants.SENDFILE_FALLBACK_READBUFFER_SIZE
    return most if count is None else min(most, count - sent)


async def sock_sendfile(loop, sock, file, offset=0, count=None, *, fallback=True):
    _check_socket(loop, sock)
    if "b" not in getattr(file, "mode", "b"):
        raise ValueError("file should be opened in binary mode")
    if sock.type != socket.SOCK_STREAM:
        raise ValueError("only SOCK_STREAM type sockets are supported")
    if count is not None and (not isinstance(count, int) or count <= 0):
        raise (TypeError if not isinstance(count, int) else ValueError)(f"count must be a positive integer (got {count!r})")
    if not isinstance(offset, int):
        raise TypeError(f"offset must be a non-negative integer (got {offset!r})")
    if offset < 0:
        raise ValueError(f"offset must be a non-negative integer (got {offset!r})")
    sent = 0
    file.seek(offset)
    try:
        while count is None or sent < count:
            piece = await loop.run_in_executor(None, file.read, _piece(count, sent))
            if not piece:
                break
            await sock_sendall(loop, sock, piece)
            sent += len(piece)
    finally:
        file.seek(offset + sent)
    return sent


async def sendfile(loop, transport, file, offset=0, count=None, *, fallback=True):
    if transport.is_closing():
        raise RuntimeError("Transport is closing")
    sent = 0
    file.seek(offset)
    try:
        while count is None or sent < count:
            piece = await loop.run_in_executor(None, file.read, _piece(count, sent))
            if not piece:
                break
            transport.write(piece)
            sent += len(piece)
            while transport.get_write_buffer_size() > 65536 and not transport.is_closing():
                await tasks.sleep(0)
    finally:
        file.seek(offset + sent)
    return sent


# ---- Connections
async def _resolve(loop, address, *, family=0, type=socket.SOCK_STREAM, proto=0, flags=0):
    host, port = address[:2]
    if host is not None and isinstance(port, int):
        for each in (family,) if family else (socket.AF_INET, socket.AF_INET6):
            try:                        # a numeric address needs nobody's help
                socket.inet_pton(each, host)
            except (OSError, ValueError, TypeError):
                continue
            rest = tuple(address[2:]) or (0, 0)
            protocol = proto or {socket.SOCK_STREAM: socket.IPPROTO_TCP, socket.SOCK_DGRAM: socket.IPPROTO_UDP}.get(type, 0)
            return [(each, type, protocol, "", (host, port) if each == socket.AF_INET else (host, port, *rest))]
    found = await loop.getaddrinfo(host, port, family=family, type=type, proto=proto, flags=flags)
    if not found:
        raise OSError("getaddrinfo() returned empty list")
    return found


async def _connect_one(loop, info, local_infos, problems):
    family, kind, protocol, _, address = info
    sock = None
    try:
        sock = socket.socket(family=family, type=kind, proto=protocol)
        sock.setblocking(False)
        if local_infos:
            for local in local_infos:
                if local[0] != family:
                    continue
                try:
                    sock.bind(local[4])
                    break
                except OSError as error:
                    problems.append(OSError(error.errno, f"error while attempting to bind on address {local[4]!r}: {error.strerror.lower()}"))
            else:
                raise problems.pop() if problems else OSError(f"no matching local address with {family=} found")
        await loop.sock_connect(sock, address)
        return sock
    except OSError as error:
        problems.append(error)
        if sock is not None:
            sock.close()
    except BaseException:
        if sock is not None:
            sock.close()
        raise


async def _connect(loop, infos, local_infos):
    problems = []
    for info in infos:
        sock = await _connect_one(loop, info, local_infos, problems)
        if sock is not None:
            return sock
    if len(problems) == 1 or all(str(each) == str(problems[0]) for each in problems):
        raise problems[0]
    raise OSError("Multiple exceptions: {}".format(", ".join(map(str, problems))))


async def _attach(loop, sock, protocol_factory, ssl=None, server_hostname=None, server_side=False, server=None, ssl_handshake_timeout=None,
                  ssl_shutdown_timeout=None):
    sock.setblocking(False)
    protocol = protocol_factory()
    waiter = loop.create_future()
    if ssl:
        from . import tls
        transport = tls.over_socket(loop, sock, protocol, ssl, waiter, server_side, server_hostname, server, ssl_handshake_timeout, ssl_shutdown_timeout)
    else:
        transport = connections.SocketTransport(loop, sock, protocol, waiter, server=server)
    try:
        await waiter
    except BaseException:
        transport.close()
        raise
    return transport, protocol


def _check_tls_words(ssl, server_hostname, ssl_handshake_timeout, ssl_shutdown_timeout):
    if server_hostname is not None and not ssl:
        raise ValueError("server_hostname is only meaningful with ssl")
    if ssl_handshake_timeout is not None and not ssl:
        raise ValueError("ssl_handshake_timeout is only meaningful with ssl")
    if ssl_shutdown_timeout is not None and not ssl:
        raise ValueError("ssl_shutdown_timeout is only meaningful with ssl")


async def create_connection(loop, protocol_factory, host=None, port=None, *, ssl=None, family=0, proto=0, flags=0, sock=None, local_addr=None,
                            server_hostname=None, ssl_handshake_timeout=None, ssl_shutdown_timeout=None, happy_eyeballs_delay=None, interleave=None):
    _check_tls_words(ssl, server_hostname, ssl_handshake_timeout, ssl_shutdown_timeout)
    if server_hostname is None and ssl:
        if not host:
            raise ValueError("You must set server_hostname when using ssl without a host")
        server_hostname = host
    if host is not None or port is not None:
        if sock is not None:
            raise ValueError(_NO_SOCKET)
        infos = await _resolve(loop, (host, port), family=family, proto=proto, flags=flags)
        local = None if local_addr is None else await _resolve(loop, local_addr, family=family, proto=proto, flags=flags)
        sock = await _connect(loop, infos, local)
    elif sock is None:
        raise ValueError("host and port was not specified and no sock specified")
    elif sock.type != socket.SOCK_STREAM:
        raise ValueError(f"A Stream Socket was expected, got {sock!r}")
    return await _attach(loop, sock, protocol_factory, ssl, server_hostname, ssl_handshake_timeout=ssl_handshake_timeout,
                         ssl_shutdown_timeout=ssl_shutdown_timeout)


async def create_unix_connection(loop, protocol_factory, path=None, *, ssl=None, sock=None, server_hostname=None, ssl_handshake_timeout=None,
                                 ssl_shutdown_timeout=None):
    if ssl:
        if server_hostname is None:
            raise ValueError("you have to pass server_hostname when using ssl")
    else:
        _check_tls_words(ssl, server_hostname, ssl_handshake_timeout, ssl_shutdown_timeout)
    if path is not None:
        if sock is not None:
            raise ValueError("path and sock can not be specified at the same time")
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            await loop.sock_connect(sock, os.fspath(path))
        except BaseException:
            sock.close()
            raise
    elif sock is None:
        raise ValueError("no path and sock were specified")
    elif sock.family != socket.AF_UNIX or sock.type != socket.SOCK_STREAM:
        raise ValueError(f"A UNIX Domain Stream Socket was expected, got {sock!r}")
    return await _attach(loop, sock, protocol_factory, ssl, server_hostname, ssl_handshake_timeout=ssl_handshake_timeout,
                         ssl_shutdown_timeout=ssl_shutdown_timeout)


async def connect_accepted_socket(loop, protocol_factory, sock, *, ssl=None, ssl_handshake_timeout=None, ssl_shutdown_timeout=None):
    if sock.type != socket.SOCK_STREAM:
        raise ValueError(f"A Stream Socket was expected, got {sock!r}")
    _check_tls_words(ssl, None, ssl_handshake_timeout, ssl_shutdown_timeout)
    return await _attach(loop, sock, protocol_factory, ssl, "", True, None, ssl_handshake_timeout, ssl_shutdown_timeout)


async def start_tls(loop, transport, protocol, sslcontext, *, server_side=False, server_hostname=None, ssl_handshake_timeout=None, ssl_shutdown_timeout=None):
    from . import tls
    return await tls.upgrade(loop, transport, protocol, sslcontext, server_side, server_hostname, ssl_handshake_timeout, ssl_shutdown_timeout)


async def connect_read_pipe(loop, protocol_factory, pipe):
    return await _attach_pipe(loop, protocol_factory, pipe, True)


async def connect_write_pipe(loop, protocol_factory, pipe):
    return await _attach_pipe(loop, protocol_factory, pipe, False)


async def _attach_pipe(loop, protocol_factory, pipe, reads):
    protocol = protocol_factory()
    waiter = loop.create_future()
    transport = connections.PipeTransport(loop, pipe, protocol, waiter, reads=reads)
    try:
        await waiter
    except BaseException:
        transport.close()
        raise
    return transport, protocol


# ---- Datagrams
async def create_datagram_endpoint(loop, protocol_factory, local_addr=None, remote_addr=None, *, family=0, proto=0, flags=0, reuse_port=None,
                                   allow_broadcast=None, sock=None):
    if sock is not None:
        if sock.type == socket.SOCK_STREAM:
            raise ValueError(f"A datagram socket was expected, got {sock!r}")
        given = dict(local_addr=local_addr, remote_addr=remote_addr, family=family, proto=proto, flags=flags, reuse_port=reuse_port, allow_broadcast=allow_broadcast)
        named = ", ".join(f"{key}={value}" for key, value in given.items() if value)
        if named:
            raise ValueError(f"socket modifier keyword arguments can not be used when sock is specified. ({named})")
        sock.setblocking(False)
    else:
        sock, remote_addr = await _datagram_socket(loop, local_addr, remote_addr, family, proto, flags, reuse_port, allow_broadcast)
    protocol = protocol_factory()
    waiter = loop.create_future()
    transport = connections.DatagramTransport(loop, sock, protocol, remote_addr, waiter)
    try:
        await waiter
    except BaseException:
        transport.close()
        raise
    return transport, protocol


async def _datagram_socket(loop, local_addr, remote_addr, family, proto, flags, reuse_port, allow_broadcast):
    if not (local_addr or remote_addr):
        if not family:
            raise ValueError("unexpected address family")
        pairs = [(family, proto, None, None)]
    elif family == socket.AF_UNIX:
        for address in (local_addr, remote_addr):
            if address is not None and not isinstance(address, str):
                raise TypeError("string is expected")
        if local_addr and local_addr[0] not in (0, "\x00"):
            try:
                if stat.S_ISSOCK(os.stat(local_addr).st_mode):
                    os.remove(local_addr)
            except FileNotFoundError:
                pass
        pairs = [(family, proto, local_addr, remote_addr)]
    else:
        found = {}
        for index, address in enumerate((local_addr, remote_addr)):
            if address is None:
                continue
            if not (isinstance(address, tuple) and len(address) == 2):
                raise TypeError("2-tuple is expected")
            for info in await _resolve(loop, address, family=family, type=socket.SOCK_DGRAM, proto=proto, flags=flags):
                found.setdefault((info[0], info[2]), [None, None])[index] = info[4]
        pairs = [(*key, *both) for key, both in found.items() if not (local_addr and both[0] is None or remote_addr and both[1] is None)]
        if not pairs:
            raise ValueError("can not get address information")
    problems = []
    for family, proto, local, remote in pairs:
        sock = None
        try:
            sock = socket.socket(family=family, type=socket.SOCK_DGRAM, proto=proto)
            if reuse_port:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if allow_broadcast:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.setblocking(False)
            if local:
                sock.bind(local)
            if remote and not allow_broadcast:
                await loop.sock_connect(sock, remote)
            return sock, remote
        except OSError as error:
            if sock is not None:
                sock.close()
            problems.append(error)
        except BaseException:
            if sock is not None:
                sock.close()
            raise
    raise problems[0]


# ---- Servers
class Server(events.AbstractServer):
    """Sockets that listen, and the connections that came through them."""

    def __init__(self, loop, sockets, protocol_factory, ssl, backlog, ssl_handshake_timeout=None, ssl_shutdown_timeout=None):
        self._loop, self._sockets, self._factory = loop, sockets, protocol_factory
        self._ssl, self._backlog = ssl, backlog
        self._timeouts = (ssl_handshake_timeout, ssl_shutdown_timeout)
        self._active = 0
        self._serving = False
        self._waiters = []
        self._forever = None

    def __repr__(self):
        return f"<{type(self).__name__} sockets={self.sockets!r}>"

    def _attach(self):
        self._active += 1

    def _detach(self):
        self._active -= 1
        if not self._active and self._sockets is None:
            self._wake_up()

    def _wake_up(self):
        waiters, self._waiters = self._waiters, None
        for waiter in waiters or ():
            if not waiter.done():
                waiter.set_result(None)

    def get_loop(self):
        """Its loop."""
        return self._loop

    def is_serving(self):
        """Whether it takes connections."""
        return self._serving

    @property
    def sockets(self):
        """The sockets that listen."""
        return tuple(self._sockets or ())

    def _start_serving(self):
        if self._serving:
            return
        self._serving = True
        for sock in self._sockets:
            sock.listen(self._backlog)
            self._loop.add_reader(sock.fileno(), self._accept, sock)

    def _accept(self, sock):
        for _ in range(self._backlog):
            try:
                connection, _ = sock.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._loop.call_exception_handler({"message": "socket.accept() out of system resource", "exception": error, "socket": sock})
                self._loop.remove_reader(sock.fileno())
                self._loop.call_later(1, self._listen_again, sock)
                return
            self._loop.create_task(self._serve(connection))

    def _listen_again(self, sock):
        if self._serving and sock.fileno() >= 0:
            self._loop.add_reader(sock.fileno(), self._accept, sock)

    async def _serve(self, connection):
        try:
            await _attach(self._loop, connection, self._factory, self._ssl, None, True, self, *self._timeouts)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            if self._loop.get_debug():
                self._loop.call_exception_handler({"message": "Error on transport creation for incoming connection", "exception": error})

    async def start_serving(self):
        """Take connections."""
        self._start_serving()
        await tasks.sleep(0)

    async def serve_forever(self):
        """Take connections until it is cancelled."""
        if self._forever is not None:
            raise RuntimeError(f"server {self!r} is already being awaited on serve_forever()")
        if self._sockets is None:
            raise RuntimeError(f"server {self!r} is closed")
        self._start_serving()
        self._forever = self._loop.create_future()
        try:
            await self._forever
        except BaseException:
            try:
                self.close()
                await self.wait_closed()
            finally:
                raise
        finally:
            self._forever = None

    def close(self):
        """Take no more connections."""
        sockets, self._sockets = self._sockets, None
        if sockets is None:
            return
        self._serving = False
        for sock in sockets:
            self._loop.remove_reader(sock.fileno())
            sock.close()
        if self._forever is not None and not self._forever.done():
            self._forever.cancel()
        if not self._active:
            self._wake_up()

    async def wait_closed(self):
        """Wait until close() has been called and its connections are gone."""
        if self._sockets is None or self._waiters is None:
            return
        waiter = self._loop.create_future()
        self._waiters.append(waiter)
        await waiter


def _check_server_tls(ssl, ssl_handshake_timeout, ssl_shutdown_timeout):
    if isinstance(ssl, bool):
        raise TypeError("ssl argument must be an SSLContext or None")
    _check_tls_words(ssl, None, ssl_handshake_timeout, ssl_shutdown_timeout)


async def create_server(loop, protocol_factory, host=None, port=None, *, family=socket.AF_UNSPEC, flags=socket.AI_PASSIVE, sock=None, backlog=100, ssl=None,
                        reuse_address=None, reuse_port=None, ssl_handshake_timeout=None, ssl_shutdown_timeout=None, start_serving=True):
    _check_server_tls(ssl, ssl_handshake_timeout, ssl_shutdown_timeout)
    if host is not None or port is not None:
        if sock is not None:
            raise ValueError(_NO_SOCKET)
        hosts = [None] if host is None or host == "" else [host] if isinstance(host, str) else list(host)
        infos = []
        for each in hosts:
            for info in await _resolve(loop, (each, port), family=family, flags=flags):
                if info not in infos:
                    infos.append(info)
        sockets = _listening(infos, reuse_address is None or reuse_address, reuse_port)
    elif sock is None:
        raise ValueError("Neither host/port nor sock were specified")
    elif sock.type != socket.SOCK_STREAM:
        raise ValueError(f"A Stream Socket was expected, got {sock!r}")
    else:
        sockets = [sock]
    return await _serving(Server(loop, sockets, protocol_factory, ssl, backlog, ssl_handshake_timeout, ssl_shutdown_timeout), start_serving)


def _listening(infos, reuse_address, reuse_port):
    sockets = []
    try:
        for family, kind, protocol, _, address in infos:
            try:
                sock = socket.socket(family, kind, protocol)
            except OSError:
                continue                 # a family that this host does not have
            sockets.append(sock)
            if reuse_address:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if reuse_port:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                sock.bind(address)
            except OSError as error:
                if error.errno == 99 and len(infos) > 1:      # EADDRNOTAVAIL: IPv6 is off, say
                    sockets.pop().close()
                    continue
                raise OSError(error.errno, f"error while attempting to bind on address {address!r}: {error.strerror.lower()}") from None
        if not sockets:
            raise OSError(f"could not bind on any address out of {[info[4] for info in infos]!r}")
    except BaseException:
        for sock in sockets:
            sock.close()
        raise
    return sockets


async def _serving(server, start_serving):
    for sock in server.sockets:
        sock.setblocking(False)
    if start_serving:
        server._start_serving()
        await tasks.sleep(0)
    return server


async def create_unix_server(loop, protocol_factory, path=None, *, sock=None, backlog=100, ssl=None, ssl_handshake_timeout=None, ssl_shutdown_timeout=None,
                             start_serving=True):
    _check_server_tls(ssl, ssl_handshake_timeout, ssl_shutdown_timeout)
    if path is not None:
        if sock is not None:
            raise ValueError("path and sock can not be specified at the same time")
        path = os.fspath(path)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        if path[0] not in (0, "\x00"):
            try:
                if stat.S_ISSOCK(os.stat(path).st_mode):
                    os.remove(path)       # left by a server that has ended
            except FileNotFoundError:
                pass
        try:
            sock.bind(path)
        except OSError as error:
            sock.close()
            if error.errno == 98:
                raise OSError(98, f"Address {path!r} is already in use") from None
            raise
        except BaseException:
            sock.close()
            raise
    elif sock is None:
        raise ValueError("path was not specified, and no sock specified")
    elif sock.family != socket.AF_UNIX or sock.type != socket.SOCK_STREAM:
        raise ValueError(f"A UNIX Domain Stream Socket was expected, got {sock!r}")
    return await _serving(Server(loop, [sock], protocol_factory, ssl, backlog, ssl_handshake_timeout, ssl_shutdown_timeout), start_serving)
