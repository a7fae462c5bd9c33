// SPDX-License-Identifier: MIT
// interp/ast_objects.c: syntax trees as Python objects: the module _ast.
//
// Everything is made from ast.def: a table of the fields of each node with their places in the C struct. The classes are
// ordinary classes below AST, one for each group and each node, kept in the namespace of _ast.
#include "interp/ast_objects.h"

#include <stdio.h>

#include "interp/compiler.h"
#include "interp/import.h"
#include "runtime/call.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"

typedef enum FieldType {
    FIELD_END, FIELD_CHILD, FIELD_OPTIONAL, FIELD_CHILDREN, FIELD_CHILDREN_OR_NONE, FIELD_CHOSEN, FIELD_ALL_CHOSEN, FIELD_IDENTIFIER,
    FIELD_OPTIONAL_IDENTIFIER, FIELD_IDENTIFIERS, FIELD_INTEGER, FIELD_OPTIONAL_INTEGER, FIELD_OPTIONAL_STRING, FIELD_CONSTANT, FIELD_NEWER,
} FieldType;
typedef struct Field { const char *name; FieldType type; AstGroup group; size_t offset; } Field;

#define CHILD(group, name) {#name, FIELD_CHILD, AST_GROUP_##group, offsetof(Self, name)},
#define OPTIONAL(group, name) {#name, FIELD_OPTIONAL, AST_GROUP_##group, offsetof(Self, name)},
#define CHILDREN(group, name) {#name, FIELD_CHILDREN, AST_GROUP_##group, offsetof(Self, name)},
#define CHILDREN_OR_NONE(group, name) {#name, FIELD_CHILDREN_OR_NONE, AST_GROUP_##group, offsetof(Self, name)},
#define CHOSEN(group, name) {#name, FIELD_CHOSEN, AST_GROUP_##group, offsetof(Self, name)},
#define ALL_CHOSEN(group, name) {#name, FIELD_ALL_CHOSEN, AST_GROUP_##group, offsetof(Self, name)},
#define IDENTIFIER(name) {#name, FIELD_IDENTIFIER, 0, offsetof(Self, name)},
#define OPTIONAL_IDENTIFIER(name) {#name, FIELD_OPTIONAL_IDENTIFIER, 0, offsetof(Self, name)},
#define IDENTIFIERS(name) {#name, FIELD_IDENTIFIERS, 0, offsetof(Self, name)},
#define INTEGER(name) {#name, FIELD_INTEGER, 0, offsetof(Self, name)},
#define OPTIONAL_INTEGER(name) {#name, FIELD_OPTIONAL_INTEGER, 0, offsetof(Self, name)},
#define OPTIONAL_STRING(name) {#name, FIELD_OPTIONAL_STRING, 0, offsetof(Self, name)},
#define CONSTANT(name) {#name, FIELD_CONSTANT, 0, offsetof(Self, name)},
#define NEWER(group, name) {#name, FIELD_NEWER, AST_GROUP_##group, offsetof(Self, name)},
#define NODE(name, group, fields) \
    static const Field *fields_of_##name(void) \
    { \
        typedef Ast##name Self; \
        static const Field list[] = {fields {NULL, FIELD_END, 0, sizeof(Self)}}; \
        return list; \
    }
#include "interp/ast.def"

static const Field *fields_of(AstKind kind)
{
    static const Field none[] = {{NULL, FIELD_END, 0, sizeof(Node)}};
    switch (kind) {
#define NODE(name, group, fields) case AST_##name: return fields_of_##name();
#include "interp/ast.def"
    default: return none;
    }
}

static bool is_located(AstGroup group)
{
    static const bool located[AST_GROUPS] = {
#define LOCATED true
#define PLAIN false
#define GROUP(name, where) [AST_GROUP_##name] = where,
#include "interp/ast.def"
#undef LOCATED
#undef PLAIN
    };
    return located[group];
}

