// SPDX-License-Identifier: MIT
// stdlib/_operator/getters.c: itemgetter, attrgetter and methodcaller: callables that fetch from their argument.
//
// All three keep what they were made with in `args`; an attrgetter the parts of its dotted names too, in `paths`: one
// tuple of interned names each.
#include "runtime/types/dict.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/_operator/operator.h"

Type item_getter_type, attr_getter_type, method_caller_type;

typedef struct Getter { Object head; Tuple *args; Tuple *paths; Dict *keywords; } Getter;   // paths: attrgetter; keywords: methodcaller

static inline Getter *as_getter(Value v) { return (Getter *)as_object(v); }

static void getter_visit(Object *o, VisitFn visit, void *context)
{
    Getter *g = (Getter *)o;
    if (g->args) visit(object_value(g->args), context);
    if (g->paths) visit(object_value(g->paths), context);
    if (g->keywords) visit(dict_value(g->keywords), context);
}

static void getter_finish(Thread *t, Object *o)
{
    Getter *g = (Getter *)o;
    drop_pointer(MOVE_POINTER(g->args));
    drop_pointer(MOVE_POINTER(g->paths));
    drop_pointer(MOVE_POINTER(g->keywords));
}

static Getter *getter_new(Thread *t, Type *type, const Value *args, size_t nargs)
{
    OWN Value kept = tuple_from_values(t, args, nargs);
    if (is_error(kept)) return NULL;
    Getter *g = (Getter *)object_new(t, type);
    if (g) g->args = as_tuple(MOVE(kept));
    return g;
}

static bool one_argument(Thread *t, Value f, size_t nargs, Value kwnames)
{
    return check_no_keywords(t, type_name(f), kwnames) && check_count(t, type_name(f), nargs, 1, 1);
}

// What `get` fetches for each of the things asked for: the thing itself, or a tuple of them.
static Value fetch_each(Thread *t, Tuple *wanted, Value from, Value (*get)(Thread *, Value, Value))
{
    if (wanted->length == 1) return get(t, from, wanted->items[0]);
    OWN_POINTER Tuple *row = tuple_blank(t, wanted->length);
    for (size_t i = 0; row && i < wanted->length; i++) {
        Value item = get(t, from, wanted->items[i]);
        if (is_error(item)) return ERROR;
        row->items[i] = item;
    }
    return row ? object_value(MOVE_POINTER(row)) : ERROR;
}

static Value getter_repr(Thread *t, Value v)
{
    Getter *g = as_getter(v);
    int entered = repr_enter(t, v);
    if (entered < 0) return ERROR;
    OWN Value name = type_full_name(t, type_of(v));
    if (is_error(name) || entered) {
        if (!entered) repr_leave(t, v);
        return is_error(name) ? ERROR : str_format(t, "%S(...)", name);
    }
    StrBuilder b;
    builder_start(t, &b);
    builder_add_str(&b, as_str(name));
    builder_add(&b, '(');
    for (size_t i = 0; i < g->args->length && !b.failed; i++) {
        if (i) builder_add_ascii(&b, ", ", 2);
        builder_add_repr(&b, g->args->items[i]);
    }
    size_t at = 0;
    Value key, value;
    while (g->keywords && !b.failed && dict_next(g->keywords, &at, &key, &value)) {
        builder_add_ascii(&b, ", ", 2);
        builder_add_str(&b, as_str(key));
        builder_add(&b, '=');
        builder_add_repr(&b, value);
    }
    builder_add(&b, ')');
    repr_leave(t, v);
    return builder_finish(&b);
}

static Value getter_reduce(Thread *t, Value self, const Value *args)
{
    return tuple_of(t, 2, type_value(type_of(self)), object_value(as_getter(self)->args));
}

// ---- itemgetter(item, …)

static Value item_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (!check_no_keywords(t, "itemgetter", kwnames)) return ERROR;
    if (nargs == 0 && !check_count(t, "itemgetter", nargs, 1, 1)) return ERROR;
    Getter *g = getter_new(t, type, args, nargs);
    return g ? object_value(g) : ERROR;
}

static Value item_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    return one_argument(t, f, nargs, kwnames) ? fetch_each(t, as_getter(f)->args, args[0], object_get_item) : ERROR;
}

// ---- attrgetter(name, …)

// "a.b.c" as a tuple of interned names.
static Value path_of(Thread *t, Value dotted)
{
    Str *s = as_str(dotted);
    OWN Value parts = list_new(t, 1);
    if (is_error(parts)) return ERROR;
    size_t from = 0;
    for (size_t i = 0; i <= s->length; i++) {
        if (i < s->length && str_at(s, i) != '.') continue;
        Value part = str_substring(t, s, from, i);
        if (is_error(part)) return ERROR;
        Str *name = str_intern(t, as_str(part));
        if (!name || !list_append_owned(t, parts, object_value(name))) return ERROR;
        from = i + 1;
    }
    return list_to_tuple(t, parts);
}

