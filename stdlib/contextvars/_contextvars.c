// SPDX-License-Identifier: MIT
// stdlib/contextvars/_contextvars.c: variables whose values belong to a context, and contexts.
//
// Owns     Context, ContextVar, Token. The current context of a thread is t->context (UNBOUND: none yet, an empty one).
// Always
//   1. A Context's `vars` is a dict that copies share: who changes it and is not its only owner copies it first, so copying a
//      context costs the same however many variables it has.
//   2. A context that is entered is current in exactly one thread; `previous` is what was current there before.
#include "stdlib/contextvars/contextvars.h"

#include <stdio.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/dict.h"
#include "runtime/types/generic_alias.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

typedef struct Context { Object head; Value vars, previous; bool entered; } Context;         // vars: a dict, or UNBOUND: empty
typedef struct ContextVar { Object head; Value name, fallback; size_t place; } ContextVar;   // fallback UNBOUND: none; place: see context_value
typedef struct Token { Object head; Value context, var, before; bool used; } Token;          // before UNBOUND: it had none

Type context_type;
static Type context_var_type, token_type, missing_type;
static Value missing;       // Token.MISSING, immortal

static Context *as_context(Value v) { return (Context *)as_object(v); }
static ContextVar *as_context_var(Value v) { return (ContextVar *)as_object(v); }
static Token *as_token(Value v) { return (Token *)as_object(v); }

static void visit_values(const Value *values, size_t count, VisitFn visit, void *context)
{
    for (size_t i = 0; i < count; i++)
        if (is_object(values[i])) visit(values[i], context);
}

// ---- Context
static Value context_with(Thread *t, Value vars)
{
    Context *context = (Context *)object_new(t, &context_type);
    if (!context) return ERROR;
    context->vars = retain(vars);
    return object_value(context);
}
// The thread's context, made if there is none. Borrowed; NULL: raised.
static Context *current(Thread *t)
{
    if (is_unbound(t->context)) {
        Value fresh = context_with(t, UNBOUND);
        if (is_error(fresh)) return NULL;
        t->context = fresh;
    }
    return as_context(t->context);
}
Value context_copy_current(Thread *t) { return context_with(t, is_unbound(t->context) ? UNBOUND : as_context(t->context)->vars); }

bool context_enter(Thread *t, Value context)
{
    Context *c = as_context(context);
    if (c->entered) return error_false(raise_error(t, &exc_RuntimeError, "cannot enter context: %R is already entered", context));
    c->entered = true;
    c->previous = t->context;
    t->context = retain(context);
    return true;
}
void context_leave(Thread *t, Value context)
{
    Context *c = as_context(context);
    ASSERT(is_same(t->context, context));
    c->entered = false;
    Value inner = t->context;
    t->context = MOVE(c->previous);
    drop(inner);
}
// Its dict, for this context alone to change. NULL: raised.
static Dict *own_vars(Thread *t, Context *c)
{
    if (is_unbound(c->vars) || as_object(c->vars)->refs > 1) {
        Dict *own = is_unbound(c->vars) ? dict_new(t) : dict_copy(t, as_dict(c->vars));
        if (!own) return NULL;
        assign(&c->vars, object_value(own));
    }
    return as_dict(c->vars);
}
// Borrowed; UNBOUND: it has no such variable; ERROR. A variable tends to stand in the same place of every dict, and remembers where it was last.
static Value context_value(Thread *t, Context *c, Value var)
{
    if (is_unbound(c->vars)) return UNBOUND;
    Dict *vars = as_dict(c->vars);
    size_t place = as_context_var(var)->place;
    if (place < vars->used && is_same(vars->entries[place].key, var)) return vars->entries[place].value;
    Value known = dict_get(t, vars, var);
    for (place = 0; place < vars->used && !is_error(known) && !is_unbound(known); place++)
        if (is_same(vars->entries[place].key, var)) as_context_var(var)->place = place;
    return known;
}

