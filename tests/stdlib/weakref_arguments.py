# weakref.ref takes no keywords; a deque with slots is copied whole.
import collections
import copy
import pickle
import weakref


class Thing:
    pass


class Kept(weakref.ref):
    def __init__(self, target, callback=None, *, more):
        super().__init__(target, callback)
        self.more = more

    def __new__(cls, target, callback=None, *, more):
        return super().__new__(cls, target, callback)


thing = Thing()
for make in (lambda: weakref.ref(thing, callback=None), lambda: weakref.ref(thing, bogus=1), lambda: weakref.ref(thing).__init__(1, 2, 3, 4), lambda: weakref.ref(thing).__init__(),
             lambda: weakref.ref(), lambda: Kept(thing, more=5).more, lambda: weakref.ref(thing)() is thing):
    try:
        print(make())
    except TypeError as error:
        print(error)


class Slotted(collections.deque):
    __slots__ = ("x", "y", "__dict__")


d = Slotted("abc")
d.x, d.z = [1], 3
print(hasattr(copy.copy(d), "x"))
for twin in (copy.deepcopy(d), pickle.loads(pickle.dumps(d))):
    print(list(twin), twin.x, twin.x is d.x, hasattr(twin, "y"), twin.z)
print(pickle.loads(pickle.dumps(collections.deque("ab", 5))))
