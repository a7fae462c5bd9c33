# SPDX-License-Identifier: MIT
"""Objects as bytes, and back.

A pickle is a program for a machine with a stack and a memo of objects seen before. The Pickler writes the program that
builds an object, the Unpickler runs it. From protocol 4 on the program is cut into frames of about 64 KiB.
"""
import sys
from _picklebuffer import PickleBuffer
from copyreg import dispatch_table, _extension_registry, _inverted_registry, _extension_cache

__all__ = ["PickleError", "PicklingError", "UnpicklingError", "Pickler", "Unpickler", "dump", "dumps", "load", "loads", "PickleBuffer"]

format_version = "4.0"
compatible_formats = ["1.0", "1.1", "1.2", "1.3", "2.0", "3.0", "4.0", "5.0"]
HIGHEST_PROTOCOL = 5
DEFAULT_PROTOCOL = 4
bytes_types = (bytes, bytearray)
_BATCH = 1000
_FRAME_TARGET = 64 * 1024
_FRAME_MINIMUM = 4
_FunctionType = type(lambda: None)
_NoneType, _EllipsisType, _NotImplementedType = type(None), type(...), type(NotImplemented)

MARK, STOP, POP, POP_MARK, DUP = b"(", b".", b"0", b"1", b"2"
FLOAT, INT, BININT, BININT1, LONG, BININT2 = b"F", b"I", b"J", b"K", b"L", b"M"
NONE, PERSID, BINPERSID, REDUCE = b"N", b"P", b"Q", b"R"
STRING, BINSTRING, SHORT_BINSTRING, UNICODE, BINUNICODE = b"S", b"T", b"U", b"V", b"X"
APPEND, BUILD, GLOBAL, DICT, EMPTY_DICT, APPENDS = b"a", b"b", b"c", b"d", b"}", b"e"
GET, BINGET, INST, LONG_BINGET, LIST, EMPTY_LIST, OBJ = b"g", b"h", b"i", b"j", b"l", b"]", b"o"
PUT, BINPUT, LONG_BINPUT, SETITEM, TUPLE, EMPTY_TUPLE, SETITEMS, BINFLOAT = b"p", b"q", b"r", b"s", b"t", b")", b"u", b"G"
PROTO, NEWOBJ, EXT1, EXT2, EXT4 = b"\x80", b"\x81", b"\x82", b"\x83", b"\x84"
TUPLE1, TUPLE2, TUPLE3, NEWTRUE, NEWFALSE, LONG1, LONG4 = b"\x85", b"\x86", b"\x87", b"\x88", b"\x89", b"\x8a", b"\x8b"
BINBYTES, SHORT_BINBYTES = b"B", b"C"
SHORT_BINUNICODE, BINUNICODE8, BINBYTES8, EMPTY_SET, ADDITEMS, FROZENSET = b"\x8c", b"\x8d", b"\x8e", b"\x8f", b"\x90", b"\x91"
NEWOBJ_EX, STACK_GLOBAL, MEMOIZE, FRAME = b"\x92", b"\x93", b"\x94", b"\x95"
BYTEARRAY8, NEXT_BUFFER, READONLY_BUFFER = b"\x96", b"\x97", b"\x98"
__all__ += [name for name in globals() if name[0] != "_" and name.isupper()]


def _as_in_2(module, name):
    """What Python 2 calls an object, for protocols below 3."""
    from _compat_pickle import REVERSE_IMPORT_MAPPING, REVERSE_NAME_MAPPING
    found = REVERSE_NAME_MAPPING.get((module, name))
    return found or (REVERSE_IMPORT_MAPPING.get(module, module), name)


def _as_in_3(module, name):
    """What Python 2 called an object, as it is called now."""
    from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
    found = NAME_MAPPING.get((module, name))
    return found or (IMPORT_MAPPING.get(module, module), name)



class PickleError(Exception):
    """What goes wrong with pickles."""


class PicklingError(PickleError):
    """An object cannot be pickled."""


class UnpicklingError(PickleError):
    """A pickle cannot be read."""


for _error in (PickleError, PicklingError, UnpicklingError):
    _error.__module__ = "_pickle"


class _Stop(Exception):
    pass


def encode_long(x):
    """The shortest two's complement of x, least byte first; b"" for 0."""
    if x == 0:
        return b""
    length = (x.bit_length() >> 3) + 1
    result = x.to_bytes(length, "little", signed=True)
    if x < 0 and length > 1 and result[-1] == 0xff and result[-2] & 0x80:
        result = result[:-1]
    return result


def decode_long(data):
    return int.from_bytes(data, "little", signed=True)


def _double_bytes(x):
    scratch = bytearray(8)
    memoryview(scratch).cast("d")[0] = x
    return bytes(reversed(scratch)) if sys.byteorder == "little" else bytes(scratch)


