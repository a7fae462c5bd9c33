# SPDX-License-Identifier: MIT
"""Calling C from Python: C's types as classes, libraries whose functions are attributes.

A C object is a place in a block of memory (`_block`, `_offset`); what it points into is kept alive in `_kept`. A call through CDLL lets
go of the GIL, one through PyDLL keeps it.
"""
import _ctypes
import sys as _sys
from _ctypes import Block as _Block, get_errno, set_errno, RTLD_GLOBAL, RTLD_LOCAL

__version__ = "1.1.0"
DEFAULT_MODE = RTLD_LOCAL


class ArgumentError(Exception):
    """An argument of a call does not fit its parameter."""


# ---- What all C types have in common
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
        fresh = cls()
        fresh._block.write(fresh._offset, shared._block.read(0, cls._size_))
        return fresh

    def _over(cls, source, offset, writable):
        if offset < 0:
            raise ValueError("offset cannot be negative")
        address, length = _ctypes.buffer_address(source, writable)
        if offset + cls._size_ > length:
            raise ValueError(f"Buffer size too small ({length} instead of at least {offset + cls._size_} bytes)")
        return cls._at(_Block(cls._size_, address + offset, source), 0)

    def in_dll(cls, library, name):
        """The variable of this type that a library exports."""
        try:
            return cls.from_address(_ctypes.dlsym(library._handle, name))
        except AttributeError as error:
            raise ValueError(str(error)) from None

    def from_param(cls, value):
        """What is passed when `value` is given for a parameter of this type."""
        return cls._from_param(value)


class _CData(metaclass=_CType):
    """A C object."""
    _size_ = _align_ = 0

    @classmethod
    def _at(cls, block, offset, kept=None):
        self = object.__new__(cls)
        self._block, self._offset, self._kept = block, offset, kept
        return self

    def _allocate(self):
        self._block, self._offset, self._kept = _Block(type(self)._size_), 0, None

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
                value = cls(*value)
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

    def __reduce__(self):
        raise ValueError("ctypes objects containing pointers cannot be pickled")


# ---- Simple types
class _SimpleCData(_CData):
    """A number, a character or a simple pointer; `_type_` is its code."""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "_type_" in cls.__dict__:
            cls._size_ = cls._align_ = _ctypes.sizeof_code(cls._type_)
            cls._plain_ = True
        else:
            cls._plain_ = False               # a subclass keeps its class where the plain type would give a Python value

    def __init__(self, value=None):
        self._allocate()
        if value is not None:
            self.value = value

    @property
    def value(self):
        return self._read(self._block, self._offset)

    @value.setter
    def value(self, value):
        self._keep("value", self._write(self._block, self._offset, value))

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
        raise TypeError(f"an integer is required (got type {type(value).__name__})" if not isinstance(value, float) else "int expected instead of float instance")
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


def _py_object_init(self, *value):
    self._allocate()
    if value:
        self.value = value[0]


py_object.__init__ = _py_object_init


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
        if isinstance(value, cls) or (isinstance(value, (Array, _Pointer)) and value._type_ in (c_char, c_byte, c_ubyte)) or isinstance(value, _Reference):
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
        if isinstance(value, cls) or (isinstance(value, (Array, _Pointer)) and value._type_ is c_wchar):
            return value
        raise TypeError("wrong type")


