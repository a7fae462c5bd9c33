// SPDX-License-Identifier: MIT
// runtime/object.c: how objects come to be and how they end.
//
// An object whose last reference goes is finalised (its __del__ may bring it back), its weak references go dead, its
// type's `finish` drops what it owns, then its attributes and its memory go. Deep structures do not recurse deeply:
// past DYING_DEPTH_MAX the dead wait in t->dead for the outermost object_dead.
#include "runtime/object.h"

#include <stdlib.h>

#include "runtime/error.h"
#include "runtime/heap_page.h"
#include "runtime/shape.h"
#include "runtime/types/dict.h"
#include "runtime/types/weakref.h"

#define DYING_DEPTH_MAX 40

Type *type_of_immediate(Value v)
{
    if (is_small_int(v)) return &int_type;
    if (is_small_float(v)) return &float_type;
    if (is_none(v)) return &none_type;
    if (is_bool(v)) return &bool_type;
    if (is_not_implemented(v)) return &not_implemented_type;
    ASSERT(is_ellipsis(v));
    return &ellipsis_type;
}

Object *object_new_sized(Thread *t, Type *type, size_t size)
{
    size_t extra = 0;
    if (type->attrs_offset) {
        if (type->attrs_offset < 0) size = (size + 7) & ~(size_t)7, extra = sizeof(Attrs);
        else extra = type->inline_slots * sizeof(Value);
    }
    Object *o = heap_allocate(t, size + extra, (type->flags & TYPE_GC) != 0);
    if (!o) return NULL;
    o->type = type;
    o->refs = 1;
    if (type->attrs_offset) {
        Attrs *attrs = (Attrs *)(void *)((char *)o + (type->attrs_offset > 0 ? (size_t)type->attrs_offset : size));
        attrs->shape = type->root_shape;
        attrs->slots = type->attrs_offset > 0 ? (Value *)(void *)((char *)o + type->size) : NULL;
    }
    if (type->flags & TYPE_HEAP) type->head.refs++;
    return o;
}

Object *object_new(Thread *t, Type *type) { return object_new_sized(t, type, type->size); }

Attrs *object_attrs(Object *o)
{
    int32_t offset = o->type->attrs_offset;
    if (offset > 0) return (Attrs *)(void *)((char *)o + offset);
    if (offset == 0) return NULL;
    size_t size = (o->type->slots.size(o) + 7) & ~(size_t)7;
    return (Attrs *)(void *)((char *)o + size);
}

// ---- Visiting
static void visit_members(Object *o, Type *type, VisitFn visit, void *context)
{
    for (; type && (type->flags & TYPE_HEAP); type = type->base)
        for (uint32_t i = 0; i < type->member_count; i++) {
            Value v = *(Value *)(void *)((char *)o + type->members[i].offset);
            if (is_object(v)) visit(v, context);
        }
}

void object_visit(Object *o, VisitFn visit, void *context)
{
    Type *type = o->type;
    if (type->slots.visit) type->slots.visit(o, visit, context);
    Attrs *attrs = object_attrs(o);
    if (attrs) attrs_visit(attrs, visit, context);
    if (type->flags & TYPE_HEAP) {
        visit_members(o, type, visit, context);
        visit(object_value(type), context);
    }
}

void object_unlink(Thread *t, Object *o)
{
    Type *type = o->type;
    if (type->slots.unlink) type->slots.unlink(t, o);
    Attrs *attrs = object_attrs(o);
    if (attrs) attrs_release(o, attrs);
    for (Type *at = type; at && (at->flags & TYPE_HEAP); at = at->base)
        for (uint32_t i = 0; i < at->member_count; i++) clear((Value *)(void *)((char *)o + at->members[i].offset));
}

// ---- The end
// Runs __del__ once. True: something holds the object again.
static bool finalize(Thread *t, Object *o)
{
    if (!o->type->slots.finalize || (o->flags & OBJECT_FINALIZED)) return false;
    o->flags |= OBJECT_FINALIZED;
    o->refs = 1;
    Value pending = error_take(t);
    o->type->slots.finalize(t, object_value(o));
    error_restore(t, pending);
    return --o->refs > 0;
}

static void take_apart(Thread *t, Object *o)
{
    if (finalize(t, o)) return;
    if (o->flags & OBJECT_WEAKLY_REFERENCED) {
        o->refs = 1;
        weakrefs_clear(t, o);
        if (--o->refs > 0) return;      // a callback found it through something else
    }
    o->flags |= OBJECT_DYING;
    Type *type = o->type;
    Attrs *attrs = object_attrs(o);     // before finish: the size of a var-sized object may go with it
    if (type->slots.finish) type->slots.finish(t, o);
    for (Type *at = type; at && (at->flags & TYPE_HEAP); at = at->base)
        for (uint32_t i = 0; i < at->member_count; i++) clear((Value *)(void *)((char *)o + at->members[i].offset));
    if (attrs) attrs_release(o, attrs);
    heap_free(t, o);
    if (type->flags & TYPE_HEAP) drop(object_value(type));
}

// Puts o aside for the outermost object_dead; false without memory, when recursing is the better risk.
static bool put_aside(Thread *t, Object *o)
{
    if (t->dead_count == t->dead_capacity) {
        uint32_t capacity = t->dead_capacity ? t->dead_capacity * 2 : 64;
        Object **dead = realloc(t->dead, capacity * sizeof *dead);
        if (!dead) return false;
        t->dead = dead;
        t->dead_capacity = capacity;
    }
    t->dead[t->dead_count++] = o;
    return true;
}

void object_dead(Object *o)
{
    if (o->flags & OBJECT_IMMORTAL) {
        o->refs = IMMORTAL_REFS;
        return;
    }
    Thread *t = thread_current();
    if (o->type->flags & TYPE_LEAF) {
        if (o->type->slots.finish) o->type->slots.finish(t, o);
        heap_free(t, o);
        return;
    }
    if (t->dying_depth >= DYING_DEPTH_MAX && put_aside(t, o)) return;
    t->dying_depth++;
    take_apart(t, o);
    t->dying_depth--;
    if (t->dying_depth == 0)
        while (t->dead_count > 0) {
            Object *waiting = t->dead[--t->dead_count];
            t->dying_depth++;
            take_apart(t, waiting);
            t->dying_depth--;
        }
}
