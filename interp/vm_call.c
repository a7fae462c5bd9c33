// SPDX-License-Identifier: MIT
// interp/vm_call.c: calls that the loop does not do in line, and calls from C.
//
// Always: vm_call leaves no reference in the argument registers. The callee of a frame that was pushed is kept alive by the
// register in front of the arguments, or by the frame (owns_function).
#include "interp/vm.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/exception.h"
#include "runtime/types/function.h"
#include "runtime/types/list.h"

static void clear_all(Value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) clear(&values[i]);
}

// Where the registers of a frame go whose arguments lie at args: there, but not in the memory of a generator.
static Value *registers_for(Frame *frame, Value *args) { return frame->is_generator ? frame->limit : args; }

// Pushes a frame for f. Consumes the arguments. `instance`: for ENTRY_INIT, owned.
static CallOutcome push_function(Thread *t, Frame *caller, Function *f, bool owns, Value *args, size_t nargs, Value kwnames, Value instance)
{
    Code *code = f->code;
    Value *regs = registers_for(caller, args);
    bool init = !is_unbound(instance), bound = true;
    if (code->simple && is_unbound(kwnames) && nargs == code->argcount) {
        if (regs != args) {
            if (UNLIKELY(regs + code->registers > stack_registers_end(t))) {
                clear_all(args, nargs);
                bound = stack_overflow(t);
            }
            for (size_t i = 0; bound && i < nargs; i++) regs[i] = MOVE(args[i]);
        }
    } else bound = function_bind(t, f, regs, args, nargs, kwnames, true);
    Frame *frame = bound ? frame_push(t, f, regs, init ? ENTRY_INIT : ENTRY_CALL) : NULL;
    if (!frame) {
        OWN Value error = error_take(t);
        if (owns) drop_pointer(f);
        drop(instance);
        error_restore(t, MOVE(error));
        return CALL_FAILED;
    }
    frame->owns_function = owns;
    if (init) frame->names = instance;
    return CALL_PUSHED;
}

// An instance of a plain Python class with an __init__ in Python: the frame of __init__ is pushed.
static CallOutcome push_init(Thread *t, Frame *caller, Type *class, Function *init, Value *base, Value *args, size_t nargs, Value kwnames)
{
    Object *o = object_new(t, class);
    if (!o) return CALL_FAILED;
    Value instance = object_value(o);
    RETAIN(init);
    assign(&args[-1], retain(instance));     // if that is the register of the class, the instance keeps it alive
    (void)base;
    return push_function(t, caller, init, true, args - 1, nargs + 1, kwnames, instance);
}

static bool is_plain_class(Value callee, Function **init)
{
    if (as_object(callee)->type != &type_type) return false;
    Type *class = (Type *)as_object(callee);
    if (class->slots.make != object_type.slots.make || (class->flags & (TYPE_ABSTRACT | TYPE_NO_NEW))) return false;
    Value found = type_lookup(class, NAME(__init__));
    if (!is_function(found)) return false;
    *init = as_function(found);
    return true;
}

// A class whose instances are made and initialised as plain objects.
static bool is_bare_class(Value callee)
{
    if (!is_object(callee) || as_object(callee)->type != &type_type) return false;
    Type *class = (Type *)as_object(callee);
    return class->slots.make == object_type.slots.make && class->slots.init == object_type.slots.init && !(class->flags & (TYPE_ABSTRACT | TYPE_NO_NEW))
        && class != &object_type;
}

static CallOutcome call_native(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames, Value *result)
{
    size_t nkw = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    Type *type = type_of(callee);
    if (type == &native_function_type && !nkw) {
        NativeFunction *f = (NativeFunction *)as_object(callee);
        if (f->signature->simple && f->signature->count == nargs) *result = f->method->function(t, f->self, args);
        else *result = call(t, callee, args, nargs, UNBOUND);
    } else *result = call(t, callee, args, nargs, kwnames);
    if (is_error(*result)) {
        OWN Value error = error_take(t);
        clear_all(args, nargs + nkw);
        error_restore(t, MOVE(error));
        return CALL_FAILED;
    }
    clear_all(args, nargs + nkw);
    return CALL_DONE;
}

CallOutcome vm_call(Thread *t, Frame *frame, Value *base, Value *args, size_t nargs, Value kwnames, Value *result)
{
    Value callee = *base;
    OWN Value inner = UNBOUND;
    if (is_object(callee) && as_object(callee)->type == &bound_method_type) {
        BoundMethod *m = (BoundMethod *)as_object(callee);
        inner = retain(m->function);
        Value self = retain(m->self);
        args--;
        nargs++;
        assign(args, self);      // drops the bound method when this is its register
        callee = inner;
    }
    if (is_function(callee)) {
        bool owns = !is_unbound(inner);
        inner = UNBOUND;         // moves to the frame
        return push_function(t, frame, as_function(callee), owns, args, nargs, kwnames, UNBOUND);
    }
    Function *init;
    if (is_object(callee) && is_plain_class(callee, &init)) {
        OWN Value class = retain(callee);
        return push_init(t, frame, (Type *)as_object(callee), init, base, args, nargs, kwnames);
    }
    if (!nargs && is_unbound(kwnames) && is_bare_class(callee)) {
        Object *o = object_new(t, (Type *)as_object(callee));
        if (!o) return CALL_FAILED;
        *result = object_value(o);
        return CALL_DONE;
    }
    OWN Value keep = is_unbound(inner) ? UNBOUND : retain(callee);
    return call_native(t, callee, args, nargs, kwnames, result);
}

