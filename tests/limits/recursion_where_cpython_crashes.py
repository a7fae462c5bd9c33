# What ends CPython's process is a RecursionError, or simply works, here.
import functools
import itertools
import operator
import threading
import weakref


def attempt(what, function):
    try:
        function()
    except RecursionError:
        pass
    print(what, "survived")


def nested(wrap, start, depth=40000):
    for _ in range(depth):
        start = wrap(start)
    return start


class Proxied:
    def __init__(self, other): self.other = other
    def __getattr__(self, name): return getattr(self.other, name)
    def __iter__(self): return iter(self.other)


def every():
    attempt("hash", lambda: hash(nested(lambda x: (x,), ())))                                          # expect: hash survived
    attempt("frozenset", lambda: hash(nested(lambda x: frozenset([x]), 1)))                            # expect: frozenset survived
    attempt("map", lambda: list(nested(lambda x: map(str, x), iter("a"))))                             # expect: map survived
    attempt("chain", lambda: list(nested(lambda x: itertools.chain(x), iter("a"))))                    # expect: chain survived
    attempt("islice", lambda: list(nested(lambda x: itertools.islice(x, 5), iter("a"))))               # expect: islice survived
    attempt("filter", lambda: list(nested(lambda x: filter(None, x), iter("a"))))                      # expect: filter survived
    attempt("enumerate", lambda: next(nested(enumerate, iter("a"))))                                   # expect: enumerate survived
    attempt("zip", lambda: next(nested(zip, iter("a"))))                                               # expect: zip survived
    attempt("reversed", lambda: next(nested(lambda x: itertools.takewhile(bool, x), iter("a"))))       # expect: reversed survived
    attempt("partial", lambda: nested(lambda f: functools.partial(Proxied, f), int)())                 # expect: partial survived
    attempt("getattr", lambda: nested(Proxied, 1).missing)                                             # expect: getattr survived
    attempt("iter", lambda: iter(nested(Proxied, [])))                                                 # expect: iter survived
    attempt("isinstance", lambda: isinstance(1, nested(lambda x: (x,), str)))                          # expect: isinstance survived
    attempt("percent", lambda: "%s" % nested(lambda x: (x,), "b", 100))          # expect: percent survived
    attempt("union", lambda: hash(nested(lambda x: list[x], int)))                                     # expect: union survived
    attempt("union repr", lambda: repr(nested(lambda x: list[x], int)))                                # expect: union repr survived
    attempt("reduce", lambda: functools.reduce(lambda x, y: map(str, x), range(100000), "a").__next__())   # expect: reduce survived
    attempt("slice", lambda: repr(nested(slice, 1)))                                                   # expect: slice survived
    attempt("slice ==", lambda: nested(slice, 1) == nested(slice, 1))                                  # expect: slice == survived
    attempt("groups", lambda: repr(nested(lambda x: ExceptionGroup("g", [x]), ValueError())))          # expect: groups survived
    attempt("split", lambda: nested(lambda x: ExceptionGroup("g", [x]), ValueError(), 20000).split(KeyError))   # expect: split survived
    attempt("generators", lambda: next(nested(lambda x: (y for y in x), iter("a"))))                   # expect: generators survived
    attempt("context", lambda: contexts())                                                             # expect: context survived
    attempt("bound methods", lambda: hash(nested(lambda x: Proxied(x).__init__, 1)))                   # expect: bound methods survived
    attempt("property", lambda: nested(lambda x: property(x), len).__doc__)                            # expect: property survived
    attempt("format", lambda: compiled("f'" + "{1:" * 400 + "}" * 400 + "'"))                   # expect: format survived
    attempt("mro", lambda: nested(lambda x: type("C", (x,), {}), object, 400)())                      # expect: mro survived


def compiled(text):
    try:
        eval(text)
    except (SyntaxError, MemoryError):
        pass


def contexts():
    error = None
    for i in range(100000):
        new = ValueError(i)
        new.__context__ = error
        error = new
    import traceback
    repr(error), str(error)
    try:
        raise error
    except ValueError:
        pass


every()
import contextlib
import io

with contextlib.redirect_stdout(io.StringIO()) as said:
    thread = threading.Thread(target=every)
    thread.start()
    thread.join()
print(said.getvalue().count("survived"))                                                               # expect: 27
