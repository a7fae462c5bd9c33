# How a file is mapped, by the names that programs use; a map is a sequence of bytes, a match of a pattern is no sequence.
import mmap
import re
import tempfile

with tempfile.TemporaryFile() as file:
    file.write(b"0123456789")
    file.flush()
    for access in (mmap.ACCESS_READ, mmap.ACCESS_WRITE, mmap.ACCESS_COPY, mmap.ACCESS_DEFAULT):
        with mmap.mmap(file.fileno(), 0, access=access) as m:
            print(access, repr(m), m[2:4], b"23" in m, len(m))
            try:
                m[0:1] = b"x"
                print(m[:3])
            except TypeError as error:
                print(error)
    file.seek(0)
    print(file.read())
m = mmap.mmap(-1, 3)
for expression in ("m + b'x'", "m * 2", "2 * m", "b'x' + m", "iter(re.match('a', 'a'))"):
    try:
        print(expression, eval(expression))
    except TypeError as error:
        print(expression, error)
