# SPDX-License-Identifier: MIT
"""Small concurrent programs whose outcomes are known: BUGGY name -> (what must be found, source), RIGHT name -> source.

What must be found: for each outcome besides the good one a piece of its line in the report. Nothing else may be found bad.
"""
START = """
import threading
def run(*functions):
    threads = [threading.Thread(target=f) for f in functions]
    for t in threads: t.start()
    for t in threads: t.join()
"""

BUGGY = {
    "lost update of a global": (["printed 1"], """
n = 0
def add():
    global n
    n += 1
run(add, add)
print(n)
"""),
    "lost update of an attribute": (["AssertionError: 150"], """
class Account: pass
a = Account()
a.balance = 100
def pay(amount):
    a.balance = a.balance + amount
run(lambda: pay(50), lambda: pay(0))
assert a.balance == 150, a.balance
"""),
    "lost update of an item": (["printed {'x': 1}"], """
d = {'x': 0}
def add(): d['x'] += 1
run(add, add)
print(d)
"""),
    "lost update of a closed-over variable": (["printed 1"], """
def main():
    n = 0
    def add():
        nonlocal n
        n += 1
    run(add, add)
    print(n)
main()
"""),
    "two clients on one connection": (["AssertionError"], """
import socket
a, b = socket.socketpair()
got = {}
def serve():
    for _ in range(2): b.send(b.recv(1).upper())
def ask(word):
    a.send(word)
    got[word] = a.recv(1)
run(serve, lambda: ask(b'x'), lambda: ask(b'y'))
assert got == {b'x': b'X', b'y': b'Y'}
"""),
    "a lock held while data is waited for": (["deadlock"], """
import os
lock = threading.Lock()
reading, writing = os.pipe()
def consume():
    with lock: os.read(reading, 1)
def produce():
    with lock: os.write(writing, b'x')
run(produce, consume)
"""),
    "check then act on a dict": (["printed 2"], """
made = []
cache = {}
def get():
    if 'k' not in cache:
        made.append(1)
        cache['k'] = object()
run(get, get)
print(len(made))
"""),
    "check then act on a balance": (["AssertionError"], """
balance = 100
lock = threading.Lock()
def withdraw():
    global balance
    if balance >= 100:
        with lock:
            balance -= 100
run(withdraw, withdraw)
assert balance >= 0
"""),
    "check then pop": (["IndexError"], """
items = [1]
def take():
    if items:
        items.pop()
run(take, take)
"""),
    "two initializations": (["printed 2"], """
instance = None
made = 0
lock = threading.Lock()
def get():
    global instance, made
    if instance is None:
        with lock:
            made += 1
            instance = object()
run(get, get)
print(made)
"""),
    "published before it is ready": (["AttributeError"], """
class Thing: pass
thing = None
def make():
    global thing
    thing = Thing()
    thing.value = 1
def use():
    if thing is not None:
        thing.value
run(make, use)
"""),
    "a lock for each thread": (["printed 1"], """
n = 0
def add():
    global n
    with threading.Lock():
        n += 1
run(add, add)
print(n)
"""),
    "one writer forgot the lock": (["printed 1"], """
n = 0
lock = threading.Lock()
def careful():
    global n
    with lock: n += 1
def careless():
    global n
    n += 1
run(careful, careless)
print(n)
"""),
    "ABBA": (["deadlock"], """
a, b = threading.Lock(), threading.Lock()
def one():
    with a:
        with b: pass
def two():
    with b:
        with a: pass
run(one, two)
"""),
    "three philosophers": (["deadlock"], """
forks = [threading.Lock() for _ in range(3)]
def eat(i):
    with forks[i]:
        with forks[(i + 1) % 3]: pass
run(*[lambda i=i: eat(i) for i in range(3)])
"""),
    "lost wake-up": (["deadlock"], """
condition = threading.Condition()
ready = False
def wait():
    if not ready:
        with condition: condition.wait()
def tell():
    global ready
    ready = True
    with condition: condition.notify()
run(wait, tell)
"""),
    "notify before wait": (["deadlock"], """
condition = threading.Condition()
def wait():
    with condition: condition.wait()
def tell():
    with condition: condition.notify()
run(wait, tell)
"""),
    "if instead of while": (["IndexError", "deadlock"], """
condition = threading.Condition()
items = []
def get():
    with condition:
        if not items: condition.wait()
        items.pop()
def put():
    with condition:
        items.append(1)
        condition.notify_all()
def late():
    with condition:
        if items: items.pop()
        else: items.append(1); condition.notify_all()
run(get, put, late)
"""),
    "broken bounded buffer": (["AssertionError"], """
buffer = []
lock = threading.Lock()
def put():
    if len(buffer) < 1:
        with lock: buffer.append(1)
run(put, put)
assert len(buffer) <= 1
"""),
    "an exception keeps the lock": (["deadlock"], """
lock = threading.Lock()
first = True
def work():
    global first
    lock.acquire()
    if first:
        first = False
        return
    lock.release()
run(work, work)
"""),
    "a flag for a lock": (["AssertionError"], """
busy = False
inside = 0
worst = 0
def work():
    global busy, inside, worst
    if not busy:
        busy = True
        inside += 1
        worst = max(worst, inside)
        inside -= 1
        busy = False
run(work, work)
assert worst == 1
"""),
    "result read too early": (["printed None"], """
result = None
def work():
    global result
    result = 42
t = threading.Thread(target=work)
t.start()
print(result)
t.join()
"""),
    "a transfer is seen half done": (["AssertionError: 90", "AssertionError: 110"], """
a, b = 100, 0
seen = 100
def move():
    global a, b
    a -= 10
    b += 10
def look():
    global seen
    seen = a + b
run(move, look)
assert seen == 100, seen
"""),
}
BUGGY["lost update of an attribute"] = (["AssertionError: 100"], BUGGY["lost update of an attribute"][1])

