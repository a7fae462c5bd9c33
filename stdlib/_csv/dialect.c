// SPDX-License-Identifier: MIT
// stdlib/_csv/dialect.c: Dialect: how fields are told apart and quoted, checked once.
#include "stdlib/_csv/csv.h"

#include "runtime/call.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/tuple.h"

Type csv_dialect_type;

// The parameters, in the order of the constructor's.
enum { DIALECT, DELIMITER, DOUBLE_QUOTE, ESCAPE, LINE_END, QUOTE, QUOTING, SKIP_SPACE, STRICT, PARAMETERS };
static const char *const parameter_names[PARAMETERS] = {
    "dialect", "delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict",
};

static bool flag_from(Thread *t, Value v, bool *flag)
{
    if (is_unbound(v)) return true;
    int truth = object_truth(t, v);
    *flag = truth > 0;
    return truth >= 0;
}
static bool character_from(Thread *t, Value v, int which, bool may_be_none, Codepoint *c)
{
    const char *name = parameter_names[which];
    if (is_unbound(v)) return true;
    if (is_none(v) && may_be_none) {
        *c = NO_CHARACTER;
        return true;
    }
    if (!is_str(v)) return error_false(raise_type_error(t, may_be_none ? "\"%s\" must be string or None, not %.200T" : "\"%s\" must be string, not %.200T", name, v));
    if (as_str(v)->length > 1 || (as_str(v)->length == 0 && !may_be_none)) return error_false(raise_type_error(t, "\"%s\" must be a 1-character string", name));
    *c = as_str(v)->length ? str_at(as_str(v), 0) : NO_CHARACTER;
    return as_str(v)->length || error_false(raise_type_error(t, "\"%s\" must be a 1-character string", name));
}
static bool line_end_from(Thread *t, Value v, Value *line_end)
{
    if (is_unbound(v)) {
        *line_end = str_from_ascii(t, "\r\n", 2);
        return !is_error(*line_end) || (*line_end = UNBOUND, false);
    }
    if (!is_none(v) && !is_str(v)) return error_false(raise_type_error(t, "\"lineterminator\" must be a string"));
    if (is_none(v)) return error_false(raise_type_error(t, "lineterminator must be set"));
    *line_end = retain(v);
    return true;
}
static bool quoting_from(Thread *t, const Value *given, CsvDialect *d)
{
    Value v = given[QUOTING];
    d->quoting = QUOTE_MINIMAL;
    if (is_unbound(v)) {
        if (is_none(given[QUOTE])) d->quoting = QUOTE_NONE;
    } else {
        if (!is_small_int(v)) return error_false(raise_type_error(t, "\"quoting\" must be an integer"));
        if (as_small_int(v) < QUOTE_MINIMAL || as_small_int(v) > QUOTE_NONE) return error_false(raise_type_error(t, "bad \"quoting\" value"));
        d->quoting = (int)as_small_int(v);
    }
    return d->quoting == QUOTE_NONE || d->quote != NO_CHARACTER || error_false(raise_type_error(t, "quotechar must be set if quoting enabled"));
}
// Parameters that were not given are attributes of the dialect, where it has them.
static bool inherit(Thread *t, Value dialect, const Value *args, Value *given)
{
    for (int i = DELIMITER; i < PARAMETERS; i++) {
        given[i] = retain(args[i]);
        if (!is_unbound(args[i]) || is_unbound(dialect)) continue;
        OWN_POINTER Str *name = str_intern_text(t, parameter_names[i], strlen(parameter_names[i]));
        given[i] = name ? object_get_attr_optional(t, dialect, name) : ERROR;
        if (is_error(given[i])) {
            given[i] = UNBOUND;
            return false;
        }
    }
    return true;
}
static bool fill(Thread *t, CsvDialect *d, const Value *given)
{
    d->delimiter = ',';
    d->quote = '"';
    d->escape = NO_CHARACTER;
    d->double_quote = true;
    return character_from(t, given[DELIMITER], DELIMITER, false, &d->delimiter) && flag_from(t, given[DOUBLE_QUOTE], &d->double_quote) &&
           character_from(t, given[ESCAPE], ESCAPE, true, &d->escape) && line_end_from(t, given[LINE_END], &d->line_end) &&
           character_from(t, given[QUOTE], QUOTE, true, &d->quote) && quoting_from(t, given, d) && flag_from(t, given[SKIP_SPACE], &d->skip_space) &&
           flag_from(t, given[STRICT], &d->strict);
}
static Value dialect_construct(Thread *t, Type *type, const Value *args)
{
    OWN Value dialect = is_none(args[DIALECT]) ? UNBOUND : is_str(args[DIALECT]) ? csv_dialect_named(t, args[DIALECT]) : retain(args[DIALECT]);
    if (is_error(dialect)) return ERROR;
    bool changed = false;
    for (int i = DELIMITER; i < PARAMETERS; i++) changed |= !is_unbound(args[i]);
    if (!changed && !is_unbound(dialect) && type_of(dialect) == &csv_dialect_type) return MOVE(dialect);
    Value given[PARAMETERS] = {UNBOUND};
    OWN_POINTER CsvDialect *d = (CsvDialect *)object_new(t, type);
    bool good = d && inherit(t, dialect, args, given) && fill(t, d, given);
    for (int i = DELIMITER; i < PARAMETERS; i++) drop(given[i]);
    return good ? object_value(MOVE_POINTER(d)) : ERROR;
}
static void dialect_finish(Thread *t, Object *o) { clear(&((CsvDialect *)o)->line_end); }

