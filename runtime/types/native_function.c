// SPDX-License-Identifier: MIT
// runtime/types/native_function.c: functions written in C, free or bound, and the methods of native types.
#include <stdio.h>

#include "runtime/class.h"
#include "runtime/error.h"
#include "runtime/slots.h"
#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/function.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type native_function_type, method_descriptor_type, classmethod_descriptor_type, slot_wrapper_type, method_wrapper_type;

static NativeFunction *as_native(Value v) { return (NativeFunction *)as_object(v); }
static MethodDescriptor *as_descriptor(Value v) { return (MethodDescriptor *)as_object(v); }
static SlotWrapper *as_wrapper(Value v) { return (SlotWrapper *)as_object(v); }

// "list.append", or the name alone, for messages: written at every call that is not bound plainly, so without printf.
static void function_name(char *name, size_t size, Type *type, const Method *method)
{
    char *at = name, *end = name + size - 1;
    if (type) {
        for (const char *from = type->name; *from && at < end;) *at++ = *from++;
        if (at < end) *at++ = '.';
    }
    for (const char *from = method->name; *from && at < end;) *at++ = *from++;
    *at = 0;
}

// Positional arguments only, as many as the signature takes, defaults for the rest: nothing to release. False: not so plain.
static bool bind_plainly(const Signature *s, const Value *args, size_t nargs, Value kwnames, Value *slots)
{
    if (!is_unbound(kwnames) || s->has_varargs || s->has_kwargs || nargs > s->positional || nargs < s->required_positional) return false;
    for (size_t i = 0; i < nargs; i++) slots[i] = args[i];
    for (size_t i = nargs; i < s->count; i++) {
        if (s->parameters[i].required) return false;
        slots[i] = s->parameters[i].fallback;
    }
    return true;
}

// Calls a native function with its arguments bound; `type` says whose method it is in messages, or NULL.
static Value call_native(Thread *t, const Method *method, const Signature *s, Type *type, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (LIKELY(s->simple && is_unbound(kwnames) && nargs == s->count)) return method->function(t, self, args);
    Value slots[SIGNATURE_SLOTS_MAX];
    if (LIKELY(bind_plainly(s, args, nargs, kwnames, slots))) return method->function(t, self, slots);
    char name[128];
    function_name(name, sizeof name, type, method);
    if (!signature_bind(t, s, name, args, nargs, kwnames, slots)) return ERROR;
    Value result = method->function(t, self, slots);
    signature_release(s, slots);
    return result;
}

// The text of a signature as inspect wants it: with $self in front.
static Value signature_text(Thread *t, const Method *method, const Signature *s)
{
    const char *text = method->signature;
    if (strstr(text, "<unset>")) return NONE;
    if (s->binds == BINDS_NOTHING) return str_format(t, "($module%s%s", text[1] == ')' ? ", /" : ", ", text + 1);
    return str_format(t, "($%s", text + 1);
}
static Value doc_text(Thread *t, const char *doc) { return doc ? str_from_text(t, doc) : NONE; }

// ---- builtin_function_or_method
Value native_function_new(Thread *t, const Method *method, Value self, Value module)
{
    const Signature *s = signature_read(t, method->signature);
    NativeFunction *f = s ? (NativeFunction *)object_new(t, &native_function_type) : NULL;
    if (!f) return ERROR;
    f->method = method;
    f->signature = s;
    f->self = retain(self);
    f->module = retain(module);
    return object_value(f);
}

