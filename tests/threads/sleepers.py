# A thousand threads sleep together, not one after the other.
import threading
import time

begin = time.monotonic()
threads = [threading.Thread(target=time.sleep, args=(0.1,)) for _ in range(1000)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(time.monotonic() - begin < 30, threading.active_count())   # expect: True 1
