// SPDX-License-Identifier: MIT
// runtime/types/union.c: int | str (types.UnionType): alternatives, flattened, each once, at least two.
#include "runtime/types/container.h"
#include "runtime/types/generic_alias.h"
#include "runtime/types/list.h"
#include "runtime/types/set.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type union_type;

typedef struct Union { Object head; Tuple *args; Tuple *parameters; } Union;    // parameters NULL: not known yet

static inline Union *as_union(Value v) { return (Union *)as_object(v); }
static inline bool is_union(Value v) { return is_object(v) && as_object(v)->type == &union_type; }
static bool can_be_part(Value v) { return is_none(v) || is_type(v) || is_instance_of(v, &generic_alias_type) || is_union(v) || type_of(v) == &type_alias_type; }

static bool add_part(Thread *t, Value parts, Value v)
{
    if (is_none(v)) v = type_value(&none_type);
    if (is_union(v)) {
        Tuple *inner = as_union(v)->args;
        for (size_t i = 0; i < inner->length; i++) {
            if (!add_part(t, parts, inner->items[i])) return false;
        }
        return true;
    }
    for (size_t i = 0; i < as_list(parts)->length; i++) {
        Value known = as_list(parts)->items[i];
        if (is_same(known, v)) return true;
        if (!is_instance_of(known, &generic_alias_type) || !is_instance_of(v, &generic_alias_type)) continue;
        int equal = object_equal(t, known, v);
        if (equal) return equal > 0;
    }
    return list_append(t, parts, v);
}

Value union_or(Thread *t, Value a, Value b)
{
    if (!can_be_part(a) || !can_be_part(b)) return NOT_IMPLEMENTED;
    OWN Value parts = list_new(t, 2);
    if (is_error(parts) || !add_part(t, parts, a) || !add_part(t, parts, b)) return ERROR;
    if (as_list(parts)->length == 1) return retain(as_list(parts)->items[0]);
    OWN Value args = list_to_tuple(t, parts);
    if (is_error(args)) return ERROR;
    Union *made = (Union *)object_new(t, &union_type);
    if (!made) return ERROR;
    made->args = as_tuple(MOVE(args));
    return object_value(made);
}

static void union_visit(Object *o, VisitFn visit, void *context)
{
    Union *u = (Union *)o;
    if (u->args) visit(object_value(u->args), context);
    if (u->parameters) visit(object_value(u->parameters), context);
}

static void union_finish(Thread *t, Object *o)
{
    drop_pointer(MOVE_POINTER(((Union *)o)->args));
    drop_pointer(MOVE_POINTER(((Union *)o)->parameters));
}

static Value union_repr(Thread *t, Value v)
{
    Tuple *args = as_union(v)->args;
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = 0; i < args->length; i++) {
        if (i) builder_add_ascii(&b, " | ", 3);
        if (is_same(args->items[i], type_value(&none_type))) {
            builder_add_ascii(&b, "None", 4);
        } else if (!type_argument_repr(t, &b, args->items[i])) {
            builder_abandon(&b);
            return ERROR;
        }
    }
    return builder_finish(&b);
}

// Alternatives have no order.
static Value as_frozenset(Thread *t, Value v) { return set_from_iterable(t, &frozenset_type, object_value(as_union(v)->args)); }

static bool union_hash(Thread *t, Value v, int64_t *hash)
{
    OWN Value set = as_frozenset(t, v);
    return !is_error(set) && object_hash(t, set, hash);
}

static Value union_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_union(a) || !is_union(b) || (op != CMP_EQ && op != CMP_NE)) return NOT_IMPLEMENTED;
    OWN Value x = as_frozenset(t, a);
    if (is_error(x)) return ERROR;
    OWN Value y = as_frozenset(t, b);
    return is_error(y) ? ERROR : object_compare(t, x, y, op);
}

// The answer of `ask` for the first alternative that says yes.
static Value any_part(Thread *t, Value self, Value asked, int (*ask)(Thread *, Value, Value))
{
    Tuple *args = as_union(self)->args;
    for (size_t i = 0; i < args->length; i++) {
        int answer = ask(t, asked, args->items[i]);
        if (answer) return answer < 0 ? ERROR : TRUE;
    }
    return FALSE;
}

static Value instance_check(Thread *t, Value self, const Value *args) { return any_part(t, self, args[0], object_is_instance); }
static Value subclass_check(Thread *t, Value self, const Value *args)
{
    if (!is_type(args[0])) return raise_type_error(t, "issubclass() arg 1 must be a class");
    return any_part(t, self, args[0], object_is_subclass);
}

static Tuple *parameters_of(Thread *t, Union *u)
{
    if (!u->parameters) {
        Value found = type_parameters_of(t, u->args);
        if (is_error(found)) return NULL;
        drop_pointer(u->parameters);
        u->parameters = as_tuple(found);
    }
    return u->parameters;
}

static Value union_get_item(Thread *t, Value v, Value key)
{
    OWN_POINTER Tuple *parameters = RETAIN(parameters_of(t, as_union(v)));
    if (!parameters) return ERROR;
    OWN Value args = type_arguments_substitute(t, v, as_union(v)->args, parameters, key);
    if (is_error(args)) return ERROR;
    Tuple *parts = as_tuple(args);
    OWN Value result = retain(parts->items[0]);
    for (size_t i = 1; i < parts->length; i++) {
        Value wider = object_binary(t, OP_OR, result, parts->items[i]);
        if (is_error(wider)) return ERROR;
        assign(&result, wider);
    }
    return MOVE(result);
}

static Value get_args(Thread *t, Value self) { return retain(object_value(as_union(self)->args)); }
static Value get_parameters(Thread *t, Value self)
{
    Tuple *parameters = parameters_of(t, as_union(self));
    return parameters ? retain(object_value(parameters)) : ERROR;
}

static const Method union_methods[] = {
    {"__instancecheck__", instance_check, "(self, instance, /)", NULL},
    {"__subclasscheck__", subclass_check, "(self, cls, /)", NULL},
    {0},
};
static const GetSet union_getsets[] = {
    {"__args__", get_args, NULL, NULL},
    {"__parameters__", get_parameters, NULL, "Type variables in the types.UnionType."},
    {0},
};

const TypeSpec union_spec = {
    .name = "types.UnionType",
    .doc = "Represent a PEP 604 union type\n\nE.g. for int | str",
    .size = sizeof(Union),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {
        .visit = union_visit,
        .finish = union_finish,
        .repr = union_repr,
        .hash = union_hash,
        .compare = union_compare,
        .binary = {[OP_OR] = union_or},
        .get_item = union_get_item,
    },
    .methods = union_methods,
    .getsets = union_getsets,
};
