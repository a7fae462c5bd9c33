// SPDX-License-Identifier: MIT
// runtime/types/generic_alias.c: list[int]: an origin with arguments, that otherwise behaves as the origin does.
//
// `parameters`, the type variables among the arguments, are worked out when they are first asked for.
#include "runtime/types/generic_alias.h"

#include "runtime/types/container.h"
#include "runtime/types/dict.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type generic_alias_type, generic_alias_iterator_type;

typedef struct GenericAlias {
    Object head;
    Value origin;
    Tuple *args;
    Tuple *parameters;     // NULL: not known yet
    bool unpacked;         // *tuple[int]
    struct WeakRef *weakrefs;
} GenericAlias;

static inline GenericAlias *as_alias(Value v) { return (GenericAlias *)as_object(v); }
static inline bool is_alias(Value v) { return is_instance_of(v, &generic_alias_type); }

static Value alias_of_type(Thread *t, Type *type, Value origin, Value args, bool unpacked)
{
    OWN Value packed = is_tuple(args) ? retain(args) : tuple_of(t, 1, args);
    if (is_error(packed)) return ERROR;
    GenericAlias *alias = (GenericAlias *)object_new(t, type);
    if (!alias) return ERROR;
    alias->origin = retain(origin);
    alias->args = as_tuple(MOVE(packed));
    alias->unpacked = unpacked;
    return object_value(alias);
}

Value generic_alias_new(Thread *t, Value origin, Value args) { return alias_of_type(t, &generic_alias_type, origin, args, false); }

static Value alias_construct(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (!check_no_keywords(t, "GenericAlias", kwnames) || !check_count(t, "GenericAlias", nargs, 2, 2)) return ERROR;
    return alias_of_type(t, type, args[0], args[1], false);
}

static void alias_visit(Object *o, VisitFn visit, void *context)
{
    GenericAlias *alias = (GenericAlias *)o;
    visit(alias->origin, context);
    if (alias->args) visit(object_value(alias->args), context);
    if (alias->parameters) visit(object_value(alias->parameters), context);
}

static void alias_finish(Thread *t, Object *o)
{
    GenericAlias *alias = (GenericAlias *)o;
    clear(&alias->origin);
    drop_pointer(MOVE_POINTER(alias->args));
    drop_pointer(MOVE_POINTER(alias->parameters));
}

static Value attribute(Thread *t, Value v, const char *name)
{
    OWN_POINTER Str *key = str_intern_text(t, name, strlen(name));
    return key ? object_get_attr_optional(t, v, key) : ERROR;
}

// ---- Showing

static bool add_owned(StrBuilder *b, TAKES Value text)
{
    OWN Value owned = text;
    if (is_error(owned)) return false;
    builder_add_str(b, as_str(owned));
    return true;
}

// As an argument is written: int, a.B, list[int], ..., None.
bool type_argument_repr(Thread *t, StrBuilder *b, Value v)
{
    if (is_ellipsis(v)) {
        builder_add_ascii(b, "...", 3);
        return true;
    }
    OWN Value origin = object_get_attr_optional(t, v, NAME(__origin__));
    if (is_error(origin)) return false;
    OWN Value args = is_unbound(origin) ? UNBOUND : object_get_attr_optional(t, v, NAME(__args__));
    if (is_error(args)) return false;
    if (!is_unbound(origin) && !is_unbound(args)) return add_owned(b, object_repr(t, v));
    OWN Value qualname = object_get_attr_optional(t, v, NAME(__qualname__));
    if (is_error(qualname)) return false;
    if (is_unbound(qualname)) return add_owned(b, object_repr(t, v));
    OWN Value module = object_get_attr_optional(t, v, NAME(__module__));
    if (is_error(module)) return false;
    if (is_unbound(module) || is_none(module)) return add_owned(b, object_repr(t, v));
    if (is_str(module) && str_equal_text(as_str(module), "builtins")) return add_owned(b, object_str(t, qualname));
    return add_owned(b, str_format(t, "%S.%S", module, qualname));
}