static Value native_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    NativeFunction *native = as_native(f);
    Type *type = is_module(native->self) || is_unbound(native->self) ? NULL : is_type(native->self) ? as_type(native->self) : type_of(native->self);
    return call_native(t, native->method, native->signature, type, native->self, args, nargs, kwnames);
}
static Value native_repr(Thread *t, Value v)
{
    NativeFunction *f = as_native(v);
    if (is_unbound(f->self) || is_module(f->self)) return str_format(t, "<built-in function %s>", f->method->name);
    char address[32];
    snprintf(address, sizeof address, "0x%llx", (unsigned long long)f->self.bits);
    return str_format(t, "<built-in method %s of %T object at %s>", f->method->name, f->self, address);
}
static bool native_hash(Thread *t, Value v, int64_t *hash)
{
    NativeFunction *f = as_native(v);
    *hash = (int64_t)(f->self.bits >> 4 ^ (uintptr_t)f->method);
    if (*hash == -1) *hash = -2;
    return true;
}
static Value native_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || type_of(b) != &native_function_type) return NOT_IMPLEMENTED;
    bool same = as_native(a)->method == as_native(b)->method && is_same(as_native(a)->self, as_native(b)->self);
    return bool_value(same == (op == CMP_EQ));
}
static void native_visit(Object *o, VisitFn visit, void *context)
{
    NativeFunction *f = (NativeFunction *)o;
    if (is_object(f->self)) visit(f->self, context);
    if (is_object(f->module)) visit(f->module, context);
}
static void native_finish(Thread *t, Object *o)
{
    drop(((NativeFunction *)o)->self);
    drop(((NativeFunction *)o)->module);
}
static Value native_name(Thread *t, Value v) { return str_from_text(t, as_native(v)->method->name); }
static Value native_qualname(Thread *t, Value v)
{
    NativeFunction *f = as_native(v);
    if (is_unbound(f->self) || is_module(f->self)) return native_name(t, v);
    Type *type = is_type(f->self) ? as_type(f->self) : type_of(f->self);
    return str_format(t, "%S.%s", type->qualname, f->method->name);
}
static Value native_self(Thread *t, Value v) { return is_unbound(as_native(v)->self) ? NONE : retain(as_native(v)->self); }
static Value native_module(Thread *t, Value v) { return is_unbound(as_native(v)->module) ? NONE : retain(as_native(v)->module); }
static Value native_doc(Thread *t, Value v) { return doc_text(t, as_native(v)->method->doc); }
static Value native_signature(Thread *t, Value v) { return signature_text(t, as_native(v)->method, as_native(v)->signature); }
static Value native_reduce(Thread *t, Value self, const Value *args)
{
    NativeFunction *f = as_native(self);
    if (is_unbound(f->self) || is_module(f->self)) return str_from_text(t, f->method->name);
    OWN_POINTER Str *name = str_intern_text(t, "getattr", 7);
    OWN Value getattr = name ? retain(dict_get_str(t->interp->builtins, name)) : ERROR;
    OWN Value own_name = str_from_text(t, f->method->name);
    if (is_error(getattr) || is_error(own_name)) return ERROR;
    OWN Value args_tuple = tuple_of(t, 2, f->self, own_name);
    return is_error(args_tuple) ? ERROR : tuple_of(t, 2, getattr, args_tuple);
}
static const Method native_methods[] = {{"__reduce__", native_reduce, "(self, /)", NULL}, {0}};
static const GetSet native_getsets[] = {
    {"__name__", native_name, NULL, NULL}, {"__qualname__", native_qualname, NULL, NULL}, {"__self__", native_self, NULL, NULL},
    {"__module__", native_module, NULL, NULL}, {"__doc__", native_doc, NULL, NULL}, {"__text_signature__", native_signature, NULL, NULL}, {0},
};
const TypeSpec native_function_spec = {
    .name = "builtin_function_or_method",
    .size = sizeof(NativeFunction),
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS | TYPE_NO_NEW,
    .slots = {.visit = native_visit, .finish = native_finish, .repr = native_repr, .hash = native_hash, .compare = native_compare, .call = native_call},
    .methods = native_methods,
    .getsets = native_getsets,
};

