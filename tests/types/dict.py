# dict: construction, lookups, methods, views, order, operators, errors
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


show(lambda: dict(), lambda: dict({1: 2}), lambda: dict([(1, 2), [3, 4], "ab"]), lambda: dict(a=1, b=2), lambda: dict({"a": 0}, a=1), lambda: dict(1), lambda: dict(1, 2),
     lambda: dict([1]), lambda: dict(["abc"]), lambda: dict([(1, 2, 3)]), lambda: dict([[]]), lambda: dict(zip("abc", range(3))), lambda: dict(**{"x": 1}, y=2))
d = {"a": 1, "b": 2, 3: "c"}
show(lambda: d["a"], lambda: d["z"], lambda: d[[]], lambda: d.get("a"), lambda: d.get("z"), lambda: d.get("z", 0), lambda: d.get([]), lambda: "a" in d, lambda: "z" in d,
     lambda: [] in d, lambda: len(d), lambda: d.get(), lambda: d.get(1, 2, 3), lambda: d[(1, 2)])
def delete(key):
    e = dict(d)
    del e[key]
    return e
show(lambda: delete("a"), lambda: delete("z"), lambda: delete([]))
e = dict(d)
show(lambda: e.pop("a"), lambda: e.pop("a"), lambda: e.pop("a", "default"), lambda: e.pop(), lambda: e.popitem(), lambda: e.popitem(), lambda: e.popitem(), lambda: e, lambda: e.pop([]), lambda: {}.pop([]))
show(lambda: e.setdefault("k", []), lambda: e.setdefault("k", 5), lambda: e.setdefault("n"), lambda: e, lambda: e.setdefault([], 1), lambda: e.clear(), lambda: e)
show(lambda: e.update({1: 2}), lambda: e.update([(3, 4)]), lambda: e.update(x=5), lambda: e.update({1: 9}, y=6), lambda: e, lambda: e.update(5), lambda: e.update([5]), lambda: e.update(1, 2), lambda: e.update(None))
show(lambda: dict.fromkeys("abc"), lambda: dict.fromkeys([1, 2], 0), lambda: dict.fromkeys(5), lambda: dict.fromkeys([[]]), lambda: dict.fromkeys())
show(lambda: {1: 2} | {3: 4}, lambda: {1: 2} | {1: 3}, lambda: {1: 2} | [(3, 4)], lambda: {1: 2}.__or__([(3, 4)]), lambda: {1: 2} == {1: 2.0}, lambda: {1: 2} != {1: 3}, lambda: {1: 2} < {1: 3}, lambda: {1: 1} == 1,
     lambda: {"a": 1, "b": 2} == {"b": 2, "a": 1})
f = {1: 2}
f |= [(3, 4)]
f |= {5: 6}
print(f)
f[1] = "same place"
del f[3]
f[3] = "now last"
print(f, list(f), list(reversed(f)), list(f.items()), list(reversed(f.values())))
show(lambda: d.keys(), lambda: d.values(), lambda: d.items(), lambda: len(d.keys()), lambda: "a" in d.keys(), lambda: ("a", 1) in d.items(), lambda: ("a", 2) in d.items(), lambda: 1 in d.values(),
     lambda: {"a": 1}.keys() & {"a", "b"}, lambda: {"a": 1}.keys() | ["b"] == {"a", "b"}, lambda: {"a": 1, "b": 2}.keys() - ["b"], lambda: {"a": 1}.keys() ^ {"a": 1, "c": 2}.keys(),
     lambda: {"a": 1}.items() & {("a", 1)}, lambda: {"a": 1}.keys() == {"a"}, lambda: {"a": 1}.keys() <= {"a": 2, "b": 3}.keys(), lambda: {"a": 1}.keys() < {"a"}, lambda: {"a": 1}.keys().isdisjoint("b"),
     lambda: {"a": 1}.items() == {"a": 1}.items(), lambda: {"a": []}.items() & set(), lambda: {1: 2}.values() == {1: 2}.values(), lambda: d.keys().mapping, lambda: d.keys() + 1, lambda: {1: 2}.keys() | 3,
     lambda: ["x"] & {"x": 1}.keys(), lambda: {"x", "y"} - {"x": 1}.keys())
show(lambda: hash({}), lambda: {{}: 1}, lambda: hash(d.keys()), lambda: type(hash(d.values())))
g = {}
g["self"] = g
print(g, g.items(), g.values())
class D(dict):
    def __missing__(self, key): return "missing " + str(key)
h = D(a=1)
print(h["a"], h["b"], h.get("b"), "b" in h, h, type(h.copy()), type(h | {}), D.fromkeys("x"))
class E(dict):
    def __setitem__(self, key, value): super().__setitem__(key, value * 2)
i = E(a=1)
i["b"] = 1
i.update(c=1)
print(i)
class K:
    def __init__(self, name, same): self.name, self.same = name, same
    def __hash__(self): return 7
    def __eq__(self, other): return self.same
    def __repr__(self): return self.name
print({K("one", False): 1, K("two", False): 2}, {K("one", True): 1, K("two", True): 2})
print({1: "int", 1.0: "float", True: "bool"}, {0: "a", -0.0: "b", False: "c"}, {-1: 1, -2: 2})
def iterate_and_grow():
    j = {1: 1}
    for key in j:
        j[key + 1] = 1
def iterate_and_shrink():
    j = {1: 1, 2: 2}
    for key in j.items():
        del j[1]
def iterate_and_replace():
    j = {1: 1}
    for key in j:
        del j[key]
        j[key + 1] = 1
def iterate_and_set():
    j = {1: 1, 2: 2}
    for key in j:
        j[key] = 5
    return j
show(iterate_and_grow, iterate_and_shrink, iterate_and_replace, iterate_and_set)
show(lambda: iter({}).__length_hint__(), lambda: iter({1: 2}).__length_hint__(), lambda: next(iter({})), lambda: next(iter({1: 2}.items())), lambda: list(iter({1: 2}.values())))
big = {n: n * n for n in range(1000)}
for n in range(0, 1000, 3):
    del big[n]
print(len(big), sum(big), sum(big.values()), 999 in big, 998 in big, big[998])
for n in range(2000, 3000):
    big[str(n)] = n
print(len(big), list(big)[:5], list(big)[-3:], big["2500"])
while len(big) > 3:
    big.popitem()
print(big)
def keywords(**kwargs): return kwargs
print(keywords(b=1, a=2), keywords(**{"x": 1}, y=2))
show(lambda: keywords(**{"x": 1}, **{"x": 2}), lambda: keywords(**{1: 2}), lambda: keywords(**5), lambda: keywords(x=1, **{"x": 2}))
print({**{"a": 1}, "b": 2, **{"a": 3}}, {k: v for k, v in [(1, 2), (1, 3)]}, dict(a=1).__contains__("a"), dict.__getitem__({1: 2}, 1), dict[str, int])
