// SPDX-License-Identifier: MIT
// runtime/types/struct_sequence.c: types like time.struct_time: a tuple whose items have names.
//
// The first `visible` fields are the tuple's items. The fields behind them can only be read by name: they live in the
// instance's own memory, behind the items, and a tuple's length does not count them.
//
// A type keeps its fields in its dict: n_fields, n_sequence_fields, n_unnamed_fields as CPython has them, and the table
// of names in the attribute __match_args__ (all of the named visible ones).
#include <stdatomic.h>
#include <stdio.h>

#include "runtime/types/container.h"
#include "runtime/types/dict.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

#define FIELDS_MAX 40

// What a struct sequence type is made of: one for each table of fields, kept for the life of the process in `specs`.
typedef struct StructSpec {
    TypeSpec spec;
    struct StructSpec *next;
    size_t visible, total;
    const StructField *fields;
    GetSet getsets[FIELDS_MAX + 1];
    char signature[64];
} StructSpec;

static _Atomic(StructSpec *) specs;   // only ever grows at its head, and what is in it never changes

static inline const StructSpec *spec_of(Type *type)
{
    while (!type->spec || type->spec->base != &tuple_type) type = type->base;
    return (const StructSpec *)type->spec;
}

// Field `i` by its getter: one function a place, since a GetterFn carries nothing else.
static Value field(Value self, size_t i)
{
    Tuple *tuple = as_tuple(self);
    return retain(tuple->items[i]);
}
#define GETTER(i) static Value get_##i(Thread *t, Value self) { return field(self, i); }
#define EACH_PLACE(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) \
    X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32) X(33) X(34) X(35) X(36) X(37) X(38) X(39)
EACH_PLACE(GETTER)
#define PLACE(i) get_##i,
static const GetterFn getters[FIELDS_MAX] = {EACH_PLACE(PLACE)};

static size_t hidden_count(Type *type)
{
    const StructSpec *s = spec_of(type);
    return s->total - s->visible;
}

static size_t struct_size(Object *o) { return sizeof(Tuple) + (((Tuple *)o)->length + hidden_count(o->type)) * sizeof(Value); }

static void struct_visit(Object *o, VisitFn visit, void *context)
{
    Tuple *tuple = (Tuple *)o;
    size_t all = tuple->length + hidden_count(o->type);
    for (size_t i = 0; i < all; i++) visit(tuple->items[i], context);
}

static void struct_finish(Thread *t, Object *o)
{
    Tuple *tuple = (Tuple *)o;
    size_t all = tuple->length + hidden_count(o->type);
    for (size_t i = 0; i < all; i++) clear(&tuple->items[i]);
}

// Items not given are None.
static Value instance(Thread *t, Type *type, const Value *items, size_t count)
{
    const StructSpec *s = spec_of(type);
    Tuple *made = (Tuple *)object_new_sized(t, type, sizeof(Tuple) + s->total * sizeof(Value));
    if (!made) return ERROR;
    made->length = s->visible;
    for (size_t i = 0; i < s->total; i++) made->items[i] = i < count ? retain(items[i]) : NONE;
    return object_value(made);
}

Value struct_sequence_new(Thread *t, Type *type, TAKES Value *items, size_t count)
{
    bool failed = false;
    for (size_t i = 0; i < count; i++) failed = failed || is_error(items[i]);
    Value made = failed ? ERROR : instance(t, type, items, count);
    for (size_t i = 0; i < count; i++) clear(&items[i]);
    return made;
}

// A type of one field is made from that field's value, by place or by name: os.sched_param(3).
static bool is_of_one(const StructSpec *s) { return s->total == 1; }

// type(sequence, dict={}): the visible items, hidden ones behind them or by name in dict.
static Value struct_construct(Thread *t, Type *type, const Value *args)
{
    const StructSpec *s = spec_of(type);
    if (is_of_one(s)) return instance(t, type, args, 1);
    OWN Value list = list_from_iterable_or(t, args[0], "constructor requires a sequence");
    if (is_error(list)) return ERROR;
    if (!is_unbound(args[1]) && !is_dict(args[1])) return raise_type_error(t, "%s() takes a dict as second arg, if any", s->spec.name);
    OWN Value sequence = tuple_from_iterable(t, list);
    if (is_error(sequence)) return ERROR;
    size_t count = as_tuple(sequence)->length;
    if (count < s->visible || count > s->total) {
        const char *bound = s->visible == s->total ? "a " : count < s->visible ? "an at least " : "an at most ";
        size_t wanted = count < s->visible ? s->visible : s->total;
        return raise_type_error(t, "%s() takes %s%zu-sequence (%zu-sequence given)", s->spec.name, bound, wanted, count);
    }
    OWN Value made = instance(t, type, as_tuple(sequence)->items, count);
    if (is_error(made) || is_unbound(args[1])) return MOVE(made);
    for (size_t i = count; i < s->total; i++) {
        OWN_POINTER Str *name = str_intern_text(t, s->fields[i].name, strlen(s->fields[i].name));
        if (!name) return ERROR;
        Value given = dict_get_str(as_dict(args[1]), name);
        if (!is_unbound(given)) assign(&as_tuple(made)->items[i], retain(given));
    }
    return MOVE(made);
}

