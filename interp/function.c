// SPDX-License-Identifier: MIT
// interp/function.c: the type `function`: its attributes. How arguments are bound is in bind.c.
#include "interp/function.h"

#include <stdio.h>

#include "interp/vm.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/function.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"

Type function_type;

Dict *builtins_of_globals(Thread *t, Dict *globals)
{
    Value builtins = dict_get_str(globals, NAME(__builtins__));
    if (is_unbound(builtins)) return t->interp->builtins;
    if (is_module(builtins)) return as_module(builtins)->dict;
    if (is_dict(builtins)) return as_dict(builtins);
    return t->interp->builtins;
}

Value function_new(Thread *t, Code *code, Dict *globals, Str *qualname)
{
    Function *f = (Function *)object_new(t, &function_type);
    if (!f) return ERROR;
    f->code = RETAIN(code);
    f->globals = RETAIN(globals);
    f->builtins = RETAIN(builtins_of_globals(t, globals));
    f->name = RETAIN(code->name);
    f->qualname = qualname ? RETAIN(qualname) : RETAIN(code->qualname);
    bool documented = code->constant_count && is_str(code->constants[0]) && (code->flags & CODE_OPTIMIZED);
    f->doc = documented ? retain(code->constants[0]) : NONE;
    f->module = retain(dict_get_str(globals, NAME(__name__)));
    return object_value(f);
}

static void function_visit(Object *o, VisitFn visit, void *context)
{
    Function *f = (Function *)o;
    void *owned[] = {f->code, f->globals, f->builtins, f->name, f->qualname};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (owned[i]) visit(object_value(owned[i]), context);
    Value values[] = {f->defaults, f->kwdefaults, f->closure, f->annotations, f->doc, f->module, f->type_params, f->former_codes};
    for (size_t i = 0; i < COUNT_OF(values); i++) VISIT(values[i]);
}

static void function_unlink(Thread *t, Object *o)
{
    Function *f = (Function *)o;
    clear(&f->defaults);
    clear(&f->kwdefaults);
    clear(&f->closure);
    clear(&f->annotations);
    clear(&f->doc);
    clear(&f->module);
    clear(&f->type_params);
}

static void function_finish(Thread *t, Object *o)
{
    Function *f = (Function *)o;
    function_unlink(t, o);
    clear(&f->former_codes);
    drop_pointer(f->code);
    drop_pointer(f->globals);
    drop_pointer(f->builtins);
    drop_pointer(f->name);
    drop_pointer(f->qualname);
}

static Value function_repr(Thread *t, Value v)
{
    char address[32];
    snprintf(address, sizeof address, "%p", (void *)as_object(v));
    return str_format(t, "<function %U at %s>", as_function(v)->qualname, address);
}

static Value function_get(Thread *t, Value descriptor, Value instance, Value type)
{
    if (is_unbound(instance) || is_none(instance)) return retain(descriptor);
    return bound_method_new(t, descriptor, instance);
}

// ---- attributes

static Value or_none(Value v) { return is_unbound(v) ? NONE : retain(v); }

