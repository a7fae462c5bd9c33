# The bytes of pickles in each protocol, what comes of them again, through memory and through a file; and pickles that are wrong.
import collections
import decimal
import enum
import fractions
import io
import pickle
import zlib


class Own:
    def __init__(self, x):
        self.x = x
        self.me = self


class Slots:
    __slots__ = ("a", "b")


class OwnList(list):
    pass


class OwnDict(dict):
    pass


class Colour(enum.Enum):
    RED = 1


slots = Slots()
slots.a, slots.b = 1, "x"
own_list = OwnList([1, 2])
own_list.extra = 5
VALUES = {
    "singletons": [None, True, False, ..., NotImplemented],
    "ints": [0, 1, 255, 256, 65535, 65536, -1, -128, -129, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**47, 2**63, -2**63, 2**64, 10**50, -10**50, 2**2050],
    "floats": [1.5, float("inf"), -0.0],
    "text": ["", "abc", "\u00e9", "\ud800", "a" * 255, "a" * 256, "x" * 70000],
    "bytes": [b"", b"abc", b"z" * 300, b"z" * 70000, bytearray(b"abc")],
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    "lists": [[], [1], [1, 2], list(range(2500)), list(range(1001))],
    "dicts": [{}, {1: 2}, {i: i for i in range(1500)}, {i: i for i in range(1001)}],
    "sets": [set(), {1}, frozenset(), frozenset([1])],
    "nested": [[["a"] * 3] * 3, {"k": [1, {"z": (1,)}]}],
    "classes": [len, int, Own, Own.__init__, type(None), collections.namedtuple],
    "instances": [Own(3), own_list, OwnDict(a=1), Colour.RED, ValueError("x", 1), complex(1, 2), range(3), slice(1, 2)],
    "library": [collections.OrderedDict(a=1), collections.Counter("abc"), collections.deque([1, 2], 5), decimal.Decimal("1.5"), fractions.Fraction(1, 3)],
}
for protocol in range(6):
    for kind, values in VALUES.items():
        pickles = [pickle.dumps(value, protocol) for value in values]
        for value, data in zip(values, pickles):
            file = io.BytesIO()
            pickle.Pickler(file, protocol).dump(value)
            assert file.getvalue() == data, (protocol, value)
            file.seek(0)
            for again in (pickle.loads(data), pickle.Unpickler(file).load()):
                assert type(again) is type(value) and pickle.dumps(again, protocol) == pickle.dumps(pickle.loads(data), protocol)
        print(protocol, kind, sum(map(len, pickles)), zlib.crc32(b"".join(pickles)))
    ring, tuple_ring = [1], ([],)
    ring.append(ring)
    tuple_ring[0].append(tuple_ring)
    again, tuple_again = (pickle.loads(pickle.dumps(x, protocol)) for x in (ring, tuple_ring))
    print(again[1] is again, tuple_again[0][0] is tuple_again, pickle.loads(pickle.dumps(Own(4), protocol)).me.x)
print(pickle.loads(pickle.dumps(slots)).b, pickle.loads(pickle.dumps(own_list)).extra)

WRONG = [
    b"", b".", b"N", b"(.", b"K", b"\x80\x06.", b"\x95\xff\0\0\0\0\0\0\0", b"1", b"0.", b"q\0.", b"h\5.", b"a.", b"R.", b"\x81.", b"b.", b"s.", b"u.", b"e.", b"(t", b"t",
    b"(K\1d.", b"]K\1K\2s.", b"\x93.", b"K\1K\2\x93.", b"c\n.", b"I12", b"Ix\n.", b'S"a\n.', b"Va\n.", b"\xff.", b"'.", b"Np-1\n.", b"g7\n.", b"\x84\0\0\0\0.", b"\x82\1.",
    b"Pabc\n.", b"NQ.", b"\x97.", b"N\x98.", b"U\5ab", b"X\5\0\0\0ab", b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff", b"o.", b"(o.", b"\x8b\xff\xff\xff\xff.",
    b"\x95\1\0\0\0\0\0\0\0N.", b"\x95\2\0\0\0\0\0\0\0]\x95\0\0\0\0\0\0\0\0.", b"(K\1K\2\x8f.", b"\x8f(K\1\x90.", b"](.", b"(((.", b"]((K\1e.", b"K\1(K\1e.", b"K\1N\x81.",
    b"cbuiltins\nint\nN\x81.", b"cbuiltins\nint\n)\x81.", b"cbuiltins\nint\nK\1\x85R.", b"2.", b"N2\x86.",
]
for data in WRONG:
    outcomes = []
    for load in (lambda: pickle.loads(data), lambda: pickle.load(io.BytesIO(data))):
        try:
            outcomes.append(repr(load()))
        except Exception as error:
            outcomes.append(f"{type(error).__name__}: {error}")
    print(data, *sorted(set(outcomes)))


class Refuses:
    def __reduce__(self):
        return "no such name"


class Grows(list):
    def __reduce_ex__(self, protocol):
        return list, (), None, iter([1, 2, 3]), None


for value in (Refuses(), lambda: None, Grows(), (i for i in ()), {1: Refuses()}):
    try:
        print(pickle.loads(pickle.dumps(value)))
    except Exception as error:
        print(type(error).__name__, str(error).split(" at 0x")[0])
for nan in (b"G\xff\xff\xff\xff\xff\xff\xff\x1b.", b"G\x7f\xf0\0\0\0\0\0\1."):
    print(pickle.loads(nan), type(pickle.loads(nan)))
deep = []
for _ in range(100000):
    deep = [deep]
try:
    pickle.dumps(deep)
except RecursionError:
    print("too deep")
