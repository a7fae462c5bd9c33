# Cancellation, timeouts, shields.
import asyncio

async def sleeper(name, n=10):
    try:
        await asyncio.sleep(n)
        return name
    except asyncio.CancelledError as e:
        print(name, "cancelled", e.args)
        raise

async def told(name, word):
    await word.wait()
    return name

async def stubborn():
    for i in range(3):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            print("not yet", asyncio.current_task().cancelling())
    return "done at last"

async def main():
    t = asyncio.create_task(sleeper("one"), name="T1")
    await asyncio.sleep(0)
    print(t.cancel("msg"), t.done(), t.cancelling())
    try:
        await t
    except asyncio.CancelledError as e:
        print("await", e.args)
    print(t.cancelled(), t.done(), t.cancel(), t.get_name())
    t = asyncio.create_task(sleeper("early"))
    t.cancel()
    try:
        await t
    except asyncio.CancelledError as e:
        print("early", e.args)
    t = asyncio.create_task(stubborn())
    for i in range(4):
        await asyncio.sleep(0)
        t.cancel()
    print(await asyncio.wait([t], timeout=0.1))if 0 else print(await t)
    try:
        await asyncio.wait_for(sleeper("slow"), 0.01)
    except asyncio.TimeoutError as e:
        print("timeout", repr(e), repr(e.__cause__))
    print(await asyncio.wait_for(sleeper("fast", 0), 5))
    try:
        async with asyncio.timeout(0.01) as cm:
            await sleeper("in timeout")
    except TimeoutError as e:
        print("TimeoutError", cm.expired(), repr(cm))
    async with asyncio.timeout(None) as cm:
        print(repr(cm))
        cm.reschedule(None)
    print(repr(cm), cm.when())
    try:
        cm.reschedule(1)
    except RuntimeError as e:
        print(e)
    word = asyncio.Event()
    inner = asyncio.create_task(told("inner", word))
    try:
        await asyncio.wait_for(asyncio.shield(inner), 0.005)
    except TimeoutError:
        print("shielded", inner.done())
    word.set()
    print(await inner)
    g = asyncio.gather(sleeper("g1"), sleeper("g2"))
    await asyncio.sleep(0)
    print(g.cancel())
    try:
        await g
    except asyncio.CancelledError as e:
        print("gather cancelled", e.args)
    done, pending = await asyncio.wait([asyncio.create_task(sleeper("w1", 0.01)), asyncio.create_task(sleeper("w2", 10))], return_when=asyncio.FIRST_COMPLETED)
    print(len(done), len(pending), done.pop().result())
    for p in pending:
        p.cancel()
    done, pending = await asyncio.wait(pending)
    print(len(done), done.pop().cancelled())
    words = [asyncio.Event() for _ in range(3)]
    order = iter((1, 2, 0))
    for c in asyncio.as_completed([told(f"c{n}", word) for n, word in zip((3, 1, 2), words)]):
        asyncio.get_running_loop().call_soon(words[next(order)].set)
        print(await c)
    try:
        for c in asyncio.as_completed([sleeper("c9", 3)], timeout=0.01):
            print(await c)
    except TimeoutError as e:
        print("as_completed", repr(e))
    for left in asyncio.all_tasks() - {asyncio.current_task()}:      # else two tasks are left at the end, in the order of their addresses
        left.cancel()
    await asyncio.sleep(0)
    t = asyncio.current_task()
    t.cancel()
    print(t.cancelling(), t.uncancel())
    try:
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        print("self cancelled")
    asyncio.create_task(sleeper("left over"))
    await asyncio.sleep(0)

asyncio.run(main())
print(issubclass(asyncio.CancelledError, Exception), asyncio.TimeoutError is TimeoutError)