static Value get_code(Thread *t, Value v) { return retain(object_value(as_function(v)->code)); }
static bool set_code(Thread *t, Value v, Value code)
{
    Function *f = as_function(v);
    if (!is_code(code)) return error_false(raise_type_error(t, "__code__ must be set to a code object"));
    size_t has = is_unbound(f->closure) ? 0 : as_tuple(f->closure)->length, needs = as_code(code)->freevars->length;
    if (has != needs)
        return error_false(raise_value_error(t, "%U() requires a code object with %zu free vars, not %zu", f->name, has, needs));
    if (is_unbound(f->former_codes)) {
        f->former_codes = list_new(t, 1);
        if (is_error(f->former_codes)) return f->former_codes = UNBOUND, false;
    }
    if (!list_append(t, f->former_codes, object_value(f->code))) return false;
    drop_pointer(f->code);
    f->code = as_code(retain(code));
    return true;
}
static Value get_defaults(Thread *t, Value v) { return or_none(as_function(v)->defaults); }
static bool set_defaults(Thread *t, Value v, Value defaults)
{
    if (is_none(defaults)) defaults = UNBOUND;
    if (!is_unbound(defaults) && !is_tuple(defaults)) return error_false(raise_type_error(t, "__defaults__ must be set to a tuple object"));
    assign(&as_function(v)->defaults, retain(defaults));
    return true;
}
static Value get_kwdefaults(Thread *t, Value v) { return or_none(as_function(v)->kwdefaults); }
static bool set_kwdefaults(Thread *t, Value v, Value defaults)
{
    if (is_none(defaults)) defaults = UNBOUND;
    if (!is_unbound(defaults) && !is_dict(defaults)) return error_false(raise_type_error(t, "__kwdefaults__ must be set to a dict object"));
    assign(&as_function(v)->kwdefaults, retain(defaults));
    return true;
}
static Value get_annotations(Thread *t, Value v)
{
    Function *f = as_function(v);
    if (is_dict(f->annotations)) return retain(f->annotations);
    OWN_POINTER Dict *d = dict_new(t);
    if (!d) return ERROR;
    if (is_tuple(f->annotations)) {
        Tuple *pairs = as_tuple(f->annotations);
        for (size_t i = 0; i + 1 < pairs->length; i += 2)
            if (!dict_set(t, d, pairs->items[i], pairs->items[i + 1])) return ERROR;
    }
    assign(&f->annotations, retain(dict_value(d)));
    return retain(f->annotations);
}
static bool set_annotations(Thread *t, Value v, Value annotations)
{
    if (is_none(annotations)) annotations = UNBOUND;
    if (!is_unbound(annotations) && !is_dict(annotations))
        return error_false(raise_type_error(t, "__annotations__ must be set to a dict object"));
    assign(&as_function(v)->annotations, retain(annotations));
    return true;
}
static Value get_closure(Thread *t, Value v) { return or_none(as_function(v)->closure); }
static Value get_globals(Thread *t, Value v) { return retain(dict_value(as_function(v)->globals)); }
static Value get_builtins(Thread *t, Value v) { return retain(dict_value(as_function(v)->builtins)); }
static Value get_name(Thread *t, Value v) { return retain(object_value(as_function(v)->name)); }
static bool set_name(Thread *t, Value v, Value name)
{
    if (is_unbound(name) || !is_str(name)) return error_false(raise_type_error(t, "__name__ must be set to a string object"));
    Function *f = as_function(v);
    drop_pointer(f->name);
    f->name = as_str(retain(name));
    return true;
}
static Value get_qualname(Thread *t, Value v) { return retain(object_value(as_function(v)->qualname)); }
static bool set_qualname(Thread *t, Value v, Value name)
{
    if (is_unbound(name) || !is_str(name)) return error_false(raise_type_error(t, "__qualname__ must be set to a string object"));
    Function *f = as_function(v);
    drop_pointer(f->qualname);
    f->qualname = as_str(retain(name));
    return true;
}
static Value get_doc(Thread *t, Value v) { return or_none(as_function(v)->doc); }
static bool set_doc(Thread *t, Value v, Value doc)
{
    assign(&as_function(v)->doc, is_unbound(doc) ? NONE : retain(doc));
    return true;
}
static Value get_module(Thread *t, Value v) { return or_none(as_function(v)->module); }
static bool set_module(Thread *t, Value v, Value module)
{
    assign(&as_function(v)->module, is_unbound(module) ? NONE : retain(module));
    return true;
}
static Value get_type_params(Thread *t, Value v)
{
    Value params = as_function(v)->type_params;
    return retain(is_unbound(params) ? object_value(tuple_empty) : params);
}
static bool set_type_params(Thread *t, Value v, Value params)
{
    if (!is_tuple(params)) return error_false(raise_type_error(t, "__type_params__ must be set to a tuple"));
    assign(&as_function(v)->type_params, retain(params));
    return true;
}
static Value get_dict(Thread *t, Value v) { return object_get_dict(t, v); }
static bool set_dict(Thread *t, Value v, Value dict)
{
    if (is_unbound(dict)) return error_false(raise_type_error(t, "cannot delete __dict__"));
    return object_set_dict(t, v, dict);
}

