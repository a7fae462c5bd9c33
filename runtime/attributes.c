// SPDX-License-Identifier: MIT
// runtime/attributes.c: attribute access: of instances (object.__getattribute__), of classes, and the entry points.
//
// The order is Python's: a data descriptor of the type, then the instance's own attributes, then whatever else the type
// has. A miss raises only at the entry points that must raise, so that hasattr() and optional look-ups make no exception.
#include "runtime/call.h"
#include "runtime/class.h"
#include "runtime/error.h"
#include "runtime/shape.h"
#include "runtime/slots.h"
#include "runtime/types/dict.h"
#include "runtime/types/function.h"
#include "runtime/types/str.h"

typedef Value (*GetFn)(Thread *, Value, Value, Value);

Value generic_get_attr_optional(Thread *t, Value v, Str *name)
{
    Type *type = type_of(v);
    Value found = type_lookup(type, name);
    GetFn get = NULL;
    if (!is_unbound(found)) {
        Type *found_type = type_of(found);
        get = found_type->slots.descr_get;
        if (get && found_type->slots.descr_set) {
            OWN Value keeps = retain(found);
            return get(t, found, v, type_value(type));
        }
    }
    if (is_object(v)) {
        Attrs *attrs = object_attrs(as_object(v));
        if (attrs) {
            Value own = attrs_get(attrs, name);
            if (!is_unbound(own)) return retain(own);
        }
    }
    if (is_unbound(found)) return UNBOUND;
    if (!get) return retain(found);
    OWN Value keeps = retain(found);
    return get(t, found, v, type_value(type));
}

Value generic_get_attr(Thread *t, Value v, Str *name)
{
    Value result = generic_get_attr_optional(t, v, name);
    return is_unbound(result) ? raise_attribute_error(t, v, name) : result;
}

bool generic_set_attr(Thread *t, Value v, Str *name, Value value)
{
    Type *type = type_of(v);
    Value found = type_lookup(type, name);
    if (!is_unbound(found) && type_of(found)->slots.descr_set) {
        OWN Value keeps = retain(found);
        return type_of(found)->slots.descr_set(t, found, v, value);
    }
    Attrs *attrs = is_object(v) ? object_attrs(as_object(v)) : NULL;
    if (attrs) return attrs_set(t, as_object(v), attrs, name, value);
    if (is_unbound(found)) return error_false(raise_attribute_error(t, v, name));
    return error_false(raise_error(t, &exc_AttributeError, "'%T' object attribute '%U' is read-only", v, name));
}

Value object_get_attr(Thread *t, Value v, Str *name)
{
    Type *type = type_of(v);
    Value result = LIKELY(type->slots.get_attr == generic_get_attr) ? generic_get_attr(t, v, name) : type->slots.get_attr(t, v, name);
    if (UNLIKELY(is_error(result))) attribute_error_complete(t, v, name);
    return result;
}

Value object_get_attr_optional(Thread *t, Value v, Str *name)
{
    Type *type = type_of(v);
    if (LIKELY(type->slots.get_attr == generic_get_attr)) {
        Value result = generic_get_attr_optional(t, v, name);
        if (is_error(result) && error_clear_if(t, &exc_AttributeError)) return UNBOUND;
        return result;
    }
    if (type->slots.get_attr == type_type.slots.get_attr) {
        Value result = type_attr_optional(t, as_type(v), name);
        if (is_error(result) && error_clear_if(t, &exc_AttributeError)) return UNBOUND;
        return result;
    }
    Value result = type->slots.get_attr(t, v, name);
    if (is_error(result) && error_clear_if(t, &exc_AttributeError)) return UNBOUND;
    return result;
}

bool object_set_attr(Thread *t, Value v, Str *name, Value value)
{
    bool (*set)(Thread *, Value, Str *, Value) = type_of(v)->slots.set_attr;
    return set ? set(t, v, name, value) : generic_set_attr(t, v, name, value);
}

// The attribute of a class: data descriptors of the metaclass, then the class's MRO, then the rest of the metaclass.
Value type_attr_optional(Thread *t, Type *type, Str *name)
{
    Type *metatype = type->head.type;
    Value meta = type_lookup(metatype, name);
    GetFn meta_get = NULL;
    if (!is_unbound(meta)) {
        Type *meta_type = type_of(meta);
        meta_get = meta_type->slots.descr_get;
        if (meta_get && meta_type->slots.descr_set) {
            OWN Value keeps = retain(meta);
            return meta_get(t, meta, type_value(type), type_value(metatype));
        }
    }
    Value found = type_lookup(type, name);
    if (!is_unbound(found)) {
        GetFn get = type_of(found)->slots.descr_get;
        if (!get) return retain(found);
        OWN Value keeps = retain(found);
        return get(t, found, UNBOUND, type_value(type));
    }
    if (is_unbound(meta)) return UNBOUND;
    if (!meta_get) return retain(meta);
    OWN Value keeps = retain(meta);
    return meta_get(t, meta, type_value(type), type_value(metatype));
}

Value method_for_call(Thread *t, Value v, Str *name, bool *bound)
{
    *bound = true;
    Type *type = type_of(v);
    if (type->slots.get_attr != generic_get_attr) return object_get_attr(t, v, name);
    Value found = type_lookup(type, name);
    if (is_unbound(found) || !(type_of(found)->flags & TYPE_METHOD_DESCRIPTOR)) return generic_get_attr(t, v, name);
    if (is_object(v)) {
        Attrs *attrs = object_attrs(as_object(v));
        if (attrs) {
            Value own = attrs_get(attrs, name);
            if (!is_unbound(own)) return retain(own);
        }
    }
    *bound = false;
    return retain(found);
}
