# A datetime, which the collector need not follow, in garbage that has a finalizer beside it.
import datetime
import gc


class Noisy:
    def __del__(self):
        print("finalized")


def leave_garbage(make):
    noisy = Noisy()
    noisy.me = [noisy, [make()], make()]


for make in (lambda: datetime.datetime(2020, 1, 1), lambda: datetime.time(1, 2)):
    for _ in range(3):
        leave_garbage(make)
    gc.collect()
print("done")