static Value context_construct(Thread *t, Type *type, const Value *args) { return context_with(t, UNBOUND); }
static void context_visit(Object *o, VisitFn visit, void *context) { visit_values(&((Context *)o)->vars, 2, visit, context); }
static void context_finish(Thread *t, Object *o)
{
    clear(&((Context *)o)->vars);
    clear(&((Context *)o)->previous);
}
static Value context_call_in(Thread *t, Value self, const Value *args)
{
    if (as_tuple(args[0])->length == 0) return raise_type_error(t, "run() missing 1 required positional argument");
    OWN Value rest = tuple_slice(t, args[0], 1, as_tuple(args[0])->length);
    if (is_error(rest) || !context_enter(t, self)) return ERROR;
    Value result = call_with_dict(t, as_tuple(args[0])->items[0], rest, args[1]);
    context_leave(t, self);
    return result;
}
static Value context_copy(Thread *t, Value self, const Value *args) { return context_with(t, as_context(self)->vars); }
static bool is_variable(Thread *t, Value key)
{
    return is_instance_of(key, &context_var_type) || error_false(raise_type_error(t, "a ContextVar key was expected, got %R", key));
}
static Value context_get(Thread *t, Value self, const Value *args)
{
    if (!is_variable(t, args[0])) return ERROR;
    Value known = context_value(t, as_context(self), args[0]);
    return is_error(known) ? ERROR : retain(is_unbound(known) ? args[1] : known);
}
static Value context_get_item(Thread *t, Value self, Value key)
{
    if (!is_variable(t, key)) return ERROR;
    Value known = context_value(t, as_context(self), key);
    return is_error(known) ? ERROR : is_unbound(known) ? raise_key_error(t, key) : retain(known);
}
static int context_contains(Thread *t, Value self, Value key)
{
    if (!is_variable(t, key)) return -1;
    Value known = context_value(t, as_context(self), key);
    return is_error(known) ? -1 : !is_unbound(known);
}
static ptrdiff_t context_length(Thread *t, Value self) { return is_unbound(as_context(self)->vars) ? 0 : (ptrdiff_t)as_dict(as_context(self)->vars)->count; }
// A dict of its own with what it has.
static Value as_plain_dict(Thread *t, Value self)
{
    Dict *copy = is_unbound(as_context(self)->vars) ? dict_new(t) : dict_copy(t, as_dict(as_context(self)->vars));
    return copy ? object_value(copy) : ERROR;
}
static Value view(Thread *t, Value self, Str *which)
{
    OWN Value dict = as_plain_dict(t, self);
    return is_error(dict) ? ERROR : call_method0(t, dict, which);
}
static Value context_keys(Thread *t, Value self, const Value *args) { return view(t, self, NAME(keys)); }
static Value context_values(Thread *t, Value self, const Value *args) { return view(t, self, NAME(values)); }
static Value context_items(Thread *t, Value self, const Value *args) { return view(t, self, NAME(items)); }
static Value context_iter(Thread *t, Value self)
{
    OWN Value dict = as_plain_dict(t, self);
    return is_error(dict) ? ERROR : object_iter(t, dict);
}
static Value context_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_instance_of(a, &context_type) || !is_instance_of(b, &context_type)) return NOT_IMPLEMENTED;
    OWN Value x = as_plain_dict(t, a);
    OWN Value y = is_error(x) ? ERROR : as_plain_dict(t, b);
    return is_error(y) ? ERROR : object_compare(t, x, y, op);
}
static const Method context_methods[] = {
    {"run", context_call_in, "(self, /, *args, **kwargs)", "Call a function with this context as the current one."},
    {"copy", context_copy, "(self, /)", "Return a shallow copy of the context object."},
    {"get", context_get, "(self, key, default=None, /)", "Return the value for `key` if `key` has the value in the context object."},
    {"keys", context_keys, "(self, /)", "Return a list of all variables in the context object."},
    {"values", context_values, "(self, /)", "Return a list of all variables' values in the context object."},
    {"items", context_items, "(self, /)", "Return all variables and their values in the context object."},
    {0},
};
static const TypeSpec context_spec = {
    .name = "_contextvars.Context",
    .size = sizeof(Context),
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS,
    .slots = {.visit = context_visit, .finish = context_finish, .get_item = context_get_item, .contains = context_contains, .length = context_length,
              .iter = context_iter, .compare = context_compare},
    .methods = context_methods,
    .new_signature = "()",
    .construct = context_construct,
};

