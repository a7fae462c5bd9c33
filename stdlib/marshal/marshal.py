# SPDX-License-Identifier: MIT
"""Python values as bytes, in CPython's format: numbers, text, and containers of them. Code objects are Baton's own."""
version = 4
_END = object()
_CodeType = type((lambda: None).__code__)


def _size(n):
    return n.to_bytes(4, "little")


def _double(value):
    """The eight bytes of a float, little-endian (IEEE 754 binary64)."""
    from _struct import pack
    return pack("<d", value)


def _integer(value):
    if -2**31 <= value < 2**31:
        return b"i" + value.to_bytes(4, "little", signed=True)
    digits, rest = [], abs(value)
    while rest:
        digits.append((rest & 0x7FFF).to_bytes(2, "little"))
        rest >>= 15
    count = len(digits) if value > 0 else -len(digits)
    return b"l" + count.to_bytes(4, "little", signed=True) + b"".join(digits)


def _write(value, out, depth):
    if depth > 1000:
        raise ValueError("object too deeply nested to marshal")
    kind = type(value)
    single = {None: b"N", True: b"T", False: b"F", ...: b"."}
    if value is None or kind is bool or value is ...:
        out.append(single[value])
    elif value is StopIteration:
        out.append(b"S")
    elif kind is int:
        out.append(_integer(value))
    elif kind is float:
        out.append(b"g" + _double(value))
    elif kind is complex:
        out.append(b"y" + _double(value.real) + _double(value.imag))
    elif kind is str:
        data = value.encode("utf-8", "surrogatepass")
        out.append(b"u" + _size(len(data)) + data)
    elif kind in (bytes, bytearray):
        out.append(b"s" + _size(len(value)) + bytes(value))
    elif kind in (tuple, list, set, frozenset):
        out.append({tuple: b"(", list: b"[", set: b"<", frozenset: b">"}[kind] + _size(len(value)))
        for item in value:
            _write(item, out, depth + 1)
    elif kind is dict:
        out.append(b"{")
        for key, item in value.items():
            _write(key, out, depth + 1)
            _write(item, out, depth + 1)
        out.append(b"0")
    elif kind is _CodeType:
        from _imp import _save_code
        data = _save_code(value)
        out.append(b"c" + _size(len(data)) + data)
    else:
        raise ValueError("unmarshallable object")


def dumps(value, version=version, /):
    """The bytes of a value."""
    out = []
    _write(value, out, 0)
    return b"".join(out)


def dump(value, file, version=version, /):
    """Write the bytes of a value to a binary file."""
    return file.write(dumps(value))


class _Reader:
    def __init__(self, data):
        self._data, self._at, self._known = bytes(data), 0, []

    def _take(self, n):
        piece = self._data[self._at:self._at + n]
        if n < 0 or len(piece) < n:
            raise EOFError("marshal data too short")
        self._at += n
        return piece

    def _number(self, n=4):
        return int.from_bytes(self._take(n), "little", signed=True)

    def _float(self):
        from _struct import unpack
        return unpack("<d", self._take(8))[0]

    def value(self, depth=0):
        if depth > 1000:
            raise ValueError("recursion limit exceeded")
        code = self._take(1)[0]
        keep, kind = code & 0x80, chr(code & 0x7F)
        place = len(self._known)
        if keep:
            self._known.append(None)
        result = self._typed(kind, depth)
        if keep:
            self._known[place] = result
        return result

    def _typed(self, kind, depth):
        simple = {"N": None, "T": True, "F": False, ".": ..., "S": StopIteration, "0": _END}
        if kind in simple:
            return simple[kind]
        if kind == "i":
            return self._number()
        if kind == "I":
            return self._number(8)
        if kind == "l":
            count = self._number()
            total = sum(int.from_bytes(self._take(2), "little") << 15 * i for i in range(abs(count)))
            return total if count >= 0 else -total
        if kind == "g":
            return self._float()
        if kind == "y":
            return complex(self._float(), self._float())
        if kind == "f":
            return float(self._take(self._take(1)[0]))
        if kind in "ut":
            return self._take(self._number()).decode("utf-8", "surrogatepass")
        if kind in "aA":
            return self._take(self._number()).decode("ascii")
        if kind in "zZ":
            return self._take(self._take(1)[0]).decode("ascii")
        if kind == "s":
            return self._take(self._number())
        if kind in "([<>)":
            count = self._take(1)[0] if kind == ")" else self._number()
            if not 0 <= count <= len(self._data):
                raise ValueError("bad marshal data (size out of range)")
            items = [self.value(depth + 1) for _ in range(count)]
            return {"(": tuple, ")": tuple, "[": list, "<": set, ">": frozenset}[kind](items)
        if kind == "{":
            result = {}
            while (key := self.value(depth + 1)) is not _END:
                result[key] = self.value(depth + 1)
            return result
        if kind == "r":
            index = self._number()
            if not 0 <= index < len(self._known):
                raise ValueError("bad marshal data (invalid reference)")
            return self._known[index]
        if kind == "c":
            from _imp import _load_code
            return _load_code(self._take(self._number()))
        raise ValueError("bad marshal data (unknown type code)")


def loads(data, /):
    """The value whose bytes stand at the beginning of `data`."""
    return _Reader(data).value()


def load(file, /):
    """The value whose bytes stand next in a binary file."""
    data = file.read()
    reader = _Reader(data)
    value = reader.value()
    if reader._at < len(data):
        file.seek(reader._at - len(data), 1)
    return value
