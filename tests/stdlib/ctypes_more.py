# C objects as buffers, the other byte order, parameters with flags, pickling, and what classes refuse.
import ctypes
import io
import pickle
from ctypes import *


def attempt(function, *args):
    try:
        print(function(*args))
    except Exception as error:
        print(type(error).__name__, error)


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_short), ("name", c_char * 6)]


p = Point(1, 2, b"abc")
print(bytes(p), memoryview(p).nbytes, len(bytes((c_int * 3)(1, 2, 3))))
m = memoryview((c_short * 3 * 2)((1, 2, 3), (4, 5, 6)))
print(m.format, m.shape, m.ndim, m.itemsize, m.tobytes())
print(memoryview(c_double(1.5)).format, memoryview(p).format)
buffer = create_string_buffer(8)
print(io.BytesIO(b"from a file").readinto(buffer), buffer.raw, b"".join([buffer, b"!"]))
data = bytearray(b"\1\0\0\0\2\0\0\0")
ints = (c_int * 2).from_buffer(data)
ints[1] = 7
print(data)
attempt(data.append, 1)
del ints
import gc
gc.collect()
data.append(1)
print(len(data))
attempt((c_int * 2).from_buffer, b"bytes are final")
attempt((c_int * 2).from_buffer, bytearray(3))
attempt((c_int * 2).from_buffer, bytearray(30), -1)
print((c_short * 2).from_buffer_copy(b"\1\0\2\0")[:])


class Empty(Structure):
    pass


grown = Empty()
resize(grown, 5)
memoryview(grown).cast("B")[:] = b"grown"
print(bytes(grown), sizeof(grown), sizeof(Empty))


class Big(BigEndianStructure):
    _fields_ = [("a", c_uint16), ("b", c_int32), ("c", c_double), ("d", c_short * 2), ("e", c_uint16, 4), ("f", c_uint16, 12)]


b = Big(1, -2, 1.5, (3, 4), 5, 6)
print(bytes(b).hex(), b.a, b.b, b.c, b.d[:], b.e, b.f, Big.from_buffer_copy(bytes(b)).b)


class Bits(Structure):
    _fields_ = [("a", c_int, 3), ("b", c_int, 5), ("c", c_uint, 10)]


print(bytes(Bits(-1, 3, 1000)).hex(), Bits(-1, 3, 1000).c, Bits.b)
libc = CDLL(None)
strtol = CFUNCTYPE(c_long, c_char_p, POINTER(c_char_p), c_int)(("strtol", libc), ((1, "text"), (1, "end", None), (1, "base", 10)))
print(strtol(b"12"), strtol(text=b"ff", base=16), strtol(b"z", base=36))
attempt(strtol)
attempt(strtol, b"1", None, 10, 5)
frexp = CFUNCTYPE(c_double, c_double, POINTER(c_int))(("frexp", CDLL("libm.so.6")), ((1, "x"), (2, "exponent")))
print(frexp(8.0))


class Checked(c_int):
    def _check_retval_(value):
        return f"checked {value.value}"


absolute = libc["abs"]
absolute.restype = Checked
print(absolute(-3))
print(pickle.loads(pickle.dumps(c_int(5))), bytes(pickle.loads(pickle.dumps(p))) == bytes(p))
attempt(pickle.dumps, c_char_p(b"x"))
takes_text = CFUNCTYPE(c_size_t, POINTER(c_char))(("strlen", libc))
print(takes_text(b"four"), takes_text(create_string_buffer(b"fiver")))
attempt(takes_text, "text")
for make in (Structure, Union, Array):
    attempt(make)
attempt(c_int, None)
attempt(delattr, c_int(1), "value")
attempt(setattr, Point, "_fields_", [])
attempt(type, "T", (Structure,), {"_fields_": [("x", 1)]})
attempt(type, "T", (Structure,), {"_fields_": [("x", c_float, 3)]})
attempt(type, "T", (Structure,), {"_fields_": [(1, c_int)]})
attempt(type, "T", (Structure,), {"_pack_": -1, "_fields_": []})
attempt(type, "T", (Structure,), {"_anonymous_": ["u"], "_fields_": [("x", c_int)]})
attempt(setattr, Point, "_anonymous_", ())
attempt(type(Point.x))


class Phone(Structure):
    _fields_ = [("area", c_char * 6), ("number", c_char * 12)]


class Person(Structure):
    _fields_ = [("name", c_char * 12), ("phone", Phone)]


attempt(Person, b"Someone", (1, 2))
attempt(Person, b"Someone", (b"a", b"b", b"c"))


class NoInit(Structure):
    _fields_ = [("x", c_int)]

    def __init__(self):
        self.kept = "an attribute"


n = NoInit()
n.x = 4
print(n.x, n.__dict__)
attempt(lambda: n.absent)
