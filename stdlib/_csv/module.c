// SPDX-License-Identifier: MIT
// stdlib/_csv/module.c: the module _csv: the dialects by name, and the limit of a field's length.
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "stdlib/_csv/csv.h"

static Value reader(Thread *t, Value module, const Value *args) { return csv_reader_new(t, args[0], args[1], args[2]); }
static Value writer(Thread *t, Value module, const Value *args) { return csv_writer_new(t, args[0], args[1], args[2]); }
static Value register_dialect(Thread *t, Value module, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "dialect name must be a string");
    OWN Value dialect = csv_dialect_from(t, args[1], args[2]);
    return is_error(dialect) || !dict_set(t, csv_dialects(t), args[0], dialect) ? ERROR : NONE;
}
static Value unregister_dialect(Thread *t, Value module, const Value *args)
{
    int deleted = dict_delete(t, csv_dialects(t), args[0]);
    return deleted > 0 ? NONE : deleted < 0 ? ERROR : raise_error(t, csv_error(t), "unknown dialect");
}
static Value get_dialect(Thread *t, Value module, const Value *args) { return csv_dialect_named(t, args[0]); }
static Value list_dialects(Thread *t, Value module, const Value *args) { return list_from_iterable(t, dict_value(csv_dialects(t))); }
static Value field_size_limit(Thread *t, Value module, const Value *args)
{
    Value old = t->interp->module_slots[SLOT_CSV_FIELD_LIMIT];
    int64_t limit;
    if (is_unbound(args[0])) return old;
    if (!is_exact_int(args[0])) return raise_type_error(t, "limit must be an integer");
    if (!int_as_i64(t, args[0], &limit)) return ERROR;
    limit = limit < 0 ? 0 : limit > INT_IMMEDIATE_MAX ? INT_IMMEDIATE_MAX : limit;
    t->interp->module_slots[SLOT_CSV_FIELD_LIMIT] = small_int(limit);
    return old;
}
static const Method functions[] = {
    {"reader", reader, "(iterable, dialect=<unset>, /, **fmtparams)", "An iterator of the lists of fields in an iterable of lines."},
    {"writer", writer, "(fileobj, dialect=<unset>, /, **fmtparams)", "An object that writes rows to a file."},
    {"register_dialect", register_dialect, "(name, dialect=<unset>, /, **fmtparams)", "Give a dialect a name."},
    {"unregister_dialect", unregister_dialect, "(name)", "Forget the name of a dialect."},
    {"get_dialect", get_dialect, "(name)", "The dialect of that name."},
    {"list_dialects", list_dialects, "()", "The names of all dialects."},
    {"field_size_limit", field_size_limit, "(limit=<unset>, /)", "Set how long a field may be; the limit until now."},
    {0},
};
static const NamedInt constants[] = {NAMED_INT(QUOTE_MINIMAL), NAMED_INT(QUOTE_ALL), NAMED_INT(QUOTE_NONNUMERIC), NAMED_INT(QUOTE_NONE)};

static bool start(Thread *t, Value module)
{
    Value *slots = t->interp->module_slots;
    if (csv_dialect_type.version == 0 && (!type_prepare(t, &csv_dialect_type, &csv_dialect_spec) || !type_prepare(t, &csv_reader_type, &csv_reader_spec) ||
                                          !type_prepare(t, &csv_writer_type, &csv_writer_spec))) return false;
    Value *error = &slots[SLOT_CSV_ERROR];
    Value class = is_unbound(*error) ? exception_class_new(t, "_csv", "Error", type_value(&exc_Exception), NULL) : retain(*error);
    if (is_error(class)) return false;
    assign(error, retain(class));
    if (!module_add(t, module, "Error", class)) return false;
    Dict *dialects = dict_new(t);
    if (!dialects) return false;
    assign(&slots[SLOT_CSV_DIALECTS], dict_value(dialects));
    slots[SLOT_CSV_FIELD_LIMIT] = small_int(128 * 1024);
    return module_add(t, module, "_dialects", retain(dict_value(dialects))) && module_add(t, module, "__version__", str_from_text(t, "1.0")) &&
           module_add_ints(t, module, constants, COUNT_OF(constants)) && module_add_type(t, module, &csv_dialect_type) &&
           module_add(t, module, "Reader", retain(type_value(&csv_reader_type))) && module_add(t, module, "Writer", retain(type_value(&csv_writer_type)));
}
extern const ModuleSpec _csv_spec;
const ModuleSpec _csv_spec = {.name = "_csv", .doc = "CSV parsing and writing.\n", .functions = functions, .start = start};
