// SPDX-License-Identifier: MIT
// interp/access.c: which data that threads may share an instruction is about to touch: globals, attributes, cells, items
// and containers, its own or those that it hands to C code. Locals are nobody else's.
//
// It only looks: no Python code runs, nothing is changed. What C code does inside is told by the object that it works on
// (list.append writes the list) and by a table of what only reads.
#include "interp/generator.h"
#include "interp/stack_text.h"
#include "interp/watch.h"
#include "runtime/class.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/exception.h"
#include "runtime/types/function.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/set.h"
#include "interp/vm.h"

typedef struct Finder { Thread *t; Frame *frame; uint32_t i; Access *found; size_t count; } Finder;

static void add(Finder *f, Access a)
{
    if (f->count < ACCESSES_MOST) f->found[f->count++] = a;
}

static Str *site_name(const Finder *f) { return f->frame->code->sites[*f->frame->pc].name; }
static Value reg(const Finder *f, uint32_t r) { return f->frame->regs[r]; }

// ---- Names
static void add_global(Finder *f, Dict *d, Str *name, bool write, Value value)
{
    add(f, (Access){.place = d, .key = (uint64_t)(uintptr_t)name, .form = FORM_GLOBAL, .write = write, .owner = dict_value(d), .name = object_value(name), .value = value});
}
static void load_global(Finder *f)
{
    Dict *globals = f->frame->function->globals;
    Value v = dict_get_str(globals, site_name(f));
    if (!is_unbound(v)) add_global(f, globals, site_name(f), false, v);      // else a builtin, or a NameError
}
static Dict *namespace(const Finder *f)
{
    Value own = f->frame->names;
    return is_unbound(own) ? f->frame->function->globals : is_exact_dict(own) ? as_dict(own) : NULL;
}
static void load_name(Finder *f)
{
    Dict *d = namespace(f);
    Value v = d ? dict_get_str(d, site_name(f)) : UNBOUND;
    if (!is_unbound(v)) add_global(f, d, site_name(f), false, v);
    else load_global(f);
}
static void store_name(Finder *f, Dict *d, bool deletes)
{
    if (d) add_global(f, d, site_name(f), true, deletes ? UNBOUND : reg(f, OPERAND_A(f->i)));
}

static void cell(Finder *f, Value c, Value name, bool write, Value value)
{
    if (is_object(c) && as_object(c)->type == &cell_type)
        add(f, (Access){.place = as_object(c), .form = FORM_CELL, .write = write, .name = name, .value = write ? value : ((Cell *)as_object(c))->value});
}
static void free_variable(Finder *f, bool write, Value value)
{
    uint32_t n = OPERAND_BC(f->i);
    cell(f, as_tuple(f->frame->function->closure)->items[n], f->frame->code->freevars->items[n], write, value);
}
// The name of the cell in a register.
static Value cell_name(const Finder *f, uint32_t r)
{
    const Code *code = f->frame->code;
    for (size_t n = 0; n < code->cellvars->length; n++)
        if (code_register(code, code->cell_locals[n]) == r) return code->cellvars->items[n];
    return UNBOUND;
}

// ---- Attributes
static Value own_attribute(Object *o, Str *name)
{
    Attrs *attrs = object_attrs(o);
    return attrs ? attrs_get(attrs, name) : UNBOUND;
}
static void load_attribute(Finder *f, Value v, Str *name)
{
    if (!is_object(v)) return;
    if (is_module(v)) {
        Value found = dict_get_str(as_module(v)->dict, name);
        if (!is_unbound(found)) add_global(f, as_module(v)->dict, name, false, found);
        return;
    }
    Object *o = as_object(v);
    Value found = is_type(v) ? UNBOUND : own_attribute(o, name);
    if (!is_unbound(found)) {
        add(f, (Access){.place = o, .key = (uint64_t)(uintptr_t)name, .form = FORM_ATTRIBUTE, .owner = v, .name = object_value(name), .value = found});
        return;
    }
    // A variable of the class; functions and other descriptors are as good as constant.
    Type *type = is_type(v) ? as_type(v) : o->type;
    if (!(type->flags & TYPE_HEAP)) return;
    Value of_class = type_lookup(type, name);
    Value in_slot;
    if (!is_type(v) && !is_unbound(of_class) && member_descriptor_peek(of_class, v, &in_slot)) {
        add(f, (Access){.place = o, .key = (uint64_t)(uintptr_t)name, .form = FORM_ATTRIBUTE, .owner = v, .name = object_value(name), .value = in_slot});
        return;
    }
    if (is_unbound(of_class) || type_of(of_class)->slots.descr_get) return;
    for (size_t n = 0; type->mro && n < type->mro->length; n++) {
        Type *home = as_type(type->mro->items[n]);
        if (!home->dict || is_unbound(dict_get_str(home->dict, name))) continue;
        add(f, (Access){.place = home, .key = (uint64_t)(uintptr_t)name, .form = FORM_ATTRIBUTE, .owner = type_value(home), .name = object_value(name), .value = of_class});
        return;
    }
}
static void store_attribute(Finder *f, Value v, Str *name, Value value)
{
    if (!is_object(v)) return;
    if (is_module(v)) {
        add_global(f, as_module(v)->dict, name, true, value);
        return;
    }
    Type *type = as_object(v)->type;
    if (!is_type(v) && type->slots.set_attr != generic_set_attr) return;
    Value of_class = is_type(v) ? UNBOUND : type_lookup(type, name), in_slot;
    bool slot = !is_unbound(of_class) && member_descriptor_peek(of_class, v, &in_slot);
    if (!is_type(v) && !slot && !object_attrs(as_object(v))) return;
    if (!slot && !is_unbound(of_class) && type_of(of_class)->slots.descr_set) return;         // a property: its function does what it does
    add(f, (Access){.place = as_object(v), .key = (uint64_t)(uintptr_t)name, .form = FORM_ATTRIBUTE, .write = true, .owner = v, .name = object_value(name), .value = value});
}

