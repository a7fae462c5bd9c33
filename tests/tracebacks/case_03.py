try:
    try:
        {}['a']
    except KeyError as e:
        raise ValueError("bad") from e
except ValueError:
    int("x")
