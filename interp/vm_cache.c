// SPDX-License-Identifier: MIT
// interp/vm_cache.c: names and attributes, and what their sites learn (enum SiteKind in vm.h tells the kinds).
//
// The loop has tried the kinds that it knows. Here the others are tried, then the lookup is done in full, and what it
// found is noted for the next time, if it may be.
#include "interp/vm.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/function.h"
#include "runtime/types/module.h"

static Site *site_at(const Frame *frame, uint32_t word) { return &frame->code->sites[word]; }

// ---- globals

static Value cached_global(const Function *f, const Site *s)
{
    if (f->globals->version != s->version) return UNBOUND;
    if (s->kind == SITE_GLOBAL) return f->globals->entries[s->index].value;
    if (s->kind == SITE_BUILTIN && f->builtins->version == s->version2) return f->builtins->entries[s->index].value;
    return UNBOUND;
}

// Borrowed; UNBOUND: nowhere.
static Value global_value(Function *f, Site *s)
{
    ptrdiff_t index = dict_find_str(f->globals, s->name);
    s->version = f->globals->version;
    if (index >= 0) {
        s->kind = SITE_GLOBAL;
        s->index = (uint32_t)index;
        return f->globals->entries[index].value;
    }
    index = dict_find_str(f->builtins, s->name);
    if (index >= 0) {
        s->kind = SITE_BUILTIN;
        s->index = (uint32_t)index;
        s->version2 = f->builtins->version;
        return f->builtins->entries[index].value;
    }
    s->version = 0;
    s->kind = SITE_EMPTY;
    return UNBOUND;
}

static NEW_REF Value load_global(Thread *t, Frame *frame, Site *s)
{
    Value v = cached_global(frame->function, s);
    if (is_unbound(v)) v = global_value(frame->function, s);
    return is_unbound(v) ? raise_not_defined(t, s->name) : retain(v);
}

bool op_load_global(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    Value v = load_global(t, frame, site_at(frame, word));
    if (is_error(v)) return false;
    set_register(frame, OPERAND_A(i), v);
    return true;
}

static bool store_in_dict(Thread *t, Dict *d, Site *s, Value v)
{
    if (s->kind == SITE_GLOBAL && d->version == s->version) {
        assign(&d->entries[s->index].value, retain(v));
        return true;
    }
    if (!dict_set_str(t, d, s->name, v)) return false;
    ptrdiff_t index = dict_find_str(d, s->name);
    if (index < 0) return true;
    s->kind = SITE_GLOBAL;
    s->version = d->version;
    s->index = (uint32_t)index;
    return true;
}

bool op_store_global(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    if (!store_in_dict(t, frame->function->globals, site_at(frame, word), frame->regs[OPERAND_A(i)])) return false;
    consume(frame, OPERAND_A(i));
    return true;
}

static bool delete_from_dict(Thread *t, Dict *d, Str *name)
{
    int deleted = dict_delete(t, d, object_value(name));
    if (deleted == 0) return error_false(raise_not_defined(t, name));
    return deleted > 0;
}

bool op_delete_global(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    return delete_from_dict(t, frame->function->globals, site_at(frame, word)->name);
}

// ---- names of a namespace that may be any mapping

// The value in the namespace; UNBOUND: not there.
static NEW_REF Value namespace_get(Thread *t, Value namespace, Str *name)
{
    if (is_exact_dict(namespace)) return retain(dict_get_str(as_dict(namespace), name));
    Value v = object_get_item(t, namespace, object_value(name));
    if (is_error(v) && error_clear_if(t, &exc_KeyError)) return UNBOUND;
    return v;
}

bool op_load_name(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    Site *s = site_at(frame, word);
    Value v = UNBOUND;
    bool global = is_unbound(frame->names) || (is_same(frame->names, dict_value(frame->function->globals)) && is_exact_dict(frame->names));
    if (!global) v = namespace_get(t, frame->names, s->name);
    if (is_unbound(v)) v = load_global(t, frame, s);
    if (is_error(v)) return false;
    set_register(frame, OPERAND_A(i), v);
    return true;
}

static Value namespace_of(Frame *frame) { return is_unbound(frame->names) ? dict_value(frame->function->globals) : frame->names; }