def _double_from(data):
    scratch = bytearray(reversed(data) if sys.byteorder == "little" else data)
    return memoryview(scratch).cast("d")[0]


def _attribute(obj, dotted):
    """The object under a dotted name, and the one that has it."""
    parent = None
    for name in dotted.split("."):
        if name == "<locals>":
            raise AttributeError(f"Can't get local attribute {dotted!r} on {obj!r}")
        try:
            parent, obj = obj, getattr(obj, name)
        except AttributeError:
            raise AttributeError(f"Can't get attribute {dotted!r} on {obj!r}") from None
    return obj, parent


def whichmodule(obj, name):
    """The module that has obj under its name."""
    module_name = getattr(obj, "__module__", None)
    if module_name is not None:
        return module_name
    for module_name, module in list(sys.modules.items()):
        if module_name in ("__main__", "__mp_main__") or module is None:
            continue
        try:
            if _attribute(module, name)[0] is obj:
                return module_name
        except AttributeError:
            continue
    return "__main__"


class Pickler:
    """Writes pickles to a file."""

    def __init__(self, file, protocol=None, *, fix_imports=True, buffer_callback=None):
        if protocol is None:
            protocol = DEFAULT_PROTOCOL
        if protocol < 0:
            protocol = HIGHEST_PROTOCOL
        elif protocol > HIGHEST_PROTOCOL:
            raise ValueError(f"pickle protocol must be <= {HIGHEST_PROTOCOL}")
        if buffer_callback is not None and protocol < 5:
            raise ValueError("buffer_callback needs protocol >= 5")
        self._buffer_callback = buffer_callback
        try:
            self._file_write = file.write
        except AttributeError:
            raise TypeError("file must have a 'write' attribute") from None
        self.memo = {}           # id -> (its number, the object, so that it lives)
        self.proto = int(protocol)
        self.bin = protocol >= 1
        self.fast = 0
        self.fix_imports = fix_imports and protocol < 3
        self._frame = None

    def clear_memo(self):
        """Forget the objects written so far."""
        self.memo.clear()

    def dump(self, obj):
        """Write a pickle of obj."""
        if not hasattr(self, "_file_write"):
            raise PicklingError(f"Pickler.__init__() was not called by {type(self).__name__}.__init__()")
        if self.proto >= 2:
            self._file_write(PROTO + bytes([self.proto]))
        if self.proto >= 4:
            self._frame = bytearray()
        self.save(obj)
        self.write(STOP)
        self._end_frame(True)
        self._frame = None

    # Output
    def write(self, data):
        if self._frame is None:
            self._file_write(data)
        else:
            self._frame += data

    def _end_frame(self, force=False):
        frame = self._frame
        if frame is None or not (force or len(frame) >= _FRAME_TARGET):
            return
        if len(frame) >= _FRAME_MINIMUM:
            self._file_write(FRAME + len(frame).to_bytes(8, "little"))
        if frame:
            self._file_write(bytes(frame))
        self._frame = bytearray()

    def _write_large(self, header, payload):
        """Big data goes outside the frames."""
        if self._frame is not None and len(payload) >= _FRAME_TARGET:
            self._end_frame(True)
            self._file_write(header)
            self._file_write(payload)
        else:
            self.write(header + payload)

    # The memo
    def memoize(self, obj):
        if self.fast:
            return
        number = len(self.memo)
        self.memo[id(obj)] = number, obj
        if self.proto >= 4:
            self.write(MEMOIZE)
        elif not self.bin:
            self.write(PUT + str(number).encode("ascii") + b"\n")
        elif number < 256:
            self.write(BINPUT + bytes([number]))
        else:
            self.write(LONG_BINPUT + number.to_bytes(4, "little"))

    def _get(self, number):
        if not self.bin:
            return GET + str(number).encode("ascii") + b"\n"
        return BINGET + bytes([number]) if number < 256 else LONG_BINGET + number.to_bytes(4, "little")

    def persistent_id(self, obj):
        """A name for obj under which the reader finds it; None: it is written itself."""
        return None

    def _save_persistent(self, pid):
        if self.bin:
            self.save(pid, False)
            self.write(BINPERSID)
            return
        try:
            self.write(PERSID + str(pid).encode("ascii") + b"\n")
        except UnicodeEncodeError:
            raise PicklingError("persistent IDs in protocol 0 must be ASCII strings") from None

    def save(self, obj, ask_for_id=True):
        self._end_frame()
        if ask_for_id:
            pid = self.persistent_id(obj)
            if pid is not None:
                return self._save_persistent(pid)
        known = self.memo.get(id(obj))
        if known is not None:
            return self.write(self._get(known[0]))
        kind = type(obj)
        reduced = NotImplemented
        override = getattr(self, "reducer_override", None)
        if override is not None and kind not in _PLAIN:
            reduced = override(obj)
        if reduced is NotImplemented:
            saver = self.dispatch.get(kind)
            if saver is not None:
                return saver(self, obj)
            table = getattr(self, "dispatch_table", dispatch_table)
            reducer = table.get(kind)
            if reducer is not None:
                reduced = reducer(obj)
            elif issubclass(kind, type):
                return self.save_global(obj)
            else:
                reducer = getattr(obj, "__reduce_ex__", None)
                if reducer is not None:
                    reduced = reducer(self.proto)
                else:
                    reducer = getattr(obj, "__reduce__", None)
                    if reducer is None:
                        raise PicklingError(f"can't pickle {kind.__name__!r} object: {obj!r}")
                    reduced = reducer()
        if isinstance(reduced, str):
            return self.save_global(obj, reduced)
        if not isinstance(reduced, tuple):
            raise PicklingError("__reduce__ must return a string or tuple")
        if not 2 <= len(reduced) <= 6:
            raise PicklingError("tuple returned by __reduce__ must contain 2 through 6 elements")
        self.save_reduce(*reduced, obj=obj)

    def save_reduce(self, func, args, state=None, listitems=None, dictitems=None, state_setter=None, *, obj=None):
        if not callable(func):
            raise PicklingError("first item of the tuple returned by __reduce__ must be callable")
        if not isinstance(args, tuple):
            raise PicklingError("second item of the tuple returned by __reduce__ must be a tuple")
        name = getattr(func, "__name__", "")
        if self.proto >= 2 and name == "__newobj_ex__":
            self._save_newobj_ex(args, obj)
        elif self.proto >= 2 and name == "__newobj__":
            cls = args[0]
            if not hasattr(cls, "__new__"):
                raise PicklingError("args[0] from __newobj__ args has no __new__")
            if obj is not None and cls is not obj.__class__:
                raise PicklingError("args[0] from __newobj__ args has the wrong class")
            self.save(cls)
            self.save(args[1:])
            self.write(NEWOBJ)
        else:
            self.save(func)
            self.save(args)
            self.write(REDUCE)
        if obj is not None:
            if id(obj) in self.memo:      # its arguments contain it
                self.write(POP + self._get(self.memo[id(obj)][0]))
            else:
                self.memoize(obj)
        if listitems is not None:
            self._batch(listitems, APPEND, APPENDS, False)
        if dictitems is not None:
            self._batch(dictitems, SETITEM, SETITEMS, True)
        if state is None:
            return
        if state_setter is None:
            self.save(state)
            self.write(BUILD)
        else:
            self.save(state_setter)
            self.save(obj)
            self.save(state)
            self.write(TUPLE2 + REDUCE + POP)

    def _save_newobj_ex(self, arguments, obj):
        cls, args, kwargs = arguments
        if not hasattr(cls, "__new__"):
            raise PicklingError("args[0] from __newobj_ex__ args has no __new__")
        if obj is not None and cls is not obj.__class__:
            raise PicklingError("args[0] from __newobj_ex__ args has the wrong class")
        if self.proto >= 4:
            self.save(cls)
            self.save(args)
            self.save(kwargs)
            self.write(NEWOBJ_EX)
            return
        from functools import partial
        self.save(partial(cls.__new__, cls, *args, **kwargs))
        self.save(())
        self.write(REDUCE)

    # The built-in types
    dispatch = {}

    def save_none(self, obj):
        self.write(NONE)
    dispatch[_NoneType] = save_none

    def save_bool(self, obj):
        if self.proto >= 2:
            self.write(NEWTRUE if obj else NEWFALSE)
        else:
            self.write(b"I01\n" if obj else b"I00\n")
    dispatch[bool] = save_bool

    def save_long(self, obj):
        if self.bin:
            if 0 <= obj <= 0xff:
                return self.write(BININT1 + bytes([obj]))
            if 0 <= obj <= 0xffff:
                return self.write(BININT2 + obj.to_bytes(2, "little"))
            if -0x80000000 <= obj <= 0x7fffffff:
                return self.write(BININT + obj.to_bytes(4, "little", signed=True))
        elif -0x80000000 <= obj <= 0x7fffffff:
            return self.write(INT + repr(obj).encode("ascii") + b"\n")
        if self.proto < 2:
            return self.write(LONG + repr(obj).encode("ascii") + b"L\n")
        data = encode_long(obj)
        if len(data) < 256:
            self.write(LONG1 + bytes([len(data)]) + data)
        else:
            self.write(LONG4 + len(data).to_bytes(4, "little") + data)
    dispatch[int] = save_long

    def save_float(self, obj):
        if self.bin:
            self.write(BINFLOAT + _double_bytes(obj))
        else:
            self.write(FLOAT + repr(obj).encode("ascii") + b"\n")
    dispatch[float] = save_float

    def save_bytes(self, obj):
        if self.proto < 3:
            if not obj:
                self.save_reduce(bytes, (), obj=obj)
            else:
                from _codecs import encode
                self.save_reduce(encode, (str(obj, "latin1"), "latin1"), obj=obj)
            return
        n = len(obj)
        if n <= 0xff:
            self.write(SHORT_BINBYTES + bytes([n]) + obj)
        elif n > 0xffffffff and self.proto >= 4:
            self._write_large(BINBYTES8 + n.to_bytes(8, "little"), obj)
        elif n > 0xffffffff:
            raise OverflowError("serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher")
        else:
            self._write_large(BINBYTES + n.to_bytes(4, "little"), obj)
        self.memoize(obj)
    dispatch[bytes] = save_bytes

    def save_bytearray(self, obj):
        if self.proto < 5:
            self.save_reduce(bytearray, (bytes(obj),) if obj else (), obj=obj)
            return
        self._write_large(BYTEARRAY8 + len(obj).to_bytes(8, "little"), bytes(obj))
        self.memoize(obj)
    dispatch[bytearray] = save_bytearray

    def save_picklebuffer(self, obj):
        if self.proto < 5:
            raise PicklingError("PickleBuffer can only be pickled with protocol >= 5")
        try:
            view = obj.raw()
        except BufferError:
            raise PicklingError("PickleBuffer can not be pickled when pointing to a non-contiguous buffer") from None
        in_band = True
        if self._buffer_callback is not None:
            in_band = bool(self._buffer_callback(obj))
        if in_band:
            (self.save_bytes if view.readonly else self.save_bytearray)(view.tobytes() if view.readonly else bytearray(view))
        else:
            self.write(NEXT_BUFFER)
            if view.readonly:
                self.write(READONLY_BUFFER)
    dispatch[PickleBuffer] = save_picklebuffer

    def save_str(self, obj):
        if not self.bin:
            text = obj.replace("\\", "\\u005c").replace("\0", "\\u0000").replace("\n", "\\u000a").replace("\r", "\\u000d").replace("\x1a", "\\u001a")
            self.write(UNICODE + text.encode("raw-unicode-escape") + b"\n")
        else:
            data = obj.encode("utf-8", "surrogatepass")
            n = len(data)
            if n <= 0xff and self.proto >= 4:
                self.write(SHORT_BINUNICODE + bytes([n]) + data)
            elif n > 0xffffffff and self.proto >= 4:
                self._write_large(BINUNICODE8 + n.to_bytes(8, "little"), data)
            elif n > 0xffffffff:
                raise OverflowError("serializing a string larger than 4 GiB requires pickle protocol 4 or higher")
            else:
                self._write_large(BINUNICODE + n.to_bytes(4, "little"), data)
        self.memoize(obj)
    dispatch[str] = save_str

    def save_tuple(self, obj):
        if not obj:
            return self.write(EMPTY_TUPLE if self.bin else MARK + TUPLE)
        n = len(obj)
        small = n <= 3 and self.proto >= 2
        if not small:
            self.write(MARK)
        for item in obj:
            self.save(item)
        known = self.memo.get(id(obj))
        if known is not None:          # it contains itself: what was put on the stack is taken off again
            if small or not self.bin:
                self.write(POP * (n if small else n + 1) + self._get(known[0]))
            else:
                self.write(POP_MARK + self._get(known[0]))
            return
        self.write((TUPLE1, TUPLE2, TUPLE3)[n - 1] if small else TUPLE)
        self.memoize(obj)
    dispatch[tuple] = save_tuple

    def save_list(self, obj):
        self.write(EMPTY_LIST if self.bin else MARK + LIST)
        self.memoize(obj)
        self._batch(obj, APPEND, APPENDS, False)
    dispatch[list] = save_list

    def save_dict(self, obj):
        self.write(EMPTY_DICT if self.bin else MARK + DICT)
        self.memoize(obj)
        self._batch(obj.items(), SETITEM, SETITEMS, True)
    dispatch[dict] = save_dict

    def _batch(self, items, one, many, pairs):
        """Adds items to the list or dict on top of the stack."""
        batch = []

        def save_batch():
            several = self.bin and len(batch) > 1
            if several:
                self.write(MARK)
            for item in batch:
                if pairs:
                    self.save(item[0])
                    self.save(item[1])
                else:
                    self.save(item)
                if not several:
                    self.write(one)
            if several:
                self.write(many)
            batch.clear()

        for item in items:
            batch.append(item)
            if len(batch) == _BATCH:
                save_batch()
        if batch:
            save_batch()

    def save_set(self, obj):
        if self.proto < 4:
            return self.save_reduce(set, (list(obj),), obj=obj)
        self.write(EMPTY_SET)
        self.memoize(obj)
        items = list(obj)
        for start in range(0, len(items), _BATCH):
            self.write(MARK)
            for item in items[start:start + _BATCH]:
                self.save(item)
            self.write(ADDITEMS)
    dispatch[set] = save_set

    def save_frozenset(self, obj):
        if self.proto < 4:
            return self.save_reduce(frozenset, (list(obj),), obj=obj)
        self.write(MARK)
        for item in obj:
            self.save(item)
        known = self.memo.get(id(obj))
        if known is not None:
            return self.write(POP_MARK + self._get(known[0]))
        self.write(FROZENSET)
        self.memoize(obj)
    dispatch[frozenset] = save_frozenset

    # What is known by name
    def save_global(self, obj, name=None):
        if name is None:
            name = getattr(obj, "__qualname__", None)
        if name is None:
            name = obj.__name__
        module_name = whichmodule(obj, name)
        try:
            __import__(module_name, level=0)
            found, parent = _attribute(sys.modules[module_name], name)
        except ImportError:
            raise PicklingError(f"Can't pickle {obj!r}: import of module {module_name!r} failed") from None
        except (KeyError, AttributeError):
            if "<locals>" in name.split("."):
                raise AttributeError(f"Can't pickle local object {name!r}") from None
            raise PicklingError(f"Can't pickle {obj!r}: attribute lookup {name} on {module_name} failed") from None
        if found is not obj:
            raise PicklingError(f"Can't pickle {obj!r}: it's not the same object as {module_name}.{name}")
        code = _extension_registry.get((module_name, name)) if self.proto >= 2 else None
        if code:
            if code <= 0xff:
                return self.write(EXT1 + bytes([code]))
            return self.write(EXT2 + code.to_bytes(2, "little") if code <= 0xffff else EXT4 + code.to_bytes(4, "little", signed=True))
        if self.proto >= 4:
            self.save(module_name)
            self.save(name)
            self.write(STACK_GLOBAL)
        elif "." in name and parent is not sys.modules[module_name]:
            self.save_reduce(getattr, (parent, name.rpartition(".")[2]))
        else:
            name = name.rpartition(".")[2]
            if self.fix_imports:
                module_name, name = _as_in_2(module_name, name)
            encoding = "utf-8" if self.proto >= 3 else "ascii"
            try:
                self.write(GLOBAL + module_name.encode(encoding) + b"\n" + name.encode(encoding) + b"\n")
            except UnicodeEncodeError:
                raise PicklingError(f"can't pickle global identifier '{module_name}.{name}' using pickle protocol {self.proto}") from None
        self.memoize(obj)
    dispatch[_FunctionType] = save_global

    def save_type(self, obj):
        for single in (None, NotImplemented, ...):
            if obj is type(single):
                return self.save_reduce(type, (single,), obj=obj)
        self.save_global(obj)
    dispatch[type] = save_type

    def save_singleton(self, obj):
        self.save_global(obj, "Ellipsis" if obj is ... else "NotImplemented")


