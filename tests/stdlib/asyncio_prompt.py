# python -m asyncio: a prompt that awaits, whose tasks go on between its lines.
import subprocess, sys
lines = r'''
import asyncio
await asyncio.sleep(0, 7)
x = 5
x
async def f():
    return x + 1

await f()
t = asyncio.create_task(f())
await asyncio.sleep(0.01); t.result()
1/0
1 +
async def g(): raise ValueError("g")

await g()
print("still there")
raise SystemExit(4)
'''
p = subprocess.run([sys.executable, "-m", "asyncio"], input=lines, capture_output=True, text=True)
print(p.stdout.replace(">>> ", "").replace("... ", ""), p.returncode)
print([line for line in p.stderr.splitlines() if "Error" in line or "console" in line])
p = subprocess.run([sys.executable, "-m", "asyncio"], input="2 ** 5\n", capture_output=True, text=True)
print(p.stdout.split(), p.stderr.splitlines()[-1], p.returncode)
