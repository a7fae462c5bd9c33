# SQLite: statements, parameters, rows, transactions, functions, types both ways, dumps and copies, errors.
import datetime
import os
import sqlite3
import tempfile
import threading


def show(call):
    try:
        print(ascii(call()))
    except Exception as e:
        print(type(e).__name__, str(e).split("thread id")[0], getattr(e, "sqlite_errorname", None))


db = sqlite3.connect(":memory:")
db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT UNIQUE, score REAL, data BLOB)")
cursor = db.execute("INSERT INTO t(name, score, data) VALUES (?, ?, ?)", ("a", 1.5, b"\0\xff"))
print(cursor.rowcount, cursor.lastrowid, cursor.description, db.in_transaction, db.total_changes)
cursor = db.executemany("INSERT INTO t(name, score) VALUES (:n, :s)", ({"n": f"n{i}", "s": i} for i in range(5)))
print(cursor.rowcount, cursor.lastrowid)
db.commit()
print(db.in_transaction, db.execute("SELECT * FROM t").fetchall())
cursor = db.execute("SELECT id, name AS who FROM t ORDER BY id")
print(cursor.fetchone(), cursor.fetchmany(2), list(cursor), cursor.fetchone(), cursor.fetchall(), [d[0] for d in cursor.description], cursor.rowcount, cursor.arraysize)
show(lambda: db.execute("INSERT INTO t(name) VALUES ('x') RETURNING id, name").fetchall())
show(lambda: db.execute("INSERT INTO t(name) VALUES ('x')"))
db.rollback()
with db:
    db.execute("UPDATE t SET score = score + 1")
try:
    with db:
        db.execute("DELETE FROM t")
        raise KeyError("no")
except KeyError:
    print(db.execute("SELECT count(*), sum(score) FROM t").fetchone())
values = [None, 0, -1, 2**62, 1.25, float("inf"), "", "grüße 😀", b"", b"\0", bytearray(b"ba"), memoryview(b"mv"), True]
for value in values:
    print(type(value).__name__, db.execute("SELECT ?, typeof(?)", (value, value)).fetchone())
for call in [lambda: db.execute("select 1; select 2"), lambda: db.execute("select ?"), lambda: db.execute("select ?", {"a": 1}), lambda: db.execute("select :a", {"b": 1}),
             lambda: db.execute("select :a", [1]).fetchall(), lambda: db.execute("select ?", [object()]), lambda: db.execute("select ?", 5), lambda: db.execute("select ?", [2**70]),
             lambda: db.execute("nonsense"), lambda: db.execute("select '\0'"), lambda: db.execute(5), lambda: db.execute("select '\ud800'"), lambda: db.executemany("select 1", [()]),
             lambda: db.execute("").fetchall(), lambda: db.execute("-- x").fetchall(), lambda: db.execute("select cast(x'ff' as text)").fetchone(), lambda: db.execute("select * from nothing"),
             lambda: db.cursor(5), lambda: sqlite3.connect("/nonexistent/x"), lambda: db.create_collation("x", 5), lambda: sqlite3.adapt(object()), lambda: sqlite3.complete_statement("select 1;"),
             lambda: sqlite3.Row(5, 5), lambda: sqlite3.Cursor.__new__(sqlite3.Cursor).execute("x"), lambda: db.executescript("create table u(a); insert into u values(1);").fetchall(),
             lambda: db.executescript("bad"), lambda: db.executescript("a\0b"), lambda: db.execute("select 1", "ab"), lambda: sqlite3.connect(":memory:", isolation_level="x"),
             lambda: db.execute("select ?, ?", iter([1, 2])), lambda: db.execute("/* c */ SELECT 1 /* d */ ;  -- e").fetchall()]:
    show(call)

# Functions that SQL calls
db.create_function("double", 1, lambda x: x * 2)
db.create_function("fails", 0, lambda: 1 / 0)
db.create_function("wrong", 0, lambda: object())
db.create_function("count_all", -1, lambda *args: len(args), deterministic=True)


class Total:
    def __init__(self):
        self.values = []

    def step(self, value):
        self.values.append(value)

    def inverse(self, value):
        self.values.remove(value)

    def value(self):
        return sum(self.values)

    finalize = value


class Bad:
    def __init__(self):
        1 / 0


