# SPDX-License-Identifier: MIT
"""Calling C from Python: C's types as classes, libraries whose functions are attributes.

A C object is a place in a block of memory (`_block`, `_offset`); what it points into is kept alive in `_kept`. A call through CDLL lets
go of the GIL, one through PyDLL keeps it.
"""
import _ctypes
import sys as _sys
from _ctypes import Block as _Block, get_errno, set_errno, RTLD_GLOBAL, RTLD_LOCAL

# wintypes and the tests are the host's
if _sys._stdlib_dir:
    __path__.append(_sys._stdlib_dir + "/ctypes")

__version__ = "1.1.0"
DEFAULT_MODE = RTLD_LOCAL


class ArgumentError(Exception):
    """An argument of a call does not fit its parameter."""


# ---- What all C types have in common
_new = _ctypes._CData.__new__


class _CType(type):
    """The class of C types: `T * n` is an array type; where instances come from."""

    def __mul__(cls, length):
        return _array_type(cls, length)

    __rmul__ = __mul__

    def from_address(cls, address):
        """The object of this type that stands at an address."""
        return cls._at(_Block(cls._size_, address), 0)

    def from_buffer(cls, source, offset=0):
        """An object that shares the memory of a writable buffer."""
        return cls._over(source, offset, True)

    def from_buffer_copy(cls, source, offset=0):
        """An object with a copy of a buffer's bytes."""
        shared = cls._over(source, offset, False)
        fresh = _Block(cls._size_)
        fresh.write(0, shared._bytes())
        return cls._at(fresh, 0)

    def _over(cls, source, offset, writable):
        if "_abstract_" in cls.__dict__:
            raise TypeError("abstract class")
        shared = _ctypes.share(source, writable)
        if offset < 0:
            raise ValueError("offset cannot be negative")
        if offset + cls._size_ > shared.size:
            raise ValueError(f"Buffer size too small ({shared.size} instead of at least {offset + cls._size_} bytes)")
        return cls._at(shared, offset, {-1: memoryview(source)} if writable else None)

    def in_dll(cls, library, name):
        """The variable of this type that a library exports."""
        try:
            return cls.from_address(_ctypes.dlsym(library._handle, name))
        except AttributeError as error:
            raise ValueError(str(error)) from None

    def from_param(cls, value):
        """What is passed when `value` is given for a parameter of this type."""
        return cls._from_param(value)


