# list: construction, items, slices, methods, operators, comparison, errors
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


show(lambda: list(), lambda: list((1, 2)), lambda: list("abc"), lambda: list({1: 2}), lambda: list(range(3)), lambda: list(x for x in [3]),
     lambda: list(1), lambda: list(1, 2), lambda: list(x=1))
a = list(range(10))
show(lambda: a[0], lambda: a[-1], lambda: a[10], lambda: a[-11], lambda: a["x"], lambda: a[1.5], lambda: a[True], lambda: a[10**30], lambda: a[None])
show(lambda: a[2:5], lambda: a[::-1], lambda: a[8:2:-2], lambda: a[::3], lambda: a[5:2], lambda: a[-3:], lambda: a[:-3], lambda: a[10**30:], lambda: a[::0],
     lambda: a["a":], lambda: a[::10**20], lambda: a[::-10**20])
def assign(key, value, start=10):
    b = list(range(start))
    b[key] = value
    return b
def delete(key, start=10):
    b = list(range(start))
    del b[key]
    return b
show(lambda: assign(0, "x"), lambda: assign(-1, "x"), lambda: assign(10, 1), lambda: assign("a", 1), lambda: assign(slice(2, 5), "xy"),
     lambda: assign(slice(2, 2), [7, 8]), lambda: assign(slice(5, 2), [7, 8]), lambda: assign(slice(0, 10, 3), "abcd"), lambda: assign(slice(0, 10, 3), "abc"),
     lambda: assign(slice(None, None, -1), range(10)), lambda: assign(slice(1, 3), 5), lambda: assign(slice(0, 10, 2), 5), lambda: assign(slice(None), []),
     lambda: assign(slice(0, 0, 0), []), lambda: assign(slice(3, None), (x for x in "generated")))
show(lambda: delete(0), lambda: delete(-1), lambda: delete(10), lambda: delete(slice(2, 5)), lambda: delete(slice(None, None, 2)), lambda: delete(slice(None, None, -3)),
     lambda: delete(slice(5, 2)), lambda: delete(slice(None)), lambda: delete("a"))
b = [1, 2, 3]
b[1:2] = b
print(b)
b[:] = b
print(b)
b.extend(b)
print(b)
b += (9,)
b += "xy"
print(b)
b *= 2
print(b)
b *= 0
print(b)
show(lambda: [1] + [2], lambda: [1] + (2,), lambda: [1] + 1, lambda: [1, 2] * 2, lambda: 2 * [1, 2], lambda: [1] * -1, lambda: [1] * "a", lambda: [1] * 1.5,
     lambda: [1] * True, lambda: [0] * (1 << 62))
b = []
b.append(1); b.append(2); b.insert(0, "first"); b.insert(100, "last"); b.insert(-1, "before last"); b.insert(-100, "zero")
print(b)
show(lambda: b.pop(), lambda: b.pop(0), lambda: b.pop(-2), lambda: b.pop(10), lambda: [].pop(), lambda: b.pop("a"), lambda: b.append(), lambda: b.append(1, 2),
     lambda: b.insert(1), lambda: b.insert("a", 1))
print(b)
show(lambda: [1, 2, 1].index(1), lambda: [1, 2, 1].index(1, 1), lambda: [1, 2, 1].index(2, -1), lambda: [1].index(5), lambda: ["a"].index("b"), lambda: [1].index(1, "a"),
     lambda: [1, 1, 2].count(1), lambda: [1, 1.0, True].count(1), lambda: [1].remove(2), lambda: [].index(0), lambda: [1, 2, 3].index(3, 0, 2))
c = [3, 1, 2]
show(lambda: c.remove(1), lambda: c.reverse(), lambda: c, lambda: c.copy(), lambda: c.copy() is c, lambda: c.clear(), lambda: c)
show(lambda: [1, 2] == [1, 2], lambda: [1, 2] != [1, 3], lambda: [1, 2] < [1, 3], lambda: [1, 2] < [1], lambda: [] < [1], lambda: [2] > [1, 5], lambda: [1] <= [1],
     lambda: [1] >= [1], lambda: [1] == (1,), lambda: [1] < (1,), lambda: [1, "a"] < [1, 2])
nan = float("nan")
show(lambda: [nan] == [nan], lambda: nan in [nan], lambda: [nan].index(nan), lambda: 1.0 in [1], lambda: "1" in [1])
d = [1]
d.append(d)
print(d, len(d), d[1] is d)
show(lambda: hash([]), lambda: {[]: 1}, lambda: len([1, 2]), lambda: bool([]), lambda: bool([0]), lambda: iter([]).__next__(), lambda: list(reversed([1, 2, 3])),
     lambda: [1, 2].__len__(), lambda: list.append([], 1), lambda: list.append(1, 1), lambda: list.append(), lambda: list.__add__([1], [2]), lambda: list[int], lambda: list[int, str],
     lambda: [].__class_getitem__(int), lambda: [1].foo, lambda: list.foo)
class L(list):
    def __init__(self, *args, extra=None):
        super().__init__(*args)
        self.extra = extra
m = L("ab", extra=5)
print(m, m.extra, type(m), type(m + m), type(m[:]), type(m.copy()), m == ["a", "b"], isinstance(m, list), len(m))
class M(list):
    def __getitem__(self, key): return "item", key
    def __len__(self): return 7
    def __iter__(self): return iter("xyz")
n = M([1])
print(n[0], n[1:2], len(n), list(n), [*n], n)
print([x for x in [[1, 2], [3]] for x in x], [[]] * 2, sorted([3, 1, 2]))
print(repr([1, "a", b"b", None, 1.5, [], (), {}, ...]), str([1, "x"]))
x, *y = [1, 2, 3]
print(x, y)
class Evil:
    def __index__(self): return 2
print([10, 20, 30][Evil()], [10, 20, 30][Evil():])
