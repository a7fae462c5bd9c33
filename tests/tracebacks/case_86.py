foobar = 1
print(foobaz)
