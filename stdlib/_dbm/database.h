// SPDX-License-Identifier: MIT
// stdlib/_dbm/database.h: the database object. dbm.c and gdbm.c each include this once, with
//
//   HANDLE             the library's type of an open database
//   DB_WORDS           "DBM" or "GDBM": what messages call it; DB_MAPPING, the same in lower case; DB_TYPE its full name; DB_ERROR the slot of its class of errors
//   db_fetch, db_store, db_delete, db_first, db_next, db_close    the library's functions; what db_fetch, db_first and db_next give is freed by db_free
//   db_raise           raises for a call that failed; `what` says which
#include <stdlib.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "stdlib/filename.h"
#include "stdlib/module_slots.h"
#include "stdlib/stream_lock.h"

typedef struct Database { Object head; HANDLE handle; pthread_mutex_t lock; } Database;      // handle NULL: closed
static Type database_type;
static Database *as_database(Value v) { return (Database *)as_object(v); }

static Type *error_class(Thread *t) { return as_type(t->interp->module_slots[DB_ERROR]); }
static bool is_open(Thread *t, const Database *db)
{
    return db->handle || error_false(raise_error(t, error_class(t), DB_WORDS " object has already been closed"));
}
// In a function: holds the database, which stays open until the end of the block.
#define HOLD(t, db) \
    HOLD_STREAM(t, &(db)->lock, GIL_DATABASE); \
    if (!is_open(t, db)) return ERROR

// A key or value as the library wants it; *holder keeps its bytes. `complaint` is the message for what is neither str nor bytes, with the type for a %T in it.
static bool datum_from(Thread *t, Value v, datum *d, Value *holder, const char *complaint)
{
    *holder = is_str(v) ? str_encode(t, as_str(v), NULL, NULL) : retain(v);
    if (is_error(*holder)) return false;
    if (!is_bytes(*holder)) return error_false(raise_type_error(t, complaint, v));
    if (bytes_length(*holder) > INT32_MAX) return error_false(raise_error(t, &exc_OverflowError, "size does not fit in an int"));
    *d = (datum){bytes_data(*holder), (int)bytes_length(*holder)};
    return true;
}
#define NEEDS_BYTES "a bytes-like object is required, not '%T'"
#define KEY_OR(complaint) OWN Value key_bytes = UNBOUND; datum key; if (!datum_from(t, args[0], &key, &key_bytes, complaint)) return ERROR

