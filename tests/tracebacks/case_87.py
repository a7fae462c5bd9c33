def f():
    """doc
    """
    x = 3; y = x / 0; z = 4
f()
