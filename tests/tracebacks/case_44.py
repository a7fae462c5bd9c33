x = {a: i for a, i in [5]}