static Value struct_repr(Thread *t, Value v)
{
    const StructSpec *s = spec_of(type_of(v));
    int entered = repr_enter(t, v);
    if (entered < 0) return ERROR;
    if (entered) return str_from_text(t, "(...)");
    StrBuilder b;
    builder_start(t, &b);
    builder_add_text(&b, s->spec.name);
    builder_add(&b, '(');
    for (size_t i = 0, named = 0; i < s->visible && !b.failed; i++) {
        if (i) builder_add_ascii(&b, ", ", 2);
        while (!s->fields[named].name) named++;     // an item without a name goes by that of the next field that has one
        builder_add_text(&b, s->fields[named++].name);
        builder_add(&b, '=');
        builder_add_repr(&b, as_tuple(v)->items[i]);
    }
    builder_add(&b, ')');
    repr_leave(t, v);
    return builder_finish(&b);
}

static Value struct_reduce(Thread *t, Value self, const Value *args)
{
    const StructSpec *s = spec_of(type_of(self));
    OWN Value items = tuple_from_values(t, as_tuple(self)->items, s->visible);
    if (is_error(items)) return ERROR;
    if (is_of_one(s)) return tuple_of(t, 2, type_value(type_of(self)), items);
    OWN_POINTER Dict *hidden = dict_new(t);
    if (!hidden) return ERROR;
    for (size_t i = s->visible; i < s->total; i++) {
        if (!dict_set_text(t, hidden, s->fields[i].name, retain(as_tuple(self)->items[i]))) return ERROR;
    }
    OWN Value arguments = tuple_of(t, 2, items, dict_value(hidden));
    return is_error(arguments) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), arguments);
}

static const Method struct_methods[] = {{"__reduce__", struct_reduce, "(self, /)", "Return state information for pickling."}, {0}};

static bool add_to_type(Thread *t, Type *type, const char *name, TAKES Value value) { return dict_set_text(t, type->dict, name, value); }

static bool describe(Thread *t, Type *type, const StructSpec *s)
{
    size_t unnamed = 0;
    for (size_t i = 0; i < s->visible; i++) unnamed += s->fields[i].name == NULL;
    OWN_POINTER Tuple *named = tuple_blank(t, s->visible - unnamed);
    if (!named) return false;
    for (size_t i = 0, n = 0; i < s->visible; i++) {
        if (!s->fields[i].name) continue;
        Str *name = str_intern_text(t, s->fields[i].name, strlen(s->fields[i].name));
        if (!name) return false;
        named->items[n++] = object_value(name);
    }
    bool fine = add_to_type(t, type, "__match_args__", retain(object_value(named))) &&
                add_to_type(t, type, "n_sequence_fields", small_int((int64_t)s->visible)) &&
                add_to_type(t, type, "n_fields", small_int((int64_t)s->total)) &&
                add_to_type(t, type, "n_unnamed_fields", small_int((int64_t)unnamed));
    type_modified(type);
    return fine;
}

static StructSpec *spec_new(Thread *t, const char *name, const char *doc, const StructField *fields, size_t visible)
{
    StructSpec *s = mem_allocate(t, sizeof *s);
    if (!s) return NULL;
    memset(s, 0, sizeof *s);
    while (fields[s->total].name || s->total < visible) {
        ASSERT(s->total < FIELDS_MAX);
        s->total++;
    }
    s->visible = visible;
    s->fields = fields;
    if (is_of_one(s)) snprintf(s->signature, sizeof s->signature, "(%s)", fields[0].name);
    else strcpy(s->signature, "(sequence, dict=<unset>)");
    for (size_t i = 0, g = 0; i < s->total; i++) {
        if (fields[i].name) s->getsets[g++] = (GetSet){fields[i].name, getters[i], NULL, fields[i].doc};
    }
    s->spec = (TypeSpec){
        .name = name,
        .doc = doc,
        .size = sizeof(Tuple),
        .flags = TYPE_GC | TYPE_VAR_SIZED | TYPE_IS_TUPLE | TYPE_SEQUENCE | TYPE_PATTERN_SEQUENCE,
        .base = &tuple_type,
        .slots = {.visit = struct_visit, .finish = struct_finish, .size = struct_size, .repr = struct_repr},
        .methods = struct_methods,
        .getsets = s->getsets,
        .new_signature = s->signature,
        .construct = struct_construct,
    };
    s->next = specs;
    while (!atomic_compare_exchange_weak(&specs, &s->next, s)) { }
    return s;
}

Type *struct_sequence_type(Thread *t, const char *name, const char *doc, const StructField *fields, size_t visible)
{
    StructSpec *s = specs;
    while (s && s->fields != fields) s = s->next;
    if (!s && !(s = spec_new(t, name, doc, fields, visible))) return NULL;
    OWN_POINTER Type *type = type_from_spec(t, &s->spec, NULL);
    if (!type || !describe(t, type, s)) return NULL;
    return MOVE_POINTER(type);
}
