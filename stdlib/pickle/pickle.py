# SPDX-License-Identifier: MIT
"""Objects as bytes, and back.

A pickle is a program for a machine with a stack and a memo of objects seen before. The Pickler writes the program that
builds an object, the Unpickler runs it. From protocol 4 on the program is cut into frames of about 64 KiB.
What is common is done by the classes Writer and Reader of C; here is what is rare, and what programs may override.
"""
import sys
from _picklecore import PickleBuffer, Reader as _Reader, Writer as _Writer, use_error as _use_error
from copyreg import dispatch_table, _extension_registry, _inverted_registry, _extension_cache

__all__ = ["PickleError", "PicklingError", "UnpicklingError", "Pickler", "Unpickler", "dump", "dumps", "load", "loads", "PickleBuffer"]

format_version = "4.0"
compatible_formats = ["1.0", "1.1", "1.2", "1.3", "2.0", "3.0", "4.0", "5.0"]
HIGHEST_PROTOCOL = 5
DEFAULT_PROTOCOL = 4
bytes_types = (bytes, bytearray)
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


_use_error(UnpicklingError)


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


class _Memo:
    """The memo of a Pickler or an Unpickler, as programs see it."""

    def __init__(self, owner):
        self._owner = owner

    def clear(self):
        """Forget everything."""
        self._owner.clear_memo()

    def copy(self):
        """A dict: of a Pickler id -> (number, object), of an Unpickler number -> object."""
        return self._owner.memo_items()

    def __reduce__(self):
        return dict, (self.copy(),)


def _memo_entries(value, proxy):
    """The dict in what a program sets as a memo."""
    entries = value.copy() if isinstance(value, _Memo) else value
    if not isinstance(entries, dict):
        raise TypeError(f"'memo' attribute must be {proxy} object or dict, not {type(value).__name__}")
    return entries


