# What a program may do from within SQLite's calls, and what it may do with objects out of order: errors, no crash.
import gc
import sqlite3
import threading


def show(call):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)


db = sqlite3.connect(":memory:")
db.execute("CREATE TABLE t(a)")
db.executemany("INSERT INTO t VALUES (?)", [(i,) for i in range(10)])


def inner(kind):
    """Used by a function that SQL calls: uses the same connection."""
    if kind == 0:
        return db.execute("SELECT count(*) FROM t").fetchone()[0]
    if kind == 1:
        db.create_function("mine", 1, None)
    if kind == 2:
        db.create_function("other", 0, lambda: 1)
    return kind


db.create_function("mine", 1, inner)
show(lambda: db.execute("SELECT mine(0)").fetchall())         # expect: [(10,)]
show(lambda: db.execute("SELECT mine(2) FROM t").fetchmany(2))    # expect: OperationalError user-defined function raised exception
try:
    db.execute("SELECT mine(1) FROM t").fetchall()
except sqlite3.Error:
    pass

# A connection that closes itself while a statement runs
own = sqlite3.connect(":memory:")
own.create_function("closes", 0, lambda: own.close())
try:
    own.execute("SELECT closes() UNION ALL SELECT 1").fetchall()
except sqlite3.Error as e:
    print(type(e).__name__)                                      # expect: OperationalError
show(lambda: own.execute("SELECT 1").fetchone())                 # expect: (1,)
own.set_authorizer(lambda *args: own.close() or 0)
show(lambda: own.execute("SELECT 2"))                            # expect: DatabaseError not authorized

# Converters and adapters that close the connection, or end the cursor
typed = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_COLNAMES)
sqlite3.register_converter("closing", lambda b: typed.close())
try:
    print(typed.execute("SELECT 1 AS 'a [closing]', 2 AS 'b [closing]' UNION ALL SELECT 1, 2").fetchall())
except sqlite3.Error as e:
    print(type(e).__name__)                                      # expect: ProgrammingError
adapting = sqlite3.connect(":memory:")


class Closing:
    def __conform__(self, protocol):
        adapting.close()
        return 1


show(lambda: adapting.execute("SELECT ?, ?", (Closing(), 2)).fetchall())    # expect: ProgrammingError Cannot operate on a closed database.


class Parameters:
    def __init__(self, cursor):
        self.cursor = cursor

    def __len__(self):
        return 1

    def __getitem__(self, i):
        self.cursor.close()
        return 1


cursor = db.cursor()
show(lambda: cursor.execute("SELECT ?", Parameters(cursor)))     # expect: ProgrammingError Recursive use of cursors not allowed.


def rows():
    yield (1,)
    cursor.execute("SELECT 1")


show(lambda: cursor.executemany("INSERT INTO t VALUES (?)", rows()))    # expect: ProgrammingError Recursive use of cursors not allowed.
cursor.__init__(db)
show(lambda: cursor.execute("SELECT 1").fetchone())              # expect: (1,)
show(lambda: sqlite3.Connection.__new__(sqlite3.Connection).execute("SELECT 1"))    # expect: ProgrammingError Base Connection.__init__ not called.
show(lambda: sqlite3.Cursor.__new__(sqlite3.Cursor).fetchone())  # expect: ProgrammingError Base Cursor.__init__ not called.

# Cursors that outlive their connection, and cycles of them
cursors = [sqlite3.connect(":memory:").execute("SELECT 1 UNION SELECT 2") for _ in range(3)]
print([c.fetchone() for c in cursors])                           # expect: [(1,), (1,), (1,)]
around = sqlite3.connect(":memory:")
around.create_function("me", 0, lambda: around)
around.row_factory = lambda *args: around
del around, cursors
gc.collect()

# An aggregate that is left before its end
class Sum:
    def step(self, value):
        raise ValueError

    def finalize(self):
        return 1


db.create_aggregate("broken", 1, Sum)
show(lambda: db.execute("SELECT broken(a) FROM t").fetchone())   # expect: OperationalError user-defined aggregate's 'step' method raised error

# Four threads with one connection, one of which closes it
shared = sqlite3.connect(":memory:", check_same_thread=False)
shared.execute("CREATE TABLE t(a)")


def work(close):
    try:
        for i in range(30):
            shared.execute("INSERT INTO t VALUES (?)", (i,))
            shared.execute("SELECT * FROM t").fetchone()
            if close and i == 20:
                shared.close()
    except sqlite3.ProgrammingError:
        pass


threads = [threading.Thread(target=work, args=(n == 0,)) for n in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
show(lambda: shared.execute("SELECT 1"))                         # expect: ProgrammingError Cannot operate on a closed database.
