# What the compiler rejects, with its words and places.
cases = '''def f(a, a): pass
return 5
yield 5
await x
break
continue
for i in x:\\n  def f(): break
def f():\\n  global x\\n  x = 1\\n  def g():\\n    nonlocal y
def f():\\n  x = 1\\n  global x
def f():\\n  print(x)\\n  global x
def f(x):\\n  global x
nonlocal x
class A:\\n  return 1
async def f():\\n  yield 1\\n  return 2
async def f():\\n  yield from x
def f():\\n  await x
def f():\\n  async with x: pass
def f():\\n  async for x in y: pass
def f():\\n  [x async for x in y]
def f():\\n  from x import *
from __future__ import braces
from __future__ import nope
x = 1\\nfrom __future__ import annotations
*a, *b = x
*a = x
a, *b, *c = x
f(a=1, a=2)
try: pass\\nexcept: pass\\nexcept ValueError: pass
[(yield) for x in y]
[i := 0 for i in x]
[x for x in (y := 1)]
class A:\\n  [x := 1 for i in y]
__debug__ = 1
def f(__debug__): pass
del __debug__
match x:\\n  case a: pass\\n  case b: pass
match x:\\n  case _: pass\\n  case b: pass
match x:\\n  case (a, a): pass
match x:\\n  case a | 5: pass
match x:\\n  case 5 | (a): pass
match x:\\n  case {1: a, 1: b}: pass
match x:\\n  case A(x=1, x=2): pass
match x:\\n  case [*a, *b]: pass
while 1:\\n  try: pass\\n  except* ValueError: break
def f():\\n  try: pass\\n  except* ValueError: return 1
lambda: (yield)
def f(): x: int = (yield)
x: int\\nglobal x
def f():\\n  x: int\\n  nonlocal x
import a as __debug__
f(__debug__=1)
x.__debug__ = 1
def f():\\n  def g():\\n    nonlocal x
def f():\\n nonlocal x\\n global x
a = *b
print(*a for a in b)
(a, b) += 1
def f(*, **k): pass
f(**a, *b)
class A(x for x in y): pass
async def f(): return [await x for x in y]
def f():\\n  return [await x for x in y]'''.split('\n')
for c in cases:
    c = c.replace('\\n', '\n')
    try:
        compile(c, "<t>", "exec")
        print(repr(c), "fine")
    except SyntaxError as e:
        print(repr(c), type(e).__name__, e.msg, e.args[1:] , e.lineno, e.offset, e.end_lineno, e.end_offset, e.text, e.filename)
