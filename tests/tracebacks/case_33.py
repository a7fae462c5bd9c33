try:
    raise ValueError("a")
except ValueError as e:
    try:
        raise TypeError("b")
    except TypeError as e2:
        raise KeyError("c") from None
