# SPDX-License-Identifier: MIT
"""The exceptions of aiohttp's client."""
import asyncio


class ClientError(Exception):
    """Anything that went wrong."""


class ClientResponseError(ClientError):
    """The response is not what was hoped for."""

    def __init__(self, request_info, history, *, code=None, status=None, message="", headers=None):
        self.request_info, self.history = request_info, history
        self.status = status if status is not None else code or 0
        self.message, self.headers = message, headers
        self.args = (request_info, history)

    def __str__(self):
        return f"{self.status}, message={self.message!r}, url={str(self.request_info.real_url)!r}"

    def __repr__(self):
        return f"{type(self).__name__}({self.request_info!r}, {self.history!r}, status={self.status!r}, message={self.message!r})"


class ContentTypeError(ClientResponseError):
    """The body is not of the type that was asked for."""


class TooManyRedirects(ClientResponseError):
    """More redirects than allowed."""


class ClientConnectionError(ClientError):
    """The connection could not be made, or broke."""


class ClientOSError(ClientConnectionError, OSError):
    """The operating system reports an error."""


class ClientConnectorError(ClientOSError):
    """The host could not be reached."""

    def __init__(self, connection_key, os_error):
        self._key, self._os_error = connection_key, os_error
        super().__init__(os_error.errno, os_error.strerror)
        self.args = (connection_key, os_error)

    host = property(lambda self: self._key.host)
    port = property(lambda self: self._key.port)
    ssl = property(lambda self: self._key.ssl)
    os_error = property(lambda self: self._os_error)

    def __str__(self):
        return f"Cannot connect to host {self.host}:{self.port} ssl:{'default' if self.ssl is None else self.ssl} [{self._os_error.strerror}]"


class ClientConnectorDNSError(ClientConnectorError):
    """The host's name has no address."""


class ClientProxyConnectionError(ClientConnectorError):
    """The proxy could not be reached."""


class ClientSSLError(ClientConnectorError):
    """TLS failed."""


class ClientConnectorSSLError(ClientSSLError):
    """TLS failed while connecting."""


class ClientConnectorCertificateError(ClientSSLError, ValueError):
    """The other side's certificate cannot be trusted."""

    def __init__(self, connection_key, certificate_error):
        self._certificate_error = certificate_error
        super().__init__(connection_key, certificate_error)

    certificate_error = property(lambda self: self._certificate_error)

    def __str__(self):
        return f"Cannot connect to host {self.host}:{self.port} ssl:{'default' if self.ssl is None else self.ssl} [{type(self._certificate_error).__name__}: {self._certificate_error}]"


class ServerConnectionError(ClientConnectionError):
    """The server broke off."""


class ServerDisconnectedError(ServerConnectionError):
    """The server closed the connection without an answer."""

    def __init__(self, message=None):
        self.message = "Server disconnected" if message is None else message
        super().__init__(self.message)


class ServerTimeoutError(ServerConnectionError, asyncio.TimeoutError):
    """It took too long."""


class ConnectionTimeoutError(ServerTimeoutError):
    """Connecting took too long."""


class SocketTimeoutError(ServerTimeoutError):
    """The server sent nothing for too long."""


class ClientPayloadError(ClientError):
    """The body is broken."""


class InvalidURL(ClientError, ValueError):
    """The URL is malformed."""

    def __init__(self, url, description=None):
        self.url, self.description = url, description
        super().__init__(url, description) if description else super().__init__(url)

    def __str__(self):
        return f"{self.url} - {self.description}" if self.description else str(self.url)


class NonHttpUrlClientError(InvalidURL):
    """The URL's scheme is not one that we speak."""