static Value character_value(Thread *t, Codepoint c) { return c == NO_CHARACTER ? NONE : str_from_codepoint(t, c); }
static Value get_delimiter(Thread *t, Value self) { return character_value(t, as_dialect(self)->delimiter); }
static Value get_escape(Thread *t, Value self) { return character_value(t, as_dialect(self)->escape); }
static Value get_quote(Thread *t, Value self) { return character_value(t, as_dialect(self)->quote); }
static Value get_line_end(Thread *t, Value self) { return retain(as_dialect(self)->line_end); }
static Value get_quoting(Thread *t, Value self) { return small_int(as_dialect(self)->quoting); }
static Value get_double_quote(Thread *t, Value self) { return bool_value(as_dialect(self)->double_quote); }
static Value get_skip_space(Thread *t, Value self) { return bool_value(as_dialect(self)->skip_space); }
static Value get_strict(Thread *t, Value self) { return bool_value(as_dialect(self)->strict); }
static const GetSet dialect_getsets[] = {
    {"delimiter", get_delimiter, NULL, NULL}, {"doublequote", get_double_quote, NULL, NULL}, {"escapechar", get_escape, NULL, NULL},
    {"lineterminator", get_line_end, NULL, NULL}, {"quotechar", get_quote, NULL, NULL}, {"quoting", get_quoting, NULL, NULL},
    {"skipinitialspace", get_skip_space, NULL, NULL}, {"strict", get_strict, NULL, NULL}, {0},
};
// Dialects are compared by identity, and found by their names: a copy would be another one.
static Value dialect_reduce(Thread *t, Value self, const Value *args) { return raise_type_error(t, "cannot pickle '%.100T' instances", self); }
static const Method dialect_methods[] = {{"__reduce_ex__", dialect_reduce, "(self, protocol, /)", NULL}, {"__reduce__", dialect_reduce, "(self, /)", NULL}, {0}};
const TypeSpec csv_dialect_spec = {
    .name = "_csv.Dialect", .doc = "How fields are told apart and quoted.", .size = sizeof(CsvDialect), .flags = TYPE_BASE, .slots = {.finish = dialect_finish},
    .methods = dialect_methods, .getsets = dialect_getsets, .construct = dialect_construct,
    .new_signature = "(dialect=None, delimiter=<unset>, doublequote=<unset>, escapechar=<unset>, lineterminator=<unset>, quotechar=<unset>, quoting=<unset>, "
                     "skipinitialspace=<unset>, strict=<unset>)",
};

Value csv_dialect_named(Thread *t, Value name)
{
    Value dialect = dict_get(t, csv_dialects(t), name);
    if (is_unbound(dialect)) return raise_error(t, csv_error(t), "unknown dialect");
    return retain(dialect);
}
Value csv_dialect_from(Thread *t, Value dialect, Value changes)
{
    OWN Value args = is_unbound(dialect) ? tuple_from_values(t, NULL, 0) : tuple_from_values(t, &dialect, 1);
    return is_error(args) ? ERROR : call_with_dict(t, type_value(&csv_dialect_type), args, changes);
}
