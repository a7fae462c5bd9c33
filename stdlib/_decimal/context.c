// SPDX-License-Identifier: MIT
// stdlib/_decimal/context.c: contexts, their flags and traps, and which one is current.
#include "stdlib/_decimal/decimal.h"

#include <stdio.h>

#include "runtime/call.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/contextvars/contextvars.h"

Type decimal_context_type, signal_dict_type, context_manager_type;

const Signal signals[SIGNALS] = {
    {"InvalidOperation", ANY_INVALID}, {"FloatOperation", FLOAT_OPERATION}, {"DivisionByZero", DIVISION_BY_ZERO}, {"Overflow", OVERFLOW},
    {"Underflow", UNDERFLOW}, {"Subnormal", SUBNORMAL}, {"Inexact", INEXACT}, {"Rounded", ROUNDED}, {"Clamped", CLAMPED},
};
const char *const rounding_names[ROUNDING_COUNT] = {
    [ROUND_CEILING] = "ROUND_CEILING", [ROUND_FLOOR] = "ROUND_FLOOR", [ROUND_UP] = "ROUND_UP", [ROUND_DOWN] = "ROUND_DOWN", [ROUND_HALF_UP] = "ROUND_HALF_UP",
    [ROUND_HALF_DOWN] = "ROUND_HALF_DOWN", [ROUND_HALF_EVEN] = "ROUND_HALF_EVEN", [ROUND_05UP] = "ROUND_05UP",
};

// ---- Signals

static Value condition_class(Thread *t, uint32_t bit) { return state_of(t)->conditions[__builtin_ctz(bit)]; }
static Value signal_class(Thread *t, size_t i) { return condition_class(t, signals[i].bits & -signals[i].bits); }

// The bits of a signal given as its class; 0: raised.
static uint32_t signal_bits(Thread *t, Value class)
{
    for (size_t i = 0; i < SIGNALS; i++) if (is_same(class, signal_class(t, i))) return signals[i].bits;
    raise_error(t, &exc_KeyError, "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n"
                "   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]");
    return 0;
}

// The classes of the conditions in bits: those that say more than InvalidOperation by themselves.
static Value list_of_conditions(Thread *t, uint32_t bits)
{
    OWN Value list = list_new(t, 4);
    for (uint32_t bit = 1; !is_error(list) && bit < 1u << CONDITIONS; bit <<= 1)
        if ((bits & bit) && !list_append(t, list, condition_class(t, bit))) return ERROR;
    return MOVE(list);
}
static Value list_of_signals(Thread *t, uint32_t bits)
{
    OWN Value list = list_new(t, 4);
    for (size_t i = 0; !is_error(list) && i < SIGNALS; i++)
        if ((bits & signals[i].bits) && !list_append(t, list, signal_class(t, i))) return ERROR;
    return MOVE(list);
}

bool raise_flags(Thread *t, DecimalContext *c, uint32_t status)
{
    as_signal_dict(c->flags)->bits |= status;
    uint32_t trapped = status & as_signal_dict(c->traps)->bits;
    if (LIKELY(!trapped)) return true;
    OWN Value list = list_of_conditions(t, trapped);
    if (is_error(list)) return false;
    size_t first = 0;
    while (!(signals[first].bits & trapped)) first++;
    return error_false(raise_value(t, as_type(signal_class(t, first)), list));
}

// ---- SignalDict: what the class made over it and MutableMapping does not already do