RIGHT = {
    "a pipe as a queue": """
import os
reading, writing = os.pipe()
got = []
def produce():
    os.write(writing, b'x')
    os.close(writing)
def consume():
    while word := os.read(reading, 1): got.append(word)
run(produce, consume)
assert got == [b'x']
""",
    "an echo on localhost": """
import socket
server = socket.create_server(('127.0.0.1', 0))
def serve():
    connection = server.accept()[0]
    connection.sendall(connection.recv(5).upper())
    connection.close()
def ask():
    client = socket.create_connection(server.getsockname())
    client.sendall(b'hello')
    assert client.recv(5) == b'HELLO' and client.recv(1) == b''
run(serve, ask)
""",
    "a lock": """
n = 0
lock = threading.Lock()
def add():
    global n
    with lock: n += 1
run(add, add)
assert n == 2
""",
    "an RLock taken twice": """
n = 0
lock = threading.RLock()
def add():
    global n
    with lock:
        with lock: n += 1
run(add, add)
assert n == 2
""",
    "locks in one order": """
a, b = threading.Lock(), threading.Lock()
def work():
    with a:
        with b: pass
run(work, work)
""",
    "append is atomic": """
items = []
run(lambda: items.append(1), lambda: items.append(1))
assert len(items) == 2
""",
    "a queue": """
import queue
q = queue.Queue()
got = []
run(lambda: q.put(7), lambda: got.append(q.get()))
assert got == [7]
""",
    "an event": """
e = threading.Event()
value = None
def give():
    global value
    value = 1
    e.set()
def take():
    e.wait()
    assert value == 1
run(give, take)
""",
    "a condition with while": """
c = threading.Condition()
items = []
def get():
    with c:
        while not items: c.wait()
        items.pop()
def put():
    with c:
        items.append(1)
        c.notify()
run(get, put)
assert not items
""",
    "a semaphore of one": """
s = threading.Semaphore(1)
n = 0
def add():
    global n
    with s: n += 1
run(add, add)
assert n == 2
""",
    "join gives the result": """
result = None
def work():
    global result
    result = 42
t = threading.Thread(target=work)
t.start()
t.join()
assert result == 42
""",
    "thread-local data": """
local = threading.local()
def work():
    local.n = 0
    local.n += 1
    assert local.n == 1
run(work, work)
""",
    "one initialization, checked twice": """
instance = None
made = 0
lock = threading.Lock()
def get():
    global instance, made
    if instance is None:
        with lock:
            if instance is None:
                made += 1
                instance = object()
run(get, get)
assert made == 1
""",
}
