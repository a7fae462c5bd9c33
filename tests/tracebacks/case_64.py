print(a.b)