static Value signals_get_item(Thread *t, Value v, Value key)
{
    uint32_t bits = signal_bits(t, key);
    return bits ? bool_value((as_signal_dict(v)->bits & bits) != 0) : ERROR;
}
static bool signals_set_item(Thread *t, Value v, Value key, Value item)
{
    if (is_unbound(item)) return error_false(raise_value_error(t, "signal keys cannot be deleted"));
    uint32_t bits = signal_bits(t, key);
    int on = bits ? object_truth(t, item) : -1;
    if (on < 0) return false;
    if (on) as_signal_dict(v)->bits |= bits;
    else as_signal_dict(v)->bits &= ~bits;
    return true;
}
static ptrdiff_t signals_length(Thread *t, Value v) { return SIGNALS; }
static Value signals_iter(Thread *t, Value v)
{
    OWN Value all = list_of_signals(t, UINT32_MAX);
    return is_error(all) ? ERROR : object_iter(t, all);
}
static Value signals_as_dict(Thread *t, uint32_t bits)
{
    OWN_POINTER Dict *dict = dict_new(t);
    for (size_t i = 0; dict && i < SIGNALS; i++)
        if (!dict_set(t, dict, signal_class(t, i), bool_value((bits & signals[i].bits) != 0))) return ERROR;
    return dict ? dict_value(MOVE_POINTER(dict)) : ERROR;
}
static Value signals_copy(Thread *t, Value self, const Value *args) { return signals_as_dict(t, as_signal_dict(self)->bits); }
static Value signals_repr(Thread *t, Value v)
{
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = 0; i < SIGNALS; i++) {
        builder_add_text(&b, i ? ", <class 'decimal." : "{<class 'decimal.");
        builder_add_text(&b, signals[i].name);
        builder_add_text(&b, as_signal_dict(v)->bits & signals[i].bits ? "'>:True" : "'>:False");
    }
    builder_add(&b, '}');
    return builder_finish(&b);
}
static bool signals_hash(Thread *t, Value v, int64_t *hash) { return error_false(raise_type_error(t, "unhashable type: '%T'", v)); }

// The bits of a dict that has all signals as keys and nothing else.
static bool bits_of_dict(Thread *t, Dict *dict, uint32_t *bits)
{
    uint32_t found = 0;
    if (dict->count != SIGNALS) return error_false(raise_error(t, &exc_KeyError, "invalid signal dict"));
    for (size_t i = 0; i < SIGNALS; i++) {
        Value known = dict_get(t, dict, signal_class(t, i));
        if (is_error(known)) return false;
        if (is_unbound(known)) return error_false(raise_error(t, &exc_KeyError, "invalid signal dict"));
        OWN Value kept = retain(known);
        int on = object_truth(t, kept);
        if (on < 0) return false;
        if (on) found |= signals[i].bits;
    }
    *bits = found;
    return true;
}
// Of what flags and traps may be set to: a SignalDict, a dict or a list of signals.
static bool bits_from(Thread *t, Value v, bool list_allowed, uint32_t *bits)
{
    if (is_instance_of(v, &signal_dict_type)) {
        *bits = as_signal_dict(v)->bits;
        return true;
    }
    if (list_allowed && is_list(v)) {
        uint32_t found = 0;
        for (size_t i = 0; i < as_list(v)->length; i++) {
            uint32_t one = signal_bits(t, as_list(v)->items[i]);
            if (!one) return false;
            found |= one;
        }
        *bits = found;
        return true;
    }
    if (is_dict(v)) return bits_of_dict(t, as_dict(v), bits);
    return error_false(raise_type_error(t, "argument must be a signal dict"));
}
// The signals as one bit each: conditions that only differ in what they say more than InvalidOperation are equal.
static uint32_t signal_set(uint32_t bits) { return (bits & ~(uint32_t)ANY_INVALID) | ((bits & ANY_INVALID) != 0); }
static Value signals_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_instance_of(a, &signal_dict_type)) return NOT_IMPLEMENTED;
    uint32_t bits;
    if (is_instance_of(b, &signal_dict_type)) bits = as_signal_dict(b)->bits;
    else if (!is_dict(b)) return NOT_IMPLEMENTED;
    else if (!bits_of_dict(t, as_dict(b), &bits)) return error_clear_if(t, &exc_KeyError) ? bool_value(op == CMP_NE) : ERROR;
    return bool_value((signal_set(as_signal_dict(a)->bits) == signal_set(bits)) == (op == CMP_EQ));
}
static const Method signals_methods[] = {{"copy", signals_copy, "(self, /)", "A dict with the same signals."}, {0}};
const TypeSpec signal_dict_spec = {
    .name = "decimal.SignalDictMixin", .size = sizeof(SignalDict), .flags = TYPE_BASE,
    .slots = {.repr = signals_repr, .get_item = signals_get_item, .set_item = signals_set_item, .length = signals_length, .iter = signals_iter,
              .compare = signals_compare, .hash = signals_hash},
    .methods = signals_methods,
};
static Value signal_dict_new(Thread *t, uint32_t bits)
{
    SignalDict *dict = (SignalDict *)object_new(t, as_type(state_of(t)->signal_dict));
    if (!dict) return ERROR;
    dict->bits = bits;
    return object_value(dict);
}

