# SPDX-License-Identifier: MIT
"""ClientSession and ClientResponse."""
import asyncio
import _curl
from _http import base64_text, parse_json
from requests import exceptions as request_exceptions
from requests.models import PreparedRequest, Request, REASONS, charset_of, prepare_url, split_url
from requests.sessions import set_trust

from . import exceptions
from .engine import Engine
from .headers import CIMultiDict, CIMultiDictProxy, URL

NOT_GIVEN = object()


class ClientTimeout:
    """Limits in seconds, None for none: of the whole, of getting a connection, of silence, of connecting."""

    def __init__(self, total=None, connect=None, sock_read=None, sock_connect=None, ceil_threshold=5):
        self.total, self.connect, self.sock_read, self.sock_connect, self.ceil_threshold = total, connect, sock_read, sock_connect, ceil_threshold

    def __repr__(self):
        return f"ClientTimeout(total={self.total}, connect={self.connect}, sock_read={self.sock_read}, sock_connect={self.sock_connect}, ceil_threshold={self.ceil_threshold})"

    def __eq__(self, other):
        return isinstance(other, ClientTimeout) and vars(self) == vars(other)


DEFAULT_TIMEOUT = ClientTimeout(total=300)


class BasicAuth:
    """A user's name and password."""

    def __init__(self, login, password="", encoding="latin1"):
        self.login, self.password, self.encoding = login, password, encoding

    def encode(self):
        return "Basic " + base64_text(f"{self.login}:{self.password}".encode(self.encoding))


class TCPConnector:
    """How many connections there may be, and which certificates to trust."""

    def __init__(self, *, limit=100, limit_per_host=0, ssl=None, verify_ssl=True, force_close=False, **ignored):
        self.limit, self.limit_per_host = limit or 0, limit_per_host or 0
        self.ssl = ssl if verify_ssl else False
        self.force_close = force_close
        self.closed = False

    async def close(self):
        self.closed = True


class RequestInfo:
    """What was asked for."""

    def __init__(self, url, method, headers):
        self.url = self.real_url = url
        self.method, self.headers = method, headers

    def __repr__(self):
        return f"RequestInfo(url={self.url!r}, method={self.method!r}, headers={self.headers!r}, real_url={self.real_url!r})"


class ConnectionKey:
    """Whom a connection is for."""

    def __init__(self, host, port, is_ssl, ssl=None):
        self.host, self.port, self.is_ssl, self.ssl = host, port, is_ssl, ssl

    def __repr__(self):
        return f"ConnectionKey(host={self.host!r}, port={self.port!r}, is_ssl={self.is_ssl!r}, ssl={self.ssl!r})"


class RequestContextManager:
    """What session.get() gives: to be awaited, or used with `async with`."""

    def __init__(self, coroutine):
        self._coroutine = coroutine

    def __await__(self):
        return self._coroutine.__await__()

    __iter__ = __await__

    def send(self, value):
        return self._coroutine.send(value)

    def throw(self, *args):
        return self._coroutine.throw(*args)

    def close(self):
        return self._coroutine.close()

    async def __aenter__(self):
        self._response = await self._coroutine
        return self._response

    async def __aexit__(self, *exc):
        self._response.release()


class StreamReader:
    """The body as a stream; it has come whole."""

    def __init__(self, body):
        self._body, self._at = body, 0

    async def read(self, n=-1):
        end = len(self._body) if n < 0 else self._at + n
        piece = self._body[self._at:end]
        self._at += len(piece)
        return piece

    async def readline(self):
        end = self._body.find(b"\n", self._at) + 1 or len(self._body)
        return await self.read(end - self._at)

    async def readany(self):
        return await self.read()

    def at_eof(self):
        return self._at >= len(self._body)

    async def iter_chunked(self, n):
        while not self.at_eof():
            yield await self.read(n)

    async def iter_any(self):
        while not self.at_eof():
            yield await self.read()

    def __aiter__(self):
        return self

    async def __anext__(self):
        line = await self.readline()
        if not line:
            raise StopAsyncIteration
        return line


