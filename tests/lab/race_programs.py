# SPDX-License-Identifier: MIT
"""Programs without a data race (ORDERED name -> source), and with one (RACY name -> (what it is on, source))."""

ORDERED = {
    "queue": """
import queue, threading
q = queue.Queue()
box = {}

def p():
    box['x'] = 1
    q.put(1)

def c():
    q.get()
    box['x'] += 1
ts = [threading.Thread(target=f) for f in (p, c)]
[t.start() for t in ts]
[t.join() for t in ts]
print(box)
""",
    "other queues": """
import queue, threading
for Q in (queue.LifoQueue, queue.PriorityQueue, queue.SimpleQueue):
    q = Q()
    box = {}

    def p():
        box['x'] = 1
        q.put(1)

    def c():
        q.get()
        box['x'] += 1
    ts = [threading.Thread(target=f) for f in (p, c)]
    [t.start() for t in ts]
    [t.join() for t in ts]
print(box)
""",
    "a queue that is joined": """
import queue, threading
q = queue.Queue()
out = [0] * 10

def w():
    while True:
        i = q.get()
        if i is None:
            break
        out[i] = i * i
        q.task_done()
ts = [threading.Thread(target=w) for _ in range(3)]
[t.start() for t in ts]
for i in range(10):
    q.put(i)
q.join()
print(sum(out))
for t in ts:
    q.put(None)
[t.join() for t in ts]
""",
    "condition": """
import threading
c = threading.Condition()
items = []
done = False

def p():
    global done
    for i in range(5):
        with c:
            items.append(i)
            c.notify()
    with c:
        done = True
        c.notify_all()

def s():
    while True:
        with c:
            while not items and (not done):
                c.wait()
            if items:
                items.pop(0)
            elif done:
                return
ts = [threading.Thread(target=f) for f in (p, s, s)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "event": """
import threading
e = threading.Event()
v = None

def p():
    global v
    v = 42
    e.set()

def c():
    e.wait()
    print(v)
ts = [threading.Thread(target=f) for f in (c, p)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "an event that is looked at": """
import threading, time
e = threading.Event()
v = None

def p():
    global v
    time.sleep(0.05)
    v = 42
    e.set()

def c():
    while not e.is_set():
        time.sleep(0.01)
    print(v)
ts = [threading.Thread(target=f) for f in (c, p)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "an event with a time limit": """
import threading
e = threading.Event()
v = 0

def p():
    global v
    v = 42
    e.set()

def c():
    if e.wait(5):
        print(v)
ts = [threading.Thread(target=f) for f in (c, p)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "barrier": """
import threading
b = threading.Barrier(3)
g = [0] * 3

def w(i):
    for r in range(3):
        g[i] += 1
        b.wait()
        s = sum(g)
        b.wait()
ts = [threading.Thread(target=w, args=(i,)) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "semaphore": """
import threading
s = threading.Semaphore(0)
v = 0

def p():
    global v
    v = 1
    s.release()

def c():
    s.acquire()
    print(v)
ts = [threading.Thread(target=f) for f in (c, p)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "a semaphore as a lock": """
import threading
s = threading.BoundedSemaphore(1)
v = 0

def p():
    global v
    for i in range(20):
        with s:
            v += 1
ts = [threading.Thread(target=p) for f in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
print(v)
""",
    "a pool of threads": """
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
res = {}

def f(i):
    d = {'i': i}
    d['i'] += 1
    return d
with ThreadPoolExecutor(3) as ex:
    fs = [ex.submit(f, i) for i in range(10)]
    for x in as_completed(fs):
        r = x.result()
        r['i'] += 1
    a, b = wait([ex.submit(f, i) for i in range(3)])
    for x in a:
        x.result()['i'] += 1
    for d in ex.map(f, range(4)):
        d['i'] += 1
""",
    "a callback of a pool": """
from concurrent.futures import ThreadPoolExecutor
out = []

def f(i):
    return [i]
with ThreadPoolExecutor(3) as ex:
    for i in range(5):
        ex.submit(f, i).add_done_callback(lambda x: out.append(x.result()[0]))
print(sorted(out))
""",
    "a timer": """
import threading
v = 0

def f():
    global v
    v += 1
v = 5
t = threading.Timer(0.01, f)
t.start()
t.join()
v += 1
""",
    "thread-local data": """
import threading
l = threading.local()

def w(i):
    l.x = i
    for _ in range(5):
        l.x += 1
ts = [threading.Thread(target=w, args=(i,)) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "a lock taken in another method": """
import threading

class A:

    def __init__(s):
        s.l = threading.RLock()
        s.n = 0

    def _add(s):
        s.n += 1

    def inc(s):
        with s.l:
            s._add()

    def get(s):
        with s.l:
            return s.n
a = A()
ts = [threading.Thread(target=lambda: [a.inc() for _ in range(10)]) for i in range(3)]
[t.start() for t in ts]
a.get()
[t.join() for t in ts]
print(a.n)
""",
    "containers filled at once": """
import threading
l = []
d = {}
s = set()

def w(i):
    for j in range(10):
        l.append(j)
        d[i, j] = 1
        s.add(j)
ts = [threading.Thread(target=w, args=(i,)) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
print(len(l), len(d), len(s))
""",
    "a deque": """
import threading, collections
d = collections.deque()

def p():
    for i in range(20):
        d.append(i)

def c():
    n = 0
    while n < 20:
        try:
            d.popleft()
            n += 1
        except IndexError:
            pass
ts = [threading.Thread(target=f) for f in (p, c)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "results after join": """
import threading

class T(threading.Thread):

    def run(self):
        self.result = 7
ts = [T() for _ in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
print(sum((t.result for t in ts)))
""",
    "what is only read": """
import threading, math
CFG = {'a': 1}
L = [1, 2, 3]

class K:
    x = 3

def w():
    for _ in range(5):
        CFG['a']
        K.x
        sum(L)
        math.sqrt(2)
        [v for v in L]
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "made once, under a lock": """
import threading
_l = threading.Lock()
_i = None

def get():
    global _i
    with _l:
        if _i is None:
            _i = object()
        return _i
ts = [threading.Thread(target=get) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "logging": """
import threading, logging
logging.basicConfig(level=logging.INFO)

def w():
    logging.info('x')
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "asyncio": """
import asyncio
n = 0

async def w():
    global n
    for _ in range(5):
        n += 1
        await asyncio.sleep(0)

async def main():
    await asyncio.gather(*(w() for _ in range(5)))
asyncio.run(main())
print(n)
""",
    "call_soon_threadsafe": """
import asyncio, threading
v = []
box = {}

async def main():
    loop = asyncio.get_running_loop()
    f = loop.create_future()

    def w():
        box['x'] = 1
        loop.call_soon_threadsafe(f.set_result, 1)
    t = threading.Thread(target=w)
    t.start()
    await f
    box['x'] += 1
    t.join()
asyncio.run(main())
""",
    "run_in_executor": """
import asyncio
box = {'n': 0}

def w():
    box['n'] += 1
    return box['n']

async def main():
    loop = asyncio.get_running_loop()
    for _ in range(3):
        await loop.run_in_executor(None, w)
        box['n'] += 1
asyncio.run(main())
print(box)
""",
    "run_coroutine_threadsafe": """
import asyncio, threading
box = {}
loop = asyncio.new_event_loop()
t = threading.Thread(target=loop.run_forever)
t.start()

async def w():
    box['x'] = box.get('x', 0) + 1
    return 1
for _ in range(3):
    asyncio.run_coroutine_threadsafe(w(), loop).result()
    box['x'] += 1
loop.call_soon_threadsafe(loop.stop)
t.join()
""",
    "threads that are listed": """
import threading

def w():
    threading.enumerate()
    threading.current_thread().name
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
threading.active_count()
[t.is_alive() for t in ts]
[t.join() for t in ts]
""",
    "is_alive": """
import threading, time
v = 0

def w():
    global v
    v = 1
t = threading.Thread(target=w)
t.start()
while t.is_alive():
    time.sleep(0.01)
print(v)
""",
    "a pair of sockets": """
import socket, threading
a, b = socket.socketpair()
box = {}

def p():
    box['x'] = 1
    a.send(b'x')

def c():
    b.recv(1)
    box['x'] += 1
ts = [threading.Thread(target=f) for f in (p, c)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "a counter of itertools": """
import threading, itertools
c = itertools.count()

def w():
    for _ in range(10):
        next(c)
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "dataclass": """
import threading, dataclasses

@dataclasses.dataclass
class P:
    x: int = 0

    def move(self):
        self.x += 1

def w():
    p = P()
    for _ in range(5):
        p.move()
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "caches of functools": """
import threading, functools

@functools.lru_cache
def f(x):
    return x * 2

@functools.cache
def g(x):
    return x

def w():
    for i in range(5):
        f(i)
        g(i)
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "acquire and release": """
import threading
l = threading.Lock()
n = 0

def w():
    global n
    for _ in range(5):
        l.acquire()
        try:
            n += 1
        finally:
            l.release()
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "a lock that is tried": """
import threading, time
l = threading.Lock()
n = 0

def w():
    global n
    k = 0
    while k < 5:
        if l.acquire(timeout=0.5):
            n += 1
            k += 1
            l.release()
        if l.acquire(blocking=False):
            n += 1
            l.release()
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "imports in threads": """
import threading

def w():
    import decimal, fractions, statistics
    decimal.Decimal(1) + 1
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "a lock as a signal": """
import threading
a = threading.Lock()
a.acquire()
v = 0

def p():
    global v
    v = 1
    a.release()

def c():
    a.acquire()
    print(v)
ts = [threading.Thread(target=f) for f in (c, p)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "generators": """
import threading

def g():
    x = 0
    while True:
        x += 1
        yield x

def w():
    k = g()
    for _ in range(5):
        next(k)
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "a pool of multiprocessing with threads": """
from multiprocessing.pool import ThreadPool
box = []

def f(i):
    box.append(i)
    return i
with ThreadPool(3) as p:
    print(sum(p.map(f, range(10))))
""",
    "an exception in a thread": """
import threading

def w():
    1 / 0
t = threading.Thread(target=w)
t.start()
t.join()
""",
    "random": """
import threading, random

def w():
    for _ in range(5):
        random.random()
        random.randint(1, 3)
        random.choice([1, 2])
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
    "print": """
import threading

def w():
    for _ in range(3):
        print('x')
ts = [threading.Thread(target=w) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
""",
}

RACY = {
    "a global": ('counter', """
import threading
counter = 0

def w():
    global counter
    for _ in range(5):
        counter += 1
ts = [threading.Thread(target=w) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "an item of a dict": ("d['k']", """
import threading
d = {'k': 0}

def w():
    d['k'] += 1
ts = [threading.Thread(target=w) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "an item of a list": ('xs[0]', """
import threading
xs = [0]

def w():
    xs[0] += 1
ts = [threading.Thread(target=w) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "an attribute of a class": ('Counter.total', """
import threading

class Counter:
    total = 0

def w():
    Counter.total += 1
ts = [threading.Thread(target=w) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "an attribute": ('Account.balance', """
import threading

class Account:

    def __init__(s):
        s.balance = 0

    def pay(s):
        s.balance += 1
a = Account()
ts = [threading.Thread(target=a.pay) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "an attribute in a slot": ('Account.balance', """
import threading

class Account:
    __slots__ = ('balance',)

    def __init__(s):
        s.balance = 0

    def pay(s):
        s.balance += 1
a = Account()
ts = [threading.Thread(target=a.pay) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "a closed-over variable": ('n', """
import threading

def main():
    n = 0

    def w():
        nonlocal n
        n += 1
    ts = [threading.Thread(target=w) for i in range(2)]
    [t.start() for t in ts]
    [t.join() for t in ts]
main()
"""),
    "checked twice": ('_i', """
import threading
_l = threading.Lock()
_i = None

def get():
    global _i
    if _i is None:
        with _l:
            if _i is None:
                _i = object()
    return _i
ts = [threading.Thread(target=get) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "two locks": ('n', """
import threading
a = threading.Lock()
b = threading.Lock()
n = 0

def w(l):
    global n
    with l:
        n += 1
ts = [threading.Thread(target=w, args=(l,)) for l in (a, b)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "a list that grows while it is gone through": ('xs', """
import threading, time
xs = [1, 2]

def r():
    for x in xs:
        time.sleep(0.01)

def w():
    time.sleep(0.005)
    xs.append(3) if len(xs) < 4 else 0
ts = [threading.Thread(target=f) for f in (r, w)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "a flag": ('stop', """
import threading, time
stop = False

def w():
    while not stop:
        time.sleep(0.01)
t = threading.Thread(target=w)
t.start()
time.sleep(0.03)
stop = True
t.join()
"""),
    "a lock at one end only": ('Account.balance', """
import threading

class Account:

    def __init__(s):
        s.balance = 0
        s.l = threading.Lock()

    def pay(s):
        with s.l:
            s.balance += 1

    def get(s):
        return s.balance
a = Account()
ts = [threading.Thread(target=a.pay), threading.Thread(target=a.get)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "a default argument": ('acc[0]', """
import threading

def w(acc=[0]):
    acc[0] += 1
ts = [threading.Thread(target=w) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "a dict in a dict": ("b.items['a']['n']", """
import threading

class Box:
    pass
b = Box()
b.items = {'a': {'n': 0}}

def w():
    b.items['a']['n'] += 1
ts = [threading.Thread(target=w) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "a timer": ('v', """
import threading
v = 0

def f():
    global v
    v += 1
t = threading.Timer(0.01, f)
t.start()
v = 5
t.join()
"""),
    "a defaultdict": ("d['k']", """
import threading, collections
d = collections.defaultdict(int)

def w():
    for i in range(3):
        d['k'] += 1
ts = [threading.Thread(target=w) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "a Counter": ("c['k']", """
import threading, collections
c = collections.Counter()

def w():
    for i in range(3):
        c['k'] += 1
ts = [threading.Thread(target=w) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "an attribute that is extended": ('A.xs', """
import threading

class A:
    pass
a = A()
a.xs = []

def w():
    a.xs += [1]
ts = [threading.Thread(target=w) for i in range(2)]
[t.start() for t in ts]
[t.join() for t in ts]
"""),
    "a loop and a thread": ('n', """
import asyncio, threading
n = 0

def w():
    global n
    n += 1

async def main():
    global n
    t = threading.Thread(target=w)
    t.start()
    n += 1
    await asyncio.sleep(0.02)
    t.join()
asyncio.run(main())
"""),
}
