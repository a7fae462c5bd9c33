lambda: (yield)
x = (lambda: 1/0)()
