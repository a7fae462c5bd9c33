# str.format and format_map.
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
class O:
    x = 5
    def __getitem__(self, k): return 'item-%r' % (k,)
    def __format__(self, spec): return 'O<%s>' % spec
    def __repr__(self): return 'O!'
o = O()
formats = ['', 'plain', '{}', '{0}', '{1}', '{} {}', '{1} {0}', '{0} {}', '{} {0}', '{{}}', '{{', '}}', '{', '}', '{}}', '{0.x}', '{0[1]}', '{0[key]}', '{0[a.b]}', '{0.x.real}', '{0.y}', '{0[', '{0.}', '{0[]}', '{0[1]x}', '{name}', '{name!r}', '{name!s:>10}', '{name!a}', '{name!x}', '{name!}', '{name!r', '{0!rr}', '{:{}}', '{:{width}}', '{:{:{}}}', '{0:5}|', '{0:>5}|', '{:x}', '{5}', '{99999999999999999999}', '{ }', '{a b}', '{0!r:^{width}}', '{!r}', '{:}', '{0:{1}{2}}', '{x{y}}', '{0:}}', '{[0]}', '{.x}', '{:{}', '{\u20ac}', '{0:\u20ac<6}']
for f in formats:
    print(f, attempt(f.format, o), attempt(f.format, 'h\u00e9', 7, 8), attempt(f.format, 3, '>4', name='n\u00e9', width=6), attempt(f.format, [10, 20], key=1), attempt(f.format_map, {'name': 'N', 'width': 12, '': 'empty', ' ': 'sp', 'a b': 'ab', '\u20ac': 'euro'}), attempt(f.format))
class Default(dict):
    def __missing__(self, key): return 'miss-' + key
print('{a} {b}'.format_map(Default(a=1)), attempt('{}'.format_map, {}), attempt('{0}'.format_map, {}), '{:>{w}.{p}f}'.format(3.14159, w=10, p=2), '{0:%Y}'.format(o))
x = 3.14159; w = 8
print(f'{x:.2f}|{x:{w}.3f}|{x!r:>12}|{"é":*^5}|{w:05d}|{w=}|{x=:.1f}|{o:spec}')
