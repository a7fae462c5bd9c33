# The dining philosophers: each takes the fork to the left, thinks for a moment, and takes the one to the right. The five wait
# in a ring.
#
#   scripts/baton scripts/demos/lab/philosophers.py           Deadlock: each philosopher, the fork held, the fork waited for; status 1
#   scripts/baton scripts/demos/lab/philosophers.py polite    the last one begins with the other fork: no ring, "all have eaten"
import sys
import threading
import time

N = 5
forks = [threading.Lock() for _ in range(N)]


def dine(i):
    first, second = forks[i], forks[(i + 1) % N]
    if "polite" in sys.argv and i == N - 1:
        first, second = second, first
    with first:
        time.sleep(0.05)
        with second:
            pass


names = ["Plato", "Kant", "Hume", "Marx", "Mill"]
threads = [threading.Thread(target=dine, args=(i,), name=names[i]) for i in range(N)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("all have eaten")