class Pickler(_Writer):
    """Writes pickles to a file."""

    def __init__(self, file, protocol=None, *, fix_imports=True, buffer_callback=None):
        try:
            write = file.write
        except AttributeError:
            raise TypeError("file must have a 'write' attribute") from None
        self._begin(write, protocol, fix_imports, buffer_callback)

    def _begin(self, write, protocol, fix_imports, buffer_callback):
        if protocol is None:
            protocol = DEFAULT_PROTOCOL
        if protocol < 0:
            protocol = HIGHEST_PROTOCOL
        elif protocol > HIGHEST_PROTOCOL:
            raise ValueError(f"pickle protocol must be <= {HIGHEST_PROTOCOL}")
        if buffer_callback is not None and protocol < 5:
            raise ValueError("buffer_callback needs protocol >= 5")
        self._buffer_callback = buffer_callback
        self.fix_imports = fix_imports and protocol < 3
        self.start(write, protocol)

    @property
    def memo(self):
        return _Memo(self)

    @memo.setter
    def memo(self, value):
        entries = _memo_entries(value, "a PicklerMemoProxy")
        for entry in entries.values():
            if not isinstance(entry, tuple) or len(entry) != 2:
                raise TypeError("'memo' values must be 2-item tuples")
        self.clear_memo()
        for number, obj in entries.values():
            self.memo_put(obj, number)

    def dump(self, obj):
        """Write a pickle of obj."""
        if not self.started:
            raise PicklingError(f"Pickler.__init__() was not called by {type(self).__name__}.__init__()")
        self.write_pickle(obj)

    # What Writer hands back
    def save_other(self, obj):
        """Write an object that is no plain container: a class that has its own way, an old protocol, one that `dispatch_table` knows."""
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
        self.save_reduced(obj, reduced)

    def save_reduced(self, obj, reduced):
        """Write an object by what its __reduce_ex__ gave."""
        if isinstance(reduced, str):
            return self.save_global(obj, reduced)
        if not isinstance(reduced, tuple):
            raise PicklingError("__reduce__ must return a string or tuple")
        if not 2 <= len(reduced) <= 6:
            raise PicklingError("tuple returned by __reduce__ must contain 2 through 6 elements")
        self.save_reduce(*reduced, obj=obj)

    def save_persistent(self, pid):
        """Write the name under which the reader finds an object."""
        if self.bin:
            self.save(pid, False)
            self.write(BINPERSID)
            return
        try:
            self.write(PERSID + str(pid).encode("ascii") + b"\n")
        except UnicodeEncodeError:
            raise PicklingError("persistent IDs in protocol 0 must be ASCII strings") from None

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
            number = self.known(obj)
            if number is not None:        # its arguments contain it
                self.write(POP)
                self.put_get(number)
            else:
                self.memoize(obj)
        if listitems is not None:
            self.batch(listitems, False)
        if dictitems is not None:
            self.batch(dictitems, True)
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
            self.write_large(BINBYTES8 + n.to_bytes(8, "little"), obj)
        elif n > 0xffffffff:
            raise OverflowError("serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher")
        else:
            self.write_large(BINBYTES + n.to_bytes(4, "little"), obj)
        self.memoize(obj)
    dispatch[bytes] = save_bytes

    def save_bytearray(self, obj):
        if self.proto < 5:
            self.save_reduce(bytearray, (bytes(obj),) if obj else (), obj=obj)
            return
        self.write_large(BYTEARRAY8 + len(obj).to_bytes(8, "little"), bytes(obj))
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
                self.write_large(BINUNICODE8 + n.to_bytes(8, "little"), data)
            elif n > 0xffffffff:
                raise OverflowError("serializing a string larger than 4 GiB requires pickle protocol 4 or higher")
            else:
                self.write_large(BINUNICODE + n.to_bytes(4, "little"), data)
        self.memoize(obj)
    dispatch[str] = save_str

    def save_tuple(self, obj):
        if not obj:
            return self.write(EMPTY_TUPLE if self.bin else MARK + TUPLE)
        n = len(obj)
        self.write(MARK)
        for item in obj:
            self.save(item)
        number = self.known(obj)
        if number is not None:          # it contains itself: what was put on the stack is taken off again
            self.write(POP_MARK if self.bin else POP * (n + 1))
            return self.put_get(number)
        self.write(TUPLE)
        self.memoize(obj)
    dispatch[tuple] = save_tuple

    def save_list(self, obj):
        self.write(EMPTY_LIST if self.bin else MARK + LIST)
        self.memoize(obj)
        self.batch(obj, False)
    dispatch[list] = save_list

    def save_dict(self, obj):
        self.write(EMPTY_DICT if self.bin else MARK + DICT)
        self.memoize(obj)
        self.batch(obj, True)
    dispatch[dict] = save_dict

    # These two have instructions of their own from protocol 4 on, which Writer knows.
    def save_set(self, obj):
        self.save_reduce(set, (list(obj),), obj=obj)
    dispatch[set] = save_set

    def save_frozenset(self, obj):
        self.save_reduce(frozenset, (list(obj),), obj=obj)
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