static Value bytes_of(Thread *t, datum d)
{
    Value v = d.dptr ? bytes_from(t, d.dptr, (size_t)d.dsize) : UNBOUND;
    db_free(d);
    return v;
}
// What is kept under a key; UNBOUND: nothing is.
static Value fetch(Thread *t, Database *db, datum key)
{
    datum found;
    BLOCKING(t, GIL_DATABASE, found = db_fetch(db->handle, key));
    return bytes_of(t, found);
}
static Value database_get_item(Thread *t, Value self, Value item)
{
    Database *db = as_database(self);
    const Value *args = &item;
    KEY_OR(NEEDS_BYTES);
    HOLD(t, db);
    Value found = fetch(t, db, key);
    return is_unbound(found) ? raise_key_error(t, item) : found;
}
static Value database_get(Thread *t, Value self, const Value *args)
{
    Database *db = as_database(self);
    KEY_OR(NEEDS_BYTES);
    HOLD(t, db);
    Value found = fetch(t, db, key);
    return is_unbound(found) ? retain(args[1]) : found;
}
static Value store(Thread *t, Database *db, Value key_value, Value value)
{
    OWN Value key_bytes = UNBOUND, value_bytes = UNBOUND;
    datum key, content;
    if (!datum_from(t, key_value, &key, &key_bytes, DB_MAPPING " mappings have bytes or string keys only")) return ERROR;
    if (!datum_from(t, value, &content, &value_bytes, DB_MAPPING " mappings have bytes or string elements only")) return ERROR;
    HOLD(t, db);
    int failed;
    BLOCKING(t, GIL_DATABASE, failed = db_store(db->handle, key, content));
    return failed ? db_raise(t, db->handle, "cannot add item to database") : NONE;
}
static Value erase(Thread *t, Database *db, const Value *args)
{
    KEY_OR(DB_MAPPING " mappings have bytes or string keys only");
    HOLD(t, db);
    datum there;
    BLOCKING(t, GIL_DATABASE, there = db_fetch(db->handle, key));
    bool known = there.dptr != NULL;
    db_free(there);
    if (!known) return raise_key_error(t, args[0]);
    int failed;
    BLOCKING(t, GIL_DATABASE, failed = db_delete(db->handle, key));
    return failed ? db_raise(t, db->handle, "cannot delete item from database") : NONE;
}
static bool database_set_item(Thread *t, Value self, Value key, Value item)
{
    OWN Value done = is_unbound(item) ? erase(t, as_database(self), &key) : store(t, as_database(self), key, item);
    return !is_error(done);
}
static Value database_set_default(Thread *t, Value self, const Value *args)
{
    OWN Value found = UNBOUND;
    {
        Database *db = as_database(self);
        KEY_OR(DB_MAPPING " mappings have bytes or string keys only");
        HOLD(t, db);
        found = fetch(t, db, key);
    }
    if (!is_unbound(found)) return MOVE(found);
    OWN Value otherwise = is_unbound(args[1]) ? bytes_from(t, "", 0) : retain(args[1]);
    OWN Value done = is_error(otherwise) ? ERROR : store(t, as_database(self), args[0], otherwise);
    return is_error(done) ? ERROR : MOVE(otherwise);
}
static Value holds(Thread *t, Value self, const Value *args)
{
    Database *db = as_database(self);
    KEY_OR(DB_MAPPING " key must be bytes or string, not %T");
    HOLD(t, db);
    OWN Value found = fetch(t, db, key);
    return is_error(found) ? ERROR : bool_value(!is_unbound(found));
}
static int database_contains(Thread *t, Value self, Value item)
{
    Value found = holds(t, self, &item);
    return is_error(found) ? -1 : is_true(found);
}
static Value database_keys(Thread *t, Value self, const Value *args)
{
    Database *db = as_database(self);
    HOLD(t, db);
    OWN Value keys = list_new(t, 0);
    if (is_error(keys)) return ERROR;
    datum key;
    BLOCKING(t, GIL_DATABASE, key = db_first(db->handle));
    while (key.dptr) {
        OWN Value one = bytes_from(t, key.dptr, (size_t)key.dsize);
        bool kept = !is_error(one) && list_append(t, keys, one);
        datum after = {NULL, 0};
        if (kept) BLOCKING(t, GIL_DATABASE, after = db_next(db->handle, key));
        db_free(key);
        if (!kept) return ERROR;
        key = after;
    }
    return MOVE(keys);
}
static ptrdiff_t database_length(Thread *t, Value self)
{
    OWN Value keys = database_keys(t, self, NULL);
    return is_error(keys) ? -1 : (ptrdiff_t)as_list(keys)->length;
}
static Value database_close(Thread *t, Value self, const Value *args)
{
    Database *db = as_database(self);
    HOLD_STREAM(t, &db->lock, GIL_DATABASE);
    HANDLE handle = db->handle;
    db->handle = NULL;
    if (handle) BLOCKING(t, GIL_DATABASE, db_close(handle));
    return NONE;
}
static Value database_enter(Thread *t, Value self, const Value *args) { return retain(self); }
static void database_finish(Thread *t, Object *o)
{
    if (((Database *)o)->handle) db_close(((Database *)o)->handle);
}
static Value database_new(Thread *t, HANDLE handle)
{
    Database *db = (Database *)object_new(t, &database_type);
    if (!db) db_close(handle);
    else {
        db->handle = handle;
        pthread_mutex_init(&db->lock, NULL);
    }
    return db ? object_value(db) : ERROR;
}
#define DATABASE_METHODS \
    {"get", database_get, "(self, key, default=None, /)", "The value of a key, or the default."}, {"keys", database_keys, "(self, /)", "A list of the keys."}, \
    {"setdefault", database_set_default, "(self, key, default=<unset>, /)", "The value of a key, which becomes the default if it has none."}, \
    {"close", database_close, "(self, /)", "Close the file."}, {"__enter__", database_enter, "(self, /)", NULL}, {"__exit__", database_close, "(self, /, *args)", NULL}, {0}
#define DATABASE_SLOTS \
    {.finish = database_finish, .length = database_length, .get_item = database_get_item, .set_item = database_set_item, .contains = database_contains}

static bool start_database(Thread *t, Value module, const TypeSpec *spec)
{
    if (database_type.version == 0 && !type_prepare(t, &database_type, spec)) return false;
    Value *slot = &t->interp->module_slots[DB_ERROR];
    if (is_unbound(*slot)) {
        OWN_POINTER Dict *namespace = dict_new(t);
        if (!namespace || !dict_set_text(t, namespace, "__module__", str_from_text(t, DB_MODULE))) return false;
        OWN Value name = str_from_text(t, "error");
        OWN Value bases = is_error(name) ? ERROR : tuple_of(t, 1, type_value(&exc_OSError));
        Value class = is_error(bases) ? ERROR : call3(t, type_value(&type_type), name, bases, dict_value(namespace));
        if (is_error(class)) return false;
        *slot = class;
    }
    return module_add(t, module, "error", retain(*slot));
}
