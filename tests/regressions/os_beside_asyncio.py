# os and asyncio keep their state in places of their own: a stat result beside a cancelled task.
import asyncio
import os
import time


async def main():
    task = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")                       # expect: cancelled
    print(os.stat("/").st_mode > 0, repr(task)[:5])   # expect: True <Task


asyncio.run(main())
print(type(os.stat("/")).__name__, type(time.localtime()).__name__)   # expect: stat_result struct_time
