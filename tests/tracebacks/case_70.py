def f(n):
  if n: f(n-1)
  else: g(5)
def g(n):
  if n: f2(n)
def f2(n): 1/0
f(10)
