// SPDX-License-Identifier: MIT
// stdlib/pickle/read.c: Reader, the fast half of Unpickler: the machine that runs a pickle.
//
// Owns    the memo, and the bytes at hand: a whole pickle in memory, or, of a file, the frame under way.
// Unpickler, in pickle.py, derives from it; for what is rare its methods are called: from_line(), from_item(), instantiate() and next_buffer() give
// values, set_state() does what __dict__ alone does not; find_class() and persistent_load() are the program's to override.
// Always
//   1. The stack of values belongs to one run (Machine), so that a load inside a load has its own; marks are depths of it.
//   2. No instruction trusts the pickle: every operand is looked for above the last mark.
#include <stdio.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/set.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"
#include "stdlib/pickle/pickle.h"

#define MEMO_STEP 1024       // how far beyond its present size the table of the memo may be made to reach at once

typedef struct Reader {
    Object head;
    Value read, readline;        // of the file; UNBOUND: the pickle is in memory
    Value data;                  // bytes: what is at hand, or UNBOUND
    size_t at, end;              // in data; end: of the frame under way, or of all
    bool in_frame;
    int protocol;
    Value *memo;                 // by number; UNBOUND: none
    size_t memo_size, memo_count;
    Dict *far_memo;              // numbers beyond the table; NULL: none
} Reader;
typedef struct Machine {
    Thread *t;
    Reader *r;
    Value *stack;
    size_t count, capacity;
    size_t *marks, mark_count, mark_capacity;
    Value result;                // once STOP has come
} Machine;

Type pickle_reader_type;
static Reader *as_reader(Value v) { return (Reader *)as_object(v); }
static bool fail(Machine *m, const char *message)
{
    return error_false(raise_error(m->t, as_type(m->t->interp->module_slots[SLOT_UNPICKLING_ERROR]), "%s", message));
}

// ---- Input
static Value truncated(Machine *m)
{
    fail(m, "pickle data was truncated");
    return ERROR;
}
// The next n bytes of a file, as bytes.
static NEW_REF Value read_from_file(Machine *m, uint64_t n)
{
    if (n > (uint64_t)INT64_MAX) return raise_error(m->t, &exc_OverflowError, "pickle data is too large");
    OWN Value count = int_from_u64(m->t, n);
    OWN Value read = retain(m->r->read);
    OWN Value data = is_error(count) ? ERROR : call1(m->t, read, count);
    if (is_error(data)) return ERROR;
    if (!is_bytes(data)) return raise_type_error(m->t, "read() returned %T, not bytes", data);
    return bytes_length(data) < n ? truncated(m) : MOVE(data);
}
static size_t at_hand(const Reader *r) { return r->end - r->at; }
// The frame is at its end: in memory what follows it is at hand again.
static void leave_frame(Reader *r)
{
    if (!r->in_frame || r->at < r->end) return;
    r->in_frame = false;
    if (is_unbound(r->read)) r->end = bytes_length(r->data);
}
// The next n bytes. They stay good while *owner, which the caller drops, does. NULL: raised.
static const char *take(Machine *m, uint64_t n, Value *owner)
{
    Reader *r = m->r;
    if (n == 0) return "";
    leave_frame(r);
    if (LIKELY(n <= at_hand(r))) {
        const char *data = bytes_data(r->data) + r->at;
        r->at += n;
        *owner = retain(r->data);
        return data;
    }
    if (r->in_frame) {
        fail(m, "pickle exhausted before end of frame");
        return NULL;
    }
    if (is_unbound(r->read)) {
        truncated(m);
        return NULL;
    }
    Value data = read_from_file(m, n);
    if (is_error(data)) return NULL;
    *owner = data;
    return bytes_data(data);
}
static bool take_number(Machine *m, size_t width, uint64_t *number)
{
    OWN Value owner = UNBOUND;
    const char *data = take(m, width, &owner);
    if (!data) return false;
    *number = 0;
    memcpy(number, data, width);
    return true;
}
// A line without its end, as bytes.
static NEW_REF Value take_line(Machine *m)
{
    Reader *r = m->r;
    leave_frame(r);
    if (at_hand(r) || is_unbound(r->read)) {
        const char *data = is_unbound(r->data) ? "" : bytes_data(r->data) + r->at, *end = memchr(data, '\n', at_hand(r));
        if (!end && r->in_frame) return fail(m, "pickle exhausted before end of frame"), ERROR;
        if (!end) return truncated(m);
        Value line = bytes_from(m->t, data, (size_t)(end - data));
        r->at += (size_t)(end - data) + 1;
        return line;
    }
    OWN Value readline = retain(r->readline);
    OWN Value line = call0(m->t, readline);
    if (is_error(line)) return ERROR;
    if (!is_bytes(line)) return raise_type_error(m->t, "readline() returned %T, not bytes", line);
    size_t length = bytes_length(line);
    if (!length || bytes_data(line)[length - 1] != '\n') return truncated(m);
    return bytes_from(m->t, bytes_data(line), length - 1);
}
static bool start_frame(Machine *m)
{
    Reader *r = m->r;
    uint64_t length;
    if (!take_number(m, 8, &length)) return false;
    if (length > (uint64_t)PTRDIFF_MAX) return error_false(raise_value_error(m->t, "FRAME length exceeds system's maximum of %zu bytes", (size_t)PTRDIFF_MAX));
    leave_frame(r);
    if (r->in_frame) return fail(m, "beginning of a new frame before end of current frame");
    if (is_unbound(r->read)) {
        if (length > at_hand(r)) return fail(m, "pickle data was truncated");
        r->end = r->at + length;
    } else {
        Value frame = read_from_file(m, length);
        if (is_error(frame)) return false;
        assign(&r->data, frame);
        r->at = 0;
        r->end = length;
    }
    r->in_frame = true;
    return true;
}

