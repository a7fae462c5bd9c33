# Containers whose items change them from within comparison, hash, repr and iteration: nothing may crash, all must be said
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


class ClearsOnEq:
    def __init__(self, target=None): self.target = target
    def __hash__(self): return 1
    def __eq__(self, other):
        if self.target is not None: self.target.clear()
        return False
    def __repr__(self): return "C"
def list_contains():
    a = []
    a.extend(ClearsOnEq(a) for _ in range(10))
    return (5 in a, len(a))
def list_index():
    a = []
    a.extend(ClearsOnEq(a) for _ in range(10))
    return a.index(5)
def list_count():
    a = []
    a.extend(ClearsOnEq(a) for _ in range(10))
    return (a.count(5), a)
def list_remove():
    class Yes(ClearsOnEq):
        def __eq__(self, other):
            self.target.clear()
            return True
    a = []
    a.extend(Yes(a) for _ in range(10))
    return (a.remove(5), a)
def list_compare():
    a = []
    a.extend(ClearsOnEq(a) for _ in range(10))
    return (a == [1] * 10, a == a, a)
def dict_lookup():
    d = {}
    for _ in range(5): d[ClearsOnEq()] = 1
    for key in list(d): key.target = d
    return (ClearsOnEq() in d, d)
def dict_insert():
    d = {}
    for _ in range(5): d[ClearsOnEq()] = 1
    for key in list(d): key.target = d
    d[ClearsOnEq()] = 2
    return d
def dict_compare():
    d = {}
    e = {}
    for i in range(5): d[i] = ClearsOnEq(d); e[i] = 3
    return (d == e, d)
def set_lookup():
    s = set()
    for _ in range(5): s.add(ClearsOnEq())
    for key in list(s): key.target = s
    return (ClearsOnEq() in s, s)
def set_insert():
    s = set()
    for _ in range(5): s.add(ClearsOnEq())
    for key in list(s): key.target = s
    s.add(ClearsOnEq())
    return s
def set_update():
    s = set()
    for _ in range(5): s.add(ClearsOnEq())
    t = {ClearsOnEq(s) for _ in range(5)}
    s.update(t)
    return len(s) > 0
def set_difference():
    s = {ClearsOnEq() for _ in range(5)}
    t = {ClearsOnEq(s) for _ in range(5)}
    s.difference_update(t)
    return len(s)
class ReprClears:
    def __init__(self, target): self.target = target
    def __repr__(self):
        self.target.clear()
        return "R"
def list_repr():
    a = []
    a.extend(ReprClears(a) for _ in range(5))
    return repr(a), a
def dict_repr():
    d = {}
    for i in range(5): d[i] = ReprClears(d)
    return repr(d), d
class DelChanges:
    def __init__(self, target): self.target = target
    def __del__(self): self.target.append("deleted")
def list_clear():
    a = []
    a.append(DelChanges(a))
    a.clear()
    return a
def list_set_slice():
    a = [1, 2]
    a.append(DelChanges(a))
    a[1:] = [5]
    return a
def list_delete_step():
    a = [1]
    a.append(DelChanges(a)); a.append(2)
    del a[1::2]
    return a
def list_assign():
    a = [0]
    a[0] = DelChanges(a)
    a[0] = 1
    return a
def dict_delete():
    log = []
    d = {1: DelChanges(log), 2: DelChanges(log)}
    del d[1]
    d[2] = 0
    return log, d
def extend_by_generator():
    a = [1, 2, 3]
    def items():
        for n in range(5):
            a.clear()
            yield n
    a.extend(items())
    return a
def iterate_while_growing():
    a = [1, 2, 3]
    for x in a:
        if len(a) < 10: a.append(x)
    return a
def key_changes_hash():
    class H:
        n = 0
        def __hash__(self):
            H.n += 1
            return H.n
    h = H()
    d = {h: 1}
    return (h in d, len(d), list(d.values()))
show(list_contains, list_index, list_count, list_remove, list_compare, dict_lookup, dict_insert, dict_compare, set_lookup, set_insert, set_update, set_difference, list_repr, dict_repr, list_clear,
     list_set_slice, list_delete_step, list_assign, dict_delete, extend_by_generator, iterate_while_growing, key_changes_hash)
deep = []
for _ in range(100000): deep = [deep]
show(lambda: repr(deep)[:5])
deep2 = []
for _ in range(100000): deep2 = [deep2]
show(lambda: deep == deep2)
del deep, deep2
chain = {}
for _ in range(100000): chain = {"next": chain}
del chain
t = ()
for _ in range(100000): t = (t,)
del t
print("deep structures are gone")
