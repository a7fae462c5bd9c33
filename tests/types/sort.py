# list.sort and sorted: order, stability, keys, reverse, failures, lists that are changed meanwhile
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


seed = 12345
def rand(n):
    global seed
    seed = (seed * 1103515245 + 12345) % 2**31
    return seed % n
def check(values, **options):
    result = sorted(values, **options)
    key = options.get("key", lambda x: x)
    pairs = [(key(a), key(b)) for a, b in zip(result, result[1:])]
    good = all(not b < a for a, b in pairs) if not options.get("reverse") else all(not a < b for a, b in pairs)
    return good and len(result) == len(values)
sizes = [0, 1, 2, 3, 5, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 500, 1000, 3000]
print(all(check([rand(10) for _ in range(n)]) for n in sizes), all(check([rand(10**6) for _ in range(n)], reverse=True) for n in sizes))
print(all(check([rand(10**6) / 7 for _ in range(n)]) for n in sizes), all(check([str(rand(1000)) for _ in range(n)]) for n in sizes))
print(all(check(list(range(n))) and check(list(range(n, 0, -1))) for n in sizes), all(check([i % 7 for i in range(n)], key=lambda x: -x) for n in sizes))
print(all(check([(rand(5), rand(5)) for _ in range(n)]) for n in sizes), all(check([rand(5) if rand(2) else rand(5) + 0.5 for _ in range(n)]) for n in sizes))
for reverse in (False, True):
    pairs = [(rand(20), i) for i in range(2000)]
    result = sorted(pairs, key=lambda p: p[0], reverse=reverse)
    print(all(a[1] < b[1] for a, b in zip(result, result[1:]) if a[0] == b[0]), [p[0] for p in result] == sorted([p[0] for p in pairs], reverse=reverse))
a = [3, 1, 2]
show(lambda: a.sort(), lambda: a, lambda: a.sort(reverse=True), lambda: a, lambda: a.sort(key=lambda x: -x), lambda: a, lambda: a.sort(1), lambda: a.sort(foo=1), lambda: a.sort(reverse="x"), lambda: a.sort(key=5), lambda: a.sort(key=None, reverse=0), lambda: a)
show(lambda: sorted([1, "a"]), lambda: sorted([2, None, 1]), lambda: sorted("hello"), lambda: sorted({3: 1, 1: 2}), lambda: sorted(5), lambda: sorted([3, 1], key=str, reverse=True), lambda: sorted(["b", "B", "a"], key=str.lower), lambda: sorted(["é", "z", "a", "\U0001F600"]))
b = [1, "x", 2, "y", 3]
show(lambda: b.sort())
print(len(b), set(map(str, b)) == {"1", "x", "2", "y", "3"})
class Changes:
    target = None
    def __init__(self, n): self.n = n
    def __lt__(self, other):
        Changes.target.append(1)
        return self.n < other.n
    def __repr__(self): return str(self.n)
Changes.target = c = [Changes(n) for n in (3, 1, 2)]
show(lambda: c.sort())
print(c)
def key(x):
    d.append(1)
    return x
d = [3, 1, 2]
show(lambda: d.sort(key=key), lambda: d)
seen = []
e = [2, 1]
e.sort(key=lambda x: seen.append(list(e)) or x)
print(seen, e)
class Fails:
    def __init__(self, n): self.n = n
    def __lt__(self, other):
        if self.n == 50 or other.n == 50: raise RuntimeError("no order")
        return self.n < other.n
f = [Fails((i * 37) % 100) for i in range(100)]
show(lambda: f.sort())
print(len(f), sorted(x.n for x in f) == list(range(100)))
g = [Fails((i * 37) % 100) for i in range(100)]
show(lambda: g.sort(key=lambda x: Fails(x.n), reverse=True))
print(len(g), sorted(x.n for x in g) == list(range(100)))
nan = float("nan")
print(len(sorted([nan, 1.0, nan, 0.5, 2.0])), sorted([0.0, -0.0, 1]), sorted([True, False, 2, 0]))
print(sorted([[2], [1, 5], [1]]), sorted([(1, "b"), (1, "a"), (0, "z")]), max([3, 1, 2]), min("hello"))
