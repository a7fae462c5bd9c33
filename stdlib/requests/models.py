# SPDX-License-Identifier: MIT
"""Requests, responses, and the headers of both."""
from _http import parse_json, quote

from . import exceptions


class CaseInsensitiveDict:
    """A mapping whose keys are str and compare without case; they keep the case that they were set with."""

    def __init__(self, data=None, **kwargs):
        self._items = {}
        self.update(data or {}, **kwargs)

    def __setitem__(self, key, value):
        self._items[key.lower()] = (key, value)

    def __getitem__(self, key):
        return self._items[key.lower()][1]

    def __delitem__(self, key):
        del self._items[key.lower()]

    def __iter__(self):
        return (key for key, value in self._items.values())

    def __len__(self):
        return len(self._items)

    def __contains__(self, key):
        return isinstance(key, str) and key.lower() in self._items

    def __eq__(self, other):
        if not hasattr(other, "items"):
            return NotImplemented
        return dict(self.lower_items()) == {key.lower(): value for key, value in other.items()}

    def __repr__(self):
        return str(dict(self.items()))

    def keys(self):
        return list(self)

    def values(self):
        return [value for key, value in self._items.values()]

    def items(self):
        return list(self._items.values())

    def lower_items(self):
        return [(key, value) for key, (_, value) in self._items.items()]

    def get(self, key, default=None):
        return self[key] if key in self else default

    def pop(self, key, *default):
        return self._items.pop(key.lower(), *[(key, value) for value in default])[1]

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, data=(), **kwargs):
        pairs = data.items() if hasattr(data, "items") else data
        for key, value in [*pairs, *kwargs.items()]:
            self[key] = value

    def copy(self):
        return CaseInsensitiveDict(self.items())


class _Codes:
    """Names of status codes: codes.ok, codes.not_found; also codes["ok"]."""

    def __getitem__(self, name):
        return getattr(self, name)


REASONS = {
    100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted", 203: "Non-Authoritative Information", 204: "No Content",
    205: "Reset Content", 206: "Partial Content", 300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
    305: "Use Proxy", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict", 410: "Gone",
    411: "Length Required", 412: "Precondition Failed", 413: "Request Entity Too Large", 414: "Request-URI Too Long", 415: "Unsupported Media Type",
    416: "Requested Range Not Satisfiable", 417: "Expectation Failed", 418: "I'm a Teapot", 422: "Unprocessable Entity", 425: "Too Early", 426: "Upgrade Required",
    428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error", 501: "Not Implemented",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported", 511: "Network Authentication Required",
}
codes = _Codes()
for _code, _reason in REASONS.items():
    _name = _reason.lower().replace(" ", "_").replace("-", "_").replace("'", "")
    setattr(codes, _name, _code)
    setattr(codes, _name.upper(), _code)


def encode_pairs(data):
    """application/x-www-form-urlencoded of a mapping or pairs; a list as value gives a pair for each item."""
    pairs = data.items() if hasattr(data, "items") else data
    out = []
    for key, values in pairs:
        if values is None:
            continue
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            values = [values]
        for value in values:
            if value is not None:
                out.append("=".join(form_quote(text) for text in (key, value)))
    return "&".join(out)


def form_quote(text):
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    return quote(str(text), " ").replace(" ", "+")


def dump_json(value):
    """JSON text of a value, by the module json."""
    import json
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError as error:
        raise exceptions.InvalidJSONError(error) from error


class Request:
    """What a program asks for, before a session completes it."""

    def __init__(self, method=None, url=None, headers=None, files=None, data=None, params=None, auth=None, cookies=None, hooks=None, json=None):
        self.method, self.url, self.headers = method, url, headers or {}
        self.data, self.json, self.params = data, json, params or {}
        self.files, self.auth, self.cookies, self.hooks = files or [], auth, cookies or {}, hooks

    def __repr__(self):
        return f"<Request [{self.method}]>"

    def prepare(self):
        """The request in the form in which it is sent."""
        return PreparedRequest(self)


