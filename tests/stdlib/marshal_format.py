# The bytes that marshal writes, version by version, and what it says about bytes that mean nothing.
import array
import io
import marshal
import sys

two = 2
values = ["\xe9" * two, 1.5, -0.1, 2j, 1e300, 2**40, -2**70, 2**31 - 1, -2**31, 2**31, 0, None, ..., StopIteration, True, "\ud800"]
for version in range(5):
    for value in [*values, [None, True], (None, True), {None: True}, (None,) * 300]:
        data = marshal.dumps(value, version)
        back = marshal.loads(data)
        assert back == value and type(back) is type(value), value
        print(version, bytes([data[0] & 0x7F]), data[1:] if len(data) < 40 else len(data))
for value in (bytearray(b"x" * 5), array.array("h", [1, 2]), memoryview(b"abcd"), memoryview(b"abcd")[1:3]):
    print(marshal.loads(marshal.dumps(value)))
print(marshal.loads(marshal.dumps("x" * 300)) == "x" * 300, marshal.loads(marshal.dumps({float("inf"), b"a", "x"}, 1)) == {float("inf"), b"a", "x"})

shared = ["shared"]
loop = [shared, (shared,), {"k": shared}]
loop.append(loop)
back = marshal.loads(marshal.dumps(loop))
print(back[0] is back[1][0] is back[2]["k"], back[3] is back)
back = marshal.loads(marshal.dumps([shared, shared], 2))
print(back[0] is back[1])
word = sys.intern("a word that is interned")
print(marshal.loads(marshal.dumps(word)) is word, marshal.loads(marshal.dumps(word, 2)) is word)
print(marshal.dumps({"b", "a", "c", ("t", 1), b"z"}, 2) == marshal.dumps({b"z", ("t", 1), "c", "a", "b"}, 2))


def attempt(function, *args):
    try:
        print(function(*args))
    except (ValueError, EOFError, TypeError, AttributeError) as error:
        print(type(error).__name__, error)


class Sub(list):
    pass


for value in (object(), Sub(), [lambda: 0], memoryview(b"abcd")[::2], int):
    attempt(marshal.dumps, value)
nest = []
for _ in range(2500):
    nest = [nest]
attempt(marshal.dumps, nest)
for data in (b"", b"l\2\0\0\0\0\0", b"l\2\0\0\0\0\0\0\0", b"l\1\0\0\0\0\x80", b"[\xff\xff\xff\xff", b"(\xff\xff\xff\xff", b"<\xff\xff\xff\xff", b"s\xff\xff\xff\xff",
             b"l\0\0\0\x80", b"?", b"0", b"r\5\0\0\0", b"[\1\0\0\x000", b"{0", b"{i\1\0\0\x000", b"\xdb\1\0\0\0r\0\0\0\0", b"\xbe\1\0\0\0r\0\0\0\0",
             b"u\1\0\0\0\xff", b"f\1x", b"(", b"<\1\0\0\0[\0\0\0\0", b"a\1\0\0\0\xe9", b"\0",
             b"I" + b"\xff" * 8, b"x\3 15\0031.5", b"[\5\0\0\0N", b"[\1\0\0\0" * 3000 + b"N", b")\1{N" * 1500):
    attempt(marshal.loads, data)
attempt(marshal.loads, "text")
attempt(marshal.load, io.StringIO("text"))
attempt(marshal.load, io.BytesIO(b"[\2\0\0\0N"))
attempt(marshal.load, 3)
attempt(marshal.dump, 1, 3)


class Boastful(io.BytesIO):
    def readinto(self, buffer):
        return super().readinto(buffer) + 1000 * (len(buffer) > 4)


class Shrinking(io.BytesIO):
    def readinto(self, buffer):
        n = super().readinto(buffer)
        gc_tuples.extend(o for o in gc.get_objects() if type(o) is tuple and len(o) == 77)
        return n


attempt(marshal.load, Boastful(marshal.dumps("0123456789")))
import gc
gc_tuples = []
print(marshal.load(Shrinking(b"\xa9\x4d" + b"N" * 77)) == (None,) * 77)
file = io.BytesIO()
for value in ("one", [2, 3], {"four": 5.0}):
    marshal.dump(value, file)
file.seek(0)
print(marshal.load(file), marshal.load(file), marshal.load(file), file.read())
