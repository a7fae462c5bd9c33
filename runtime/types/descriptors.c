// SPDX-License-Identifier: MIT
// runtime/types/descriptors.c: attributes of native types (getset), of `__slots__` (member), `__dict__` and `__weakref__` of instances.
#include "runtime/class.h"
#include "runtime/error.h"
#include "runtime/types/dict.h"
#include "runtime/types/function.h"
#include "runtime/types/str.h"
#include "runtime/types/weakref.h"

typedef struct GetSetDescriptor { Object head; Type *type; const GetSet *getset; Str *name; } GetSetDescriptor;
typedef struct MemberDescriptor { Object head; Type *type; Str *name; uint32_t offset; const GetSet *getset; } MemberDescriptor;   // getset: of a native type

Type getset_descriptor_type, member_descriptor_type;

static GetSetDescriptor *as_getset(Value v) { return (GetSetDescriptor *)as_object(v); }
static MemberDescriptor *as_member(Value v) { return (MemberDescriptor *)as_object(v); }

static Value native_member_new(Thread *t, Type *type, const GetSet *getset)
{
    OWN_POINTER Str *name = str_intern_text(t, getset->name, strlen(getset->name));
    Value member = name ? member_descriptor_new(t, type, name, 0) : ERROR;
    if (!is_error(member)) as_member(member)->getset = getset;
    return member;
}

Value getset_descriptor_new(Thread *t, Type *type, const GetSet *getset)
{
    if (getset->set == member_readonly) return native_member_new(t, type, getset);
    GetSetDescriptor *d = (GetSetDescriptor *)object_new(t, &getset_descriptor_type);
    if (!d) return ERROR;
    d->type = RETAIN(type);
    d->getset = getset;
    d->name = str_intern_text(t, getset->name, strlen(getset->name));
    if (d->name) return object_value(d);
    drop_pointer(d);
    return ERROR;
}

static Value instance_dict(Thread *t, Value self) { return object_get_dict(t, self); }
static bool set_instance_dict(Thread *t, Value self, Value value)
{
    if (!is_unbound(value)) return object_set_dict(t, self, value);
    OWN_POINTER Dict *fresh = dict_new(t);
    return fresh && object_set_dict(t, self, object_value(fresh));
}
static Value instance_weakref(Thread *t, Value self) { return weakref_first(t, self); }
static const GetSet dict_getset = {"__dict__", instance_dict, set_instance_dict, "dictionary for instance variables (if defined)"};
static const GetSet weakref_getset = {"__weakref__", instance_weakref, NULL, "list of weak references to the object (if defined)"};
Value dict_descriptor_new(Thread *t, Type *type) { return getset_descriptor_new(t, type, &dict_getset); }
Value weakref_descriptor_new(Thread *t, Type *type) { return getset_descriptor_new(t, type, &weakref_getset); }

// A read-only attribute that CPython has as a member of the object: Python code tells the two kinds apart (types.MemberDescriptorType).
bool member_readonly(Thread *t, Value self, Value value) { return error_false(raise_error(t, &exc_AttributeError, "readonly attribute")); }

static bool applies(Thread *t, Value instance, Type *type, Str *name)
{
    if (is_instance_of(instance, type)) return true;
    return error_false(raise_type_error(t, "descriptor '%U' for '%N' objects doesn't apply to a '%T' object", name, type, instance));
}
static Value getset_get(Thread *t, Value v, Value instance, Value type)
{
    if (is_unbound(instance)) return retain(v);
    GetSetDescriptor *d = as_getset(v);
    return applies(t, instance, d->type, d->name) ? d->getset->get(t, instance) : ERROR;
}
static bool getset_set(Thread *t, Value v, Value instance, Value value)
{
    GetSetDescriptor *d = as_getset(v);
    if (!applies(t, instance, d->type, d->name)) return false;
    if (!d->getset->set)
        return error_false(raise_error(t, &exc_AttributeError, "attribute '%U' of '%N' objects is not writable", d->name, d->type));
    return d->getset->set(t, instance, value);
}
static Value getset_repr(Thread *t, Value v) { return str_format(t, "<attribute '%U' of '%N' objects>", as_getset(v)->name, as_getset(v)->type); }
static Value getset_name(Thread *t, Value v) { return retain(object_value(as_getset(v)->name)); }
static Value getset_qualname(Thread *t, Value v) { return str_format(t, "%S.%U", as_getset(v)->type->qualname, as_getset(v)->name); }
static Value getset_objclass(Thread *t, Value v) { return retain(type_value(as_getset(v)->type)); }
static Value getset_doc(Thread *t, Value v) { return as_getset(v)->getset->doc ? str_from_text(t, as_getset(v)->getset->doc) : NONE; }
static void getset_visit(Object *o, VisitFn visit, void *context) { visit(type_value(((GetSetDescriptor *)o)->type), context); }
static void getset_finish(Thread *t, Object *o)
{
    drop_pointer(((GetSetDescriptor *)o)->name);
    drop_pointer(((GetSetDescriptor *)o)->type);
}
static const GetSet getset_getsets[] = {
    {"__name__", getset_name, NULL, NULL}, {"__qualname__", getset_qualname, NULL, NULL}, {"__objclass__", getset_objclass, NULL, NULL}, {"__doc__", getset_doc, NULL, NULL}, {0},
};
const TypeSpec getset_descriptor_spec = {
    .name = "getset_descriptor",
    .size = sizeof(GetSetDescriptor),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = getset_visit, .finish = getset_finish, .repr = getset_repr, .descr_get = getset_get, .descr_set = getset_set},
    .getsets = getset_getsets,
};