// `__new__` of a native type: the first argument is the class to make an instance of.
static Value call_new(Thread *t, Value self, const Value *args)
{
    Type *owner = as_type(self);
    Tuple *given = as_tuple(args[0]);
    Dict *keywords = as_dict(args[1]);
    if (given->length == 0) return raise_type_error(t, "%N.__new__(): not enough arguments", owner);
    if (!is_type(given->items[0])) return raise_type_error(t, "%N.__new__(X): X is not a type object (%T)", owner, given->items[0]);
    Type *type = as_type(given->items[0]);
    if (!type_is_subtype(type, owner)) return raise_type_error(t, "%N.__new__(%N): %N is not a subtype of %N", owner, type, type, owner);
    Type *native = type;
    while (native->flags & TYPE_HEAP && !native->spec) native = native->base;
    if (native == owner && type->flags & TYPE_NO_NEW) return raise_type_error(t, "cannot create '%s' instances", type->spec ? type->spec->name : type->name);
    bool other_make = native->slots.make != owner->slots.make && !type_is_subtype(&type_type, owner);
    bool other_size = native->size != owner->size && !(owner->flags & TYPE_IS_EXCEPTION);     // the fields of an exception may be unset
    if (native != owner && (type->flags & TYPE_NO_NEW || other_make || other_size))
        return raise_type_error(t, "%N.__new__(%N) is not safe, use %N.__new__()", owner, type, native);
    size_t keyword_count = keywords->count;
    OWN_POINTER Tuple *kwnames = keyword_count ? tuple_blank(t, keyword_count) : NULL;
    OWN_POINTER Tuple *all = tuple_blank(t, given->length - 1 + keyword_count);
    if (!all || (keyword_count && !kwnames)) return ERROR;
    for (size_t i = 1; i < given->length; i++) all->items[i - 1] = retain(given->items[i]);
    size_t at = 0, i = 0;
    Value key, value;
    while (dict_next(keywords, &at, &key, &value)) {
        kwnames->items[i] = retain(key);
        all->items[given->length - 1 + i++] = retain(value);
    }
    return owner->slots.make(t, type, all->items, given->length - 1, kwnames ? object_value(kwnames) : UNBOUND);
}
static const Method new_method = {"__new__", call_new, "(*args, **kwargs)", "Create and return a new object.  See help(type) for accurate signature."};

Value native_new_function(Thread *t, Type *type) { return native_function_new(t, &new_method, type_value(type), NONE); }

// ---- method_descriptor and classmethod_descriptor
Value method_descriptor_new(Thread *t, Type *type, const Method *method)
{
    const Signature *s = signature_read(t, method->signature);
    if (!s) return ERROR;
    if (s->binds == BINDS_NOTHING) {
        OWN Value function = native_function_new(t, method, type_value(type), NONE);
        Wrapping *wrapping = is_error(function) ? NULL : (Wrapping *)object_new(t, &staticmethod_type);
        if (!wrapping) return ERROR;                      // made by hand: types are still being prepared
        wrapping->callable = MOVE(function);
        return object_value(wrapping);
    }
    Type *descriptor_type = s->binds == BINDS_CLASS ? &classmethod_descriptor_type : &method_descriptor_type;
    MethodDescriptor *d = (MethodDescriptor *)object_new(t, descriptor_type);
    if (!d) return ERROR;
    d->type = RETAIN(type);
    d->method = method;
    d->signature = s;
    d->name = str_intern_text(t, method->name, strlen(method->name));
    if (d->name) return object_value(d);
    drop_pointer(d);
    return ERROR;
}

