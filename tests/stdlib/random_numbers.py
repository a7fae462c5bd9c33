import _random
r = _random.Random(1)
print(r.random(), r.getrandbits(100), r.getrandbits(5), r.getrandbits(0))
s = r.getstate(); a = r.random(); r.setstate(s); print(a == r.random(), len(s))
r.seed(-2**200); print(r.random())
r.seed(0); print(r.random())
for bad in ((), (1,) * 625 + (2,), [1], (1,) * 624 + (999,)):
    try:
        r.setstate(bad)
    except Exception as error:
        print(repr(error))