// ---- Context

Value decimal_context_new(Thread *t, Type *type, const Settings *settings, bool capitals, uint32_t traps)
{
    OWN_POINTER DecimalContext *c = (DecimalContext *)object_new(t, type);
    if (!c) return ERROR;
    c->settings = *settings;
    c->capitals = capitals;
    c->flags = c->traps = UNBOUND;
    Value flags = signal_dict_new(t, 0);
    if (is_error(flags)) return ERROR;
    c->flags = flags;
    Value trapped = signal_dict_new(t, traps);
    if (is_error(trapped)) return ERROR;
    c->traps = trapped;
    return object_value(MOVE_POINTER(c));
}
static Value context_copied(Thread *t, const DecimalContext *from, uint32_t flags)
{
    Value copy = decimal_context_new(t, &decimal_context_type, &from->settings, from->capitals, as_signal_dict(from->traps)->bits);
    if (!is_error(copy)) as_signal_dict(as_decimal_context(copy)->flags)->bits = flags;
    return copy;
}
static Value context_construct(Thread *t, Type *type, const Value *args)
{
    const DecimalContext *from = as_decimal_context(state_of(t)->templates[TEMPLATE_DEFAULT]);
    return decimal_context_new(t, type, &from->settings, true, as_signal_dict(from->traps)->bits);
}
static void context_visit(Object *o, VisitFn visit, void *context)
{
    DecimalContext *c = (DecimalContext *)o;
    if (is_object(c->flags)) visit(c->flags, context);
    if (is_object(c->traps)) visit(c->traps, context);
}
static void context_finish(Thread *t, Object *o)
{
    clear(&((DecimalContext *)o)->flags);
    clear(&((DecimalContext *)o)->traps);
}

// ---- Its attributes

