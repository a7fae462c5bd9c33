import multiprocessing as mp
import sys, time, queue

def square(x): return x * x
def add(a, b): return a + b
def fail(x):
    if x == 2: raise ValueError("two")
    return x
def talk(conn):
    with conn:
        conn.send([1, "a", {"k": (1.5, None)}])
        print(conn.recv(), flush=True)
        conn.send_bytes(b"raw")
def bump(v, a, lock):
    for i in range(100):
        with v.get_lock(): v.value += 1
    with lock: a[1] = 7.5
def waiter(e, q):
    q.put(e.wait(5))
def leave(code): sys.exit(code)
def boom(): raise KeyError("x")
def work(q, done):
    while (x := q.get()) is not None:
        done.put(x * 2); q.task_done()
    q.task_done()
class Mine(mp.Process):
    def run(self): print("mine", self.name, mp.current_process() is self, mp.parent_process().name)
def barrier_user(b, q):
    b.wait(); q.put(1)
def cond_user(c, v):
    with c:
        c.wait_for(lambda: v.value == 1, 5); v.value = 2; c.notify()

def main():
    a, b = mp.Pipe()
    p = mp.Process(target=talk, args=(b,)); p.start(); b.close()
    print(a.recv(), flush=True); a.send("hello"); print(a.recv_bytes()); p.join(); print(p.exitcode, p.is_alive(), p.name)
    try: a.recv()
    except EOFError: print("EOF")
    v, arr, lock = mp.Value("i", 0), mp.Array("d", [1, 2, 3]), mp.Lock()
    ps = [mp.Process(target=bump, args=(v, arr, lock)) for _ in range(3)]
    for p in ps: p.start()
    for p in ps: p.join()
    print(v.value, arr[:], len(arr), lock, mp.RLock(), mp.Semaphore(2), mp.BoundedSemaphore(3))
    e, q = mp.Event(), mp.Queue()
    p = mp.Process(target=waiter, args=(e, q)); p.start(); e.set(); print(q.get(timeout=5), e.is_set()); p.join()
    try: q.get(timeout=0.05)
    except queue.Empty: print("empty", q.qsize(), q.empty(), q.full())
    for code in (0, 3, None, "text"):
        p = mp.Process(target=leave, args=(code,)); p.start(); p.join(); print(p.exitcode)
    p = mp.Process(target=boom); p.start(); p.join(); print(p.exitcode)
    p = mp.Process(target=time.sleep, args=(30,)); p.daemon = True; p.start(); print(p.is_alive(), len(mp.active_children()))
    p.join(0.05); print(p.exitcode); p.terminate(); p.join(); print(p.exitcode, repr(p).split()[-3:])
    p = mp.Process(target=time.sleep, args=(30,)); p.start(); p.kill(); p.join(); print(p.exitcode); p.close()
    try: p.is_alive()
    except ValueError as error: print(error)
    m = Mine(name="own"); m.start(); m.join()
    jq, done = mp.JoinableQueue(), mp.SimpleQueue()
    p = mp.Process(target=work, args=(jq, done)); p.start()
    for i in range(3): jq.put(i)
    jq.put(None); jq.join(); print(sorted(done.get() for _ in range(3))); p.join()
    bar, bq = mp.Barrier(2), mp.Queue()
    ps = [mp.Process(target=barrier_user, args=(bar, bq)) for _ in range(2)]
    for p in ps: p.start()
    print(bq.get(timeout=5) + bq.get(timeout=5))
    for p in ps: p.join()
    c, cv = mp.Condition(), mp.Value("i", 0)
    p = mp.Process(target=cond_user, args=(c, cv)); p.start()
    with c: cv.value = 1; c.notify(); print(c.wait_for(lambda: cv.value == 2, 5))
    p.join()
    try: mp.Lock().release()
    except ValueError as error: print(error)
    with mp.Pool(2) as pool:
        print(pool.map(square, range(10)), pool.starmap(add, [(1, 2), (3, 4)]), pool.apply(add, (1,), {"b": 5}))
        print(list(pool.imap(square, range(5))), sorted(pool.imap_unordered(square, range(5), 2)))
        r = pool.apply_async(add, (2, 3)); print(r.get(5), r.ready(), r.successful())
        print(pool.map_async(square, [1, 2]).get(5), pool.map(square, []))
        try: pool.map(fail, range(4))
        except ValueError as error: print(repr(error), type(error.__cause__), str(error.__cause__).splitlines()[:3])
        try: pool.apply_async(time.sleep, (1,)).get(0.01)
        except mp.TimeoutError as error: print(repr(error))
    pool = mp.Pool(2, maxtasksperchild=1); print(pool.map(square, range(6), 1)); pool.close(); pool.join()
    try: pool.apply(square, (1,))
    except ValueError as error: print(error)
    ctx = mp.get_context("fork"); print(mp.get_start_method(), ctx.get_start_method(), mp.current_process().name)
    from multiprocessing.pool import ThreadPool
    with ThreadPool(3) as tp: print(tp.map(lambda x: x + 1, range(5)))
    print(issubclass(mp.TimeoutError, mp.ProcessError), mp.TimeoutError)
    q2 = mp.Queue(1); q2.put(1)
    try: q2.put(2, timeout=0.05)
    except queue.Full: print("full")
    print(q2.get()); q2.close(); q2.join_thread()
if __name__ == "__main__":
    main()