// ---- Members
Value member_descriptor_new(Thread *t, Type *type, Str *name, uint32_t offset)
{
    MemberDescriptor *d = (MemberDescriptor *)object_new(t, &member_descriptor_type);
    if (!d) return ERROR;
    d->type = RETAIN(type);
    d->name = RETAIN(name);
    d->offset = offset;
    return object_value(d);
}
static Value *member_place(Value v, Value instance) { return (Value *)(void *)((char *)as_object(instance) + as_member(v)->offset); }
bool member_descriptor_peek(Value descriptor, Value instance, Value *found)
{
    if (type_of(descriptor) != &member_descriptor_type || !is_object(instance)) return false;
    const MemberDescriptor *d = as_member(descriptor);
    if (d->getset || !type_is_subtype(as_object(instance)->type, d->type)) return false;
    *found = *member_place(descriptor, instance);
    return true;
}
static Value member_get(Thread *t, Value v, Value instance, Value type)
{
    if (is_unbound(instance)) return retain(v);
    MemberDescriptor *d = as_member(v);
    if (!applies(t, instance, d->type, d->name)) return ERROR;
    if (d->getset) return d->getset->get(t, instance);
    Value found = *member_place(v, instance);
    return is_unbound(found) ? raise_attribute_error(t, instance, d->name) : retain(found);
}
static bool member_set(Thread *t, Value v, Value instance, Value value)
{
    MemberDescriptor *d = as_member(v);
    if (!applies(t, instance, d->type, d->name)) return false;
    if (d->getset) return d->getset->set(t, instance, value);
    Value *place = member_place(v, instance);
    if (is_unbound(value) && is_unbound(*place)) return error_false(raise_attribute_error(t, instance, d->name));
    assign(place, retain(value));
    return true;
}
static Value member_repr(Thread *t, Value v) { return str_format(t, "<member '%U' of '%N' objects>", as_member(v)->name, as_member(v)->type); }
static Value member_name(Thread *t, Value v) { return retain(object_value(as_member(v)->name)); }
static Value member_qualname(Thread *t, Value v) { return str_format(t, "%S.%U", as_member(v)->type->qualname, as_member(v)->name); }
static Value member_objclass(Thread *t, Value v) { return retain(type_value(as_member(v)->type)); }
static Value member_doc(Thread *t, Value v)
{
    const GetSet *getset = as_member(v)->getset;
    return getset && getset->doc ? str_from_text(t, getset->doc) : NONE;
}
static void member_visit(Object *o, VisitFn visit, void *context) { visit(type_value(((MemberDescriptor *)o)->type), context); }
static void member_finish(Thread *t, Object *o)
{
    drop_pointer(((MemberDescriptor *)o)->name);
    drop_pointer(((MemberDescriptor *)o)->type);
}
static const GetSet member_getsets[] = {
    {"__name__", member_name, NULL, NULL}, {"__qualname__", member_qualname, NULL, NULL}, {"__objclass__", member_objclass, NULL, NULL}, {"__doc__", member_doc, NULL, NULL}, {0},
};
const TypeSpec member_descriptor_spec = {
    .name = "member_descriptor",
    .size = sizeof(MemberDescriptor),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = member_visit, .finish = member_finish, .repr = member_repr, .descr_get = member_get, .descr_set = member_set},
    .getsets = member_getsets,
};