// ---- The stack
static NOINLINE bool stack_grow(Machine *m)
{
    size_t capacity = m->capacity ? 2 * m->capacity : 64;
    Value *stack = mem_reallocate(m->t, m->stack, capacity * sizeof *stack);
    if (!stack) return false;
    m->stack = stack;
    m->capacity = capacity;
    return true;
}
static ALWAYS_INLINE bool push(Machine *m, TAKES Value v)
{
    if (UNLIKELY(is_error(v))) return false;
    if (UNLIKELY(m->count == m->capacity) && !stack_grow(m)) {
        drop(v);
        return false;
    }
    m->stack[m->count++] = v;
    return true;
}
static size_t floor_of(const Machine *m) { return m->mark_count ? m->marks[m->mark_count - 1] : 0; }
static bool underflow(Machine *m) { return fail(m, m->mark_count ? "unexpected MARK found" : "unpickling stack underflow"); }
static bool has(Machine *m, size_t n) { return LIKELY(m->count - floor_of(m) >= n) || underflow(m); }
static NEW_REF Value pop(Machine *m) { return m->stack[--m->count]; }     // has() was asked
static void drop_from(Machine *m, size_t from)
{
    while (m->count > from) drop(pop(m));
}
static bool push_mark(Machine *m)
{
    if (m->mark_count == m->mark_capacity) {
        size_t capacity = m->mark_capacity ? 2 * m->mark_capacity : 16;
        size_t *marks = mem_reallocate(m->t, m->marks, capacity * sizeof *marks);
        if (!marks) return false;
        m->marks = marks;
        m->mark_capacity = capacity;
    }
    m->marks[m->mark_count++] = m->count;
    return true;
}
// Takes the last mark off: *from is the first item above it.
static bool pop_mark(Machine *m, size_t *from)
{
    if (!m->mark_count) return fail(m, "could not find MARK");
    *from = m->marks[--m->mark_count];
    return true;
}

