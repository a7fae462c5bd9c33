# bytes and bytearray: the methods that they share, and errors.
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
datas = [b'', b'a', b'abc', b'Hello World', b'  sp \t\n', b'aXbXc', b'l1\nl2\r\nl3\rl4\x0bl5', b'\x00\xff\x80', b'123', b'tab\tbed', b'aaaa', b"it's", b'x' * 30]
simple = ['capitalize', 'lower', 'upper', 'title', 'swapcase', 'isalnum', 'isalpha', 'isascii', 'isdigit', 'islower', 'isspace', 'istitle', 'isupper', 'strip', 'lstrip', 'rstrip', 'split', 'rsplit', 'splitlines', 'expandtabs', 'hex', '__len__']
for kind in (bytes, bytearray):
    for d in datas:
        s = kind(d)
        print(repr(s), [getattr(s, name)() for name in simple], s.splitlines(True), s[::-1], s[1:], s[::2], list(s), s * 2, s + b'z', s == d, s < b'b', s.hex(':', 2), s.hex('-', -3))
        for part in [b'', b'a', b'l', b'X', b'll', b' ', b'aa', 97, bytearray(b'b')]:
            print(part if not isinstance(part, memoryview) else 'mv', part in s, s.find(part), s.rfind(part), s.count(part), s.find(part, 1), s.rfind(part, 1, -1), s.count(part, 1, 3))
            if not isinstance(part, int):
                print(s.startswith(part), s.endswith(part), s.startswith(part, 1), s.endswith(part, 0, -1), s.replace(part, b'<>'), s.replace(part, b'', 1), s.removeprefix(part), s.removesuffix(part), s.strip(part), *[attempt(getattr(s, m), part) for m in ('split', 'rsplit', 'partition', 'rpartition', 'index', 'rindex')], attempt(s.split, part, 1), attempt(s.rsplit, part, 1))
        print([attempt(getattr(s, m), w, *f) for m in ('center', 'ljust', 'rjust') for w in (0, 3, 6, 7) for f in ((), (b'*',), (b'ab',), ('x',))], s.zfill(7), s.split(None, 1), s.rsplit(None, 1))
    s = kind(b'abc')
    for f, args in [('find', ('a',)), ('find', (256,)), ('count', ([],)), ('index', (b'q',)), ('split', ('a',)), ('split', (b'',)), ('strip', ('a',)), ('partition', ('a',)), ('replace', ('a', b'')), ('join', (['a'],)), ('join', (1,)), ('startswith', ('a',)), ('startswith', (('a',),)), ('translate', ('a',)), ('translate', (b'a',)), ('hex', ('aa',)), ('hex', ('\u00e9',)), ('decode', ('x',)), ('decode', (1,)), ('__getitem__', (9,)), ('__getitem__', ('x',)), ('__contains__', ('a',)), ('__contains__', (256,)), ('__add__', ('a',)), ('__mul__', (3,))]:
        print(kind.__name__, f, args, attempt(getattr(s, f), *args))
    print(kind(b',').join([b'a', bytearray(b'b'), memoryview(b'c')]), kind(b'abc').translate(bytes.maketrans(b'ab', b'xy')), kind(b'abc').translate(None, b'b'), kind.fromhex('00 ff 1a'), attempt(kind.fromhex, 'a'), attempt(kind.fromhex, 'ag'), attempt(kind.fromhex, b'a'), kind(5), kind([1, 2, 255]), kind('h\u00e9', 'utf-8'), kind(range(5)), kind(b'x'), kind(bytearray(b'y')), kind(memoryview(b'z')), attempt(kind, -1), attempt(kind, 'a'), attempt(kind, 1.5), attempt(kind, [256]), attempt(kind, ['a']), attempt(kind, 5, 'a'), attempt(kind, None), attempt(kind, object), attempt(kind, 'a', errors='strict'))
class HasBytes:
    def __bytes__(self): return b'HB'
class B(bytes): pass
print(bytes(HasBytes()), B(b'abc'), type(B(b'a')), B(b'a') + b'b', type(B(b'a').strip()), type(B(b'a')[:]), B(b'x') == b'x', hash(B(b'x')) == hash(b'x'), B(5), B.fromhex('41'), type(B.fromhex('41')), bytes(B(b'q')))
print(b'a' == 'a', b'a' != 'a', attempt(lambda: b'a' < 'a'), b'ab' < b'abc', b'' in b'', attempt(lambda: b'a' + 'a'), b'a' + bytearray(b'b'), bytearray(b'a') + b'b', repr(b'\'"\\\n\x00\xff'), repr(b"it's"))