static bool integer_from(Thread *t, Value v, int64_t *i)
{
    if (is_unbound(v)) return error_false(raise_error(t, &exc_AttributeError, "context attributes cannot be deleted"));
    if (!is_int(v)) return error_false(raise_type_error(t, "an integer is required"));
    if (int_as_i64(t, v, i)) return true;
    return error_clear_if(t, &exc_OverflowError) && error_false(raise_error(t, &exc_OverflowError, "Python int too large to convert to C ssize_t"));
}
static Value get_prec(Thread *t, Value v) { return int_value(t, as_decimal_context(v)->settings.precision); }
static bool set_prec(Thread *t, Value v, Value value)
{
    int64_t i;
    if (!integer_from(t, value, &i)) return false;
    if (i < 1 || i > MAX_PREC) return error_false(raise_value_error(t, "valid range for prec is [1, MAX_PREC]"));
    as_decimal_context(v)->settings.precision = i;
    return true;
}
static Value get_emin(Thread *t, Value v) { return int_value(t, as_decimal_context(v)->settings.emin); }
static bool set_emin(Thread *t, Value v, Value value)
{
    int64_t i;
    if (!integer_from(t, value, &i)) return false;
    if (i < MIN_EMIN || i > 0) return error_false(raise_value_error(t, "valid range for Emin is [MIN_EMIN, 0]"));
    as_decimal_context(v)->settings.emin = i;
    return true;
}
static Value get_emax(Thread *t, Value v) { return int_value(t, as_decimal_context(v)->settings.emax); }
static bool set_emax(Thread *t, Value v, Value value)
{
    int64_t i;
    if (!integer_from(t, value, &i)) return false;
    if (i < 0 || i > MAX_EMAX) return error_false(raise_value_error(t, "valid range for Emax is [0, MAX_EMAX]"));
    as_decimal_context(v)->settings.emax = i;
    return true;
}
static Value get_clamp(Thread *t, Value v) { return small_int(as_decimal_context(v)->settings.clamp); }
static bool set_clamp(Thread *t, Value v, Value value)
{
    int64_t i;
    if (!integer_from(t, value, &i)) return false;
    if (i < 0 || i > 1) return error_false(raise_value_error(t, "valid values for clamp are 0 or 1"));
    as_decimal_context(v)->settings.clamp = i;
    return true;
}
static Value get_capitals(Thread *t, Value v) { return small_int(as_decimal_context(v)->capitals); }
static bool set_capitals(Thread *t, Value v, Value value)
{
    int64_t i;
    if (!integer_from(t, value, &i)) return false;
    if (i < 0 || i > 1) return error_false(raise_value_error(t, "valid values for capitals are 0 or 1"));
    as_decimal_context(v)->capitals = i;
    return true;
}
bool rounding_from(Thread *t, Value v, uint8_t *rounding)
{
    for (uint8_t i = 0; is_str(v) && i < ROUNDING_COUNT; i++) {
        if (!str_equal_text(as_str(v), rounding_names[i])) continue;
        *rounding = i;
        return true;
    }
    return error_false(raise_type_error(t, "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n"
                                        "   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]"));
}
Value rounding_name(Thread *t, enum Rounding rounding)
{
    Str *name = str_intern_text(t, rounding_names[rounding], strlen(rounding_names[rounding]));
    return name ? object_value(name) : ERROR;
}
static Value get_rounding(Thread *t, Value v) { return rounding_name(t, as_decimal_context(v)->settings.rounding); }
static bool set_rounding(Thread *t, Value v, Value value)
{
    if (is_unbound(value)) return error_false(raise_error(t, &exc_AttributeError, "context attributes cannot be deleted"));
    return rounding_from(t, value, &as_decimal_context(v)->settings.rounding);
}
static bool put_bits(Thread *t, Value dict, Value value, bool list_allowed)
{
    uint32_t bits;
    if (is_unbound(value)) return error_false(raise_error(t, &exc_AttributeError, "context attributes cannot be deleted"));
    if (!bits_from(t, value, list_allowed, &bits)) return false;
    as_signal_dict(dict)->bits = bits;
    return true;
}
static Value get_flags(Thread *t, Value v) { return retain(as_decimal_context(v)->flags); }
static bool set_flags(Thread *t, Value v, Value value) { return put_bits(t, as_decimal_context(v)->flags, value, false); }
static Value get_traps(Thread *t, Value v) { return retain(as_decimal_context(v)->traps); }
static bool set_traps(Thread *t, Value v, Value value) { return put_bits(t, as_decimal_context(v)->traps, value, false); }
static const GetSet context_getsets[] = {
    {"prec", get_prec, set_prec, NULL}, {"Emin", get_emin, set_emin, NULL}, {"Emax", get_emax, set_emax, NULL}, {"clamp", get_clamp, set_clamp, NULL},
    {"capitals", get_capitals, set_capitals, NULL}, {"rounding", get_rounding, set_rounding, NULL}, {"flags", get_flags, set_flags, NULL},
    {"traps", get_traps, set_traps, NULL}, {0},
};

// Of prec, rounding, Emin, Emax, capitals, clamp, flags and traps those that are given and not None.
static bool context_set_all(Thread *t, Value self, const Value *args)
{
    static const SetterFn setters[6] = {set_prec, set_rounding, set_emin, set_emax, set_capitals, set_clamp};
    for (size_t i = 0; i < COUNT_OF(setters); i++)
        if (!is_none(args[i]) && !setters[i](t, self, args[i])) return false;
    return (is_none(args[6]) || put_bits(t, as_decimal_context(self)->flags, args[6], true)) &&
           (is_none(args[7]) || put_bits(t, as_decimal_context(self)->traps, args[7], true));
}

