# Programs may look like this. compare_ast.py compares the trees.
f''
f"" "a" u'b'
u'a' 'b'
u'a' f'{b}' 'c'
'a' u'b'
f'{a}' u'b'
f'{a!r:>{w}.{p}}' f'{b=}' f'{ c = !s}' f'{d = :x}' f'{e=!a:{f}}'
f'''
  {a
   + b}
  {
   c
  } {d:
  x} { e }
'''
f"{{}} {{{a}}} }} {{ {'x'}" if 0 else rf'\{a}\n' fR"\{{{b}\}}"
f'\{a}' f'\{{b}}' '\q' f'\N{DIGIT ONE}{x}\x41'
x = f'{a["b"]}' f"{a['b']:{'>'}10}" f'{lambda_}' f'{(lambda x: x)(1)}' f'{a!=b}' f'{a==b}' f'{a<=b}' f'{a>b}'
f'{1,2}' f'{*a, b}' f'{yield_ }' f'{x for x in y}' f'{ {1: 2}[1] }' f'{ {a for a in b} }' f'{[1, 2][0]:{3}}'
def g():
    f'{yield}' f'{(yield 1)}' f'{await_}'
    x = yield
    x = yield a, b
    x += yield
    x: int = yield
    yield from a
    return *a, b
f'é{é}ü{ü!r:é>{é}}' 'ñ' f'{ñ}'
(f'{a}'
 f'{b}'
   'c' f'''
{d}''')
b'\x00\'\"\\' rb'\x00' Rb'' bR"" B'a' b"""c
d"""
'\0\1\12\123\777\u1234\U00012345\N{BULLET}\
x' r'\
'
0_0; 00; 0x_fF; 0b_1; 0O_7; 1_0.0_1e1_0; 1.; .1; 1e5; 1E-5; 1j; 1.5J; 1e5j; 0777.5; 09e1; 0_9j; 1_000
1if 1else 2
[1for x in y]
0x1for x in y
-1 ** -2; +~-1; not not a; a if b else c if d else e; a or b and not c or d
a < b <= c != d is not e not in f in g is h
a ** b ** c; a @ b // c % d / e * f - g + h >> i << j & k ^ l | m
await_ = lambda: 1; lambda *a, b=1, **c: (a, b); lambda a, /, b, *, c: 0; lambda *, a: a; lambda **k: k; lambda a=1, /: a
(a); ((a)); (a,); (a, b,); (); (*a,); (*a, *b); [*a, b]; {*a, *b}; {**a, 'b': c, **d}; {}; []; {a: b,}; {a,}
(x := 1); [y := 1, z := 2]; f(x := 1); f(a, b := 2, *c, d=e, **g); a[b := 1]; {(c := 1): (d := 2)}; {e := 1, f}
[i for i in a if b if c for j in d]; {i: j for i, j in k}; (i for i in j if k if l or m)
f(i for i in a); f(*a, *b); f(**a, **b); f(a, *b, c, *d, e=1, *g, h=2, **i, j=3); f(a,); f(*a,); f(a=1,); f(**a,)
a[1]; a[1:2]; a[1:2:3]; a[:]; a[::]; a[:, 1]; a[1:2, ::3]; a[1,]; a[*b]; a[*b, c]; a[b, *c]; a[()]; a[lambda: 1]; a[b if c else d:e]
a.b.c(d)(e)[f].g; a . b; a.b = c.d = e[f] = (g, h) = [i, j] = *k, l = m
(a) = b; (a.b) = c; [a, [b, (c, d)]] = e; (a, *b) = c; [*a] = b; *a, = b; () = a; [] = b
a: int; (a): int; a.b: int = 1; a[b]: int; (a.b): int; a: int = *b, c; a: (yield_)
a += 1; a.b -= 1; a[b] *= 1; (a) /= 1; a //= 1; a %= 1; a **= 1; a >>= 1; a <<= 1; a &= 1; a ^= 1; a |= 1; a @= 1
del a, (b), [c, d], e.f, g[h], (i, j), (), []
del (a, b), c,
global_; assert a, b; assert a; raise_; pass; a; b;
for a in b: pass
for a, in b: pass
for a, (b, c) in d, e: pass
for (a) in b: pass
for a.b in c: pass
for a[b] in c: pass
for *a, b in c: pass
for [a, b] in *c, d: pass
else: pass
while a: break
else: x
with a: pass
with a as b: pass
with a as b, c as d: pass
with (a): pass
with (a), b: pass
with (a) as b: pass
with (a, b): pass
with (a, b) as c: pass
with (a as b): pass
with (a as b, c as d,): pass
with (a, b as c): pass
with (a.b): pass
with (a).b: pass
with (a)(b) as c, d: pass
with (): pass
with (*a,): pass
with (x for x in y): pass
with (a := b): pass
with (a if b else c): pass
with (lambda a, b: c): pass
with (lambda: a, b): pass
with (lambda *a: b, c): pass
with a as (b, c): pass
with a as [b, *c]: pass
with a as b.c, d as e[f]: pass
with (a as (b, c), d as e.f): pass
with ((a, b)): pass
with ((a)): pass
with (yield_): pass
with (
    a as b,
    c
): pass
if a: pass
elif b: pass
elif c:
    pass