// ---- The memo
static bool memo_put(Machine *m, uint64_t number, Value v)
{
    Reader *r = m->r;
    if (number >= r->memo_size && number < 2 * r->memo_size + MEMO_STEP) {
        size_t size = 2 * r->memo_size + MEMO_STEP;
        Value *memo = mem_reallocate(m->t, r->memo, size * sizeof *memo);
        if (!memo) return false;
        for (size_t i = r->memo_size; i < size; i++) memo[i] = UNBOUND;
        r->memo = memo;
        r->memo_size = size;
    }
    if (number < r->memo_size) {
        r->memo_count += is_unbound(r->memo[number]);
        assign(&r->memo[number], retain(v));
        return true;
    }
    if (!r->far_memo && !(r->far_memo = dict_new(m->t))) return false;
    OWN Value key = int_from_u64(m->t, number);
    if (is_error(key)) return false;
    size_t before = r->far_memo->count;
    if (!dict_set(m->t, r->far_memo, key, v)) return false;
    r->memo_count += r->far_memo->count - before;
    return true;
}
// Borrowed; UNBOUND: none; ERROR.
static Value memo_find(Thread *t, Reader *r, uint64_t number)
{
    if (number < r->memo_size && !is_unbound(r->memo[number])) return r->memo[number];
    if (!r->far_memo) return UNBOUND;
    OWN Value key = int_from_u64(t, number);
    return is_error(key) ? ERROR : dict_get(t, r->far_memo, key);
}
static bool memo_get(Machine *m, uint64_t number)
{
    Value found = memo_find(m->t, m->r, number);
    if (is_error(found)) return false;
    if (!is_unbound(found)) return push(m, retain(found));
    return error_false(raise_error(m->t, as_type(m->t->interp->module_slots[SLOT_UNPICKLING_ERROR]), "Memo value not found at index %lu", number));
}
static bool memo_top(Machine *m, uint64_t number) { return has(m, 1) && memo_put(m, number, m->stack[m->count - 1]); }
static void memo_clear(Reader *r)
{
    Value *old = r->memo;
    size_t size = r->memo_size;
    Dict *far = MOVE_POINTER(r->far_memo);
    r->memo = NULL;
    r->memo_size = r->memo_count = 0;
    for (size_t i = 0; i < size; i++) drop(old[i]);
    mem_free(old);
    drop_pointer(far);
}

