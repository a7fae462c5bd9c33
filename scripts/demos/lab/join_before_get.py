# join() before get(), with a big item. The child cannot end before all is written to the queue's pipe; a pipe holds 64 KiB; the parent
# would read it, but waits for the child to end. CPython hangs without a word.
#
#   scripts/baton scripts/demos/lab/join_before_get.py          Deadlock: what waits for what, and what to do; status 1
#   scripts/baton scripts/demos/lab/join_before_get.py right    get() first: 1000000
import multiprocessing
import sys


def child(q):
    q.put("x" * 1_000_000)


if __name__ == "__main__":
    q = multiprocessing.Queue()
    p = multiprocessing.Process(target=child, args=(q,))
    p.start()
    if "right" in sys.argv:
        print(len(q.get()))
    p.join()
    if "right" not in sys.argv:
        print(len(q.get()))
