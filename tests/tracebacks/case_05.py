def f():
    raise ExceptionGroup("eg", [ValueError(1), TypeError("t"), ExceptionGroup("inner", [KeyError("k"), OSError(2, "No such")])])
try:
    f()
except Exception as e:
    e.add_note("a note\nsecond line")
    raise
