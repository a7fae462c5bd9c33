# builtins: the functions, their results and messages
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


show(lambda: abs(-5), lambda: abs(-2.5), lambda: abs("a"), lambda: abs(-10**20), lambda: all([1, 2]), lambda: all([1, 0]), lambda: all([]), lambda: all(5), lambda: any([0, 1]), lambda: any([]), lambda: any(5),
     lambda: ascii("é"), lambda: bin(10), lambda: bin(-10), lambda: oct(-8), lambda: hex(255), lambda: hex(-255), lambda: hex(2**70), lambda: bin("a"), lambda: hex(1.5), lambda: bin(True),
     lambda: callable(len), lambda: callable(5), lambda: callable(int), lambda: chr(97), lambda: chr(-1), lambda: chr(0x110000), lambda: chr(1 << 70), lambda: chr("a"), lambda: chr(0x1F600), lambda: ord("a"), lambda: ord("ab"), lambda: ord(5), lambda: ord(b"a"), lambda: ord(b"ab"), lambda: ord(""))
show(lambda: divmod(7, 3), lambda: divmod(-7, 3), lambda: divmod(7.5, 2), lambda: divmod("a", 1), lambda: divmod(1, 0), lambda: pow(2, 10), lambda: pow(2, -1), lambda: pow(3, 4, 5), lambda: pow(2, -1, 7), lambda: pow(2, exp=3), lambda: pow("a", 1), lambda: pow(2, 3, mod=5), lambda: pow(1),
     lambda: round(2.5), lambda: round(3.5), lambda: round(2.567, 2), lambda: round(1234, -2), lambda: round(2.5, None), lambda: round("a"), lambda: round(1.5, "a"), lambda: round(5), lambda: round(number=2.7), lambda: sum([1, 2]), lambda: sum([1, 2.5]), lambda: sum([[1], [2]], []), lambda: sum(["a"]), lambda: sum(["a"], ""), lambda: sum([b"a"], b""), lambda: sum([], start=5), lambda: sum(5), lambda: sum([0.1] * 10), lambda: sum([2**47] * 4), lambda: sum([True, True]))
show(lambda: max(1, 2), lambda: max([1, 3, 2]), lambda: max([]), lambda: max([], default=5), lambda: max(1, 2, default=3), lambda: max(), lambda: max(5), lambda: max("abc", "abd"), lambda: max([1, -5], key=abs), lambda: min(["bb", "a"], key=len), lambda: min(1, "a"), lambda: max([1, 2.0, 2]), lambda: max([2.0, 2]), lambda: min([], key=len), lambda: max(1, 2, foo=3), lambda: min(3, 1, 2, key=lambda x: -x))
class A:
    x = 1
    def __init__(self): self.y = 2
a = A()
show(lambda: getattr(a, "x"), lambda: getattr(a, "z"), lambda: getattr(a, "z", 5), lambda: getattr(a, 5), lambda: getattr(a), lambda: hasattr(a, "x"), lambda: hasattr(a, "z"), lambda: hasattr(a, 1), lambda: setattr(a, "z", 9), lambda: a.z, lambda: delattr(a, "z"), lambda: delattr(a, "z"), lambda: setattr(1, "x", 2), lambda: delattr(a, 1), lambda: setattr(a, 1, 2), lambda: vars(a), lambda: vars(1), lambda: [n for n in dir(a) if n[0] != "_"], lambda: dir(1, 2))
show(lambda: hash(1) == hash(1.0), lambda: hash([]), lambda: hash(-1), lambda: hash("a") == hash("a"), lambda: hash(), lambda: id(a) == id(a), lambda: id(), lambda: isinstance(1, int), lambda: isinstance(True, (str, int)), lambda: isinstance(1, 2), lambda: isinstance(1, (str, (float, int))), lambda: isinstance(1), lambda: issubclass(bool, int), lambda: issubclass(1, int), lambda: issubclass(int, 1), lambda: issubclass(int, (str, object)))
show(lambda: len([1]), lambda: len(5), lambda: len(), lambda: len(1, 2), lambda: next(iter([1])), lambda: next([]), lambda: next(iter([])), lambda: next(iter([]), 5), lambda: next(), lambda: iter(5), lambda: iter(), lambda: iter(1, 2), lambda: repr("a"), lambda: repr(), lambda: format(5, "x"), lambda: format(5), lambda: format(5, 5), lambda: format(3.14159, ".2f"), lambda: sorted([2, 1]), lambda: aiter(1), lambda: anext(1))
class R:
    def __round__(self, digits="none"): return digits
    def __abs__(self): return "abs"
    def __len__(self): return -1
    def __index__(self): return 65
    def __divmod__(self, other): return "divmod", other
    def __format__(self, spec): return "<" + spec + ">"
    def __dir__(self): return ["b", "a"]
show(lambda: round(R()), lambda: round(R(), 2), lambda: round(R(), None), lambda: abs(R()), lambda: len(R()), lambda: chr(R()), lambda: hex(R()), lambda: divmod(R(), 1), lambda: format(R(), "spec"), lambda: dir(R()))
def local_names():
    b = 1
    a = 2
    return dir(), vars() == {"a": 2, "b": 1}
print(local_names())
class W:
    def __init__(self): self.parts = []
    def write(self, text): self.parts.append(text)
    def flush(self): self.parts.append("flushed")
w = W()
print(1, "a", None, file=w)
print(1, 2, sep="-", end="!", file=w, flush=True)
print(file=w)
print("x", sep=None, end=None, file=w)
print(w.parts)
show(lambda: print(sep=5), lambda: print(end=5), lambda: print(1, file=5), lambda: print(1, foo=2), lambda: print(1, 2, sep="\n"), lambda: print("é", "\U0001F600"), lambda: print(*range(5), sep=", ", end=".\n"))
class S:
    def __str__(self): raise ValueError("no text")
show(lambda: print(S()))
import builtins
print(builtins.len is len, builtins.True_ if hasattr(builtins, "True_") else "no", __debug__, Ellipsis is ..., NotImplemented, builtins.__name__, EnvironmentError is OSError, IOError is OSError)