_PLAIN = frozenset([_NoneType, bool, int, float, bytes, bytearray, str, tuple, list, dict, set, frozenset])


class Unpickler:
    """Reads pickles from a file."""

    def __init__(self, file, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=None):
        self._buffers = iter(buffers) if buffers is not None else None
        if not hasattr(file, "read") or not hasattr(file, "readline"):
            raise TypeError("file must have 'read' and 'readline' attributes")
        self._file_read = file.read
        self._file_readline = file.readline
        self.memo = {}
        self.encoding = encoding
        self.errors = errors
        self.proto = 0
        self.fix_imports = fix_imports

    def load(self):
        """Read one pickle: the object in it."""
        if not hasattr(self, "_file_read"):
            raise UnpicklingError(f"Unpickler.__init__() was not called by {type(self).__name__}.__init__()")
        self._frame = b""
        self._at = 0
        self.stack = []
        self._marked = []        # the stacks below the marks
        self.proto = 0
        table = _LOADERS
        try:
            while True:
                key = self.read(1)
                try:
                    loader = table[key[0]]
                except KeyError:
                    raise UnpicklingError(f"invalid load key, '{_shown(key[0])}'.") from None
                loader(self)
        except _Stop as stop:
            return stop.args[0]
        except IndexError:
            if not self.stack:
                raise UnpicklingError("unpickling stack underflow") from None
            raise

    # Input
    def read(self, n):
        at = self._at
        if at < len(self._frame):
            data = self._frame[at:at + n]
            if len(data) < n:
                raise UnpicklingError("pickle exhausted before end of frame")
            self._at = at + n
            return data
        data = self._file_read(n)
        if len(data) < n:
            raise EOFError("Ran out of input") if not data else UnpicklingError("pickle data was truncated")
        return data

    def readline(self):
        at = self._at
        if at < len(self._frame):
            end = self._frame.find(b"\n", at)
            if end < 0:
                raise UnpicklingError("pickle exhausted before end of frame")
            self._at = end + 1
            return self._frame[at:end]
        line = self._file_readline()
        if not line:
            raise EOFError("Ran out of input")
        if line[-1:] != b"\n":
            raise UnpicklingError("pickle data was truncated")
        return line[:-1]

    def _number(self, n, signed=False):
        return int.from_bytes(self.read(n), "little", signed=signed)

    def _pop_mark(self):
        if not self._marked:
            raise UnpicklingError("could not find MARK")
        items = self.stack
        self.stack = self._marked.pop()
        return items

    def persistent_load(self, pid):
        """The object that a persistent_id() of the writer names."""
        raise UnpicklingError("A load persistent id instruction was encountered, but no persistent_load function was specified.")

    def find_class(self, module, name):
        """The object that a pickle knows by name."""
        if self.proto < 3 and self.fix_imports:
            module, name = _as_in_3(module, name)
        __import__(module, level=0)
        if self.proto >= 4:
            return _attribute(sys.modules[module], name)[0]
        try:
            return getattr(sys.modules[module], name)
        except AttributeError:
            raise AttributeError(f"Can't get attribute {name!r} on {sys.modules[module]!r}") from None

    def _text(self, data):
        return data if self.encoding == "bytes" else data.decode(self.encoding, self.errors)

    def _remember(self, number):
        if number < 0:
            raise ValueError("negative PUT argument")
        self.memo[number] = self.stack[-1]

    def _recall(self, number):
        try:
            self.stack.append(self.memo[number])
        except KeyError:
            raise UnpicklingError(f"Memo value not found at index {number}") from None

    def _extension(self, code):
        missing = []
        obj = _extension_cache.get(code, missing)
        if obj is missing:
            key = _inverted_registry.get(code)
            if key is None:
                if code <= 0:
                    raise UnpicklingError("EXT specifies code <= 0")
                raise ValueError(f"unregistered extension code {code}")
            obj = _extension_cache[code] = self.find_class(*key)
        self.stack.append(obj)

    # What single instructions do
    def _ascii_id(self):
        try:
            return self.readline().decode("ascii")
        except UnicodeDecodeError:
            raise UnpicklingError("persistent IDs in protocol 0 must be ASCII strings") from None

    def _proto(self):
        self.proto = self.read(1)[0]
        if self.proto > HIGHEST_PROTOCOL:
            raise ValueError(f"unsupported pickle protocol: {self.proto}")

    def _start_frame(self):
        n = self._number(8)
        if n > sys.maxsize:
            raise ValueError(f"frame size > sys.maxsize: {n}")
        if self._at < len(self._frame):
            raise UnpicklingError("beginning of a new frame before end of current frame")
        frame = self._file_read(n)
        if len(frame) < n:
            raise UnpicklingError("pickle data was truncated")
        self._frame, self._at = frame, 0

    def _stop(self):
        raise _Stop(self.stack.pop())

    def _mark(self):
        self._marked.append(self.stack)
        self.stack = []

    def _pop(self):
        if self.stack:
            del self.stack[-1]
        else:
            self._pop_mark()

    def _int(self):
        data = self.readline()
        self.stack.append(data == b"01" if data in (b"00", b"01") else int(data, 0))

    def _long(self):
        data = self.readline()
        self.stack.append(int(data[:-1] if data[-1:] == b"L" else data, 0))

    def _string(self):
        data = self.readline()
        if len(data) < 2 or data[:1] != data[-1:] or data[:1] not in (b'"', b"'"):
            raise UnpicklingError("the STRING opcode argument must be quoted")
        from _codecs import escape_decode
        self.stack.append(self._text(escape_decode(data[1:-1])[0]))

    def _counted(self, width, signed=False):
        n = self._number(width, signed)
        if n < 0:
            raise UnpicklingError("LONG pickle has negative byte count")
        return self.read(n)

    def _tuple(self, n):
        items = tuple(self.stack[len(self.stack) - n:])
        if len(items) < n:
            raise UnpicklingError("unpickling stack underflow")
        del self.stack[len(self.stack) - n:]
        self.stack.append(items)

    def _dict(self):
        items = self._pop_mark()
        self.stack.append({items[i]: items[i + 1] for i in range(0, len(items), 2)})

    def _instantiate(self, cls, args):
        if args or not isinstance(cls, type) or hasattr(cls, "__getinitargs__"):
            self.stack.append(cls(*args))
        else:
            self.stack.append(cls.__new__(cls))

    def _inst(self):
        module = self.readline().decode("ascii")
        name = self.readline().decode("ascii")
        self._instantiate(self.find_class(module, name), self._pop_mark())

    def _obj(self):
        args = self._pop_mark()
        self._instantiate(args.pop(0), args)

    def _newobj(self):
        args = self.stack.pop()
        cls = self.stack.pop()
        self.stack.append(cls.__new__(cls, *args))

    def _newobj_ex(self):
        kwargs = self.stack.pop()
        args = self.stack.pop()
        cls = self.stack.pop()
        self.stack.append(cls.__new__(cls, *args, **kwargs))

    def _global(self):
        module = self.readline().decode("utf-8")
        self.stack.append(self.find_class(module, self.readline().decode("utf-8")))

    def _stack_global(self):
        name = self.stack.pop()
        module = self.stack.pop()
        if type(name) is not str or type(module) is not str:
            raise UnpicklingError("STACK_GLOBAL requires str")
        self.stack.append(self.find_class(module, name))

    def _reduce(self):
        args = self.stack.pop()
        self.stack[-1] = self.stack[-1](*args)

    def _appends(self):
        items = self._pop_mark()
        target = self.stack[-1]
        extend = getattr(target, "extend", None)
        if extend is not None:
            extend(items)
        else:
            for item in items:
                target.append(item)

    def _append(self):
        item = self.stack.pop()
        self.stack[-1].append(item)

    def _setitem(self):
        value = self.stack.pop()
        key = self.stack.pop()
        self.stack[-1][key] = value

    def _setitems(self):
        items = self._pop_mark()
        target = self.stack[-1]
        for i in range(0, len(items), 2):
            target[items[i]] = items[i + 1]

    def _additems(self):
        items = self._pop_mark()
        target = self.stack[-1]
        if isinstance(target, set):
            target.update(items)
        else:
            for item in items:
                target.add(item)

    def _build(self):
        state = self.stack.pop()
        target = self.stack[-1]
        setstate = getattr(target, "__setstate__", None)
        if setstate is not None:
            return setstate(state)
        slots = None
        if isinstance(state, tuple) and len(state) == 2:
            state, slots = state
        if state:
            attributes = target.__dict__
            for name, value in state.items():
                attributes[sys.intern(name) if type(name) is str else name] = value
        if slots:
            for name, value in slots.items():
                setattr(target, name, value)

    def _next_buffer(self):
        if self._buffers is None:
            raise UnpicklingError("pickle stream refers to out-of-band data but no *buffers* argument was given")
        try:
            self.stack.append(next(self._buffers))
        except StopIteration:
            raise UnpicklingError("not enough out-of-band buffers") from None

    def _readonly_buffer(self):
        view = memoryview(self.stack[-1])
        if not view.readonly:
            self.stack[-1] = view.toreadonly()


