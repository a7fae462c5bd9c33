# A program ends though a daemon thread still runs, and waits for a thread that is none.
import threading
import time


def spin():
    while True:
        pass


def late():
    time.sleep(0.2)
    print("late")


threading.Thread(target=spin, daemon=True).start()
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
threading.Thread(target=late).start()
print("end of the main thread")                 # expect: end of the main thread
# expect: late
