# itertools: every tool, its edges, copies and pickling state
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


from itertools import *
import itertools
L = list
show(lambda: L(accumulate([1, 2, 3])), lambda: L(accumulate([1, 2, 3], lambda a, b: a * b)), lambda: L(accumulate([1, 2], initial=10)), lambda: L(accumulate([], initial=1)), lambda: L(accumulate([])), lambda: accumulate(1), lambda: L(accumulate("abc")), lambda: L(accumulate([1, "a"])), lambda: accumulate())
show(lambda: L(chain([1], "ab", (2,))), lambda: L(chain()), lambda: L(chain([1], 5)), lambda: L(chain.from_iterable(["ab", [1]])), lambda: chain.from_iterable(5), lambda: L(chain.from_iterable([5])), lambda: chain([], x=1))
show(lambda: L(combinations("abcd", 2)), lambda: L(combinations("ab", 3)), lambda: L(combinations("ab", 0)), lambda: combinations("ab", -1), lambda: combinations("ab"), lambda: L(combinations(range(4), 3)), lambda: L(combinations([], 0)))
show(lambda: L(combinations_with_replacement("abc", 2)), lambda: L(combinations_with_replacement("", 2)), lambda: L(combinations_with_replacement("a", 3)), lambda: L(combinations_with_replacement("", 0)), lambda: combinations_with_replacement("a", -1))
show(lambda: L(permutations("abc")), lambda: L(permutations("abc", 2)), lambda: L(permutations("ab", 3)), lambda: L(permutations("ab", 0)), lambda: permutations("ab", -1), lambda: permutations("ab", "x"), lambda: len(L(permutations(range(6)))), lambda: L(permutations([])))
show(lambda: L(product("ab", [1, 2])), lambda: L(product("ab", repeat=2)), lambda: L(product()), lambda: L(product("ab", [])), lambda: L(product("a", repeat=0)), lambda: product("a", repeat=-1), lambda: product(5), lambda: product("a", foo=1), lambda: len(L(product(range(3), repeat=4))))
show(lambda: L(compress("abcdef", [1, 0, 1, 0, 1])), lambda: compress(1, 2), lambda: L(dropwhile(lambda x: x < 3, [1, 2, 3, 1])), lambda: L(takewhile(lambda x: x < 3, [1, 2, 3, 1])), lambda: L(filterfalse(None, [0, 1, 2])), lambda: L(filterfalse(lambda x: x % 2, range(5))), lambda: L(starmap(pow, [(2, 3), (3, 2)])), lambda: L(starmap(pow, [1])), lambda: dropwhile(1), lambda: L(pairwise("abcd")), lambda: L(pairwise("a")), lambda: pairwise(1))
show(lambda: L(islice("abcdef", 3)), lambda: L(islice("abcdef", 2, 5)), lambda: L(islice("abcdef", 0, None, 2)), lambda: L(islice(count(), 2, 10, 3)), lambda: L(islice("abc", None)), lambda: L(islice("abc", 5, 10)), lambda: islice("a", -1), lambda: islice("a", "x"), lambda: islice("a", 1, 2, 0), lambda: islice("a", -1, 2), lambda: islice("a"), lambda: L(islice("abc", 0)))
show(lambda: L(islice(count(5), 3)), lambda: L(islice(count(1, 2), 3)), lambda: L(islice(count(0.5, 0.5), 3)), lambda: L(islice(count(10**20), 2)), lambda: L(islice(count(2**47 - 1), 3)), lambda: count("a"), lambda: count(1), lambda: count(1, 2), lambda: count(1.5), lambda: count(step=3), lambda: L(islice(cycle("ab"), 5)), lambda: L(cycle([])), lambda: cycle(1), lambda: L(repeat(1, 3)), lambda: repeat("a"), lambda: repeat("a", 2), lambda: repeat(1, -2), lambda: L(repeat(1, times=2)), lambda: repeat(1, "a"), lambda: repeat(1, 5).__length_hint__(), lambda: repeat(1).__length_hint__())
show(lambda: L(zip_longest("ab", "c", [1, 2, 3])), lambda: L(zip_longest("ab", "c", fillvalue="-")), lambda: L(zip_longest()), lambda: zip_longest("a", foo=1), lambda: zip_longest(1))
show(lambda: [(k, L(g)) for k, g in groupby("aabbca")], lambda: [(k, L(g)) for k, g in groupby([1, 3, 2, 4], lambda x: x % 2)], lambda: L(groupby([])), lambda: groupby(1), lambda: [k for k, g in groupby("aabb")])
g = groupby("aabb")
k, first = next(g)
print(k, next(first))
k2, second = next(g)
print(k2, L(first), L(second), L(second))
a, b = tee([1, 2, 3])
print(next(a), next(a), L(b), L(a), L(a), next(b, "end"))
c = tee(range(200), 3)
print(sum(c[0]), sum(c[1]), len(L(c[2])), tee([1], 0), len(tee([1], 1)))
import copy
d = iter(tee("abc")[0])
next(d)
e = copy.copy(d)
print(L(d), L(e))
show(lambda: tee([1], -1), lambda: tee(1), lambda: tee([], "a"))
class Reenter:
    def __iter__(self): return self
    def __next__(self): return next(f)
f = tee(Reenter())[0]
show(lambda: next(f))
show(lambda: chain([1]).__reduce__()[:2], lambda: combinations("abc", 2).__reduce__(), lambda: count(1, 2).__reduce__(), lambda: repeat(1, 3).__reduce__(), lambda: product("ab", [1]).__reduce__(), lambda: permutations("abc", 2).__reduce__(), lambda: zip_longest("a", fillvalue=3).__reduce__()[2], lambda: islice("abc", 1, 2).__reduce__()[1][1:], lambda: accumulate([1, 2]).__reduce__()[2])
for make in (lambda: combinations("abcd", 2), lambda: permutations("abc", 2), lambda: product("ab", "cd"), lambda: combinations_with_replacement("abc", 2), lambda: chain("ab", "cd"), lambda: islice("abcdef", 1, 6, 2), lambda: accumulate([1, 2, 3]), lambda: cycle("ab"), lambda: dropwhile(str.isalpha, "ab1c"), lambda: takewhile(str.isalpha, "ab1c"), lambda: count(3), lambda: repeat(1, 5)):
    one = make()
    next(one), next(one)
    parts = one.__reduce__()
    if isinstance(parts, tuple):
        two = parts[0](*parts[1])
        if len(parts) > 2: two.__setstate__(parts[2])
        print(type(two).__name__, L(islice(two, 4)))
print(itertools.count.__name__, itertools.chain.__module__, chain, sorted(n for n in dir(itertools) if not n.startswith("__")))
def fails():
    yield 1
    raise ValueError("source failed")
for tool in (lambda s: accumulate(s), lambda s: chain(s), lambda s: compress(s, [1, 1]), lambda s: cycle(s), lambda s: dropwhile(bool, s), lambda s: filterfalse(None, s), lambda s: groupby(s), lambda s: islice(s, 5), lambda s: pairwise(s), lambda s: starmap(max, s), lambda s: takewhile(bool, s), lambda s: tee(s)[0], lambda s: zip_longest(s, [1]), lambda s: combinations(s, 1), lambda s: product(s)):
    show(lambda: L(tool(fails())))
