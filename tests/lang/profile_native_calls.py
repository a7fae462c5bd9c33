# A profile function is told of native functions too: of their begin, their end, or the exception that ends them.
import sys

events = []


def profile(frame, event, argument):
    events.append((event, frame.f_code.co_name, getattr(argument, "__name__", None) if event.startswith("c_") else None))


def key(x):
    return abs(x)


def work():
    items = [3, -1]
    items.append(2)
    items.sort(key=key)
    try:
        items.index(99)
    except ValueError:
        pass
    print(*[len(items)], end="\n")
    return max(items, default=0)



def unhandled():
    [].pop()


sys.setprofile(profile)
work()
try:
    unhandled()
except IndexError:
    pass
sys.setprofile(None)
for event in events:
    print(*event)
