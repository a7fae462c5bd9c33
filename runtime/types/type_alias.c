// SPDX-License-Identifier: MIT
// runtime/types/type_alias.c: what `type X = …` makes (typing.TypeAliasType of 3.12): a name for a type that is worked out when it is first asked for.
#include "runtime/call.h"
#include "runtime/types/container.h"
#include "runtime/types/generic_alias.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type type_alias_type;

typedef struct TypeAlias {
    Object head;
    Value name;          // str
    Tuple *parameters;
    Value compute;       // called for the value, once; UNBOUND: the value was given
    Value value;         // UNBOUND until then
} TypeAlias;

static TypeAlias *as_alias(Value v) { return (TypeAlias *)as_object(v); }

Value type_alias_new(Thread *t, Value name, Value parameters, Value compute)
{
    TypeAlias *alias = (TypeAlias *)object_new(t, &type_alias_type);
    if (!alias) return ERROR;
    alias->name = retain(name);
    alias->parameters = RETAIN(is_tuple(parameters) ? as_tuple(parameters) : tuple_empty);
    alias->compute = retain(compute);
    return object_value(alias);
}

// TypeAliasType(name, value, *, type_params=())
static Value alias_construct(Thread *t, Type *type, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "typealias() argument 'name' must be str, not %T", args[0]);
    if (!is_unbound(args[2]) && !is_tuple(args[2])) return raise_type_error(t, "type_params must be a tuple");
    OWN Value made = type_alias_new(t, args[0], args[2], UNBOUND);
    if (!is_error(made)) as_alias(made)->value = retain(args[1]);
    return MOVE(made);
}

static void alias_visit(Object *o, VisitFn visit, void *context)
{
    TypeAlias *alias = (TypeAlias *)o;
    visit(alias->name, context);
    if (alias->parameters) visit(object_value(alias->parameters), context);
    if (!is_unbound(alias->compute)) visit(alias->compute, context);
    if (!is_unbound(alias->value)) visit(alias->value, context);
}
static void alias_unlink(Thread *t, Object *o)
{
    clear(&((TypeAlias *)o)->value);
    clear(&((TypeAlias *)o)->compute);
}
static void alias_finish(Thread *t, Object *o)
{
    alias_unlink(t, o);
    clear(&((TypeAlias *)o)->name);
    drop_pointer(MOVE_POINTER(((TypeAlias *)o)->parameters));
}

static Value get_value(Thread *t, Value self)
{
    TypeAlias *alias = as_alias(self);
    if (!is_unbound(alias->value)) return retain(alias->value);
    if (is_unbound(alias->compute)) return NONE;             // the collector has taken it apart
    OWN Value keeps = retain(alias->compute);
    Value value = call0(t, keeps);
    if (is_error(value)) return ERROR;
    assign(&alias->value, value);
    return retain(value);
}
static Value get_name(Thread *t, Value self) { return retain(as_alias(self)->name); }
static Value get_type_params(Thread *t, Value self) { return retain(object_value(as_alias(self)->parameters)); }
static Value get_parameters(Thread *t, Value self) { return type_parameters_of(t, as_alias(self)->parameters); }
static Value get_module(Thread *t, Value self)
{
    return is_unbound(as_alias(self)->compute) ? NONE : object_get_attr(t, as_alias(self)->compute, NAME(__module__));
}

static Value alias_get_item(Thread *t, Value v, Value key)
{
    if (as_alias(v)->parameters->length == 0) return raise_type_error(t, "Only generic type aliases are subscriptable");
    return generic_alias_new(t, v, key);
}

static Value alias_reduce(Thread *t, Value self, const Value *args) { return get_name(t, self); }      // pickled by name

static const Method alias_methods[] = {{"__reduce__", alias_reduce, "(self, /)", NULL}, {0}};
static const GetSet alias_getsets[] = {
    {"__name__", get_name, NULL, NULL}, {"__value__", get_value, NULL, NULL}, {"__type_params__", get_type_params, NULL, NULL},
    {"__parameters__", get_parameters, NULL, NULL}, {"__module__", get_module, NULL, NULL}, {0},
};
const TypeSpec type_alias_spec = {
    .name = "typing.TypeAliasType",
    .doc = "A name for a type, made by a type statement.",
    .size = sizeof(TypeAlias),
    .flags = TYPE_GC | TYPE_IMMUTABLE,
    .slots = {.visit = alias_visit, .unlink = alias_unlink, .finish = alias_finish, .repr = get_name, .binary = {[OP_OR] = union_or}, .get_item = alias_get_item},
    .methods = alias_methods,
    .getsets = alias_getsets,
    .new_signature = "(name, value, *, type_params=<unset>)",
    .construct = alias_construct,
};