static Value descriptor_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    MethodDescriptor *d = as_descriptor(f);
    if (nargs < 1) return raise_type_error(t, "unbound method %N.%s() needs an argument", d->type, d->method->name);
    if (UNLIKELY(!is_instance_of(args[0], d->type)))
        return raise_type_error(t, "descriptor '%s' for '%N' objects doesn't apply to a '%T' object", d->method->name, d->type, args[0]);
    return call_native(t, d->method, d->signature, d->type, args[0], args + 1, nargs - 1, kwnames);
}
static Value descriptor_get(Thread *t, Value v, Value instance, Value type)
{
    MethodDescriptor *d = as_descriptor(v);
    if (is_unbound(instance)) return retain(v);
    if (!is_instance_of(instance, d->type))
        return raise_type_error(t, "descriptor '%s' for type '%N' doesn't apply to type '%T'", d->method->name, d->type, instance);
    return native_function_new(t, d->method, instance, NONE);
}
static Value class_descriptor_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    MethodDescriptor *d = as_descriptor(f);
    if (nargs < 1) return raise_type_error(t, "descriptor '%s' of '%N' object needs an argument", d->method->name, d->type);
    if (!is_type(args[0])) return raise_type_error(t, "descriptor '%s' requires a type but received a '%T' instance", d->method->name, args[0]);
    return call_native(t, d->method, d->signature, as_type(args[0]), args[0], args + 1, nargs - 1, kwnames);
}
static Value class_descriptor_get(Thread *t, Value v, Value instance, Value type)
{
    Value owner = is_unbound(type) ? type_value(type_of(instance)) : type;
    return native_function_new(t, as_descriptor(v)->method, owner, NONE);
}
static Value descriptor_repr(Thread *t, Value v) { return str_format(t, "<method '%s' of '%N' objects>", as_descriptor(v)->method->name, as_descriptor(v)->type); }
static Value descriptor_name(Thread *t, Value v) { return retain(object_value(as_descriptor(v)->name)); }
static Value descriptor_qualname(Thread *t, Value v) { return str_format(t, "%S.%s", as_descriptor(v)->type->qualname, as_descriptor(v)->method->name); }
static Value descriptor_objclass(Thread *t, Value v) { return retain(type_value(as_descriptor(v)->type)); }
static Value descriptor_doc(Thread *t, Value v) { return doc_text(t, as_descriptor(v)->method->doc); }
static Value descriptor_signature(Thread *t, Value v) { return signature_text(t, as_descriptor(v)->method, as_descriptor(v)->signature); }
static void descriptor_visit(Object *o, VisitFn visit, void *context) { visit(type_value(((MethodDescriptor *)o)->type), context); }
static void descriptor_finish(Thread *t, Object *o)
{
    drop_pointer(((MethodDescriptor *)o)->name);
    drop_pointer(((MethodDescriptor *)o)->type);
}
static Value reduce_by_getattr(Thread *t, Type *type, const char *attribute)
{
    OWN_POINTER Str *name = str_intern_text(t, "getattr", 7);
    OWN Value getattr = name ? retain(dict_get_str(t->interp->builtins, name)) : ERROR;
    OWN Value own_name = str_from_text(t, attribute);
    if (is_error(getattr) || is_error(own_name)) return ERROR;
    OWN Value args_tuple = tuple_of(t, 2, type_value(type), own_name);
    return is_error(args_tuple) ? ERROR : tuple_of(t, 2, getattr, args_tuple);
}
static Value descriptor_reduce(Thread *t, Value self, const Value *args) { return reduce_by_getattr(t, as_descriptor(self)->type, as_descriptor(self)->method->name); }
static const Method descriptor_methods[] = {{"__reduce__", descriptor_reduce, "(self, /)", NULL}, {0}};
static const GetSet descriptor_getsets[] = {
    {"__name__", descriptor_name, NULL, NULL}, {"__qualname__", descriptor_qualname, NULL, NULL}, {"__objclass__", descriptor_objclass, NULL, NULL},
    {"__doc__", descriptor_doc, NULL, NULL}, {"__text_signature__", descriptor_signature, NULL, NULL}, {0},
};
const TypeSpec method_descriptor_spec = {
    .name = "method_descriptor",
    .size = sizeof(MethodDescriptor),
    .flags = TYPE_METHOD_DESCRIPTOR | TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = descriptor_visit, .finish = descriptor_finish, .repr = descriptor_repr, .call = descriptor_call, .descr_get = descriptor_get},
    .methods = descriptor_methods,
    .getsets = descriptor_getsets,
};
const TypeSpec classmethod_descriptor_spec = {
    .name = "classmethod_descriptor",
    .size = sizeof(MethodDescriptor),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = descriptor_visit, .finish = descriptor_finish, .repr = descriptor_repr, .call = class_descriptor_call, .descr_get = class_descriptor_get},
    .methods = descriptor_methods,
    .getsets = descriptor_getsets,
};

