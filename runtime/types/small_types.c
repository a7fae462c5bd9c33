// SPDX-License-Identifier: MIT
// runtime/types/small_types.c: cell (a variable shared by closures), mappingproxy (a read-only view) and types.SimpleNamespace.
#include <stdio.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/container.h"
#include "runtime/types/dict.h"
#include "runtime/types/function.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type cell_type, mapping_proxy_type, simple_namespace_type;

// ---- cell
static Cell *as_cell(Value v) { return (Cell *)as_object(v); }

Value cell_new(Thread *t, Value value)
{
    Cell *cell = (Cell *)object_new(t, &cell_type);
    if (!cell) return ERROR;
    cell->value = retain(value);
    return object_value(cell);
}
static Value cell_construct(Thread *t, Type *type, const Value *args) { return cell_new(t, args[0]); }
static Value cell_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (type_of(b) != &cell_type) return NOT_IMPLEMENTED;
    Value x = as_cell(a)->value, y = as_cell(b)->value;
    if (!is_unbound(x) && !is_unbound(y)) return object_compare(t, x, y, op);
    return object_compare(t, small_int(!is_unbound(x)), small_int(!is_unbound(y)), op);
}
static Value cell_repr(Thread *t, Value v)
{
    char at[32], content[32];
    snprintf(at, sizeof at, "0x%llx", (unsigned long long)v.bits);
    Value value = as_cell(v)->value;
    if (is_unbound(value)) return str_format(t, "<cell at %s: empty>", at);
    snprintf(content, sizeof content, "0x%llx", (unsigned long long)value.bits);
    return str_format(t, "<cell at %s: %T object at %s>", at, value, content);
}
static Value cell_contents(Thread *t, Value v) { return is_unbound(as_cell(v)->value) ? raise_value_error(t, "Cell is empty") : retain(as_cell(v)->value); }
static bool cell_set_contents(Thread *t, Value v, Value value)
{
    assign(&as_cell(v)->value, retain(value));
    return true;
}
static void cell_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((Cell *)o)->value)) visit(((Cell *)o)->value, context);
}
static void cell_unlink(Thread *t, Object *o) { clear(&((Cell *)o)->value); }
static const GetSet cell_getsets[] = {{"cell_contents", cell_contents, cell_set_contents, NULL}, {0}};
const TypeSpec cell_spec = {
    .name = "cell",
    .size = sizeof(Cell),
    .flags = TYPE_GC,
    .slots = {.visit = cell_visit, .unlink = cell_unlink, .finish = cell_unlink, .repr = cell_repr, .compare = cell_compare},
    .getsets = cell_getsets,
    .new_signature = "(contents=<unset>, /)",
    .construct = cell_construct,
};

// ---- mappingproxy
typedef struct MappingProxy { Object head; Value mapping; } MappingProxy;
static Value proxied(Value v) { return ((MappingProxy *)as_object(v))->mapping; }

Value mapping_proxy_new(Thread *t, Value mapping)
{
    MappingProxy *p = (MappingProxy *)object_new(t, &mapping_proxy_type);
    if (!p) return ERROR;
    p->mapping = retain(mapping);
    return object_value(p);
}
static Value proxy_construct(Thread *t, Type *type, const Value *args)
{
    if (!type_of(args[0])->slots.get_item || is_list(args[0]) || is_tuple(args[0]))
        return raise_type_error(t, "mappingproxy() argument must be a mapping, not %T", args[0]);
    return mapping_proxy_new(t, args[0]);
}
static Value proxy_get_item(Thread *t, Value v, Value key) { return object_get_item(t, proxied(v), key); }
static ptrdiff_t proxy_length(Thread *t, Value v) { return object_length(t, proxied(v)); }
static int proxy_contains(Thread *t, Value v, Value key) { return object_contains(t, proxied(v), key); }
static Value proxy_iter(Thread *t, Value v) { return object_iter(t, proxied(v)); }
static Value proxy_repr(Thread *t, Value v) { return str_format(t, "mappingproxy(%R)", proxied(v)); }
static Value proxy_str(Thread *t, Value v) { return object_str(t, proxied(v)); }
static Value proxy_compare(Thread *t, Value a, Value b, CompareOp op) { return object_compare(t, proxied(a), b, op); }
static Value proxy_or(Thread *t, Value a, Value b)
{
    Value left = type_of(a) == &mapping_proxy_type ? proxied(a) : a, right = type_of(b) == &mapping_proxy_type ? proxied(b) : b;
    return object_binary(t, OP_OR, left, right);
}
static Value proxy_ior(Thread *t, Value a, Value b) { return raise_type_error(t, "'|=' is not supported by %T; use '|' instead", a); }
static Value proxy_get(Thread *t, Value self, const Value *args) { return call_method2(t, proxied(self), NAME(get), args[0], args[1]); }
static Value proxy_keys(Thread *t, Value self, const Value *args) { return call_method0(t, proxied(self), NAME(keys)); }
static Value proxy_values(Thread *t, Value self, const Value *args) { return call_method0(t, proxied(self), NAME(values)); }
static Value proxy_items(Thread *t, Value self, const Value *args) { return call_method0(t, proxied(self), NAME(items)); }
static Value proxy_copy(Thread *t, Value self, const Value *args) { return call_method0(t, proxied(self), NAME(copy)); }
static Value proxy_reversed(Thread *t, Value self, const Value *args) { return call_method0(t, proxied(self), NAME(__reversed__)); }
static void proxy_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((MappingProxy *)o)->mapping)) visit(((MappingProxy *)o)->mapping, context);
}
static void proxy_finish(Thread *t, Object *o) { drop(((MappingProxy *)o)->mapping); }
static const Method proxy_methods[] = {
    {"get", proxy_get, "(self, key, default=None, /)", "Return the value for key if key is in the mapping, else default."},
    {"keys", proxy_keys, "(self, /)", "a set-like object providing a view on D's keys"},
    {"values", proxy_values, "(self, /)", "an object providing a view on D's values"},
    {"items", proxy_items, "(self, /)", "a set-like object providing a view on D's items"},
    {"copy", proxy_copy, "(self, /)", "a shallow copy of D"},
    {"__reversed__", proxy_reversed, "(self, /)", NULL},
    CLASS_GET_ITEM,
    {0},
};
const TypeSpec mapping_proxy_spec = {
    .name = "mappingproxy",
    .size = sizeof(MappingProxy),
    .flags = TYPE_GC | TYPE_PATTERN_MAPPING,
    .slots = {.visit = proxy_visit, .finish = proxy_finish, .repr = proxy_repr, .str = proxy_str, .compare = proxy_compare, .iter = proxy_iter, .length = proxy_length,
              .get_item = proxy_get_item, .contains = proxy_contains, .binary = {[OP_OR] = proxy_or}, .inplace = {[OP_OR] = proxy_ior}},
    .methods = proxy_methods,
    .new_signature = "(mapping)",
    .construct = proxy_construct,
};

