// SPDX-License-Identifier: MIT
// runtime/types/super.c: super: attribute look-up that starts behind a given class in the MRO of another.
#include "runtime/class.h"
#include "runtime/error.h"
#include "runtime/types/dict.h"
#include "runtime/types/function.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

typedef struct Super { Object head; Value type, object; Type *object_type; } Super;   // object UNBOUND: unbound; object_type owned

Type super_type;

static Super *as_super(Value v) { return (Super *)as_object(v); }

// The class whose MRO is walked for super(type, object): object's own if it is a class, else that of its type.
static Type *check_object(Thread *t, Type *type, Value object)
{
    if (is_type(object) && type_is_subtype(as_type(object), type)) return as_type(object);
    if (type_is_subtype(type_of(object), type)) return type_of(object);
    OWN Value claimed = object_get_attr_optional(t, object, NAME(__class__));
    if (is_error(claimed)) return NULL;
    if (is_type(claimed) && type_is_subtype(as_type(claimed), type)) return as_type(claimed);
    return error_null(raise_type_error(t, "super(type, obj): obj must be an instance or subtype of type"));
}

static bool super_initialize(Thread *t, Value self, const Value *args)
{
    Value type = args[0], object = args[1];
    if (is_unbound(type)) {
        if (!t->interp->up.super_arguments(t, &type, &object)) return false;
    } else if (!is_type(type)) {
        return error_false(raise_type_error(t, "super() argument 1 must be a type, not %T", type));
    }
    if (is_none(object)) object = UNBOUND;
    Type *object_type_found = NULL;
    if (!is_unbound(object)) {
        object_type_found = check_object(t, as_type(type), object);
        if (!object_type_found) return false;
    }
    Super *s = as_super(self);
    retain(type);
    retain(object);
    assign(&s->type, type);
    assign(&s->object, object);
    Type *old = s->object_type;
    s->object_type = RETAIN(object_type_found);
    drop_pointer(old);
    return true;
}

static Value super_get_attr(Thread *t, Value v, Str *name)
{
    Super *s = as_super(v);
    if (!s->object_type || !s->object_type->mro || name == NAME(__class__)) return generic_get_attr(t, v, name);
    OWN_POINTER Tuple *mro = RETAIN(s->object_type->mro);
    size_t i = 0;
    while (i < mro->length && !is_same(mro->items[i], s->type)) i++;
    for (i++; i < mro->length; i++) {
        OWN Value found = retain(dict_get_str(as_type(mro->items[i])->dict, name));
        if (is_unbound(found)) continue;
        Value (*get)(Thread *, Value, Value, Value) = type_of(found)->slots.descr_get;
        if (!get) return MOVE(found);
        bool from_class = is_type(s->object) && as_type(s->object) == s->object_type;
        return get(t, found, from_class ? UNBOUND : s->object, type_value(s->object_type));
    }
    return generic_get_attr(t, v, name);
}

static Value super_descr_get(Thread *t, Value v, Value instance, Value type)
{
    Super *s = as_super(v);
    if (is_unbound(instance) || is_none(instance) || !is_unbound(s->object)) return retain(v);
    return call2(t, type_value(type_of(v)), s->type, instance);
}

static Value super_repr(Thread *t, Value v)
{
    Super *s = as_super(v);
    const char *name = is_unbound(s->type) ? "NULL" : as_type(s->type)->name;
    if (!s->object_type) return str_format(t, "<super: <class '%s'>, NULL>", name);
    return str_format(t, "<super: <class '%s'>, <%N object>>", name, s->object_type);
}
static Value super_thisclass(Thread *t, Value v) { return is_unbound(as_super(v)->type) ? NONE : retain(as_super(v)->type); }
static Value super_self(Thread *t, Value v) { return is_unbound(as_super(v)->object) ? NONE : retain(as_super(v)->object); }
static Value super_self_class(Thread *t, Value v) { return as_super(v)->object_type ? retain(type_value(as_super(v)->object_type)) : NONE; }
static void super_visit(Object *o, VisitFn visit, void *context)
{
    Super *s = (Super *)o;
    if (is_object(s->type)) visit(s->type, context);
    if (is_object(s->object)) visit(s->object, context);
    if (s->object_type) visit(type_value(s->object_type), context);
}
static void super_finish(Thread *t, Object *o)
{
    Super *s = (Super *)o;
    clear(&s->type);
    clear(&s->object);
    drop_pointer(MOVE_POINTER(s->object_type));
}
static const GetSet super_getsets[] = {
    {"__thisclass__", super_thisclass, member_readonly, "the class invoking super()"}, {"__self__", super_self, member_readonly, "the instance invoking super(); may be None"},
    {"__self_class__", super_self_class, member_readonly, "the type of the instance invoking super(); may be None"}, {0},
};
const TypeSpec super_spec = {
    .name = "super",
    .doc = "super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super object\nsuper(type, obj) -> bound super object",
    .size = sizeof(Super),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {.visit = super_visit, .finish = super_finish, .repr = super_repr, .get_attr = super_get_attr, .descr_get = super_descr_get},
    .getsets = super_getsets,
    .init_signature = "(type=<unset>, obj=<unset>, /)",
    .initialize = super_initialize,
};
