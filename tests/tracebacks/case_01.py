def f(a, b):
    return a + b[0] / (a - 1)
def g():
    x = f(1, [2])
    return x
g()