static bool add_args(Thread *t, StrBuilder *b, Tuple *args)
{
    for (size_t i = 0; i < args->length; i++) {
        if (i) builder_add_ascii(b, ", ", 2);
        Value arg = args->items[i];
        if (!is_list(arg)) {
            if (!type_argument_repr(t, b, arg)) return false;
            continue;
        }
        OWN Value inner = list_to_tuple(t, arg);    // the parameters of a Callable
        if (is_error(inner)) return false;
        builder_add(b, '[');
        if (!add_args(t, b, as_tuple(inner))) return false;
        builder_add(b, ']');
    }
    return true;
}

static Value alias_repr(Thread *t, Value v)
{
    GenericAlias *alias = as_alias(v);
    StrBuilder b;
    builder_start(t, &b);
    if (alias->unpacked) builder_add(&b, '*');
    if (!enter_recursion(t, "")) {
        builder_abandon(&b);
        return ERROR;
    }
    bool fine = type_argument_repr(t, &b, alias->origin);
    builder_add(&b, '[');
    if (fine && alias->args->length == 0) builder_add_ascii(&b, "()", 2);
    fine = fine && add_args(t, &b, alias->args);
    builder_add(&b, ']');
    leave_recursion(t);
    if (fine) return builder_finish(&b);
    builder_abandon(&b);
    return ERROR;
}

// ---- Type variables

static bool add_once(Thread *t, Value list, Value item)
{
    List *known = as_list(list);
    for (size_t i = 0; i < known->length; i++) {
        if (is_same(known->items[i], item)) return true;
    }
    return list_append(t, list, item);
}

Value type_parameters_of(Thread *t, Tuple *args)
{
    OWN Value found = list_new(t, 0);
    if (is_error(found)) return ERROR;
    for (size_t i = 0; i < args->length; i++) {
        Value arg = args->items[i];
        if (is_type(arg)) continue;      // __parameters__ of a class is a descriptor, or of its instances
        OWN Value substitute = object_get_attr_optional(t, arg, NAME(__typing_subst__));
        if (is_error(substitute)) return ERROR;
        if (!is_unbound(substitute)) {
            if (!add_once(t, found, arg)) return ERROR;
            continue;
        }
        OWN Value inner = object_get_attr_optional(t, arg, NAME(__parameters__));
        if (is_error(inner)) return ERROR;
        if (!is_tuple(inner)) continue;
        for (size_t n = 0; n < as_tuple(inner)->length; n++) {
            if (!add_once(t, found, as_tuple(inner)->items[n])) return ERROR;
        }
    }
    return list_to_tuple(t, found);
}

// The item as a tuple, *tuple[…] among it spread out.
static Value spread_items(Thread *t, Value item)
{
    OWN Value given = is_tuple(item) ? retain(item) : tuple_of(t, 1, item);
    if (is_error(given)) return ERROR;
    OWN Value items = list_new(t, as_tuple(given)->length);
    if (is_error(items)) return ERROR;
    for (size_t i = 0; i < as_tuple(given)->length; i++) {
        Value one = as_tuple(given)->items[i];
        OWN Value inner = is_type(one) ? UNBOUND : object_get_attr_optional(t, one, NAME(__typing_unpacked_tuple_args__));
        if (is_error(inner)) return ERROR;
        bool open = is_tuple(inner) && as_tuple(inner)->length && is_ellipsis(as_tuple(inner)->items[as_tuple(inner)->length - 1]);
        if (!is_tuple(inner) || open) {
            if (!list_append(t, items, one)) return ERROR;
        } else if (!list_extend(t, items, inner)) {
            return ERROR;
        }
    }
    return list_to_tuple(t, items);
}

static ptrdiff_t place_in(Tuple *parameters, Value v)
{
    for (size_t i = 0; i < parameters->length; i++) {
        if (is_same(parameters->items[i], v)) return (ptrdiff_t)i;
    }
    return -1;
}