// ---- What single instructions do
static bool ask(Machine *m, Str *method, const Value *args, size_t nargs) { return push(m, call_method(m->t, object_value(m->r), method, args, nargs)); }
// A value from a line of text: the numbers, the old strings, ids.
static bool from_line(Machine *m, unsigned op)
{
    OWN Value line = take_line(m);
    return !is_error(line) && ask(m, NAME(from_line), (Value[]){small_int(op), line}, 2);
}
static bool memo_by_line(Machine *m, unsigned op)
{
    if (!from_line(m, op)) return false;
    OWN Value number = pop(m);
    uint64_t n;
    if (!int_as_u64(m->t, number, &n)) return false;
    return op == PICKLE_GET ? memo_get(m, n) : memo_top(m, n);
}
static bool load_int(Machine *m, size_t width)
{
    uint64_t number;
    if (!take_number(m, width, &number)) return false;
    return push(m, small_int(width == 4 ? (int32_t)number : (int64_t)number));
}
static bool load_long(Machine *m, size_t width)
{
    uint64_t length;
    if (!take_number(m, width, &length)) return false;
    if (width == 4 && (int32_t)length < 0) return fail(m, "LONG pickle has negative byte count");
    OWN Value owner = UNBOUND;
    const char *data = take(m, length, &owner);
    return data && push(m, int_from_bytes(m->t, (const uint8_t *)data, length, true, true));
}
static bool load_float(Machine *m)
{
    uint64_t bits;
    double d;
    if (!take_number(m, 8, &bits)) return false;
    bits = __builtin_bswap64(bits);
    memcpy(&d, &bits, 8);
    return push(m, float_from_outside(d));
}
typedef enum Kind { KIND_STR, KIND_BYTES, KIND_BYTEARRAY, KIND_OLD_STRING } Kind;
static bool load_counted(Machine *m, size_t width, Kind kind)
{
    uint64_t length;
    if (!take_number(m, width, &length)) return false;
    if (length > (uint64_t)PTRDIFF_MAX) return error_false(raise_error(m->t, &exc_OverflowError, "%s exceeds system's maximum size of %zu bytes",
        kind == KIND_STR ? "BINUNICODE" : kind == KIND_BYTES ? "BINBYTES" : "BYTEARRAY8", (size_t)PTRDIFF_MAX));
    if (kind == KIND_OLD_STRING && width == 4 && (int32_t)length < 0) return fail(m, "BINSTRING pickle has negative byte count");
    OWN Value owner = UNBOUND;
    const char *data = take(m, length, &owner);
    if (!data) return false;
    if (kind == KIND_STR) return push(m, bytes_decode(m->t, data, length, "utf-8", "surrogatepass"));
    if (kind == KIND_BYTEARRAY) return push(m, bytearray_from(m->t, data, length));
    OWN Value bytes = bytes_from(m->t, data, length);
    if (is_error(bytes) || kind == KIND_BYTES) return push(m, MOVE(bytes));
    return ask(m, NAME(from_item), (Value[]){small_int(PICKLE_BINSTRING), bytes}, 2);
}
static bool load_tuple(Machine *m, size_t n)
{
    if (!has(m, n)) return false;
    m->count -= n;
    return push(m, tuple_from_owned(m->t, m->stack + m->count, n));
}
// The items above the mark, as a tuple, a list, a frozenset or a dict.
static bool load_marked(Machine *m, unsigned op)
{
    size_t from = 0;
    if (!pop_mark(m, &from)) return false;
    size_t n = m->count - from;
    if (!n && !m->stack && !stack_grow(m)) return false;
    if (op == PICKLE_TUPLE || op == PICKLE_LIST) {
        m->count = from;
        return push(m, op == PICKLE_TUPLE ? tuple_from_owned(m->t, m->stack + from, n) : list_from_owned(m->t, m->stack + from, n));
    }
    if (op == PICKLE_FROZENSET) {
        OWN Value items = list_from_values(m->t, m->stack + from, n);
        drop_from(m, from);
        return !is_error(items) && push(m, set_from_iterable(m->t, &frozenset_type, items));
    }
    if (n % 2) return fail(m, "odd number of items for DICT");
    OWN_POINTER Dict *d = dict_new_sized(m->t, n / 2);
    for (size_t i = from; d && i < from + n; i += 2)
        if (!dict_set(m->t, d, m->stack[i], m->stack[i + 1])) return false;
    drop_from(m, from);
    return d && push(m, dict_value(MOVE_POINTER(d)));
}
static bool append_one(Machine *m, Value target, Value item)
{
    if (is_exact_list(target)) return list_append(m->t, target, item);
    OWN Value done = call_method1(m->t, target, NAME(append), item);
    return !is_error(done);
}
static bool append_all(Machine *m, Value target, size_t from)
{
    if (is_exact_list(target)) {
        size_t length = as_list(target)->length;
        return list_set_slice(m->t, target, length, length, m->stack + from, m->count - from);
    }
    OWN Value extend = object_get_attr_optional(m->t, target, NAME(extend));
    if (is_error(extend)) return false;
    if (!is_unbound(extend)) {
        OWN Value items = list_from_values(m->t, m->stack + from, m->count - from);
        OWN Value done = is_error(items) ? ERROR : call1(m->t, extend, items);
        return !is_error(done);
    }
    for (size_t i = from; i < m->count; i++)
        if (!append_one(m, target, m->stack[i])) return false;
    return true;
}
static bool set_all(Machine *m, Value target, size_t from)
{
    if ((m->count - from) % 2) return fail(m, "odd number of items for SETITEMS");
    for (size_t i = from; i < m->count; i += 2) {
        bool done = is_exact_dict(target) ? dict_set(m->t, as_dict(target), m->stack[i], m->stack[i + 1]) : object_set_item(m->t, target, m->stack[i], m->stack[i + 1]);
        if (!done) return false;
    }
    return true;
}
static bool add_all(Machine *m, Value target, size_t from)
{
    bool own = is_object(target) && as_object(target)->type == &set_type;
    for (size_t i = from; i < m->count; i++) {
        if (own) {
            if (set_add(m->t, target, m->stack[i]) < 0) return false;
            continue;
        }
        OWN Value done = call_method1(m->t, target, NAME(add), m->stack[i]);
        if (is_error(done)) return false;
    }
    return true;
}
// The items above the mark into what stands below it.
static bool fill(Machine *m, unsigned op)
{
    size_t from = 0;
    if (!pop_mark(m, &from)) return false;
    if (from <= floor_of(m)) return underflow(m);
    OWN Value target = retain(m->stack[from - 1]);
    bool done = op == PICKLE_APPENDS ? append_all(m, target, from) : op == PICKLE_SETITEMS ? set_all(m, target, from) : add_all(m, target, from);
    drop_from(m, from);
    return done;
}
static bool append(Machine *m)
{
    if (!has(m, 2)) return false;
    OWN Value item = pop(m);
    OWN Value target = retain(m->stack[m->count - 1]);
    return append_one(m, target, item);
}
static bool set_item(Machine *m)
{
    if (!has(m, 3)) return false;
    OWN Value value = pop(m);
    OWN Value key = pop(m);
    OWN Value target = retain(m->stack[m->count - 1]);
    return is_exact_dict(target) ? dict_set(m->t, as_dict(target), key, value) : object_set_item(m->t, target, key, value);
}
static bool reduce(Machine *m)
{
    if (!has(m, 2)) return false;
    OWN Value args = pop(m);
    OWN Value function = pop(m);
    if (!is_tuple(args)) {
        OWN Value items = tuple_from_iterable(m->t, args);
        return !is_error(items) && push(m, call(m->t, function, as_tuple(items)->items, as_tuple(items)->length, UNBOUND));
    }
    return push(m, call(m->t, function, as_tuple(args)->items, as_tuple(args)->length, UNBOUND));
}
static bool new_object(Machine *m)
{
    if (!has(m, 2)) return false;
    OWN Value args = pop(m);
    OWN Value cls = pop(m);
    Type *error = as_type(m->t->interp->module_slots[SLOT_UNPICKLING_ERROR]);
    if (!is_type(cls)) return error_false(raise_error(m->t, error, "NEWOBJ class argument must be a type, not %.200T", cls));
    if (!is_tuple(args)) return error_false(raise_error(m->t, error, "NEWOBJ args argument must be a tuple, not %.200T", args));
    size_t n = as_tuple(args)->length;
    OWN Value with_class = n ? object_value(tuple_blank(m->t, n + 1)) : UNBOUND;
    if (n && !as_object(with_class)) return false;
    OWN Value make = object_get_attr(m->t, cls, NAME(__new__));
    if (is_error(make)) return false;
    if (!n) return push(m, call1(m->t, make, cls));
    as_tuple(with_class)->items[0] = retain(cls);
    for (size_t i = 0; i < n; i++) as_tuple(with_class)->items[i + 1] = retain(as_tuple(args)->items[i]);
    return push(m, call(m->t, make, as_tuple(with_class)->items, n + 1, UNBOUND));
}
// Attributes, whose names are the same strings for all instances. False without an exception: pickle.py is to do it.
static bool set_attributes(Machine *m, Value target, Value state)
{
    Attrs *attrs = is_object(target) ? object_attrs(as_object(target)) : NULL;
    if (!attrs || !is_exact_dict(state) || !as_dict(state)->only_str) return false;
    Value key, value;
    for (size_t at = 0; dict_next(as_dict(state), &at, &key, &value);) {
        OWN_POINTER Str *name = str_intern(m->t, (Str *)as_object(retain(key)));
        if (!name || !attrs_set(m->t, as_object(target), attrs, name, value)) return false;
    }
    return true;
}
static bool build(Machine *m)
{
    if (!has(m, 2)) return false;
    OWN Value state = pop(m);
    OWN Value target = retain(m->stack[m->count - 1]);
    OWN Value set_state = object_get_attr_optional(m->t, target, NAME(__setstate__));
    if (is_error(set_state)) return false;
    if (!is_unbound(set_state)) {
        OWN Value done = call1(m->t, set_state, state);
        return !is_error(done);
    }
    if (set_attributes(m, target, state)) return true;
    if (error_pending(m->t)) return false;
    OWN Value done = call_method(m->t, object_value(m->r), NAME(set_state), (Value[]){target, state}, 2);
    return !is_error(done);
}
static bool find_class(Machine *m, bool from_stack)
{
    OWN Value module = UNBOUND, name = UNBOUND;
    if (from_stack) {
        bool both = m->count - floor_of(m) >= 2;
        name = both ? pop(m) : UNBOUND;
        module = both ? pop(m) : UNBOUND;
        if (!is_exact_str(name) || !is_exact_str(module)) return fail(m, "STACK_GLOBAL requires str");
    } else {
        OWN Value module_line = take_line(m);
        OWN Value name_line = is_error(module_line) ? ERROR : take_line(m);
        if (is_error(name_line)) return false;
        module = bytes_decode(m->t, bytes_data(module_line), bytes_length(module_line), "utf-8", "strict");
        if (is_error(module)) return false;
        name = bytes_decode(m->t, bytes_data(name_line), bytes_length(name_line), "utf-8", "strict");
        if (is_error(name)) return false;
    }
    return ask(m, NAME(find_class), (Value[]){module, name}, 2);
}
// INST and OBJ: a class called with the items above the mark.
static bool instantiate(Machine *m, bool from_lines)
{
    if (from_lines && !find_class(m, false)) return false;
    OWN Value cls = from_lines ? pop(m) : UNBOUND;
    size_t from = 0;
    if (!pop_mark(m, &from)) return false;
    if (!from_lines && m->count == from) return fail(m, "unpickling stack underflow");
    size_t first = from + !from_lines;
    if (!from_lines) cls = retain(m->stack[from]);
    OWN Value args = tuple_from_values(m->t, m->stack + first, m->count - first);
    drop_from(m, from);
    return !is_error(args) && ask(m, NAME(instantiate), (Value[]){cls, args}, 2);
}
static bool extension(Machine *m, size_t width)
{
    uint64_t code;
    if (!take_number(m, width, &code)) return false;
    int64_t number = width == 4 ? (int32_t)code : (int64_t)code;
    return ask(m, NAME(from_item), (Value[]){small_int(PICKLE_EXT1), small_int(number)}, 2);
}
// What takes the value on top and leaves another: pickle.py's.
static bool replace_top(Machine *m, unsigned op)
{
    if (!has(m, 1)) return false;
    OWN Value item = pop(m);
    return ask(m, NAME(from_item), (Value[]){small_int(op), item}, 2);
}
static bool new_object_ex(Machine *m)
{
    if (!has(m, 3) || !load_tuple(m, 3)) return false;
    return replace_top(m, PICKLE_NEWOBJ_EX);
}
static bool load_persistent(Machine *m)
{
    if (!has(m, 1)) return false;
    OWN Value id = pop(m);
    return ask(m, NAME(persistent_load), &id, 1);
}
static bool set_protocol(Machine *m)
{
    uint64_t protocol;
    if (!take_number(m, 1, &protocol)) return false;
    if (protocol > PICKLE_HIGHEST_PROTOCOL) return error_false(raise_value_error(m->t, "unsupported pickle protocol: %d", (int)protocol));
    m->r->protocol = (int)protocol;
    return true;
}
static bool pop_one(Machine *m)
{
    // A mark on top of the stack may be popped like a value.
    if (m->mark_count && m->marks[m->mark_count - 1] == m->count) {
        m->mark_count--;
        return true;
    }
    if (!has(m, 1)) return false;
    drop(pop(m));
    return true;
}
static bool stop(Machine *m)
{
    if (!has(m, 1)) return false;
    m->result = pop(m);
    return true;
}
static bool unknown(Machine *m, unsigned op)
{
    char shown[40];
    snprintf(shown, sizeof shown, op >= 32 && op < 127 && op != '\'' && op != '\\' ? "invalid load key, '%c'." : "invalid load key, '\\x%02x'.", op);
    return fail(m, shown);
}
static bool step(Machine *m, unsigned op)
{
    uint64_t number;
    size_t from = 0;
    switch (op) {
    case PICKLE_PROTO: return set_protocol(m);
    case PICKLE_FRAME: return start_frame(m);
    case PICKLE_MARK: return push_mark(m);
    case PICKLE_POP: return pop_one(m);
    case PICKLE_POP_MARK:
        if (!pop_mark(m, &from)) return false;
        drop_from(m, from);
        return true;
    case PICKLE_DUP: return has(m, 1) && push(m, retain(m->stack[m->count - 1]));
    case PICKLE_NONE: return push(m, NONE);
    case PICKLE_NEWTRUE: return push(m, TRUE);
    case PICKLE_NEWFALSE: return push(m, FALSE);
    case PICKLE_INT: case PICKLE_LONG: case PICKLE_FLOAT: case PICKLE_STRING: case PICKLE_UNICODE: case PICKLE_PERSID: return from_line(m, op);
    case PICKLE_BININT: return load_int(m, 4);
    case PICKLE_BININT1: return load_int(m, 1);
    case PICKLE_BININT2: return load_int(m, 2);
    case PICKLE_LONG1: return load_long(m, 1);
    case PICKLE_LONG4: return load_long(m, 4);
    case PICKLE_BINFLOAT: return load_float(m);
    case PICKLE_BINSTRING: return load_counted(m, 4, KIND_OLD_STRING);
    case PICKLE_SHORT_BINSTRING: return load_counted(m, 1, KIND_OLD_STRING);
    case PICKLE_SHORT_BINUNICODE: return load_counted(m, 1, KIND_STR);
    case PICKLE_BINUNICODE: return load_counted(m, 4, KIND_STR);
    case PICKLE_BINUNICODE8: return load_counted(m, 8, KIND_STR);
    case PICKLE_SHORT_BINBYTES: return load_counted(m, 1, KIND_BYTES);
    case PICKLE_BINBYTES: return load_counted(m, 4, KIND_BYTES);
    case PICKLE_BINBYTES8: return load_counted(m, 8, KIND_BYTES);
    case PICKLE_BYTEARRAY8: return load_counted(m, 8, KIND_BYTEARRAY);
    case PICKLE_NEXT_BUFFER: return ask(m, NAME(next_buffer), NULL, 0);
    case PICKLE_READONLY_BUFFER: return replace_top(m, op);
    case PICKLE_EMPTY_TUPLE: return push(m, object_value(RETAIN(tuple_empty)));
    case PICKLE_TUPLE1: return load_tuple(m, 1);
    case PICKLE_TUPLE2: return load_tuple(m, 2);
    case PICKLE_TUPLE3: return load_tuple(m, 3);
    case PICKLE_TUPLE: case PICKLE_LIST: case PICKLE_DICT: case PICKLE_FROZENSET: return load_marked(m, op);
    case PICKLE_EMPTY_LIST: return push(m, list_new(m->t, 0));
    case PICKLE_EMPTY_SET: return push(m, set_new(m->t, &set_type));
    case PICKLE_EMPTY_DICT: {
        Dict *d = dict_new(m->t);
        return d && push(m, dict_value(d));
    }
    case PICKLE_APPEND: return append(m);
    case PICKLE_SETITEM: return set_item(m);
    case PICKLE_APPENDS: case PICKLE_SETITEMS: case PICKLE_ADDITEMS: return fill(m, op);
    case PICKLE_REDUCE: return reduce(m);
    case PICKLE_NEWOBJ: return new_object(m);
    case PICKLE_NEWOBJ_EX: return new_object_ex(m);
    case PICKLE_BUILD: return build(m);
    case PICKLE_GLOBAL: return find_class(m, false);
    case PICKLE_STACK_GLOBAL: return find_class(m, true);
    case PICKLE_INST: return instantiate(m, true);
    case PICKLE_OBJ: return instantiate(m, false);
    case PICKLE_EXT1: return extension(m, 1);
    case PICKLE_EXT2: return extension(m, 2);
    case PICKLE_EXT4: return extension(m, 4);
    case PICKLE_GET: case PICKLE_PUT: return memo_by_line(m, op);
    case PICKLE_BINGET: return take_number(m, 1, &number) && memo_get(m, number);
    case PICKLE_LONG_BINGET: return take_number(m, 4, &number) && memo_get(m, number);
    case PICKLE_BINPUT: return take_number(m, 1, &number) && memo_top(m, number);
    case PICKLE_LONG_BINPUT: return take_number(m, 4, &number) && memo_top(m, number);
    case PICKLE_MEMOIZE: return memo_top(m, m->r->memo_count);
    case PICKLE_BINPERSID: return load_persistent(m);
    case PICKLE_STOP: return stop(m);
    default: return unknown(m, op);
    }
}

