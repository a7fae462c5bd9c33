# What iterators, strings and files take short ways for, at the places where a short way could go wrong.
import io, os, sys, tempfile

# The row of an enumerate or zip is used again only where nobody has it.
kept = []
for row in enumerate("abc"):
    kept.append(row)
print(kept, list(zip("ab", "cd", "ef")), [row for row in zip("ab", [1, 2])])
numbers = enumerate([10, 20, 30])
first = next(numbers); second = next(numbers); print(first, second, first is second); del first
third = next(numbers); print(second, third)
class Nested:
    def __init__(self): self.left = 3
    def __iter__(self): return self
    def __next__(self):
        self.left -= 1
        if self.left < 0: raise StopIteration
        if self.left == 1: return ("inside", next(outer, None))
        return self.left
outer = zip(Nested(), "wxyz")
for row in outer: print(row)
class Shown:
    def __init__(self, name): self.name = name
    def __del__(self): print("gone", self.name)
for i, shown in enumerate(Shown(n) for n in "pq"): print(i, shown.name); del shown
class Fails:
    def __iter__(self): return self
    def __next__(self): 1 / 0
try: list(zip([1], Fails()))
except ZeroDivisionError as error: print(error)
pairs = zip([1, 2], [3]); print(list(pairs), list(pairs))

# Lists repeated.
shared = object(); before = sys.getrefcount(shared)
repeated = [shared, 1, "x"] * 7; print(sys.getrefcount(shared) - before, len(repeated), repeated[3::3] == [shared] * 6, [1] * 0, [] * 5, [1, 2] * -1)
del repeated; print(sys.getrefcount(shared) - before)

# Text that outgrows a builder's own room, and widens on the way.
for n in (1, 134, 135, 136, 137, 300):
    for filler in ("a", "é", "€", "😀"):
        assert "%s|%d" % (filler * n, 5) == filler * n + "|5" == f"{filler * n:s}|{5:d}" == "{}|{}".format(filler * n, 5)
        assert ("x" * n + "%s%s") % (filler, "y") == "x" * n + filler + "y"
        assert eval(repr(filler * n + "'")) == filler * n + "'" and (filler * n).encode().decode() == filler * n
print("%d %s %d %5s|%-5d|%s%%" % (-7, -0, 10 ** 30, 3, -4, True), "%s" % 140737488355327, "%d" % -140737488355328, "%s" % ("t",), "%(a)s %(a)d" % {"a": 5})
print(repr("it's"), repr('"'), repr('\'"'), repr("\n"), repr(""), bin(-5), hex(2 ** 47 - 1), oct(-(2 ** 47)), hex(2 ** 70), bin(0), bin(True))
for bad in ("%s %s" % ("a", "b"),): print(bad)
for form, args in (("%s %s", "a"), ("%s", ()), ("%d", "a"), ("%s", ("a", "b"))):
    try: print(form % args)
    except TypeError as error: print(error)
for codec in (("utf-8", "strict"), ("UTF8", "strict"), ("ascii", "replace")): print("hé€".encode(*codec), b"h\xc3\xa9".decode(*codec))
for text in ("\ud800", "a\ud800b"):
    try: text.encode()
    except UnicodeEncodeError as error: print(error)

# isinstance: who says of himself what he is.
class Disguised:
    @property
    def __class__(self): return int
class Lazy:
    def __getattribute__(self, name): return str if name == "__class__" else object.__getattribute__(self, name)
print(isinstance(Disguised(), int), isinstance(Disguised(), (str, int)), isinstance(Lazy(), str), isinstance(5, (str, (float, int))), isinstance(5, (str, list)))
plain = Nested(); plain.__dict__["__class__"] = int; print(isinstance(plain, int))
try: isinstance(5, (str, 5))
except TypeError as error: print(error)

# Lines of a text file, with returns and without.
path = os.path.join(tempfile.mkdtemp(), "text")
for data in (b"a\nb\r\nc\rd", b"\r", b"one\n" * 5000 + b"two\r\nthree", "é\n€\n".encode() * 3000, b"no newline"):
    with open(path, "wb") as f: f.write(data)
    for newline in (None, "", "\n", "\r", "\r\n"):
        with open(path, newline=newline, encoding="utf-8") as f:
            lines = list(f); print(len(lines), repr(lines[-1][-9:]), f.newlines, end="; ")
            f.seek(0); assert "".join(lines) == f.read() and [l for l in io.StringIO("".join(lines), newline="\n")] == "".join(lines).splitlines(True) or newline != None or data.count(b"\r")
    print()
f = open(path); next(f); f.close()
for call in (lambda: next(f), f.readline, lambda: f.buffer.readline()):
    try: call()
    except ValueError as error: print(error)
os.remove(path); os.rmdir(os.path.dirname(path))