// ---- Containers
static bool is_container(Value v)
{
    if (!is_object(v)) return false;
    Type *type = as_object(v)->type;
    if (type->flags & (TYPE_IS_LIST | TYPE_IS_DICT)) return true;
    if (type->flags & TYPE_IS_SET) return !type_is_subtype(type, &frozenset_type);
    return type == &bytearray_type || (!(type->flags & TYPE_HEAP) && strcmp(type->name, "deque") == 0);
}
static void container(Finder *f, Value v, bool write, bool atomic, bool by_call)
{
    if (!is_container(v)) return;
    add(f, (Access){.place = as_object(v), .form = FORM_CONTAINER, .write = write, .atomic = atomic, .by_call = by_call, .owner = v});
}

static uint64_t key_of(Thread *t, Value owner, Value key)
{
    if (is_small_int(key)) {
        int64_t n = as_small_int(key);
        if (n < 0 && is_list(owner)) n += (int64_t)as_list(owner)->length;
        return ((uint64_t)n << 1) | UINT64_C(1) << 63;
    }
    int64_t hash;
    if (!is_exact_str(key) || !object_hash(t, key, &hash)) return 0;
    return (uint64_t)hash | 1;
}
static Value item_value(Value owner, Value key)
{
    if (is_list(owner) && is_small_int(key)) {
        int64_t n = as_small_int(key);
        if (n < 0) n += (int64_t)as_list(owner)->length;
        return n >= 0 && (size_t)n < as_list(owner)->length ? as_list(owner)->items[n] : UNBOUND;
    }
    return is_dict(owner) && as_dict(owner)->only_str && is_exact_str(key) ? dict_get_str(as_dict(owner), as_str(key)) : UNBOUND;
}
static void item(Finder *f, Value owner, Value key, bool write, Value value)
{
    if (!is_container(owner)) return;
    container(f, owner, write, true, false);
    uint64_t number = key_of(f->t, owner, key);
    if (number) add(f, (Access){.place = as_object(owner), .key = number, .form = FORM_ITEM, .write = write, .owner = owner, .name = key, .value = write ? value : item_value(owner, key)});
}

// What a step of an iterator reads, or the iterator itself, which threads may share.
static void step(Finder *f, Value iterator)
{
    if (!is_object(iterator)) return;
    Object *o = as_object(iterator);
    if (o->type == &list_iterator_type || o->type == &list_reverse_iterator_type) container(f, ((SequenceIterator *)o)->sequence, false, false, false);
    else if (o->type == &dict_key_iterator_type || o->type == &dict_value_iterator_type || o->type == &dict_item_iterator_type) {
        if (((DictIterator *)o)->dict) container(f, dict_value(((DictIterator *)o)->dict), false, false, false);
    } else if (strcmp(o->type->name, "range_iterator") != 0)
        add(f, (Access){.place = o, .form = FORM_CONTAINER, .write = true, .atomic = true, .owner = iterator});
}

