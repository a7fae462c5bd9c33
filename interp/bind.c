// SPDX-License-Identifier: MIT
// interp/bind.c: how the arguments of a call find the parameters of a function.
//
// All arguments are first taken out of the way, since they may lie where the parameters go; then parameters are filled:
// by position, *args, by name and **kwargs, defaults; and what is missing is told.
#include "interp/function.h"
#include "interp/vm.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/list.h"

typedef struct Binding {
    Thread *t;
    Function *f;
    Code *code;
    Value *regs;
    Value *args;          // owned; positional ones, then those with names
    size_t nargs, nkw;
    Tuple *kwnames;
} Binding;

static Value *param(Binding *b, uint32_t i) { return &b->regs[code_register(b->code, i)]; }

// ---- errors

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

static COLD bool too_many(Binding *b)
{
    Code *code = b->code;
    size_t defaults = is_unbound(b->f->defaults) ? 0 : as_tuple(b->f->defaults)->length;
    size_t keyword_only = 0;
    for (uint32_t i = 0; i < code->kwonly_count; i++) keyword_only += !is_unbound(*param(b, code->argcount + i));
    OWN Value takes = defaults ? str_format(b->t, "from %zu to %zu", (size_t)code->argcount - defaults, (size_t)code->argcount)
                               : str_format(b->t, "%zu", (size_t)code->argcount);
    bool many = defaults ? true : code->argcount != 1;
    OWN Value extra = keyword_only ? str_format(b->t, " positional argument%s (and %zu keyword-only argument%s)", plural(b->nargs), keyword_only,
                                                plural(keyword_only))
                                   : str_format(b->t, "");
    if (is_error(takes) || is_error(extra)) return false;
    raise_type_error(b->t, "%U() takes %U positional argument%s but %zu%U %s given", b->f->qualname, as_str(takes), many ? "s" : "", b->nargs,
                     as_str(extra), b->nargs == 1 && !keyword_only ? "was" : "were");
    return false;
}

static COLD bool missing(Binding *b, uint32_t from, uint32_t to, const char *kind)
{
    Value list = list_new(b->t, 4);
    OWN Value names_ = list;
    if (is_error(names_)) return false;
    for (uint32_t i = from; i < to; i++) {
        if (!is_unbound(*param(b, i))) continue;
        Value repr = object_repr(b->t, b->code->varnames->items[i]);
        if (is_error(repr) || !list_append_owned(b->t, names_, repr)) return false;
    }
    List *l = as_list(names_);
    StrBuilder text;
    builder_start(b->t, &text);
    for (size_t i = 0; i < l->length; i++) {
        if (i) builder_add_text(&text, l->length == 2 ? " and " : i + 1 == l->length ? ", and " : ", ");
        builder_add_str(&text, as_str(l->items[i]));
    }
    OWN Value joined = builder_finish(&text);
    if (is_error(joined)) return false;
    raise_type_error(b->t, "%U() missing %zu required %s argument%s: %U", b->f->qualname, l->length, kind, plural(l->length), as_str(joined));
    return false;
}

static COLD bool positional_only_by_name(Binding *b)
{
    StrBuilder text;
    builder_start(b->t, &text);
    bool any = false;
    for (uint32_t i = 0; i < b->code->posonly_count; i++)
        for (size_t k = 0; k < b->nkw; k++) {
            if (!str_equal(as_str(b->code->varnames->items[i]), as_str(b->kwnames->items[k]))) continue;
            if (any) builder_add_text(&text, ", ");
            any = true;
            builder_add_str(&text, as_str(b->kwnames->items[k]));
        }
    OWN Value joined = builder_finish(&text);
    if (is_error(joined)) return true;
    if (any) raise_type_error(b->t, "%U() got some positional-only arguments passed as keyword arguments: '%U'", b->f->qualname, as_str(joined));
    return any;
}

// ---- the steps

static int find_param(const Code *code, Str *name)
{
    uint32_t end = code->argcount + code->kwonly_count;
    for (uint32_t i = code->posonly_count; i < end; i++)
        if (as_object(code->varnames->items[i]) == (Object *)name) return (int)i;
    if (str_is_interned(name)) return -1;
    for (uint32_t i = code->posonly_count; i < end; i++)
        if (str_equal(as_str(code->varnames->items[i]), name)) return (int)i;
    return -1;
}

