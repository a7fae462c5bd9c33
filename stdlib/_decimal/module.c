// SPDX-License-Identifier: MIT
// stdlib/_decimal/module.c: the module _decimal: its exceptions, its constants, and what it keeps for an interpreter.
#include "stdlib/_decimal/decimal.h"

#include "runtime/call.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/contextvars/contextvars.h"

// ---- The state

static Type state_type;
static void state_visit(Object *o, VisitFn visit, void *context)
{
    const Value *values = &((DecimalState *)o)->variable;
    for (size_t i = 0; i < STATE_VALUES; i++) if (is_object(values[i])) visit(values[i], context);
}
static void state_finish(Thread *t, Object *o)
{
    DecimalState *state = (DecimalState *)o;
    for (size_t i = 0; i < STATE_VALUES; i++) clear(&state->variable + i);
    if (state->ln10.bits) mpz_clear(state->ln10.scaled);
}
static const TypeSpec state_spec = {
    .name = "decimal.State", .size = sizeof(DecimalState), .flags = TYPE_GC | TYPE_NO_NEW, .slots = {.visit = state_visit, .finish = state_finish},
};
Ln10 *known_ln10(Thread *t) { return &state_of(t)->ln10; }

// ---- Exceptions

typedef struct ConditionClass { const char *name, *doc; } ConditionClass;
static const ConditionClass condition_classes[CONDITIONS] = {
    {"InvalidOperation", "An operation that has no result."}, {"ConversionSyntax", "A text that is no number."},
    {"DivisionImpossible", "An integer quotient with more digits than the precision."}, {"DivisionUndefined", "0 / 0."},
    {"InvalidContext", "A context that cannot be worked with."}, {"FloatOperation", "A float among decimals."},
    {"DivisionByZero", "A finite number divided by zero."}, {"Overflow", "A result too large for Emax."},
    {"Underflow", "A result too small for Emin, and inexact."}, {"Subnormal", "A result too small for Emin."},
    {"Inexact", "Digits that were not all 0 have been lost."}, {"Rounded", "Digits have been lost."},
    {"Clamped", "An exponent has been changed to fit the limits."},
};
static Value bases_of(Thread *t, const Value *made, size_t condition, Value base)
{
#define MADE(bit) made[__builtin_ctz(bit)]
    switch (1u << condition) {
    case CONVERSION_SYNTAX: case DIVISION_IMPOSSIBLE: case INVALID_CONTEXT: return tuple_of(t, 1, MADE(INVALID_OPERATION));
    case DIVISION_UNDEFINED: return tuple_of(t, 2, MADE(INVALID_OPERATION), type_value(&exc_ZeroDivisionError));
    case FLOAT_OPERATION: return tuple_of(t, 2, base, type_value(&exc_TypeError));
    case DIVISION_BY_ZERO: return tuple_of(t, 2, base, type_value(&exc_ZeroDivisionError));
    case OVERFLOW: return tuple_of(t, 2, MADE(INEXACT), MADE(ROUNDED));
    case UNDERFLOW: return tuple_of(t, 3, MADE(INEXACT), MADE(ROUNDED), MADE(SUBNORMAL));
    default: return tuple_of(t, 1, base);
    }
#undef MADE
}
// Underflow and Overflow derive from others that stand behind them: those first.
static bool make_conditions(Thread *t, DecimalState *state, Value base)
{
    static const uint8_t order[CONDITIONS] = {0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 7, 8};
    for (size_t i = 0; i < CONDITIONS; i++) {
        size_t condition = order[i];
        OWN Value bases = bases_of(t, state->conditions, condition, base);
        Value class = is_error(bases) ? ERROR : exception_class_new(t, "decimal", condition_classes[condition].name, bases, condition_classes[condition].doc);
        if (is_error(class)) return false;
        state->conditions[condition] = class;
    }
    return true;
}

// ---- What comes from other modules

static Value imported(Thread *t, const char *module, const char *name)
{
    OWN_POINTER Str *module_name = str_intern_text(t, module, strlen(module));
    OWN_POINTER Str *attribute = str_intern_text(t, name, strlen(name));
    if (!module_name || !attribute) return ERROR;
    OWN Value from = t->interp->up.import_module(t, module_name);
    return is_error(from) ? ERROR : object_get_attr(t, from, attribute);
}
static Value make_variable(Thread *t)
{
    OWN Value ready = imported(t, "_contextvars", "ContextVar");       // its types are there once it has been imported
    return is_error(ready) ? ERROR : context_var_new(t, "decimal_context");
}
static Value make_signal_dict_class(Thread *t)
{
    OWN Value mapping = imported(t, "collections.abc", "MutableMapping");
    OWN Value bases = is_error(mapping) ? ERROR : tuple_of(t, 2, type_value(&signal_dict_type), mapping);
    OWN Value name = is_error(bases) ? ERROR : str_from_text(t, "SignalDict");
    OWN_POINTER Dict *namespace = is_error(name) ? NULL : dict_new(t);
    if (!namespace || !dict_set_text(t, namespace, "__module__", str_from_text(t, "abc"))) return ERROR;
    return call3(t, type_value(type_of(mapping)), name, bases, dict_value(namespace));
}
static Value make_decimal_tuple(Thread *t)
{
    OWN Value namedtuple = imported(t, "collections", "namedtuple"), name = str_from_text(t, "DecimalTuple"), fields = str_from_text(t, "sign digits exponent");
    if (is_error(namedtuple) || is_error(name) || is_error(fields)) return ERROR;
    OWN Value module = str_from_text(t, "decimal"), keyword = str_from_text(t, "module");
    OWN Value keywords = is_error(keyword) ? ERROR : tuple_of(t, 1, keyword);
    if (is_error(module) || is_error(keywords)) return ERROR;
    return call(t, namedtuple, (const Value[]){name, fields, module}, 2, keywords);
}
static bool register_number(Thread *t, DecimalState *state)
{
    Value rational = imported(t, "numbers", "Rational");
    if (is_error(rational)) return false;
    state->rational = rational;
    OWN Value number = imported(t, "numbers", "Number");
    OWN_POINTER Str *name = is_error(number) ? NULL : str_intern_text(t, "register", 8);
    OWN Value done = name ? call_method1(t, number, name, type_value(&decimal_type)) : ERROR;
    return !is_error(done);
}

