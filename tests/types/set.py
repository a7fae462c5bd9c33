# set and frozenset: construction, methods, operators, order of small ints, errors
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


show(lambda: set(), lambda: set("a"), lambda: set([1, 2, 2]), lambda: {3, 1, 2}, lambda: set(1), lambda: set(1, 2), lambda: set(x=1), lambda: frozenset(), lambda: frozenset([1]), lambda: frozenset(1, 2),
     lambda: {[]}, lambda: set([[]]), lambda: {5, 3, 9, 100, 64, 32, 8}, lambda: set(range(20)), lambda: {n * 7 % 50 for n in range(30)}, lambda: set(range(100, 0, -7)), lambda: {-1, -2, 0, 1})
s = {1, 2, 3}
show(lambda: s.add(4), lambda: s.add(1), lambda: s, lambda: s.add([]), lambda: s.remove(4), lambda: s.remove(4), lambda: s.discard(9), lambda: s.discard([]), lambda: 1 in s, lambda: [] in s, lambda: len(s),
     lambda: s.remove({1}), lambda: {frozenset([1])} == {frozenset([1])}, lambda: {1} in {frozenset([1])}, lambda: set().pop(), lambda: {7}.pop(), lambda: s.copy(), lambda: s.copy() is s, lambda: frozenset(s) is frozenset(s))
show(lambda: {1, 2} | {2, 3}, lambda: {1, 2} & {2, 3}, lambda: {1, 2} - {2, 3}, lambda: {1, 2} ^ {2, 3}, lambda: {1} | [2], lambda: {1} & [1], lambda: [1] - {1}, lambda: {1} + {2}, lambda: {1, 2} < {1, 2, 3},
     lambda: {1} <= {1}, lambda: {1} > set(), lambda: {1, 2} >= {3}, lambda: {1} == {1.0}, lambda: {1} != {2}, lambda: {1} < [1], lambda: {1} == [1], lambda: {1} == frozenset([1]), lambda: frozenset([1]) | {2}, lambda: {1} | frozenset([2]))
show(lambda: {1}.union([2], (3,), "4") == {1, 2, 3, "4"}, lambda: {1, 2, 3}.intersection([2, 3], {3}), lambda: {1, 2, 3}.difference([1], [2]), lambda: {1, 2}.symmetric_difference([2, 3]), lambda: {1}.union(), lambda: {1}.intersection(),
     lambda: {1}.union(5), lambda: {1}.isdisjoint([2]), lambda: {1}.isdisjoint({1}), lambda: {1}.issubset([1, 2]), lambda: {1, 2}.issuperset([1]), lambda: {1}.issubset(5), lambda: {1}.intersection([[]]))
t = {1, 2, 3, 4}
show(lambda: t.update([5], (6,)), lambda: t.intersection_update([1, 2, 5, 6]), lambda: t.difference_update([1]), lambda: t.symmetric_difference_update([2, 9]), lambda: t, lambda: t.clear(), lambda: t, lambda: t.update(5))
t = {1, 2, 3}
t |= {4}; t &= {1, 2, 4}; t -= {1}; t ^= {2, 7}
print(t)
t -= t
print(t)
def inplace():
    u = {1}
    u |= [2]
show(inplace)
show(lambda: hash(set()), lambda: hash(frozenset([1, 2])) == hash(frozenset([2, 1])), lambda: {frozenset(): 1}, lambda: frozenset([1]).add(2), lambda: frozenset([frozenset()]), lambda: set[int])
def grow():
    u = {1}
    for x in u: u.add(x + 1)
def shrink():
    u = {1, 2}
    for x in u: u.discard(x)
show(grow, shrink, lambda: list(iter({5})), lambda: iter({1, 2}).__length_hint__(), lambda: next(iter(set())))
class S(set):
    pass
x = S([1])
x.note = 1
print(x, S(), type(x | x), type(x.copy()), x == {1}, isinstance(x, set), x.__reduce__() == (S, ([1],), {"note": 1}))
class F(frozenset):
    def __new__(cls, *args): return super().__new__(cls, args)
print(F(1), F(), type(F(1) | F(2)), hash(F(1)) == hash(frozenset([1])))
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, other): return self.n == other.n
keys = {Key(n % 5) for n in range(50)}
print(len(keys), Key(3) in keys, Key(9) in keys)
y = set(range(1000))
for n in range(0, 1000, 2): y.remove(n)
print(len(y), sum(y), 500 in y, 501 in y)
while y: y.pop()
print(y)
class Self(frozenset):
    pass
w = Self([1])
print(set("hello") == {"h", "e", "l", "o"}, {*"ab"} == {"a", "b"}, {x % 3 for x in range(9)}, not set(), sorted({"b", "a"}))
