// SPDX-License-Identifier: MIT
// interp/vm_match.c: the instructions of match, and of import.
#include "interp/builtins_code.h"
#include "interp/import.h"
#include "interp/vm.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"

#define A OPERAND_A(i)
#define B OPERAND_B(i)
#define C OPERAND_C(i)
#define R (frame->regs)

static bool finish(Frame *frame, uint32_t reg, TAKES Value v)
{
    if (is_error(v)) return false;
    set_register(frame, reg, v);
    return true;
}

bool op_match_sequence(Thread *t, Frame *frame, uint32_t i)
{
    set_register(frame, A, bool_value((type_of(R[B])->flags & TYPE_PATTERN_SEQUENCE) != 0));
    return true;
}

bool op_match_mapping(Thread *t, Frame *frame, uint32_t i)
{
    set_register(frame, A, bool_value((type_of(R[B])->flags & TYPE_PATTERN_MAPPING) != 0));
    return true;
}

bool op_get_length(Thread *t, Frame *frame, uint32_t i)
{
    ptrdiff_t length = object_length(t, R[B]);
    if (length < 0) return false;
    set_register(frame, A, small_int(length));
    return true;
}

// mapping.get(key, missing), the mapping's own; UNBOUND: missing.
static NEW_REF Value mapping_get(Thread *t, Value mapping, Value key, Value get, Value missing)
{
    if (is_exact_dict(mapping)) return retain(dict_get(t, as_dict(mapping), key));
    OWN Value v = call2(t, get, key, missing);
    return is_same(v, missing) ? UNBOUND : MOVE(v);
}

bool op_match_keys(Thread *t, Frame *frame, uint32_t i)
{
    Value mapping = R[B];
    Tuple *keys = as_tuple(R[C]);
    OWN_POINTER Dict *seen = dict_new(t);
    OWN Value values = list_new(t, keys->length), get = UNBOUND, missing = UNBOUND;
    if (!seen || is_error(values)) return false;
    if (!is_exact_dict(mapping)) {
        get = object_get_attr(t, mapping, NAME(get));
        Object *marker = is_error(get) ? NULL : object_new(t, &object_type);
        if (!marker) return false;
        missing = object_value(marker);
    }
    for (size_t j = 0; j < keys->length; j++) {
        Value key = keys->items[j];
        int known = dict_contains(t, seen, key);
        if (known > 0) raise_value_error(t, "mapping pattern checks duplicate key (%R)", key);
        if (known || !dict_set(t, seen, key, NONE)) return false;
        Value v = mapping_get(t, mapping, key, get, missing);
        if (is_error(v)) return false;
        if (is_unbound(v)) {
            consume(frame, C);
            set_register(frame, A, NONE);
            return true;
        }
        if (!list_append_owned(t, values, v)) return false;
    }
    Value tuple = list_to_tuple(t, values);
    if (is_error(tuple)) return false;
    consume(frame, C);
    return finish(frame, A, tuple);
}

bool op_match_rest(Thread *t, Frame *frame, uint32_t i)
{
    OWN_POINTER Dict *d = dict_new(t);
    if (!d || !dict_update(t, d, R[B])) return false;
    Tuple *keys = as_tuple(R[C]);
    for (size_t j = 0; j < keys->length; j++)
        if (dict_delete(t, d, keys->items[j]) < 0) return false;
    consume(frame, C);
    return finish(frame, A, dict_value(MOVE_POINTER(d)));
}

// ---- class patterns

typedef struct ClassMatch { Thread *t; Value subject; Type *class; Value values; Dict *seen; } ClassMatch;

// Appends subject.name. 1: there; 0: it has no such attribute; -1: raised.
static int match_attribute(ClassMatch *m, Value name)
{
    Thread *t = m->t;
    int known = dict_contains(t, m->seen, name);
    if (known > 0) raise_type_error(t, "%N() got multiple sub-patterns for attribute %R", m->class, name);
    if (known || !dict_set(t, m->seen, name, NONE)) return -1;
    OWN_POINTER Str *interned = str_intern(t, as_str(retain(name)));
    Value v = interned ? object_get_attr_optional(t, m->subject, interned) : ERROR;
    if (is_error(v)) return -1;
    if (is_unbound(v)) return 0;
    return list_append_owned(t, m->values, v) ? 1 : -1;
}

