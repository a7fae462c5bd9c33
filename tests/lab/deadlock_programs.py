# SPDX-License-Identifier: MIT
"""Programs that deadlock (name -> (a piece of the report, source)) and programs that only look as if they did (name -> source).

The latter print `fine` at their end, or would hang (and time out) where they wait for something from outside.
"""
START = """
import threading, time, queue, sys, os
L = threading.Lock
def start(*functions, daemon=False):
    threads = [threading.Thread(target=f, daemon=daemon) for f in functions]
    for t in threads: t.start()
    return threads
def join(threads):
    for t in threads: t.join()
met = threading.Barrier(2)
"""

TASKS = """
import asyncio
async def tick():
    while True: await asyncio.sleep(0.05)
async def work(x, y):
    async with x:
        await asyncio.sleep(0.01)
        async with y: pass
"""

STUCK = {
    "ABBA": ("waits for b, which Thread-2", """
a, b = L(), L()
def one():
    with a:
        met.wait()
        with b: pass
def two():
    with b:
        met.wait()
        with a: pass
join(start(one, two))
"""),
    "ABBA while the main thread computes": ("2 threads wait for each other", """
a, b = L(), L()
def one():
    with a:
        met.wait()
        with b: pass
def two():
    with b:
        met.wait()
        with a: pass
start(one, two)
while True: sum(range(1000))
"""),
    "ABBA while the main thread sleeps": ("2 threads wait for each other", """
a, b = L(), L()
def one():
    with a:
        met.wait()
        with b: pass
def two():
    with b:
        met.wait()
        with a: pass
start(one, two)
time.sleep(60)
"""),
    "ABBA of RLocks": ("2 threads wait for each other", """
a, b = threading.RLock(), threading.RLock()
def work(x, y):
    x.acquire()
    met.wait()
    y.acquire()
start(lambda: work(a, b), lambda: work(b, a))
time.sleep(60)
"""),
    "three in a ring": ("Deadlock: 4 threads", """
locks = [L() for _ in range(3)]
def work(i):
    with locks[i]:
        time.sleep(0.05)
        with locks[(i + 1) % 3]: pass
join(start(*[lambda i=i: work(i) for i in range(3)]))
"""),
    "locks in containers are told by their places": ("holds table.forks[1]", """
class Table: pass
table = Table()
table.forks = [L() for _ in range(2)]
def eat(i):
    with table.forks[i]:
        met.wait()
        with table.forks[1 - i]: pass
join(start(*[lambda i=i: eat(i) for i in range(2)]))
"""),
    "locks in a dict": ("others['salt'], which", """
others = {'salt': L(), 'pepper': L()}
def take(a, b):
    with others[a]:
        met.wait()
        with others[b]: pass
join(start(lambda: take('salt', 'pepper'), lambda: take('pepper', 'salt')))
"""),
    "five philosophers": ("Deadlock: 6 threads", """
forks = [L() for _ in range(5)]
def eat(i):
    forks[i].acquire()
    time.sleep(0.05)
    forks[(i + 1) % 5].acquire()
join(start(*[lambda i=i: eat(i) for i in range(5)]))
"""),
    "a lock twice": ("which it took itself", """
lock = L()
with lock:
    with lock: pass
"""),
    "a lock twice in a thread": ("which it took itself", """
lock = L()
def inner():
    with lock: pass
def outer():
    with lock: inner()
start(outer)
time.sleep(60)
"""),
    "a lock kept by a thread that ended": ("waits for lock", """
lock = L()
join(start(lock.acquire))
lock.acquire()
"""),
    "an RLock kept by a thread that ended": ("waits for lock", """
lock = threading.RLock()
join(start(lock.acquire))
lock.acquire()
"""),
    "join while holding what the other wants": ("waits for the end of", """
lock = L()
def work():
    with lock: pass
with lock:
    t = threading.Thread(target=work)
    t.start()
    t.join()
"""),
    "two threads join each other": ("waits for the end of", """
threads = []
def one():
    time.sleep(0.05)
    threads[1].join()
def two():
    time.sleep(0.05)
    threads[0].join()
threads = start(one, two)
time.sleep(60)
"""),
    "an event that nobody sets": ("waits for done", """
done = threading.Event()
done.wait()
"""),
    "a queue that nobody fills": ("waits for q", """
q = queue.Queue()
def consume(): q.get()
join(start(consume, consume))
"""),
    "a full queue that nobody empties": ("waits for q", """
q = queue.Queue(1)
q.put(1)
q.put(2)
"""),
    "task_done forgotten": ("waits for q", """
q = queue.Queue()
q.put(1)
q.get()
q.join()
"""),
    "a barrier for one more": ("waits for barrier", """
barrier = threading.Barrier(3)
join(start(barrier.wait, barrier.wait))
"""),
    "a semaphore that nobody releases": ("waits for s", """
s = threading.Semaphore(1)
s.acquire()
s.acquire()
"""),
    "a notification that came before": ("waits for c", """
c = threading.Condition()
with c: c.notify()
with c: c.wait()
"""),
    "threads left at the end": ("waits for done", """
done = threading.Event()
start(done.wait)
"""),
    "asyncio: two tasks, two locks": ("waits for an asyncio.Lock", """
import asyncio
async def work(x, y):
    async with x:
        await asyncio.sleep(0.01)
        async with y: pass
async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    await asyncio.gather(work(a, b), work(b, a))
asyncio.run(main())
"""),
    "asyncio: a queue that nobody fills": ("waits for an asyncio.Queue", """
import asyncio
async def main(): await asyncio.Queue().get()
asyncio.run(main())
"""),
    "asyncio: two tasks, two locks, and another task goes on": ("which Task-4 took", TASKS + """
async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    asyncio.create_task(tick())
    await asyncio.gather(work(a, b), work(b, a))
asyncio.run(main())
"""),
    "asyncio: three in a ring": ("3 tasks wait for each other", TASKS + """
async def main():
    a, b, c = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()
    asyncio.create_task(tick())
    await asyncio.gather(work(a, b), work(b, c), work(c, a))
asyncio.run(main())
"""),
    "asyncio: a lock twice": ("which it took itself", TASKS + """
async def main():
    asyncio.create_task(tick())
    lock = asyncio.Lock()
    async with lock:
        async with lock: pass
asyncio.run(main())
"""),
    "asyncio: a group's task wants what its parent holds": ("which Task-1 took", TASKS + """
async def child(lock):
    async with lock: pass
async def main():
    asyncio.create_task(tick())
    lock = asyncio.Lock()
    async with lock, asyncio.TaskGroup() as group: group.create_task(child(lock))
asyncio.run(main())
"""),
    "asyncio: the task that is awaited wants what the other holds": ("waits for the end of", TASKS + """
async def child(lock):
    async with lock: pass
async def main():
    asyncio.create_task(tick())
    lock = asyncio.Lock()
    async with lock:
        task = asyncio.create_task(child(lock))
        await asyncio.sleep(0.05)
        await task
asyncio.run(main())
"""),
    "asyncio: a ring in the loop of another thread": ("2 tasks wait for each other", TASKS + """
async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    asyncio.create_task(tick())
    await asyncio.wait([asyncio.create_task(work(a, b)), asyncio.create_task(work(b, a))])
start(lambda: asyncio.run(main()), daemon=True)
time.sleep(60)
"""),
    "a module whose import waits for who imports it": ("waits for the import of module_of_the_test", """
import sys, tempfile
L = L()
with tempfile.TemporaryDirectory() as folder:
    with open(folder + '/module_of_the_test.py', 'w') as file: file.write('import time, __main__\\ntime.sleep(0.2)\\nwith __main__.L: pass\\n')
    sys.path.insert(0, folder)
    def hold():
        with L:
            time.sleep(0.1)
            import module_of_the_test
    def load(): import module_of_the_test
    join(start(load, hold))
"""),
    "multiprocessing: two threads of a process, two locks": ("waits for", """
import multiprocessing
a, b = multiprocessing.Lock(), multiprocessing.RLock()
def work(x, y):
    with x:
        met.wait()
        with y: pass
join(start(lambda: work(a, b), lambda: work(b, a)))
"""),
    "multiprocessing: a lock kept by a process that ended": ("has ended", """
import multiprocessing
lock = multiprocessing.Lock()
def die():
    with lock: os._exit(3)
p = multiprocessing.Process(target=die)
p.start()
p.join()
with lock: pass
"""),
    "multiprocessing: join before get": ("take the items out", """
import multiprocessing
q = multiprocessing.Queue()
p = multiprocessing.Process(target=lambda: q.put('x' * 1000000))
p.start()
p.join()
"""),
}

