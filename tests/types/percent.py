# The % operator of str and bytes.
def attempt(f):
    try:
        return repr(f())
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
class S:
    def __str__(self): return 'S-str'
    def __repr__(self): return 'S-repr\u00e9'
    def __index__(self): return 77
    def __float__(self): return 7.5
    def __bytes__(self): return b'S-bytes'
args = [0, 1, -5, 255, 2**70, -2**70, 1.5, -0.0, 1e300, float('inf'), float('nan'), 'a', 'hello', '\u20ac', None, True, [1], S(), b'x', (3,), ('a', 'b'), {'a': 1}]
specs = ['%s', '%r', '%a', '%d', '%i', '%u', '%x', '%X', '%o', '%#x', '%#X', '%#o', '%e', '%E', '%f', '%F', '%g', '%G', '%#g', '%c', '%5d', '%-5d|', '%05d', '%+d', '% d', '%+05d', '%-05d|', '%.3d', '%8.3d', '%08.3d', '%#08x', '%#.5x', '%.2f', '%10.2f', '%-10.2f|', '%010.2f', '%+.1e', '%.0f', '%#.0f', '%5s|', '%-5s|', '%.2s', '%5.1s|', '%.3r', '%q', '%', '%%', 'abc', '%s %s', '%(a)s', '%5', '%.', '%ld', '%5c|', '%-5c|', '%*d', '%.*f']
for s in specs:
    print(s, [attempt(lambda: s % a) for a in args])
    b = s.encode()
    print(b, [attempt(lambda: b % a) for a in args + [b'hello', bytearray(b'q'), {b'a': b'v'}]])
print(attempt(lambda: '%(a)s %(b)d %%' % {'a': 1, 'b': 2}), attempt(lambda: '%(a' % {}), attempt(lambda: '%(a(b))s' % {'a(b)': 5}), attempt(lambda: '%()s' % {'': 3}), attempt(lambda: '%(x)s' % {}), attempt(lambda: '%s' % ()), attempt(lambda: '%d%d' % (1,)), attempt(lambda: '%d' % (1, 2)), attempt(lambda: '%*d|%-*d|%.*f' % (5, 1, 5, 2, 2, 1.5)), attempt(lambda: '%*d|' % (-5, 1)), attempt(lambda: '%*d' % ('a', 1)))
print(attempt(lambda: '%99999999999999999999d' % 1), attempt(lambda: '%.99999999999999999999d' % 1), attempt(lambda: '%c' % 0x110000), attempt(lambda: '%c' % -1), attempt(lambda: '%c%c' % (65, 'B')), attempt(lambda: b'%c' % 256), attempt(lambda: b'%c%c' % (65, b'B')), attempt(lambda: '\u20ac%d\u1234' % 5), attempt(lambda: '%\u1234' % 1))