db.create_aggregate("total_of", 1, Total)
db.create_aggregate("bad_total", 1, Bad)
db.create_window_function("window_total", 1, Total)
db.create_collation("backwards", lambda a, b: (a < b) - (a > b))
print(db.execute("SELECT double(21), double('ab'), double(?), count_all(), count_all(1, 2)", (1.5,)).fetchone())
show(lambda: db.execute("SELECT fails()").fetchone())
show(lambda: db.execute("SELECT wrong()").fetchone())
show(lambda: db.execute("SELECT bad_total(1)").fetchone())
print(db.execute("SELECT total_of(id) FROM t").fetchone(), db.execute("SELECT total_of(id) FROM t WHERE 0").fetchone())
print(db.execute("SELECT window_total(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t").fetchall())
print(db.execute("SELECT name FROM t ORDER BY name COLLATE backwards").fetchall())
db.create_function("double", 1, None)
show(lambda: type(db.execute("SELECT count_all(1)")).__name__)
cursor = db.cursor()
db.create_function("again", 0, lambda: cursor.execute("SELECT 1"))
show(lambda: cursor.execute("SELECT again()").fetchall())
seen = []
db.set_trace_callback(seen.append)
db.execute("SELECT ?", (5,)).fetchall()
db.set_trace_callback(None)
print(seen)
db.set_authorizer(lambda action, *args: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_READ else sqlite3.SQLITE_OK)
show(lambda: db.execute("SELECT name FROM t"))
db.set_authorizer(None)
db.set_progress_handler(lambda: 1, 100)
show(lambda: db.execute("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 100000) SELECT count(*) FROM c").fetchone())
db.set_progress_handler(None, 0)

# Rows, factories, types
db.row_factory = sqlite3.Row
row = db.execute("SELECT 1 AS a, 'x' AS B").fetchone()
print(row["b"], row[0], row[-1], row[0:1], tuple(row), row.keys(), len(row), row == db.execute("SELECT 1 AS a, 'x' AS B").fetchone(), hash(row) == hash(row), dict(row))
for call in [lambda: row["c"], lambda: row[5], lambda: row[1.5]]:
    show(call)
db.row_factory = lambda cursor, values: {d[0]: v for d, v in zip(cursor.description, values)}
print(db.execute("SELECT 1 AS a, 2 AS b").fetchone())
db.row_factory = None
for factory in [bytes, bytearray, lambda b: b.decode().upper(), str]:
    db.text_factory = factory
    print(db.execute("SELECT 'text'").fetchone())
typed = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __conform__(self, protocol):
        if protocol is sqlite3.PrepareProtocol:
            return f"{self.x};{self.y}"


sqlite3.register_converter("point", lambda b: tuple(map(float, b.split(b";"))))
sqlite3.register_adapter(complex, lambda z: f"{z.real};{z.imag}")
typed.execute("CREATE TABLE p(p point, d date, w timestamp, n number(10))")
typed.execute("INSERT INTO p VALUES (?, ?, ?, ?)", (Point(1, 2), datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 3, 4, 5), 7))
typed.execute("INSERT INTO p(p) VALUES (?)", (3 + 4j,))
print(typed.execute("SELECT * FROM p").fetchall(), typed.execute("SELECT p AS 'q [point]' FROM p").description)

# Copies and dumps
print(list(typed.iterdump()))
other = sqlite3.connect(":memory:")
steps = []
db.commit()
db.backup(other, pages=1, progress=lambda status, left, all: steps.append(left))
print(other.execute("SELECT count(*) FROM t").fetchone(), steps[-1], other.deserialize(db.serialize()), other.execute("SELECT count(*) FROM t").fetchone())
print(db.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) == db.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 2))
show(lambda: db.execute("SELECT ?, ?, ?", (1, 2, 3)))

# Transactions of two connections; threads
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "file.db")
    first, second = sqlite3.connect(path, timeout=0), sqlite3.connect(path, timeout=0, isolation_level=None)
    first.execute("CREATE TABLE t(a)")
    first.execute("INSERT INTO t VALUES (1)")
    show(lambda: second.execute("INSERT INTO t VALUES (2)"))
    print(second.execute("SELECT * FROM t").fetchall(), first.isolation_level, second.isolation_level)
    first.commit()
    second.execute("INSERT INTO t VALUES (2)")
    print(second.in_transaction, first.execute("SELECT * FROM t").fetchall())
    first.isolation_level = "EXCLUSIVE"
    first.close()
    second.close()
    first.close()
    show(lambda: first.execute("SELECT 1"))
    show(lambda: first.in_transaction)
    shared = sqlite3.connect(path, check_same_thread=False)
    threads = [threading.Thread(target=lambda: [shared.execute("INSERT INTO t VALUES (?)", (i,)) for i in range(50)]) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(shared.execute("SELECT count(*) FROM t").fetchone())
    shared.close()
stranger = threading.Thread(target=lambda: show(lambda: db.execute("SELECT 1")))
stranger.start()
stranger.join()


class Own(sqlite3.Connection):
    def cursor(self):
        return super().cursor(OwnCursor)


class OwnCursor(sqlite3.Cursor):
    def fetchone(self):
        return "own", super().fetchone()


print(sqlite3.connect(":memory:", factory=Own).cursor().execute("SELECT 1").fetchone())
cursor = db.execute("SELECT 1 UNION SELECT 2")
db.close()
show(lambda: cursor.fetchone())
