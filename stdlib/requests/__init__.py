# SPDX-License-Identifier: MIT
"""HTTP for people, on libcurl: requests.get(url) and its like, sessions, responses, exceptions.

The API is that of the package of this name, as far as scripts use it. A transfer lets go of the GIL.
"""
from . import exceptions
from .exceptions import (ChunkedEncodingError, ConnectionError, ConnectTimeout, ContentDecodingError, HTTPError, InvalidHeader, InvalidSchema,
                         InvalidURL, JSONDecodeError, MissingSchema, ProxyError, ReadTimeout, RequestException, RetryError, SSLError,
                         StreamConsumedError, Timeout, TooManyRedirects, URLRequired)
from .models import PreparedRequest, Request, Response, codes
from .sessions import Session, session

__version__ = "2.31.0"
__title__ = "requests"


def request(method, url, **kwargs):
    """Send one request and give its Response. See Session.request for the keywords."""
    with Session() as one:
        return one.request(method, url, **kwargs)


def get(url, params=None, **kwargs):
    """GET a URL."""
    return request("GET", url, params=params, **kwargs)


def options(url, **kwargs):
    """Send an OPTIONS request."""
    return request("OPTIONS", url, **kwargs)


def head(url, **kwargs):
    """Send a HEAD request; redirects are not followed unless asked."""
    kwargs.setdefault("allow_redirects", False)
    return request("HEAD", url, **kwargs)


def post(url, data=None, json=None, **kwargs):
    """POST a body to a URL."""
    return request("POST", url, data=data, json=json, **kwargs)


def put(url, data=None, **kwargs):
    """PUT a body to a URL."""
    return request("PUT", url, data=data, **kwargs)


def patch(url, data=None, **kwargs):
    """PATCH a URL with a body."""
    return request("PATCH", url, data=data, **kwargs)


def delete(url, **kwargs):
    """Send a DELETE request."""
    return request("DELETE", url, **kwargs)
