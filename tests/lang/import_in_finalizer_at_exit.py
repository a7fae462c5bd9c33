# A finalizer that imports at the interpreter's end gets an ImportError at worst, or the module.
class Late:
    def __init__(self):
        self.me = self

    def __del__(self):
        try:
            import stat
        except ImportError:
            pass


late = Late()
print("ends")   # expect: ends
