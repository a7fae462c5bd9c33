# Condition: the order of waking, timeouts, predicates, the locks that it can stand on.
import threading
import time

condition = threading.Condition()
woken = []
waiting = 0


def wait(number):
    global waiting
    with condition:
        waiting += 1
        condition.wait()
        woken.append(number)


def until(test):
    while True:
        with condition:
            if test():
                return
        time.sleep(0.001)


threads = []
for number in range(5):
    threads.append(threading.Thread(target=wait, args=(number,)))
    threads[-1].start()
    until(lambda: waiting == number + 1)
with condition:
    condition.notify()
until(lambda: len(woken) == 1)
print(woken)
with condition:
    condition.notify(2)
until(lambda: len(woken) == 3)
print(sorted(woken))
with condition:
    condition.notify_all()
for thread in threads: thread.join()
print(sorted(woken))
with condition:
    print(condition.wait(0.01), condition.wait(0), condition.wait_for(lambda: False, 0.01), condition.wait_for(lambda: "ready", 0.01))
    condition.notify(0)
for method in (condition.wait, condition.notify, condition.notify_all, condition.release):
    try:
        method()
    except RuntimeError as error:
        print(error)

# Over an RLock taken twice: wait() gives up both.
deep = threading.Condition(threading.RLock())
seen = []


def notify():
    with deep:
        seen.append("taken")
        deep.notify()


with deep:
    with deep:
        thread = threading.Thread(target=notify)
        thread.start()
        print(deep.wait(10), seen)
thread.join()

plain = threading.Condition(threading.Lock())
with plain:
    print(plain.wait(0.001), plain._is_owned())
print(plain._is_owned(), plain.acquire(), plain.acquire(False))
plain.release()
print(repr(plain).startswith("<Condition(<unlocked _thread.lock object at 0x"), repr(plain).endswith(", 0)>"))

# Producer and consumer.
items, produced = [], []
ready = threading.Condition()


def produce():
    for number in range(200):
        with ready:
            items.append(number)
            ready.notify()


def consume():
    for _ in range(100):
        with ready:
            ready.wait_for(lambda: items)
            produced.append(items.pop(0))


threads = [threading.Thread(target=consume), threading.Thread(target=consume), threading.Thread(target=produce)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(sorted(produced) == list(range(200)), items)
