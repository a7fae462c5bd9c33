# Debug mode: what keeps the loop from the others is told, calls from another thread are refused, and a coroutine never awaited tells where it was made.
import asyncio, io, sys, threading, time
from asyncio import base_events, constants, events, format_helpers, log, selector_events, unix_events


async def sluggish():
    time.sleep(0.12)


def hold_up():
    time.sleep(0.12)


async def forgotten():
    pass


async def main():
    loop = asyncio.get_running_loop()
    await sluggish()
    loop.call_soon(hold_up)
    await asyncio.sleep(0.01)
    forgotten()

    def from_another_thread():
        try:
            loop.call_soon(print)
        except RuntimeError as error:
            print(error)
    thread = threading.Thread(target=from_another_thread)
    thread.start()
    thread.join()
    loop.slow_callback_duration = 10
    await sluggish()
    return loop.get_debug()


kept, sys.stderr = sys.stderr, io.StringIO()
print(asyncio.run(main(), debug=True))
said, sys.stderr = sys.stderr.getvalue(), kept
print(said.count("Executing <Task pending name='Task-1' coro=<main() running at"), said.count("Executing <Handle hold_up() at"), said.count(" took 0.1"))
print("coroutine 'forgotten' was never awaited\nCoroutine created at (most recent call last)\n" in said, "in main\n    forgotten()\n" in said)


async def plain():
    return asyncio.get_running_loop().get_debug()


print(asyncio.run(plain()), asyncio.run(plain(), debug=True), sys.get_coroutine_origin_tracking_depth())
import os
os.environ["PYTHONASYNCIODEBUG"] = "1"
print(asyncio.run(plain()))
print(log.logger.name, issubclass(unix_events.SelectorEventLoop, events.AbstractEventLoop), isinstance(asyncio.new_event_loop(), selector_events.BaseSelectorEventLoop))


async def watch():
    with asyncio.PidfdChildWatcher() as watcher:
        watcher.attach_loop(asyncio.get_running_loop())
        ended = asyncio.get_running_loop().create_future()
        pid = os.spawnlp(os.P_NOWAIT, "sh", "sh", "-c", "exit 3")
        watcher.add_child_handler(pid, lambda pid, status, mark: ended.set_result((status, mark)), "mark")
        return await ended

print(asyncio.run(watch()))
try:
    asyncio.run(events.AbstractEventLoop().shutdown_asyncgens(), debug=False)
except NotImplementedError:
    print("NotImplementedError")
