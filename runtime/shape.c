// SPDX-License-Identifier: MIT
// runtime/shape.c: hidden classes. A shape is a path of names from its type's empty root; the slot of a name is its
// place on the path. After Self's maps (Chambers, Ungar, Lee: "An efficient implementation of SELF", 1989).
//
// Always
//   1. Attributes of an instance with shape s are slots[0..s->count), all owned and none UNBOUND.
//   2. Slots are inline (right behind the fixed part of the instance) until they no longer fit, then in an array whose
//      capacity follows from the count alone (array_capacity).
//   3. An instance that loses an attribute, or has too many or too unusual ones, goes to dict mode and stays there.
#include "runtime/shape.h"

#include <stdlib.h>

#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/dict.h"

#define SHAPE_NAMES_MAX 64       // attributes beyond this go to a dict
#define SHAPE_CHILDREN_MAX 64
#define INDEX_FROM 8             // a shape with more names gets an index
#define INLINE_SLOTS_MAX 12

typedef struct ShapeEntry { Str *name; int32_t slot; } ShapeEntry;

Shape *shape_root(Type *type)
{
    Shape *root = calloc(1, sizeof *root);
    if (root) root->type = type;
    return root;
}

void shape_destroy(Shape *root)
{
    if (!root) return;
    for (uint32_t i = 0; i < root->child_count; i++) shape_destroy(root->children[i]);
    drop_pointer(root->name);
    free(root->children);
    free(root->index);
    free(root);
}

// The shapes of built-in types hold names of the interpreter that made them, so they end with it.
void shapes_forget(Type *type)
{
    Shape *root = type->root_shape;
    if (root && !(type->flags & TYPE_HEAP)) {
        for (uint32_t i = 0; i < root->child_count; i++) shape_destroy(root->children[i]);
        root->child_count = 0;
    }
    for (uint32_t i = 0; i < type->subclass_count; i++) shapes_forget(type->subclasses[i]);
}

static uint32_t name_bucket(const Str *name, uint32_t mask) { return (uint32_t)((uintptr_t)name >> 4) * 2654435761u >> 7 & mask; }

static void index_build(Shape *shape)
{
    uint32_t size = 16;
    while (size < shape->count * 2) size *= 2;
    ShapeEntry *index = calloc(size, sizeof *index);
    if (!index) return;                       // the walk over the parents still finds everything
    for (Shape *at = shape; at->parent; at = at->parent) {
        uint32_t i = name_bucket(at->name, size - 1);
        while (index[i].name) i = (i + 1) & (size - 1);
        index[i] = (ShapeEntry){at->name, (int32_t)at->count - 1};
    }
    shape->index = index;
    shape->index_mask = size - 1;
}

int32_t shape_find(Shape *shape, Str *name)
{
    if (shape->count > INDEX_FROM) {
        if (!shape->index) index_build(shape);
        if (shape->index) {
            for (uint32_t i = name_bucket(name, shape->index_mask); shape->index[i].name; i = (i + 1) & shape->index_mask)
                if (shape->index[i].name == name) return shape->index[i].slot;
            return -1;
        }
    }
    for (; shape->parent; shape = shape->parent)
        if (shape->name == name) return (int32_t)shape->count - 1;
    return -1;
}

// The shape with `name` added, or NULL where a dict serves better (nothing raised) .
static Shape *shape_grow(Shape *shape, Str *name)
{
    for (uint32_t i = 0; i < shape->child_count; i++)
        if (shape->children[i]->name == name) return shape->children[i];
    if (shape->count >= SHAPE_NAMES_MAX || shape->child_count >= SHAPE_CHILDREN_MAX) return NULL;
    if (shape->child_count == shape->child_capacity) {
        uint32_t capacity = shape->child_capacity ? shape->child_capacity * 2 : 2;
        Shape **children = realloc(shape->children, capacity * sizeof(Shape *));
        if (!children) return NULL;
        shape->children = children;
        shape->child_capacity = capacity;
    }
    Shape *child = calloc(1, sizeof *child);
    if (!child) return NULL;
    *child = (Shape){.type = shape->type, .parent = shape, .name = RETAIN(name), .count = shape->count + 1};
    shape->children[shape->child_count++] = child;
    return child;
}

Shape *shape_add(Thread *t, Shape *shape, Str *name)
{
    Shape *child = shape_grow(shape, name);
    return child ? child : error_null(raise_memory_error(t));
}

// ---- Attributes of one instance
static Value *inline_area(Object *o) { return o->type->attrs_offset > 0 ? (Value *)(void *)((char *)o + o->type->size) : NULL; }
static size_t inline_capacity(Object *o)
{
    return o->type->attrs_offset > 0 ? (heap_cell_size(o) - o->type->size) / sizeof(Value) : 0;
}
static size_t array_capacity(size_t count)
{
    size_t capacity = 4;
    while (capacity < count) capacity *= 2;
    return capacity;
}
static bool slots_are_inline(Object *o, const Attrs *attrs) { return !attrs->slots || attrs->slots == inline_area(o); }