// ---- Calls into C
static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(*list, name) == 0) return true;
    return false;
}
static bool only_reads(const char *name)
{
    static const char *const readers[] = {
        "index", "count", "copy", "get", "keys", "values", "items", "isdisjoint", "issubset", "issuperset", "union", "intersection", "difference", "symmetric_difference",
        "len", "sorted", "sum", "min", "max", "any", "all", "repr", "str", "print", "isinstance", "enumerate", "zip", "iter", "reversed", "id", "type", "format", "hash",
        "join", "__len__", "__contains__", "__getitem__", "__iter__", "callable", "hasattr", "getattr", "ascii", "map", "filter", "append", "extend", "add", "put", "update", NULL};
    return is_one_of(name, readers);
}
static bool writes_itself(const char *name)          // though as an argument it would only be read
{
    static const char *const writers[] = {"append", "extend", "add", "put", "update", NULL};
    return is_one_of(name, writers);
}
// Objects of C that threads share and that have a state of their own, locks apart: those are the schedule's.
static bool has_state(Value v)
{
    if (is_container(v)) return true;
    if (!is_object(v)) return false;
    Type *type = as_object(v)->type;
    static const char *const without[] = {"str", "int", "float", "complex", "tuple", "bytes", "frozenset", "range", "lock", "RLock", "module", "type", "slice", "NoneType", "bool",
                                          "code", "function", "method", "builtin_function_or_method", "property", "Future", "SemLock", NULL};
    return !(type->flags & (TYPE_HEAP | TYPE_IS_TYPE | TYPE_IS_EXCEPTION)) && !is_one_of(type->name, without);
}

static void of_self(Finder *f, Value self, const char *name)
{
    if (!has_state(self)) return;
    bool reads = only_reads(name) && !writes_itself(name);
    add(f, (Access){.place = as_object(self), .form = FORM_CONTAINER, .write = !reads, .atomic = true, .by_call = true, .owner = self});
}
static void output(Finder *f)
{
    Value out = dict_get_str(f->t->interp->sys, NAME(stdout));
    if (is_object(out)) add(f, (Access){.place = as_object(out), .form = FORM_OUTPUT, .write = true, .atomic = true, .by_call = true, .owner = out});
}
static void of_arguments(Finder *f, const Value *args, size_t count, const char *name)
{
    bool write = !only_reads(name);
    if (strcmp(name, "print") == 0) output(f);
    for (size_t n = 0; n < count; n++) {
        if (is_container(args[n])) container(f, args[n], write, true, true);
        else if (is_object(args[n]) && as_object(args[n])->type->slots.next) step(f, args[n]);
    }
}
// getattr(), setattr() and delattr(). False: it is none of them.
static bool attribute_by_name(Finder *f, const char *function, const Value *args, size_t count)
{
    bool reads = strcmp(function, "getattr") == 0, writes = strcmp(function, "setattr") == 0;
    if (!reads && !writes && strcmp(function, "delattr") != 0) return false;
    if (count < 2 || !is_exact_str(args[1]) || !str_is_interned(as_str(args[1]))) return true;       // a name that is made up at run time is not followed
    Str *name = as_str(args[1]);
    if (reads) load_attribute(f, args[0], name);
    else store_attribute(f, args[0], name, writes && count > 2 ? args[2] : UNBOUND);
    return true;
}
static void call_of(Finder *f, Value callee, const Value *args, size_t count)
{
    if (!is_object(callee)) return;
    Type *type = as_object(callee)->type;
    if (type == &method_descriptor_type) {
        const char *name = ((MethodDescriptor *)as_object(callee))->method->name;
        if (count) of_self(f, args[0], name);
        of_arguments(f, args + 1, count ? count - 1 : 0, name);
    } else if (type == &native_function_type) {
        NativeFunction *native = (NativeFunction *)as_object(callee);
        if (attribute_by_name(f, native->method->name, args, count)) return;
        of_self(f, native->self, native->method->name);
        of_arguments(f, args, count, native->method->name);
    } else if (type == &bound_method_type) {
        BoundMethod *bound = (BoundMethod *)as_object(callee);
        if (is_object(bound->function) && as_object(bound->function)->type == &method_descriptor_type)
            of_self(f, bound->self, ((MethodDescriptor *)as_object(bound->function))->method->name);
    } else if ((type->flags & TYPE_IS_TYPE) && !(as_type(callee)->flags & TYPE_HEAP)) of_arguments(f, args, count, "str");    // list(x): reads
}

static void call_instruction(Finder *f, bool method, size_t count)
{
    uint32_t a = OPERAND_A(f->i);
    const Value *args = &f->frame->regs[a + 1];
    if (method) {
        if (is_unbound(args[0])) args++;
        else count++;
    }
    call_of(f, reg(f, a), args, count);
}

// ---- By instruction
static void arithmetic(Finder *f, bool in_place)
{
    Value b = reg(f, OPERAND_B(f->i));
    if (is_container(b)) container(f, b, in_place, true, true);
}

