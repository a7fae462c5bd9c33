class A:
  x = y
