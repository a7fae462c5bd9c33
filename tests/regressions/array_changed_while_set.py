# Converting an item empties the array that it is for: an error, no write to memory that is gone.
import array
class Empty:
    def __index__(self): a[:] = array.array("i"); return 5
a = array.array("i", [1, 2, 3])
try: a[0] = Empty()
except IndexError as error: print(error)
# expect: array assignment index out of range