class PreparedRequest:
    """A request ready to be sent: method, url, headers, body."""

    def __init__(self, request):
        self.method = request.method.upper()
        self.url = prepare_url(request.url, request.params)
        self.headers = CaseInsensitiveDict(request.headers)
        self.body = None
        self._prepare_body(request)
        self._prepare_auth(request.auth)
        for name, value in self.headers.items():
            if not isinstance(value, (str, bytes)):
                raise exceptions.InvalidHeader(f"Header part ({value!r}) from ({name!r}, {value!r}) must be of type str or bytes, not {type(value)}")
            if "\n" in str(value) or "\r" in str(value):
                raise exceptions.InvalidHeader(f"Invalid leading whitespace, reserved character(s), or return character(s) in header value: {value!r}")

    def __repr__(self):
        return f"<PreparedRequest [{self.method}]>"

    def _prepare_body(self, request):
        content_type = None
        if request.files:
            self.body, content_type = encode_files(request.files, request.data)
        elif request.data:
            if isinstance(request.data, (str, bytes, bytearray)):
                self.body = request.data
                content_type = None if isinstance(request.data, (bytes, bytearray)) else "application/x-www-form-urlencoded"
            elif hasattr(request.data, "read"):
                self.body = request.data.read()
            elif hasattr(request.data, "items") or isinstance(request.data, (list, tuple)):
                self.body = encode_pairs(request.data)
                content_type = "application/x-www-form-urlencoded"
            else:
                self.body = b"".join(request.data)
        elif request.json is not None:
            self.body = dump_json(request.json).encode()
            content_type = "application/json"
        if self.body is not None:
            length = len(self.body.encode() if isinstance(self.body, str) else self.body)
            self.headers["Content-Length"] = str(length)
            if content_type and "Content-Type" not in self.headers:
                self.headers["Content-Type"] = content_type
        elif self.method not in ("GET", "HEAD"):
            self.headers["Content-Length"] = "0"

    def _prepare_auth(self, auth):
        if auth is None:
            return
        if isinstance(auth, tuple) and len(auth) == 2:
            from _http import base64_text
            self.headers["Authorization"] = "Basic " + base64_text(":".join(auth).encode("latin-1"))
        else:
            auth(self)


def encode_files(files, data):
    """multipart/form-data of files and fields: (body, content type)."""
    boundary = f"{id(files):032x}"
    parts = []

    def part(disposition, content, content_type=None):
        head = f'--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n'
        if content_type:
            head += f"Content-Type: {content_type}\r\n"
        parts.append(head.encode() + b"\r\n" + (content.encode() if isinstance(content, str) else content) + b"\r\n")

    for name, value in (data.items() if hasattr(data, "items") else data or ()):
        part(f'name="{name}"', value if isinstance(value, (str, bytes)) else str(value))
    for name, value in (files.items() if hasattr(files, "items") else files):
        content_type = None
        if isinstance(value, (tuple, list)):
            filename, content, content_type = (*value, None)[:3]
        else:
            filename, content = getattr(value, "name", name), value
        if hasattr(content, "read"):
            content = content.read()
        part(f'name="{name}"; filename="{str(filename).rsplit("/", 1)[-1]}"', content, content_type)
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def prepare_url(url, params):
    """The URL with its parameters, checked and quoted."""
    if isinstance(url, bytes):
        url = url.decode()
    url = str(url).lstrip()
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise exceptions.MissingSchema(f"Invalid URL {url!r}: No scheme supplied. Perhaps you meant https://{url}?")
    if scheme.lower() not in ("http", "https"):
        raise exceptions.InvalidSchema(f"No connection adapters were found for {url!r}")
    rest, _, fragment = rest.partition("#")
    rest, _, query = rest.partition("?")
    host, slash, path = rest.partition("/")
    if not host or host.startswith((".", "*", ":")):
        raise exceptions.InvalidURL(f"Invalid URL {url!r}: No host supplied")
    if params:
        extra = params if isinstance(params, str) else params.decode() if isinstance(params, bytes) else encode_pairs(params)
        query = f"{query}&{extra}" if query and extra else query or extra
    url = f"{scheme.lower()}://{host}/{quote(path, SAFE)}"
    if query:
        url += "?" + quote(query, SAFE)
    if fragment:
        url += "#" + quote(fragment, SAFE)
    return url