static bool bind_named(Binding *b, size_t k, Dict *rest)
{
    Value name = b->kwnames->items[k], *value = &b->args[b->nargs + k];
    if (!is_str(name)) return error_false(raise_type_error(b->t, "%U() keywords must be strings", b->f->qualname));
    int i = find_param(b->code, as_str(name));
    if (i >= 0) {
        Value *slot = param(b, (uint32_t)i);
        if (!is_unbound(*slot))
            return error_false(raise_type_error(b->t, "%U() got multiple values for argument '%U'", b->f->qualname, as_str(name)));
        *slot = MOVE(*value);
        return true;
    }
    if (rest) return dict_set(b->t, rest, name, *value);
    if (b->code->posonly_count && positional_only_by_name(b)) return false;
    if (error_pending(b->t)) return false;
    return error_false(raise_type_error(b->t, "%U() got an unexpected keyword argument '%U'", b->f->qualname, as_str(name)));
}

static bool bind_defaults(Binding *b)
{
    Code *code = b->code;
    Tuple *defaults = is_unbound(b->f->defaults) ? tuple_empty : as_tuple(b->f->defaults);
    uint32_t count = (uint32_t)defaults->length < code->argcount ? (uint32_t)defaults->length : code->argcount;
    uint32_t first = code->argcount - count;
    for (uint32_t i = (uint32_t)b->nargs; i < first; i++)
        if (is_unbound(*param(b, i))) return missing(b, 0, first, "positional");
    for (uint32_t i = first; i < code->argcount; i++)
        if (is_unbound(*param(b, i))) *param(b, i) = retain(defaults->items[defaults->length - count + (i - first)]);
    bool lacks = false;
    for (uint32_t i = code->argcount; i < code->argcount + code->kwonly_count; i++) {
        if (!is_unbound(*param(b, i))) continue;
        Value v = is_dict(b->f->kwdefaults) ? dict_get(b->t, as_dict(b->f->kwdefaults), code->varnames->items[i]) : UNBOUND;
        if (is_error(v)) return false;
        if (is_unbound(v)) lacks = true;
        else *param(b, i) = retain(v);
    }
    return !lacks || missing(b, code->argcount, code->argcount + code->kwonly_count, "keyword-only");
}

static bool bind(Binding *b)
{
    Code *code = b->code;
    size_t positional = b->nargs < code->argcount ? b->nargs : code->argcount;
    uint32_t next = code->argcount + code->kwonly_count;
    for (size_t i = 0; i < positional; i++) *param(b, (uint32_t)i) = MOVE(b->args[i]);
    if (code->flags & CODE_VARARGS) {
        Value rest = tuple_from_values(b->t, b->args + positional, b->nargs - positional);
        if (is_error(rest)) return false;
        *param(b, next++) = rest;
    }
    Dict *keywords = NULL;
    if (code->flags & CODE_VARKEYWORDS) {
        keywords = dict_new(b->t);
        if (!keywords) return false;
        *param(b, next) = dict_value(keywords);
    }
    for (size_t k = 0; k < b->nkw; k++)
        if (!bind_named(b, k, keywords)) return false;
    if (b->nargs > code->argcount && !(code->flags & CODE_VARARGS)) return too_many(b);
    return bind_defaults(b);
}

static void blank(Binding *b)
{
    for (uint32_t i = 0; i < b->code->near_locals; i++) b->regs[i] = UNBOUND;
    for (uint32_t r = NEAR_REGISTERS + 1; r < b->code->registers; r++) b->regs[r] = UNBOUND;
}

enum { FEW_ARGUMENTS = 16 };

bool function_bind(Thread *t, Function *f, Value *regs, Value *args, size_t nargs, Value kwnames, bool owned)
{
    size_t nkw = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length, total = nargs + nkw;
    Value few[FEW_ARGUMENTS];
    OWN_MEMORY Value *many = NULL;
    Value *taken = few;
    bool room = regs + f->code->registers <= stack_registers_end(t);
    if (room && total > FEW_ARGUMENTS) taken = many = mem_allocate(t, total * sizeof(Value));
    if (!room || !taken) {
        if (!room) stack_overflow(t);
        for (size_t i = 0; owned && i < total; i++) clear(&args[i]);
        return false;
    }
    for (size_t i = 0; i < total; i++) {
        taken[i] = args[i];
        if (owned) args[i] = UNBOUND;
        else retain(taken[i]);
    }
    Binding b = {t, f, f->code, regs, taken, nargs, nkw, nkw ? as_tuple(kwnames) : NULL};
    blank(&b);
    bool ok = bind(&b);
    for (size_t i = 0; i < total; i++) drop(taken[i]);
    if (!ok) {
        OWN Value error = error_take(t);
        for (uint32_t i = 0; i < f->code->param_count; i++) clear(param(&b, i));
        error_restore(t, MOVE(error));
    }
    return ok;
}