static Value text_of_signals(Thread *t, uint32_t bits)
{
    static const uint8_t order[SIGNALS] = {8, 0, 2, 6, 1, 3, 7, 5, 4};     // of `signals`, as CPython shows them
    StrBuilder b;
    builder_start(t, &b);
    const char *between = "";
    for (size_t i = 0; i < SIGNALS; i++) {
        if (!(bits & signals[order[i]].bits)) continue;
        builder_add_text(&b, between);
        builder_add_text(&b, signals[order[i]].name);
        between = ", ";
    }
    return builder_finish(&b);
}
static Value context_repr(Thread *t, Value v)
{
    DecimalContext *c = as_decimal_context(v);
    OWN Value flags = text_of_signals(t, as_signal_dict(c->flags)->bits);
    OWN Value traps = is_error(flags) ? ERROR : text_of_signals(t, as_signal_dict(c->traps)->bits);
    if (is_error(traps)) return ERROR;
    const Settings *s = &c->settings;
    return str_format(t, "Context(prec=%ld, rounding=%s, Emin=%ld, Emax=%ld, capitals=%d, clamp=%d, flags=[%S], traps=[%S])", (long)s->precision,
                      rounding_names[s->rounding], (long)s->emin, (long)s->emax, c->capitals, s->clamp, flags, traps);
}
Value context_reduce(Thread *t, Value self, const Value *args)
{
    DecimalContext *c = as_decimal_context(self);
    const Settings *s = &c->settings;
    OWN Value rounding = get_rounding(t, self), flags = list_of_signals(t, as_signal_dict(c->flags)->bits), traps = list_of_signals(t, as_signal_dict(c->traps)->bits);
    OWN Value prec = int_value(t, s->precision), emin = int_value(t, s->emin), emax = int_value(t, s->emax);
    if (is_error(rounding) || is_error(flags) || is_error(traps) || is_error(prec) || is_error(emin) || is_error(emax)) return ERROR;
    OWN Value parts = tuple_of(t, 8, prec, rounding, emin, emax, small_int(c->capitals), small_int(s->clamp), flags, traps);
    return is_error(parts) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), parts);
}
Value context_copy_method(Thread *t, Value self, const Value *args)
{
    return context_copied(t, as_decimal_context(self), as_signal_dict(as_decimal_context(self)->flags)->bits);
}
Value context_clear_flags(Thread *t, Value self, const Value *args)
{
    as_signal_dict(as_decimal_context(self)->flags)->bits = 0;
    return NONE;
}
Value context_clear_traps(Thread *t, Value self, const Value *args)
{
    as_signal_dict(as_decimal_context(self)->traps)->bits = 0;
    return NONE;
}
Value context_etiny(Thread *t, Value self, const Value *args) { return int_value(t, etiny(&as_decimal_context(self)->settings)); }
Value context_etop(Thread *t, Value self, const Value *args) { return int_value(t, etop(&as_decimal_context(self)->settings)); }
const TypeSpec decimal_context_spec = {
    .name = "decimal.Context", .doc = "How decimal arithmetic is done: precision, rounding, limits, and which signals raise.",
    .size = sizeof(DecimalContext), .flags = TYPE_BASE | TYPE_GC,
    .slots = {.visit = context_visit, .finish = context_finish, .repr = context_repr},
    .methods = decimal_context_methods, .getsets = context_getsets, .new_signature = "(*args, **kwargs)", .construct = context_construct,
    .init_signature = "(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)", .initialize = context_set_all,
    .text_signature = "(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)",
};

// ---- The current context

