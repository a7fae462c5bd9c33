# An argument's __index__ closes the map that the call is about: an error, no stray read or write.
import mmap
class Evil:                  # closes the map while an argument is read
    def __init__(self, m): self.m = m
    def __index__(self): self.m.close(); return 1
for use in (lambda m: m[Evil(m)], lambda m: m.__setitem__(0, Evil(m)), lambda m: m.seek(Evil(m)), lambda m: m.find(b"a", Evil(m)), lambda m: m[:Evil(m)], lambda m: m.read(Evil(m)), lambda m: m.move(Evil(m), 0, 1)):
    m = mmap.mmap(-1, 50)
    try: print(use(m))
    except ValueError as error: print(error)
# expect: mmap closed or invalid
# expect: mmap closed or invalid
# expect: mmap closed or invalid
# expect: mmap closed or invalid
# expect: mmap closed or invalid
# expect: mmap closed or invalid
# expect: mmap closed or invalid
