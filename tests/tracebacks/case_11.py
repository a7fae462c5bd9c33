def f(x, y, *, z): pass
f(1, z=2,
  w=3)