def _shown(byte):
    return chr(byte) if 32 <= byte < 127 and byte not in b"\\'" else f"\\x{byte:02x}"


_LOADERS = {
    PROTO: Unpickler._proto, FRAME: Unpickler._start_frame, STOP: Unpickler._stop, MARK: Unpickler._mark, POP: Unpickler._pop,
    POP_MARK: lambda u: u._pop_mark() and None, DUP: lambda u: u.stack.append(u.stack[-1]),
    NONE: lambda u: u.stack.append(None), NEWTRUE: lambda u: u.stack.append(True), NEWFALSE: lambda u: u.stack.append(False),
    INT: Unpickler._int, LONG: Unpickler._long, BININT: lambda u: u.stack.append(u._number(4, True)),
    BININT1: lambda u: u.stack.append(u.read(1)[0]), BININT2: lambda u: u.stack.append(u._number(2)),
    LONG1: lambda u: u.stack.append(decode_long(u._counted(1))), LONG4: lambda u: u.stack.append(decode_long(u._counted(4, True))),
    FLOAT: lambda u: u.stack.append(float(u.readline())), BINFLOAT: lambda u: u.stack.append(_double_from(u.read(8))),
    STRING: Unpickler._string, BINSTRING: lambda u: u.stack.append(u._text(u._counted(4, True))),
    SHORT_BINSTRING: lambda u: u.stack.append(u._text(u._counted(1))),
    UNICODE: lambda u: u.stack.append(str(u.readline(), "raw-unicode-escape")),
    SHORT_BINUNICODE: lambda u: u.stack.append(str(u._counted(1), "utf-8", "surrogatepass")),
    BINUNICODE: lambda u: u.stack.append(str(u._counted(4), "utf-8", "surrogatepass")),
    BINUNICODE8: lambda u: u.stack.append(str(u._counted(8), "utf-8", "surrogatepass")),
    SHORT_BINBYTES: lambda u: u.stack.append(u._counted(1)), BINBYTES: lambda u: u.stack.append(u._counted(4)),
    BINBYTES8: lambda u: u.stack.append(u._counted(8)), BYTEARRAY8: lambda u: u.stack.append(bytearray(u._counted(8))),
    NEXT_BUFFER: Unpickler._next_buffer, READONLY_BUFFER: Unpickler._readonly_buffer,
    EMPTY_TUPLE: lambda u: u.stack.append(()), TUPLE1: lambda u: u._tuple(1), TUPLE2: lambda u: u._tuple(2), TUPLE3: lambda u: u._tuple(3),
    TUPLE: lambda u: (lambda items: u.stack.append(tuple(items)))(u._pop_mark()),
    LIST: lambda u: (lambda items: u.stack.append(items))(u._pop_mark()),
    FROZENSET: lambda u: (lambda items: u.stack.append(frozenset(items)))(u._pop_mark()),
    EMPTY_LIST: lambda u: u.stack.append([]), EMPTY_DICT: lambda u: u.stack.append({}), EMPTY_SET: lambda u: u.stack.append(set()),
    DICT: Unpickler._dict, APPEND: Unpickler._append, APPENDS: Unpickler._appends, SETITEM: Unpickler._setitem, SETITEMS: Unpickler._setitems,
    ADDITEMS: Unpickler._additems, INST: Unpickler._inst, OBJ: Unpickler._obj, NEWOBJ: Unpickler._newobj, NEWOBJ_EX: Unpickler._newobj_ex,
    GLOBAL: Unpickler._global, STACK_GLOBAL: Unpickler._stack_global, REDUCE: Unpickler._reduce, BUILD: Unpickler._build,
    EXT1: lambda u: u._extension(u._number(1)), EXT2: lambda u: u._extension(u._number(2)), EXT4: lambda u: u._extension(u._number(4, True)),
    PUT: lambda u: u._remember(int(u.readline())), BINPUT: lambda u: u._remember(u.read(1)[0]), LONG_BINPUT: lambda u: u._remember(u._number(4)),
    MEMOIZE: lambda u: u._remember(len(u.memo)),
    GET: lambda u: u._recall(int(u.readline())), BINGET: lambda u: u._recall(u.read(1)[0]), LONG_BINGET: lambda u: u._recall(u._number(4)),
    PERSID: lambda u: u.stack.append(u.persistent_load(u._ascii_id())),
    BINPERSID: lambda u: u.stack.append(u.persistent_load(u.stack.pop())),
}
_LOADERS = {key[0]: loader for key, loader in _LOADERS.items()}
Pickler.dispatch[_EllipsisType] = Pickler.dispatch[_NotImplementedType] = Pickler.save_singleton


