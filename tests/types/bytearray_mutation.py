# bytearray: what changes it, and what a memoryview on it forbids.
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
b = bytearray()
for i in range(300): b.append(i % 256)
print(len(b), b[:5], b[-5:], sum(b))
del b[10:290]; print(list(b))
b[2:4] = b'XYZ'; print(b); b[5:5] = [1, 2]; print(b); b[::3] = bytes(len(b[::3])); print(b); del b[::2]; print(b); del b[0]; print(b); b[-1] = 65; print(b)
b.extend(b'abc'); b.extend([1, 2]); b.extend(range(3)); print(b); b.insert(0, 9); b.insert(-1, 8); b.insert(100, 7); print(b); print(b.pop(), b.pop(0), b); b.remove(97); print(b); b.reverse(); print(b); c = b.copy(); b.clear(); print(b, c)
c += b'tail'; print(c); c *= 2; print(c); c[:] = c[::-1]; print(c); print(attempt(c.__iadd__, c), len(c)); c *= 0; print(c)
b = bytearray(b'abcdef')
for f, args in [('pop', (9,)), ('append', (256,)), ('append', ('a',)), ('extend', ('a',)), ('extend', ([256],)), ('extend', (1,)), ('insert', (0, 256)), ('remove', (5,)), ('remove', ('a',)), ('__setitem__', (0, 256)), ('__setitem__', (9, 1)), ('__setitem__', (0, 'a')), ('__setitem__', ('x', 1)), ('__setitem__', (slice(0, 1), 'a')), ('__setitem__', (slice(0, 1), 5)), ('__setitem__', (slice(0, 5, 2), b'a')), ('__delitem__', (9,)), ('__iadd__', ('a',)), ('__imul__', ('a',)), ('__hash__', ())]:
    print(f, args, attempt(getattr(b, f) or (lambda: None), *args))
print(attempt(bytearray().pop), attempt(hash, b))
m = memoryview(b)
for f, args in [('append', (1,)), ('extend', (b'x',)), ('clear', ()), ('pop', ()), ('__delitem__', (0,)), ('__setitem__', (slice(0, 1), b'xyz')), ('__iadd__', (b'x',)), ('insert', (0, 1))]:
    print(f, attempt(getattr(b, f), *args), b)
b[0] = 90; b[1:3] = b'YX'; print(bytes(m)); m[3] = 33; m[4:6] = b'??'; print(b); m.release(); b.append(1); print(b)
print(attempt(m.__getitem__, 0), attempt(len, m))
print(bytearray(b'abc') == b'abc', b'abc' == bytearray(b'abc'), bytearray(b'a') < b'b', attempt(lambda: bytearray(b'a') < 'a'), repr(bytearray(b"it's")), str(bytearray(b'x')), bytearray(b'%d') % 5)
it = iter(b); print(next(it), it.__length_hint__(), list(it), it.__length_hint__())
class BA(bytearray):
    def __init__(self, *a): super().__init__(*a); self.tag = 1
x = BA(b'hi'); print(x, x.tag, type(x + b'!'), x.__reduce_ex__(3)[1])
