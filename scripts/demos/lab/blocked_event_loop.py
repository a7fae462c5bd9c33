# SPDX-License-Identifier: MIT
"""A blocked event loop: one coroutine forgets to await, and all wait.

Run: scripts/baton --gil-trace - scripts/demos/lab/blocked_event_loop.py     (or a FILE.html instead of the -)
See: the lanes below MainThread are the tasks. The heartbeat beats every 0.05 s until `rude` calls time.sleep: there its lane is empty, and
     the lane of `rude` shows !!!: a step that took more than 50 ms blocked the loop. The second sentence names the line.
Ask: why does the lock show no contention at all? Which of the two cures below would help if `rude` computed instead of sleeping?
"""
import asyncio
import time


async def heartbeat(beats):
    while True:
        beats.append(time.perf_counter())
        await asyncio.sleep(0.05)


async def rude():
    await asyncio.sleep(0.2)
    time.sleep(0.4)                                   # no await: the loop stands still


async def polite():
    await asyncio.sleep(0.2)
    await asyncio.sleep(0.4)                          # a cure, if there is a way to await it


async def in_a_thread():
    await asyncio.sleep(0.2)
    await asyncio.to_thread(time.sleep, 0.4)          # a cure for what can't be awaited


async def beside_a_heartbeat(job):
    beats = []
    beating = asyncio.create_task(heartbeat(beats), name=f"heartbeat beside {job.__name__}")
    await asyncio.create_task(job(), name=job.__name__)
    beating.cancel()
    longest = max(after - before for before, after in zip(beats, beats[1:]))
    print(f"{job.__name__:12} {len(beats):2} beats, the longest pause {longest:.2f} s")


for job in (rude, polite, in_a_thread):
    asyncio.run(beside_a_heartbeat(job))
