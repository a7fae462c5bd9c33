class X:
    def __enter__(self): return 1
    def __exit__(self, *a): raise KeyError("in exit")
with X() as x:
    raise ValueError("body")
