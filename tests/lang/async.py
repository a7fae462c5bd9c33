# Coroutines, asynchronous generators, comprehensions and context managers, driven by hand.
def run(coro):
    try:
        while True: 
            v = coro.send(None)
            print("yielded", v)
    except StopIteration as e:
        return e.value
class Aw:
    def __init__(self, v): self.v = v
    def __await__(self):
        r = yield self.v
        return self.v * 2
async def add(a, b):
    x = await Aw(a)
    y = await Aw(b)
    return x + y
async def main():
    r = await add(1, 2)
    print("r", r)
    async with ACM() as m:
        print("in", m)
    try:
        async with ACM() as m:
            raise ValueError("q")
    except ValueError as e: print("VE", e)
    async for i in AIter(3): print("ai", i)
    else: print("else")
    print([i async for i in AIter(3) if i != 1])
    print({i: await Aw(i) async for i in AIter(2)})
    async for x in agen(3):
        print("ag", x)
        if x == 1: break
    g = agen(2)
    print(await g.__anext__(), await g.asend("sent"))
    try: await g.__anext__()
    except StopAsyncIteration: print("SAI")
    g = agen(5)
    await g.__anext__()
    try: print(await g.athrow(KeyError("k")))
    except KeyError as e: print("KE", e)
    g = agen(5)
    await g.__anext__()
    await g.aclose()
    gx = (i * 2 async for i in AIter(3))
    print([x async for x in gx])
    def sync(): return [1]
    print([await Aw(z) for z in sync()])
    return "main done"
class ACM:
    async def __aenter__(self):
        await Aw("enter"); return "acm"
    async def __aexit__(self, *a):
        print("aexit", a[0])
        await Aw("exit")
class AIter:
    def __init__(self, n): self.i = 0; self.n = n
    def __aiter__(self): return self
    async def __anext__(self):
        if self.i >= self.n: raise StopAsyncIteration
        self.i += 1
        await Aw("next")
        return self.i - 1
async def agen(n):
    try:
        for i in range(n):
            s = yield i
            if s: print("s", s)
            await Aw("in agen")
    finally:
        print("agen fin")
print(run(main()))
c = add(1, 2)
print(type(c).__name__, c.cr_running, c.cr_await)
c.close()
try: c.send(None)
except RuntimeError as e: print(e)
async def bad():
    await 5
try: run(bad())
except TypeError as e: print(e)
async def bad2():
    async for x in 5: pass
try: run(bad2())
except TypeError as e: print(e)
async def bad3():
    async with 5: pass
try: run(bad3())
except TypeError as e: print(e)
async def raises():
    raise StopIteration
try: run(raises())
except RuntimeError as e: print(e)
async def t():
    try:
        await Aw(1)
    except ValueError as e:
        print("thrown", e)
        return 9
c = t(); c.send(None)
try: c.throw(ValueError("t"))
except StopIteration as e: print(e.value)
w = add(3, 4).__await__()
print(next(w)); 
w.close()
