# Threads that share objects under no lock but the GIL's: no operation of a built-in type is torn.
import sys
import threading

sys.setswitchinterval(1e-5)
numbers, table, unique = [], {}, set()
text = bytearray()
start = threading.Barrier(6)


def work(me):
    start.wait()
    for i in range(400):
        numbers.append((me, i))
        table[me, i] = i
        table.setdefault(("shared", i), me)
        unique.add(i)
        text.extend(b"ab")
        if i % 50 == 0:
            list(table.items()), sorted(numbers), len(str(numbers))


threads = [threading.Thread(target=work, args=(i,)) for i in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(numbers), len(set(numbers)), len(table), len(unique), len(text))
for me in range(6):
    mine = [i for who, i in numbers if who == me]
    print(mine == list(range(400)))


# Objects that die in another thread than the one that made them; exceptions, generators and imports in all of them.
def churn(box):
    for i in range(300):
        box[i % 10] = [object(), {i: str(i)}, (x for x in range(i))]
        try:
            raise ValueError(i)
        except ValueError as error:
            box[(i + 1) % 10] = error
        import json, collections
        json.dumps({"i": i})


box = [None] * 10
threads = [threading.Thread(target=churn, args=(box,)) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(box))
