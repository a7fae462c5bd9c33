# SPDX-License-Identifier: MIT
"""Connections that are made by address: a listener takes them, a client asks for one, and a key that both know may be asked for."""
import os
import socket

from multiprocessing import util
from multiprocessing.connection import Connection
from multiprocessing.context import AuthenticationError

__all__ = ["Listener", "Client", "XmlListener", "XmlClient", "SocketListener", "SocketClient", "arbitrary_address", "address_type",
           "deliver_challenge", "answer_challenge", "CHALLENGE", "WELCOME", "FAILURE", "MESSAGE_LENGTH", "rebuild_connection", "families"]

families = ["AF_INET", "AF_UNIX"]
CHALLENGE, WELCOME, FAILURE = b"#CHALLENGE#", b"#WELCOME#", b"#FAILURE#"
MESSAGE_LENGTH = 20
_LONGEST_ANSWER = 256


def arbitrary_address(family):
    """A free address of the family."""
    if family == "AF_INET":
        return "localhost", 0
    if family == "AF_UNIX":
        import tempfile
        return tempfile.mktemp(prefix="listener-", dir=util.get_temp_dir())
    raise ValueError("unrecognized family")


def address_type(address):
    """The family that an address is of."""
    if type(address) is tuple:
        return "AF_INET"
    if isinstance(address, str) and address.startswith("\\\\"):
        return "AF_PIPE"
    if isinstance(address, str) or util.is_abstract_socket_namespace(address):
        return "AF_UNIX"
    raise ValueError(f"address type of {address!r} unrecognized")


def _check(family, authkey):
    if family == "AF_PIPE":
        raise ValueError(f"Family {family} is not recognized.")
    if authkey is not None and not isinstance(authkey, bytes):
        raise TypeError("authkey should be a byte string")


class SocketListener:
    """A socket that waits for connections."""

    def __init__(self, address, family, backlog=1):
        self._socket = socket.socket(getattr(socket, family))
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.setblocking(True)
            self._socket.bind(address)
            self._socket.listen(backlog)
        except OSError:
            self._socket.close()
            raise
        self._address = self._socket.getsockname()
        self._family = family
        self._last_accepted = None
        has_file = family == "AF_UNIX" and not util.is_abstract_socket_namespace(address)
        self._unlink = util.Finalize(self, os.unlink, args=(address,), exitpriority=0) if has_file else None

    def accept(self):
        accepted, self._last_accepted = self._socket.accept()
        accepted.setblocking(True)
        return Connection(accepted.detach())

    def close(self):
        try:
            self._socket.close()
        finally:
            if self._unlink is not None:
                unlink, self._unlink = self._unlink, None
                unlink()


def SocketClient(address):
    """A connection to the listener at the address."""
    with socket.socket(getattr(socket, address_type(address))) as asking:
        asking.setblocking(True)
        asking.connect(address)
        return Connection(asking.detach())


class Listener:
    """Takes connections at an address; with authkey, only from those who know it."""

    def __init__(self, address=None, family=None, backlog=1, authkey=None):
        family = family or (address_type(address) if address else "AF_UNIX")
        _check(family, authkey)
        self._listener = SocketListener(address or arbitrary_address(family), family, backlog)
        self._authkey = authkey

    def accept(self):
        """The next connection."""
        if self._listener is None:
            raise OSError("listener is closed")
        made = self._listener.accept()
        if self._authkey:
            deliver_challenge(made, self._authkey)
            answer_challenge(made, self._authkey)
        return made

    def close(self):
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    @property
    def address(self):
        return self._listener._address

    @property
    def last_accepted(self):
        return self._listener._last_accepted

    def __exit__(self, *exception):
        self.close()

    def __enter__(self):
        return self


def Client(address, family=None, authkey=None):
    """A connection to the Listener at the address."""
    _check(family or address_type(address), authkey)
    connection = SocketClient(address)
    for prove in (answer_challenge, deliver_challenge) if authkey is not None else ():     # the other way round than the Listener
        prove(connection, authkey)
    return connection


# ---- Proving that one knows the key, without saying it
def _digest(authkey, message):
    import hmac
    if not isinstance(authkey, bytes):
        raise ValueError(f"Authkey must be bytes, not {type(authkey)}")
    return hmac.new(authkey, message, "md5").digest()


def deliver_challenge(connection, authkey):
    """Have the other side prove that it knows the key."""
    message = os.urandom(MESSAGE_LENGTH)
    expected = _digest(authkey, message)
    connection.send_bytes(CHALLENGE + message)
    if connection.recv_bytes(_LONGEST_ANSWER) != expected:
        connection.send_bytes(FAILURE)
        raise AuthenticationError("digest received was wrong")
    connection.send_bytes(WELCOME)


def answer_challenge(connection, authkey):
    """Prove to the other side that this one knows the key."""
    message = connection.recv_bytes(_LONGEST_ANSWER)
    assert message.startswith(CHALLENGE), f"message = {message!r}"
    connection.send_bytes(_digest(authkey, message[len(CHALLENGE):]))
    if connection.recv_bytes(_LONGEST_ANSWER) != WELCOME:
        raise AuthenticationError("digest sent was rejected")


# ---- Connections on which objects travel as XML
class _XmlConnection:
    def __init__(self, connection):
        self._connection = connection
        for name in ("fileno", "close", "poll", "recv_bytes", "send_bytes"):
            setattr(self, name, getattr(connection, name))

    def send(self, obj):
        from xmlrpc.client import dumps
        self._connection.send_bytes(dumps((obj,), None, None, None, 1).encode("utf-8"))

    def recv(self):
        from xmlrpc.client import loads
        (obj,), _ = loads(self._connection.recv_bytes().decode("utf-8"))
        return obj


class XmlListener(Listener):
    """A Listener of connections that speak XML."""

    def accept(self):
        return _XmlConnection(Listener.accept(self))


def XmlClient(*args, **kwargs):
    return _XmlConnection(Client(*args, **kwargs))


# ---- A connection as a message: its descriptor is fetched from the process that sent it
def reduce_connection(connection):
    from multiprocessing.reduction import DupFd
    return rebuild_connection, (DupFd(connection.fileno()), connection.readable, connection.writable)


def rebuild_connection(descriptor, readable, writable):
    return Connection(descriptor.detach(), readable, writable)
