# The race that came back. `counter += 1` reads, adds and writes; a thread that is interrupted in between overwrites what the
# others wrote meanwhile. CPython 3.9 and older lost updates here; since 3.10 CPython switches only at calls and loop ends,
# so the program is wrong and always right.
#
#   scripts/baton scripts/demos/lab/race.py                              4000, every time
#   scripts/baton --gil-policy interval-any scripts/demos/lab/race.py    as CPython 3.9: now and then less
#   scripts/baton --seed 1 scripts/demos/lab/race.py 20                  the same wrong number every time; other seeds give others
#   scripts/baton --explore scripts/demos/lab/race.py 1                  which line, which thread, which value was lost
#   scripts/baton --races scripts/demos/lab/race.py 1                    two accesses that nothing puts in order
import sys
import threading

TIMES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
counter = 0


def work():
    global counter
    for _ in range(TIMES):
        counter += 1


threads = [threading.Thread(target=work) for _ in range(4 if TIMES > 1 else 2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counter, "of", len(threads) * TIMES)
