x=0
assert not 1 and x, 5
