raise KeyError("a")