else: pass
try: pass
except: pass
try: pass
except a: pass
except (b, c) as d: pass
else: pass
finally: pass
try:
    pass
finally:
    pass
try: pass
except* a: pass
except *b as c: pass
else: pass
@a
@a.b(c)
@(d := e)
@f[g]
@lambda h: h
class A(B, *C, metaclass=D, **E): x: int = 1; y = 2
class F(): pass
class G: pass
@a
def f(a, b: int = 1, /, c: "x" = 2, *d: int, e, f: int = 3, **g: int) -> (h, i): pass
def f(*, a): pass
def f(*a: *b): pass
def f(a, /): pass
def f(a, /, *, b,): pass
def f(a, /, *b, **c,): pass
def f(a=1, /, b=2, *, c=3): pass
def f(**a): pass
async def f():
    await a
    async for b in c: pass
    async with d as e, f: pass
    async with (g as h): pass
    async with (i, j): pass
    [k async for k in l]; (m async for m in n); {o async for o in p if await q}
    return await a ** b, -await c
@a
async def f(): pass
import a, b.c, d as e, f.g.h as i
from a import b
from . import a
from ... import a
from .... import a
from .a.b import (c, d as e,)
from a import *
from a import (b)
match a:
    case 1: pass
    case -1 | 1.5 | -1j | 1 + 2j | -1 - 2j: pass
    case 'a' 'b' | b'c' | None | True | False: pass
    case a: pass
match a, b:
    case a, b: pass
    case a,: pass
    case *a, b: pass
    case (a), (b): pass
    case (a, b) | [c, *_] | (d,) | [] | (): pass
    case [a, [b, *c]]: pass
    case a.b.c | d.e(): pass
    case A(1, b=2, c=D(e)) as f: pass
    case A(b, c,): pass
    case A(b=c,): pass
    case {}: pass
    case {'a': 1, -1: b, c.d: e, None: f, **rest}: pass
    case {**rest,}: pass
    case {1: _,}: pass
    case _ if a: pass
    case (a as b) if (c := d): pass
    case a | b as c, d: pass
match *a, b:
    case _: pass
match (a):
    case _: pass
match -a:
    case _: pass
match a if b else c:
    case _: pass
match [a]:
    case _: pass
match {a: b}:
    case _: pass
match lambda: a:
    case _: pass
match not a:
    case _: pass
match = case = _ = type = 1
match(a); match[a]; match.a; match * a; match - a; match, a
match: int = 1
match[a]: int
match(a, b)
match (a).b
case(a); type(a); type[a]; type.a = b; type = c
print(match, case, type, _)
if a:
	tab
	if b:
		two
if a:
        eight
        if b:
	        mixed
if a: pass ; pass
x = [  # a comment
    1,

    2  # another
]
if \
   a: \
   b
  # a comment at an odd place
class C:

    """doc"""

        # another
    def m(self): return self

    x = 1; y = 2;
µ = ﬁ = 𝔘𝔫𝔦 = ｘ = é = 1; ª = º = ℘ = a·b = 1
x = 'a' \
    'b'
x = ('a'
     'b')
'''multi
line''' .join(a)
(a
 .b
 .c)
a; """
""", b
