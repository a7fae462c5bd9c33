import concurrent.futures as cf, time, os, threading
from concurrent.futures import ThreadPoolExecutor, ProcessPoolExecutor, as_completed, wait
def sq(x): return x * x
def fail(x): raise ValueError(x)
def die(): os._exit(3)
def nap(x): time.sleep(x); return x
def initial(): global got; got = 5
def read(): return got
def main():
    with ThreadPoolExecutor(max_workers=3) as ex:
        print(list(ex.map(sq, range(5))), ex.submit(pow, 2, 5).result())
        fs = [ex.submit(nap, t) for t in (0.15, 0.01, 0.08)]
        print([f.result() for f in as_completed(fs)])
        f = ex.submit(fail, 3)
        try: f.result()
        except ValueError as e: print(repr(e), repr(f.exception()), f.done())
        fs = [ex.submit(nap, 0.01), ex.submit(nap, 0.3)]
        r = wait(fs, return_when=cf.FIRST_COMPLETED); print(len(r.done), len(r.not_done))
        r = wait(fs + [ex.submit(fail, 1)], return_when=cf.FIRST_EXCEPTION); print(len(r.not_done))
        try: ex.submit(nap, 0.2).result(0.01)
        except cf.TimeoutError as e: print("timeout", cf.TimeoutError is TimeoutError)
        calls = []; f = ex.submit(sq, 4); f.add_done_callback(lambda f: calls.append(f.result())); f.result(); time.sleep(0.02); print(calls)
        try: list(as_completed([ex.submit(nap, 0.2)], timeout=0.01))
        except TimeoutError as e: print(e)
    try: ex.submit(sq, 1)
    except RuntimeError as e: print(e)
    ex = ThreadPoolExecutor(1, thread_name_prefix="my"); a = ex.submit(nap, 0.1); b = ex.submit(nap, 1); print(b.cancel(), b.cancelled(), a.cancel())
    try: b.result()
    except cf.CancelledError as e: print(repr(e), type(e).__mro__[1].__name__)
    print(ex.submit(lambda: threading.current_thread().name).result()); ex.shutdown()
    f = cf.Future(); print(repr(f).split("state")[1]); f.set_result(1); print(repr(f).split("state")[1])
    try: f.set_result(2)
    except cf.InvalidStateError as e: print(str(e)[:9])
    for bad in (lambda: ThreadPoolExecutor(0), lambda: ProcessPoolExecutor(0), lambda: ThreadPoolExecutor(initializer=1)):
        try: bad()
        except Exception as e: print(repr(e))
    with ProcessPoolExecutor(2, initializer=initial) as ex:
        print(list(ex.map(sq, range(20), chunksize=3)), ex.submit(read).result())
        f = ex.submit(fail, 9)
        try: f.result()
        except ValueError as e: print(repr(e), type(e.__cause__), str(e.__cause__).splitlines()[:3])
        try: ex.submit(lambda: 1).result()
        except Exception as e: print(type(e), str(e).split(" at 0x")[0])
        print([f.result() for f in as_completed([ex.submit(sq, 5)])])
    with ProcessPoolExecutor(1) as ex:
        try: ex.submit(die).result()
        except cf.BrokenExecutor as e: print(type(e), e)
        try: ex.submit(sq, 1)
        except cf.BrokenExecutor as e: print(type(e), e)
    try: ex.submit(sq, 1)
    except RuntimeError as e: print(e)
    ex = ThreadPoolExecutor(2); ex.submit(lambda: (time.sleep(0.1), print("at the end")))
if __name__ == "__main__": main()
