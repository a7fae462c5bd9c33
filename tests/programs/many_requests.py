# One session holds 1,000 requests at once, in one thread; afterwards connections are reused; errors name host and cause.
import asyncio
import os
import threading
import time
import aiohttp
import requests

URL = "https://www.python.org/"
first = threading.Thread(target=int)
first.start()
first.join()
time.sleep(0.5)          # its pthread ends a little later
BEFORE = len(os.listdir("/proc/self/task"))       # more than one under a sanitizer that starts a thread of its own with the first


def sockets():
    found = set()
    for fd in os.listdir("/proc/self/fd"):
        try:
            name = os.readlink(f"/proc/self/fd/{fd}")
        except OSError:
            continue
        if name.startswith("socket:"):
            found.add(name)
    return found


async def one(session):
    async with session.get(URL) as response:
        return response.status, len(await response.text())


async def watch(most):
    while True:
        most[0] = max(most[0], len(sockets()))
        await asyncio.sleep(0.05)


async def failing(session, url, **more):
    try:
        async with session.get(url, **more) as response:
            response.raise_for_status()
    except (aiohttp.ClientError, asyncio.TimeoutError) as error:
        return type(error).__name__, str(error)


async def main():
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=None)) as session:
        most = [0]
        watcher = asyncio.create_task(watch(most))
        answers = await asyncio.gather(*[one(session) for _ in range(1000)])
        watcher.cancel()
        print("answers", len(answers), set(answers))
        print("at once", most[0] >= 1000, most[0])
        print("threads", 1 + len(os.listdir("/proc/self/task")) - BEFORE)
    async with aiohttp.ClientSession() as session:
        await one(session)
        first = sockets()
        for _ in range(3):
            await one(session)
        print("reused", sockets() == first, len(first))
        print(await failing(session, "https://127.0.0.1:1/"))
        print(await failing(session, "https://nonesuch.invalid/"))
        print(await failing(session, "https://localhost/"))
        print(await failing(session, URL, timeout=aiohttp.ClientTimeout(total=0.2)))
        print(await failing(session, "https://api1.com/", headers={"Range": "bytes=9999-"}))


asyncio.run(main())
for url, more in (("https://127.0.0.1:1/", {}), ("https://nonesuch.invalid/", {}), ("https://localhost/", {}), (URL, {"timeout": 0.2})):
    try:
        requests.get(url, **more)
        print("no error")
    except requests.RequestException as error:
        print(type(error).__name__, error)