static const char *const places[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};
static bool is_product(AstKind kind) { return strcmp(ast_kind_names[kind], ast_group_names[ast_kind_groups[kind]]) == 0; }

// ---- the classes

static Type ast_node_type;

static NEW_REF Str *text_name(Thread *t, const char *text) { return str_intern_text(t, text, strlen(text)); }

static Value node_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    Object *o = object_new(t, type);
    return o ? object_value(o) : ERROR;
}

static bool node_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    OWN_POINTER Str *name = text_name(t, "_fields");
    OWN Value fields = name ? object_get_attr(t, self, name) : ERROR;
    if (is_error(fields) || !is_tuple(fields)) return false;
    size_t count = as_tuple(fields)->length;
    if (nargs > count)
        return error_false(raise_type_error(t, "%T constructor takes at most %zu positional argument%s", self, count, count == 1 ? "" : "s"));
    for (size_t i = 0; i < nargs; i++)
        if (!object_set_attr(t, self, as_str(as_tuple(fields)->items[i]), args[i])) return false;
    size_t nkw = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    for (size_t i = 0; i < nkw; i++) {
        OWN_POINTER Str *key = str_intern(t, as_str(retain(as_tuple(kwnames)->items[i])));
        if (!key) return false;
        for (size_t j = 0; j < nargs; j++)
            if (str_equal(as_str(as_tuple(fields)->items[j]), key))
                return error_false(raise_type_error(t, "%T got multiple values for argument '%U'", self, key));
        if (!object_set_attr(t, self, key, args[nargs + i])) return false;
    }
    return true;
}

static Value node_reduce(Thread *t, Value self, const Value *args)
{
    OWN Value dict = object_get_dict(t, self);
    return is_error(dict) ? ERROR : tuple_of(t, 3, type_value(type_of(self)), object_value(tuple_empty), dict);
}

static Value get_dict(Thread *t, Value v) { return object_get_dict(t, v); }
static bool set_dict(Thread *t, Value v, Value dict) { return object_set_dict(t, v, dict); }
static const GetSet node_getsets[] = {{"__dict__", get_dict, set_dict, NULL}, {0}};
static const Method node_methods[] = {{"__reduce__", node_reduce, "(self, /)", NULL}, {0}};

static const TypeSpec ast_node_spec = {
    .name = "ast.AST",
    .size = sizeof(Object) + sizeof(Attrs),
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS,
    .slots = {.make = node_make, .init = node_init},
    .methods = node_methods,
    .getsets = node_getsets,
};

static NEW_REF Value tuple_of_names(Thread *t, const char *const *texts, size_t count)
{
    OWN Value list = list_new(t, count);
    for (size_t i = 0; !is_error(list) && i < count; i++) {
        Str *s = text_name(t, texts[i]);
        if (!s || !list_append_owned(t, list, object_value(s))) return ERROR;
    }
    return is_error(list) ? ERROR : list_to_tuple(t, list);
}

static bool put(Thread *t, Value dict, const char *name, TAKES Value v) { return dict_set_text(t, as_dict(dict), name, v); }

// type(name, (base,), {...}) with the fields and attributes.
static NEW_REF Value make_class(Thread *t, const char *name, Value base, const Field *fields, bool located)
{
    Dict *d = dict_new(t);
    OWN Value namespace = d ? dict_value(d) : ERROR;
    if (is_error(namespace) || !put(t, namespace, "__module__", str_from_text(t, "ast"))) return ERROR;
    const char *list[16];
    size_t count = 0;
    for (const Field *f = fields; f && f->type != FIELD_END; f++) {
        if (f->type == FIELD_NEWER) continue;
        list[count++] = f->name;
        bool optional = f->type == FIELD_OPTIONAL || f->type == FIELD_OPTIONAL_IDENTIFIER || f->type == FIELD_OPTIONAL_STRING
                     || f->type == FIELD_OPTIONAL_INTEGER;
        if (optional && !put(t, namespace, f->name, NONE)) return ERROR;
    }
    if (fields && (!put(t, namespace, "_fields", tuple_of_names(t, list, count)) || !put(t, namespace, "__match_args__", tuple_of_names(t, list, count)))) return ERROR;
    if (located && (!put(t, namespace, "_attributes", tuple_of_names(t, places, 4)) || !put(t, namespace, "end_lineno", NONE)
                    || !put(t, namespace, "end_col_offset", NONE))) return ERROR;
    OWN Value text = str_from_text(t, name);
    OWN Value bases = is_error(text) ? ERROR : tuple_of(t, 1, base);
    return is_error(bases) ? ERROR : type_create(t, &type_type, text, bases, namespace, NULL, UNBOUND);
}