// ---- ContextVar
static Value var_construct(Thread *t, Type *type, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "context variable name must be a str");
    ContextVar *var = (ContextVar *)object_new(t, type);
    if (!var) return ERROR;
    var->name = retain(args[0]);
    var->fallback = retain(args[1]);
    return object_value(var);
}
static void var_visit(Object *o, VisitFn visit, void *context) { visit_values(&((ContextVar *)o)->name, 2, visit, context); }
static void var_finish(Thread *t, Object *o)
{
    clear(&((ContextVar *)o)->name);
    clear(&((ContextVar *)o)->fallback);
}
Value context_var_new(Thread *t, const char *name)
{
    OWN_POINTER ContextVar *var = (ContextVar *)object_new(t, &context_var_type);
    Value text = var ? str_from_text(t, name) : ERROR;
    if (is_error(text)) return ERROR;
    var->name = text;
    return object_value(MOVE_POINTER(var));
}
Value context_var_get(Thread *t, Value var) { return is_unbound(t->context) ? UNBOUND : context_value(t, as_context(t->context), var); }
static Value var_get(Thread *t, Value self, const Value *args)
{
    Value known = context_var_get(t, self);
    if (is_error(known)) return ERROR;
    if (is_unbound(known)) known = is_unbound(args[0]) ? as_context_var(self)->fallback : args[0];
    return is_unbound(known) ? raise_value(t, &exc_LookupError, self) : retain(known);
}
bool context_var_set(Thread *t, Value var, Value value)
{
    Context *c = current(t);
    Dict *vars = c ? own_vars(t, c) : NULL;
    return vars && dict_set(t, vars, var, value);
}
static Value var_set(Thread *t, Value self, const Value *args)
{
    Context *c = current(t);
    Value before = c ? context_value(t, c, self) : ERROR;
    if (is_error(before)) return ERROR;
    OWN_POINTER Token *token = (Token *)object_new(t, &token_type);
    if (!token) return ERROR;
    token->context = retain(object_value(c));
    token->var = retain(self);
    token->before = retain(before);
    Dict *vars = own_vars(t, c);
    return vars && dict_set(t, vars, self, args[0]) ? object_value(MOVE_POINTER(token)) : ERROR;
}
static Value var_reset(Thread *t, Value self, const Value *args)
{
    if (!is_instance_of(args[0], &token_type)) return raise_type_error(t, "expected an instance of Token, got %R", args[0]);
    Token *token = as_token(args[0]);
    if (token->used) return raise_error(t, &exc_RuntimeError, "%R has already been used once", args[0]);
    if (!is_same(token->var, self)) return raise_value_error(t, "%R was created by a different ContextVar", args[0]);
    if (!is_same(token->context, t->context)) return raise_value_error(t, "%R was created in a different Context", args[0]);
    Dict *vars = own_vars(t, as_context(t->context));
    if (!vars) return ERROR;
    token->used = true;
    if (!is_unbound(token->before)) return dict_set(t, vars, self, token->before) ? NONE : ERROR;
    return dict_delete(t, vars, self) < 0 ? ERROR : NONE;
}
static Value var_repr(Thread *t, Value self)
{
    char address[32];
    snprintf(address, sizeof address, "0x%llx", (unsigned long long)self.bits);
    ContextVar *var = as_context_var(self);
    if (is_unbound(var->fallback)) return str_format(t, "<ContextVar name=%R at %s>", var->name, address);
    return str_format(t, "<ContextVar name=%R default=%R at %s>", var->name, var->fallback, address);
}
static Value var_name(Thread *t, Value self) { return retain(as_context_var(self)->name); }
static Value class_getitem(Thread *t, Value self, const Value *args) { return generic_alias_new(t, self, args[0]); }
static const Method var_methods[] = {
    {"get", var_get, "(self, default=<unset>, /)", "Return a value for the context variable for the current context."},
    {"set", var_set, "(self, value, /)", "Call to set a new value for the context variable in the current context."},
    {"reset", var_reset, "(self, token, /)", "Reset the context variable to what it was before the set() that made the token."},
    {"__class_getitem__", class_getitem, "(cls, item, /)", "See PEP 585"},
    {0},
};
static const GetSet var_getsets[] = {{"name", var_name, NULL, NULL}, {0}};
static const TypeSpec context_var_spec = {
    .name = "_contextvars.ContextVar",
    .size = sizeof(ContextVar),
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS,
    .slots = {.visit = var_visit, .finish = var_finish, .repr = var_repr},
    .methods = var_methods,
    .getsets = var_getsets,
    .new_signature = "(name, /, *, default=<unset>)",
    .construct = var_construct,
};

