// SPDX-License-Identifier: MIT
// stdlib/_dbm/gdbm.c: the module _gdbm: GDBM's databases.
#include <errno.h>
#include <gdbm.h>

#include "runtime/types/tuple.h"

#define HANDLE GDBM_FILE
#define DB_WORDS "GDBM"
#define DB_MAPPING "gdbm"
#define DB_MODULE "_gdbm"
#define DB_ERROR SLOT_GDBM_ERROR

static datum db_fetch(GDBM_FILE db, datum key) { return gdbm_fetch(db, key); }
static int db_store(GDBM_FILE db, datum key, datum value) { return gdbm_store(db, key, value, GDBM_REPLACE); }
static int db_delete(GDBM_FILE db, datum key) { return gdbm_delete(db, key); }
static datum db_first(GDBM_FILE db) { return gdbm_firstkey(db); }
static datum db_next(GDBM_FILE db, datum key) { return gdbm_nextkey(db, key); }
static void db_free(datum d);
static void db_close(GDBM_FILE db) { gdbm_close(db); }
static Value db_raise(Thread *t, GDBM_FILE db, const char *what);

#include "stdlib/_dbm/database.h"

static void db_free(datum d) { free(d.dptr); }
// The library's own words; with the system's number, if it was a call of the system that failed.
static Value raise_words(Thread *t, int code, int system, const char *words, Value filename)
{
    OWN Value text = str_from_text(t, words);
    if (is_error(text)) return ERROR;
    if (!gdbm_check_syserr(code)) return raise_value(t, error_class(t), text);
    OWN Value number = small_int(system);
    OWN Value said = str_from_text(t, strerror(system));
    OWN Value error = is_error(said) ? ERROR : is_unbound(filename) ? call2(t, type_value(error_class(t)), number, said) : call3(t, type_value(error_class(t)), number, said, filename);
    return is_error(error) ? ERROR : raise_exception(t, MOVE(error));
}
static Value db_raise(Thread *t, GDBM_FILE db, const char *what)
{
    return raise_words(t, gdbm_last_errno(db), gdbm_last_syserr(db), gdbm_strerror(gdbm_last_errno(db)), UNBOUND);
}
static Value first_key(Thread *t, Value self, const Value *args)
{
    Database *db = as_database(self);
    HOLD(t, db);
    datum key;
    BLOCKING(t, GIL_DATABASE, key = gdbm_firstkey(db->handle));
    Value found = bytes_of(t, key);
    return is_unbound(found) ? NONE : found;
}
static Value next_key(Thread *t, Value self, const Value *args)
{
    Database *db = as_database(self);
    KEY_OR(NEEDS_BYTES);
    HOLD(t, db);
    datum after;
    BLOCKING(t, GIL_DATABASE, after = gdbm_nextkey(db->handle, key));
    Value found = bytes_of(t, after);
    return is_unbound(found) ? NONE : found;
}
static Value reorganize(Thread *t, Value self, const Value *args)
{
    Database *db = as_database(self);
    HOLD(t, db);
    int failed;
    BLOCKING(t, GIL_DATABASE, failed = gdbm_reorganize(db->handle));
    return failed ? db_raise(t, db->handle, "reorganize") : NONE;
}
static Value synchronize(Thread *t, Value self, const Value *args)
{
    Database *db = as_database(self);
    HOLD(t, db);
    BLOCKING(t, GIL_DATABASE, gdbm_sync(db->handle));
    return NONE;
}
static const Method methods[] = {
    {"firstkey", first_key, "(self, /)", "The first key in an order of the library's own, or None."}, {"nextkey", next_key, "(self, key, /)", "The key behind a key in that order, or None."},
    {"reorganize", reorganize, "(self, /)", "Give back the room of what was deleted."}, {"sync", synchronize, "(self, /)", "Write what is not in the file yet."}, DATABASE_METHODS,
};
static const TypeSpec database_spec = {.name = "_gdbm.gdbm", .doc = "A database of GDBM.", .size = sizeof(Database), .flags = TYPE_NO_NEW, .slots = DATABASE_SLOTS, .methods = methods};

// How to open, in letters; -1: raised.
static int flags_from(Thread *t, const Str *letters)
{
    int flags = 0;
    for (size_t i = 0; i < (letters->length ? letters->length : 1); i++) {
        Codepoint c = letters->length ? str_at(letters, i) : 0;
        if (i == 0) {
            if (c != 'r' && c != 'w' && c != 'c' && c != 'n') return error_minus(raise_error(t, error_class(t), "First flag must be one of 'r', 'w', 'c' or 'n'"));
            flags = c == 'r' ? GDBM_READER : c == 'w' ? GDBM_WRITER : c == 'c' ? GDBM_WRCREAT : GDBM_NEWDB;
        } else if (c == 'f') flags |= GDBM_FAST;
        else if (c == 's') flags |= GDBM_SYNC;
        else if (c == 'u') flags |= GDBM_NOLOCK;
        else {
            OWN Value letter = str_from_codepoint(t, c);
            return error_minus(is_error(letter) ? ERROR : raise_error(t, error_class(t), "Flag '%S' is not supported.", letter));
        }
    }
    return flags;
}
static Value open_database(Thread *t, Value module, const Value *args)
{
    int mode;
    if (!is_str(args[1])) return raise_type_error(t, "open() argument 2 must be str, not %T", args[1]);
    if (!int_as_int(t, args[2], &mode)) return ERROR;
    int flags = flags_from(t, as_str(args[1]));
    if (flags < 0) return ERROR;
    OWN_MEMORY char *name = filename_from(t, args[0]);
    if (!name) return ERROR;
    GDBM_FILE db;
    int code, system;
    BLOCKING(t, GIL_DATABASE, { errno = 0; db = gdbm_open(name, 0, flags, mode, NULL); system = errno; code = gdbm_errno; });
    return db ? database_new(t, db) : raise_words(t, code, system, gdbm_strerror(code), args[0]);
}
static const Method functions[] = {{"open", open_database, "(filename, flags='r', mode=438, /)",
    "Open a database: 'r' to read, 'w' to write too, 'c' and make it if need be, 'n' a new one; behind that 'f' fast, 's' synchronized, 'u' unlocked."}, {0}};
static bool start(Thread *t, Value module)
{
    return start_database(t, module, &database_spec) && module_add(t, module, "open_flags", str_from_text(t, "rwcnfsu"));
}
extern const ModuleSpec _gdbm_spec;
const ModuleSpec _gdbm_spec = {.name = "_gdbm", .doc = "Databases of GDBM.", .functions = functions, .start = start};