static bool start(Thread *t, Value module)
{
    if (!type_prepare(t, &ast_node_type, &ast_node_spec)) return false;
    Value ast = type_value(&ast_node_type);
    Dict *own = ast_node_type.dict;
    if (!dict_set_text(t, own, "_fields", retain(object_value(tuple_empty))) || !dict_set_text(t, own, "_attributes", retain(object_value(tuple_empty)))
        || !dict_set_text(t, own, "__match_args__", retain(object_value(tuple_empty)))) return false;
    type_keep(&ast_node_type);
    if (!module_add(t, module, "AST", retain(ast))) return false;
    Value groups[AST_GROUPS];
    for (int g = 0; g < AST_GROUPS; g++) {
        groups[g] = UNBOUND;
        if (g == AST_GROUP_type_param) continue;
        bool product = false;
        for (int k = 0; k < AST_KINDS; k++) product = product || ((int)ast_kind_groups[k] == g && is_product((AstKind)k));
        if (product) continue;
        static const Field no_fields[] = {{NULL, FIELD_END, 0, 0}};
        groups[g] = make_class(t, ast_group_names[g], ast, no_fields, is_located((AstGroup)g));
        if (is_error(groups[g]) || !module_add(t, module, ast_group_names[g], groups[g])) return false;
    }
    for (int k = 0; k < AST_KINDS; k++) {
        AstGroup g = ast_kind_groups[k];
        if (k == AST_TypeAlias || g == AST_GROUP_type_param) continue;
        Value class = make_class(t, ast_kind_names[k], is_unbound(groups[g]) ? ast : groups[g], fields_of((AstKind)k), is_product((AstKind)k) && is_located(g));
        if (is_error(class) || !module_add(t, module, ast_kind_names[k], class)) return false;
    }
    return module_add_int(t, module, "PyCF_ALLOW_TOP_LEVEL_AWAIT", COMPILE_TOP_LEVEL_AWAIT)
        && module_add_int(t, module, "PyCF_ONLY_AST", COMPILE_ONLY_AST) && module_add_int(t, module, "PyCF_TYPE_COMMENTS", COMPILE_TYPE_COMMENTS);
}

extern const ModuleSpec _ast_spec;
const ModuleSpec _ast_spec = {.name = "_ast", .start = start};

// Borrowed.
static Value class_named(Dict *classes, Thread *t, const char *name)
{
    OWN_POINTER Str *key = text_name(t, name);
    return key ? dict_get_str(classes, key) : UNBOUND;
}

static NEW_REF Value classes_of(Thread *t)
{
    OWN_POINTER Str *name = text_name(t, "_ast");
    OWN Value module = name ? import_module(t, name) : ERROR;
    return is_error(module) ? ERROR : retain(dict_value(as_module(module)->dict));
}

int is_ast_object(Thread *t, Value v) { return ast_node_type.version && is_object(v) ? type_is_subtype(type_of(v), &ast_node_type) : 0; }

// ---- tree to objects

typedef struct Maker { Thread *t; Dict *classes; } Maker;

static NEW_REF Value node_object(Maker *m, const Node *node);

