# What is told of exceptions that nobody catches, and the reprs of futures and tasks.
import asyncio
import sys

def scrub(text):
    """Without addresses."""
    parts = text.split("0x")
    return "0x".join(parts[:1] + [p.lstrip("0123456789abcdef") for p in parts[1:]]).replace(__file__, "FILE")

class Out:
    """sys.stderr, without the frames that are not of this file."""
    skipping = False
    line = ""

    def write(self, text):
        *lines, self.line = (self.line + text).split("\n")
        for line in lines:
            line = scrub(line)
            if line.startswith('  File "'):
                self.skipping = '"FILE"' not in line
            elif not line.startswith("    "):
                self.skipping = False
            if not self.skipping:
                print(line)

    def flush(self):
        pass


sys.stderr = Out()

def show(x):
    print(scrub(repr(x)))

async def fails():
    raise ValueError("nobody asks")

async def forever():
    await asyncio.get_running_loop().create_future()

def callback(f=None):
    1 / 0

async def odd():
    class Y:
        def __await__(self):
            yield 5
    await Y()

async def main():
    loop = asyncio.get_running_loop()
    t = asyncio.create_task(fails(), name="fails")
    show(t)
    await asyncio.sleep(0)
    show(t)
    del t
    f = loop.create_future()
    f.add_done_callback(callback)
    show(f)
    f.set_exception(KeyError("k"))
    show(f)
    print(repr(f.exception()))
    del f
    await asyncio.sleep(0)
    h = loop.call_soon(callback)
    show(h)
    await asyncio.sleep(0)
    show(h)
    t = asyncio.create_task(forever(), name="forever")
    await asyncio.sleep(0)
    show(t)
    t.cancel()
    show(t)
    try:
        await t
    except asyncio.CancelledError:
        pass
    show(t)
    try:
        await odd()
    except RuntimeError as e:
        print(scrub(str(e)))
    loop.set_exception_handler(lambda loop, context: print(sorted(context), context["message"].replace(__file__, "FILE")))
    loop.call_soon(callback)
    await asyncio.sleep(0)
    loop.set_exception_handler(lambda loop, context: 1 / 0)
    loop.call_exception_handler({"message": "mine"})
    async def short():
        await asyncio.sleep(0)
        return {"a" * 40: [1, 2, 3, 4, 5, 6, 7, 8], 3: (1,), 4: 10 ** 60, 5: "x", 6: set(), 7: None}

    t = asyncio.create_task(short(), name="s")
    await t
    show(t)

asyncio.run(main())
print(asyncio.iscoroutinefunction(main), asyncio.iscoroutinefunction(callback), asyncio.iscoroutine(3))
