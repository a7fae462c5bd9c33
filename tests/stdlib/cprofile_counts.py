# cProfile: how often functions were called, by whom, and how deep; odd uses.
import _lsprof
import cProfile
import io
import pstats


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def work():
    return [fib(5) for _ in range(10)], list(generate())


def generate():
    yield 1
    yield 2


def show(profile):
    for entry in sorted(profile.getstats(), key=lambda e: str(e.code)):
        if not isinstance(entry.code, str):
            calls = [(s.code.co_name, s.callcount, s.reccallcount) for s in entry.calls or [] if not isinstance(s.code, str)]
            print(entry.code.co_name, entry.callcount, entry.reccallcount, sorted(calls), entry.totaltime >= entry.inlinetime >= 0)


profile = cProfile.Profile()
profile.enable()
work()
profile.disable()
show(profile)
out = io.StringIO()
pstats.Stats(profile, stream=out).sort_stats("name").print_stats("fib")
print("fib" in out.getvalue())
profile.clear()
print(profile.getstats())
with cProfile.Profile(builtins=False, subcalls=False) as profile:
    fib(3)
print([(e.code.co_name, e.callcount, e.calls) for e in profile.getstats() if not isinstance(e.code, str) and e.code.co_name == "fib"])
ticks = iter(range(10**6))
profile = _lsprof.Profiler(lambda: next(ticks), 0.5)
profile.enable()
fib(1)
profile.disable()
print([e.totaltime > 0 for e in profile.getstats() if not isinstance(e.code, str) and e.code.co_name == "fib"])
print(cProfile.Profile().runcall(fib, 6))
for arguments in [("x", "y"), (None, 0.0, 1, 1, 1)]:
    try:
        _lsprof.Profiler(*arguments)
    except TypeError as e:
        print(type(e).__name__)


class Clears:
    """A timer that empties the profiler that asks it."""

    def __call__(self):
        clearing.clear()
        return 1.0


clearing = _lsprof.Profiler(Clears())
clearing.enable()
fib(4)
clearing.disable()
print("end")
