// SPDX-License-Identifier: MIT
// interp/code.c: the type `code`: its attributes, its tables of places and handlers.
#include "interp/code.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/weakref.h"

const OpcodeInfo opcode_info[OPCODE_COUNT] = {
#define RAISES OPCODE_RAISES
#define POLLS OPCODE_POLLS
#define OP(name, a, b, c, word, traits, text) \
    [OP_CODE_##name] = {#name, OPERAND_##a, OPERAND_##b, OPERAND_##c, OPERAND_##word, traits, text},
#include "interp/opcodes.def"
#undef RAISES
#undef POLLS
};

Type code_type;

// ---- tables

const Place *code_place(const Code *code, uint32_t word)
{
    uint32_t low = 0, high = code->place_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (code->places[middle].start <= word) low = middle + 1;
        else high = middle;
    }
    return low ? &code->places[low - 1] : NULL;
}

int code_line(const Code *code, uint32_t word)
{
    const Place *place = code_place(code, word);
    while (place && !place->line && place > code->places) place--;
    return place && place->line ? place->line : code->first_line;
}

const HandlerRange *code_handler(const Code *code, uint32_t word)
{
    uint32_t low = 0, high = code->handler_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (code->handlers[middle].start <= word) low = middle + 1;
        else high = middle;
    }
    return low && word < code->handlers[low - 1].end ? &code->handlers[low - 1] : NULL;
}

static void *shrink(void *array, size_t size)
{
    void *smaller = realloc(array, size ? size : 1);
    return smaller ? smaller : array;
}

void code_trim(Code *code)
{
    code->handlers = shrink(code->handlers, sizeof *code->handlers * code->handler_count);
    code->places = shrink(code->places, sizeof *code->places * code->place_count);
}

// ---- life

static void code_visit(Object *o, VisitFn visit, void *context)
{
    Code *code = (Code *)o;
    for (uint32_t i = 0; i < code->constant_count; i++) VISIT(code->constants[i]);
    void *owned[] = {code->name, code->qualname, code->filename, code->names, code->varnames, code->cellvars, code->freevars};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (owned[i]) VISIT(object_value(owned[i]));
    VISIT(code->extra);
}

static void code_finish(Thread *t, Object *o)
{
    Code *code = (Code *)o;
    if (code->constants)
        for (uint32_t i = 0; i < code->constant_count; i++) drop(code->constants[i]);
    mem_free(code->constants);
    mem_free(code->words);
    mem_free(code->sites);
    mem_free(code->handlers);
    mem_free(code->places);
    mem_free(code->cell_locals);
    drop_pointer(code->name);
    drop_pointer(code->qualname);
    drop_pointer(code->filename);
    drop_pointer(code->names);
    drop_pointer(code->varnames);
    drop_pointer(code->cellvars);
    drop_pointer(code->freevars);
    drop(code->extra);
}

static Value code_repr(Thread *t, Value v)
{
    Code *code = as_code(v);
    char address[32];
    snprintf(address, sizeof address, "%p", (void *)code);
    return str_format(t, "<code object %U at %s, file \"%U\", line %d>", code->name, address, code->filename, code->first_line);
}

static bool same_tables(const Code *a, const Code *b)
{
    return a->word_count == b->word_count && memcmp(a->words, b->words, a->word_count * sizeof *a->words) == 0
        && a->handler_count == b->handler_count && a->place_count == b->place_count
        && memcmp(a->places, b->places, a->place_count * sizeof *a->places) == 0
        && a->flags == b->flags && a->argcount == b->argcount && a->posonly_count == b->posonly_count
        && a->kwonly_count == b->kwonly_count && a->first_line == b->first_line && a->constant_count == b->constant_count;
}

static int same_tuples(Thread *t, const Tuple *a, const Tuple *b)
{
    return object_equal(t, object_value(a), object_value(b));
}

// 1 equal, 0 not, -1 raised
static int compare_codes(Thread *t, const Code *a, const Code *b)
{
    if (a == b) return 1;
    if (!same_tables(a, b) || !str_equal(a->name, b->name)) return 0;
    int equal = same_tuples(t, a->varnames, b->varnames);
    if (equal == 1) equal = same_tuples(t, a->names, b->names);
    if (equal == 1) equal = same_tuples(t, a->cellvars, b->cellvars);
    if (equal == 1) equal = same_tuples(t, a->freevars, b->freevars);
    for (uint32_t i = 0; equal == 1 && i < a->constant_count; i++) {
        if (type_of(a->constants[i]) != type_of(b->constants[i])) return 0;
        equal = object_equal(t, a->constants[i], b->constants[i]);
    }
    return equal;
}

static Value code_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_code(a) || !is_code(b) || (op != CMP_EQ && op != CMP_NE)) return NOT_IMPLEMENTED;
    int equal = compare_codes(t, as_code(a), as_code(b));
    return equal < 0 ? ERROR : bool_value(equal == (op == CMP_EQ));
}