// ---- types.SimpleNamespace
typedef struct SimpleNamespace { Object head; Attrs attrs; } SimpleNamespace;

static bool namespace_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs) return error_false(raise_type_error(t, "no positional arguments expected"));
    size_t keywords = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    for (size_t i = 0; i < keywords; i++) {
        OWN_POINTER Str *name = str_intern(t, as_str(retain(as_tuple(kwnames)->items[i])));
        if (!name || !attrs_set(t, as_object(self), object_attrs(as_object(self)), name, args[i])) return false;
    }
    return true;
}
Value simple_namespace_of(Thread *t, const char *const *attribute_names, const Value *values)
{
    OWN_POINTER Object *o = object_new(t, &simple_namespace_type);
    if (!o) return ERROR;
    for (size_t i = 0; attribute_names[i]; i++) {
        OWN_POINTER Str *name = str_intern_text(t, attribute_names[i], strlen(attribute_names[i]));
        if (!name || !attrs_set(t, o, object_attrs(o), name, values[i])) return ERROR;
    }
    return object_value(MOVE_POINTER(o));
}
static Value namespace_repr(Thread *t, Value v)
{
    int inside = repr_enter(t, v);
    if (inside < 0) return ERROR;
    const char *name = type_of(v) == &simple_namespace_type ? "namespace" : type_of(v)->name;
    if (inside) return str_format(t, "%s(...)", name);
    OWN Value dict = object_get_dict(t, v);
    StrBuilder b;
    builder_start(t, &b);
    builder_add_text(&b, name);
    builder_add(&b, '(');
    size_t at = 0;
    Value key, value;
    bool first = true;
    while (!is_error(dict) && dict_next(as_dict(dict), &at, &key, &value)) {
        OWN Value keeps_key = retain(key);
        OWN Value keeps_value = retain(value);
        if (!is_str(key)) continue;
        if (!first) builder_add_text(&b, ", ");
        first = false;
        builder_add_str(&b, as_str(key));
        builder_add(&b, '=');
        builder_add_repr(&b, value);
    }
    builder_add(&b, ')');
    repr_leave(t, v);
    return builder_finish(&b);
}
static Value namespace_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_instance_of(a, &simple_namespace_type) || !is_instance_of(b, &simple_namespace_type)) return NOT_IMPLEMENTED;
    OWN Value x = object_get_dict(t, a);
    OWN Value y = object_get_dict(t, b);
    return is_error(x) || is_error(y) ? ERROR : object_compare(t, x, y, op);
}
static Value namespace_dict(Thread *t, Value v) { return object_get_dict(t, v); }
static Value namespace_reduce(Thread *t, Value self, const Value *args)
{
    OWN Value dict = object_get_dict(t, self);
    return is_error(dict) ? ERROR : tuple_of(t, 3, type_value(type_of(self)), object_value(tuple_empty), dict);
}
static const Method namespace_methods[] = {{"__reduce__", namespace_reduce, "(self, /)", "Return state information for pickling"}, {0}};
static const GetSet namespace_getsets[] = {{"__dict__", namespace_dict, NULL, NULL}, {0}};
const TypeSpec simple_namespace_spec = {
    .name = "types.SimpleNamespace",
    .doc = "A simple attribute-based namespace.\n\nSimpleNamespace(**kwargs)",
    .size = sizeof(SimpleNamespace),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS,
    .slots = {.repr = namespace_repr, .compare = namespace_compare, .init = namespace_init},
    .methods = namespace_methods,
    .getsets = namespace_getsets,
};
