# Event, Barrier, Timer.
import threading
import time

event = threading.Event()
print(event.is_set(), event.wait(0.01), event.wait(0), repr(event).split(": ")[1])
answers = []
threads = [threading.Thread(target=lambda: answers.append(event.wait())) for _ in range(5)]
for thread in threads: thread.start()
event.set()
for thread in threads: thread.join()
print(answers, event.is_set(), event.wait(), repr(event).split(": ")[1])
event.clear()
print(event.is_set())

# Every party leaves with a number of its own; the action runs once a round.
rounds = []
barrier = threading.Barrier(4, action=lambda: rounds.append("round"))
numbers = []


def meet():
    for _ in range(3):
        numbers.append(barrier.wait())


threads = [threading.Thread(target=meet) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(sorted(numbers), rounds, barrier.parties, barrier.n_waiting, barrier.broken)
print(repr(barrier).split(": ")[1])
try:
    barrier.wait(0.01)
except threading.BrokenBarrierError as error:
    print("time is up:", repr(error), barrier.broken, repr(barrier).split(": ")[1])
try:
    barrier.wait()
except threading.BrokenBarrierError:
    print("still broken")
barrier.reset()
print(barrier.broken, barrier.n_waiting)


def meet_in_vain():
    try:
        barrier.wait()
    except threading.BrokenBarrierError:
        answers.append("broken")


for way in ("abort", "reset"):
    answers.clear()
    threads = [threading.Thread(target=meet_in_vain) for _ in range(3)]
    for thread in threads: thread.start()
    while barrier.n_waiting < 3: time.sleep(0.001)
    print(repr(barrier).split(": ")[1])
    getattr(barrier, way)()
    for thread in threads: thread.join()
    print(way, answers, barrier.broken)
    barrier.reset()


def fail():
    raise ZeroDivisionError("in the action")


failing = threading.Barrier(1, fail)
try:
    failing.wait()
except ZeroDivisionError as error:
    print(error, failing.broken)

done = []
timer = threading.Timer(0.01, lambda *args, **kwargs: done.append((args, kwargs)), [1, 2], {"key": 3})
print(timer.interval, timer.args, timer.kwargs, timer.daemon, timer.is_alive())
timer.start()
timer.join()
print(done, timer.finished.is_set(), timer.is_alive())
timer = threading.Timer(60, done.append, ("never",))
timer.start()
timer.cancel()
timer.join()
print(done, timer.finished.is_set(), timer.name.startswith("Thread-"))