# ---- Arrays
class Array(_CData):
    """A C array: `_type_` and `_length_`."""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        item, length = getattr(cls, "_type_", None), getattr(cls, "_length_", None)
        if item is None or length is None:
            raise AttributeError("class must define a '_type_' and a '_length_' attribute")
        if length < 0:
            raise ValueError("The '_length_' attribute must not be negative")
        cls._size_, cls._align_ = item._size_ * length, item._align_
        if item is c_char:
            cls.value = property(lambda self: self._bytes().split(b"\0", 1)[0], _set_bytes)
            cls.raw = property(lambda self: self._bytes(), _set_raw)
        elif item is c_wchar:
            cls.value = property(lambda self: "".join(self[:]).split("\0", 1)[0], _set_text)

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
        self._keep(index, self._type_._store(self._block, self._place(index), value))

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
        if isinstance(value, bytes) and cls._type_ is c_char or isinstance(value, str) and cls._type_ is c_wchar:
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
    _size_ = _align_ = 8
    _type_ = None

    def __init__(self, target=None):
        self._allocate()
        if target is not None:
            self.contents = target

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
        self._keep(index, self._type_._store(self._target(index.__index__()), 0, value))

    def __bool__(self):
        return self._block.get("P", self._offset) != 0

    def _pass(self):
        return self._block.get("P", self._offset)

    @classmethod
    def _code(cls):
        return "P"

    @classmethod
    def _from_param(cls, value):
        if value is None:
            return cls()
        if isinstance(value, cls):
            return value
        if isinstance(value, _Reference) and isinstance(value._obj, cls._type_):
            return value
        if isinstance(value, (Array, _Pointer)) and issubclass(value._type_, cls._type_):
            return value
        if isinstance(value, cls._type_):
            return _Reference(value, 0)
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


def POINTER(target):
    """The type of pointers to a type."""
    known = _pointer_types.get(target)
    if known is None:
        if isinstance(target, str):
            return _CType(f"LP_{target}", (_Pointer,), {"_type_": None})
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
class CField:
    """A field of a structure: where it stands."""

    def __init__(self, name, ctype, offset, bits=None):
        self.name, self.ctype, self.offset = name, ctype, offset
        self.bits = bits                        # (first bit, how many) of a bit field
        self.size = ctype._size_ if bits is None else bits[1] << 16 | bits[0]

    def __repr__(self):
        if self.bits is not None:
            return f"<Field type={self.ctype.__name__}, ofs={self.offset}:{self.bits[0]}, bits={self.bits[1]}>"
        return f"<Field type={self.ctype.__name__}, ofs={self.offset}, size={self.size}>"

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        block, place = instance._block, instance._offset + self.offset
        if self.bits is None:
            return self.ctype._load(block, place, instance)
        first, count = self.bits
        value = int.from_bytes(block.read(place, self.ctype._size_), "little") >> first & (1 << count) - 1
        signed = self.ctype._type_ in "bhilq" and value >> count - 1
        return value - (1 << count) if signed else bool(value) if self.ctype is c_bool else value

    def __set__(self, instance, value):
        block, place = instance._block, instance._offset + self.offset
        if self.bits is None:
            instance._keep(self.name, self.ctype._store(block, place, value))
            return
        first, count = self.bits
        mask = (1 << count) - 1 << first
        old = int.from_bytes(block.read(place, self.ctype._size_), "little")
        block.write(place, (old & ~mask | int(value) << first & mask).to_bytes(self.ctype._size_, "little"))


class _StructureType(_CType):
    def __new__(mcls, name, bases, namespace, **kwargs):
        cls = super().__new__(mcls, name, bases, namespace, **kwargs)
        if "_fields_" in namespace:
            _lay_out(cls, namespace["_fields_"])
        return cls

    def __setattr__(cls, name, value):
        if name == "_fields_":
            if "_fields_" in cls.__dict__ and cls.__dict__.get("_laid_out_"):
                raise AttributeError("_fields_ is final")
            super().__setattr__(name, value)
            _lay_out(cls, value)
        else:
            super().__setattr__(name, value)


