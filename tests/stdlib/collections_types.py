# collections: deque, defaultdict, OrderedDict, Counter, namedtuple
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


from collections import deque, defaultdict, OrderedDict, Counter, namedtuple, ChainMap, UserDict, UserList
show(lambda: deque(), lambda: deque("abc"), lambda: deque([1, 2, 3], 2), lambda: deque([1], maxlen=None), lambda: deque([], -1), lambda: deque([], "a"), lambda: deque(1), lambda: deque(1, 2, 3), lambda: deque(iterable="ab", maxlen=1))
d = deque([1, 2, 3])
d.append(4); d.appendleft(0); d.extend([5, 6]); d.extendleft([-1, -2])
print(d, len(d), d[0], d[-1], d[4])
show(lambda: d.pop(), lambda: d.popleft(), lambda: d, lambda: d.rotate(2), lambda: d, lambda: d.rotate(-3), lambda: d, lambda: d.rotate(), lambda: d, lambda: d.rotate("a"), lambda: d.reverse(), lambda: d, lambda: d.index(3), lambda: d.index(99), lambda: d.index(3, 5), lambda: d.count(3), lambda: d.remove(3), lambda: d.remove(99), lambda: d, lambda: 4 in d, lambda: 99 in d, lambda: d.insert(2, "x"), lambda: d, lambda: d.insert(-1, "y"), lambda: d.insert(100, "z"), lambda: d, lambda: d.copy() == d, lambda: d[100], lambda: d["a"], lambda: d[0:1], lambda: deque().pop(), lambda: deque().popleft())
def change():
    e = deque(range(5))
    e[0] = "a"; e[-1] = "b"
    del e[1]
    return e
show(change, lambda: deque([1]) + deque([2]), lambda: deque([1]) + [2], lambda: deque([1, 2]) * 2, lambda: 2 * deque([1, 2], 3), lambda: deque([1]) * 0, lambda: deque([1]) * "a", lambda: deque([1, 2]) == deque([1, 2]), lambda: deque([1]) < deque([2]), lambda: deque([1]) == [1], lambda: deque([1]) < [1], lambda: hash(deque()), lambda: list(reversed(deque("abc"))), lambda: deque([1], 1).insert(0, 2), lambda: deque("abcdefg", 3), lambda: deque([1, 2], 2).maxlen, lambda: deque([1, 2], 5).__reduce__()[:3], lambda: deque[int])
f = deque(maxlen=3)
for i in range(10): f.append(i)
f.appendleft("left"); f += [7, 8]
print(f)
f *= 2
print(f, bool(f), bool(deque()))
g = deque()
g.append(g)
print(g)
def mutate():
    h = deque([1, 2, 3])
    for x in h: h.append(x)
show(mutate)
h = deque(range(10000))
for i in range(9000): h.popleft(); h.append(i)
h.rotate(1234)
print(sum(h), len(h), h[0], h[-1])
class D(deque):
    pass
i = D([1], 5)
i.note = 1
print(i, type(i.copy()), i.copy().maxlen, type(i + D()))
j = defaultdict(list)
j["a"].append(1); j["b"]; j["a"].append(2)
print(j, j.default_factory, j.get("z"), "z" in j, dict(j))
show(lambda: defaultdict(1), lambda: defaultdict()["x"], lambda: defaultdict(None, a=1), lambda: defaultdict(int, {1: 2}), lambda: defaultdict(int) | {1: 2}, lambda: {1: 2} | defaultdict(int), lambda: defaultdict(int, a=1).copy(), lambda: defaultdict(int, a=1) == {"a": 1}, lambda: defaultdict(int).__reduce__()[:4], lambda: defaultdict(lambda: 1 / 0)["x"], lambda: defaultdict(int).__missing__("q"), lambda: defaultdict(int, 5))
k = defaultdict(int)
for letter in "mississippi": k[letter] += 1
print(sorted(k.items()))
k.default_factory = None
show(lambda: k["zz"], lambda: k)
o = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
show(lambda: o, lambda: o.move_to_end("a"), lambda: o, lambda: o.move_to_end("c", last=False), lambda: o, lambda: o.move_to_end("zz"), lambda: o.popitem(), lambda: o.popitem(last=False), lambda: o, lambda: o.popitem(), lambda: o.popitem(), lambda: OrderedDict(), lambda: OrderedDict(a=1, b=2), lambda: OrderedDict(1), lambda: OrderedDict(1, 2), lambda: OrderedDict([(1, 2)]) == OrderedDict([(1, 2)]), lambda: OrderedDict([(1, 2), (3, 4)]) == OrderedDict([(3, 4), (1, 2)]), lambda: OrderedDict([(1, 2), (3, 4)]) == {3: 4, 1: 2}, lambda: OrderedDict.fromkeys("ab"), lambda: OrderedDict(a=1) | {"b": 2}, lambda: OrderedDict(a=1).keys(), lambda: OrderedDict(a=1).items(), lambda: OrderedDict(a=1).values(), lambda: list(reversed(OrderedDict(a=1, b=2))), lambda: list(reversed(OrderedDict(a=1, b=2).items())), lambda: OrderedDict(a=1).pop("a"), lambda: OrderedDict().pop("a"), lambda: OrderedDict().pop("a", 5), lambda: OrderedDict(a=1).setdefault("b", 2), lambda: OrderedDict(a=1).copy(), lambda: OrderedDict(a=1).__reduce__()[:4])
def od_mutate():
    q = OrderedDict(a=1, b=2)
    for key in q: q.move_to_end("a")
show(od_mutate)
q = OrderedDict((n, n) for n in range(100))
for n in range(0, 100, 2): q.move_to_end(n)
for n in range(1, 100, 10): q.move_to_end(n, last=False)
print(list(q))
while len(q) > 5: q.popitem(last=False)
print(q)
lru = OrderedDict()
for n in range(1000):
    lru[n % 50] = n
    lru.move_to_end(n % 50)
    if len(lru) > 30: lru.popitem(last=False)
print(list(lru.items())[:3], len(lru))
class O(OrderedDict):
    def __setitem__(self, key, value): super().__setitem__(key, value + 1)
r = O(a=1)
r.update(b=2)
r.x = 5
print(r, type(r.copy()), r.copy(), r.x, r.__dict__)
c = Counter("abracadabra")
print(c, c.most_common(2), c["z"], c + Counter("az"), c - Counter("aab"), c & Counter("aab"), sum(c.values()), Counter(a=3, b=-1), +Counter(a=3, b=-1), c.total())
c.update("aaa"); c.subtract("bbb")
print(c, sorted(c.elements())[:3], Counter({"x": 2}) == Counter("xx"))
P = namedtuple("P", "x y", defaults=[5])
p = P(1)
print(p, p.x, p.y, p._replace(x=9), p._asdict(), P._fields, p == (1, 5), P._make([3, 4]), *p)
show(lambda: P(), lambda: P(1, 2, 3), lambda: namedtuple("Q", "a a"), lambda: namedtuple("Q", "1a"), lambda: p.z, lambda: hash(p) == hash((1, 5)))
print(ChainMap({"a": 1}, {"a": 2, "b": 3})["b"], UserDict(a=1), UserList([1, 2]) + [3])