class _Chunks:
    """A file to write to that is only memory."""

    def __init__(self):
        self.parts = []
        self.write = self.parts.append


class _Memory:
    """A file to read from that is only memory."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def read(self, n):
        data = self.data[self.at:self.at + n]
        self.at += len(data)
        return data

    def readline(self):
        end = self.data.find(b"\n", self.at) + 1
        return self.read((end or len(self.data)) - self.at)


def dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None):
    """Write a pickle of obj to file."""
    Pickler(file, protocol, fix_imports=fix_imports, buffer_callback=buffer_callback).dump(obj)


def dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None):
    """A pickle of obj, as bytes."""
    chunks = _Chunks()
    Pickler(chunks, protocol, fix_imports=fix_imports, buffer_callback=buffer_callback).dump(obj)
    return b"".join(chunks.parts)


def load(file, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=None):
    """The object of the next pickle in file."""
    return Unpickler(file, fix_imports=fix_imports, encoding=encoding, errors=errors, buffers=buffers).load()


def loads(data, /, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=None):
    """The object of a pickle."""
    if isinstance(data, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    return Unpickler(_Memory(data if type(data) is bytes else bytes(data)), fix_imports=fix_imports, encoding=encoding, errors=errors, buffers=buffers).load()


_Pickler, _Unpickler = Pickler, Unpickler
_dump, _dumps, _load, _loads = dump, dumps, load, loads
# In a class body these do not become methods, as functions written in C do not.
dump, dumps, load, loads = map(staticmethod, (dump, dumps, load, loads))


def _save_static(pickler, obj):
    if obj not in (dump, dumps, load, loads):
        raise TypeError("cannot pickle 'staticmethod' object")
    pickler.save_global(obj)


Pickler.dispatch[staticmethod] = _save_static
