// SPDX-License-Identifier: MIT
// interp/symtable_objects.c: the module _symtable: the scopes of a source text, as objects for the module symtable.
#include "interp/symtable_objects.h"

#include "interp/builtins_code.h"
#include "runtime/error.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"

enum { SCOPE_OFFSET = 11, SCOPE_MASK = 15, SHOWN_FLAGS = 1023, TYPE_OF_FUNCTION = 0, TYPE_OF_CLASS = 1, TYPE_OF_MODULE = 2, TYPE_OF_ANNOTATION = 3 };

typedef struct Entry { Object head; Value name, symbols, varnames, children; int line, type; bool nested; } Entry;
static Type entry_type;
static Entry *as_entry(Value v) { return (Entry *)as_object(v); }

static int type_of_scope(ScopeKind kind)
{
    switch (kind) {
    case SCOPE_MODULE: return TYPE_OF_MODULE;
    case SCOPE_CLASS: return TYPE_OF_CLASS;
    case SCOPE_FUNCTION: return TYPE_OF_FUNCTION;
    case SCOPE_ANNOTATION: return TYPE_OF_ANNOTATION;
    }
    return TYPE_OF_FUNCTION;
}

static NEW_REF Value text_value(Thread *t, Text text) { return str_from_wtf8(t, text.bytes, text.length); }

// Name -> flags, with what the name means in the bits above them.
static NEW_REF Value symbols_of(Thread *t, const Scope *scope)
{
    OWN_POINTER Dict *all = dict_new(t);
    if (!all) return ERROR;
    for (const Symbol *s = scope->first; s; s = s->next) {
        OWN Value name = text_value(t, s->name);
        Value flags = small_int((int64_t)(s->flags & SHOWN_FLAGS) | (int64_t)s->meaning << SCOPE_OFFSET);
        if (is_error(name) || !dict_set(t, all, name, flags)) return ERROR;
    }
    return object_value(MOVE_POINTER(all));
}

static NEW_REF Value names_of(Thread *t, const Text *texts, unsigned count)
{
    OWN Value list = list_new(t, count);
    if (is_error(list)) return ERROR;
    for (unsigned i = 0; i < count; i++)
        if (!list_append_owned(t, list, text_value(t, texts[i]))) return ERROR;
    return MOVE(list);
}

Value symtable_to_object(Thread *t, const Scope *scope)
{
    if (!enter_recursion(t, " during compilation")) return ERROR;
    OWN Value name = text_value(t, scope->name), symbols = symbols_of(t, scope), varnames = names_of(t, scope->params, scope->param_count);
    OWN Value children = list_new(t, 4);
    bool good = !is_error(name) && !is_error(symbols) && !is_error(varnames) && !is_error(children);
    for (const Scope *child = scope->first_child; good && child; child = child->next_sibling)
        good = list_append_owned(t, children, symtable_to_object(t, child));
    leave_recursion(t);
    Entry *entry = good ? (Entry *)object_new(t, &entry_type) : NULL;
    if (!entry) return ERROR;
    entry->name = MOVE(name);
    entry->symbols = MOVE(symbols);
    entry->varnames = MOVE(varnames);
    entry->children = MOVE(children);
    entry->line = scope->kind == SCOPE_MODULE ? 0 : scope->lineno;
    entry->type = type_of_scope(scope->kind);
    entry->nested = scope->nested;
    return object_value(entry);
}

static Value get_name(Thread *t, Value v) { return retain(as_entry(v)->name); }
static Value get_symbols(Thread *t, Value v) { return retain(as_entry(v)->symbols); }
static Value get_varnames(Thread *t, Value v) { return retain(as_entry(v)->varnames); }
static Value get_children(Thread *t, Value v) { return retain(as_entry(v)->children); }
static Value get_line(Thread *t, Value v) { return small_int(as_entry(v)->line); }
static Value get_type(Thread *t, Value v) { return small_int(as_entry(v)->type); }
static Value get_nested(Thread *t, Value v) { return small_int(as_entry(v)->nested); }
static Value get_id(Thread *t, Value v) { return int_value(t, (int64_t)(uintptr_t)as_object(v)); }
static Value entry_repr(Thread *t, Value v)
{
    OWN Value id = get_id(t, v);
    return is_error(id) ? ERROR : str_format(t, "<symtable entry %S(%S), line %d>", as_entry(v)->name, id, as_entry(v)->line);
}

static void entry_visit(Object *o, VisitFn visit, void *context)
{
    Entry *e = (Entry *)o;
    Value owned[] = {e->symbols, e->varnames, e->children};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (is_object(owned[i])) visit(owned[i], context);
}
static void entry_finish(Thread *t, Object *o)
{
    Entry *e = (Entry *)o;
    clear(&e->name);
    clear(&e->symbols);
    clear(&e->varnames);
    clear(&e->children);
}

static const GetSet entry_getsets[] = {
    {"id", get_id, member_readonly, NULL}, {"name", get_name, member_readonly, NULL}, {"symbols", get_symbols, member_readonly, NULL},
    {"varnames", get_varnames, member_readonly, NULL}, {"children", get_children, member_readonly, NULL}, {"nested", get_nested, member_readonly, NULL},
    {"type", get_type, member_readonly, NULL}, {"lineno", get_line, member_readonly, NULL}, {0},
};
static const TypeSpec entry_spec = {
    .name = "symtable entry", .size = sizeof(Entry), .flags = TYPE_GC | TYPE_NO_NEW | TYPE_IMMUTABLE | TYPE_HAS_WEAKREFS,
    .slots = {.visit = entry_visit, .finish = entry_finish, .repr = entry_repr}, .getsets = entry_getsets,
};

static Value symtable(Thread *t, Value module, const Value *args) { return symbols_of_source(t, args[0], args[1], args[2]); }

static bool start(Thread *t, Value module)
{
    static const NamedInt numbers[] = {
        {"USE", SYM_USE}, {"DEF_GLOBAL", SYM_GLOBAL}, {"DEF_NONLOCAL", SYM_NONLOCAL}, {"DEF_LOCAL", SYM_LOCAL}, {"DEF_PARAM", SYM_PARAM},
        {"DEF_FREE", SYM_FREE}, {"DEF_FREE_CLASS", SYM_FREE_CLASS}, {"DEF_IMPORT", SYM_IMPORT}, {"DEF_BOUND", SYM_BOUND}, {"DEF_ANNOT", SYM_ANNOTATED},
        {"TYPE_FUNCTION", TYPE_OF_FUNCTION}, {"TYPE_CLASS", TYPE_OF_CLASS}, {"TYPE_MODULE", TYPE_OF_MODULE}, {"LOCAL", MEANS_LOCAL},
        {"GLOBAL_EXPLICIT", MEANS_GLOBAL_EXPLICIT}, {"GLOBAL_IMPLICIT", MEANS_GLOBAL}, {"FREE", MEANS_FREE}, {"CELL", MEANS_CELL},
        {"SCOPE_OFF", SCOPE_OFFSET}, {"SCOPE_MASK", SCOPE_MASK},
    };
    return type_prepare(t, &entry_type, &entry_spec) && module_add_ints(t, module, numbers, COUNT_OF(numbers));
}

static const Method functions[] = {{"symtable", symtable, "(source, filename, startstr, /)", "The scopes of a source text: the entry of the outermost one."}, {0}};
extern const ModuleSpec _symtable_spec;
const ModuleSpec _symtable_spec = {.name = "_symtable", .functions = functions, .start = start};