// An argument that holds type variables inside (list[T]): itself with the items put in.
static Value substitute_inside(Thread *t, Value arg, Tuple *parameters, Tuple *items)
{
    OWN Value inner = object_get_attr_optional(t, arg, NAME(__parameters__));
    if (is_error(inner)) return ERROR;
    if (!is_tuple(inner) || as_tuple(inner)->length == 0) return retain(arg);
    OWN Value list = list_new(t, as_tuple(inner)->length);
    if (is_error(list)) return ERROR;
    for (size_t i = 0; i < as_tuple(inner)->length; i++) {
        Value variable = as_tuple(inner)->items[i];
        ptrdiff_t at = place_in(parameters, variable);
        Value put = at >= 0 ? items->items[at] : variable;
        bool several = at >= 0 && is_tuple(put) && type_of(variable)->slots.iter;    // a TypeVarTuple takes many
        if (several ? !list_extend(t, list, put) : !list_append(t, list, put)) return ERROR;
    }
    OWN Value key = list_to_tuple(t, list);
    return is_error(key) ? ERROR : object_get_item(t, arg, key);
}

static Value substitute_one(Thread *t, Value arg, Tuple *parameters, Tuple *items)
{
    if (is_type(arg)) return retain(arg);
    OWN Value substitute = object_get_attr_optional(t, arg, NAME(__typing_subst__));
    if (is_error(substitute)) return ERROR;
    if (is_unbound(substitute)) return substitute_inside(t, arg, parameters, items);
    ptrdiff_t at = place_in(parameters, arg);
    return at >= 0 ? call1(t, substitute, items->items[at]) : retain(arg);
}

Value type_arguments_substitute(Thread *t, Value self, Tuple *args, Tuple *parameters, Value item)
{
    if (parameters->length == 0) return raise_type_error(t, "%R is not a generic class", self);
    OWN Value items = spread_items(t, item);
    if (is_error(items)) return ERROR;
    for (size_t i = 0; i < parameters->length; i++) {
        OWN Value prepare = object_get_attr_optional(t, parameters->items[i], NAME(__typing_prepare_subst__));
        if (is_error(prepare)) return ERROR;
        if (is_unbound(prepare) || is_none(prepare)) continue;
        Value made = call2(t, prepare, self, items);
        if (is_error(made)) return ERROR;
        assign(&items, is_tuple(made) ? made : tuple_from_iterable(t, made));
        if (!is_tuple(made)) drop(made);
        if (is_error(items)) return ERROR;
    }
    size_t count = as_tuple(items)->length;
    if (count != parameters->length) {
        return raise_type_error(t, "Too %s arguments for %R; actual %zu, expected %zu", count > parameters->length ? "many" : "few", self, count, parameters->length);
    }
    OWN Value result = list_new(t, args->length);
    if (is_error(result)) return ERROR;
    for (size_t i = 0; i < args->length; i++) {
        OWN Value unpacked = is_type(args->items[i]) ? UNBOUND : attribute(t, args->items[i], "__typing_is_unpacked_typevartuple__");
        if (is_error(unpacked)) return ERROR;
        OWN Value made = substitute_one(t, args->items[i], parameters, as_tuple(items));
        if (is_error(made)) return ERROR;
        bool spread = is_tuple(made) && is_true(unpacked);
        if (spread ? !list_extend(t, result, made) : !list_append(t, result, made)) return ERROR;
    }
    return list_to_tuple(t, result);
}

static Tuple *parameters_of(Thread *t, GenericAlias *alias)
{
    if (!alias->parameters) {
        Value found = type_parameters_of(t, alias->args);
        if (is_error(found)) return NULL;
        drop_pointer(alias->parameters);
        alias->parameters = as_tuple(found);
    }
    return alias->parameters;
}

static Value alias_get_item(Thread *t, Value v, Value key)
{
    GenericAlias *alias = as_alias(v);
    OWN_POINTER Tuple *parameters = RETAIN(parameters_of(t, alias));
    if (!parameters) return ERROR;
    OWN Value args = type_arguments_substitute(t, v, alias->args, parameters, key);
    return is_error(args) ? ERROR : alias_of_type(t, &generic_alias_type, alias->origin, args, alias->unpacked);
}

// ---- Behaving as the origin

static bool is_own_attribute(const Str *name)
{
    static const char *const own[] = {
        "__class__", "__origin__", "__args__", "__unpacked__", "__parameters__", "__typing_unpacked_tuple_args__", "__mro_entries__",
        "__reduce_ex__", "__reduce__", "__copy__", "__deepcopy__",
    };
    for (size_t i = 0; i < COUNT_OF(own); i++) {
        if (str_equal_text(name, own[i])) return true;
    }
    return false;
}

