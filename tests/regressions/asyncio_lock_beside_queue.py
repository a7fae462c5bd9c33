# A task that has a lock waits for a queue, a semaphore's place, a process: who wants the lock is not stuck.
import asyncio


async def holder(lock, wait):
    async with lock:
        print("got", await wait)


async def other(lock):
    async with lock:
        print("the other has it")


async def true():
    process = await asyncio.create_subprocess_exec("sleep", "0.1")
    return await process.wait()


async def main():
    queue, full = asyncio.Queue(), asyncio.Queue(1)
    full.put_nowait(0)
    for wait in (queue.get(), full.put(1), asyncio.Event().wait(), true()):
        lock = asyncio.Lock()
        tasks = [asyncio.create_task(holder(lock, wait)), asyncio.create_task(other(lock))]
        await asyncio.sleep(0.02)
        await asyncio.sleep(0.02)
        queue.put_nowait("an item")
        if full.full():
            full.get_nowait()
        done, pending = await asyncio.wait(tasks, timeout=0.5)
        for task in pending:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        print(len(done), len(pending))


asyncio.run(main())
