def f():
  try:
    1/0
  finally:
    2/0
f()
