# A raw stream whose read or write initialises the buffered stream over it anew, or detaches itself, while the buffer is in use.
# CPython falls over.
import io


class Raw(io.RawIOBase):
    def readable(self): return True
    def writable(self): return True
    def seekable(self): return True
    def seek(self, *where): return 0

    def readinto(self, target):
        for misuse in lambda: buffered.__init__(self, 1 << 20), buffered.detach:
            try:
                misuse()
            except RuntimeError as e:
                print(str(e).partition(" inside")[0])
        target[:5] = b"hello"
        return 5

    def write(self, data):
        try:
            buffered.__init__(self, 10)
        except RuntimeError as e:
            print(str(e).partition(" inside")[0])
        return len(data)


buffered = io.BufferedReader(Raw(), 64)
print(buffered.read(3))          # expect: reentrant call
                                 # expect: reentrant call
                                 # expect: b'hel'
buffered = io.BufferedWriter(Raw(), 64)
print(buffered.write(b"x" * 60), buffered.write(b"y" * 60))      # expect: reentrant call
                                                                 # expect: 60 60
buffered.flush()                                                 # expect: reentrant call
print(type(buffered.detach()).__name__)                          # expect: Raw