# A ring of locks taken by acquire(), which another thread could release: told after a second, and nothing is raised.
TOLD = """
a, b = L(), L()
def work(x, y):
    x.acquire()
    met.wait()
    y.acquire()
start(lambda: work(a, b), lambda: work(b, a))
time.sleep(3)
a.release(); b.release()
print("fine")
"""

FINE = {
    "two threads import modules that import each other": """
import sys, tempfile
with tempfile.TemporaryDirectory() as folder:
    for one, other in ('ring_a', 'ring_b'), ('ring_b', 'ring_a'):
        with open(f'{folder}/{one}.py', 'w') as file: file.write(f'import time\\ntime.sleep(0.05)\\nimport {other}\\n')
    sys.path.insert(0, folder)
    join(start(lambda: __import__('ring_a'), lambda: __import__('ring_b'), lambda: __import__('ring_b')))
""",
    "multiprocessing: a lock that another process lets go": """
import multiprocessing
lock = multiprocessing.Lock()
lock.acquire()
def let_go():
    time.sleep(0.3)
    lock.release()
p = multiprocessing.Process(target=let_go)
p.start()
lock.acquire()
p.join()
""",
    "multiprocessing: a lock that is held for long": """
import multiprocessing
lock = multiprocessing.RLock()
held = multiprocessing.Event()
def hold():
    with lock:
        held.set()
        time.sleep(2.3)
p = multiprocessing.Process(target=hold)
p.start()
held.wait()
with lock: pass
p.join()
""",
    "a lock as a signal": """
ready = L()
ready.acquire()
def tell():
    time.sleep(0.1)
    ready.release()
start(tell)
ready.acquire()
""",
    "ping-pong with two locks": """
ping, pong = L(), L()
pong.acquire()
def player(mine, other):
    for _ in range(50):
        mine.acquire()
        other.release()
join(start(lambda: player(ping, pong), lambda: player(pong, ping)))
""",
    "ABBA with a timeout": """
a, b = L(), L()
def work(x, y):
    with x:
        time.sleep(0.02)
        if y.acquire(timeout=0.05): y.release()
join(start(lambda: work(a, b), lambda: work(b, a)))
""",
    "a third thread lets go": """
a, b = L(), L()
def work(x, y):
    x.acquire()
    time.sleep(0.05)
    y.acquire()
threads = start(lambda: work(a, b), lambda: work(b, a))
time.sleep(0.3)
a.release(); b.release()
join(threads)
""",
    "a timer sets the event": """
e = threading.Event()
threading.Timer(0.1, e.set).start()
e.wait()
""",
    "a daemon thread sets the event": """
e = threading.Event()
def later():
    time.sleep(0.1)
    e.set()
start(later, daemon=True)
e.wait()
""",
    "a signal handler sets the event": """
import signal
e = threading.Event()
signal.signal(signal.SIGALRM, lambda *_: e.set())
signal.setitimer(signal.ITIMER_REAL, 0.2)
e.wait()
""",
    "input from a pipe wakes": """
r, w = os.pipe()
e = threading.Event()
def read():
    os.read(r, 1)
    e.set()
start(read)
threading.Timer(0.1, lambda: os.write(w, b'x')).start()
e.wait()
""",
    "another process wakes": """
r, w = os.pipe()
if os.fork() == 0:
    time.sleep(0.2)
    os.write(w, b'x')
    os._exit(0)
e = threading.Event()
def read():
    os.read(r, 1)
    e.set()
start(read)
e.wait()
os.wait()
""",
    "a computing thread puts later": """
q = queue.Queue()
def work():
    q.put(sum(i for i in range(300000)))
start(work)
q.get()
""",
    "a pool with idle workers": """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    assert list(pool.map(abs, range(-3, 0))) == [3, 2, 1]
    time.sleep(0.05)
    assert pool.submit(abs, -1).result() == 1
""",
    "daemon threads wait for ever at the end": """
start(threading.Event().wait, queue.Queue().get, daemon=True)
time.sleep(0.05)
""",
    "daemon threads in a deadlock of their own": """
a, b = threading.Event(), threading.Event()
def work(x, y):
    x.wait()
    y.set()
start(lambda: work(a, b), lambda: work(b, a), daemon=True)
time.sleep(0.1)
""",
    "a lock waited for while its owner sleeps": """
lock = L()
def own():
    with lock: time.sleep(0.2)
threads = start(own)
time.sleep(0.05)
with lock: pass
join(threads)
""",
    "a child process holds what was taken before the fork": """
lock = threading.RLock()
with lock:
    child = os.fork()
    if child == 0:
        def other():
            with lock: pass
        threads = start(other)
        time.sleep(0.2)
if child == 0:
    join(threads)
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
""",
    "an RLock taken three times": """
lock = threading.RLock()
with lock:
    with lock:
        with lock: pass
""",
    "a condition told by the last thread that runs": """
c = threading.Condition()
go = False
def wait():
    with c:
        while not go: c.wait()
threads = start(wait, wait, wait)
time.sleep(0.05)
with c:
    go = True
    c.notify_all()
join(threads)
""",
    "an event and a wait with a timeout": """
e = threading.Event()
def waits(): e.wait()
threads = start(waits)
while not threading.Event().wait(0.02):
    e.set()
    break
join(threads)
""",
    "a barrier that everybody reaches": """
barrier = threading.Barrier(3)
join(start(barrier.wait, barrier.wait, lambda: (time.sleep(0.1), barrier.wait())))
""",
    "semaphores handed on": """
s = [threading.Semaphore(0) for _ in range(3)]
def turn(i):
    for _ in range(20):
        s[i].acquire()
        s[(i + 1) % 3].release()
s[0].release()
join(start(*[lambda i=i: turn(i) for i in range(3)]))
""",
    "the joined thread waits for a lock that the joiner has let go": """
lock = L()
lock.acquire()
def work():
    with lock: time.sleep(0.05)
t = threading.Thread(target=work)
t.start()
lock.release()
t.join()
""",
    "asyncio: a thread sets the future": """
import asyncio
async def main():
    loop = asyncio.get_running_loop()
    f = loop.create_future()
    threading.Timer(0.1, lambda: loop.call_soon_threadsafe(f.set_result, 1)).start()
    assert await f == 1
    assert await asyncio.to_thread(abs, -2) == 2
    assert await asyncio.wait_for(asyncio.sleep(0.01, 3), 1) == 3
asyncio.run(main())
""",
    "asyncio: rings that a time limit ends": TASKS + """
async def main():
    lock, a, b = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()
    async def twice():
        async with lock:
            async with lock: pass
    try:
        async with asyncio.timeout(0.1): await twice()
    except TimeoutError: pass
    try: await asyncio.wait_for(twice(), 0.1)
    except TimeoutError: pass
    try:
        async with asyncio.timeout(0.1): await asyncio.gather(work(a, b), work(b, a))
    except TimeoutError: pass
    done, pending = await asyncio.wait([asyncio.create_task(work(a, b)), asyncio.create_task(work(b, a))], timeout=0.1)
    for task in pending: task.cancel()
    assert len(pending) == 2
asyncio.run(main())
""",
    "asyncio: locks that somebody else releases": TASKS + """
async def main():
    lock, places = asyncio.Lock(), asyncio.Semaphore(2)
    await lock.acquire()
    asyncio.get_running_loop().call_later(0.1, lock.release)
    async with lock: pass
    async def use():
        async with places: await asyncio.sleep(0.02)
    await asyncio.gather(*(use() for _ in range(9)))
    places.release()
    async with places, places, places:
        asyncio.get_running_loop().call_later(0.1, places.release)
        async with places: pass
asyncio.run(main())
""",
    "asyncio: many tasks, one lock": TASKS + """
async def main():
    lock, n = asyncio.Lock(), 0
    async def add():
        nonlocal n
        for _ in range(5):
            async with lock:
                seen = n
                await asyncio.sleep(0)
                n = seen + 1
    other = asyncio.create_task(tick())
    await asyncio.gather(*(add() for _ in range(40)))
    assert n == 200
    other.cancel()
asyncio.run(main())
""",
    "asyncio: one task waits for another": """
import asyncio
async def main():
    e = asyncio.Event()
    async def tell():
        await asyncio.sleep(0.05)
        e.set()
    t = asyncio.create_task(tell())
    await e.wait()
    await t
asyncio.run(main())
""",
    "asyncio: a pipe is read": """
import asyncio
r, w = os.pipe()
async def main():
    loop = asyncio.get_running_loop()
    f = loop.create_future()
    loop.add_reader(r, lambda: f.done() or f.set_result(os.read(r, 1)))
    if os.fork() == 0:
        time.sleep(0.1)
        os.write(w, b'x')
        os._exit(0)
    assert await f == b'x'
    loop.remove_reader(r)
asyncio.run(main())
os.wait()
""",
    "multiprocessing: get before join": """
import multiprocessing
q = multiprocessing.Queue()
p = multiprocessing.Process(target=lambda: q.put('x' * 1000000))
p.start()
assert len(q.get()) == 1000000
p.join()
""",
    "multiprocessing: another child reads, late": """
import multiprocessing
q = multiprocessing.Queue()
def read():
    time.sleep(0.7)
    assert len(q.get()) == 1000000
p = multiprocessing.Process(target=lambda: q.put('x' * 1000000))
r = multiprocessing.Process(target=read)
p.start(); r.start()
p.join(); r.join()
assert r.exitcode == 0
""",
    "multiprocessing: a thread reads while the main thread joins": """
import multiprocessing
q = multiprocessing.Queue()
p = multiprocessing.Process(target=lambda: q.put('x' * 1000000))
p.start()
def read():
    time.sleep(0.6)
    q.get()
start(read)
p.join()
""",
}
