// SPDX-License-Identifier: MIT
// stdlib/_csv/csv.h: a dialect, and what the halves of _csv share.
#ifndef BATON_STDLIB_CSV_H
#define BATON_STDLIB_CSV_H

#include "runtime/error.h"
#include "runtime/types/str.h"
#include "stdlib/module_slots.h"

enum { QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE };
#define NO_CHARACTER UINT32_MAX

typedef struct CsvDialect {
    Object head;
    Codepoint delimiter, quote, escape;     // NO_CHARACTER: none
    Value line_end;                         // a str
    int quoting;
    bool double_quote, skip_space, strict;
} CsvDialect;

extern Type csv_dialect_type, csv_reader_type, csv_writer_type;
extern const TypeSpec csv_dialect_spec, csv_reader_spec, csv_writer_spec;
static inline CsvDialect *as_dialect(Value v) { return (CsvDialect *)as_object(v); }
static inline NEEDS_GIL Type *csv_error(Thread *t) { return as_type(t->interp->module_slots[SLOT_CSV_ERROR]); }
static inline NEEDS_GIL Dict *csv_dialects(Thread *t) { return (Dict *)as_object(t->interp->module_slots[SLOT_CSV_DIALECTS]); }
static inline NEEDS_GIL size_t csv_field_limit(Thread *t) { return (size_t)as_small_int(t->interp->module_slots[SLOT_CSV_FIELD_LIMIT]); }

// The Dialect that `dialect` (a name, a Dialect, any object with its attributes, None or UNBOUND) makes with `changes` (a dict).
NEEDS_GIL NEW_REF Value csv_dialect_from(Thread *t, Value dialect, Value changes);
NEEDS_GIL NEW_REF Value csv_dialect_named(Thread *t, Value name);
NEEDS_GIL NEW_REF Value csv_reader_new(Thread *t, Value iterable, Value dialect, Value changes);
NEEDS_GIL NEW_REF Value csv_writer_new(Thread *t, Value file, Value dialect, Value changes);

#endif
