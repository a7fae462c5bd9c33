# Databases in files: the mapping, its modes, and what is said when something is wrong. The two kinds behave alike.
import os
import shelve
import tempfile
import threading
import _dbm
import _gdbm
import dbm.gnu
import dbm.ndbm


def attempt(function, *args):
    try:
        print(function(*args))
    except (OSError, TypeError, KeyError, ValueError) as error:
        print(type(error).__name__, error.args)


os.chdir(tempfile.mkdtemp())
for module in (_dbm, _gdbm):
    print(module.__name__, module.error.__module__, issubclass(module.error, OSError))
    attempt(module.open, "/nonexistent/x", "c")
    attempt(module.open, "absent")
    attempt(module.open, "absent", "q")
    attempt(module.open, 3)
    attempt(module.open, "a\0b")
    attempt(type(module.open("file", "n")))
    db = module.open("file", "n")
    print(bool(db), len(db), db.keys())
    db["a"], db[b"b"], db["\xe9"] = "1", b"", b"\xff" * 5000
    print(db["a"], db["b"], len(db["\xe9"]), sorted(db.keys()), "a" in db, b"z" in db, bool(db))
    for f, *args in ((db.__getitem__, "q"), (db.__getitem__, 3), (db.__setitem__, "x", 3), (db.__setitem__, 3, "x"), (db.__delitem__, "q"), (db.__contains__, 3), (db.get, "q"),
                     (db.get, "q", 5), (db.get, "a"), (db.setdefault, "n", "5"), (db.setdefault, "n"), (db.setdefault, "m"), (db.setdefault, "k", 7), (iter, db)):
        attempt(f, *args)
    del db["a"]
    with db as same:
        print(same is db, sorted(db.keys()))
    attempt(db.__getitem__, "a")
    attempt(len, db)
    print(db.close(), db.__enter__() is db)
    with module.open("file", "r") as db:
        attempt(db.__setitem__, "a", "b")
        attempt(db.__delitem__, "m")
        print(db["m"], len(db["\xe9"]))
# expect: _dbm _dbm True
# expect: error (2, 'No such file or directory')
# expect: error (2, 'No such file or directory')
# expect: error ("arg 2 to open should be 'r', 'w', 'c', or 'n'",)
# expect: TypeError ('expected str, bytes or os.PathLike object, not int',)
# expect: ValueError ('embedded null byte',)
# expect: TypeError ("cannot create '_dbm.dbm' instances",)
# expect: False 0 []
# expect: b'1' b'' 5000 [b'a', b'b', b'\xc3\xa9'] True False True
# expect: KeyError ('q',)
# expect: TypeError ("a bytes-like object is required, not 'int'",)
# expect: TypeError ('dbm mappings have bytes or string elements only',)
# expect: TypeError ('dbm mappings have bytes or string keys only',)
# expect: KeyError ('q',)
# expect: TypeError ('dbm key must be bytes or string, not int',)
# expect: None
# expect: 5
# expect: b'1'
# expect: 5
# expect: b'5'
# expect: b''
# expect: TypeError ('dbm mappings have bytes or string elements only',)
# expect: TypeError ("'_dbm.dbm' object is not iterable",)
# expect: True [b'b', b'm', b'n', b'\xc3\xa9']
# expect: error ('DBM object has already been closed',)
# expect: error ('DBM object has already been closed',)
# expect: None True
# expect: error ('cannot add item to database',)
# expect: error ('cannot delete item from database',)
# expect: b'' 5000
# expect: _gdbm _gdbm True
# expect: error (2, 'No such file or directory')
# expect: error (2, 'No such file or directory')
# expect: error ("First flag must be one of 'r', 'w', 'c' or 'n'",)
# expect: TypeError ('expected str, bytes or os.PathLike object, not int',)
# expect: ValueError ('embedded null byte',)
# expect: TypeError ("cannot create '_gdbm.gdbm' instances",)
# expect: False 0 []
# expect: b'1' b'' 5000 [b'a', b'b', b'\xc3\xa9'] True False True
# expect: KeyError ('q',)
# expect: TypeError ("a bytes-like object is required, not 'int'",)
# expect: TypeError ('gdbm mappings have bytes or string elements only',)
# expect: TypeError ('gdbm mappings have bytes or string keys only',)
# expect: KeyError ('q',)
# expect: TypeError ('gdbm key must be bytes or string, not int',)
# expect: None
# expect: 5
# expect: b'1'
# expect: 5
# expect: b'5'
# expect: b''
# expect: TypeError ('gdbm mappings have bytes or string elements only',)
# expect: TypeError ("'_gdbm.gdbm' object is not iterable",)
# expect: True [b'b', b'm', b'n', b'\xc3\xa9']
# expect: error ('GDBM object has already been closed',)
# expect: error ('GDBM object has already been closed',)
# expect: None True
# expect: error ("Reader can't store",)
# expect: error ("Reader can't delete",)
# expect: b'' 5000