class ClientResponse:
    """What the server answered."""

    def __init__(self, method, url, status, reason, headers, body, request_info, history=()):
        self.method, self.url, self.real_url = method, url, url
        self.status, self.reason, self.headers = status, reason, CIMultiDictProxy(headers)
        self.request_info, self.history = request_info, history
        self.content = StreamReader(body)
        self.closed = False
        self._body = body
        self.cookies = {}
        for value in self.headers.getall("Set-Cookie", []):
            key, _, content = value.partition(";")[0].partition("=")
            self.cookies[key.strip()] = content.strip()

    def __repr__(self):
        return f"<ClientResponse({self.url}) [{self.status} {self.reason}]>\n{self.headers!r}\n"

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        self.release()

    @property
    def ok(self):
        """Whether the status is below 400."""
        return self.status < 400

    @property
    def host(self):
        return self.url.host

    @property
    def content_type(self):
        return self.headers.get("Content-Type", "application/octet-stream").partition(";")[0].strip().lower()

    @property
    def charset(self):
        return charset_of(self.headers.get("Content-Type", ""))

    @property
    def content_length(self):
        length = self.headers.get("Content-Length")
        return None if length is None else int(length)

    def get_encoding(self):
        """The encoding of the body: what the header says, else UTF-8 if it is that."""
        if self.charset:
            return self.charset
        try:
            self._body.decode("utf-8")
            return "utf-8"
        except UnicodeDecodeError:
            return "iso-8859-1"

    async def read(self):
        """The body, as bytes."""
        return self._body

    async def text(self, encoding=None, errors="strict"):
        """The body as text."""
        return self._body.decode(encoding or self.get_encoding(), errors)

    async def json(self, *, encoding=None, loads=None, content_type="application/json"):
        """The value of a JSON body."""
        if content_type and not (self.content_type == content_type or (content_type == "application/json" and self.content_type.endswith("+json"))):
            raise exceptions.ContentTypeError(self.request_info, self.history, status=self.status, headers=self.headers,
                                              message=f"Attempt to decode JSON with unexpected mimetype: {self.headers.get('Content-Type', '')}")
        text = self._body.decode(encoding or self.get_encoding())
        if not text.strip():
            return None
        if loads is not None:
            return loads(text)
        try:
            return parse_json(text)
        except ValueError as error:
            message, position = error.args
            raise decode_error(message, text, position) from None

    def raise_for_status(self):
        """Raise ClientResponseError if the status says failure."""
        if not self.ok:
            self.release()
            raise exceptions.ClientResponseError(self.request_info, self.history, status=self.status, message=self.reason, headers=self.headers)

    def release(self):
        """Done with it."""
        self.closed = True

    def close(self):
        self.closed = True

    async def wait_for_close(self):
        self.closed = True


def decode_error(message, text, position):
    """json.JSONDecodeError where the module is there, else the ValueError of the same text."""
    try:
        from json import JSONDecodeError
        return JSONDecodeError(message, text, position)
    except ImportError:
        line, column = text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
        return ValueError(f"{message}: line {line} column {column} (char {position})")


