# str: its methods, their arguments and their errors.
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
strings = ['', 'a', 'abc', 'Hello World', '  spaced\tout \n', 'stra\u00dfe', 'ABC\u03a3', '\u03a3', 'a\u03a3 b', 'ﬁne', 'ǆ', '\u0130', '123', '\u0661', '²', 'Ⅷ', '\u20acuro', '\U0001f600x', 'tab\tbed', 'l1\nl2\r\nl3\rl4\x0bl5\x1cl6\u2028l7', 'aXbXc', "it's they're", 'éÉ', '\ud800', 'x' * 40, 'ŉ', 'ΐ', '_id', '1id', 'class', '\u1e9e', 'a.b.c', 'aaaa']
simple = ['capitalize', 'casefold', 'lower', 'upper', 'title', 'swapcase', 'isalnum', 'isalpha', 'isascii', 'isdecimal', 'isdigit', 'isidentifier', 'islower', 'isnumeric', 'isprintable', 'isspace', 'istitle', 'isupper', 'strip', 'lstrip', 'rstrip', 'split', 'rsplit', 'splitlines', 'expandtabs', '__len__', '__repr__', '__getnewargs__']
for s in strings:
    print(ascii(s), [ascii(getattr(s, name)()) for name in simple], ascii(s.splitlines(True)), ascii(s[::-1]), ascii(s[1:]), ascii(s[-2:]), ascii(s[::2]))
    print(ascii([c for c in s]), s.__hash__() == hash(s), ascii(s * 2), ascii(s + 'é'), ascii('\u20ac' + s), s == s + '', s < 'b', s >= 'b')
    for part in ['', 'a', 'b', 'l', 'X', 'll', 'é', '\u20ac', '\U0001f600', ' ', 'aa']:
        print(ascii(part), part in s, s.find(part), s.rfind(part), s.count(part), s.find(part, 1), s.rfind(part, 1, -1), s.count(part, 1, 3), s.startswith(part), s.endswith(part), s.startswith(part, 1), s.endswith(part, 0, -1), ascii(s.replace(part, '<>')), ascii(s.replace(part, '', 1)), ascii(s.removeprefix(part)), ascii(s.removesuffix(part)), ascii(s.strip(part)), *[ascii(attempt(getattr(s, m), part)) for m in ('split', 'rsplit', 'partition', 'rpartition', 'index', 'rindex')], ascii(attempt(s.split, part, 1)), ascii(attempt(s.rsplit, part, 1)))
    print([ascii(attempt(getattr(s, m), w, *f)) for m in ('center', 'ljust', 'rjust') for w in (0, 3, 6, 7) for f in ((), ('*',), ('é',), ('ab',))], ascii(s.zfill(7)), s.split(None, 1), s.rsplit(None, 1))
print('+5'.zfill(5), '-5'.zfill(5), 'a'.zfill(3), attempt('a'.zfill, 'x'), 'a\tb'.expandtabs(4), 'a\tb\n\tc'.expandtabs(0), '01\t012\t0123'.expandtabs(tabsize=4))
print('-'.join(['a', 'b']), '-'.join('xyz'), ''.join([]), ', '.join(('é', '\u20ac', 'z')), attempt(','.join, [1]), attempt(','.join, 1), attempt(','.join, ['a', None]))
print('abc'.translate({97: 'X', 98: None, 99: 0x20ac}), 'abc'.translate(str.maketrans('ab', 'xy')), 'abc'.translate(str.maketrans('ab', 'xy', 'c')), 'abc'.translate(str.maketrans({'a': 'longer', 98: None})), str.maketrans('a', 'b', 'c'), attempt('a'.translate, 1), attempt('a'.translate, {97: -1}), attempt('a'.translate, {97: 1.5}), attempt('a'.translate, {97: 0x110000}), attempt(str.maketrans, 1), attempt(str.maketrans, {'ab': 1}), attempt(str.maketrans, 'a', 'bc'), attempt(str.maketrans, 1, 'a'))
for f, args in [('find', (1,)), ('count', (1,)), ('index', ('q',)), ('rindex', ('q',)), ('startswith', (1,)), ('startswith', ((1,),)), ('endswith', (1,)), ('split', (1,)), ('split', ('',)), ('strip', (1,)), ('partition', (1,)), ('partition', ('',)), ('replace', (1, 2)), ('replace', ('1', 2)), ('removeprefix', (1,)), ('center', (5, 'ab')), ('center', (5, 1)), ('__getitem__', (5,)), ('__getitem__', ('x',)), ('__getitem__', (1.5,)), ('__contains__', (5,)), ('find', ('a', 'x')), ('join', (5,))]:
    print(f, args, attempt(getattr('abc', f), *args))
print(attempt(lambda: 'a' + 1), attempt(lambda: 1 + 'a'), attempt(lambda: 'a' * 'b'), attempt(lambda: 'a' * 1.5), attempt(lambda: 'a' - 'b'), 'a' * -1, 3 * 'ab', attempt(lambda: 'a' < 1), 'a' == 1, 'a' != 1, attempt(lambda: 1 in 'a'), attempt(lambda: 'abc'[10]), attempt(lambda: 'abc'['a']))
class T(str):
    def __str__(self): return 'T!'
t = T('abc')
print(t, repr(t), t + 'd', type(t + 'd'), t.upper(), type(t.strip()), type(t[:]), t == 'abc', {'abc': 1}[t], type(T(t)), str(t), '%s' % t, f'{t}', format(t), t.replace('x', 'y'), type(t.replace('x', 'y')), type(str(b'abc', 'ascii')), T(b'abc', 'utf-8'), T(5), T())
s = ''
for i in range(2000): s += chr(97 + i % 26)
print(len(s), s[:30], s[-30:], hash(s) == hash(s[:]))
s = 'x' * 50
r = s
s += 'é'; s += '\u20ac'; s += 'z' * 10; s += '\U0001f600'
print(ascii(s), r)
print(ascii('\x00\x1f\x7f\x80\xa0\xad\u0378\u200b\u2028\ud800\ue000\U000e0001\U0001f600é'), repr('\x00\x1f\x7f\x80\xa0\xad\u0378\u200b\u2028\ue000é'), repr("it's"), repr('say "hi"'), repr('both \' and "'), repr('\\ \n \t \r'))
print('a' in 'abc', 'abc'.__contains__('bc'), '' in '', 'é' in 'abcé', '\u20ac' in 'abc', 'abc' < 'abd', 'a' < 'é' < '\u20ac' < '\U0001f600', 'b' > 'a\u20ac')
