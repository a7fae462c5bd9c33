# SPDX-License-Identifier: MIT
"""Sessions: settings that requests share, and the connections that stay open between them."""
import _curl

from . import exceptions
from .models import CaseInsensitiveDict, PreparedRequest, REASONS, Request, Response, charset_of, prepare_url, split_url

REDIRECTS_MAX = 30


def default_headers():
    """The headers that every request starts with."""
    return CaseInsensitiveDict({"User-Agent": "python-requests/2.31.0", "Accept-Encoding": "gzip, deflate", "Accept": "*/*", "Connection": "keep-alive"})


class Session:
    """Settings that requests share. Connections are kept and used again; a session may be used from several threads."""

    def __init__(self):
        self.headers = default_headers()
        self.auth = self.cert = None
        self.params, self.cookies, self.proxies = {}, {}, {}
        self.verify, self.trust_env = True, True
        self.max_redirects = REDIRECTS_MAX
        self.hooks = {"response": []}
        self._idle = []                  # transfers, each with its open connections, that no thread uses now

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self):
        """Close the connections."""
        self._idle.clear()

    def get(self, url, **kwargs):
        return self.request("GET", url, **kwargs)

    def options(self, url, **kwargs):
        return self.request("OPTIONS", url, **kwargs)

    def head(self, url, **kwargs):
        kwargs.setdefault("allow_redirects", False)
        return self.request("HEAD", url, **kwargs)

    def post(self, url, data=None, json=None, **kwargs):
        return self.request("POST", url, data=data, json=json, **kwargs)

    def put(self, url, data=None, **kwargs):
        return self.request("PUT", url, data=data, **kwargs)

    def patch(self, url, data=None, **kwargs):
        return self.request("PATCH", url, data=data, **kwargs)

    def delete(self, url, **kwargs):
        return self.request("DELETE", url, **kwargs)

    def prepare_request(self, request):
        """A request completed with the session's settings."""
        headers = self.headers.copy()
        for name, value in (request.headers or {}).items():
            if value is None:
                headers.pop(name, None)
            else:
                headers[name] = value
        params = request.params
        if self.params and (not params or hasattr(params, "items")):
            params = {**self.params, **(params or {})}
        cookies = {**self.cookies, **(request.cookies or {})}
        if cookies and "Cookie" not in headers:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return PreparedRequest(Request(request.method, request.url, headers, request.files, request.data, params, request.auth or self.auth, None, None, request.json))

    def request(self, method, url, params=None, data=None, headers=None, cookies=None, files=None, auth=None, timeout=None, allow_redirects=True,
                proxies=None, hooks=None, stream=None, verify=None, cert=None, json=None):
        """Send a request and give the Response.

        timeout: seconds for connecting and for each wait for data, or a pair of both; verify: False, True, or a file or
        folder of certificates to trust.
        """
        prepared = self.prepare_request(Request(method, url, headers, files, data, params, auth, cookies, hooks, json))
        return self.send(prepared, timeout=timeout, allow_redirects=allow_redirects, verify=self.verify if verify is None else verify,
                         cert=cert or self.cert, proxies={**self.proxies, **(proxies or {})})

    def send(self, request, timeout=None, allow_redirects=True, verify=True, cert=None, proxies=None, stream=None):
        """Send a prepared request, following redirects."""
        history = []
        while True:
            response = self._transfer(request, timeout, verify, cert, proxies or {})
            self.cookies.update(response.cookies)
            response.history = list(history)
            if not allow_redirects or not response.is_redirect:
                return response
            history.append(response)
            if len(history) > self.max_redirects:
                raise exceptions.TooManyRedirects(f"Exceeded {self.max_redirects} redirects.", response=response)
            request = self._redirected(request, response)

    def _redirected(self, request, response):
        location = response.headers["location"]
        scheme, host, port, path = split_url(request.url)
        if location.startswith("//"):
            location = f"{scheme}:{location}"
        elif location.startswith("/"):
            location = f"{scheme}://{request.url.split('/')[2]}{location}"
        elif "://" not in location:
            location = f"{scheme}://{request.url.split('/')[2]}{path.partition('?')[0].rpartition('/')[0]}/{location}"
        method, body = request.method, request.body
        headers = request.headers.copy()
        if response.status_code in (301, 302, 303) and method not in ("GET", "HEAD"):
            if response.status_code == 303 or method == "POST":
                method, body = "GET", None
        if body is None:
            for name in ("Content-Length", "Content-Type", "Transfer-Encoding"):
                headers.pop(name, None)
        target = prepare_url(location, None)
        if split_url(target)[:3] != (scheme, host, port):
            headers.pop("Authorization", None)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        following = PreparedRequest.__new__(PreparedRequest)
        following.method, following.url, following.headers, following.body = method, target, headers, body
        return following

    def _transfer(self, request, timeout, verify, cert, proxies):
        try:
            transfer = self._idle.pop()
        except IndexError:
            transfer = _curl.Transfer()
        set_up(transfer, request, timeout, verify, cert, proxies)
        code = transfer.perform()
        if code:
            raise_failure(transfer, code, request, timeout)
        response = make_response(transfer, request)
        self._idle.append(transfer)
        return response