// ---- The type
static Value reader_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    Reader *r = (Reader *)object_new(t, type);
    if (!r) return ERROR;
    r->read = r->readline = r->data = UNBOUND;
    return object_value(r);
}
// From memory (data: bytes) or from a file (its read and readline).
static Value method_start(Thread *t, Value self, const Value *args)
{
    Reader *r = as_reader(self);
    bool in_memory = is_none(args[1]);
    if (in_memory && !is_bytes(args[0])) return raise_type_error(t, "a bytes-like object is required, not '%T'", args[0]);
    assign(&r->read, in_memory ? UNBOUND : retain(args[1]));
    assign(&r->readline, in_memory ? UNBOUND : retain(args[2]));
    assign(&r->data, in_memory ? retain(args[0]) : UNBOUND);
    r->at = 0;
    r->end = in_memory ? bytes_length(r->data) : 0;
    r->in_frame = false;
    memo_clear(r);
    return NONE;
}
// Without an instruction the input is simply at its end.
static bool next_op(Machine *m, uint64_t *op)
{
    if (take_number(m, 1, op)) return true;
    if (error_clear_if(m->t, as_type(m->t->interp->module_slots[SLOT_UNPICKLING_ERROR]))) raise_error(m->t, &exc_EOFError, "Ran out of input");
    return false;
}
static Value method_read_pickle(Thread *t, Value self, const Value *args)
{
    OWN Value kept = retain(self);
    Machine m = {.t = t, .r = as_reader(self), .result = UNBOUND};
    m.r->protocol = 0;
    bool done = true;
    while (done && is_unbound(m.result)) {
        uint64_t op;
        done = next_op(&m, &op) && step(&m, (unsigned)op);
        if (UNLIKELY(t->attention) && done) done = thread_attend(t);
    }
    drop_from(&m, 0);
    mem_free(m.stack);
    mem_free(m.marks);
    if (done) return m.result;
    drop(m.result);
    return ERROR;
}
static Value method_memo_items(Thread *t, Value self, const Value *args)
{
    Reader *r = as_reader(self);
    OWN_POINTER Dict *items = r->far_memo ? dict_copy(t, r->far_memo) : dict_new(t);
    for (size_t i = 0; items && i < r->memo_size; i++)
        if (!is_unbound(r->memo[i]) && !dict_set(t, items, small_int((int64_t)i), r->memo[i])) return ERROR;
    return items ? dict_value(MOVE_POINTER(items)) : ERROR;
}
static Value method_memo_put(Thread *t, Value self, const Value *args)
{
    Machine m = {.t = t, .r = as_reader(self)};
    uint64_t number;
    return int_as_u64(t, args[0], &number) && memo_put(&m, number, args[1]) ? NONE : ERROR;
}
static Value method_clear_memo(Thread *t, Value self, const Value *args)
{
    memo_clear(as_reader(self));
    return NONE;
}
static Value get_proto(Thread *t, Value self) { return small_int(as_reader(self)->protocol); }
static void reader_visit(Object *o, VisitFn visit, void *context)
{
    Reader *r = (Reader *)o;
    visit(r->read, context);
    visit(r->readline, context);
    visit(r->data, context);
    for (size_t i = 0; i < r->memo_size; i++) visit(r->memo[i], context);
    if (r->far_memo) visit(dict_value(r->far_memo), context);
}
static void reader_finish(Thread *t, Object *o)
{
    Reader *r = (Reader *)o;
    clear(&r->read);
    clear(&r->readline);
    clear(&r->data);
    memo_clear(r);
}
static const Method reader_methods[] = {
    {"start", method_start, "(self, data, read, readline, /)", "Begin: with bytes, or with the functions of a file."},
    {"read_pickle", method_read_pickle, "(self, /)", "Run the next pickle and return its object."},
    {"clear_memo", method_clear_memo, "(self, /)", "Forget the objects read so far."},
    {"memo_items", method_memo_items, "(self, /)", "The memo as a dict."},
    {"memo_put", method_memo_put, "(self, number, obj, /)", "Enter an object in the memo."},
    {0},
};
static const GetSet reader_getsets[] = {{"proto", get_proto, NULL, NULL}, {0}};
const TypeSpec pickle_reader_spec = {
    .name = "_picklecore.Reader", .doc = "Runs the instructions of pickles.", .size = sizeof(Reader), .flags = TYPE_BASE | TYPE_GC,
    .slots = {.visit = reader_visit, .finish = reader_finish, .make = reader_make}, .methods = reader_methods, .getsets = reader_getsets,
};
