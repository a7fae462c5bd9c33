# Where a task waits, and where it failed.
import asyncio
import sys


async def waits():
    await asyncio.sleep(1)


async def fails():
    raise ValueError("no")


class File:
    def write(self, text):
        sys.stdout.write(text.replace(__file__, "FILE"))


async def main():
    task = asyncio.create_task(waits(), name="w")
    await asyncio.sleep(0)
    print([f.f_code.co_name for f in task.get_stack()], task.get_stack(limit=0))
    task.cancel()
    task = asyncio.create_task(fails(), name="f")
    await asyncio.sleep(0)
    print([f.f_lineno for f in task.get_stack()])
    task.print_stack(file=File())
    task = asyncio.create_task(asyncio.sleep(0), name="n")
    await task
    print(task.get_stack())

asyncio.run(main())
