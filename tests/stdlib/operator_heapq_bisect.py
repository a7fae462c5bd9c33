# operator, heapq, bisect
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


import operator as op, heapq, bisect
show(lambda: op.add(1, 2), lambda: op.sub(1, 2), lambda: op.mul(2, 3), lambda: op.truediv(1, 2), lambda: op.floordiv(7, 2), lambda: op.mod(7, 2), lambda: op.pow(2, 3), lambda: op.and_(6, 3), lambda: op.or_(6, 3), lambda: op.xor(6, 3), lambda: op.lshift(1, 3), lambda: op.rshift(8, 1), lambda: op.neg(1), lambda: op.pos(-1), lambda: op.inv(1), lambda: op.invert(1), lambda: op.not_(0), lambda: op.truth([]), lambda: op.abs(-1), lambda: op.index(True), lambda: op.index("a"), lambda: op.lt(1, 2), lambda: op.eq(1, 1.0), lambda: op.is_(None, None), lambda: op.is_not(1, None), lambda: op.contains([1], 1), lambda: op.countOf([1, 1, 2], 1), lambda: op.indexOf([1, 2], 2), lambda: op.indexOf([1], 5), lambda: op.concat([1], [2]), lambda: op.concat(1, 2), lambda: op.getitem([1, 2], 1), lambda: op.setitem([1], 0, 2), lambda: op.delitem([1], 0), lambda: op.delitem([1], 5), lambda: op.length_hint([1, 2]), lambda: op.length_hint(1, 5), lambda: op.length_hint(iter([1])), lambda: op.length_hint(1, "a"), lambda: op.matmul(1, 2), lambda: op.call(max, 1, 2), lambda: op.add(1))
a = [1]
show(lambda: op.iadd(a, [2]), lambda: a, lambda: op.imul(a, 2), lambda: a, lambda: op.iconcat(a, [3]), lambda: op.ior({1}, {2}), lambda: op.ipow(2, 3))
class N: pass
n = N(); n.a = N(); n.a.b = 5; n.c = 6
show(lambda: op.itemgetter(1)("abc"), lambda: op.itemgetter(0, 2)("abc"), lambda: op.itemgetter(slice(1))("abc"), lambda: op.itemgetter("k")({"k": 1}), lambda: op.itemgetter(5)([1]), lambda: op.itemgetter(), lambda: op.itemgetter(1)(), lambda: op.itemgetter(1), lambda: op.attrgetter("c")(n), lambda: op.attrgetter("a.b", "c")(n), lambda: op.attrgetter("z")(n), lambda: op.attrgetter(1), lambda: op.attrgetter("a.b"), lambda: op.methodcaller("upper")("a"), lambda: op.methodcaller("split", ",", maxsplit=1)("a,b,c"), lambda: op.methodcaller("split", ",", maxsplit=1), lambda: op.methodcaller(), lambda: op.methodcaller(1), lambda: op.methodcaller("foo")(1), lambda: op.methodcaller("split", "b").__reduce__(), lambda: op.itemgetter(1, 2).__reduce__(), lambda: op.attrgetter("a").__reduce__())
print(sorted([(1, "b"), (0, "c")], key=op.itemgetter(1)), sorted([n], key=op.attrgetter("c")) == [n], __import__("_operator")._compare_digest("abc", "abc"))
h = []
for x in [5, 1, 4, 1, 5, 9, 2, 6, 5, 3]: heapq.heappush(h, x)
print(h[0], [heapq.heappop(h) for _ in range(len(h))])
h = [5, 1, 4, 1, 5, 9, 2, 6, 5, 3]
heapq.heapify(h)
print(h, heapq.heappushpop(h, 0), heapq.heapreplace(h, 7), h, heapq.nlargest(3, h), heapq.nsmallest(3, h), list(heapq.merge([1, 3], [2, 4])), heapq.nlargest(2, "abc", key=ord))
show(lambda: heapq.heappop([]), lambda: heapq.heapreplace([], 1), lambda: heapq.heappush(1, 2), lambda: heapq.heapify((1,)), lambda: heapq.heappushpop([], 3), lambda: heapq.heappush([1], "a"), lambda: heapq.heapify([1, "a", 2]))
class E:
    def __init__(self, n): self.n = n
    def __lt__(self, o):
        hh.clear()
        return self.n < o.n
hh = [E(i) for i in range(10)]
show(lambda: heapq.heappop(hh), lambda: heapq.heapify(hh))
b = [1, 3, 3, 5]
show(lambda: bisect.bisect(b, 3), lambda: bisect.bisect_left(b, 3), lambda: bisect.bisect_right(b, 3), lambda: bisect.bisect(b, 9), lambda: bisect.bisect(b, 0), lambda: bisect.bisect(b, 3, 2), lambda: bisect.bisect(b, 3, 0, 1), lambda: bisect.bisect(b, 3, -1), lambda: bisect.bisect_left(b, 3, 0, 10), lambda: bisect.bisect_left([1, 2], 9, 0, 10), lambda: bisect.insort(b, 4), lambda: b, lambda: bisect.insort_left(b, 3), lambda: b, lambda: bisect.bisect([(1, "a"), (2, "b")], 2, key=lambda p: p[0]), lambda: bisect.bisect(1, 2), lambda: bisect.bisect([1], "a"), lambda: bisect.bisect())
c = []
for x in (5, 1, 4): bisect.insort(c, x, key=lambda v: -v)
print(c)
