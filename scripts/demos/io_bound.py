# SPDX-License-Identifier: MIT
"""The same I/O-bound job serial, in threads, in asyncio. Each "download" is a wait of 0.2 s.

A thread that waits lets go of the GIL, so ten threads wait together; so do ten tasks of one event loop, in one thread.
Run: scripts/baton scripts/demos/io_bound.py
"""
import asyncio
import threading
import time

from table import Times, show_gil

JOBS, WAIT = 10, 0.2


def download():
    time.sleep(WAIT)


async def download_async():
    await asyncio.sleep(WAIT)


async def all_async():
    await asyncio.gather(*(download_async() for _ in range(JOBS)))


times = Times()
with times("serial"):
    for _ in range(JOBS):
        download()
with times("threads"):
    threads = [threading.Thread(target=download) for _ in range(JOBS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
with times("asyncio"):
    asyncio.run(all_async())
times.show()
show_gil()
