# TaskGroup and ExceptionGroup; contexts; threads.
import asyncio
import contextvars
import threading
import time

var = contextvars.ContextVar("var", default="none")

async def ok(n):
    await asyncio.sleep(0.01 * n)
    return n

async def bad(e, n=0):
    await asyncio.sleep(0.01 * n)
    raise e

async def waits():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("sibling cancelled")
        raise

async def child():
    print("child sees", var.get())
    var.set("child")
    await asyncio.sleep(0)
    print("child has", var.get())

async def main():
    async with asyncio.TaskGroup() as tg:
        a = tg.create_task(ok(2))
        b = tg.create_task(ok(1), name="b")
    print(a.result(), b.result(), b.get_name(), tg)
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(bad(ValueError("v")))
            tg.create_task(bad(TypeError("t")))
            tg.create_task(waits())
    except* ValueError as eg:
        print(eg, eg.exceptions)
    except* TypeError as eg:
        print(eg.exceptions)
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(waits())
            await asyncio.sleep(0)
            raise KeyError("body")
    except BaseExceptionGroup as eg:
        print(repr(eg))
    try:
        c = ok(1)
        tg.create_task(c)
    except RuntimeError as e:
        c.close()
        print(str(e)[:9])
    var.set("main")
    await asyncio.create_task(child())
    print(var.get())
    ctx = contextvars.copy_context()
    await asyncio.create_task(child(), context=ctx)
    print(var.get(), ctx[var], var in ctx, len(ctx) >= 1)
    print(await asyncio.to_thread(lambda x, y=0: (x, y, var.get(), threading.current_thread() is threading.main_thread()), 1, y=2))
    try:
        await asyncio.to_thread(int, "x")
    except ValueError as e:
        print(e)
    loop = asyncio.get_running_loop()
    t0 = time.monotonic()
    print(await asyncio.gather(*[loop.run_in_executor(None, time.sleep, 0.05) for _ in range(4)]))
    print(time.monotonic() - t0 < 0.15)
    def from_thread():
        return asyncio.run_coroutine_threadsafe(ok(1), loop).result(5)
    print(await asyncio.to_thread(from_thread))
    def poke():
        time.sleep(0.02)
        loop.call_soon_threadsafe(event.set)
    event = asyncio.Event()
    threading.Thread(target=poke).start()
    print(await event.wait())

asyncio.run(main())
token = var.set(1)
print(var.get(), token.old_value is contextvars.Token.MISSING or token.old_value, token.var is var)
var.reset(token)
print(var.get())
try:
    var.reset(token)
except RuntimeError as e:
    print("has already been used once" in str(e))
try:
    contextvars.ContextVar("x").get()
except LookupError as e:
    print("LookupError")
c = contextvars.Context()
print(c.run(lambda: (var.set(7), var.get())[1]), c[var], list(c.values()), dict(c.items()) == {var: 7}, c.get(var), var.get())
try:
    c.run(c.run, print)
except RuntimeError as e:
    print(str(e).startswith("cannot enter context"))
try:
    c[1]
except TypeError as e:
    print(e)
