# Reading the bounds of a slice, or a count, runs code that empties the sequence: what is there afterwards counts.
class Clears:
    def __init__(self, target, value): self.target, self.value = target, value
    def __index__(self):
        self.target.clear()
        return self.value
for make in (lambda: list(range(10)), lambda: bytearray(range(10))):
    a = make(); print(a[1:Clears(a, 8)], a)
    a = make(); print(a[1:Clears(a, 8):2], a)
    a = make(); print(a[Clears(a, 0):Clears(a, 5)], a)
    a = make(); del a[2:Clears(a, 9):3]; print(a)
    a = make(); del a[2:Clears(a, 9)]; print(a)
    a = make(); a[2:Clears(a, 9)] = b"xy"; print(a)
    a = make(); a *= Clears(a, 3); print(a)