size_t accesses_of(Thread *t, Frame *frame, uint32_t i, Access *found)
{
    Finder finder = {t, frame, i, found, 0}, *f = &finder;
    uint32_t a = OPERAND_A(i), b = OPERAND_B(i), c = OPERAND_C(i);
    uint8_t op = i & 0xFF;
    switch (op) {
    case OP_CODE_LOAD_GLOBAL: load_global(f); break;
    case OP_CODE_LOAD_NAME: load_name(f); break;
    case OP_CODE_STORE_GLOBAL: store_name(f, frame->function->globals, false); break;
    case OP_CODE_STORE_NAME: store_name(f, namespace(f), false); break;
    case OP_CODE_DELETE_GLOBAL: store_name(f, frame->function->globals, true); break;
    case OP_CODE_DELETE_NAME: store_name(f, namespace(f), true); break;
    case OP_CODE_LOAD_CELL: cell(f, reg(f, b), cell_name(f, b), false, UNBOUND); break;
    case OP_CODE_STORE_CELL: cell(f, reg(f, a), cell_name(f, a), true, reg(f, b)); break;
    case OP_CODE_LOAD_FREE: free_variable(f, false, UNBOUND); break;
    case OP_CODE_STORE_FREE: free_variable(f, true, reg(f, a)); break;
    case OP_CODE_DELETE_FREE: free_variable(f, true, UNBOUND); break;
    case OP_CODE_LOAD_ATTR: case OP_CODE_LOAD_METHOD: load_attribute(f, reg(f, b), site_name(f)); break;
    case OP_CODE_STORE_ATTR: store_attribute(f, reg(f, a), site_name(f), reg(f, b)); break;
    case OP_CODE_DELETE_ATTR: store_attribute(f, reg(f, a), site_name(f), UNBOUND); break;
    case OP_CODE_INDEX: item(f, reg(f, b), reg(f, c), false, UNBOUND); break;
    case OP_CODE_STORE_INDEX: item(f, reg(f, a), reg(f, b), true, reg(f, c)); break;
    case OP_CODE_DELETE_INDEX: item(f, reg(f, a), reg(f, b), true, UNBOUND); break;
    case OP_CODE_IN: case OP_CODE_NOT_IN: container(f, reg(f, c), false, true, false); break;
    case OP_CODE_JUMP_IF_IN: container(f, reg(f, b), false, true, false); break;
    case OP_CODE_JUMP_IF: case OP_CODE_JUMP_IF_KEEP: container(f, reg(f, a), false, true, false); break;
    case OP_CODE_NOT: case OP_CODE_UNPACK: case OP_CODE_UNPACK_STAR: case OP_CODE_UNPACK_LIST: container(f, reg(f, b), false, true, false); break;
    case OP_CODE_LIST_EXTEND: case OP_CODE_SET_UPDATE: case OP_CODE_DICT_UPDATE: container(f, reg(f, b), false, true, false); break;
    case OP_CODE_FOR_LOOP: step(f, reg(f, a)); break;
    case OP_CODE_CALL: call_instruction(f, false, b); break;
    case OP_CODE_CALL_METHOD: call_instruction(f, true, b); break;
    case OP_CODE_CALL_KW: call_instruction(f, false, b); break;
    case OP_CODE_CALL_METHOD_KW: call_instruction(f, true, b); break;
    case OP_CODE_CALL_STAR:
        if (is_object(reg(f, a + 1)) && is_tuple(reg(f, a + 1))) call_of(f, reg(f, a), as_tuple(reg(f, a + 1))->items, as_tuple(reg(f, a + 1))->length);
        break;
    default:
        if (op >= OP_CODE_ADD && op <= OP_CODE_OR) arithmetic(f, false);
        else if (op >= OP_CODE_INPLACE_ADD && op <= OP_CODE_INPLACE_OR) arithmetic(f, true);
        else if (op >= OP_CODE_LT && op <= OP_CODE_GE) container(f, reg(f, b), false, true, false);
    }
    return f->count;
}

// ---- For reports
Value access_name(Thread *t, const Access *a)
{
    switch (a->form) {
    case FORM_GLOBAL: return retain(a->name);
    case FORM_CELL: return is_unbound(a->name) ? str_from_text(t, "a variable") : retain(a->name);
    case FORM_ATTRIBUTE: return is_type(a->owner) ? str_format(t, "%s.%S", as_type(a->owner)->name, a->name) : str_format(t, "%T.%S", a->owner, a->name);
    case FORM_OUTPUT: return str_from_text(t, "the output");
    default: break;
    }
    OWN Value name = object_place(t, t, a->owner);
    if (is_error(name)) return ERROR;
    if (is_unbound(name)) assign(&name, str_format(t, "a %T", a->owner));
    if (is_error(name)) return ERROR;
    return a->form == FORM_ITEM ? str_format(t, "%S[%R]", name, a->name) : MOVE(name);
}
