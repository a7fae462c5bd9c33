# The order in which callbacks, tasks and gathered coroutines run.
import asyncio

async def step(name, n):
    for i in range(n):
        print(name, i)
        await asyncio.sleep(0)
    return name

async def fails(name):
    await asyncio.sleep(0)
    raise ValueError(name)

async def main():
    loop = asyncio.get_running_loop()
    print(await asyncio.gather(step("a", 2), step("b", 3), step("c", 1)))
    print(await asyncio.gather(step("a", 1), fails("x"), return_exceptions=True))
    try:
        await asyncio.gather(fails("y"), step("z", 3))
    except ValueError as e:
        print("gather raised", e)
    await asyncio.sleep(0.01)
    loop.call_soon(print, "soon 1")
    loop.call_soon(print, "soon 2")
    h = loop.call_soon(print, "never")
    h.cancel()
    print(h.cancelled())
    loop.call_later(0.02, print, "later 2")
    loop.call_later(0.01, print, "later 1")
    t = loop.call_later(0.015, print, "never")
    t.cancel()
    f = loop.create_future()
    f.add_done_callback(lambda f: print("callback 1", f.result()))
    f.add_done_callback(lambda f: print("callback 2", f.result()))
    cb = lambda f: print("never")
    f.add_done_callback(cb)
    print(f.remove_done_callback(cb))
    loop.call_soon(f.set_result, 42)
    print(await f)
    await asyncio.sleep(0.03)
    print(await asyncio.gather())
    c = step("same", 1)
    t = asyncio.create_task(c)
    print(await asyncio.gather(t, t))
    try:
        c = step("q", 1)
        asyncio.run(c)
    except RuntimeError as e:
        print(e)
        c.close()
    try:
        loop.run_forever()
    except RuntimeError as e:
        print(e)
    for bad in (1, None, [1]):
        try:
            asyncio.create_task(bad)
        except TypeError as e:
            print(e)
        try:
            asyncio.ensure_future(bad)
        except TypeError as e:
            print(e)
    try:
        await asyncio.wait([])
    except ValueError as e:
        print(e)

asyncio.run(main())
try:
    asyncio.run(1)
except ValueError as e:
    print(e)
try:
    asyncio.get_running_loop()
except RuntimeError as e:
    print(e)
try:
    asyncio.Future().set_result(1)
except Exception as e:
    print(type(e))
loop = asyncio.new_event_loop()
f = loop.create_future()
for m in (f.result, f.exception):
    try:
        m()
    except asyncio.InvalidStateError as e:
        print(e)
f.set_result(1)
for m in (lambda: f.set_result(1), lambda: f.set_exception(ValueError())):
    try:
        m()
    except asyncio.InvalidStateError as e:
        print(e)
g = loop.create_future()
try:
    g.set_exception(StopIteration)
except TypeError as e:
    print(e)
try:
    g.set_exception(3)
except TypeError as e:
    print(e)
print(f, g, f.done(), g.done(), g.cancelled())
g.cancel("why")
try:
    g.result()
except asyncio.CancelledError as e:
    print(repr(e))
print(g, loop.is_running(), loop.is_closed())
loop.close()
print(loop)
try:
    loop.call_soon(print)
except RuntimeError as e:
    print(e)