static NEW_REF Value text_object(Maker *m, Text text)
{
    if (text_is_none(text)) return NONE;
    OWN Value s = str_from_wtf8(m->t, text.bytes, text.length);
    if (is_error(s)) return ERROR;
    Str *interned = str_intern(m->t, as_str(MOVE(s)));
    return interned ? object_value(interned) : ERROR;
}

static NEW_REF Value new_instance(Maker *m, AstKind kind)
{
    Value class = class_named(m->classes, m->t, ast_kind_names[kind]);
    if (is_unbound(class)) return raise_error(m->t, &exc_SystemError, "_ast.%s is not there", ast_kind_names[kind]);
    Object *o = object_new(m->t, as_type(class));
    return o ? object_value(o) : ERROR;
}

static NEW_REF Value list_object(Maker *m, const Field *f, const void *at)
{
    OWN Value list = list_new(m->t, 4);
    if (is_error(list)) return ERROR;
    const NodeList *nodes = at;
    const KindList *kinds = at;
    const TextList *texts = at;
    size_t count = f->type == FIELD_ALL_CHOSEN ? kinds->count : f->type == FIELD_IDENTIFIERS ? texts->count : nodes->count;
    for (size_t i = 0; i < count; i++) {
        Value item = f->type == FIELD_ALL_CHOSEN ? new_instance(m, kinds->items[i]) : f->type == FIELD_IDENTIFIERS ? text_object(m, texts->items[i])
                   : nodes->items[i] ? node_object(m, nodes->items[i]) : NONE;
        if (is_error(item) || !list_append_owned(m->t, list, item)) return ERROR;
    }
    return MOVE(list);
}

static NEW_REF Value field_object(Maker *m, const Field *f, const void *at)
{
    Compiler reader = {.t = m->t};
    switch (f->type) {
    case FIELD_CHILD: case FIELD_OPTIONAL: return *(Node *const *)at ? node_object(m, *(Node *const *)at) : NONE;
    case FIELD_CHOSEN: return new_instance(m, *(const AstKind *)at);
    case FIELD_IDENTIFIER: case FIELD_OPTIONAL_IDENTIFIER: case FIELD_OPTIONAL_STRING: return text_object(m, *(const Text *)at);
    case FIELD_INTEGER: case FIELD_OPTIONAL_INTEGER: return small_int(*(const int *)at);
    case FIELD_CONSTANT: return constant_value(&reader, at);
    default: return list_object(m, f, at);
    }
}

static bool set_text(Thread *t, Value object, const char *name, TAKES Value v)
{
    OWN Value owned = v;
    OWN_POINTER Str *key = is_error(v) ? NULL : text_name(t, name);
    return key && object_set_attr(t, object, key, owned);
}

static NEW_REF Value node_object(Maker *m, const Node *node)
{
    Thread *t = m->t;
    if (!enter_recursion(t, " during ast construction")) return ERROR;
    OWN Value object = new_instance(m, node->kind);
    bool ok = !is_error(object);
    for (const Field *f = fields_of(node->kind); ok && f->type != FIELD_END; f++)
        if (f->type != FIELD_NEWER) ok = set_text(t, object, f->name, field_object(m, f, (const char *)node + f->offset));
    if (ok && is_located(ast_kind_groups[node->kind])) {
        const int numbers[] = {node->lineno, node->col_offset, node->end_lineno, node->end_col_offset};
        for (int i = 0; ok && i < 4; i++) ok = set_text(t, object, places[i], small_int(numbers[i]));
    }
    leave_recursion(t);
    return ok ? MOVE(object) : ERROR;
}

Value ast_to_object(Thread *t, const Node *tree)
{
    OWN Value classes = classes_of(t);
    if (is_error(classes)) return ERROR;
    Maker m = {t, as_dict(classes)};
    return node_object(&m, tree);
}

// ---- objects to tree