// ---- slot wrapper: `int.__add__`
static Value call_slot(Thread *t, SlotWrapper *w, Value self, const Value *args, size_t nargs, Value kwnames)
{
    const Signature *s = w->signature;
    if (s->simple && is_unbound(kwnames) && nargs == s->count) return w->row->wrap(t, w->type, self, args);
    const char *name = str_text(*w->row->name);
    if (s->simple && (nargs > s->positional || nargs < s->required_positional) && is_unbound(kwnames)) {
        unsigned expected = nargs > s->positional ? s->positional : s->required_positional;
        return raise_type_error(t, "expected %s%u argument%s, got %zu", s->positional == s->required_positional ? "" : nargs > s->positional ? "at most " : "at least ",
                                expected, expected == 1 ? "" : "s", nargs);
    }
    if (s->simple && !is_unbound(kwnames) && as_tuple(kwnames)->length) return raise_type_error(t, "wrapper %s() takes no keyword arguments", name);
    Value slots[SIGNATURE_SLOTS_MAX];
    if (!signature_bind(t, s, name, args, nargs, kwnames, slots)) return ERROR;
    Value result = w->row->wrap(t, w->type, self, slots);
    signature_release(s, slots);
    return result;
}
static Value wrapper_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    SlotWrapper *w = as_wrapper(f);
    if (nargs < 1) return raise_type_error(t, "descriptor '%U' of '%N' object needs an argument", *w->row->name, w->type);
    if (!is_instance_of(args[0], w->type))
        return raise_type_error(t, "descriptor '%U' requires a '%N' object but received a '%T'", *w->row->name, w->type, args[0]);
    return call_slot(t, w, args[0], args + 1, nargs - 1, kwnames);
}
static Value wrapper_get(Thread *t, Value v, Value instance, Value type)
{
    if (is_unbound(instance)) return retain(v);
    SlotWrapper *w = as_wrapper(v);
    if (!is_instance_of(instance, w->type))
        return raise_type_error(t, "descriptor '%U' for type '%N' doesn't apply to type '%T'", *w->row->name, w->type, instance);
    BoundMethod *m = (BoundMethod *)object_new(t, &method_wrapper_type);
    if (!m) return ERROR;
    m->function = retain(v);
    m->self = retain(instance);
    return object_value(m);
}
static Value wrapper_repr(Thread *t, Value v) { return str_format(t, "<slot wrapper '%U' of '%N' objects>", *as_wrapper(v)->row->name, as_wrapper(v)->type); }
static Value wrapper_name(Thread *t, Value v) { return retain(object_value(*as_wrapper(v)->row->name)); }
static Value wrapper_qualname(Thread *t, Value v) { return str_format(t, "%S.%U", as_wrapper(v)->type->qualname, *as_wrapper(v)->row->name); }
static Value wrapper_objclass(Thread *t, Value v) { return retain(type_value(as_wrapper(v)->type)); }
static Value wrapper_doc(Thread *t, Value v) { return doc_text(t, as_wrapper(v)->row->doc); }
static Value wrapper_signature(Thread *t, Value v) { return str_format(t, "($%s", as_wrapper(v)->row->signature + 1); }
static Value wrapper_reduce(Thread *t, Value self, const Value *args) { return reduce_by_getattr(t, as_wrapper(self)->type, str_text(*as_wrapper(self)->row->name)); }
static const Method wrapper_methods[] = {{"__reduce__", wrapper_reduce, "(self, /)", NULL}, {0}};
static const GetSet wrapper_getsets[] = {
    {"__name__", wrapper_name, NULL, NULL}, {"__qualname__", wrapper_qualname, NULL, NULL}, {"__objclass__", wrapper_objclass, NULL, NULL},
    {"__doc__", wrapper_doc, NULL, NULL}, {"__text_signature__", wrapper_signature, NULL, NULL}, {0},
};
const TypeSpec slot_wrapper_spec = {
    .name = "wrapper_descriptor",
    .size = sizeof(SlotWrapper),
    .flags = TYPE_METHOD_DESCRIPTOR | TYPE_NO_NEW,
    .slots = {.repr = wrapper_repr, .call = wrapper_call, .descr_get = wrapper_get},
    .methods = wrapper_methods,
    .getsets = wrapper_getsets,
};

