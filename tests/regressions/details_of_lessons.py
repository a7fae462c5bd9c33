# Details that programs for lessons came upon.
import asyncio, collections, subprocess, sys

class Quiet(str):
    def __len__(self): return 0
print(bool(Quiet("abc")), hasattr(str, "__bool__"), hasattr(bytes, "__bool__"))

ordered = collections.OrderedDict(a=1)
for key in ordered: ordered["b" + key] = 1      # in the last round: nobody is left to notice
print(ordered)
try:
    for key in ordered: ordered["c" + key] = 1
except RuntimeError as error: print(error)

print([getattr(sys, name) is getattr(sys, f"__{name}__") for name in ("displayhook", "excepthook", "unraisablehook", "breakpointhook")])

def stderr_of(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stderr
print(stderr_of("import sys; sys.excepthook = 5; 1/0"))
print(stderr_of("def g():\n  try: yield\n  finally: 1/0\nx = g(); next(x); print(type(x)); sys = x = None").split("0x")[0])
print(stderr_of("class A:\n  def __del__(self):\n    try: 1/0\n    except ZeroDivisionError: {}['k']\na = A(); del a").split("Traceback")[1:])

async def name(): return asyncio.current_task().get_name()
async def main():
    await asyncio.create_task(name(), name="mine")
    print(await asyncio.create_task(name()))
    async with asyncio.TaskGroup() as group: group.create_task(name(), name="ours")
    print(await asyncio.create_task(name()))
    try:
        async with asyncio.timeout(0.001): await asyncio.sleep(1)
    except TimeoutError as error: print(repr(error.__cause__), repr(error.__context__))
asyncio.run(main())
