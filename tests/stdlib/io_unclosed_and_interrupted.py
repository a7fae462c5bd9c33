# A file that nobody closed is told of in the name of its outermost stream; errors of closing are chained; a write that
# a signal cuts short runs the handler; a blank object made by __new__ refuses to work but does not fall over.
import gc
import io
import os
import signal
import tempfile
import threading
import warnings

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "f")
    for mode in ("w", "wb", "w+b", "rb"):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            f = open(path, mode)
            f.self = f                                   # a cycle: only the collector ends it
            f.close if mode == "rb" else f.write("x" if mode == "w" else b"x")
            del f
            gc.collect()
        print([str(w.message).replace(folder, "") for w in seen])
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        print(open(path, "rb").read(), open(path).read())
    print([str(w.message).replace(folder, "") for w in seen])

    with open(path, "w+b") as f:
        f.write(b"abcdefghi")
        f.flush()
        f.seek(0)
        print(f.read(2), f.write(b"12"), f.read(2), f.tell())
        f.flush()                                        # forgets what was read ahead
        os.pwrite(f.fileno(), b"XYZ", 6)
        print(f.read(), repr(f).replace(folder, ""))


class Raw(io.RawIOBase):
    def readable(self): return True
    def writable(self): return True
    def write(self, data): return len(data)
    def close(self): raise OSError("close")


class Reader(io.BufferedReader):
    pass


reader = Reader(io.BytesIO(b"abc"))
print(reader.readable(), reader.writable(), io.BufferedWriter(io.BytesIO()).readable())
for make in io.BufferedWriter, io.TextIOWrapper:
    stream = make(Raw() if make is io.BufferedWriter else io.BytesIO())
    if make is io.TextIOWrapper:
        stream.buffer.close = None
        stream.detach()
        continue

    def flush():
        raise OSError("flush")
    stream.flush = flush
    try:
        stream.close()
    except OSError as e:
        print(e, "after", e.__context__)
    stream.flush = lambda: None

for cls in (io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.BufferedRWPair, io.TextIOWrapper, io.StringIO, io.BytesIO,
            io.FileIO, io.IncrementalNewlineDecoder):
    blank = cls.__new__(cls)
    for name in dir(blank):
        try:
            method = getattr(blank, name)
        except (ValueError, AttributeError, RuntimeError, OSError):
            continue
        if name.startswith("__") or not callable(method):
            continue
        for args in ((), (b"x",), ("x",), (1,), (None,)):
            try:
                method(*args)
            except Exception:
                pass
    try:
        repr(blank)
    except ValueError:
        pass
print("blanks done")


class Interrupted(Exception):
    pass


def on_alarm(*_):
    raise Interrupted


signal.signal(signal.SIGALRM, on_alarm)
for buffering in 0, 4096:
    r, w = os.pipe()
    stream = open(w, "wb", buffering=buffering, closefd=False)
    reader = threading.Thread(target=os.read, args=(r, 1))
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    reader.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        stream.write(bytes(1 << 21))
    except Interrupted:
        print("interrupted")
    reader.join()
    os.close(w)
    os.close(r)
    try:
        stream.close()
    except OSError:
        pass