SAFE = "!#$%&'()*+,/:;=?@[]~"


def split_url(url):
    """(scheme, host, port, path) of a prepared URL; path with its query."""
    scheme, _, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    place = place.rpartition("@")[2]
    host, _, port = place.rpartition(":") if not place.endswith("]") and ":" in place else (place, "", "")
    return scheme, host, int(port) if port.isdigit() else 443 if scheme == "https" else 80, "/" + path.partition("#")[0]


def charset_of(content_type):
    """The charset parameter of a Content-Type, or None."""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value:
            return value.strip().strip("'\"")
    return None


class Elapsed:
    """How long a response took, with the methods of datetime.timedelta that scripts use, for when datetime is not there."""

    def __init__(self, seconds):
        self._seconds = seconds

    def total_seconds(self):
        return self._seconds

    def __str__(self):
        whole = int(self._seconds)
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}.{int(self._seconds % 1 * 1e6):06}"

    __repr__ = __str__


def elapsed_of(seconds):
    try:
        from datetime import timedelta
    except ImportError:
        return Elapsed(seconds)
    return timedelta(seconds=seconds)


class Response:
    """What the server answered."""

    def __init__(self):
        self.status_code = self.reason = self.url = self.request = self.encoding = None
        self.headers = CaseInsensitiveDict()
        self.history = []
        self.cookies = {}
        self._content = b""
        self._seconds = 0.0

    def __repr__(self):
        return f"<Response [{self.status_code}]>"

    def __bool__(self):
        return self.ok

    def __iter__(self):
        return self.iter_content(128)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    @property
    def elapsed(self):
        """Time between sending the request and the end of the response's headers: a datetime.timedelta."""
        return elapsed_of(self._seconds)

    @property
    def ok(self):
        """Whether the status is below 400."""
        return self.status_code < 400

    @property
    def is_redirect(self):
        return "location" in self.headers and self.status_code in (301, 302, 303, 307, 308)

    @property
    def content(self):
        """The body, as bytes."""
        return self._content

    @property
    def apparent_encoding(self):
        """A guess at the encoding of the body."""
        try:
            self._content.decode("utf-8")
            return "utf-8"
        except UnicodeDecodeError:
            return "ISO-8859-1"

    @property
    def text(self):
        """The body as text, in `encoding` or what it seems to be in."""
        if not self._content:
            return ""
        try:
            return str(self._content, self.encoding or self.apparent_encoding, errors="replace")
        except LookupError:
            return str(self._content, errors="replace")

    def json(self, **kwargs):
        """The value of a JSON body."""
        text = self._content.decode("utf-8", "replace") if self.encoding is None else self.text
        if kwargs:
            import json
            return json.loads(text, **kwargs)
        try:
            return parse_json(text.removeprefix("\ufeff"))
        except ValueError as error:
            message, position = error.args
            raise exceptions.JSONDecodeError(message, text, position, response=self) from None

    def iter_content(self, chunk_size=1, decode_unicode=False):
        """The body in pieces."""
        body = self.text if decode_unicode else self._content
        step = chunk_size or len(body) or 1
        for start in range(0, len(body), step):
            yield body[start:start + step]

    def iter_lines(self, chunk_size=512, decode_unicode=False, delimiter=None):
        """The body line by line."""
        body = self.text if decode_unicode else self._content
        yield from body.split(delimiter) if delimiter else body.splitlines()

    @property
    def links(self):
        """The Link header as a dict."""
        found = {}
        for value in self.headers.get("link", "").split(","):
            url, *parameters = value.split(";")
            link = {"url": url.strip("<> '\"")}
            for parameter in parameters:
                key, _, text = parameter.partition("=")
                link[key.strip()] = text.strip(" '\"")
            if link["url"]:
                found[link.get("rel") or link["url"]] = link
        return found

    def raise_for_status(self):
        """Raise HTTPError if the status says failure."""
        if 400 <= self.status_code < 600:
            side = "Client" if self.status_code < 500 else "Server"
            raise exceptions.HTTPError(f"{self.status_code} {side} Error: {self.reason} for url: {self.url}", response=self)

    def close(self):
        """The transfer has ended already: nothing is open."""