static bool code_hash(Thread *t, Value v, int64_t *hash)
{
    Code *code = as_code(v);
    if (code->hash == -1) {
        uint64_t h = (uint64_t)str_hash(code->name);
        for (uint32_t i = 0; i < code->word_count; i++) h = (h ^ code->words[i]) * UINT64_C(0x100000001B3);
        h ^= (uint64_t)code->first_line * 31 + code->argcount;
        code->hash = (int64_t)(h >> 1);
    }
    *hash = code->hash;
    return true;
}

// ---- attributes

#define COUNT_GETTER(name, field) static Value get_##name(Thread *t, Value v) { return int_value(t, (int64_t)as_code(v)->field); }
#define POINTER_GETTER(name, field) static Value get_##name(Thread *t, Value v) { return retain(object_value(as_code(v)->field)); }
COUNT_GETTER(argcount, argcount)
COUNT_GETTER(posonly, posonly_count)
COUNT_GETTER(kwonly, kwonly_count)
COUNT_GETTER(nlocals, varnames->length)
COUNT_GETTER(stacksize, registers)
COUNT_GETTER(flags, flags)
COUNT_GETTER(firstlineno, first_line)
POINTER_GETTER(names, names)
POINTER_GETTER(varnames, varnames)
POINTER_GETTER(cellvars, cellvars)
POINTER_GETTER(freevars, freevars)
POINTER_GETTER(filename, filename)
POINTER_GETTER(name, name)
POINTER_GETTER(qualname, qualname)

static Value get_code(Thread *t, Value v) { return bytes_from(t, (const char *)as_code(v)->words, as_code(v)->word_count * 4); }
static Value get_consts(Thread *t, Value v) { return tuple_from_values(t, as_code(v)->constants, as_code(v)->constant_count); }
static Value get_linetable(Thread *t, Value v) { return bytes_from(t, (const char *)as_code(v)->places, as_code(v)->place_count * sizeof(Place)); }
static Value get_exceptiontable(Thread *t, Value v)
{
    return bytes_from(t, (const char *)as_code(v)->handlers, as_code(v)->handler_count * sizeof(HandlerRange));
}

static const GetSet code_getsets[] = {
    {"co_argcount", get_argcount, NULL, NULL},
    {"co_posonlyargcount", get_posonly, NULL, NULL},
    {"co_kwonlyargcount", get_kwonly, NULL, NULL},
    {"co_nlocals", get_nlocals, NULL, NULL},
    {"co_stacksize", get_stacksize, NULL, NULL},
    {"co_flags", get_flags, NULL, NULL},
    {"co_code", get_code, NULL, NULL},
    {"co_consts", get_consts, NULL, NULL},
    {"co_names", get_names, NULL, NULL},
    {"co_varnames", get_varnames, NULL, NULL},
    {"co_cellvars", get_cellvars, NULL, NULL},
    {"co_freevars", get_freevars, NULL, NULL},
    {"co_filename", get_filename, NULL, NULL},
    {"co_name", get_name, NULL, NULL},
    {"co_qualname", get_qualname, NULL, NULL},
    {"co_firstlineno", get_firstlineno, NULL, NULL},
    {"co_linetable", get_linetable, NULL, NULL},
    {"co_lnotab", get_linetable, NULL, NULL},
    {"co_exceptiontable", get_exceptiontable, NULL, NULL},
    {0},
};

// ---- methods

static bool append_owned_tuple(Thread *t, Value list, TAKES Value tuple)
{
    return !is_error(tuple) && list_append_owned(t, list, tuple);
}

// co_lines(): (start, end, line), two for a word, as in f_lasti.
static Value code_lines(Thread *t, Value self, const Value *args)
{
    Code *code = as_code(self);
    OWN Value list = list_new(t, code->place_count);
    if (is_error(list)) return ERROR;
    for (uint32_t i = 0; i < code->place_count;) {
        uint32_t j = i + 1;
        while (j < code->place_count && code->places[j].line == code->places[i].line) j++;
        uint32_t end = j < code->place_count ? code->places[j].start : code->word_count;
        Value line = code->places[i].line ? small_int(code->places[i].line) : NONE;
        if (!append_owned_tuple(t, list, tuple_of(t, 3, small_int(code->places[i].start * 2), small_int(end * 2), line))) return ERROR;
        i = j;
    }
    return object_iter(t, list);
}

static Value column_value(uint16_t column) { return column == NO_COLUMN ? NONE : small_int(column); }

// co_positions(): (line, end line, column, end column) for each word.
static Value code_positions(Thread *t, Value self, const Value *args)
{
    Code *code = as_code(self);
    OWN Value list = list_new(t, code->word_count);
    if (is_error(list)) return ERROR;
    for (uint32_t word = 0; word < code->word_count; word++) {
        const Place *p = code_place(code, word);
        bool known = p && p->line;
        Value line = known ? small_int(p->line) : NONE, end = known ? small_int(p->end_line) : NONE;
        Value item = tuple_of(t, 4, line, end, p ? column_value(p->col) : NONE, p ? column_value(p->end_col) : NONE);
        if (!append_owned_tuple(t, list, item)) return ERROR;
    }
    return object_iter(t, list);
}