static Value alias_get_attr(Thread *t, Value v, Str *name)
{
    if (is_own_attribute(name)) return generic_get_attr(t, v, name);
    return object_get_attr(t, as_alias(v)->origin, name);
}

static Value alias_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    OWN Value made = call(t, as_alias(f)->origin, args, nargs, kwnames);
    if (is_error(made)) return ERROR;
    OWN_POINTER Str *name = str_intern_text(t, "__orig_class__", strlen("__orig_class__"));
    if (!name) return ERROR;
    if (!object_set_attr(t, made, name, f) && !error_clear_if(t, &exc_AttributeError) && !error_clear_if(t, &exc_TypeError)) return ERROR;
    return MOVE(made);
}

static Value alias_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_alias(a) || !is_alias(b) || (op != CMP_EQ && op != CMP_NE)) return NOT_IMPLEMENTED;
    GenericAlias *x = as_alias(a), *y = as_alias(b);
    int equal = x->unpacked == y->unpacked;
    if (equal) equal = object_equal(t, x->origin, y->origin);
    if (equal == 1) equal = object_equal(t, object_value(x->args), object_value(y->args));
    return equal < 0 ? ERROR : bool_value((op == CMP_EQ) == equal);
}

static bool alias_hash(Thread *t, Value v, int64_t *hash)
{
    int64_t origin, args;
    if (!object_hash(t, as_alias(v)->origin, &origin) || !object_hash(t, object_value(as_alias(v)->args), &args)) return false;
    *hash = origin ^ args;
    if (*hash == -1) *hash = -2;
    return true;
}

static Value mro_entries(Thread *t, Value self, const Value *args) { return tuple_of(t, 1, as_alias(self)->origin); }
static Value instance_check(Thread *t, Value self, const Value *args) { return raise_type_error(t, "isinstance() argument 2 cannot be a parameterized generic"); }
static Value subclass_check(Thread *t, Value self, const Value *args) { return raise_type_error(t, "issubclass() argument 2 cannot be a parameterized generic"); }

static Value alias_or(Thread *t, Value a, Value b) { return union_or(t, a, b); }

static Value alias_dir(Thread *t, Value self, const Value *args)
{
    OWN Value list = object_dir(t, as_alias(self)->origin);
    if (is_error(list)) return ERROR;
    static const char *const own[] = {"__origin__", "__args__", "__parameters__", "__mro_entries__", "__reduce_ex__", "__reduce__", "__copy__", "__deepcopy__",
                                      "__unpacked__", "__typing_unpacked_tuple_args__", "__class__"};
    for (size_t i = 0; i < COUNT_OF(own); i++) {
        OWN Value name = str_from_text(t, own[i]);
        if (is_error(name)) return ERROR;
        int there = object_contains(t, list, name);
        if (there < 0 || (!there && !list_append(t, list, name))) return ERROR;
    }
    return MOVE(list);
}

// What *tuple[int] yields: one alias, marked as unpacked.
typedef struct AliasIterator { Object head; GenericAlias *alias; } AliasIterator;     // alias NULL: at its end
static AliasIterator *as_alias_iterator(Value v) { return (AliasIterator *)as_object(v); }
static Value alias_iterator_self(Thread *t, Value v) { return retain(v); }
static Value alias_iter(Thread *t, Value v)
{
    GenericAlias *alias = as_alias(v);
    AliasIterator *iterator = (AliasIterator *)object_new(t, &generic_alias_iterator_type);
    if (!iterator) return ERROR;
    iterator->alias = RETAIN(alias);
    return object_value(iterator);
}
static Value alias_iterator_next(Thread *t, Value v)
{
    OWN_POINTER GenericAlias *alias = MOVE_POINTER(as_alias_iterator(v)->alias);
    return alias ? alias_of_type(t, &generic_alias_type, alias->origin, object_value(alias->args), true) : UNBOUND;
}
// iter(alias), or iter(()) once it has given its one: the alias itself stays packed, or the pickle of the unpacked one would have no end.
static Value alias_iterator_reduce(Thread *t, Value self, const Value *args)
{
    GenericAlias *alias = as_alias_iterator(self)->alias;
    OWN Value iter = builtin_named(t, "iter");
    OWN Value arguments = is_error(iter) ? ERROR : tuple_of(t, 1, alias ? object_value(alias) : object_value(tuple_empty));
    return is_error(arguments) ? ERROR : tuple_of(t, 2, iter, arguments);
}
static void alias_iterator_visit(Object *o, VisitFn visit, void *context)
{
    if (((AliasIterator *)o)->alias) visit(object_value(((AliasIterator *)o)->alias), context);
}
static void alias_iterator_finish(Thread *t, Object *o) { drop_pointer(((AliasIterator *)o)->alias); }
static const Method alias_iterator_methods[] = {{"__reduce__", alias_iterator_reduce, "(self, /)", NULL}, {0}};
const TypeSpec generic_alias_iterator_spec = {
    .name = "generic_alias_iterator",
    .size = sizeof(AliasIterator),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = alias_iterator_visit, .finish = alias_iterator_finish, .iter = alias_iterator_self, .next = alias_iterator_next},
    .methods = alias_iterator_methods,
};

