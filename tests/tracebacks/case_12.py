def gen():
    yield 1
    raise RuntimeError("gen")
for v in gen():
    print(v)