static Value attr_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (!check_no_keywords(t, "attrgetter", kwnames)) return ERROR;
    if (nargs == 0 && !check_count(t, "attrgetter", nargs, 1, 1)) return ERROR;
    OWN_POINTER Tuple *paths = tuple_blank(t, nargs);
    for (size_t i = 0; paths && i < nargs; i++) {
        if (!is_str(args[i])) return raise_type_error(t, "attribute name must be a string");
        Value path = path_of(t, args[i]);
        if (is_error(path)) return ERROR;
        paths->items[i] = path;
    }
    if (!paths) return ERROR;
    Getter *g = getter_new(t, type, args, nargs);
    if (!g) return ERROR;
    g->paths = MOVE_POINTER(paths);
    return object_value(g);
}

static Value follow_path(Thread *t, Value from, Value path)
{
    OWN Value at = retain(from);
    for (size_t i = 0; i < as_tuple(path)->length; i++) {
        Value next = object_get_attr(t, at, as_str(as_tuple(path)->items[i]));
        if (is_error(next)) return ERROR;
        assign(&at, next);
    }
    return MOVE(at);
}

static Value attr_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    return one_argument(t, f, nargs, kwnames) ? fetch_each(t, as_getter(f)->paths, args[0], follow_path) : ERROR;
}

// ---- methodcaller(name, /, *args, **kwargs): args[0] is the name

static Value method_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs == 0) return raise_type_error(t, "methodcaller needs at least one argument, the method name");
    if (!is_str(args[0])) return raise_type_error(t, "method name must be a string");
    OWN_POINTER Dict *keywords = NULL;
    size_t count = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    if (count && !(keywords = dict_new(t))) return ERROR;
    for (size_t i = 0; i < count; i++) {
        if (!dict_set(t, keywords, as_tuple(kwnames)->items[i], args[nargs + i])) return ERROR;
    }
    Getter *g = getter_new(t, type, args, nargs);
    if (!g) return ERROR;
    OWN Value owner = object_value(g);
    Str *name = str_intern(t, as_str(retain(args[0])));
    if (!name) return ERROR;
    assign(&g->args->items[0], object_value(name));
    g->keywords = MOVE_POINTER(keywords);
    return MOVE(owner);
}

static Value method_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    if (!one_argument(t, f, nargs, kwnames)) return ERROR;
    Getter *g = as_getter(f);
    Str *name = as_str(g->args->items[0]);
    if (!g->keywords) return call_method(t, args[0], name, g->args->items + 1, g->args->length - 1);
    OWN Value method = object_get_attr(t, args[0], name);
    if (is_error(method)) return ERROR;
    OWN Value rest = tuple_from_values(t, g->args->items + 1, g->args->length - 1);
    return is_error(rest) ? ERROR : call_with_dict(t, method, rest, dict_value(g->keywords));
}

// With keywords: (partial(methodcaller, name, **keywords), args).
static Value method_reduce(Thread *t, Value self, const Value *args)
{
    Getter *g = as_getter(self);
    if (!g->keywords) return getter_reduce(t, self, args);
    OWN_POINTER Str *module_name = str_intern_text(t, "functools", strlen("functools"));
    OWN_POINTER Str *partial_name = str_intern_text(t, "partial", strlen("partial"));
    if (!module_name || !partial_name) return ERROR;
    OWN Value module = t->interp->up.import_module(t, module_name);
    if (is_error(module)) return ERROR;
    OWN Value partial = object_get_attr(t, module, partial_name);
    if (is_error(partial)) return ERROR;
    OWN Value head = tuple_of(t, 2, type_value(type_of(self)), g->args->items[0]);
    if (is_error(head)) return ERROR;
    OWN Value callee = call_with_dict(t, partial, head, dict_value(g->keywords));
    if (is_error(callee)) return ERROR;
    OWN Value rest = tuple_from_values(t, g->args->items + 1, g->args->length - 1);
    return is_error(rest) ? ERROR : tuple_of(t, 2, callee, rest);
}

static const Method getter_methods[] = {{"__reduce__", getter_reduce, "(self, /)", "Return state information for pickling"}, {0}};
static const Method caller_methods[] = {{"__reduce__", method_reduce, "(self, /)", "Return state information for pickling"}, {0}};

#define GETTER_SPEC(c_name, python_name, make_function, call_function, method_table, text) \
    const TypeSpec c_name##_spec = { \
        .name = python_name, \
        .doc = text, \
        .size = sizeof(Getter), \
        .flags = TYPE_GC, \
        .slots = {.visit = getter_visit, .finish = getter_finish, .repr = getter_repr, .call = call_function, .make = make_function}, \
        .methods = method_table, \
    }
GETTER_SPEC(item_getter, "operator.itemgetter", item_make, item_call, getter_methods,
            "itemgetter(item, ...) --> itemgetter object\n\nReturn a callable object that fetches the given item(s) from its operand.\n"
            "After f = itemgetter(2), the call f(r) returns r[2].\nAfter g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])");
GETTER_SPEC(attr_getter, "operator.attrgetter", attr_make, attr_call, getter_methods,
            "attrgetter(attr, ...) --> attrgetter object\n\nReturn a callable object that fetches the given attribute(s) from its operand.\n"
            "After f = attrgetter('name'), the call f(r) returns r.name.");
GETTER_SPEC(method_caller, "operator.methodcaller", method_make, method_call, caller_methods,
            "methodcaller(name, ...) --> methodcaller object\n\nReturn a callable object that calls the given method on its operand.\n"
            "After f = methodcaller('name'), the call f(r) returns r.name().");
