# SPDX-License-Identifier: MIT
"""Values and arrays in memory that processes share."""
import _multiprocessing
from multiprocessing import synchronize

__all__ = ["RawValue", "RawArray", "Value", "Array"]

_FORMATS = {"c": "c", "b": "b", "B": "B", "h": "h", "H": "H", "i": "i", "I": "I", "l": "l", "L": "L", "q": "q", "Q": "Q", "f": "f", "d": "d", "?": "?"}
_SIZES = {"c": 1, "b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "l": 8, "L": 8, "q": 8, "Q": 8, "f": 4, "d": 8, "?": 1}
_C_NAMES = {"c": "char", "b": "byte", "B": "ubyte", "h": "short", "H": "ushort", "i": "int", "I": "uint", "l": "long", "L": "ulong", "q": "long", "Q": "ulong",
            "f": "float", "d": "double", "?": "bool"}


def _format_of(typecode_or_type):
    """The letter of a type: itself, or that of a ctypes class."""
    code = typecode_or_type if isinstance(typecode_or_type, str) else getattr(typecode_or_type, "_type_", None)
    if code not in _FORMATS:
        raise TypeError(f"this type has no storage or is not supported: {typecode_or_type!r}")
    return code


class _Cells:
    """Items of one type in shared memory. Integers wrap around, as in C."""

    def __init__(self, code, count):
        self._code = code
        self._memory = memoryview(_multiprocessing.Memory(_SIZES[code] * count)).cast(code)

    def __getstate__(self):
        synchronize._refuse_pickling(self)

    def _fitting(self, value):
        code = self._code
        if code in "cfd?":
            return value
        if not isinstance(value, int):
            raise TypeError(f"an integer is required (got type {type(value).__name__})" if not hasattr(value, "__index__") else "an integer is required")
        bits = _SIZES[code] * 8
        value &= (1 << bits) - 1
        return value - (1 << bits) if code.islower() and value >> (bits - 1) else value


class RawValue(_Cells):
    """One item."""

    def __init__(self, typecode_or_type, *args):
        _Cells.__init__(self, _format_of(typecode_or_type), 1)
        if args:
            self.value = args[0]

    @property
    def value(self):
        return self._memory[0]

    @value.setter
    def value(self, value):
        self._memory[0] = self._fitting(value)

    def __repr__(self):
        return f"c_{_C_NAMES[self._code]}({self.value!r})"


class RawArray(_Cells):
    """A number of items that does not change."""

    def __init__(self, typecode_or_type, size_or_initializer):
        items = None
        count = size_or_initializer
        if not isinstance(count, int):
            items = list(size_or_initializer)
            count = len(items)
        elif count < 0:
            raise ValueError("Array length must be >= 0")
        _Cells.__init__(self, _format_of(typecode_or_type), max(count, 1))
        self._memory = self._memory[:count]
        if items is not None:
            self[:] = items

    def __len__(self):
        return len(self._memory)

    def __iter__(self):
        for i in range(len(self._memory)):
            yield self._memory[i]

    def __getitem__(self, key):
        if isinstance(key, slice):
            items = [self._memory[i] for i in range(*key.indices(len(self._memory)))]
            return b"".join(items) if self._code == "c" else items
        self._check(key)
        return self._memory[key]

    def __setitem__(self, key, value):
        if not isinstance(key, slice):
            self._check(key)
            self._memory[key] = bytes([value]) if self._code == "c" and isinstance(value, int) else self._fitting(value)
            return
        places = range(*key.indices(len(self._memory)))
        items = list(value)
        if len(items) != len(places):
            raise ValueError("Can only assign sequence of same size")
        for i, item in zip(places, items):
            self[i] = item

    def _check(self, index):
        if not -len(self._memory) <= index < len(self._memory):
            raise IndexError("invalid index")

    def _text(self):
        if self._code != "c":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute 'value'")
        return self._memory.tobytes()

    @property
    def value(self):
        return self._text().split(b"\0", 1)[0]

    @value.setter
    def value(self, data):
        self._text()
        if len(data) > len(self):
            raise ValueError("byte string too long")
        for i, byte in enumerate(data):
            self._memory[i] = bytes([byte])
        if len(data) < len(self):
            self._memory[len(data)] = b"\0"

    @property
    def raw(self):
        return self._text()

    @raw.setter
    def raw(self, data):
        self._text()
        self[:len(data)] = data


class _Synchronized:
    """What values and arrays with a lock have in common."""

    def __init__(self, obj, lock=None, ctx=None):
        self._obj = obj
        self._lock = lock or synchronize.RLock()
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *exc):
        return self._lock.__exit__(*exc)

    def __getstate__(self):
        synchronize._refuse_pickling(self)

    def get_obj(self):
        return self._obj

    def get_lock(self):
        return self._lock

    def __repr__(self):
        return f"<{type(self).__name__} wrapper for {self._obj}>"

    @property
    def value(self):
        with self._lock:
            return self._obj.value

    @value.setter
    def value(self, value):
        with self._lock:
            self._obj.value = value


class Synchronized(_Synchronized):
    """A value with a lock."""


class SynchronizedArray(_Synchronized):
    """An array with a lock."""

    def __len__(self):
        return len(self._obj)

    def __getitem__(self, key):
        with self._lock:
            return self._obj[key]

    def __setitem__(self, key, value):
        with self._lock:
            self._obj[key] = value

    def __getslice__(self, start, stop):
        return self[start:stop]

    @property
    def raw(self):
        with self._lock:
            return self._obj.raw

    @raw.setter
    def raw(self, data):
        with self._lock:
            self._obj.raw = data


def _lock_from(lock):
    if lock is True or lock is None:
        return synchronize.RLock()
    if not hasattr(lock, "acquire"):
        raise AttributeError(f"{lock!r} has no method 'acquire'")
    return lock


def Value(typecode_or_type, *args, lock=True, ctx=None):
    """A value in shared memory, with a lock unless lock is False."""
    raw = RawValue(typecode_or_type, *args)
    return raw if lock is False else Synchronized(raw, _lock_from(lock))


def Array(typecode_or_type, size_or_initializer, *, lock=True, ctx=None):
    """An array in shared memory, with a lock unless lock is False."""
    raw = RawArray(typecode_or_type, size_or_initializer)
    return raw if lock is False else SynchronizedArray(raw, _lock_from(lock))


def synchronized(obj, lock=None, ctx=None):
    return SynchronizedArray(obj, lock) if isinstance(obj, RawArray) else Synchronized(obj, lock)
