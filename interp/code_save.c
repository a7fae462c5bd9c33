// SPDX-License-Identifier: MIT
// interp/code_save.c: code objects as bytes, and back: for the cache of compiled modules and for modules linked in.
//
// A saved code begins with a mark and CODE_VERSION; then each value is a letter and what belongs to it. Numbers are
// little-endian. An interned string is written once; where it comes again its number stands, for names come again and again. Reading checks
// every length, so a damaged file is an error and never a crash of the reader.
#include "interp/code.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/set.h"

static const char mark[4] = "BtnC";

// ---- writing

typedef struct Writer { Thread *t; char *data; size_t length, capacity; bool failed; int depth; Dict *numbers; } Writer;    // numbers: of interned strings

static void put(Writer *w, const void *data, size_t size)
{
    if (w->failed) return;
    if (w->length + size > w->capacity) {
        size_t capacity = (w->length + size) * 2 + 64;
        char *larger = mem_reallocate(w->t, w->data, capacity);
        if (!larger) {
            w->failed = true;
            return;
        }
        w->data = larger;
        w->capacity = capacity;
    }
    if (size) memcpy(w->data + w->length, data, size);
    w->length += size;
}
static void put_letter(Writer *w, char letter) { put(w, &letter, 1); }
static void put_number(Writer *w, uint32_t n) { put(w, &n, 4); }
static void put_array(Writer *w, const void *array, uint32_t count, size_t size)
{
    put_number(w, count);
    put(w, array, count * size);
}

static void put_value(Writer *w, Value v);

static void put_values(Writer *w, const Value *values, size_t count)
{
    put_number(w, (uint32_t)count);
    for (size_t i = 0; i < count; i++) put_value(w, values[i]);
}

// Whether s has been written before: then its number is. Else it gets the next one.
static bool put_known(Writer *w, Str *s)
{
    Value known = dict_get(w->t, w->numbers, object_value(s));
    if (is_small_int(known)) {
        put_letter(w, 'R');
        put_number(w, (uint32_t)as_small_int(known));
        return true;
    }
    if (is_error(known) || !dict_set(w->t, w->numbers, object_value(s), small_int((int64_t)w->numbers->count))) w->failed = true;
    return w->failed;
}
static void put_str(Writer *w, Str *s)
{
    if (str_is_interned(s) && put_known(w, s)) return;
    OWN Value utf8 = str_encode(w->t, s, "utf-8", "surrogatepass");
    if (is_error(utf8)) {
        w->failed = true;
        return;
    }
    put_letter(w, str_is_interned(s) ? 'S' : 's');
    put_number(w, (uint32_t)bytes_length(utf8));
    put(w, bytes_data(utf8), bytes_length(utf8));
}

static void put_set(Writer *w, Value set)
{
    put_letter(w, '<');
    put_number(w, (uint32_t)as_set(set)->count);
    size_t at = 0;
    Value key;
    while (set_next(as_set(set), &at, &key)) put_value(w, key);
}

static void put_code(Writer *w, const Code *code)
{
    put_letter(w, 'C');
    const uint32_t numbers[] = {code->flags, code->argcount, code->posonly_count, code->kwonly_count, code->param_count, code->locals,
                                code->near_locals, code->registers, code->simple, (uint32_t)code->first_line};
    put(w, numbers, sizeof numbers);
    put_value(w, object_value(code->name));
    put_value(w, object_value(code->qualname));
    put_value(w, object_value(code->filename));
    put_value(w, object_value(code->names));
    put_value(w, object_value(code->varnames));
    put_value(w, object_value(code->cellvars));
    put_value(w, object_value(code->freevars));
    put_array(w, code->words, code->word_count, sizeof *code->words);
    put_values(w, code->constants, code->constant_count);
    put_number(w, code->site_count);
    for (uint32_t i = 0; i < code->site_count; i++) {
        uint32_t index = UINT32_MAX;
        for (size_t j = 0; code->sites[i].name && j < code->names->length; j++)
            if (as_object(code->names->items[j]) == (Object *)code->sites[i].name) index = (uint32_t)j;
        put_number(w, index);
    }
    put_array(w, code->handlers, code->handler_count, sizeof *code->handlers);
    put_array(w, code->places, code->place_count, sizeof *code->places);
    put(w, code->cell_locals, code->cellvars->length * sizeof *code->cell_locals);
}

static void put_number_value(Writer *w, Value v)
{
    if (is_small_int(v)) {
        int64_t i = as_small_int(v);
        put_letter(w, 'i');
        put(w, &i, 8);
        return;
    }
    OWN Value digits = int_to_str(w->t, v, 16);
    if (is_error(digits)) {
        w->failed = true;
        return;
    }
    put_letter(w, 'l');
    put_array(w, str_text(as_str(digits)), (uint32_t)as_str(digits)->length, 1);
}