typedef struct Taker { Thread *t; Dict *classes; Arena *arena; } Taker;

static Node *take_node(Taker *k, Value object, AstGroup group);

// The attribute; UNBOUND: there is none.
static NEW_REF Value attribute(Taker *k, Value object, const char *name)
{
    OWN_POINTER Str *key = text_name(k->t, name);
    return key ? object_get_attr_optional(k->t, object, key) : ERROR;
}

static bool take_kind(Taker *k, Value object, AstGroup group, AstKind *kind)
{
    for (int i = 0; i < AST_KINDS; i++) {
        if (ast_kind_groups[i] != group) continue;
        Value class = class_named(k->classes, k->t, ast_kind_names[i]);
        int yes = is_unbound(class) ? 0 : object_is_instance(k->t, object, class);
        if (yes < 0) return false;
        if (!yes) continue;
        *kind = (AstKind)i;
        return true;
    }
    return error_false(raise_type_error(k->t, "expected some sort of %s, but got %R", ast_group_names[group], object));
}

static bool take_text(Taker *k, Value v, Text *to, bool identifier)
{
    if (!is_str(v) && !(is_bytes(v) && !identifier))
        return error_false(raise_type_error(k->t, identifier ? "AST identifier must be of type str" : "AST string must be of type str"));
    OWN Value utf8 = is_str(v) ? str_encode(k->t, as_str(v), "utf-8", "surrogatepass") : retain(v);
    if (is_error(utf8)) return false;
    to->length = bytes_length(utf8);
    to->bytes = arena_copy(k->arena, bytes_data(utf8), to->length);
    return to->bytes || error_false(raise_memory_error(k->t));
}

static bool take_int(Taker *k, Value v, int *to)
{
    if (!is_int(v)) return error_false(raise_value_error(k->t, "invalid integer value: %R", v));
    return int_as_int(k->t, v, to);
}

static bool take_constant(Taker *k, Value v, Constant *to)
{
    *to = (Constant){.tag = CONSTANT_NONE};
    if (is_none(v)) return true;
    if (is_bool(v)) return to->tag = is_true(v) ? CONSTANT_TRUE : CONSTANT_FALSE, true;
    if (is_ellipsis(v)) return to->tag = CONSTANT_ELLIPSIS, true;
    if (is_exact_int(v)) {
        OWN Value digits = int_to_str(k->t, v, 10);
        to->tag = CONSTANT_INT;
        to->base = 10;
        return !is_error(digits) && take_text(k, digits, &to->text, false);
    }
    if (is_small_float(v)) return to->tag = CONSTANT_FLOAT, to->number = as_small_float(v), true;
    if (type_of(v) == &complex_type && ((Complex *)as_object(v))->real == 0)
        return to->tag = CONSTANT_IMAGINARY, to->number = ((Complex *)as_object(v))->imag, true;
    if (is_exact_str(v)) return to->tag = CONSTANT_STR, take_text(k, v, &to->text, false);
    if (type_of(v) == &bytes_type) return to->tag = CONSTANT_BYTES, take_text(k, v, &to->text, false);
    return error_false(raise_type_error(k->t, "got an invalid type in Constant: %T", v));
}

