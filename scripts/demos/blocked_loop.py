# SPDX-License-Identifier: MIT
"""A blocked event loop against a free one.

A ticker wants to run every 0.05 s beside a job of 0.5 s. The job that calls time.sleep() holds up the loop, so nothing ticks; the
job that awaits lets it tick; the job sent to a thread lets it tick, too.
Run: scripts/baton scripts/demos/blocked_loop.py
"""
import asyncio
import time

from table import Times, show_gil


async def ticker(ticks):
    while True:
        ticks.append(time.perf_counter())
        await asyncio.sleep(0.05)


async def blocking_job():
    time.sleep(0.5)


async def awaiting_job():
    await asyncio.sleep(0.5)


async def threaded_job():
    await asyncio.to_thread(time.sleep, 0.5)


async def beside_ticker(job):
    ticks = []
    task = asyncio.create_task(ticker(ticks))
    await asyncio.sleep(0)
    await job()
    task.cancel()
    return len(ticks)


times = Times()
for name, job in (("time.sleep in the loop", blocking_job), ("await asyncio.sleep", awaiting_job), ("to_thread(time.sleep)", threaded_job)):
    with times(name):
        ticks = asyncio.run(beside_ticker(job))
    print(f"{name}: {ticks} ticks")
times.show()
show_gil()