static void put_object(Writer *w, Value v)
{
    if (is_code(v)) put_code(w, as_code(v));
    else if (is_exact_str(v)) put_str(w, as_str(v));
    else if (is_exact_tuple(v)) {
        put_letter(w, '(');
        put_values(w, as_tuple(v)->items, as_tuple(v)->length);
    } else if (is_bytes(v)) {
        put_letter(w, 'b');
        put_array(w, bytes_data(v), (uint32_t)bytes_length(v), 1);
    } else if (as_object(v)->type == &frozenset_type) put_set(w, v);
    else if (as_object(v)->type == &complex_type) {
        Complex *z = (Complex *)as_object(v);
        put_letter(w, 'c');
        put(w, &z->real, 8);
        put(w, &z->imag, 8);
    } else if (is_exact_int(v)) put_number_value(w, v);
    else {
        raise_value_error(w->t, "unmarshallable object");
        w->failed = true;
    }
}

static void put_value(Writer *w, Value v)
{
    if (w->failed) return;
    if (w->depth > 1000) {
        raise_value_error(w->t, "object too deeply nested to marshal");
        w->failed = true;
        return;
    }
    w->depth++;
    if (is_none(v)) put_letter(w, 'N');
    else if (is_true(v)) put_letter(w, 'T');
    else if (is_false(v)) put_letter(w, 'F');
    else if (is_ellipsis(v)) put_letter(w, '.');
    else if (is_small_int(v)) put_number_value(w, v);
    else if (is_small_float(v)) {
        double d = as_small_float(v);
        put_letter(w, 'f');
        put(w, &d, 8);
    } else put_object(w, v);
    w->depth--;
}

Value code_save(Thread *t, Value code)
{
    OWN_POINTER Dict *numbers = dict_new(t);
    if (!numbers) return ERROR;
    Writer w = {.t = t, .numbers = numbers};
    put(&w, mark, sizeof mark);
    put_number(&w, CODE_VERSION);
    put_value(&w, code);
    Value result = w.failed ? ERROR : bytes_from(t, w.data, w.length);
    mem_free(w.data);
    return result;
}

// ---- reading

typedef struct Reader { Thread *t; const char *at, *end; bool failed; int depth; Value strings; } Reader;      // strings: a list of the interned ones, by number

static bool take(Reader *r, void *to, size_t size)
{
    if (r->failed || (size_t)(r->end - r->at) < size) {
        r->failed = true;
        memset(to, 0, size);
        return false;
    }
    memcpy(to, r->at, size);
    r->at += size;
    return true;
}
static uint32_t take_number(Reader *r)
{
    uint32_t n;
    take(r, &n, 4);
    return n;
}
// The next `count * size` bytes in place; NULL if there are not so many.
static const char *take_bytes(Reader *r, uint32_t count, size_t size)
{
    if (r->failed || (size_t)(r->end - r->at) / size < count) {
        r->failed = true;
        return NULL;
    }
    const char *bytes = r->at;
    r->at += count * size;
    return bytes;
}

static NEW_REF Value take_value(Reader *r);

static void *take_array(Reader *r, uint32_t *count, size_t size)
{
    *count = take_number(r);
    const char *bytes = take_bytes(r, *count, size);
    if (!bytes) {
        *count = 0;
        return NULL;
    }
    void *array = mem_allocate(r->t, *count * size + 1);
    if (array) memcpy(array, bytes, *count * size);
    else r->failed = true, *count = 0;
    return array;
}

static NEW_REF Str *take_str(Reader *r)
{
    Value v = take_value(r);
    if (is_exact_str(v)) return as_str(v);
    if (!is_error(v)) drop(v);
    r->failed = true;
    return NULL;
}

static NEW_REF Tuple *take_tuple(Reader *r)
{
    Value v = take_value(r);
    if (is_exact_tuple(v)) return as_tuple(v);
    if (!is_error(v)) drop(v);
    r->failed = true;
    return NULL;
}

static void take_sites(Reader *r, Code *code)
{
    uint32_t count = take_number(r);
    const char *bytes = take_bytes(r, count, 4);
    if (!bytes || r->failed) return;
    code->sites = mem_allocate(r->t, count * sizeof *code->sites + 1);
    if (!code->sites) { r->failed = true; return; }
    memset(code->sites, 0, count * sizeof *code->sites);
    code->site_count = count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index;
        memcpy(&index, bytes + 4 * i, 4);
        if (index == UINT32_MAX) continue;
        if (index >= code->names->length || !is_exact_str(code->names->items[index])) { r->failed = true; return; }
        code->sites[i].name = as_str(code->names->items[index]);
    }
}

static void take_constants(Reader *r, Code *code)
{
    uint32_t count = take_number(r);
    if (r->failed || count > (size_t)(r->end - r->at)) { r->failed = true; return; }
    code->constants = mem_allocate(r->t, count * sizeof *code->constants + 1);
    if (!code->constants) { r->failed = true; return; }
    while (code->constant_count < count && !r->failed) {
        Value v = take_value(r);
        if (is_error(v)) { r->failed = true; return; }
        code->constants[code->constant_count++] = v;
    }
}

