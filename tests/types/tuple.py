# tuple: construction, items, methods, operators, comparison, hash, errors
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


show(lambda: tuple(), lambda: tuple([1, 2]), lambda: tuple("ab"), lambda: tuple(1), lambda: tuple(1, 2), lambda: tuple(x=1), lambda: (1,), lambda: ())
t = tuple(range(6))
show(lambda: t[0], lambda: t[-1], lambda: t[6], lambda: t["a"], lambda: t[1:3], lambda: t[::-2], lambda: t[::0], lambda: t[:] is t, lambda: t[4:100], lambda: t[10**30])
show(lambda: t + (9,), lambda: t + [9], lambda: t * 2, lambda: 0 * t, lambda: t * "a", lambda: () + t is t, lambda: tuple(t) is t, lambda: t * 1 is t)
show(lambda: t.index(3), lambda: t.index(9), lambda: t.index(3, 4), lambda: t.count(3), lambda: 3 in t, lambda: 9 in t, lambda: len(t), lambda: t.__getnewargs__(), lambda: tuple[int, ...])
show(lambda: (1, 2) == (1, 2), lambda: (1, 2) < (1, 3), lambda: (1,) < (1, 0), lambda: (1, "a") < (1, 2), lambda: (1,) == [1], lambda: (1,) < [1], lambda: (2,) >= (1, 9))
show(lambda: hash((1, 2)) == hash((1, 2)), lambda: hash((1, 2)) == hash((2, 1)), lambda: hash(()) == hash(()), lambda: hash((1, [])), lambda: hash((1.0, True)) == hash((1, 1)))
def change():
    t[0] = 1
def remove():
    del t[0]
show(change, remove)
class T(tuple):
    def __new__(cls, *args): return super().__new__(cls, args)
x = T(1, 2)
x.note = "kept"
print(x, type(x), x.note, type(x + x), type(x[:]), x == (1, 2), hash(x) == hash((1, 2)), isinstance(x, tuple))
a = ([],)
a[0].append(a)
print(a)
try:
    a[0] += [1]
except TypeError as error:
    print(error, a)
print((1, 2, 3)[Ellipsis is None:], sorted([(2, "b"), (1, "z"), (2, "a")]))
first, (second, *rest) = 1, (2, 3, 4)
print(first, second, rest)
d = {(1, 2): "pair", (): "empty"}
print(d[1, 2], d[()], (1.0, 2.0) in d)