static const GetSet function_getsets[] = {
    {"__code__", get_code, set_code, NULL},
    {"__defaults__", get_defaults, set_defaults, NULL},
    {"__kwdefaults__", get_kwdefaults, set_kwdefaults, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {"__closure__", get_closure, member_readonly, NULL},
    {"__globals__", get_globals, member_readonly, NULL},
    {"__builtins__", get_builtins, member_readonly, NULL},
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_qualname, NULL},
    {"__doc__", get_doc, set_doc, NULL},
    {"__module__", get_module, set_module, NULL},
    {"__type_params__", get_type_params, set_type_params, NULL},
    {"__dict__", get_dict, set_dict, NULL},
    {0},
};

// ---- types.FunctionType(code, globals, name=None, argdefs=None, closure=None)

static bool check_closure(Thread *t, Code *code, Value closure)
{
    size_t needs = code->freevars->length;
    if (!is_none(closure) && !is_tuple(closure)) return error_false(raise_type_error(t, "arg 5 (closure) must be tuple"));
    if (is_none(closure) && needs) return error_false(raise_type_error(t, "arg 5 (closure) must be tuple"));
    size_t has = is_none(closure) ? 0 : as_tuple(closure)->length;
    if (has != needs) return error_false(raise_value_error(t, "%U requires closure of length %zu, not %zu", code->name, needs, has));
    for (size_t i = 0; i < has; i++) {
        Value cell = as_tuple(closure)->items[i];
        if (type_of(cell) != &cell_type) return error_false(raise_type_error(t, "arg 5 (closure) expected cell, found %T", cell));
    }
    return true;
}

static Value function_construct(Thread *t, Type *type, const Value *args)
{
    Value code = args[0], globals = args[1], name = args[2], defaults = args[3], closure = args[4];
    if (!is_code(code)) return raise_type_error(t, "function() argument 'code' must be code, not %T", code);
    if (!is_dict(globals)) return raise_type_error(t, "function() argument 'globals' must be dict, not %T", globals);
    if (!is_none(name) && !is_str(name)) return raise_type_error(t, "arg 3 (name) must be None or string");
    if (!is_none(defaults) && !is_tuple(defaults)) return raise_type_error(t, "arg 4 (defaults) must be None or tuple");
    if (!check_closure(t, as_code(code), closure)) return ERROR;
    OWN Value v = function_new(t, as_code(code), as_dict(globals), NULL);
    if (is_error(v)) return ERROR;
    Function *f = as_function(v);
    if (t->frame && is_unbound(dict_get_str(as_dict(globals), NAME(__builtins__)))) {        // the builtins of whoever makes it
        Dict *old = f->builtins;
        f->builtins = RETAIN(t->frame->function->builtins);
        drop_pointer(old);
    }
    if (!is_none(name)) {
        drop_pointer(f->name);
        f->name = as_str(retain(name));
    }
    if (!is_none(defaults)) f->defaults = retain(defaults);
    if (!is_none(closure) && as_tuple(closure)->length) f->closure = retain(closure);
    return MOVE(v);
}

const TypeSpec function_spec = {
    .name = "function",
    .size = sizeof(Function),
    .flags = TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS | TYPE_METHOD_DESCRIPTOR | TYPE_IMMUTABLE,
    .slots = {
        .visit = function_visit,
        .unlink = function_unlink,
        .finish = function_finish,
        .repr = function_repr,
        .call = vm_call_function,
        .descr_get = function_get,
    },
    .getsets = function_getsets,
    .new_signature = "(code, globals, name=None, argdefs=None, closure=None)",
    .construct = function_construct,
};