bool op_store_name(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    Site *s = site_at(frame, word);
    Value namespace = namespace_of(frame), v = frame->regs[OPERAND_A(i)];
    bool ok;
    if (is_same(namespace, dict_value(frame->function->globals)) && is_exact_dict(namespace)) ok = store_in_dict(t, as_dict(namespace), s, v);
    else if (is_exact_dict(namespace)) ok = dict_set_str(t, as_dict(namespace), s->name, v);
    else ok = object_set_item(t, namespace, object_value(s->name), v);
    if (ok) consume(frame, OPERAND_A(i));
    return ok;
}

bool op_delete_name(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    Value namespace = namespace_of(frame);
    Str *name = site_at(frame, word)->name;
    if (is_exact_dict(namespace)) return delete_from_dict(t, as_dict(namespace), name);
    if (object_delete_item(t, namespace, object_value(name))) return true;
    if (error_clear_if(t, &exc_KeyError)) raise_not_defined(t, name);
    return false;
}

bool op_load_class_free(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    Site *s = site_at(frame, word);
    Value v = is_unbound(frame->names) ? UNBOUND : namespace_get(t, frame->names, s->name);
    if (is_unbound(v)) {
        v = retain(((Cell *)as_object(as_tuple(frame->function->closure)->items[OPERAND_BC(i)]))->value);
        if (is_unbound(v)) return raise_unbound_free(t, s->name, false);
    }
    if (is_error(v)) return false;
    set_register(frame, OPERAND_A(i), v);
    return true;
}

// ---- attributes

static bool is_data_descriptor(Value v) { return type_of(v)->slots.descr_set != NULL; }
static bool binds(Value v) { return type_of(v)->slots.descr_get != NULL; }

// Notes how `name` of v was found. `method`: a plain function of the type may be noted as a value, too.
static void learn_load(Site *s, Value v, Str *name, bool method)
{
    s->kind = SITE_EMPTY;
    s->version = 0;
    if (s->misses > 200) return;      // a site that sees many types: learning costs more than it gives
    s->misses++;
    Object *o = as_object(v);
    Type *type = o->type;
    if (type == &module_type) {
        Dict *d = ((Module *)o)->dict;
        ptrdiff_t index = dict_find_str(d, name);
        if (index < 0) return;
        s->kind = SITE_MODULE;
        s->version = d->version;
        s->index = (uint32_t)index;
        return;
    }
    if (type == &type_type) {
        Value found = type_lookup((Type *)o, name);
        if (is_unbound(found) || (binds(found) && !is_function(found)) || !is_unbound(type_lookup(&type_type, name))) return;
        s->kind = SITE_CLASS;
        s->version = ((Type *)o)->version;
        s->value = found;
        return;
    }
    if (!(type->flags & TYPE_DEFAULT_GETATTR) || type->attrs_offset < 0) return;
    Value found = type_lookup(type, name);
    if (!is_unbound(found) && is_data_descriptor(found)) return;
    if (!type->attrs_offset) {
        if (is_unbound(found) || (binds(found) && !method)) return;
        s->kind = SITE_PLAIN_VALUE;
        s->version = type->version;
        s->value = found;
        return;
    }
    Attrs *attrs = (Attrs *)(void *)((char *)o + type->attrs_offset);
    if (!attrs->shape) return;
    int32_t slot = shape_find(attrs->shape, name);
    s->shape = attrs->shape;
    s->version = type->version;
    if (slot >= 0) {
        if (method) return (void)(s->version = 0);
        s->kind = SITE_SLOT;
        s->index = (uint32_t)slot;
    } else if (!is_unbound(found) && (method || !binds(found))) {
        s->kind = SITE_VALUE;
        s->value = found;
    } else s->version = 0;
}

