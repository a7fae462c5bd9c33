# What pickle knows by name, memory that travels beside a pickle, and what it refuses.
import io
import pickle
import _pickle


class Recursive:
    pass


class Holder:
    loads = pickle.loads
    fast = _pickle.dumps


def show(call):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)


print(Holder().loads(Holder().fast(5)), pickle.bytes_types, "BINUNICODE" in pickle.__all__)
for protocol in range(6):
    show(lambda: pickle.loads(pickle.dumps([pickle.PicklingError("x"), ModuleNotFoundError, range, map, "abc".__len__], protocol))[:4])
show(lambda: pickle.loads(pickle.dumps("abc".__len__))())
show(lambda: pickle.dumps(staticmethod(len)))
show(lambda: pickle.dumps(property(len)))
print(pickle.dumps(map, 0), pickle.dumps(ModuleNotFoundError, 2), pickle.loads(b"cCookie\nSimpleCookie\n."))
try:
    pickle.loads(b"P\xe2\n.")
except pickle.UnpicklingError:
    print("not unpickled")
data = bytearray(b"data")
buffers = []
buffer = pickle.PickleBuffer(data)
text = pickle.dumps([buffer, pickle.PickleBuffer(b"ro")], 5, buffer_callback=buffers.append)
print(len(buffers), [bytes(b) for b in buffers], pickle.loads(text, buffers=buffers)[0] is buffers[0])
print(pickle.loads(pickle.dumps(buffer, 5)), bytes(memoryview(buffer)))
memoryview(buffer)[0] = 0x44
print(data, buffer.raw().readonly)
try:
    pickle.dumps(buffer, 4)
except pickle.PicklingError:
    print("not pickled")
show(lambda: pickle.PickleBuffer(memoryview(b"abcd")[::2]).raw())
show(lambda: pickle.dumps(pickle.PickleBuffer(memoryview(b"abcd")[::2]), 5))
buffer.release()
buffer.release()
show(lambda: buffer.raw())
show(lambda: memoryview(buffer))
