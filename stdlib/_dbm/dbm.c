// SPDX-License-Identifier: MIT
// stdlib/_dbm/dbm.c: the module _dbm: ndbm's databases, each in two files NAME.pag and NAME.dir.
#include <errno.h>
#include <fcntl.h>
#include <ndbm.h>

#include "runtime/types/tuple.h"

#define HANDLE DBM *
#define DB_WORDS "DBM"
#define DB_MAPPING "dbm"
#define DB_MODULE "_dbm"
#define DB_ERROR SLOT_DBM_ERROR

static datum db_fetch(DBM *db, datum key) { return dbm_fetch(db, key); }
static int db_store(DBM *db, datum key, datum value) { return dbm_store(db, key, value, DBM_REPLACE); }
static int db_delete(DBM *db, datum key) { return dbm_delete(db, key); }
static datum db_first(DBM *db) { return dbm_firstkey(db); }
static datum db_next(DBM *db, datum key) { return dbm_nextkey(db); }
static void db_free(datum d) {}              // the library's own memory, good until its next call
static void db_close(DBM *db) { dbm_close(db); }
static Value db_raise(Thread *t, DBM *db, const char *what);

#include "stdlib/_dbm/database.h"

static Value db_raise(Thread *t, DBM *db, const char *what)
{
    dbm_clearerr(db);
    return raise_error(t, error_class(t), "%s", what);
}
static const Method methods[] = {DATABASE_METHODS};
static const TypeSpec database_spec = {.name = "_dbm.dbm", .doc = "A database of ndbm.", .size = sizeof(Database), .flags = TYPE_NO_NEW, .slots = DATABASE_SLOTS, .methods = methods};

static Value open_database(Thread *t, Value module, const Value *args)
{
    int mode, flags;
    if (!is_str(args[1])) return raise_type_error(t, "open() argument 2 must be str, not %T", args[1]);
    if (!int_as_int(t, args[2], &mode)) return ERROR;
    const Str *how = as_str(args[1]);
    if (str_equal_text(how, "r")) flags = O_RDONLY;
    else if (str_equal_text(how, "w")) flags = O_RDWR;
    else if (str_equal_text(how, "c")) flags = O_RDWR | O_CREAT;
    else if (str_equal_text(how, "n")) flags = O_RDWR | O_CREAT | O_TRUNC;
    else return raise_error(t, error_class(t), "arg 2 to open should be 'r', 'w', 'c', or 'n'");
    OWN_MEMORY char *name = filename_from(t, args[0]);
    if (!name) return ERROR;
    DBM *db;
    int failed;
    BLOCKING(t, GIL_DATABASE, { errno = 0; db = dbm_open(name, flags, mode); failed = errno; });
    if (db) return database_new(t, db);
    OWN Value words = str_from_text(t, strerror(failed));
    OWN Value number = small_int(failed);
    OWN Value error = is_error(words) ? ERROR : call3(t, type_value(error_class(t)), number, words, args[0]);
    return is_error(error) ? ERROR : raise_exception(t, MOVE(error));
}
static const Method functions[] = {{"open", open_database, "(filename, flags='r', mode=438, /)", "Open a database: 'r' to read, 'w' to write too, 'c' and make it if need be, 'n' a new one."}, {0}};
static bool start(Thread *t, Value module)
{
    return start_database(t, module, &database_spec) && module_add(t, module, "library", str_from_text(t, "GNU gdbm"));
}
extern const ModuleSpec _dbm_spec;
const ModuleSpec _dbm_spec = {.name = "_dbm", .doc = "Databases of ndbm.", .functions = functions, .start = start};
