import os
import select
r, w = os.pipe()
print(select.select([r], [w], [], 0)[1] == [w], select.select([r], [], [], 0.01))
os.write(w, b"x")
print(select.select([r], [], [])[0] == [r])
p = select.poll(); p.register(r, select.POLLIN); p.register(w, select.POLLOUT)
print(sorted(p.poll()) == sorted([(r, 1), (w, 4)])); p.modify(w, 0); print(p.poll(10) == [(r, 1)]); p.unregister(r); print(p.poll(5))
for call in (lambda: p.unregister(r), lambda: p.modify(r, 1), lambda: select.select([-1], [], [], 0), lambda: select.select([], [], [], -1), lambda: select.select(1, [], []),
             lambda: select.select(["a"], [], []), lambda: p.register("x"), lambda: select.poll().poll("a"), lambda: select.select([], [], [], "a")):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, str(error).replace(str(r), "R"))
with select.epoll() as e:
    e.register(r, select.EPOLLIN); print(e.poll(1) == [(r, 1)], e.closed); os.read(r, 1); print(e.poll(0.01)); e.unregister(r)
print(e.closed)
try:
    e.poll()
except ValueError as error:
    print(error)
