compile("x = = 1", "fff", "exec")