static bool make_templates(Thread *t, DecimalState *state)
{
    static const struct { Settings settings; uint32_t traps; } templates[TEMPLATES] = {
        [TEMPLATE_DEFAULT] = {{28, 999999, -999999, ROUND_HALF_EVEN, false}, DEFAULT_TRAPS},
        [TEMPLATE_BASIC] = {{9, 999999, -999999, ROUND_HALF_UP, false}, DEFAULT_TRAPS | UNDERFLOW | CLAMPED},
        [TEMPLATE_EXTENDED] = {{9, 999999, -999999, ROUND_HALF_EVEN, false}, 0},
    };
    for (size_t i = 0; i < TEMPLATES; i++) {
        Value made = decimal_context_new(t, &decimal_context_type, &templates[i].settings, true, templates[i].traps);
        if (is_error(made)) return false;
        state->templates[i] = made;
    }
    return true;
}

static bool prepare_types(Thread *t)
{
    if (decimal_type.version) return true;
    return type_prepare(t, &state_type, &state_spec) && type_prepare(t, &decimal_type, &decimal_spec) &&
           type_prepare(t, &decimal_context_type, &decimal_context_spec) && type_prepare(t, &signal_dict_type, &signal_dict_spec) &&
           type_prepare(t, &context_manager_type, &context_manager_spec);
}
// Makes the state of this interpreter, once: the exceptions are the same however often the module is imported.
static bool make_state(Thread *t)
{
    Value *slot = &t->interp->module_slots[SLOT_DECIMAL_STATE];
    if (!is_unbound(*slot)) return true;
    if (!prepare_types(t)) return false;
    DecimalState *state = (DecimalState *)object_new(t, &state_type);
    if (!state) return false;
    assign(slot, object_value(state));
    Value *const parts[] = {&state->variable, &state->signal_dict, &state->decimal_tuple};
    Value (*const makers[])(Thread *t) = {make_variable, make_signal_dict_class, make_decimal_tuple};
    OWN Value base = exception_class_new(t, "decimal", "DecimalException", type_value(&exc_ArithmeticError), NULL);
    bool done = !is_error(base) && make_conditions(t, state, base);
    for (size_t i = 0; done && i < COUNT_OF(parts); i++) {
        Value part = makers[i](t);
        done = !is_error(part);
        if (done) *parts[i] = part;
    }
    done = done && register_number(t, state) && make_templates(t, state);
    if (!done) clear(slot);
    return done;
}

// ---- The module

static bool add_constants(Thread *t, Value module)
{
    static const NamedInt ints[] = {NAMED_INT(MAX_PREC), NAMED_INT(MAX_EMAX), NAMED_INT(MIN_EMIN), NAMED_INT(MIN_ETINY)};
    for (size_t i = 0; i < ROUNDING_COUNT; i++)
        if (!module_add(t, module, rounding_names[i], rounding_name(t, (enum Rounding)i))) return false;
    return module_add_ints(t, module, ints, COUNT_OF(ints)) && module_add(t, module, "HAVE_THREADS", TRUE) && module_add(t, module, "HAVE_CONTEXTVAR", TRUE) &&
           module_add(t, module, "__version__", str_from_text(t, "1.70")) &&                // of the specification
           module_add(t, module, "__libmpdec_version__", str_from_text(t, "2.5.1"));       // what it behaves like: programs ask for it
}
static bool start(Thread *t, Value module)
{
    static const char *const template_names[TEMPLATES] = {"DefaultContext", "BasicContext", "ExtendedContext"};
    if (!make_state(t)) return false;
    DecimalState *state = state_of(t);
    for (size_t i = 0; i < CONDITIONS; i++)
        if (!module_add(t, module, condition_classes[i].name, retain(state->conditions[i]))) return false;
    Value base = type_value(as_type(state->conditions[0])->base);
    if (!module_add(t, module, "DecimalException", retain(base))) return false;
    for (size_t i = 0; i < TEMPLATES; i++)
        if (!module_add(t, module, template_names[i], retain(state->templates[i]))) return false;
    return module_add(t, module, "DecimalTuple", retain(state->decimal_tuple)) && module_add_type(t, module, &decimal_type) &&
           module_add_type(t, module, &decimal_context_type) && add_constants(t, module);
}
extern const ModuleSpec _decimal_spec;
const ModuleSpec _decimal_spec = {.name = "_decimal", .doc = "Decimal arithmetic.", .functions = module_functions, .start = start};
