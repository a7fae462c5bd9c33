// SPDX-License-Identifier: MIT
// stdlib/_sqlite3/row.c: Row: a row whose columns have names, whatever their case; and PrepareProtocol.
#include "stdlib/_sqlite3/sqlite.h"

#include "runtime/call.h"
#include "runtime/types/container.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/slice.h"
#include "runtime/types/tuple.h"

Type sqlite_row_type, sqlite_protocol_type;
typedef struct Row { Object head; Value values, description; } Row;
static Row *as_row(Value v) { return (Row *)as_object(v); }

static Value row_construct(Thread *t, Type *type, const Value *args)
{
    if (!is_object(args[0]) || !is_instance_of(args[0], &sqlite_cursor_type)) return raise_type_error(t, "Row() argument 1 must be sqlite3.Cursor, not %T", args[0]);
    if (!is_tuple(args[1])) return raise_type_error(t, "Row() argument 2 must be tuple, not %T", args[1]);
    Row *r = (Row *)object_new(t, type);
    if (!r) return ERROR;
    Value description = as_cursor(args[0])->description;
    r->values = retain(args[1]);
    r->description = is_tuple(description) ? retain(description) : object_value(tuple_empty);
    return object_value(r);
}
static void row_visit(Object *o, VisitFn visit, void *context)
{
    visit(((Row *)o)->values, context);
    visit(((Row *)o)->description, context);
}
static void row_finish(Thread *t, Object *o)
{
    clear(&((Row *)o)->values);
    clear(&((Row *)o)->description);
}
static ptrdiff_t row_length(Thread *t, Value v) { return (ptrdiff_t)as_tuple(as_row(v)->values)->length; }
static Value row_iter(Thread *t, Value v) { return object_iter(t, as_row(v)->values); }

static Codepoint lower(Codepoint c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
static bool same_name(const Str *a, const Str *b)
{
    if (a->length != b->length) return false;
    for (size_t i = 0; i < a->length; i++)
        if (lower(str_at(a, i)) != lower(str_at(b, i))) return false;
    return true;
}
static Value row_get_item(Thread *t, Value v, Value key)
{
    Row *r = as_row(v);
    if (has_index(key) || type_of(key) == &slice_type) return object_get_item(t, r->values, key);
    if (!is_str(key)) return raise_error(t, &exc_IndexError, "Index must be int or string");
    const Tuple *columns = as_tuple(r->description), *values = as_tuple(r->values);
    for (size_t i = 0; i < columns->length && i < values->length; i++) {
        Value name = is_tuple(columns->items[i]) && as_tuple(columns->items[i])->length ? as_tuple(columns->items[i])->items[0] : NONE;
        if (is_str(name) && same_name(as_str(name), as_str(key))) return retain(values->items[i]);
    }
    return raise_error(t, &exc_IndexError, "No item with that key");
}
static Value row_keys(Thread *t, Value self, const Value *args)
{
    OWN Value names_list = list_new(t, 0);
    const Tuple *columns = as_tuple(as_row(self)->description);
    for (size_t i = 0; !is_error(names_list) && i < columns->length; i++)
        if (!list_append(t, names_list, as_tuple(columns->items[i])->items[0])) return ERROR;
    return MOVE(names_list);
}
static bool row_hash(Thread *t, Value v, int64_t *hash)
{
    int64_t of_values, of_columns;
    if (!object_hash(t, as_row(v)->values, &of_values) || !object_hash(t, as_row(v)->description, &of_columns)) return false;
    *hash = of_values ^ of_columns;
    if (*hash == -1) *hash = -2;
    return true;
}
static Value row_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_object(b) || !is_instance_of(b, &sqlite_row_type)) return NOT_IMPLEMENTED;
    int same = object_equal(t, as_row(a)->description, as_row(b)->description);
    if (same > 0) same = object_equal(t, as_row(a)->values, as_row(b)->values);
    return same < 0 ? ERROR : bool_value((same > 0) == (op == CMP_EQ));
}
static const Method row_methods[] = {{"keys", row_keys, "(self, /)", "Returns the keys of the row."}, {0}};
const TypeSpec sqlite_row_spec = {
    .name = "sqlite3.Row", .size = sizeof(Row), .flags = TYPE_GC | TYPE_BASE,
    .slots = {.visit = row_visit, .finish = row_finish, .length = row_length, .iter = row_iter, .get_item = row_get_item, .hash = row_hash, .compare = row_compare},
    .methods = row_methods, .new_signature = "(cursor, data, /)", .construct = row_construct,
};
static Value protocol_construct(Thread *t, Type *type, const Value *args)
{
    Object *o = object_new(t, type);
    return o ? object_value(o) : ERROR;
}
const TypeSpec sqlite_protocol_spec = {
    .name = "sqlite3.PrepareProtocol", .doc = "PEP 246 style object adaption protocol type.", .size = sizeof(Object), .flags = TYPE_BASE, .new_signature = "()",
    .construct = protocol_construct,
};
