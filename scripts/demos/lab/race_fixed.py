# The fix of race.py, proven: with the lock every schedule gives the same result.
#
#   scripts/baton --explore scripts/demos/lab/race_fixed.py    "Every schedule there is was covered: they agree."
#   scripts/baton --races scripts/demos/lab/race_fixed.py      0 data races: the lock puts the accesses in order
#
# Take the `with lock:` away and explore again.
import threading

counter = 0
lock = threading.Lock()


def work():
    global counter
    with lock:
        counter += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert counter == 2, counter