// What the site knows of v; UNBOUND: nothing. Owned.
static NEW_REF Value cached_attr(const Site *s, Object *o)
{
    switch (s->kind) {
    case SITE_MODULE:
        if (o->type == &module_type && ((Module *)o)->dict->version == s->version) return retain(((Module *)o)->dict->entries[s->index].value);
        return UNBOUND;
    case SITE_CLASS:
        if (o->type == &type_type && ((Type *)o)->version == s->version) return retain(s->value);
        return UNBOUND;
    case SITE_PLAIN_VALUE: return o->type->version == s->version ? retain(s->value) : UNBOUND;
    case SITE_VALUE:
        if (o->type->version != s->version) return UNBOUND;
        return ((Attrs *)(void *)((char *)o + o->type->attrs_offset))->shape == s->shape ? retain(s->value) : UNBOUND;
    default: return UNBOUND;
    }
}

bool op_load_attr(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    Site *s = site_at(frame, word);
    Value v = frame->regs[OPERAND_B(i)], found = UNBOUND;
    if (is_object(v)) found = cached_attr(s, as_object(v));
    if (is_unbound(found)) {
        found = object_get_attr(t, v, s->name);
        if (is_error(found)) return false;
        if (is_object(v)) learn_load(s, v, s->name, false);
    }
    consume(frame, OPERAND_B(i));
    set_register(frame, OPERAND_A(i), found);
    return true;
}

bool op_load_method(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    Site *s = site_at(frame, word);
    Value v = frame->regs[OPERAND_B(i)], found = UNBOUND;
    bool bound = true;
    if (is_object(v) && (s->kind == SITE_MODULE || s->kind == SITE_CLASS)) found = cached_attr(s, as_object(v));
    if (is_unbound(found)) {
        found = method_for_call(t, v, s->name, &bound);
        if (is_error(found)) return false;
        if (is_object(v)) {
            Type *type = as_object(v)->type;
            if (!bound || type == &module_type || type == &type_type) learn_load(s, v, s->name, true);
        }
    }
    uint32_t a = OPERAND_A(i);
    if (bound) {
        consume(frame, OPERAND_B(i));
        set_register(frame, a + 1, UNBOUND);
    } else {
        Value self = take_operand(frame, OPERAND_B(i));
        set_register(frame, a + 1, self);
    }
    set_register(frame, a, found);
    return true;
}

static Shape *shape_of(Value v)
{
    if (!is_object(v) || as_object(v)->type->attrs_offset <= 0) return NULL;
    return ((Attrs *)(void *)((char *)as_object(v) + as_object(v)->type->attrs_offset))->shape;
}

// Notes how an attribute was stored in v, whose shape was `before`.
static void learn_store(Site *s, Value v, const Shape *before)
{
    s->kind = SITE_EMPTY;
    s->version = 0;
    if (s->misses > 200) return;
    s->misses++;
    Object *o = as_object(v);
    Type *type = o->type;
    if (type->attrs_offset <= 0 || type->slots.set_attr != object_type.slots.set_attr || (type->flags & TYPE_IS_TYPE)) return;
    if (type == &module_type) return;
    Value found = type_lookup(type, s->name);
    if (!is_unbound(found) && is_data_descriptor(found)) return;
    Attrs *attrs = (Attrs *)(void *)((char *)o + type->attrs_offset);
    if (!attrs->shape) return;
    int32_t slot = shape_find(attrs->shape, s->name);
    if (slot < 0) return;
    s->kind = before == attrs->shape ? SITE_SLOT : SITE_ADD;
    s->version = type->version;
    s->shape = attrs->shape;
    s->index = (uint32_t)slot;
}

bool op_store_attr(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    Site *s = site_at(frame, word);
    Value v = frame->regs[OPERAND_A(i)];
    if (s->kind == SITE_ADD && is_object(v) && as_object(v)->type->version == s->version) {
        Object *o = as_object(v);
        if (!attrs_set(t, o, (Attrs *)(void *)((char *)o + o->type->attrs_offset), s->name, frame->regs[OPERAND_B(i)])) return false;
    } else {
        Shape *before = shape_of(v);
        if (!object_set_attr(t, v, s->name, frame->regs[OPERAND_B(i)])) return false;
        if (is_object(v)) learn_store(s, v, before);
    }
    consume(frame, OPERAND_B(i));
    consume(frame, OPERAND_A(i));
    return true;
}

bool op_delete_attr(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    if (!object_set_attr(t, frame->regs[OPERAND_A(i)], site_at(frame, word)->name, UNBOUND)) return false;
    consume(frame, OPERAND_A(i));
    return true;
}