// Makes room for slot number `count`; false: raised.
static bool slots_reserve(Thread *t, Object *o, Attrs *attrs, size_t count)
{
    size_t have = attrs->shape->count;
    if (slots_are_inline(o, attrs)) {
        if (count <= inline_capacity(o)) return true;
        Value *array = mem_allocate(t, array_capacity(count) * sizeof(Value));
        if (!array) return false;
        if (have) memcpy(array, attrs->slots, have * sizeof(Value));
        attrs->slots = array;
        if (o->type->attrs_offset > 0 && o->type->inline_slots < INLINE_SLOTS_MAX)
            o->type->inline_slots = (uint32_t)(count + 2 < INLINE_SLOTS_MAX ? count + 2 : INLINE_SLOTS_MAX);
        return true;
    }
    if (count <= array_capacity(have)) return true;
    Value *array = mem_reallocate(t, attrs->slots, array_capacity(count) * sizeof(Value));
    if (!array) return false;
    attrs->slots = array;
    return true;
}

Dict *attrs_make_dict(Thread *t, Object *o, Attrs *attrs)
{
    if (!attrs->shape) {
        if (!attrs->dict) attrs->dict = dict_new(t);
        return attrs->dict;
    }
    OWN_POINTER Dict *dict = dict_new_sized(t, attrs->shape->count);
    if (!dict) return NULL;
    Str *names_in_order[SHAPE_NAMES_MAX];
    uint32_t count = attrs->shape->count;
    for (Shape *at = attrs->shape; at->parent; at = at->parent) names_in_order[at->count - 1] = at->name;
    for (uint32_t i = 0; i < count; i++)
        if (!dict_set_str(t, dict, names_in_order[i], attrs->slots[i])) return NULL;
    bool was_inline = slots_are_inline(o, attrs);
    Value *slots = attrs->slots;
    attrs->shape = NULL;
    attrs->dict = MOVE_POINTER(dict);
    for (uint32_t i = 0; i < count; i++) drop(slots[i]);      // the dict has references of its own
    if (!was_inline) mem_free(slots);
    return attrs->dict;
}

Value attrs_get(Attrs *attrs, Str *name)
{
    if (LIKELY(attrs->shape != NULL)) {
        int32_t slot = shape_find(attrs->shape, name);
        return slot < 0 ? UNBOUND : attrs->slots[slot];
    }
    return attrs->dict ? dict_get_str(attrs->dict, name) : UNBOUND;
}

bool attrs_set(Thread *t, Object *o, Attrs *attrs, Str *name, Value value)
{
    if (attrs->shape && !is_unbound(value)) {
        int32_t slot = shape_find(attrs->shape, name);
        if (slot >= 0) {
            assign(&attrs->slots[slot], retain(value));
            return true;
        }
        Shape *grown = str_is_interned(name) ? shape_grow(attrs->shape, name) : NULL;
        if (grown) {
            if (!slots_reserve(t, o, attrs, grown->count)) return false;
            attrs->slots[grown->count - 1] = retain(value);
            attrs->shape = grown;
            return true;
        }
    }
    Dict *dict = attrs_make_dict(t, o, attrs);
    if (!dict) return false;
    if (!is_unbound(value)) return dict_set_str(t, dict, name, value);
    int deleted = dict_delete(t, dict, object_value(name));
    if (deleted > 0) return true;
    if (deleted == 0) raise_attribute_error(t, object_value(o), name);
    return false;
}

void attrs_visit(Attrs *attrs, VisitFn visit, void *context)
{
    if (!attrs->shape) {
        if (attrs->dict) visit(object_value(attrs->dict), context);
        return;
    }
    for (uint32_t i = 0; i < attrs->shape->count; i++)
        if (is_object(attrs->slots[i])) visit(attrs->slots[i], context);
}

void attrs_release(Object *o, Attrs *attrs)
{
    if (!attrs->shape) {
        Dict *dict = attrs->dict;
        attrs->dict = NULL;
        drop_pointer(dict);
        return;
    }
    uint32_t count = attrs->shape->count;
    Value *slots = attrs->slots;
    bool was_inline = slots_are_inline(o, attrs);
    Value moved[SHAPE_NAMES_MAX];                 // dropping may run code that looks at o: it must find it empty
    if (count) memcpy(moved, slots, count * sizeof(Value));
    attrs->shape = o->type->root_shape;
    attrs->slots = inline_area(o);
    if (!was_inline) mem_free(slots);
    for (uint32_t i = 0; i < count; i++) drop(moved[i]);
}

Value object_get_dict(Thread *t, Value v)
{
    Attrs *attrs = is_object(v) ? object_attrs(as_object(v)) : NULL;
    if (!attrs) return raise_attribute_error(t, v, NAME(__dict__));
    Dict *dict = attrs_make_dict(t, as_object(v), attrs);
    return dict ? retain(object_value(dict)) : ERROR;
}

bool object_set_dict(Thread *t, Value v, Value dict)
{
    Attrs *attrs = is_object(v) ? object_attrs(as_object(v)) : NULL;
    if (!attrs) return error_false(raise_attribute_error(t, v, NAME(__dict__)));
    if (!is_dict(dict)) return error_false(raise_type_error(t, "__dict__ must be set to a dictionary, not a '%T'", dict));
    retain(dict);
    attrs_release(as_object(v), attrs);
    attrs->shape = NULL;
    attrs->dict = as_dict(dict);
    return true;
}
