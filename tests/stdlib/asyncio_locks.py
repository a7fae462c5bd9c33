# Queues and locks between tasks.
import asyncio

def scrub(text):
    """Without addresses."""
    parts = text.split("0x")
    return "0x".join(parts[:1] + [p.lstrip("0123456789abcdef") for p in parts[1:]]).replace(__file__, "FILE")

def show(x):
    print(scrub(repr(x)))

async def worker(q, name, out):
    while True:
        item = await q.get()
        out.append((name, item))
        await asyncio.sleep(0)
        q.task_done()

async def main():
    q = asyncio.Queue(2)
    out = []
    ws = [asyncio.create_task(worker(q, n, out)) for n in "ab"]
    for i in range(6):
        await q.put(i)
    await q.join()
    print(out)
    for w in ws:
        w.cancel()
    show(q)
    for Q in (asyncio.PriorityQueue, asyncio.LifoQueue, asyncio.Queue):
        q = Q(maxsize=3)
        for i in (2, 3, 1):
            q.put_nowait(i)
        print(q.full(), q.qsize(), q)
        try:
            q.put_nowait(0)
        except asyncio.QueueFull as e:
            print(repr(e))
        print([q.get_nowait() for _ in range(3)])
        try:
            q.get_nowait()
        except asyncio.QueueEmpty as e:
            print(repr(e))
    try:
        for i in range(9): q.task_done()
    except ValueError as e:
        print(e)
    lock = asyncio.Lock()
    show(lock)
    async def user(n):
        async with lock:
            print("in", n)
            await asyncio.sleep(0)
            print("out", n)
    ts = [asyncio.create_task(user(i)) for i in range(3)]
    await asyncio.sleep(0)
    show(lock)
    ts[1].cancel()
    await asyncio.gather(*ts, return_exceptions=True)
    try:
        lock.release()
    except RuntimeError as e:
        print(e)
    sem = asyncio.Semaphore(2)
    show(sem)
    active = peak = 0
    async def limited():
        nonlocal active, peak
        async with sem:
            active += 1
            peak = max(peak, active)
            await asyncio.sleep(0.001)
            active -= 1
    await asyncio.gather(*[limited() for _ in range(7)])
    print(active, peak)
    b = asyncio.BoundedSemaphore(1)
    try:
        b.release()
    except ValueError as e:
        print(e)
    cond = asyncio.Condition()
    items = []
    async def consumer(n):
        async with cond:
            await cond.wait_for(lambda: items)
            print("consumer", n, items.pop())
    cs = [asyncio.create_task(consumer(i)) for i in range(3)]
    await asyncio.sleep(0)
    for i in range(3):
        async with cond:
            items.append(i)
            cond.notify()
        await asyncio.sleep(0)
    await asyncio.gather(*cs)
    show(cond)
    try:
        cond.notify()
    except RuntimeError as e:
        print(e)
    e = asyncio.Event()
    show(e)
    w = asyncio.create_task(e.wait())
    await asyncio.sleep(0)
    show(e)
    e.set()
    print(await w, e.is_set())
    bar = asyncio.Barrier(3)
    async def party(n):
        i = await bar.wait()
        return i
    print(sorted(await asyncio.gather(*[party(n) for n in range(3)])))
    show(bar)
    t = asyncio.create_task(bar.wait())
    await asyncio.sleep(0)
    print(bar.n_waiting, bar.parties, bar.broken)
    await bar.abort()
    try:
        await t
    except asyncio.BrokenBarrierError as e:
        print(repr(e))
    show(bar)
    q = asyncio.Queue()
    try:
        await asyncio.wait_for(q.get(), 0.01)
    except TimeoutError:
        print("queue timeout", q._getters)

asyncio.run(main())
