# SPDX-License-Identifier: MIT
"""Protocols: what a transport tells of. Every method does nothing, for subclasses to override."""

__all__ = ("BaseProtocol", "Protocol", "DatagramProtocol", "SubprocessProtocol", "BufferedProtocol")


class BaseProtocol:
    """What all protocols are told."""

    __slots__ = ()

    def connection_made(self, transport):
        """There is a connection; it writes through the transport."""

    def connection_lost(self, exc):
        """The connection is gone; exc is None where it was closed."""

    def pause_writing(self):
        """The transport holds more than its upper limit."""

    def resume_writing(self):
        """The transport has come down to its lower limit."""


class Protocol(BaseProtocol):
    """For streams."""

    __slots__ = ()

    def data_received(self, data):
        """Some bytes came."""

    def eof_received(self):
        """The other end will send no more. A true result keeps the transport open."""


class BufferedProtocol(BaseProtocol):
    """For streams, into memory of the protocol's own."""

    __slots__ = ()

    def get_buffer(self, sizehint):
        """Memory to receive into."""

    def buffer_updated(self, nbytes):
        """So many bytes came into it."""

    def eof_received(self):
        """The other end will send no more. A true result keeps the transport open."""


class DatagramProtocol(BaseProtocol):
    """For datagrams."""

    __slots__ = ()

    def datagram_received(self, data, addr):
        """A datagram came."""

    def error_received(self, exc):
        """A send or receive failed with an OSError."""


class SubprocessProtocol(BaseProtocol):
    """For child processes."""

    __slots__ = ()

    def pipe_data_received(self, fd, data):
        """The child wrote to a pipe."""

    def pipe_connection_lost(self, fd, exc):
        """A pipe was closed."""

    def process_exited(self):
        """The child has ended."""


def feed(protocol, data):
    """Give bytes to a BufferedProtocol, as much at a time as it has room for."""
    view = memoryview(data)
    while view:
        room = protocol.get_buffer(len(view))
        if not len(room):
            raise RuntimeError("get_buffer() returned an empty buffer")
        count = min(len(room), len(view))
        room[:count] = view[:count]
        protocol.buffer_updated(count)
        view = view[count:]
