# A finalizer that runs when the interpreter ends may call functions of native modules.
import struct


class Last:
    def __init__(self):
        self.pack, self.print = struct.pack, print

    def __del__(self):
        self.print(self.pack("<H", 258))


struct.last = Last()
print("end")
