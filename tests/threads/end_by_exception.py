# An exception ends the main thread; the others still come to their end before the process does.
import threading
import time


def late():
    time.sleep(0.05)
    print("thread is done", flush=True)


threading.Thread(target=late).start()
raise SystemExit(7)