// ---- Token
static void token_visit(Object *o, VisitFn visit, void *context) { visit_values(&((Token *)o)->context, 3, visit, context); }
static void token_finish(Thread *t, Object *o)
{
    clear(&((Token *)o)->context);
    clear(&((Token *)o)->var);
    clear(&((Token *)o)->before);
}
static Value token_var(Thread *t, Value self) { return retain(as_token(self)->var); }
static Value token_old_value(Thread *t, Value self) { return retain(is_unbound(as_token(self)->before) ? missing : as_token(self)->before); }
static Value token_repr(Thread *t, Value self)
{
    char address[32];
    snprintf(address, sizeof address, "0x%llx", (unsigned long long)self.bits);
    return str_format(t, "<Token%s var=%R at %s>", as_token(self)->used ? " used" : "", as_token(self)->var, address);
}
static const Method token_methods[] = {{"__class_getitem__", class_getitem, "(cls, item, /)", "See PEP 585"}, {0}};
static const GetSet token_getsets[] = {{"var", token_var, NULL, NULL}, {"old_value", token_old_value, NULL, NULL}, {0}};
static const TypeSpec token_spec = {
    .name = "_contextvars.Token",
    .size = sizeof(Token),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = token_visit, .finish = token_finish, .repr = token_repr},
    .methods = token_methods,
    .getsets = token_getsets,
};
static Value missing_repr(Thread *t, Value self) { return str_from_text(t, "<Token.MISSING>"); }
static const TypeSpec missing_spec = {.name = "_contextvars.Missing", .size = sizeof(Object), .flags = TYPE_NO_NEW, .slots = {.repr = missing_repr}};

// ---- The module
static Value copy_context(Thread *t, Value self, const Value *args) { return context_copy_current(t); }
static const Method functions[] = {{"copy_context", copy_context, "()", "A copy of the current context."}, {0}};

static bool start(Thread *t, Value module)
{
    if (!type_prepare(t, &context_type, &context_spec) || !type_prepare(t, &context_var_type, &context_var_spec) || !type_prepare(t, &token_type, &token_spec) ||
        !type_prepare(t, &missing_type, &missing_spec)) return false;
    Object *only = object_new(t, &missing_type);
    if (!only) return false;
    only->flags |= OBJECT_IMMORTAL;
    only->refs = IMMORTAL_REFS;
    missing = object_value(only);
    if (!dict_set_text(t, token_type.dict, "MISSING", missing)) return false;
    type_keep(&token_type);
    return module_add_type(t, module, &context_type) && module_add_type(t, module, &context_var_type) &&
           module_add_type(t, module, &token_type);
}

extern const ModuleSpec _contextvars_spec;
const ModuleSpec _contextvars_spec = {.name = "_contextvars", .doc = "Context variables.", .functions = functions, .start = start};