// A template is not for anybody to work in: a copy becomes current.
static bool make_current(Thread *t, Value context)
{
    DecimalState *state = state_of(t);
    OWN Value own = UNBOUND;
    for (size_t i = 0; i < TEMPLATES; i++) {
        if (!is_same(context, state->templates[i])) continue;
        context = own = context_copied(t, as_decimal_context(context), 0);
        if (is_error(own)) return false;
    }
    return context_var_set(t, state->variable, context);
}
DecimalContext *current_decimal_context(Thread *t)
{
    DecimalState *state = state_of(t);
    Value known = context_var_get(t, state->variable);
    if (UNLIKELY(is_unbound(known))) {
        if (!make_current(t, state->templates[TEMPLATE_DEFAULT])) return NULL;
        known = context_var_get(t, state->variable);
    }
    if (is_error(known)) return NULL;
    if (UNLIKELY(!is_decimal_context(known))) return error_null(raise_type_error(t, "the current decimal context is no context"));
    return as_decimal_context(known);
}
DecimalContext *context_argument(Thread *t, Value v)
{
    if (is_unbound(v) || is_none(v)) return current_decimal_context(t);
    return is_decimal_context(v) ? as_decimal_context(v) : error_null(raise_type_error(t, "optional argument must be a context"));
}

static Value get_context(Thread *t, Value self, const Value *args)
{
    DecimalContext *c = current_decimal_context(t);
    return c ? retain(object_value(c)) : ERROR;
}
static Value set_context(Thread *t, Value self, const Value *args)
{
    if (!is_decimal_context(args[0])) return raise_type_error(t, "argument must be a context");
    return make_current(t, args[0]) ? NONE : ERROR;
}

// ---- localcontext()

typedef struct ContextManager { Object head; Value local, before; } ContextManager;

static void manager_visit(Object *o, VisitFn visit, void *context)
{
    ContextManager *m = (ContextManager *)o;
    if (is_object(m->local)) visit(m->local, context);
    if (is_object(m->before)) visit(m->before, context);
}
static void manager_finish(Thread *t, Object *o)
{
    clear(&((ContextManager *)o)->local);
    clear(&((ContextManager *)o)->before);
}
static Value manager_enter(Thread *t, Value self, const Value *args)
{
    Value local = ((ContextManager *)as_object(self))->local;
    return make_current(t, local) ? retain(local) : ERROR;
}
static Value manager_exit(Thread *t, Value self, const Value *args)
{
    return make_current(t, ((ContextManager *)as_object(self))->before) ? FALSE : ERROR;
}
static const Method manager_methods[] = {
    {"__enter__", manager_enter, "(self, /)", NULL},
    {"__exit__", manager_exit, "(self, /, *args)", NULL},
    {0},
};
const TypeSpec context_manager_spec = {
    .name = "decimal.ContextManager", .size = sizeof(ContextManager), .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = manager_visit, .finish = manager_finish}, .methods = manager_methods,
};
static bool set_by_name(Thread *t, Value context, Dict *keywords)
{
    static const char *const accepted[] = {"prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"};
    Value args[COUNT_OF(accepted)], key, value;
    for (size_t i = 0; i < COUNT_OF(accepted); i++) args[i] = NONE;
    for (size_t at = 0; dict_next(keywords, &at, &key, &value);) {
        size_t i = 0;
        while (i < COUNT_OF(accepted) && !str_equal_text(as_str(key), accepted[i])) i++;
        if (i == COUNT_OF(accepted)) return error_false(raise_type_error(t, "'%U' is an invalid keyword argument for this function", as_str(key)));
        args[i] = value;
    }
    return context_set_all(t, context, args);
}
static Value local_context(Thread *t, Value self, const Value *args)
{
    DecimalContext *current = current_decimal_context(t), *from = current ? context_argument(t, args[0]) : NULL;
    if (!from) return ERROR;
    OWN_POINTER ContextManager *m = (ContextManager *)object_new(t, &context_manager_type);
    if (!m) return ERROR;
    m->before = retain(object_value(current));
    OWN Value local = context_copied(t, from, as_signal_dict(from->flags)->bits);
    if (is_error(local) || !set_by_name(t, local, as_dict(args[1]))) return ERROR;
    m->local = MOVE(local);
    return object_value(MOVE_POINTER(m));
}
const Method module_functions[] = {
    {"getcontext", get_context, "()", "The current context."},
    {"setcontext", set_context, "(context, /)", "Make a context the current one."},
    {"localcontext", local_context, "(ctx=None, **kwargs)", "A with statement's manager: a copy of ctx, or of the current context, is current inside."},
    {0},
};
