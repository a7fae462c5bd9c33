# The program's end waits for threads that are no daemons, also for those that they start; then atexit; daemons are left.
import atexit
import threading
import time

atexit.register(print, "atexit")


def last():
    time.sleep(0.02)
    print("grandchild")


def late():
    time.sleep(0.05)
    print("child")
    threading.Thread(target=last).start()


def forever():
    while True:
        time.sleep(0.001)


def busy():
    while True: pass


print("main is nearly done", flush=True)
threading.Thread(target=late).start()
threading.Thread(target=forever, daemon=True).start()
threading.Thread(target=busy, daemon=True).start()
threading.Thread(target=threading.Lock().acquire, daemon=True).start()
lock = threading.Lock()
lock.acquire()
threading.Thread(target=lock.acquire, daemon=True).start()
