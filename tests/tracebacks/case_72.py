eval("a b")