static bool take_list(Taker *k, const Field *f, Value v, void *at, const char *owner)
{
    if (!is_list(v)) return error_false(raise_type_error(k->t, "%s field \"%s\" must be a list, not a %T", owner, f->name, v));
    size_t count = as_list(v)->length;
    size_t size = f->type == FIELD_ALL_CHOSEN ? sizeof(AstKind) : f->type == FIELD_IDENTIFIERS ? sizeof(Text) : sizeof(Node *);
    void *items = arena_alloc(k->arena, size * (count + 1));
    if (!items) return error_false(raise_memory_error(k->t));
    for (size_t i = 0; i < count && i < as_list(v)->length; i++) {
        OWN Value item = retain(as_list(v)->items[i]);
        bool ok;
        if (f->type == FIELD_ALL_CHOSEN) ok = take_kind(k, item, f->group, &((AstKind *)items)[i]);
        else if (f->type == FIELD_IDENTIFIERS) ok = take_text(k, item, &((Text *)items)[i], true);
        else if (is_none(item) && f->type == FIELD_CHILDREN_OR_NONE) ok = true;
        else ok = (((Node **)items)[i] = take_node(k, item, f->group)) != NULL;
        if (!ok) return false;
    }
    if (f->type == FIELD_ALL_CHOSEN) *(KindList *)at = (KindList){count, items};
    else if (f->type == FIELD_IDENTIFIERS) *(TextList *)at = (TextList){count, items};
    else *(NodeList *)at = (NodeList){count, items};
    return true;
}

static bool take_field(Taker *k, const Field *f, Value v, void *at, const char *owner)
{
    bool optional = f->type == FIELD_OPTIONAL || f->type == FIELD_OPTIONAL_IDENTIFIER || f->type == FIELD_OPTIONAL_STRING
                 || f->type == FIELD_OPTIONAL_INTEGER;
    if (f->type == FIELD_NEWER) return true;
    if (is_unbound(v) && (f->type == FIELD_CHILDREN || f->type == FIELD_CHILDREN_OR_NONE || f->type == FIELD_ALL_CHOSEN || f->type == FIELD_IDENTIFIERS))
        return true;
    if (is_unbound(v) && !optional) return error_false(raise_type_error(k->t, "required field \"%s\" missing from %s", f->name, owner));
    if (is_unbound(v) || (is_none(v) && optional)) return true;
    if (is_none(v) && f->type != FIELD_CONSTANT) return error_false(raise_value_error(k->t, "field '%s' is required for %s", f->name, owner));
    switch (f->type) {
    case FIELD_CHILD: case FIELD_OPTIONAL: return (*(Node **)at = take_node(k, v, f->group)) != NULL;
    case FIELD_CHOSEN: return take_kind(k, v, f->group, at);
    case FIELD_IDENTIFIER: case FIELD_OPTIONAL_IDENTIFIER: return take_text(k, v, at, true);
    case FIELD_OPTIONAL_STRING: return take_text(k, v, at, false);
    case FIELD_INTEGER: case FIELD_OPTIONAL_INTEGER: return take_int(k, v, at);
    case FIELD_CONSTANT: return take_constant(k, v, at);
    default: return take_list(k, f, v, at, owner);
    }
}

static bool take_place(Taker *k, Value object, Node *node, AstGroup group)
{
    int *numbers[] = {&node->lineno, &node->col_offset, &node->end_lineno, &node->end_col_offset};
    for (int i = 0; i < 4; i++) {
        OWN Value v = attribute(k, object, places[i]);
        if (is_error(v)) return false;
        if (is_unbound(v) && i < 2) return error_false(raise_type_error(k->t, "required field \"%s\" missing from %s", places[i], ast_group_names[group]));
        if (is_unbound(v) || is_none(v)) *numbers[i] = *numbers[i - 2];
        else if (!take_int(k, v, numbers[i])) return false;
    }
    return true;
}

static bool must_have_items(AstKind kind, const char *field)
{
    bool product = kind == AST_Module || kind == AST_Interactive || kind == AST_ClassDef;
    if (strcmp(field, "body") == 0) return !product || kind == AST_ClassDef;
    return strcmp(field, "targets") == 0 || strcmp(field, "generators") == 0 || strcmp(field, "items") == 0 || strcmp(field, "cases") == 0
        || strcmp(field, "ops") == 0 || (strcmp(field, "names") == 0) || (strcmp(field, "values") == 0 && kind == AST_BoolOp)
        || (strcmp(field, "patterns") == 0 && kind == AST_MatchOr);
}