// ---- method-wrapper: `(1).__add__`
static BoundMethod *as_bound(Value v) { return (BoundMethod *)as_object(v); }
static Value method_wrapper_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    return call_slot(t, as_wrapper(as_bound(f)->function), as_bound(f)->self, args, nargs, kwnames);
}
static Value method_wrapper_repr(Thread *t, Value v)
{
    char address[32];
    snprintf(address, sizeof address, "0x%llx", (unsigned long long)as_bound(v)->self.bits);
    return str_format(t, "<method-wrapper '%U' of %T object at %s>", *as_wrapper(as_bound(v)->function)->row->name, as_bound(v)->self, address);
}
static Value method_wrapper_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || type_of(b) != &method_wrapper_type) return NOT_IMPLEMENTED;
    bool same = is_same(as_bound(a)->function, as_bound(b)->function) && is_same(as_bound(a)->self, as_bound(b)->self);
    return bool_value(same == (op == CMP_EQ));
}
static bool method_wrapper_hash(Thread *t, Value v, int64_t *hash)
{
    *hash = (int64_t)((as_bound(v)->self.bits ^ as_bound(v)->function.bits) >> 4);
    return true;
}
static void bound_visit(Object *o, VisitFn visit, void *context)
{
    BoundMethod *m = (BoundMethod *)o;
    if (is_object(m->function)) visit(m->function, context);
    if (is_object(m->self)) visit(m->self, context);
}
static void bound_finish(Thread *t, Object *o)
{
    drop(((BoundMethod *)o)->function);
    drop(((BoundMethod *)o)->self);
}
static Value method_wrapper_self(Thread *t, Value v) { return retain(as_bound(v)->self); }
static Value method_wrapper_name(Thread *t, Value v) { return wrapper_name(t, as_bound(v)->function); }
static Value method_wrapper_qualname(Thread *t, Value v) { return wrapper_qualname(t, as_bound(v)->function); }
static Value method_wrapper_objclass(Thread *t, Value v) { return wrapper_objclass(t, as_bound(v)->function); }
static Value method_wrapper_doc(Thread *t, Value v) { return wrapper_doc(t, as_bound(v)->function); }
static Value method_wrapper_signature(Thread *t, Value v) { return wrapper_signature(t, as_bound(v)->function); }
static Value bound_reduce(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Str *name = str_intern_text(t, "getattr", 7);
    OWN Value getattr = name ? retain(dict_get_str(t->interp->builtins, name)) : ERROR;
    OWN Value own_name = object_get_attr(t, as_bound(self)->function, NAME(__name__));
    if (is_error(getattr) || is_error(own_name)) return ERROR;
    OWN Value args_tuple = tuple_of(t, 2, as_bound(self)->self, own_name);
    return is_error(args_tuple) ? ERROR : tuple_of(t, 2, getattr, args_tuple);
}
static const Method bound_methods[] = {{"__reduce__", bound_reduce, "(self, /)", NULL}, {0}};
static const GetSet method_wrapper_getsets[] = {
    {"__self__", method_wrapper_self, NULL, NULL}, {"__name__", method_wrapper_name, NULL, NULL}, {"__qualname__", method_wrapper_qualname, NULL, NULL},
    {"__objclass__", method_wrapper_objclass, NULL, NULL}, {"__doc__", method_wrapper_doc, NULL, NULL}, {"__text_signature__", method_wrapper_signature, NULL, NULL}, {0},
};
const TypeSpec method_wrapper_spec = {
    .name = "method-wrapper",
    .size = sizeof(BoundMethod),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = bound_visit, .finish = bound_finish, .repr = method_wrapper_repr, .hash = method_wrapper_hash, .compare = method_wrapper_compare, .call = method_wrapper_call},
    .methods = bound_methods,
    .getsets = method_wrapper_getsets,
};