class _CData(_ctypes._CData, metaclass=_CType):
    """A C object."""
    __slots__ = ("_block", "_offset", "_kept", "_resized")
    _size_ = _align_ = 0
    _abstract_ = True                        # in the class itself: there are objects only of classes derived from it

    @classmethod
    def _at(cls, block, offset, kept=None):
        self = _new(cls)
        self._block, self._offset, self._kept = block, offset, kept
        return self

    def _allocate(self):
        if "_abstract_" in type(self).__dict__:
            raise TypeError("abstract class")
        self._block, self._offset, self._kept = _Block(type(self)._size_), 0, None

    def __getattr__(self, name):
        if name in ("_block", "_offset", "_kept"):          # of a class whose __init__ does not call ours
            self._allocate()
            return getattr(self, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    # As a buffer: the format of an item, as struct writes it, its size, and how many there are
    @classmethod
    def _format(cls):
        return "X{}"

    @classmethod
    def _shape(cls):
        return cls._format(), cls._size_, ()

    def _shown(self):
        if getattr(self, "_resized", False):
            return self._block, 0, "B", 1, (self._block.size,)
        return self._block, self._offset, *self._shape()

    @property
    def _b_base_(self):
        return None

    @property
    def _objects(self):
        return self._kept

    @classmethod
    def _from_param(cls, value):
        if isinstance(value, cls):
            return value
        if hasattr(value, "_as_parameter_"):
            return cls._from_param(value._as_parameter_)
        raise TypeError(f"expected {cls.__name__} instance instead of {type(value).__name__}")

    def _address(self):
        return self._block.address + self._offset

    def _bytes(self):
        return self._block.read(self._offset, type(self)._size_)

    def _keep(self, key, thing):
        if thing is not None:
            if self._kept is None:
                self._kept = {}
            self._kept[key] = thing

    # How an object of the type is read from, and stored into, a place that holds one: fields, items, results.
    @classmethod
    def _load(cls, block, offset, owner):
        return cls._at(block, offset, owner)

    @classmethod
    def _store(cls, block, offset, value):
        if not isinstance(value, cls):
            if isinstance(value, tuple):
                try:
                    value = cls(*value)
                except Exception as error:
                    raise RuntimeError(f"({cls.__name__}) {type(error).__name__}: {error}") from None
            else:
                raise TypeError(f"expected {cls.__name__} instance, got {type(value).__name__}")
        block.write(offset, value._bytes())
        return value

    @classmethod
    def _argument(cls, value):
        """(code, C value, what to keep) of an argument of this type."""
        return cls._code(), value._pass(), value

    @classmethod
    def _code(cls):
        raise TypeError(f"{cls.__name__} cannot be passed by value")

    @classmethod
    def _points(cls):
        """Whether an object of the type holds addresses, which mean nothing elsewhere."""
        return True

    def __reduce__(self):
        if self._points():
            raise ValueError("ctypes objects containing pointers cannot be pickled")
        return _unpickle, (type(self), (self.__dict__, self._bytes()))

    def __setstate__(self, state):
        own, data = state
        self.__dict__.update(own)
        self._block.write(self._offset, data)


def _unpickle(ctype, state):
    self = ctype.__new__(ctype)
    self._allocate()
    self.__setstate__(state)
    return self


_unpickle.__module__ = "_ctypes"


def _cannot_delete(self):
    raise TypeError("can't delete attribute")


# ---- Simple types
class _SimpleCData(_CData):
    """A number, a character or a simple pointer; `_type_` is its code."""
    _abstract_ = True
    _swapped_ = False                         # the bytes are in the other order

    @classmethod
    def _format(cls):
        return (">" if cls._swapped_ else "<") + {"l": "q", "L": "Q"}.get(cls._type_, cls._type_)        # of standard size

    @classmethod
    def _points(cls):
        return cls._type_ in "zZPO"

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "_type_" in cls.__dict__:
            cls._size_ = cls._align_ = _ctypes.sizeof_code(cls._type_)
            cls._plain_ = True
        else:
            cls._plain_ = False               # a subclass keeps its class where the plain type would give a Python value

    def __init__(self, *value):
        self._allocate()
        if value:
            (self.value,) = value

    @property
    def value(self):
        return self._read(self._block, self._offset)

    @value.setter
    def value(self, value):
        self._keep("value", self._write(self._block, self._offset, value))

    value = value.deleter(_cannot_delete)

    @classmethod
    def _read(cls, block, offset):
        return block.get(cls._type_, offset)

    @classmethod
    def _write(cls, block, offset, value):
        block.set(cls._type_, offset, value)

    @classmethod
    def _load(cls, block, offset, owner):
        return cls._read(block, offset) if cls._plain_ else cls._at(block, offset, owner)

    @classmethod
    def _store(cls, block, offset, value):
        if isinstance(value, cls):
            block.write(offset, value._bytes())
            return value._kept
        return cls._write(block, offset, value)

    @classmethod
    def _from_param(cls, value):
        if isinstance(value, cls):
            return value
        if hasattr(value, "_as_parameter_"):
            return cls._from_param(value._as_parameter_)
        try:
            return cls(value)
        except TypeError:
            raise TypeError("wrong type") from None

    @classmethod
    def _code(cls):
        return "P" if cls._type_ in "zZ" else cls._type_

    def _pass(self):
        return self._block.get(self._code(), self._offset)

    def __bool__(self):
        return bool(self.value)

    def __repr__(self):
        if type(self)._plain_:
            return f"{type(self).__name__}({self.value!r})"
        return f"<{type(self).__name__} object at {id(self):#x}>"

    def __ctypes_from_outparam__(self):
        return self.value if type(self)._plain_ else self


def _simple(name, code, doc):
    return _CType(name, (_SimpleCData,), {"_type_": code, "__doc__": doc, "__module__": "ctypes"})


c_byte, c_ubyte = _simple("c_byte", "b", "signed char"), _simple("c_ubyte", "B", "unsigned char")
c_short, c_ushort = _simple("c_short", "h", "short"), _simple("c_ushort", "H", "unsigned short")
c_int, c_uint = _simple("c_int", "i", "int"), _simple("c_uint", "I", "unsigned int")
c_long, c_ulong = _simple("c_long", "l", "long"), _simple("c_ulong", "L", "unsigned long")
c_longlong, c_ulonglong = c_long, c_ulong
c_float, c_double, c_longdouble = _simple("c_float", "f", "float"), _simple("c_double", "d", "double"), _simple("c_longdouble", "g", "long double")
c_char, c_wchar, c_bool = _simple("c_char", "c", "char"), _simple("c_wchar", "u", "wchar_t"), _simple("c_bool", "?", "_Bool")
py_object = _simple("py_object", "O", "PyObject *")
c_int8, c_uint8, c_int16, c_uint16, c_int32, c_uint32, c_int64, c_uint64 = c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint, c_long, c_ulong
c_size_t, c_ssize_t, c_time_t = c_ulong, c_long, c_long


def _char_write(cls, block, offset, value):
    if isinstance(value, (bytes, bytearray)) and len(value) == 1:
        value = bytes(value)
    elif not (isinstance(value, int) and 0 <= value < 256):
        raise TypeError("one character bytes, bytearray or integer expected")
    block.set("c", offset, value)


def _wchar_write(cls, block, offset, value):
    if not isinstance(value, str):
        raise TypeError(f"unicode string expected instead of {type(value).__name__} instance")
    if len(value) != 1:
        raise TypeError("one character unicode string expected")
    block.set("u", offset, value)


def _integer_write(cls, block, offset, value):
    if isinstance(value, float) or not hasattr(type(value), "__index__"):
        raise TypeError(f"{type(value).__name__!r} object cannot be interpreted as an integer" if not isinstance(value, float) else "int expected instead of float instance")
    block.set(cls._type_, offset, value)


def _float_write(cls, block, offset, value):
    if isinstance(value, (str, bytes)) or not (hasattr(type(value), "__float__") or hasattr(type(value), "__index__")):
        raise TypeError(f"must be real number, not {type(value).__name__}")
    block.set(cls._type_, offset, value)


def _object_write(cls, block, offset, value):
    block.set("O", offset, value)
    return value


c_char._write, c_wchar._write, py_object._write = map(classmethod, (_char_write, _wchar_write, _object_write))
for _type in (c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint, c_long, c_ulong):
    _type._write = classmethod(_integer_write)
for _type in (c_float, c_double, c_longdouble):
    _type._write = classmethod(_float_write)


def _other_order(ctype):
    """The type whose bytes stand the other way round."""

    class Swapped(ctype):
        _type_ = ctype._type_
        _swapped_ = True

        @classmethod
        def _read(cls, block, offset):
            turned = _Block(cls._size_)
            turned.write(0, block.read(offset, cls._size_)[::-1])
            return ctype._read(turned, 0)

        @classmethod
        def _write(cls, block, offset, value):
            turned = _Block(cls._size_)
            ctype._write(turned, 0, value)
            block.write(offset, turned.read(0, cls._size_)[::-1])

        @classmethod
        def _code(cls):
            raise TypeError(f"{cls.__name__} of the other byte order cannot be passed by value")

    Swapped.__name__, Swapped.__qualname__, Swapped.__module__ = ctype.__name__, ctype.__qualname__, ctype.__module__
    return Swapped


for _type in (c_byte, c_ubyte, c_char, c_bool):
    _type.__ctype_le__ = _type.__ctype_be__ = _type
for _type in (c_short, c_ushort, c_int, c_uint, c_long, c_ulong, c_float, c_double):
    _swapped = _other_order(_type)
    _type.__ctype_le__ = _swapped.__ctype_le__ = _type
    _type.__ctype_be__ = _swapped.__ctype_be__ = _swapped


class c_void_p(_SimpleCData):
    """void *: an address as an int, None for NULL."""
    _type_ = "P"

    @classmethod
    def _read(cls, block, offset):
        return block.get("P", offset) or None

    @classmethod
    def _write(cls, block, offset, value):
        if value is not None and not isinstance(value, int):
            raise TypeError("cannot be converted to pointer")
        block.set("P", offset, value or 0)

    @classmethod
    def _from_param(cls, value):
        if value is None or isinstance(value, int):
            return cls(value)
        if isinstance(value, (bytes, str)):
            return (c_char_p if isinstance(value, bytes) else c_wchar_p)(value)
        if isinstance(value, (_Pointer, Array, _FunctionPointer, _Reference, c_void_p, c_char_p, c_wchar_p)):
            return value
        if hasattr(value, "_as_parameter_"):
            return cls._from_param(value._as_parameter_)
        raise TypeError("wrong type")


c_voidp = c_void_p


class c_char_p(_SimpleCData):
    """char *: bytes up to the first NUL, None for NULL."""
    _type_ = "z"

    @classmethod
    def _read(cls, block, offset):
        address = block.get("P", offset)
        return _ctypes.string_at(address) if address else None

    @classmethod
    def _write(cls, block, offset, value):
        if value is None or isinstance(value, int):
            block.set("P", offset, value or 0)
            return None
        if not isinstance(value, bytes):
            raise TypeError(f"bytes or integer address expected instead of {type(value).__name__} instance")
        text = _Block(len(value) + 1)
        text.write(0, value)
        block.set("P", offset, text.address)
        return text

    @classmethod
    def _from_param(cls, value):
        if value is None or isinstance(value, bytes):
            return cls(value)
        if isinstance(value, cls) or (isinstance(value, (Array, _Pointer)) and value._type_ in (c_char, c_byte, c_ubyte)) or (isinstance(value, _Reference) and isinstance(value._obj, (c_char, c_byte, c_ubyte))):
            return value
        if hasattr(value, "_as_parameter_"):
            return cls._from_param(value._as_parameter_)
        raise TypeError("wrong type")


class c_wchar_p(_SimpleCData):
    """wchar_t *: str up to the first NUL, None for NULL."""
    _type_ = "Z"

    @classmethod
    def _read(cls, block, offset):
        address = block.get("P", offset)
        return _ctypes.wstring_at(address) if address else None

    @classmethod
    def _write(cls, block, offset, value):
        if value is None or isinstance(value, int):
            block.set("P", offset, value or 0)
            return None
        if not isinstance(value, str):
            raise TypeError(f"unicode string or integer address expected instead of {type(value).__name__} instance")
        text = _Block(4 * (len(value) + 1))
        text.write(0, value.encode("utf-32-le", "surrogatepass"))
        block.set("P", offset, text.address)
        return text

    @classmethod
    def _from_param(cls, value):
        if value is None or isinstance(value, str):
            return cls(value)
        if isinstance(value, cls) or (isinstance(value, (Array, _Pointer)) and value._type_ is c_wchar) or (isinstance(value, _Reference) and isinstance(value._obj, c_wchar)):
            return value
        if hasattr(value, "_as_parameter_"):
            return cls._from_param(value._as_parameter_)
        raise TypeError("wrong type")


# ---- Arrays
class _ArrayType(_CType):
    """The class of array types."""


class Array(_CData, metaclass=_ArrayType):
    """A C array: `_type_` and `_length_`."""
    _abstract_ = True
    __class_getitem__ = classmethod(type(list[int]))

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        item, length = getattr(cls, "_type_", None), getattr(cls, "_length_", None)
        if length is None:
            raise AttributeError("class must define a '_length_' attribute")
        if not isinstance(length, int):
            raise TypeError("The '_length_' attribute must be an integer")
        if length < 0:
            raise ValueError("The '_length_' attribute must not be negative")
        if length >> 63:
            raise OverflowError("The '_length_' attribute is too large")
        if item is None:
            raise AttributeError("class must define a '_type_' attribute")
        if not isinstance(item, _CType):
            raise TypeError("_type_ must have storage info")
        cls._size_, cls._align_ = item._size_ * length, item._align_
        if cls._size_ >> 63:
            raise OverflowError("array too large")
        if item is c_char:
            cls.value = property(lambda self: self._bytes().split(b"\0", 1)[0], _set_bytes, _cannot_delete)
            cls.raw = property(lambda self: self._bytes(), _set_raw)
        elif item is c_wchar:
            cls.value = property(lambda self: "".join(self[:]).split("\0", 1)[0], _set_text, _cannot_delete)

    @classmethod
    def _shape(cls):
        form, size, shape = cls._type_._shape()
        return form, size, (cls._length_, *shape)

    @classmethod
    def _format(cls):
        form, _, shape = cls._shape()
        return f"({','.join(map(str, shape))}){form}"

    @classmethod
    def _points(cls):
        return cls._type_._points()

    @classmethod
    def _code(cls):
        return "P"                            # as in C, what is passed is where it is

    def __init__(self, *items):
        self._allocate()
        if len(items) > self._length_:
            raise IndexError("invalid index")
        for i, item in enumerate(items):
            self[i] = item

    def __len__(self):
        return self._length_

    def _place(self, index):
        if index < 0:
            index += self._length_
        if not 0 <= index < self._length_:
            raise IndexError("invalid index")
        return self._offset + index * self._type_._size_

    def __getitem__(self, index):
        if isinstance(index, slice):
            items = [self[i] for i in range(*index.indices(self._length_))]
            return b"".join(items) if self._type_ is c_char else "".join(items) if self._type_ is c_wchar else items
        return self._type_._load(self._block, self._place(index.__index__()), self)

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            places = range(*index.indices(self._length_))
            if len(places) != len(value):
                raise ValueError("Can only assign sequence of same size")
            for i, item in zip(places, value):
                self[i] = item
            return
        index = index.__index__()
        self._keep(str(index), self._type_._store(self._block, self._place(index), value))

    def __iter__(self):
        return (self[i] for i in range(self._length_))

    def _pass(self):
        return self._address()

    @classmethod
    def _argument(cls, value):
        return "P", value._address(), value

    @classmethod
    def _from_param(cls, value):
        if isinstance(value, cls):
            return value
        if isinstance(value, tuple):
            return cls(*value)
        return super()._from_param(value)

    @classmethod
    def _store(cls, block, offset, value):
        if cls._type_ is c_char and not isinstance(value, cls):
            if not isinstance(value, bytes):
                raise TypeError(f"expected bytes, {type(value).__name__} found")
            cls._at(block, offset).value = value.split(b"\0", 1)[0]
            return None
        if cls._type_ is c_wchar and isinstance(value, str):
            cls._at(block, offset).value = value
            return None
        return super()._store(block, offset, value)

    @classmethod
    def _load(cls, block, offset, owner):
        array = cls._at(block, offset, owner)
        return array.value if cls._type_ in (c_char, c_wchar) and isinstance(owner, Structure) else array


def _set_bytes(self, value):
    if not isinstance(value, bytes):
        raise TypeError(f"bytes expected instead of {type(value).__name__} instance")
    if len(value) > self._length_:
        raise ValueError("byte string too long")
    self._block.write(self._offset, value + b"\0" * (len(value) < self._length_))


def _set_raw(self, value):
    value = memoryview(value).cast("B") if value is not None and not isinstance(value, bytes) else value
    if len(value) > self._length_:
        raise ValueError("byte string too long")
    self._block.write(self._offset, value)


def _set_text(self, value):
    if len(value) > self._length_:
        raise ValueError("string too long")
    data = (value + "\0" * (len(value) < self._length_)).encode("utf-32-le", "surrogatepass")
    self._block.write(self._offset, data)


_array_types = {}


def _array_type(item, length):
    if not isinstance(length, int):
        raise TypeError(f"can't multiply sequence by non-int of type '{type(length).__name__}'")
    if length < 0:
        raise ValueError(f"Array length must be >= 0, not {length}")
    known = _array_types.get((item, length))
    if known is None:
        known = _array_types[item, length] = _CType(f"{item.__name__}_Array_{length}", (Array,), {"_type_": item, "_length_": length, "__module__": item.__module__})
    return known


ARRAY = _array_type


# ---- Pointers
class _Pointer(_CData):
    """A typed pointer; `_type_` is what it points to."""
    _abstract_ = True
    _size_ = _align_ = 8
    _type_ = None

    def __init__(self, target=None):
        if self._type_ is None:
            raise TypeError("Cannot create instance: has no _type_")
        self._allocate()
        if target is not None:
            self.contents = target

    @classmethod
    def _format(cls):
        return "&" + (f"({','.join(map(str, cls._type_._shape()[2]))})" * bool(cls._type_._shape()[2]) + cls._type_._shape()[0] if cls._type_ else "B")

    @classmethod
    def set_type(cls, target):
        """Complete a type that was made by name."""
        if not isinstance(target, _CType):
            raise TypeError("_type_ must have storage info")
        cls._type_ = target

    @property
    def contents(self):
        """The object pointed to; assigning points elsewhere."""
        address = self._block.get("P", self._offset)
        if not address:
            raise ValueError("NULL pointer access")
        return self._type_._at(_Block(self._type_._size_, address, self), 0, self._kept)

    @contents.setter
    def contents(self, target):
        if not isinstance(target, self._type_):
            raise TypeError(f"expected {self._type_.__name__} instead of {type(target).__name__}")
        self._block.set("P", self._offset, target._address())
        self._keep("contents", target)

    def _target(self, index):
        address = self._block.get("P", self._offset)
        if not address:
            raise ValueError("NULL pointer access")
        return _Block(self._type_._size_, address + index * self._type_._size_, self)

    def __getitem__(self, index):
        if isinstance(index, slice):
            if index.stop is None:
                raise ValueError("slice stop is required")
            if index.start is None and (index.step or 1) < 0:
                raise ValueError("slice start is required for step < 0")
            items = [self[i] for i in range(index.start or 0, index.stop, 1 if index.step is None else index.step)]
            return b"".join(items) if self._type_ is c_char else "".join(items) if self._type_ is c_wchar else items
        return self._type_._load(self._target(index.__index__()), 0, self)

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            raise TypeError("Pointer does not support item assignment by slices")
        self._keep(str(index), self._type_._store(self._target(index.__index__()), 0, value))

    def __bool__(self):
        return self._block.get("P", self._offset) != 0

    def _pass(self):
        return self._block.get("P", self._offset)

    @classmethod
    def _code(cls):
        return "P"

    @classmethod
    def _from_param(cls, value):
        if value is None or isinstance(value, cls):
            return value
        if isinstance(value, _Reference) and isinstance(value._obj, cls._type_):
            return value
        if isinstance(value, (Array, _Pointer)) and issubclass(value._type_, cls._type_):
            return value
        if isinstance(value, cls._type_):
            return _Reference(value, 0)
        if cls._type_ is c_char and isinstance(value, (bytes, c_char_p)) or cls._type_ is c_wchar and isinstance(value, (str, c_wchar_p)):
            return (c_char_p if cls._type_ is c_char else c_wchar_p)._from_param(value)
        if cls._type_ in (c_char, c_wchar) and isinstance(value, (str, bytes)):
            raise TypeError("wrong type")
        return super()._from_param(value)

    @classmethod
    def _store(cls, block, offset, value):
        if value is None:
            block.set("P", offset, 0)
            return None
        if isinstance(value, Array) and value._type_ is cls._type_:
            block.set("P", offset, value._address())
            return value
        if not isinstance(value, cls):
            raise TypeError(f"expected {cls.__name__} instance, got {type(value).__name__}" if not isinstance(value, _Pointer) else
                            f"incompatible types, {type(value).__name__} instance instead of {cls.__name__} instance")
        block.set("P", offset, value._pass())
        return value


_pointer_types = {None: c_void_p}


_pointer_type_cache = _pointer_types


def POINTER(target):
    """The type of pointers to a type."""
    known = _pointer_types.get(target)
    if known is None:
        if isinstance(target, str):
            made = _CType(f"LP_{target}", (_Pointer,), {"_type_": None})
            _pointer_types[id(made)] = made
            return made
        known = _pointer_types[target] = _CType(f"LP_{target.__name__}", (_Pointer,), {"_type_": target})
    return known


def SetPointerType(pointer_type, target):
    """Complete POINTER("name") with its type."""
    pointer_type._type_ = target
    _pointer_types[target] = pointer_type


def pointer(target):
    """A pointer to an object, which it keeps alive."""
    return POINTER(type(target))(target)


class _Reference:
    """byref(): the address of an object, for an argument."""

    def __init__(self, obj, offset):
        self._obj, self._byref_offset = obj, offset

    def _pass(self):
        return self._obj._address() + self._byref_offset

    def __repr__(self):
        return f"<cparam 'P' ({self._pass():#x})>"


def byref(obj, offset=0):
    """A light pointer to an object, to be passed to a function."""
    if not isinstance(obj, _CData):
        raise TypeError(f"byref() argument must be a ctypes instance, not '{type(obj).__name__}'")
    return _Reference(obj, offset)


# ---- Structures and unions
class _FieldType(type):
    """The class of CField, whose own attributes are final."""

    def __setattr__(cls, name, value):
        raise TypeError(f"cannot set {name!r} attribute of immutable type {cls.__name__!r}")


class CField(metaclass=_FieldType):
    """A field of a structure: where it stands."""
    __slots__ = ("_name", "_ctype", "_place", "_bits")
    __module__ = "_ctypes"
    offset = property(lambda self: self._place, doc="bytes from the beginning of the structure")
    size = property(lambda self: self._ctype._size_ if self._bits is None else self._bits[1] << 16 | self._bits[0], doc="its size; of a bit field: bits * 65536 + the first bit")

    def __new__(cls, *args, **kwargs):
        raise TypeError(f"cannot create '_ctypes.{cls.__name__}' instances")

    def __repr__(self):
        if self._bits is not None:
            return f"<Field type={self._ctype.__name__}, ofs={self.offset}:{self._bits[0]}, bits={self._bits[1]}>"
        return f"<Field type={self._ctype.__name__}, ofs={self.offset}, size={self.size}>"

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if not isinstance(instance, _CData):
            raise TypeError("not a ctype instance")
        block, place = instance._block, instance._offset + self._place
        if self._bits is None:
            return self._ctype._load(block, place, instance)
        first, count = self._bits
        value = int.from_bytes(block.read(place, self._ctype._size_), self._order()) >> first & (1 << count) - 1
        signed = self._ctype._type_ in "bhilq" and value >> count - 1
        return value - (1 << count) if signed else bool(value) if self._ctype is c_bool else value

    def __set__(self, instance, value):
        if not isinstance(instance, _CData):
            raise TypeError("not a ctype instance")
        block, place = instance._block, instance._offset + self._place
        if self._bits is None:
            instance._keep(self._name, self._ctype._store(block, place, value))
            return
        first, count = self._bits
        mask = (1 << count) - 1 << first
        old = int.from_bytes(block.read(place, self._ctype._size_), self._order())
        block.write(place, (old & ~mask | int(value) << first & mask).to_bytes(self._ctype._size_, self._order()))

    def __delete__(self, instance):
        raise TypeError("can't delete attribute")

    def _order(self):
        return "big" if self._ctype._swapped_ else "little"


def _field(name, ctype, place, bits=None):
    """bits: (first bit, how many) of a bit field."""
    self = object.__new__(CField)
    self._name, self._ctype, self._place, self._bits = name, ctype, place, bits
    return self


class _StructureType(_CType):
    def __new__(mcls, name, bases, namespace, **kwargs):
        cls = super().__new__(mcls, name, bases, namespace, **kwargs)
        for base in bases:
            if isinstance(base, _StructureType):
                type.__setattr__(base, "_final_", True)
        if "_fields_" in namespace:
            cls._fields_ = namespace["_fields_"]
        return cls

    def __setattr__(cls, name, value):
        if name != "_fields_":
            super().__setattr__(name, value)
            return
        if cls.__dict__.get("_final_"):
            raise AttributeError("_fields_ is final")
        _lay_out(cls, value)
        super().__setattr__(name, value)
        type.__setattr__(cls, "_final_", True)


def _check_field(cls, number, field):
    """(name, type, bits or None) of one of `_fields_`."""
    if not isinstance(field, tuple) or not 2 <= len(field) <= 3 or not isinstance(field[0], str):
        raise TypeError("'_fields_' must be a sequence of (name, C type) pairs")
    name, ctype, *rest = field
    if not isinstance(ctype, _CType):
        raise TypeError(f"second item in _fields_ tuple (index {number}) must be a C type")
    if ctype is cls:
        raise AttributeError("Structure or union cannot contain itself")
    if isinstance(ctype, _StructureType):
        type.__setattr__(ctype, "_final_", True)
    if rest:
        if not isinstance(ctype._type_ if issubclass(ctype, _SimpleCData) else None, str) or ctype._type_ in "cufdgzZPO":
            raise TypeError(f"bit fields not allowed for type {ctype.__name__}")
        if not 0 < rest[0] <= ctype._size_ * 8:
            raise ValueError("number of bits invalid for bit field")
    return name, ctype, rest[0] if rest else None


def _lay_out(cls, fields):
    """Give each field its place, by C's rules (GCC's on Linux), and the type its size and alignment."""
    base = cls.__mro__[1]
    is_union = issubclass(cls, Union)
    offset, alignment, size = (base._size_, max(base._align_, 1), base._size_) if getattr(base, "_laid_out_", False) else (0, 1, 0)
    pack = getattr(cls, "_pack_", None)
    if pack is not None and (not isinstance(pack, int) or not 0 <= pack < 2**31):
        raise ValueError("_pack_ must be a non-negative integer")
    anonymous = _anonymous_names(cls)
    elements = list(getattr(base, "_elements_", ()))
    names = list(getattr(base, "_names_", ()))
    bit_end = None                               # the first free bit behind the last bit field, counted from the beginning
    for number, field in enumerate(fields):
        name, ctype, bits = _check_field(cls, number, field)
        align = min(ctype._align_, pack) if pack else ctype._align_
        alignment = max(alignment, align)
        if bits is not None:
            start = 0 if is_union else offset * 8 if bit_end is None else bit_end
            unit = ctype._size_ * 8
            if start // unit != (start + bits - 1) // unit:
                start = -(-start // unit) * unit
            first = unit - start % unit - bits if ctype._swapped_ else start % unit
            descriptor = _field(name, ctype, start // unit * ctype._size_, (first, bits))
            bit_end = start + bits
            offset = -(-bit_end // 8)
            size = max(size, descriptor.offset + ctype._size_ if is_union else offset)
        else:
            bit_end = None
            place = 0 if is_union else -(-offset // align) * align if align else offset
            descriptor = _field(name, ctype, place)
            offset = place + ctype._size_
            size = max(size, offset)
        type.__setattr__(cls, name, descriptor)
        elements.append(ctype)
        names.append(name)
        if name in anonymous:
            anonymous.remove(name)
            _lift(cls, descriptor)
    if anonymous:
        raise AttributeError(f"type object {cls.__name__!r} has no attribute {anonymous[0]!r}")
    cls._size_ = -(-size // alignment) * alignment
    cls._align_, cls._elements_, cls._names_, cls._laid_out_ = alignment, elements, names, True


def _anonymous_names(cls):
    names = cls.__dict__.get("_anonymous_", ())
    try:
        return list(names)
    except TypeError:
        raise TypeError("_anonymous_ must be a sequence") from None


def _lift(cls, anonymous):
    """The fields of an anonymous field are fields of the whole."""
    if not isinstance(anonymous._ctype, _StructureType):
        raise AttributeError(f"'{anonymous._name}' is specified in _anonymous_ but not in _fields_")
    for name, inner in [*vars(anonymous._ctype).items()]:
        if isinstance(inner, CField):
            type.__setattr__(cls, name, _field(name, inner._ctype, anonymous.offset + inner.offset, inner._bits))


class _Compound(_CData, metaclass=_StructureType):
    _abstract_ = True
    _names_ = ()
    _elements_ = ()

    def _allocate(self):
        super()._allocate()
        if not type(self).__dict__.get("_final_"):
            type.__setattr__(type(self), "_final_", True)

    @classmethod
    def _points(cls):
        return any(element._points() for element in cls._elements_)

    def __init__(self, *values, **named):
        self._allocate()
        if len(values) > len(self._names_):
            raise TypeError("too many initializers")
        for name, value in zip(self._names_, values):
            if name in named:
                raise TypeError(f"duplicate values for field {name!r}")
            setattr(self, name, value)
        for name, value in named.items():
            setattr(self, name, value)

    @classmethod
    def _code(cls):
        if hasattr(cls, "_swappedbytes_"):
            raise TypeError(f"{cls.__name__} of the other byte order cannot be passed by value")
        codes = []
        for element in cls._elements_:
            if issubclass(element, Array):
                codes += [element._type_._code()] * element._length_
            elif issubclass(element, Union):
                raise TypeError(f"item {cls.__name__} is a union, which cannot be passed by value")
            else:
                codes.append(element._code())
        return tuple(codes)

    def _pass(self):
        return _Block(type(self)._size_, self._address(), self)


class Structure(_Compound):
    """A C struct: `_fields_` is a list of (name, type) or (name, type, bits)."""
    _abstract_ = True

    @classmethod
    def _format(cls):
        parts, at = [], 0
        for name in cls._names_:
            field = getattr(cls, name)
            if field._bits is not None:
                return "B"
            parts.append(f"{_padding(field.offset - at)}{field._ctype._format()}:{name}:")
            at = field.offset + field.size
        return f"T{{{''.join(parts)}{_padding(cls._size_ - at)}}}"

    @classmethod
    def _shape(cls):
        form = cls._format()
        return (form, cls._size_, ()) if form != "B" else (form, 1, (cls._size_,))


def _padding(count):
    return "" if count <= 0 else "x" if count == 1 else f"{count}x"


class Union(_Compound):
    """A C union."""
    _abstract_ = True

    @classmethod
    def _format(cls):
        return "B"

    @classmethod
    def _code(cls):
        raise TypeError(f"item in _argtypes_ passes a union by value, which is unsupported: {cls.__name__}")


LittleEndianStructure, LittleEndianUnion = Structure, Union


def _turned(ctype):
    """The type with its bytes in the other order."""
    if hasattr(ctype, "__ctype_be__"):
        return ctype.__ctype_be__
    if isinstance(ctype, _ArrayType):
        return _turned(ctype._type_) * ctype._length_
    if isinstance(ctype, _StructureType):
        return ctype
    raise TypeError(f"This type does not support other endian: {ctype}")


class _TurnedType(_StructureType):
    def __setattr__(cls, name, value):
        if name == "_fields_":
            value = [(field[0], _turned(field[1]), *field[2:]) for field in value]
        super().__setattr__(name, value)


class BigEndianStructure(Structure, metaclass=_TurnedType):
    """A C struct whose numbers have their most significant byte first."""
    __slots__ = ()
    _abstract_ = True
    _swappedbytes_ = None


class BigEndianUnion(Union, metaclass=_TurnedType):
    """A C union whose numbers have their most significant byte first."""
    __slots__ = ()
    _abstract_ = True
    _swappedbytes_ = None


# ---- Functions
class _FunctionPointer(_CData):
    """A C function: in a library, at an address, or a Python function that C can call."""
    _size_ = _align_ = 8
    _abstract_ = True
    _flags_ = 0
    _restype_ = c_int
    _argtypes_ = None
    _arguments = _name = _ways = _checks = None

    def __init__(self, source=None, paramflags=None):
        self._allocate()
        if self._argtypes_ is not None:
            self.argtypes = self._argtypes_
        if paramflags is not None:
            self._ways = _parameter_ways(paramflags, self._argtypes_)
        if source is None:
            return
        if isinstance(source, tuple):
            if len(source) != 2:
                raise TypeError("a function of a library is (name or number, library)")
            name, library = source
            self._name = name
            self._block.set("P", 0, _ctypes.dlsym(library._handle, name))
            self._keep("library", library)
        elif isinstance(source, int):
            self._block.set("P", 0, source)
        elif callable(source):
            self._make_callback(source)
        else:
            raise TypeError("argument must be callable or integer function address")

    def _make_callback(self, function):
        result, parameters = self._restype_, self._argtypes_ or ()
        if result is not None and not (isinstance(result, _CType) and issubclass(result, (_SimpleCData, _Pointer, _FunctionPointer))):
            raise TypeError("invalid result type for callback function")

        def from_c(*values):
            arguments = [_from_c(parameter, value) for parameter, value in zip(parameters, values)]
            answer = function(*arguments)
            if result is None:
                return None
            if isinstance(answer, _CData):
                return answer._pass()
            kept = result(answer) if answer is not None or issubclass(result, (_Pointer, c_void_p, c_char_p)) else None
            if kept is None:
                raise TypeError(f"cannot convert None to {result.__name__}")
            self._keep("result", kept)
            return kept._pass()

        codes = tuple(parameter._code() for parameter in parameters)
        callback = _ctypes.Callback(from_c, "v" if result is None else result._code(), codes, function)
        self._block.set("P", 0, callback.address)
        self._keep("callback", callback)

    @property
    def errcheck(self):
        return self._checks

    @errcheck.setter
    def errcheck(self, function):
        if function is not None and not callable(function):
            raise TypeError("the errcheck attribute must be callable")
        self._checks = function

    @errcheck.deleter
    def errcheck(self):
        self._checks = None

    @property
    def restype(self):
        return self.__dict__.get("_result", self._restype_)

    @restype.setter
    def restype(self, restype):
        if restype is not None and not isinstance(restype, _CType) and not callable(restype):
            raise TypeError("restype must be a type, a callable, or None")
        self._result = restype

    @restype.deleter
    def restype(self):
        self.__dict__.pop("_result", None)

    @property
    def argtypes(self):
        return self._arguments

    @argtypes.setter
    def argtypes(self, types):
        if types is not None:
            types = tuple(types)
            for i, parameter in enumerate(types):
                if not hasattr(parameter, "from_param"):
                    raise TypeError(f"item {i + 1} in _argtypes_ has no from_param method")
        self._arguments = types

    @argtypes.deleter
    def argtypes(self):
        self._arguments = None

    @property
    def __name__(self):
        return self._name or type(self).__name__

    def __bool__(self):
        return self._pass() != 0

    def _pass(self):
        return self._block.get("P", self._offset)

    @classmethod
    def _code(cls):
        return "P"

    @classmethod
    def _from_param(cls, value):
        if value is None:
            return cls()
        return super()._from_param(value)

    def __call__(self, *arguments, **named):
        parameters, outs = self._arguments, None
        if self._ways is not None:
            arguments, outs = self._fill_in(arguments, named)
        elif named:
            raise TypeError(f"{type(self).__name__}() takes no keyword arguments")
        if parameters is not None and len(arguments) < len(parameters):
            raise TypeError(f"this function takes at least {len(parameters)} argument{'' if len(parameters) == 1 else 's'} ({len(arguments)} given)")
        if len(arguments) > _ctypes.CTYPES_MAX_ARGCOUNT:
            raise ArgumentError(f"too many arguments ({len(arguments)}), maximum is {_ctypes.CTYPES_MAX_ARGCOUNT}")
        codes, values, kept = [], [], []
        for i, argument in enumerate(arguments):
            try:
                if parameters is not None and i < len(parameters):
                    argument = parameters[i].from_param(argument)
                code, value, keep = _as_argument(argument)
            except Exception as error:
                raise ArgumentError(f"argument {i + 1}: {type(error).__name__}: {error}") from None
            codes.append(code)
            values.append(value)
            kept.append(keep)
        result = self.restype
        typed = isinstance(result, _CType)
        code = "v" if result is None else result._code() if typed else "i"
        variadic = len(parameters) if parameters is not None and len(arguments) > len(parameters) else -1
        answer = _ctypes.call(self._pass(), code, tuple(codes), tuple(values), self._flags_, variadic)
        if typed:
            answer = _from_c(result, answer)
            if hasattr(result, "_check_retval_"):
                answer = result._check_retval_(answer)
        elif result is not None:
            answer = result(answer)
        if self._checks is not None:
            answer = self._checks(answer, self, arguments)
            if outs and answer is not arguments:
                return answer
        if not outs:
            return answer
        values = [out.__ctypes_from_outparam__() if hasattr(out, "__ctypes_from_outparam__") else out for out in outs]
        return values[0] if len(values) == 1 else tuple(values)

    def _fill_in(self, given, named):
        """What is passed, and the objects that the function fills and that are its result, where there are parameter flags."""
        given, arguments, outs = list(given), [], []
        count = len(given) + len(named)
        for (way, name, *otherwise), parameter in zip(self._ways, self._arguments or ()):
            if way & 6 == 2 and not way & 1:                        # out: made here
                target = parameter() if issubclass(parameter, Array) else parameter._type_()
                arguments.append(target if isinstance(target, Array) else byref(target))
                outs.append(target)
                continue
            if way & 4:                                             # a zero, if nothing else
                arguments.append(otherwise[0] if otherwise else 0)
                continue
            if given:
                value = given.pop(0)
            elif name in named:
                value = named.pop(name)
            elif otherwise:
                value = otherwise[0]
            else:
                raise TypeError(f"required argument '{name}' missing" if name else "not enough arguments")
            if way & 2:
                outs.append(value)
            arguments.append(value)
        if given or named:
            raise TypeError(f"call takes exactly {len(arguments) - len(outs)} arguments ({count} given)")
        return tuple(arguments), outs


def _parameter_ways(paramflags, argtypes):
    """Checks (flags[, name[, default]]) for each parameter: 1 in, 2 out, 4 zero."""
    if not isinstance(paramflags, tuple):
        raise TypeError("paramflags must be a tuple or None")
    if argtypes is not None and len(paramflags) != len(argtypes):
        raise ValueError("paramflags must have the same length as argtypes")
    ways = []
    for flag, parameter in zip(paramflags, argtypes or ()):
        if not isinstance(flag, tuple) or not 1 <= len(flag) <= 3 or not isinstance(flag[0], int) or (len(flag) > 1 and not isinstance(flag[1], str | None)):
            raise TypeError("paramflags must be a sequence of (int [,string [,value]]) tuples")
        if flag[0] not in (0, 1, 2, 3, 4, 5):
            raise TypeError(f"paramflag value {flag[0]} not supported")
        if flag[0] & 3 == 2 and not (issubclass(parameter, (Array, _Pointer))):
            raise TypeError(f"'out' parameter 1 must be a pointer type, not {parameter.__name__}")
        ways.append((flag[0], flag[1] if len(flag) > 1 else None, *flag[2:]))
    return ways


def _from_c(ctype, value):
    """The Python value of what C gave for a type."""
    if issubclass(ctype, _SimpleCData):
        if ctype._plain_ and ctype._type_ not in "zZPO":
            return value
        if ctype._type_ == "O":
            return value
        place = ctype._at(_Block(8), 0)
        place._block.set(ctype._code(), 0, value)
        return place.value if ctype._plain_ else place
    if isinstance(value, int):
        place = ctype._at(_Block(8), 0)
        place._block.set("P", 0, value)
        if isinstance(place, _FunctionPointer):
            place.__init__(value)
        return place
    return ctype._at(value, 0)


def _as_argument(value):
    """(code, C value, what to keep) of an argument whose type nobody has told."""
    if isinstance(value, _CData):
        return type(value)._argument(value) if isinstance(value, Array) else (type(value)._code(), value._pass(), value)
    if isinstance(value, _Reference):
        return "P", value._pass(), value
    if value is None:
        return "P", 0, None
    if isinstance(value, int):
        return "i", value, None
    if isinstance(value, (bytes, str)):
        text = (c_char_p if isinstance(value, bytes) else c_wchar_p)(value)
        return "P", text._pass(), text
    if hasattr(value, "_as_parameter_"):
        return _as_argument(value._as_parameter_)
    raise TypeError(f"do not know how to convert {type(value).__name__} to a C value")


_CFuncPtr = _FunctionPointer
_function_types = {}


def _function_type(restype, argtypes, flags):
    key = restype, argtypes, flags
    known = _function_types.get(key)
    if known is None:
        known = _function_types[key] = _CType("CFunctionType", (_FunctionPointer,), {"_restype_": restype, "_argtypes_": argtypes, "_flags_": flags})
    return known


def CFUNCTYPE(restype, *argtypes, use_errno=False, use_last_error=False):
    """The type of C functions; calling one lets go of the GIL."""
    return _function_type(restype, argtypes, _ctypes.USES_ERRNO if use_errno else 0)


def PYFUNCTYPE(restype, *argtypes):
    """The type of C functions that need the GIL."""
    return _function_type(restype, argtypes, _ctypes.KEEPS_GIL)


# ---- Libraries
class CDLL:
    """A shared library; its functions are attributes and let go of the GIL while they run."""
    _func_flags_ = 0
    _func_restype_ = c_int

    def __init__(self, name, mode=DEFAULT_MODE, handle=None, use_errno=False, use_last_error=False, winmode=None):
        if name is not None and not isinstance(name, str):
            name = name.__fspath__() if hasattr(name, "__fspath__") else name.decode()
        self._name = name
        flags = self._func_flags_ | (_ctypes.USES_ERRNO if use_errno else 0)
        self._FuncPtr = _CType("_FuncPtr", (_FunctionPointer,), {"_flags_": flags, "_restype_": self._func_restype_})
        self._handle = _ctypes.dlopen(name, mode) if handle is None else handle

    def __repr__(self):
        return f"<{type(self).__name__} '{self._name}', handle {self._handle:x} at {id(self):#x}>"

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        function = self[name]
        setattr(self, name, function)
        return function

    def __getitem__(self, name):
        return self._FuncPtr((name, self))


class PyDLL(CDLL):
    """A shared library whose functions keep the GIL."""
    _func_flags_ = _ctypes.KEEPS_GIL


class LibraryLoader:
    """cdll.name, cdll.LoadLibrary(name)"""

    __class_getitem__ = classmethod(type(list[int]))

    def __init__(self, dll_type):
        self._dlltype = dll_type

    def __getattr__(self, name):
        if name[0] == "_":
            raise AttributeError(name)
        library = self._dlltype(name)
        setattr(self, name, library)
        return library

    def __getitem__(self, name):
        return getattr(self, name)

    def LoadLibrary(self, name):
        return self._dlltype(name)


cdll, pydll = LibraryLoader(CDLL), LibraryLoader(PyDLL)
pythonapi = PyDLL(None)


# ---- Functions of the module
def sizeof(thing):
    """The size of a type or object in bytes."""
    if isinstance(thing, _CData):
        return thing._block.size - thing._offset if getattr(thing, "_resized", False) else type(thing)._size_
    if isinstance(thing, _CType):
        return thing._size_
    raise TypeError("this type has no size")


def alignment(thing):
    """The alignment of a type or object."""
    if isinstance(thing, (_CData, _CType)):
        return thing._align_
    raise TypeError("no alignment info")


def addressof(obj):
    """The address of an object."""
    if not isinstance(obj, _CData):
        raise TypeError("invalid type")
    return obj._address()


def resize(obj, size):
    """Give an object more memory."""
    if size < type(obj)._size_:
        raise ValueError(f"minimum size is {type(obj)._size_}")
    block = _Block(size)
    block.write(0, obj._bytes())
    obj._block, obj._offset, obj._resized = block, 0, True


def cast(obj, ctype):
    """The pointer `obj` as a pointer of another type."""
    if not (isinstance(ctype, _CType) and issubclass(ctype, (_Pointer, _FunctionPointer, c_void_p, c_char_p, c_wchar_p))):
        raise TypeError(f"cast() argument 2 must be a pointer, not {getattr(ctype, '__name__', ctype)}")
    code, address, keep = _as_argument(c_void_p(obj) if isinstance(obj, int) else obj)
    result = ctype() if not issubclass(ctype, _FunctionPointer) else ctype(address)
    result._block.set("P", result._offset, address)
    result._keep("cast", keep)
    return result


def create_string_buffer(init, size=None):
    """A char array: of bytes and a NUL, or of a size."""
    if isinstance(init, bytes):
        buffer = (c_char * (len(init) + 1 if size is None else size))()
        buffer.value = init
        return buffer
    if isinstance(init, int):
        return (c_char * init)()
    raise TypeError(init)


c_buffer = create_string_buffer


def create_unicode_buffer(init, size=None):
    """A wchar_t array: of text and a NUL, or of a size."""
    if isinstance(init, str):
        buffer = (c_wchar * (len(init) + 1 if size is None else size))()
        buffer.value = init
        return buffer
    if isinstance(init, int):
        return (c_wchar * init)()
    raise TypeError(init)


def string_at(ptr, size=-1):
    """Bytes at an address."""
    return _ctypes.string_at(_as_argument(c_void_p(ptr) if isinstance(ptr, int) else ptr)[1], size)


def wstring_at(ptr, size=-1):
    """Text at an address."""
    return _ctypes.wstring_at(_as_argument(c_void_p(ptr) if isinstance(ptr, int) else ptr)[1], size)


def memmove(dst, src, count):
    """Copy memory; gives the address of the copy."""
    to, source = (_as_argument(c_void_p(place) if isinstance(place, int) else place) for place in (dst, src))
    _ctypes.memmove(to[1], source[1], count)
    return to[1]


def memset(dst, c, count):
    """Fill memory; gives its address."""
    to = _as_argument(c_void_p(dst) if isinstance(dst, int) else dst)
    _ctypes.memset(to[1], c, count)
    return to[1]


# the names under which CPython's native half has its classes
for _name, _class in (("_SimpleCData", _SimpleCData), ("_Pointer", _Pointer), ("Array", Array), ("Structure", Structure), ("Union", Union), ("CFuncPtr", _CFuncPtr), ("ArgumentError", ArgumentError),
                      ("POINTER", POINTER), ("pointer", pointer), ("byref", byref), ("sizeof", sizeof), ("alignment", alignment), ("addressof", addressof), ("resize", resize),
                      ("_unpickle", _unpickle), ("_pointer_type_cache", _pointer_type_cache)):
    setattr(_ctypes, _name, _class)