static bool check_counts(Taker *k, const Node *node)
{
    const char *name = ast_kind_names[node->kind];
    for (const Field *f = fields_of(node->kind); f->type != FIELD_END; f++) {
        bool list = f->type == FIELD_CHILDREN || f->type == FIELD_ALL_CHOSEN || f->type == FIELD_IDENTIFIERS;
        size_t count = list ? *(const size_t *)(const void *)((const char *)node + f->offset) : 1;
        if (!count && must_have_items(node->kind, f->name)) return error_false(raise_value_error(k->t, "empty %s on %s", f->name, name));
    }
    switch (node->kind) {
    case AST_Compare:
        if (AST(Compare, node)->ops.count == AST(Compare, node)->comparators.count) return true;
        return error_false(raise_value_error(k->t, "Compare has a different number of comparators and operands"));
    case AST_Dict:
        if (AST(Dict, node)->keys.count == AST(Dict, node)->values.count) return true;
        return error_false(raise_value_error(k->t, "Dict doesn't have the same number of keys as values"));
    case AST_MatchMapping:
        if (AST(MatchMapping, node)->keys.count == AST(MatchMapping, node)->patterns.count) return true;
        return error_false(raise_value_error(k->t, "MatchMapping doesn't have the same number of keys as patterns"));
    case AST_MatchClass:
        if (AST(MatchClass, node)->kwd_attrs.count == AST(MatchClass, node)->kwd_patterns.count) return true;
        return error_false(raise_value_error(k->t, "MatchClass doesn't have the same number of keyword attributes as patterns"));
    case AST_arguments: {
        const Astarguments *a = AST(arguments, node);
        if (a->defaults.count > a->posonlyargs.count + a->args.count) return error_false(raise_value_error(k->t, "more positional defaults than args on arguments"));
        if (a->kw_defaults.count != a->kwonlyargs.count)
            return error_false(raise_value_error(k->t, "length of kwonlyargs is not the same as kw_defaults on arguments"));
        return true;
    }
    case AST_Try: case AST_TryStar: {
        const AstTry *s = (const AstTry *)node;
        if (!s->handlers.count && !s->finalbody.count) return error_false(raise_value_error(k->t, "%s has neither handlers nor finalbody", name));
        if (!s->handlers.count && s->orelse.count) return error_false(raise_value_error(k->t, "%s has orelse but no except handlers", name));
        return true;
    }
    default: return true;
    }
}

static Node *take_node(Taker *k, Value object, AstGroup group)
{
    AstKind kind;
    if (!take_kind(k, object, group, &kind) || !enter_recursion(k->t, " during compilation")) return NULL;
    const Field *fields = fields_of(kind), *end = fields;
    while (end->type != FIELD_END) end++;
    Node *node = arena_alloc(k->arena, end->offset);
    bool ok = node != NULL;
    if (node) node->kind = kind;
    for (const Field *f = fields; ok && f != end; f++) {
        OWN Value v = attribute(k, object, f->name);
        ok = !is_error(v) && take_field(k, f, v, (char *)node + f->offset, ast_kind_names[kind]);
    }
    if (ok && is_located(group)) ok = take_place(k, object, node, group);
    if (ok) ok = check_counts(k, node);
    leave_recursion(k->t);
    return ok ? node : NULL;
}

Node *ast_from_object(Thread *t, Arena *arena, Value object, int mode)
{
    static const AstKind wanted[] = {AST_Module, AST_Expression, AST_Interactive};
    OWN Value classes = classes_of(t);
    if (is_error(classes)) return NULL;
    Taker k = {t, as_dict(classes), arena};
    Value class = class_named(k.classes, t, ast_kind_names[wanted[mode]]);
    int yes = object_is_instance(t, object, class);
    if (yes < 0) return NULL;
    if (!yes) return error_null(raise_type_error(t, "expected %s node, got %T", ast_kind_names[wanted[mode]], object));
    return take_node(&k, object, AST_GROUP_mod);
}