def _lay_out(cls, fields):
    """Give each field its place, by C's rules (GCC's on Linux), and the type its size and alignment."""
    base = cls.__mro__[1]
    is_union = issubclass(cls, Union)
    offset, alignment, size = (base._size_, max(base._align_, 1), base._size_) if getattr(base, "_laid_out_", False) else (0, 1, 0)
    pack = getattr(cls, "_pack_", None)
    elements = list(getattr(base, "_elements_", ()))
    names = list(getattr(base, "_names_", ()))
    bit_end = None                               # the first free bit behind the last bit field, counted from the beginning
    for field in fields:
        name, ctype, *rest = field
        align = min(ctype._align_, pack) if pack else ctype._align_
        alignment = max(alignment, align)
        if rest:
            bits = rest[0]
            if not hasattr(ctype, "_type_") or not isinstance(ctype._type_, str) or ctype._type_ in "fdgzZPO":
                raise TypeError(f"bit fields not allowed for type {ctype.__name__}")
            if not 0 < bits <= ctype._size_ * 8:
                raise ValueError("number of bits invalid for bit field")
            start = 0 if is_union else offset * 8 if bit_end is None else bit_end
            unit = ctype._size_ * 8
            if start // unit != (start + bits - 1) // unit:
                start = -(-start // unit) * unit
            descriptor = CField(name, ctype, start // unit * ctype._size_, (start % unit, bits))
            bit_end = start + bits
            offset = -(-bit_end // 8)
            size = max(size, descriptor.offset + ctype._size_ if is_union else offset)
        else:
            bit_end = None
            place = 0 if is_union else -(-offset // align) * align if align else offset
            descriptor = CField(name, ctype, place)
            offset = place + ctype._size_
            size = max(size, offset)
        type.__setattr__(cls, name, descriptor)
        elements.append(ctype)
        names.append(name)
        if name in getattr(cls, "_anonymous_", ()):
            _lift(cls, descriptor)
    cls._size_ = -(-size // alignment) * alignment
    cls._align_, cls._elements_, cls._names_, cls._laid_out_ = alignment, elements, names, True


def _lift(cls, anonymous):
    """The fields of an anonymous field are fields of the whole."""
    for name in anonymous.ctype._names_:
        inner = getattr(anonymous.ctype, name)
        type.__setattr__(cls, name, CField(name, inner.ctype, anonymous.offset + inner.offset, inner.bits))


class _Compound(_CData, metaclass=_StructureType):
    _names_ = ()
    _elements_ = ()

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


class Union(_Compound):
    """A C union."""

    @classmethod
    def _code(cls):
        raise TypeError(f"item in _argtypes_ passes a union by value, which is unsupported: {cls.__name__}")


LittleEndianStructure, LittleEndianUnion = Structure, Union


# ---- Functions
class _FunctionPointer(_CData):
    """A C function: in a library, at an address, or a Python function that C can call."""
    _size_ = _align_ = 8
    _flags_ = 0
    _restype_ = c_int
    _argtypes_ = None

    def __init__(self, source=None, paramflags=None):
        self._allocate()
        self._name, self.errcheck = None, None
        self.restype, self._arguments = self._restype_, None
        if self._argtypes_ is not None:
            self.argtypes = self._argtypes_
        if source is None:
            return
        if isinstance(source, tuple):
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
        callback = _ctypes.Callback(from_c, "v" if result is None else result._code(), codes)
        self._block.set("P", 0, callback.address)
        self._keep("callback", callback)

    @property
    def restype(self):
        return self._result

    @restype.setter
    def restype(self, restype):
        if restype is not None and not isinstance(restype, _CType) and not callable(restype):
            raise TypeError("restype must be a type, a callable, or None")
        self._result = restype

    @restype.deleter
    def restype(self):
        self._result = self._restype_

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

    def __call__(self, *arguments):
        parameters = self._arguments
        if parameters is not None and len(arguments) < len(parameters):
            raise TypeError(f"this function takes at least {len(parameters)} argument{'' if len(parameters) == 1 else 's'} ({len(arguments)} given)")
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
        result = self._result
        typed = isinstance(result, _CType)
        code = "v" if result is None else result._code() if typed else "i"
        variadic = len(parameters) if parameters is not None and len(arguments) > len(parameters) else -1
        answer = _ctypes.call(self._pass(), code, tuple(codes), tuple(values), self._flags_, variadic)
        if typed:
            answer = _from_c(result, answer)
        elif result is not None:
            answer = result(answer)
        if self.errcheck is not None:
            return self.errcheck(answer, self, arguments)
        return answer


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