static Value alias_reduce(Thread *t, Value self, const Value *args)
{
    GenericAlias *alias = as_alias(self);
    if (alias->unpacked) {
        OWN Value packed = alias_of_type(t, &generic_alias_type, alias->origin, object_value(alias->args), false);
        if (is_error(packed)) return ERROR;
        OWN Value iterator = object_iter(t, packed);
        if (is_error(iterator)) return ERROR;
        OWN Value next = builtin_named(t, "next");
        if (is_error(next)) return ERROR;
        OWN Value arguments = tuple_of(t, 1, iterator);
        return is_error(arguments) ? ERROR : tuple_of(t, 2, next, arguments);
    }
    OWN Value arguments = tuple_of(t, 2, alias->origin, object_value(alias->args));
    return is_error(arguments) ? ERROR : tuple_of(t, 2, type_value(&generic_alias_type), arguments);
}

static Value get_origin(Thread *t, Value self) { return retain(as_alias(self)->origin); }
static Value get_args(Thread *t, Value self) { return retain(object_value(as_alias(self)->args)); }
static Value get_unpacked(Thread *t, Value self) { return bool_value(as_alias(self)->unpacked); }
static Value get_parameters(Thread *t, Value self)
{
    Tuple *parameters = parameters_of(t, as_alias(self));
    return parameters ? retain(object_value(parameters)) : ERROR;
}
static Value get_unpacked_args(Thread *t, Value self)
{
    GenericAlias *alias = as_alias(self);
    return alias->unpacked && is_same(alias->origin, type_value(&tuple_type)) ? retain(object_value(alias->args)) : NONE;
}

static const Method alias_methods[] = {
    {"__mro_entries__", mro_entries, "(self, bases, /)", NULL},
    {"__instancecheck__", instance_check, "(self, instance, /)", NULL},
    {"__subclasscheck__", subclass_check, "(self, cls, /)", NULL},
    {"__reduce__", alias_reduce, "(self, /)", NULL},
    {"__dir__", alias_dir, "(self, /)", NULL},
    {0},
};
static const GetSet alias_getsets[] = {
    {"__origin__", get_origin, NULL, NULL},
    {"__args__", get_args, NULL, NULL},
    {"__unpacked__", get_unpacked, NULL, NULL},
    {"__parameters__", get_parameters, NULL, "Type variables in the GenericAlias."},
    {"__typing_unpacked_tuple_args__", get_unpacked_args, NULL, NULL},
    {0},
};

const TypeSpec generic_alias_spec = {
    .name = "types.GenericAlias",
    .doc = "Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).",
    .size = sizeof(GenericAlias),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_WEAKREFS,
    .slots = {
        .visit = alias_visit,
        .finish = alias_finish,
        .repr = alias_repr,
        .hash = alias_hash,
        .compare = alias_compare,
        .call = alias_call,
        .get_attr = alias_get_attr,
        .iter = alias_iter,
        .make = alias_construct,
        .binary = {[OP_OR] = alias_or},
        .get_item = alias_get_item,
    },
    .methods = alias_methods,
    .getsets = alias_getsets,
};