static void *copy_array(Thread *t, const void *array, size_t size)
{
    void *copy = mem_allocate(t, size + 1);
    if (copy) memcpy(copy, array, size);
    return copy;
}

static NEW_REF Code *code_copy(Thread *t, const Code *old)
{
    OWN_POINTER Code *code = (Code *)object_new(t, &code_type);
    if (!code) return NULL;
    Object head = code->head;
    *code = *old;
    code->head = head;
    code->hash = -1;
    retain(code->extra);
    RETAIN(code->name); RETAIN(code->qualname); RETAIN(code->filename);
    RETAIN(code->names); RETAIN(code->varnames); RETAIN(code->cellvars); RETAIN(code->freevars);
    code->words = copy_array(t, old->words, old->word_count * sizeof *old->words);
    code->constants = copy_array(t, old->constants, old->constant_count * sizeof *old->constants);
    code->sites = copy_array(t, old->sites, old->site_count * sizeof *old->sites);
    code->handlers = copy_array(t, old->handlers, old->handler_count * sizeof *old->handlers);
    code->places = copy_array(t, old->places, old->place_count * sizeof *old->places);
    code->cell_locals = copy_array(t, old->cell_locals, old->cellvars->length * sizeof *old->cell_locals);
    if (code->constants) for (uint32_t i = 0; i < code->constant_count; i++) retain(code->constants[i]);
    if (code->sites)
        for (uint32_t i = 0; i < code->site_count; i++) code->sites[i] = (Site){.name = old->sites[i].name};
    if (!code->words || !code->constants || !code->sites || !code->handlers || !code->places || !code->cell_locals) return NULL;
    return MOVE_POINTER(code);
}

static bool replace_str(Str **slot, Value v)
{
    if (is_unbound(v)) return true;
    if (!is_str(v)) return false;
    drop_pointer(*slot);
    *slot = as_str(retain(v));
    return true;
}

static bool replace_count(Thread *t, uint32_t *slot, Value v)
{
    int64_t i;
    if (is_unbound(v)) return true;
    if (!int_as_i64(t, v, &i)) return false;
    *slot = (uint32_t)i;
    return true;
}

static bool replace_constants(Thread *t, Code *code, Value v)
{
    if (is_unbound(v)) return true;
    if (!is_tuple(v) || as_tuple(v)->length != code->constant_count)
        return error_false(raise_value_error(t, "code: co_consts must be a tuple of as many items as before"));
    for (uint32_t i = 0; i < code->constant_count; i++) assign(&code->constants[i], retain(as_tuple(v)->items[i]));
    return true;
}

// replace(): what belongs to the instructions themselves cannot be exchanged one by one, and must be left as it is.
static Value code_replace(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Code *code = code_copy(t, as_code(self));
    if (!code) return ERROR;
    uint32_t first_line = (uint32_t)code->first_line;
    if (!replace_str(&code->name, args[0]) || !replace_str(&code->qualname, args[1]) || !replace_str(&code->filename, args[2]))
        return raise_type_error(t, "replace() argument must be str");
    if (!replace_count(t, &first_line, args[3]) || !replace_count(t, &code->flags, args[4])) return ERROR;
    code->first_line = (int32_t)first_line;
    if (!replace_constants(t, code, args[5])) return ERROR;
    return object_value(MOVE_POINTER(code));
}

static Value code_sizeof(Thread *t, Value self, const Value *args)
{
    Code *code = as_code(self);
    return int_value(t, (int64_t)(sizeof *code + code->word_count * sizeof *code->words + code->constant_count * sizeof *code->constants
        + code->site_count * sizeof *code->sites + code->handler_count * sizeof *code->handlers + code->place_count * sizeof *code->places));
}

static const Method code_methods[] = {
    {"co_lines", code_lines, "(self, /)", NULL},
    {"co_positions", code_positions, "(self, /)", NULL},
    {"replace", code_replace,
     "(self, /, *, co_name=<unset>, co_qualname=<unset>, co_filename=<unset>, co_firstlineno=<unset>, co_flags=<unset>, co_consts=<unset>, "
     "co_argcount=None, co_posonlyargcount=None, co_kwonlyargcount=None, co_nlocals=None, co_stacksize=None, co_code=None, co_names=None, "
     "co_varnames=None, co_freevars=None, co_cellvars=None, co_linetable=None, co_exceptiontable=None)", NULL},
    {"__sizeof__", code_sizeof, "(self, /)", NULL},
    {0},
};

const TypeSpec code_spec = {
    .name = "code",
    .doc = "Compiled Python code.",
    .size = sizeof(Code),
    .flags = TYPE_GC | TYPE_NO_NEW | TYPE_IMMUTABLE,
    .slots = {
        .visit = code_visit,
        .finish = code_finish,
        .repr = code_repr,
        .compare = code_compare,
        .hash = code_hash,
    },
    .methods = code_methods,
    .getsets = code_getsets,
};
