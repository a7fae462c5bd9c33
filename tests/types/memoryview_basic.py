# memoryview: indexing, slicing, casting, comparing, releasing.
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
b = bytearray(range(16))
m = memoryview(b)
print(len(m), m[0], m[-1], m[2:5].tobytes(), m[::-1].tolist(), m[::3].tobytes(), m.nbytes, m.itemsize, m.format, m.ndim, m.shape, m.strides, m.suboffsets, m.readonly, m.c_contiguous, m.f_contiguous, m.contiguous, m.obj is b, m.hex(), m[1:3].hex(':'))
print(m[::2].contiguous, m[::2].strides, m[::2].shape, m[4:][1:][2], list(m[:4]), 5 in m, sorted(m[:3], reverse=True), bytes(m[3:1]))
for f in 'cbBhHiIlLqQnN?fd':
    print(f, attempt(lambda: m.cast(f).tolist()), attempt(lambda: m.cast('@' + f).itemsize))
for f in ('x', 'BB', '<I', '', '@', 'z'):
    print(repr(f), attempt(m.cast, f))
x = m.cast('B', [4, 4]); print(x.tolist(), x.shape, x.strides, x.ndim, x[1, 2], x[-1, -1], attempt(lambda: x[0]), attempt(lambda: x[4, 0]), attempt(lambda: x[0, 0, 0]), attempt(lambda: x[0:1, 0:1]), x.tobytes('F'), x.tobytes('C'), attempt(lambda: x.tobytes('X')), x.cast('B').tolist() == m.tolist(), len(x))
x[2, 3] = 99; print(b[11])
print(attempt(m.cast('I', [2, 2]).tolist), attempt(m.cast, 'B', [3, 3]), attempt(m.cast, 'B', 5), attempt(m.cast, 'B', ['a']), attempt(m.cast, 'B', [0]), attempt(memoryview(b'abc').cast, 'I'), attempt(m.cast('I').cast, 'H'), attempt(m[::2].cast, 'I'), attempt(m.cast, 1))
i = m.cast('i'); i[0] = -5; print(i[0], b[:4], attempt(i.__setitem__, 0, 2**31), attempt(i.__setitem__, 0, 1.5), attempt(i.__setitem__, 9, 1))
d = m.cast('d'); d[1] = 2.5; print(d[1], attempt(d.__setitem__, 0, 'x'))
print(attempt(m.__setitem__, 0, 256), attempt(m.__setitem__, 0, 'a'), attempt(m.__setitem__, slice(0, 2), b'abc'), attempt(m.__setitem__, 'x', 1), attempt(m.__delitem__, 0), attempt(m.__getitem__, 99), attempt(m.__getitem__, 'x'), attempt(memoryview(b'abc').__setitem__, 0, 1), attempt(memoryview, 1), attempt(memoryview))
m[0:4] = b'wxyz'; m[8:12] = m[0:4]; m[1:5] = m[0:4]; m[::4] = b'....'; print(bytes(b))
print(memoryview(b'abc') == b'abc', memoryview(b'abc') == memoryview(bytearray(b'abc')), memoryview(b'abc') == memoryview(b'abd'), memoryview(b'abc') != b'abc', memoryview(b'abc') == 'abc', attempt(lambda: memoryview(b'a') < memoryview(b'b')), memoryview(b'ab').cast('H') == memoryview(b'ab'), b'abc' == memoryview(b'abc'))
print(hash(memoryview(b'abc')) == hash(b'abc'), attempt(hash, m), attempt(hash, memoryview(b'abcd').cast('I')), hash(m.toreadonly()) if False else attempt(hash, m.toreadonly()))
with memoryview(b'xyz') as w: print(w[1])
print(attempt(w.__getitem__, 0), attempt(w.tobytes), attempt(len, w), attempt(lambda: w.shape), w == w, w.release())
m2 = memoryview(m); m.release(); print(m2[0], attempt(m.tolist)); m2.release(); print(len(b))
r = memoryview(bytearray(b'abc')).toreadonly(); print(r.readonly, attempt(r.__setitem__, 0, 1))
print(bytes(memoryview(b'')), memoryview(b'').tolist(), int.from_bytes(memoryview(b'\x01\x02'), 'big'), b''.join([memoryview(b'a'), b'b']), memoryview(b'abc')[1:].obj)
match memoryview(b'ab'):
    case [a, c]: print('sequence', a, c)