static NEW_REF Value take_code(Reader *r)
{
    OWN_POINTER Code *code = (Code *)object_new(r->t, &code_type);
    if (!code) return ERROR;
    uint32_t n[10];
    take(r, n, sizeof n);
    code->flags = n[0], code->argcount = n[1], code->posonly_count = n[2], code->kwonly_count = n[3], code->param_count = n[4];
    code->locals = n[5], code->near_locals = n[6], code->registers = n[7], code->simple = n[8], code->first_line = (int32_t)n[9];
    code->hash = -1;
    if (!(code->name = take_str(r)) || !(code->qualname = take_str(r)) || !(code->filename = take_str(r))) return ERROR;
    if (!(code->names = take_tuple(r)) || !(code->varnames = take_tuple(r)) || !(code->cellvars = take_tuple(r))
        || !(code->freevars = take_tuple(r))) return ERROR;
    code->words = take_array(r, &code->word_count, sizeof *code->words);
    take_constants(r, code);
    take_sites(r, code);
    code->handlers = take_array(r, &code->handler_count, sizeof *code->handlers);
    code->places = take_array(r, &code->place_count, sizeof *code->places);
    const char *cells = take_bytes(r, (uint32_t)code->cellvars->length, sizeof *code->cell_locals);
    if (r->failed) return ERROR;
    code->cell_locals = mem_allocate(r->t, code->cellvars->length * sizeof *code->cell_locals + 1);
    if (!code->cell_locals) return ERROR;
    memcpy(code->cell_locals, cells, code->cellvars->length * sizeof *code->cell_locals);
    return object_value(MOVE_POINTER(code));
}

static NEW_REF Value take_sequence(Reader *r, char letter)
{
    uint32_t count = take_number(r);
    if (r->failed || count > (size_t)(r->end - r->at)) return ERROR;
    if (letter == '(') {
        OWN_POINTER Tuple *tuple = tuple_blank(r->t, count);
        for (uint32_t i = 0; tuple && i < count; i++) {
            Value v = take_value(r);
            if (is_error(v)) return ERROR;
            tuple->items[i] = v;
        }
        return tuple ? object_value(MOVE_POINTER(tuple)) : ERROR;
    }
    OWN Value list = list_new(r->t, count);
    for (uint32_t i = 0; !is_error(list) && i < count; i++) {
        Value v = take_value(r);
        if (is_error(v) || !list_append_owned(r->t, list, v)) return ERROR;
    }
    return is_error(list) ? ERROR : set_from_iterable(r->t, &frozenset_type, list);
}

static NEW_REF Value take_text(Reader *r, char letter)
{
    uint32_t length = take_number(r);
    const char *bytes = take_bytes(r, length, 1);
    if (!bytes) return ERROR;
    if (letter == 'b') return bytes_from(r->t, bytes, length);
    if (letter == 'l') return int_from_text(r->t, bytes, length, 16, NONE);
    if (letter == 's') return str_from_wtf8(r->t, bytes, length);
    OWN_POINTER Str *s = str_intern_text(r->t, bytes, length);
    return s && list_append(r->t, r->strings, object_value(s)) ? object_value(MOVE_POINTER(s)) : ERROR;
}
static NEW_REF Value take_known(Reader *r)
{
    uint32_t number = take_number(r);
    return !r->failed && number < as_list(r->strings)->length ? retain(as_list(r->strings)->items[number]) : ERROR;
}

static NEW_REF Value take_value(Reader *r)
{
    char letter;
    if (!take(r, &letter, 1) || r->depth > 1000) {
        r->failed = true;
        return ERROR;
    }
    r->depth++;
    Value v = ERROR;
    int64_t i;
    double d, e;
    switch (letter) {
    case 'N': v = NONE; break;
    case 'T': v = TRUE; break;
    case 'F': v = FALSE; break;
    case '.': v = ELLIPSIS; break;
    case 'i': if (take(r, &i, 8)) v = int_value(r->t, i); break;
    case 'f': if (take(r, &d, 8)) v = float_from_outside(d); break;
    case 'c': if (take(r, &d, 8) && take(r, &e, 8)) v = complex_from_doubles(r->t, d, e); break;
    case 's': case 'S': case 'b': case 'l': v = take_text(r, letter); break;
    case 'R': v = take_known(r); break;
    case '(': case '<': v = take_sequence(r, letter); break;
    case 'C': v = take_code(r); break;
    default: break;
    }
    r->depth--;
    if (is_error(v)) r->failed = true;
    return v;
}

Value code_load(Thread *t, const char *data, size_t length)
{
    OWN Value strings = list_new(t, 0);
    if (is_error(strings)) return ERROR;
    Reader r = {.t = t, .at = data, .end = data + length, .strings = strings};
    char found[4];
    if (!take(&r, found, 4) || memcmp(found, mark, 4) != 0 || take_number(&r) != CODE_VERSION)
        return raise_value_error(t, "bad saved code: of another version");
    OWN Value v = take_value(&r);
    if (!is_error(v) && is_code(v)) return MOVE(v);
    if (!error_pending(t)) return raise_value_error(t, "bad saved code");
    return ERROR;
}
