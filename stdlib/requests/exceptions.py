# SPDX-License-Identifier: MIT
"""The exceptions of requests. Each knows the request and, if there was one, the response."""


class RequestException(IOError):
    """Anything that went wrong with a request."""

    def __init__(self, *args, **kwargs):
        self.response = kwargs.pop("response", None)
        self.request = kwargs.pop("request", None)
        if self.request is None and self.response is not None:
            self.request = getattr(self.response, "request", None)
        super().__init__(*args)


class HTTPError(RequestException):
    """A response whose status says failure."""


class ConnectionError(RequestException):
    """The connection could not be made, or broke."""


class ProxyError(ConnectionError):
    """The proxy could not be reached."""


class SSLError(ConnectionError):
    """The other side could not be trusted, or TLS failed."""


class Timeout(RequestException):
    """It took too long."""


class ConnectTimeout(ConnectionError, Timeout):
    """Connecting took too long."""


class ReadTimeout(Timeout):
    """The server sent nothing for too long."""


class URLRequired(RequestException):
    """A URL is needed."""


class TooManyRedirects(RequestException):
    """More redirects than allowed."""


class MissingSchema(RequestException, ValueError):
    """The URL has no scheme (http:// or https://)."""


class InvalidSchema(RequestException, ValueError):
    """The URL's scheme is not one that we speak."""


class InvalidURL(RequestException, ValueError):
    """The URL is malformed."""


class InvalidHeader(RequestException, ValueError):
    """A header cannot be sent like this."""


class ChunkedEncodingError(RequestException):
    """The server broke off, or its chunks are malformed."""


class ContentDecodingError(RequestException):
    """The body is not in the encoding that the server says."""


class StreamConsumedError(RequestException, TypeError):
    """The body has been taken already."""


class RetryError(RequestException):
    """Retrying did not help."""


class InvalidJSONError(RequestException):
    """What was to be sent is no JSON."""


class JSONDecodeError(InvalidJSONError, ValueError):
    """The body is no JSON."""

    def __init__(self, msg, doc="", pos=0, **kwargs):
        self.msg, self.doc, self.pos = msg, doc, pos
        self.lineno = doc.count("\n", 0, pos) + 1
        self.colno = pos - doc.rfind("\n", 0, pos)
        super().__init__(f"{msg}: line {self.lineno} column {self.colno} (char {pos})", **kwargs)