static int match_positional(ClassMatch *m, size_t count)
{
    Thread *t = m->t;
    OWN Value names_ = object_get_attr_optional(t, type_value(m->class), NAME(__match_args__));
    if (is_error(names_)) return -1;
    bool self = is_unbound(names_) && (m->class->flags & TYPE_MATCH_SELF);
    if (!is_unbound(names_) && !is_exact_tuple(names_))
        return error_minus(raise_type_error(t, "%N.__match_args__ must be a tuple (got %T)", m->class, names_));
    size_t allowed = self ? 1 : is_unbound(names_) ? 0 : as_tuple(names_)->length;
    if (allowed < count)
        return error_minus(raise_type_error(t, "%N() accepts %zu positional sub-pattern%s (%zu given)", m->class, allowed, allowed == 1 ? "" : "s", count));
    if (self) return list_append(t, m->values, m->subject) ? 1 : -1;
    for (size_t j = 0; j < count; j++) {
        Value name = as_tuple(names_)->items[j];
        if (!is_exact_str(name)) return error_minus(raise_type_error(t, "__match_args__ elements must be strings (got %T)", name));
        int found = match_attribute(m, name);
        if (found <= 0) return found;
    }
    return 1;
}

static int match_class(ClassMatch *m, Value class, size_t positional, Tuple *named)
{
    if (!is_type(class)) return error_minus(raise_type_error(m->t, "called match pattern must be a class"));
    int instance = object_is_instance(m->t, m->subject, class);
    if (instance <= 0) return instance;
    m->class = as_type(class);
    if (positional) {
        int found = match_positional(m, positional);
        if (found <= 0) return found;
    }
    for (size_t j = 0; j < named->length; j++) {
        int found = match_attribute(m, named->items[j]);
        if (found <= 0) return found;
    }
    return 1;
}

bool op_match_class(Thread *t, Frame *frame, uint32_t i, uint32_t positional)
{
    OWN Value values = list_new(t, 4);
    OWN_POINTER Dict *seen = dict_new(t);
    if (is_error(values) || !seen) return false;
    ClassMatch m = {t, R[B], NULL, values, seen};
    int matched = match_class(&m, R[C], positional, as_tuple(R[C + 1]));
    if (matched < 0) return false;
    Value result = matched ? list_to_tuple(t, values) : NONE;
    if (is_error(result)) return false;
    clear(&R[C]);
    clear(&R[C + 1]);
    return finish(frame, A, result);
}

// ---- import

bool op_import_name(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    Str *name = frame->code->sites[word].name;
    Value level = R[B], from = R[C];
    Value function = dict_get_str(frame->function->builtins, NAME(__import__)), module;
    if (is_unbound(function)) return error_false(raise_error(t, &exc_ImportError, "__import__ not found"));
    Value globals = dict_value(frame->function->globals);
    if (import_is_original(function)) module = import_name(t, name, globals, from, (int)as_small_int(level));
    else {
        Value locals = is_unbound(frame->names) ? NONE : frame->names;
        Value args[] = {object_value(name), globals, locals, from, level};
        OWN Value keep = retain(function);
        module = call(t, keep, args, 5, UNBOUND);
    }
    if (is_error(module)) return false;
    consume(frame, C);
    consume(frame, B);
    return finish(frame, A, module);
}

bool op_import_from(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    return finish(frame, A, import_from(t, R[B], frame->code->sites[word].name));
}

// The names that `from module import *` binds: a list.
static NEW_REF Value public_names(Thread *t, Value module, bool *all)
{
    OWN Value listed = object_get_attr_optional(t, module, NAME(__all__));
    if (is_error(listed)) return ERROR;
    *all = !is_unbound(listed);
    if (*all) return list_from_iterable(t, listed);
    OWN Value dict = object_get_attr_optional(t, module, NAME(__dict__));
    if (is_error(dict)) return ERROR;
    if (is_unbound(dict)) return raise_error(t, &exc_ImportError, "from-import-* object has no __dict__ and no __all__");
    OWN Value keys = call_method0(t, dict, NAME(keys));
    return is_error(keys) ? ERROR : list_from_iterable(t, keys);
}

bool op_import_star(Thread *t, Frame *frame, uint32_t i)
{
    Value module = R[A], namespace = is_unbound(frame->names) ? dict_value(frame->function->globals) : frame->names;
    bool all;
    OWN Value list = public_names(t, module, &all);
    if (is_error(list)) return false;
    for (size_t j = 0; j < as_list(list)->length; j++) {
        Value name = as_list(list)->items[j];
        if (!is_str(name)) {
            OWN Value own = object_get_attr_optional(t, module, NAME(__name__));
            if (is_error(own)) return false;
            const char *format = all ? "Item in %S.__all__ must be str, not %T" : "Key in %S.__dict__ must be str, not %T";
            return error_false(raise_type_error(t, format, own, name));
        }
        if (!all && as_str(name)->length && str_at(as_str(name), 0) == '_') continue;
        OWN_POINTER Str *interned = str_intern(t, as_str(retain(name)));
        OWN Value v = interned ? object_get_attr(t, module, interned) : ERROR;
        if (is_error(v) || !object_set_item(t, namespace, name, v)) return false;
    }
    consume(frame, A);
    return true;
}