// ---- method: a function bound to its instance
Type bound_method_type;

Value bound_method_new(Thread *t, Value function, Value self)
{
    BoundMethod *m = (BoundMethod *)object_new(t, &bound_method_type);
    if (!m) return ERROR;
    m->function = retain(function);
    m->self = retain(self);
    return object_value(m);
}
#define BOUND_ARGS 8
static Value bound_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    size_t all = nargs + (is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length);
    Value small[BOUND_ARGS];
    OWN_MEMORY Value *large = NULL;
    Value *with_self = small;
    if (all + 1 > BOUND_ARGS) with_self = large = mem_allocate(t, (all + 1) * sizeof(Value));
    if (!with_self) return ERROR;
    with_self[0] = as_bound(f)->self;
    if (all) memcpy(with_self + 1, args, all * sizeof(Value));
    Value function = as_bound(f)->function;
    return call(t, function, with_self, nargs + 1, kwnames);
}
static Value bound_get(Thread *t, Value v, Value instance, Value type) { return retain(v); }
static Value bound_get_attr(Thread *t, Value v, Str *name)
{
    Value own = generic_get_attr_optional(t, v, name);
    return is_unbound(own) ? object_get_attr(t, as_bound(v)->function, name) : own;
}
static Value bound_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || type_of(b) != &bound_method_type) return NOT_IMPLEMENTED;
    int same = is_same(as_bound(a)->self, as_bound(b)->self) ? object_equal(t, as_bound(a)->function, as_bound(b)->function) : 0;
    return same < 0 ? ERROR : bool_value((same == 1) == (op == CMP_EQ));
}
static bool bound_hash(Thread *t, Value v, int64_t *hash)
{
    int64_t function;
    if (!object_hash(t, as_bound(v)->function, &function)) return false;
    *hash = function ^ (int64_t)(as_bound(v)->self.bits >> 4);
    if (*hash == -1) *hash = -2;
    return true;
}
static Value bound_repr(Thread *t, Value v)
{
    OWN Value name = object_get_attr_optional(t, as_bound(v)->function, NAME(__qualname__));
    if (is_unbound(name)) name = object_get_attr_optional(t, as_bound(v)->function, NAME(__name__));
    if (is_error(name)) return ERROR;
    if (!is_str(name)) return str_format(t, "<bound method ? of %R>", as_bound(v)->self);
    return str_format(t, "<bound method %S of %R>", name, as_bound(v)->self);
}
static Value bound_function(Thread *t, Value v) { return retain(as_bound(v)->function); }
static Value bound_self(Thread *t, Value v) { return retain(as_bound(v)->self); }
static Value bound_doc(Thread *t, Value v) { return object_get_attr(t, as_bound(v)->function, NAME(__doc__)); }
static Value bound_construct(Thread *t, Type *type, const Value *args)
{
    if (!object_is_callable(args[0])) return raise_type_error(t, "first argument must be callable");
    if (is_none(args[1])) return raise_type_error(t, "instance must not be None");
    return bound_method_new(t, args[0], args[1]);
}
static const GetSet bound_getsets[] = {{"__func__", bound_function, member_readonly, "the function (or other callable) implementing a method"}, {"__self__", bound_self, member_readonly, "the instance to which a method is bound"},
                                       {"__doc__", bound_doc, NULL, NULL}, {0}};
const TypeSpec bound_method_spec = {
    .name = "method",
    .doc = "Create a bound instance method object.",
    .size = sizeof(BoundMethod),
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS,
    .slots = {.visit = bound_visit, .finish = bound_finish, .repr = bound_repr, .hash = bound_hash, .compare = bound_compare, .call = bound_call,
              .get_attr = bound_get_attr, .descr_get = bound_get},
    .methods = bound_methods,
    .getsets = bound_getsets,
    .new_signature = "(function, instance, /)",
    .construct = bound_construct,
};
