# range and slice
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


show(lambda: range(5), lambda: range(1, 5), lambda: range(1, 10, 3), lambda: range(5, 0, -2), lambda: range(), lambda: range(1, 2, 3, 4), lambda: range("a"), lambda: range(1.0), lambda: range(1, 2, 0), lambda: range(x=1), lambda: range(True))
r = range(2, 20, 3)
show(lambda: list(r), lambda: len(r), lambda: r[0], lambda: r[-1], lambda: r[6], lambda: r[-7], lambda: r["a"], lambda: r[1:3], lambda: r[::-1], lambda: r[::2], lambda: r[10:], lambda: r[::0], lambda: list(r[4:1:-1]),
     lambda: 5 in r, lambda: 6 in r, lambda: 5.0 in r, lambda: "a" in r, lambda: r.index(8), lambda: r.index(9), lambda: r.index("a"), lambda: r.count(8), lambda: r.count(9), lambda: r.count(8.0), lambda: r.start, lambda: r.stop, lambda: r.step,
     lambda: list(reversed(r)), lambda: bool(range(0)), lambda: bool(r))
show(lambda: range(3) == range(0, 3, 1), lambda: range(0) == range(5, 2), lambda: range(1, 10, 3) == range(1, 8, 3), lambda: range(0, 1, 5) == range(0, 1, 7), lambda: range(3) == [0, 1, 2], lambda: range(3) < range(4),
     lambda: hash(range(3)) == hash(range(0, 3)), lambda: hash(range(0)) == hash(range(2, 1)), lambda: range(3) != range(4))
big = range(10**20, 10**20 + 10, 3)
show(lambda: big, lambda: list(big), lambda: len(big), lambda: big[2], lambda: big[-1], lambda: 10**20 + 3 in big, lambda: 10**20 + 4 in big, lambda: big.index(10**20 + 6), lambda: list(reversed(big)), lambda: big[1:], lambda: len(range(10**30)),
     lambda: range(10**30)[10**29], lambda: list(range(2**63 - 3, 2**63 + 2)), lambda: list(range(-2**63 - 1, -2**63 + 2)), lambda: list(range(2**47 - 2, 2**47 + 2)), lambda: list(range(-2**47 + 1, -2**47 - 3, -1)), lambda: sum(range(10**5)))
it = iter(range(5))
print(next(it), it.__length_hint__(), list(it), list(it), next(it, "end"))
show(lambda: next(iter(range(0))), lambda: iter(range(10**20)).__length_hint__(), lambda: iter(range(3)).__reduce__(), lambda: range(1, 2).__reduce__(), lambda: type(iter(range(3))), lambda: type(iter(range(10**20))))
def subclass():
    class R(range): pass
show(subclass)
class I:
    def __init__(self, n): self.n = n
    def __index__(self): return self.n
print(range(I(2), I(5)), list(range(I(3))), range(10)[I(3)], range(10)[I(1):I(4)])
s = slice(1, 2)
show(lambda: slice(5), lambda: slice(1, 2, 3), lambda: slice(None), lambda: slice(), lambda: slice(1, 2, 3, 4), lambda: slice(x=1), lambda: s.start, lambda: s.stop, lambda: s.step, lambda: s == slice(1, 2), lambda: s < slice(1, 3), lambda: hash(s),
     lambda: slice(1, 10, 2).indices(5), lambda: slice(None, None, -1).indices(5), lambda: slice(-3, None).indices(5), lambda: slice(1, 2).indices(-1), lambda: slice(1, 2).indices("a"), lambda: slice("a").indices(5), lambda: slice(0, 1, 0).indices(1),
     lambda: slice(10**30).indices(10**20), lambda: slice(-10**30, 10**30, 7).indices(10), lambda: s.__reduce__(), lambda: slice([], {}), lambda: slice(1, 2).foo)
class G:
    def __getitem__(self, key): return key
g = G()
print(g[1:2], g[::], g[1:2, ..., None], g[()], g[:, 1])