class ClientSession:
    """Settings that requests share, and the connections that stay open between them."""

    def __init__(self, base_url=None, *, connector=None, loop=None, cookies=None, headers=None, auth=None, raise_for_status=False, timeout=NOT_GIVEN,
                 json_serialize=None, trust_env=False, cookie_jar=None, **ignored):
        self._loop = loop or asyncio.get_running_loop()
        self._base_url = None if base_url is None else str(base_url)
        self._connector = connector or TCPConnector()
        self._headers = CIMultiDict(headers or ())
        self._cookies = dict(cookies or {})
        self._auth, self._raise, self._serialize = auth, raise_for_status, json_serialize
        self._timeout = DEFAULT_TIMEOUT if timeout is NOT_GIVEN or timeout is None else as_timeout(timeout)
        self._engine = Engine(self._loop, self._connector.limit, self._connector.limit_per_host)
        self._share = _curl.Share()
        self._idle = []

    @property
    def closed(self):
        return self._engine is None

    @property
    def headers(self):
        return self._headers

    @property
    def timeout(self):
        return self._timeout

    @property
    def connector(self):
        return self._connector

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        await self.close()

    def __enter__(self):
        raise TypeError("Use async with instead")

    def __exit__(self, *exc):
        pass

    async def close(self):
        """Close the connections; requests under way are cancelled."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None
            self._idle.clear()
            await self._connector.close()

    def __del__(self):
        if getattr(self, "_engine", None) is not None:
            self._engine.close()
            self._engine = None
            self._loop.call_exception_handler({"client_session": self, "message": "Unclosed client session"})

    def get(self, url, *, allow_redirects=True, **kwargs):
        return self.request("GET", url, allow_redirects=allow_redirects, **kwargs)

    def options(self, url, *, allow_redirects=True, **kwargs):
        return self.request("OPTIONS", url, allow_redirects=allow_redirects, **kwargs)

    def head(self, url, *, allow_redirects=False, **kwargs):
        return self.request("HEAD", url, allow_redirects=allow_redirects, **kwargs)

    def post(self, url, *, data=None, **kwargs):
        return self.request("POST", url, data=data, **kwargs)

    def put(self, url, *, data=None, **kwargs):
        return self.request("PUT", url, data=data, **kwargs)

    def patch(self, url, *, data=None, **kwargs):
        return self.request("PATCH", url, data=data, **kwargs)

    def delete(self, url, **kwargs):
        return self.request("DELETE", url, **kwargs)

    def request(self, method, url, **kwargs):
        """Send a request: `async with session.request(…) as response`, or await it for the response."""
        return RequestContextManager(self._request(method, url, **kwargs))

    async def _request(self, method, url, *, params=None, data=None, json=None, headers=None, cookies=None, auth=None, allow_redirects=True, max_redirects=10,
                       timeout=NOT_GIVEN, ssl=None, verify_ssl=None, raise_for_status=None, proxy=None, **ignored):
        if self.closed:
            raise RuntimeError("Session is closed")
        if data is not None and json is not None:
            raise ValueError("data and json parameters can not be used at the same time")
        url = str(url)
        if self._base_url and "://" not in url:
            url = self._base_url.rstrip("/") + "/" + url.lstrip("/")
        request = self._prepare(method, url, params, data, json, headers, cookies, auth)
        limits = self._timeout if timeout is NOT_GIVEN or timeout is None else as_timeout(timeout)
        ssl = self._connector.ssl if ssl is None else ssl
        verify = not (ssl is False or verify_ssl is False)
        if limits.total:
            try:
                async with asyncio.timeout(limits.total):
                    response = await self._follow(request, allow_redirects, max_redirects, limits, verify, ssl, proxy)
            except TimeoutError as error:
                if isinstance(error, exceptions.ClientError):
                    raise
                raise asyncio.TimeoutError from error
        else:
            response = await self._follow(request, allow_redirects, max_redirects, limits, verify, ssl, proxy)
        check = self._raise if raise_for_status is None else raise_for_status
        if check:
            response.raise_for_status()
        return response

    def _prepare(self, method, url, params, data, json, headers, cookies, auth):
        together = {"User-Agent": "Python/3.11 aiohttp/3.8.4", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        for source in (self._headers, headers or {}):
            for name, value in source.items():
                for known in [known for known in together if known.lower() == name.lower()]:
                    del together[known]
                together[name] = str(value)
        jar = {**self._cookies, **(cookies or {})}
        if jar:
            together["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        auth = auth or self._auth
        if auth is not None:
            together["Authorization"] = auth.encode()
        if json is not None and self._serialize is not None:
            data, json = self._serialize(json).encode(), None
            together.setdefault("Content-Type", "application/json")
        try:
            return PreparedRequest(Request(method, url, together, None, data, params, None, None, None, json))
        except request_exceptions.InvalidSchema as error:
            raise exceptions.NonHttpUrlClientError(url) from error
        except (request_exceptions.MissingSchema, request_exceptions.InvalidURL) as error:
            raise exceptions.InvalidURL(url) from error

    async def _follow(self, request, allow_redirects, max_redirects, limits, verify, ssl, proxy):
        history = []
        while True:
            response = await self._transfer(request, limits, verify, ssl, proxy, tuple(history))
            self._cookies.update(response.cookies)
            location = response.headers.get("Location")
            if not allow_redirects or response.status not in (301, 302, 303, 307, 308) or not location:
                return response
            history.append(response)
            if len(history) >= max_redirects:
                raise exceptions.TooManyRedirects(history[0].request_info, tuple(history))
            request = redirected(request, response.status, location)

    async def _transfer(self, request, limits, verify, ssl, proxy, history):
        transfer = self._idle.pop() if self._idle else _curl.Transfer()
        transfer.use(self._share)
        set_up(transfer, request, limits, verify, proxy, self._connector.force_close)
        code = await self._engine.start(transfer)
        info = RequestInfo(URL(request.url), request.method, CIMultiDictProxy(request.headers))
        if code:
            raise_failure(transfer, code, request, ssl)
        response = make_response(transfer, request, info, history)
        if not self.closed:
            self._idle.append(transfer)
        return response


def as_timeout(timeout):
    return timeout if isinstance(timeout, ClientTimeout) else ClientTimeout(total=timeout)


def redirected(request, status, location):
    """The request that a redirect asks for."""
    scheme, host, port, path = split_url(request.url)
    if location.startswith("//"):
        location = f"{scheme}:{location}"
    elif location.startswith("/"):
        location = f"{scheme}://{request.url.split('/')[2]}{location}"
    elif "://" not in location:
        location = f"{scheme}://{request.url.split('/')[2]}{path.partition('?')[0].rpartition('/')[0]}/{location}"
    following = PreparedRequest.__new__(PreparedRequest)
    following.method, following.url, following.body = request.method, prepare_url(location, None), request.body
    following.headers = request.headers.copy()
    if (status == 303 and request.method != "HEAD") or (status in (301, 302) and request.method == "POST"):
        following.method, following.body = "GET", None
        for name in ("Content-Length", "Content-Type"):
            following.headers.pop(name, None)
    if split_url(following.url)[1] != host:
        following.headers.pop("Authorization", None)
    return following


def set_up(transfer, request, limits, verify, proxy, force_close):
    """Tell libcurl what to do for a request."""
    option = transfer.setopt
    option(_curl.URL, request.url.partition("#")[0])
    option(_curl.HTTP_VERSION, _curl.HTTP_VERSION_1_1)
    option(_curl.PROTOCOLS_STR, "http,https")
    option(_curl.NOBODY, 0)
    if request.body is not None:
        transfer.set_upload(request.body.encode() if isinstance(request.body, str) else request.body)
        option(_curl.POST, 1)
        option(_curl.POSTFIELDSIZE_LARGE, int(request.headers["Content-Length"]))
    else:
        option(_curl.HTTPGET, 1)
        if request.method == "HEAD":
            option(_curl.NOBODY, 1)
    option(_curl.CUSTOMREQUEST, request.method)
    option(_curl.ACCEPT_ENCODING, request.headers.get("Accept-Encoding"))
    option(_curl.HTTPHEADER, [f"{name}: {value}" if value else f"{name};" for name, value in request.headers.items()
                              if name.lower() not in ("content-length", "accept-encoding")] + ["Expect:"])
    connect = limits.sock_connect or limits.connect
    option(_curl.CONNECTTIMEOUT_MS, int(connect * 1000) if connect else 0)
    option(_curl.LOW_SPEED_LIMIT, 1 if limits.sock_read else 0)
    option(_curl.LOW_SPEED_TIME, max(int(limits.sock_read + 0.999), 1) if limits.sock_read else 0)
    option(_curl.FORBID_REUSE, int(force_close))
    option(_curl.PROXY, None if proxy is None else str(proxy))
    set_trust(option, verify, None)


def raise_failure(transfer, code, request, ssl):
    """The exception for libcurl's code: it names host and cause."""
    scheme, host, port, path = split_url(request.url)
    key = ConnectionKey(host, port, scheme == "https", ssl)
    cause = transfer.error or _curl.strerror(code)
    number = transfer.getinfo(_curl.INFO_OS_ERRNO) or 0
    if code == _curl.E_COULDNT_RESOLVE_HOST:
        raise exceptions.ClientConnectorDNSError(key, OSError(-2, "Name or service not known"))
    if code in (_curl.E_COULDNT_CONNECT, _curl.E_COULDNT_RESOLVE_PROXY):
        raise exceptions.ClientConnectorError(key, OSError(number, f"Connect call failed ('{host}', {port}): {cause}"))
    if code in (_curl.E_PEER_FAILED_VERIFICATION, _curl.E_SSL_ISSUER_ERROR):
        raise exceptions.ClientConnectorCertificateError(key, OSError(1, cause))
    if code in (_curl.E_SSL_CONNECT_ERROR, _curl.E_SSL_CACERT_BADFILE, _curl.E_SSL_CERTPROBLEM, _curl.E_SSL_CIPHER):
        raise exceptions.ClientConnectorSSLError(key, OSError(1, cause))
    if code == _curl.E_OPERATION_TIMEDOUT:
        if transfer.getinfo(_curl.INFO_CONNECT_TIME):
            raise exceptions.SocketTimeoutError(f"Timeout on reading data from socket: {request.url}")
        raise exceptions.ConnectionTimeoutError(f"Connection timeout to host {request.url}")
    if code in (_curl.E_GOT_NOTHING, _curl.E_SEND_ERROR, _curl.E_RECV_ERROR):
        raise exceptions.ServerDisconnectedError(f"Server disconnected: {host}:{port}: {cause}")
    if code in (_curl.E_PARTIAL_FILE, _curl.E_BAD_CONTENT_ENCODING):
        raise exceptions.ClientPayloadError(f"Response payload is not completed: {host}:{port}: {cause}")
    if code == _curl.E_URL_MALFORMAT:
        raise exceptions.InvalidURL(request.url)
    if code == _curl.E_OUT_OF_MEMORY:
        raise MemoryError
    raise exceptions.ClientConnectionError(f"{host}:{port}: {cause}")


def make_response(transfer, request, info, history):
    """The ClientResponse of a transfer that has ended well."""
    lines = transfer.head.decode("latin-1").split("\r\n\n")[-1].split("\r\n")
    headers = [(name.strip(), value.strip()) for name, separator, value in (line.partition(":") for line in lines[1:]) if separator]
    status = transfer.getinfo(_curl.INFO_RESPONSE_CODE)
    reason = lines[0].split(" ", 2)[2] if lines[0].count(" ") >= 2 else REASONS.get(status, "")
    return ClientResponse(request.method, URL(request.url), status, reason, headers, transfer.body, info, history)


class _SingleRequest:
    """aiohttp.request(): a session for one request."""

    def __init__(self, method, url, kwargs):
        self._arguments = method, url, kwargs

    async def __aenter__(self):
        method, url, kwargs = self._arguments
        self._session = ClientSession()
        try:
            self._response = await self._session.request(method, url, **kwargs)
        except BaseException:
            await self._session.close()
            raise
        return self._response

    async def __aexit__(self, *exc):
        await self._session.close()


def request(method, url, **kwargs):
    """One request without a session: `async with aiohttp.request("GET", url) as response`."""
    return _SingleRequest(method, url, kwargs)
