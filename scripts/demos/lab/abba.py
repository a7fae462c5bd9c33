# ABBA: one thread takes a, then b; the other takes b, then a. Mostly nothing happens. When they meet, both wait for ever,
# and in CPython the program hangs without a word.
#
#   scripts/baton scripts/demos/lab/abba.py                  mostly fine
#   scripts/baton --lock-order scripts/demos/lab/abba.py     warned of, though nothing hung
#   scripts/baton --explore scripts/demos/lab/abba.py        the shortest way into the deadlock, line by line, with its token
#   scripts/baton --replay TOKEN scripts/demos/lab/abba.py   into it, every time: who holds what, who waits for what, status 1
import threading

a, b = threading.Lock(), threading.Lock()


def one():
    with a:
        with b:
            pass


def two():
    with b:
        with a:
            pass


threads = [threading.Thread(target=one, name="one"), threading.Thread(target=two, name="two")]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("fine")