class Unpickler(_Reader):
    """Reads pickles from a file."""

    def __init__(self, file, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=None):
        if not hasattr(file, "read") or not hasattr(file, "readline"):
            raise TypeError("file must have 'read' and 'readline' attributes")
        self._begin(None, file.read, file.readline, fix_imports, encoding, errors, buffers)

    def _begin(self, data, read, readline, fix_imports, encoding, errors, buffers):
        self._buffers = iter(buffers) if buffers is not None else None
        self.encoding = encoding
        self.errors = errors
        self.fix_imports = fix_imports
        self.start(data, read, readline)

    @property
    def memo(self):
        return _Memo(self)

    @memo.setter
    def memo(self, value):
        entries = _memo_entries(value, "an UnpicklerMemoProxy")
        if not all(isinstance(number, int) for number in entries):
            raise TypeError("memo key must be integers")
        if any(number < 0 for number in entries):
            raise ValueError("memo key must be positive integers.")
        self.clear_memo()
        for number, obj in entries.items():
            self.memo_put(number, obj)

    def load(self):
        """Read one pickle: the object in it."""
        if not hasattr(self, "_buffers"):
            raise UnpicklingError(f"Unpickler.__init__() was not called by {type(self).__name__}.__init__()")
        return self.read_pickle()

    def persistent_load(self, pid):
        """The object that a persistent_id() of the writer names."""
        raise UnpicklingError("A load persistent id instruction was encountered,\nbut no persistent_load function was specified.")

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

    # What Reader hands back
    def from_line(self, op, line):
        """The value of an instruction whose operand is a line of text."""
        return self._LINES[op](self, line)

    def _int(self, line):
        if line in (b"00", b"01"):
            return line == b"01"
        try:
            return int(line, 0)
        except ValueError:
            raise ValueError("could not convert string to int") from None

    def _long(self, line):
        return int(line[:-1] if line[-1:] == b"L" else line, 0)

    def _string(self, line):
        if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b'"', b"'"):
            raise UnpicklingError("the STRING opcode argument must be quoted")
        from _codecs import escape_decode
        return self._text(escape_decode(line[1:-1])[0])

    def _persistent(self, line):
        try:
            pid = line.decode("ascii")
        except UnicodeDecodeError:
            raise UnpicklingError("persistent IDs in protocol 0 must be ASCII strings") from None
        return self.persistent_load(pid)

    def _index(self, line):
        number = int(line)
        if number < 0:
            raise ValueError("negative PUT argument")
        return number

    _LINES = {
        INT[0]: _int, LONG[0]: _long, FLOAT[0]: lambda self, line: float(line), STRING[0]: _string, PERSID[0]: _persistent, PUT[0]: _index,
        GET[0]: _index, UNICODE[0]: lambda self, line: str(line, "raw-unicode-escape"),
    }

    def from_item(self, op, item):
        """The value of a rare instruction, from its operand."""
        if op == BINSTRING[0]:
            return self._text(item)
        if op == EXT1[0]:
            return self._extension(item)
        if op == NEWOBJ_EX[0]:
            cls, args, kwargs = item
            return cls.__new__(cls, *args, **kwargs)
        view = memoryview(item)           # READONLY_BUFFER
        return item if view.readonly else view.toreadonly()

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
        return obj

    def instantiate(self, cls, args):
        """What the oldest protocols call an instance."""
        if args or not isinstance(cls, type) or hasattr(cls, "__getinitargs__"):
            return cls(*args)
        return cls.__new__(cls)

    def next_buffer(self):
        """The next of the buffers that travel beside the pickle."""
        if self._buffers is None:
            raise UnpicklingError("pickle stream refers to out-of-band data but no *buffers* argument was given")
        try:
            return next(self._buffers)
        except StopIteration:
            raise UnpicklingError("not enough out-of-band buffers") from None

    def set_state(self, target, state):
        """Give an object its attributes: a dict, or a pair of the dict and what stands in slots."""
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


Pickler.dispatch[_EllipsisType] = Pickler.dispatch[_NotImplementedType] = Pickler.save_singleton


def dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None):
    """Write a pickle of obj to file."""
    Pickler(file, protocol, fix_imports=fix_imports, buffer_callback=buffer_callback).dump(obj)


def dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None):
    """A pickle of obj, as bytes."""
    pickler = Pickler.__new__(Pickler)
    pickler._begin(None, protocol, fix_imports, buffer_callback)
    return pickler.write_pickle(obj)


def load(file, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=None):
    """The object of the next pickle in file."""
    return Unpickler(file, fix_imports=fix_imports, encoding=encoding, errors=errors, buffers=buffers).load()


def loads(data, /, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=None):
    """The object of a pickle."""
    if isinstance(data, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    unpickler = Unpickler.__new__(Unpickler)
    unpickler._begin(data if type(data) is bytes else bytes(data), None, None, fix_imports, encoding, errors, buffers)
    return unpickler.read_pickle()


_Pickler, _Unpickler = Pickler, Unpickler
_dump, _dumps, _load, _loads = dump, dumps, load, loads
# In a class body these do not become methods, as functions written in C do not.
dump, dumps, load, loads = map(staticmethod, (dump, dumps, load, loads))


def _save_static(pickler, obj):
    if obj not in (dump, dumps, load, loads):
        raise TypeError("cannot pickle 'staticmethod' object")
    pickler.save_global(obj)


Pickler.dispatch[staticmethod] = _save_static
