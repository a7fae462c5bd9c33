# SPDX-License-Identifier: MIT
"""Headers that may come more than once, and URLs."""


class CIMultiDict:
    """A mapping of str, keys without regard to case, that keeps several values of one key in order."""

    def __init__(self, data=(), **kwargs):
        self._pairs = []
        self.extend(data, **kwargs)

    def extend(self, data=(), **kwargs):
        pairs = data.items() if hasattr(data, "items") else data
        self._pairs += [*pairs, *kwargs.items()]

    def add(self, key, value):
        self._pairs.append((key, value))

    def getall(self, key, *default):
        """Every value of a key."""
        found = [value for name, value in self._pairs if name.lower() == key.lower()]
        if not found and not default:
            raise KeyError(key)
        return found or default[0]

    def getone(self, key, *default):
        """The first value of a key."""
        for name, value in self._pairs:
            if name.lower() == key.lower():
                return value
        if default:
            return default[0]
        raise KeyError(key)

    def __getitem__(self, key):
        return self.getone(key)

    def get(self, key, default=None):
        return self.getone(key, default)

    def __setitem__(self, key, value):
        self._pairs = [pair for pair in self._pairs if pair[0].lower() != key.lower()] + [(key, value)]

    def __delitem__(self, key):
        if key not in self:
            raise KeyError(key)
        self._pairs = [pair for pair in self._pairs if pair[0].lower() != key.lower()]

    def setdefault(self, key, default=None):
        if key not in self:
            self.add(key, default)
        return self[key]

    def pop(self, key, *default):
        value = self.getone(key, *default)
        self._pairs = [pair for pair in self._pairs if pair[0].lower() != key.lower()]
        return value

    def update(self, data=(), **kwargs):
        for key, value in [*(data.items() if hasattr(data, "items") else data), *kwargs.items()]:
            self[key] = value

    def __contains__(self, key):
        return isinstance(key, str) and any(name.lower() == key.lower() for name, value in self._pairs)

    def __iter__(self):
        return iter([name for name, value in self._pairs])

    def __len__(self):
        return len(self._pairs)

    def keys(self):
        return [name for name, value in self._pairs]

    def values(self):
        return [value for name, value in self._pairs]

    def items(self):
        return list(self._pairs)

    def __repr__(self):
        return f"<{type(self).__name__}({', '.join(f'{name!r}: {value!r}' for name, value in self._pairs)})>"


class CIMultiDictProxy(CIMultiDict):
    """The same, to read only."""

    def _refuse(self, *args, **kwargs):
        raise TypeError(f"'{type(self).__name__}' object does not support item assignment")

    __setitem__ = __delitem__ = add = pop = update = setdefault = _refuse


class URL(str):
    """A URL as text, with its parts."""
    __slots__ = ()

    def _split(self):
        from requests.models import split_url
        return split_url(str(self))

    scheme = property(lambda self: self._split()[0])
    host = property(lambda self: self._split()[1])
    port = property(lambda self: self._split()[2])
    path = property(lambda self: self._split()[3].partition("?")[0])
    query_string = property(lambda self: self._split()[3].partition("?")[2])
    raw_query_string = query_string

    def human_repr(self):
        return str(self)

    def __repr__(self):
        return f"URL({str(self)!r})"

    def __str__(self):
        return str.__str__(self)