def session():
    """A new Session."""
    return Session()


def milliseconds(seconds):
    if seconds is None:
        return 0
    if not seconds > 0:
        raise ValueError(f"Attempted to set connect timeout to {seconds}, but the timeout cannot be set to a value less than or equal to 0.")
    return max(int(seconds * 1000), 1)


def set_up(transfer, request, timeout, verify, cert, proxies):
    """Tell libcurl what to do for a request. Everything is set each time: the handle may have done another before."""
    option = transfer.setopt
    scheme, host, port, path = split_url(request.url)
    option(_curl.URL, request.url.partition("#")[0])
    option(_curl.HTTP_VERSION, _curl.HTTP_VERSION_1_1)
    option(_curl.PROTOCOLS_STR, "http,https")
    body = request.body
    option(_curl.NOBODY, 0)
    if body is not None:
        transfer.set_upload(body.encode() if isinstance(body, str) else body)
        option(_curl.POST, 1)
        option(_curl.POSTFIELDSIZE_LARGE, int(request.headers["Content-Length"]))
    else:
        option(_curl.HTTPGET, 1)
        if request.method == "HEAD":
            option(_curl.NOBODY, 1)
    option(_curl.CUSTOMREQUEST, request.method)
    encoding = request.headers.get("Accept-Encoding")
    option(_curl.ACCEPT_ENCODING, encoding)
    lines = [f"{name}: {value if isinstance(value, str) else value.decode('latin-1')}" if value else f"{name};" for name, value in request.headers.items()
             if name.lower() not in ("content-length", "accept-encoding")]
    lines.append("Expect:")
    option(_curl.HTTPHEADER, lines)
    connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    connect_ms, read_ms = milliseconds(connect), milliseconds(read)
    option(_curl.CONNECTTIMEOUT_MS, connect_ms)
    # libcurl measures silence in whole seconds: a shorter wait is a limit for the whole transfer.
    option(_curl.TIMEOUT_MS, connect_ms + read_ms if 0 < read_ms < 1000 else 0)
    option(_curl.LOW_SPEED_LIMIT, 1 if read_ms >= 1000 else 0)
    option(_curl.LOW_SPEED_TIME, (read_ms + 999) // 1000 if read_ms >= 1000 else 0)
    set_trust(option, verify, cert)
    option(_curl.PROXY, proxies.get(scheme))


def set_trust(option, verify, cert):
    """Which certificates to trust: those of `verify`, else of the environment, else the system's."""
    option(_curl.SSL_VERIFYPEER, 1 if verify else 0)
    option(_curl.SSL_VERIFYHOST, 2 if verify else 0)
    bundle = verify if isinstance(verify, str) else None
    for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        bundle = bundle or _curl.getenv(variable)
    if bundle:
        option(_curl.CAINFO, bundle)
    folder = _curl.getenv("SSL_CERT_DIR")
    if folder:
        option(_curl.CAPATH, folder)
    certificate, key = cert if isinstance(cert, tuple) else (cert, None)
    option(_curl.SSLCERT, certificate)
    option(_curl.SSLKEY, key)


def raise_failure(transfer, code, request, timeout):
    """The exception for libcurl's code: it names host and cause."""
    scheme, host, port, path = split_url(request.url)
    cause = transfer.error or _curl.strerror(code)
    pool = f"{'HTTPS' if scheme == 'https' else 'HTTP'}ConnectionPool(host='{host}', port={port})"
    tls = (_curl.E_SSL_CONNECT_ERROR, _curl.E_PEER_FAILED_VERIFICATION, _curl.E_SSL_CACERT_BADFILE, _curl.E_SSL_CERTPROBLEM, _curl.E_SSL_CIPHER, _curl.E_SSL_ISSUER_ERROR)
    if code == _curl.E_OPERATION_TIMEDOUT:
        connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        if transfer.getinfo(_curl.INFO_CONNECT_TIME):
            raise exceptions.ReadTimeout(f"{pool}: Read timed out. (read timeout={read})", request=request)
        raise exceptions.ConnectTimeout(f"{pool}: Max retries exceeded with url: {path} (Caused by ConnectTimeoutError('Connection to {host} timed out. (connect timeout={connect})'))", request=request)
    if code in tls:
        raise exceptions.SSLError(f"{pool}: Max retries exceeded with url: {path} (Caused by SSLError({cause!r}))", request=request)
    if code == _curl.E_COULDNT_RESOLVE_PROXY:
        raise exceptions.ProxyError(f"{pool}: Max retries exceeded with url: {path} (Caused by ProxyError({cause!r}))", request=request)
    if code == _curl.E_COULDNT_RESOLVE_HOST:
        raise exceptions.ConnectionError(f"{pool}: Max retries exceeded with url: {path} (Caused by NameResolutionError(\"Failed to resolve '{host}': {cause}\"))", request=request)
    if code == _curl.E_COULDNT_CONNECT:
        number = transfer.getinfo(_curl.INFO_OS_ERRNO)
        raise exceptions.ConnectionError(f"{pool}: Max retries exceeded with url: {path} (Caused by NewConnectionError('Failed to establish a new connection: [Errno {number}] {cause}'))", request=request)
    if code == _curl.E_URL_MALFORMAT:
        raise exceptions.InvalidURL(f"Failed to parse: {request.url}", request=request)
    if code == _curl.E_BAD_CONTENT_ENCODING:
        raise exceptions.ContentDecodingError(f"{pool}: {cause}", request=request)
    if code == _curl.E_PARTIAL_FILE:
        raise exceptions.ChunkedEncodingError(f"{pool}: Connection broken: {cause}", request=request)
    if code == _curl.E_OUT_OF_MEMORY:
        raise MemoryError
    raise exceptions.ConnectionError(f"{pool}: Connection aborted: {cause}", request=request)


def parse_head(head):
    """(reason, headers, cookies) of the last response in the header lines that libcurl gave."""
    lines = head.decode("latin-1").split("\r\n\n")[-1].split("\r\n")
    reason = lines[0].split(" ", 2)[2] if lines[0].count(" ") >= 2 else ""
    headers, cookies = CaseInsensitiveDict(), {}
    for line in lines[1:]:
        name, separator, value = line.partition(":")
        if not separator:
            continue
        name, value = name.strip(), value.strip()
        if name.lower() == "set-cookie":
            key, _, content = value.partition(";")[0].partition("=")
            cookies[key.strip()] = content.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return reason, headers, cookies


def make_response(transfer, request):
    """The Response of a transfer that has ended well."""
    response = Response()
    response.status_code = transfer.getinfo(_curl.INFO_RESPONSE_CODE)
    response.reason, response.headers, response.cookies = parse_head(transfer.head)
    if not response.reason:
        response.reason = REASONS.get(response.status_code, "")
    response.url, response.request = request.url, request
    response._content = transfer.body
    response._seconds = transfer.getinfo(_curl.INFO_STARTTRANSFER_TIME)
    content_type = response.headers.get("content-type", "")
    response.encoding = charset_of(content_type)
    if response.encoding is None and "json" in content_type:
        response.encoding = "utf-8"
    elif response.encoding is None and content_type.startswith("text/"):
        response.encoding = "ISO-8859-1"
    return response