// ---- f(*args, **kwargs)

static NEW_REF Value callable_text(Thread *t, Value f)
{
    OWN Value name = object_get_attr_optional(t, f, NAME(__qualname__));
    if (is_error(name)) return ERROR;
    if (is_unbound(name)) return object_str(t, f);
    OWN Value module = object_get_attr_optional(t, f, NAME(__module__));
    if (is_error(module)) return ERROR;
    if (!is_unbound(module) && !is_none(module) && !(is_str(module) && str_equal_text(as_str(module), "builtins")))
        return str_format(t, "%S.%S()", module, name);
    return str_format(t, "%S()", name);
}

static NEW_REF Value positional_tuple(Thread *t, Value callee, Value v)
{
    if (is_exact_tuple(v)) return retain(v);
    if (!type_of(v)->slots.iter && !type_of(v)->slots.get_item) {
        OWN Value text = callable_text(t, callee);
        if (is_error(text)) return ERROR;
        return raise_type_error(t, "%U argument after * must be an iterable, not %T", as_str(text), v);
    }
    return tuple_from_iterable(t, v);
}

// The arguments as one array, values of keywords behind, and their names.
static Value *spread(Thread *t, Tuple *positional, Dict *keywords, Tuple **names_)
{
    size_t nkw = keywords ? keywords->count : 0;
    *names_ = NULL;
    Value *all = mem_allocate(t, (positional->length + nkw + 1) * sizeof(Value));
    if (!all) return NULL;
    memcpy(all, positional->items, positional->length * sizeof(Value));
    if (!nkw) return all;
    Tuple *kwnames = tuple_blank(t, nkw);
    size_t at = 0, i = 0;
    Value key, value;
    while (kwnames && dict_next(keywords, &at, &key, &value)) {
        if (!is_str(key)) {
            raise_type_error(t, "keywords must be strings");
            drop_pointer(kwnames);
            kwnames = NULL;
            break;
        }
        kwnames->items[i] = retain(key);
        all[positional->length + i++] = value;
    }
    if (!kwnames) {
        mem_free(all);
        return NULL;
    }
    *names_ = kwnames;
    return all;
}

CallOutcome vm_call_star(Thread *t, Frame *frame, uint32_t i, Value *result)
{
    Value *base = &frame->regs[OPERAND_A(i)], callee = *base;
    OWN Value positional = positional_tuple(t, callee, base[1]);
    OWN Value keywords = OPERAND_B(i) ? MOVE(base[2]) : UNBOUND;
    clear(&base[1]);
    if (is_error(positional)) return CALL_FAILED;
    OWN_POINTER Tuple *kwnames = NULL;
    OWN_MEMORY Value *all = spread(t, as_tuple(positional), is_unbound(keywords) ? NULL : as_dict(keywords), &kwnames);
    if (!all) return CALL_FAILED;
    Value names_ = kwnames ? object_value(kwnames) : UNBOUND;
    size_t nargs = as_tuple(positional)->length;
    if (!is_function(callee)) {
        *result = call(t, callee, all, nargs, names_);
        return is_error(*result) ? CALL_FAILED : CALL_DONE;
    }
    Function *f = as_function(callee);
    Value *regs = frame->limit;
    if (!function_bind(t, f, regs, all, nargs, names_, false) || !frame_push(t, f, regs, ENTRY_CALL)) return CALL_FAILED;
    return CALL_PUSHED;
}

// ---- from C

Value vm_call_function(Thread *t, Value fv, const Value *args, size_t nargs, Value kwnames)
{
    Function *f = as_function(fv);
    Code *code = f->code;
    Value *regs = stack_base(t);
    if (code->simple && is_unbound(kwnames) && nargs == code->argcount) {
        if (UNLIKELY(regs + code->registers > stack_registers_end(t))) return stack_overflow(t), ERROR;
        for (size_t i = 0; i < nargs; i++) regs[i] = retain(args[i]);
    } else if (!function_bind(t, f, regs, (Value *)(uintptr_t)args, nargs, kwnames, false)) return ERROR;
    Frame *frame = frame_push(t, f, regs, ENTRY_C);
    if (!frame) return ERROR;
    RETAIN(f);
    frame->owns_function = true;
    return vm_run(t, frame, false);
}

Value vm_run_code(Thread *t, Code *code, Dict *globals, Value names_, Value closure)
{
    OWN Value fv = function_new(t, code, globals, NULL);
    if (is_error(fv)) return ERROR;
    Function *f = as_function(fv);
    if (!is_unbound(closure) && as_tuple(closure)->length) f->closure = retain(closure);
    if (!enter_call(t, "")) return ERROR;
    Value result = ERROR;
    Value *regs = stack_base(t);
    Frame *frame = function_bind(t, f, regs, NULL, 0, UNBOUND, false) ? frame_push(t, f, regs, ENTRY_C) : NULL;
    if (frame) {
        frame->owns_function = true;
        frame->function = as_function(MOVE(fv));
        frame->names = retain(names_);
        result = vm_run(t, frame, false);
    }
    return result;
}
