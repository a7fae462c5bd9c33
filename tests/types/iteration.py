# enumerate, zip, map, filter, reversed, iter: what they give, how they fail
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


show(lambda: list(enumerate("ab")), lambda: list(enumerate("ab", 5)), lambda: list(enumerate("ab", start=10**20)), lambda: enumerate(1), lambda: enumerate([1], "a"), lambda: list(enumerate(iterable=[1], start=2)), lambda: list(enumerate([], 2**47 - 1)), lambda: list(enumerate("ab", 2**47 - 1)))
show(lambda: list(zip()), lambda: list(zip([1, 2], "ab")), lambda: list(zip([1, 2], "abc", [5])), lambda: zip(1), lambda: zip([1], 2), lambda: zip(x=1), lambda: list(zip([1], [1], strict=True)), lambda: list(zip([1], [1, 2], strict=True)),
     lambda: list(zip([1, 2], [1], strict=True)), lambda: list(zip([1, 2], [1, 2], [1], strict=True)), lambda: list(zip([1], [1], [1, 2], strict=True)), lambda: list(zip([], [1], strict=True)), lambda: list(zip(*[(1, 2), (3, 4)])))
show(lambda: list(map(str, [1, 2])), lambda: list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])), lambda: map(), lambda: map(str), lambda: map(str, 1), lambda: list(map(5, [1])), lambda: map(str, [1], x=1), lambda: list(map(int, ["1", "x"])), lambda: list(map(None, [1])))
show(lambda: list(filter(None, [0, 1, "", "a"])), lambda: list(filter(lambda x: x > 1, [1, 2, 3])), lambda: filter(1), lambda: filter(None, 1), lambda: filter(None, [], x=1), lambda: list(filter(bool, [0, 3])), lambda: list(filter(5, [1])))
class Seq:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
    def __getitem__(self, i):
        if i >= self.n: raise IndexError
        return i * 10
class NotReversible:
    __reversed__ = None
class Reversible:
    def __reversed__(self): return "anything"
show(lambda: list(reversed([1, 2])), lambda: list(reversed("ab")), lambda: list(reversed(Seq(3))), lambda: reversed(1), lambda: reversed({1}), lambda: reversed(NotReversible()), lambda: reversed(Reversible()), lambda: list(reversed({1: 2, 3: 4})), lambda: reversed(), lambda: reversed([], 1), lambda: list(reversed(range(3))))
show(lambda: list(iter(Seq(3))), lambda: iter(1), lambda: list(Seq(2)), lambda: 20 in Seq(3), lambda: 25 in Seq(3), lambda: iter(1, 2), lambda: list(iter(iter([1, 2, 3]).__next__, 3)))
n = [0]
def count():
    n[0] += 1
    return n[0]
print(list(iter(count, 4)), n)
i = iter([1, 2, 3])
print(next(i), i.__length_hint__(), next(i), next(i), next(i, "default"), next(i, None))
show(lambda: next(i), lambda: next([]), lambda: next(), lambda: i.__length_hint__(), lambda: list(i))
a = [1, 2, 3]
i = iter(a)
a.append(4)
print(list(i))
a.append(5)
print(list(i))
i = reversed(a)
print(next(i), i.__length_hint__())
del a[1:]
print(list(i))
class Bad:
    def __iter__(self): return 5
class Raises:
    def __iter__(self): raise KeyError("iter")
class NextRaises:
    def __iter__(self): return self
    def __next__(self): raise ValueError("next")
show(lambda: list(Bad()), lambda: list(Raises()), lambda: list(NextRaises()), lambda: tuple(Bad()), lambda: set(NextRaises()), lambda: dict(NextRaises()), lambda: max(NextRaises()), lambda: [*NextRaises()])
z = zip([1, 2], [3, 4])
print(next(z), list(z), list(z), type(z), isinstance(z, zip))
print(type(iter([])), type(iter(())), type(iter({})), type(iter({}.items())), type(iter(set())), type(iter(range(1))), type(reversed([])), type(iter(Seq(1))), type(iter(count, 1)), type(reversed(Seq(1))))
class Z(zip):
    pass
print(list(Z([1], [2])), type(Z()), next(map(lambda *args: args, [1], [2], [3])))
print(enumerate([1]).__reduce__()[1][1], iter([1, 2]).__reduce__()[1:], iter((1,)).__reduce__()[1:], reversed([1, 2]).__reduce__()[1:])
