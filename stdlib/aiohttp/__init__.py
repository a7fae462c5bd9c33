# SPDX-License-Identifier: MIT
"""An HTTP client for asyncio, on libcurl: no thread, no polling; libcurl's sockets are watched by the event loop.

The API is that of the package of this name, as far as clients use it.
"""
from .client import ClientResponse, ClientSession, ClientTimeout, RequestInfo, TCPConnector, BasicAuth, request
from .exceptions import (ClientConnectionError, ClientConnectorCertificateError, ClientConnectorDNSError, ClientConnectorError, ClientConnectorSSLError, ClientError,
                         ClientOSError, ClientPayloadError, ClientProxyConnectionError, ClientResponseError, ClientSSLError, ConnectionTimeoutError, ContentTypeError,
                         InvalidURL, NonHttpUrlClientError, ServerConnectionError, ServerDisconnectedError, ServerTimeoutError, SocketTimeoutError, TooManyRedirects)
from .headers import CIMultiDict, CIMultiDictProxy, URL

__version__ = "3.8.4"
