// SPDX-License-Identifier: MIT
// stdlib/pickle/write.c: Writer, the fast half of Pickler: what is pickled most, from protocol 2 on.
//
// Owns    the bytes that wait to be written (`out`), and the memo: a table by the identity of the objects that were written, which it keeps alive.
// Pickler, in pickle.py, derives from it and does the rest: save() comes back to its methods save_other(), save_reduced() and
// save_persistent() for what is rare, and these call save() and write() here.
// Always
//   1. A frame is open when `frame` is not NO_FRAME: its head, still blank, stands at that place of `out`.
//   2. Whatever runs Python code may change what is being pickled: containers are looked at anew for each item.
#include <stdio.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/types/byte_builder.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/set.h"
#include "runtime/types/tuple.h"
#include "stdlib/pickle/pickle.h"

#define NO_FRAME SIZE_MAX

typedef struct MemoPlace { Value object; uint32_t number; } MemoPlace;      // UNBOUND: free
typedef struct Writer {
    Object head;
    Value file_write;            // where the bytes go; NONE: they stay here until they are taken
    int protocol;
    bool started, fast, framing;
    ByteBuilder out;
    size_t frame;
    MemoPlace *memo;
    size_t memo_count, memo_mask;
    Value persistent_id, reducer_override, dispatch, dispatch_table;   // while a dump is under way; UNBOUND: there is none
} Writer;

Type pickle_writer_type;
static Writer *as_writer(Value v) { return (Writer *)as_object(v); }
static bool save(Thread *t, Writer *w, Value v, bool ask_for_id);

// ---- The bytes
// What is put from here on belongs to a frame.
static ALWAYS_INLINE void open_frame(Writer *w)
{
    if (!w->framing || w->frame != NO_FRAME) return;
    w->frame = w->out.length;
    byte_builder_add(&w->out, "\0\0\0\0\0\0\0\0", PICKLE_FRAME_HEAD);
}
static void put(Writer *w, unsigned op)
{
    open_frame(w);
    byte_builder_put(&w->out, op);
}
static void put_bytes(Writer *w, const void *data, size_t length)
{
    open_frame(w);
    byte_builder_add(&w->out, data, length);
}
// An instruction with a number of `width` bytes, least byte first as this machine has it.
static void put_number(Writer *w, unsigned op, uint64_t number, size_t width)
{
    char piece[9] = {(char)op};
    memcpy(piece + 1, &number, width);
    put_bytes(w, piece, width + 1);
}
static void close_frame(Writer *w)
{
    if (w->frame == NO_FRAME || w->out.failed) return;
    char *head = w->out.data + w->frame;
    uint64_t length = w->out.length - w->frame - PICKLE_FRAME_HEAD;
    if (length < PICKLE_FRAME_MINIMUM) {
        memmove(head, head + PICKLE_FRAME_HEAD, length);
        w->out.length -= PICKLE_FRAME_HEAD;
    } else {
        head[0] = (char)PICKLE_FRAME;
        memcpy(head + 1, &length, 8);
    }
    w->frame = NO_FRAME;
}
// Hands what is complete to the file, if there is one.
static bool flush(Thread *t, Writer *w)
{
    if (w->out.failed) return false;
    if (is_none(w->file_write) || !w->out.length) return true;
    OWN Value data = byte_builder_finish(&w->out);
    byte_builder_start(t, &w->out);
    if (is_error(data)) return false;
    OWN Value function = retain(w->file_write);
    OWN Value written = call1(t, function, data);
    return !is_error(written);
}
static bool end_frame(Thread *t, Writer *w)
{
    close_frame(w);
    return flush(t, w);
}
static bool frame_is_full(const Writer *w) { return w->frame != NO_FRAME && w->out.length - w->frame - PICKLE_FRAME_HEAD >= PICKLE_FRAME_TARGET; }
// A head of one instruction and its data; much data goes outside of frames.
static bool put_sized(Thread *t, Writer *w, unsigned op, size_t width, const char *data, size_t length)
{
    if (!w->framing || length < PICKLE_FRAME_TARGET) {
        put_number(w, op, length, width);
        put_bytes(w, data, length);
        return !w->out.failed;
    }
    if (!end_frame(t, w)) return false;
    char head[9] = {(char)op};
    uint64_t size = length;
    memcpy(head + 1, &size, width);
    byte_builder_add(&w->out, head, width + 1);
    byte_builder_add(&w->out, data, length);
    return flush(t, w);
}

// ---- The memo
static MemoPlace *place_of(const Writer *w, Value v)
{
    size_t at = (v.bits >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 32 & w->memo_mask;
    while (!is_unbound(w->memo[at].object) && !is_same(w->memo[at].object, v)) at = (at + 1) & w->memo_mask;
    return &w->memo[at];
}
static bool memo_grow(Thread *t, Writer *w)
{
    size_t size = w->memo ? 2 * (w->memo_mask + 1) : 32, old_size = w->memo ? w->memo_mask + 1 : 0;
    MemoPlace *old = w->memo, *larger = mem_allocate(t, size * sizeof *larger);
    if (!larger) return false;
    for (size_t i = 0; i < size; i++) larger[i].object = UNBOUND;
    w->memo = larger;
    w->memo_mask = size - 1;
    for (size_t i = 0; i < old_size; i++)
        if (!is_unbound(old[i].object)) *place_of(w, old[i].object) = old[i];
    mem_free(old);
    return true;
}
static bool memo_set(Thread *t, Writer *w, Value v, uint32_t number)
{
    if ((!w->memo || w->memo_count > w->memo_mask / 2) && !memo_grow(t, w)) return false;
    MemoPlace *place = place_of(w, v);
    if (is_unbound(place->object)) {
        place->object = retain(v);
        w->memo_count++;
    }
    place->number = number;
    return true;
}
static MemoPlace *memo_find(const Writer *w, Value v)
{
    if (!w->memo) return NULL;
    MemoPlace *place = place_of(w, v);
    return is_unbound(place->object) ? NULL : place;
}
static void memo_clear(Writer *w)
{
    MemoPlace *old = w->memo;
    size_t size = old ? w->memo_mask + 1 : 0;
    w->memo = NULL;
    w->memo_count = w->memo_mask = 0;
    for (size_t i = 0; i < size; i++) drop(old[i].object);
    mem_free(old);
}
static bool put_text_number(Writer *w, unsigned op, uint32_t number)
{
    char text[16];
    int length = snprintf(text, sizeof text, "%c%u\n", op, number);
    put_bytes(w, text, (size_t)length);
    return !w->out.failed;
}
static bool put_get(Writer *w, uint32_t number)
{
    if (w->protocol == 0) return put_text_number(w, PICKLE_GET, number);
    put_number(w, number < 256 ? PICKLE_BINGET : PICKLE_LONG_BINGET, number, number < 256 ? 1 : 4);
    return !w->out.failed;
}
static bool memoize(Thread *t, Writer *w, Value v)
{
    if (w->fast) return !w->out.failed;
    uint32_t number = (uint32_t)w->memo_count;
    if (!memo_set(t, w, v, number)) return false;
    if (w->protocol == 0) return put_text_number(w, PICKLE_PUT, number);
    if (w->protocol >= 4) put(w, PICKLE_MEMOIZE);
    else put_number(w, number < 256 ? PICKLE_BINPUT : PICKLE_LONG_BINPUT, number, number < 256 ? 1 : 4);
    return !w->out.failed;
}

// ---- Values without others in them
static bool save_int(Thread *t, Writer *w, Value v)
{
    int64_t i = is_small_int(v) ? as_small_int(v) : INT64_MAX;
    if (i >= 0 && i <= 0xFF) put_number(w, PICKLE_BININT1, (uint64_t)i, 1);
    else if (i >= 0 && i <= 0xFFFF) put_number(w, PICKLE_BININT2, (uint64_t)i, 2);
    else if (i >= INT32_MIN && i <= INT32_MAX) put_number(w, PICKLE_BININT, (uint64_t)i, 4);
    else if (is_small_int(v)) {
        char piece[10] = {(char)PICKLE_LONG1};
        size_t length = 8;
        while (length > 1 && i >> (8 * (length - 1) - 1) == (i < 0 ? -1 : 0)) length--;
        piece[1] = (char)length;
        memcpy(piece + 2, &i, length);
        put_bytes(w, piece, length + 2);
    } else {
        mpz_t value;
        mpz_init(value);
        int_get_mpz(v, value);
        if (mpz_sgn(value) < 0) mpz_com(value, value);
        size_t length = mpz_sizeinbase(value, 2) / 8 + 1;       // of the two's complement, its sign included
        mpz_clear(value);
        if (length < 256) put_number(w, PICKLE_LONG1, length, 1);
        else if (length <= INT32_MAX) put_number(w, PICKLE_LONG4, length, 4);
        else return error_false(raise_error(t, &exc_OverflowError, "int too large to pickle"));
        uint8_t *room = (uint8_t *)byte_builder_reserve(&w->out, length);
        if (!room || !int_to_bytes(t, v, room, length, true, true)) return false;
        w->out.length += length;
    }
    return !w->out.failed;
}
static bool save_float(Writer *w, Value v)
{
    double d = as_float(v);
    uint64_t bits;
    memcpy(&bits, &d, 8);
    put_number(w, PICKLE_BINFLOAT, __builtin_bswap64(bits), 8);     // most significant byte first
    return !w->out.failed;
}
static bool save_text(Thread *t, Writer *w, const char *data, size_t length)
{
    if (length <= 0xFF && w->protocol >= 4) return put_sized(t, w, PICKLE_SHORT_BINUNICODE, 1, data, length);
    if (length <= UINT32_MAX) return put_sized(t, w, PICKLE_BINUNICODE, 4, data, length);
    if (w->protocol >= 4) return put_sized(t, w, PICKLE_BINUNICODE8, 8, data, length);
    return error_false(raise_error(t, &exc_OverflowError, "serializing a string larger than 4 GiB requires pickle protocol 4 or higher"));
}
static bool save_str(Thread *t, Writer *w, Value v)
{
    bool done;
    if (str_is_ascii(as_str(v))) {
        done = save_text(t, w, as_str(v)->data, as_str(v)->length);
    } else {
        OWN Value data = str_encode(t, as_str(v), "utf-8", "surrogatepass");
        done = !is_error(data) && save_text(t, w, bytes_data(data), bytes_length(data));
    }
    return done && memoize(t, w, v);
}
static bool save_bytes(Thread *t, Writer *w, Value v)
{
    size_t length = bytes_length(v);
    bool done;
    if (length <= 0xFF) done = put_sized(t, w, PICKLE_SHORT_BINBYTES, 1, bytes_data(v), length);
    else if (length <= UINT32_MAX) done = put_sized(t, w, PICKLE_BINBYTES, 4, bytes_data(v), length);
    else if (w->protocol >= 4) done = put_sized(t, w, PICKLE_BINBYTES8, 8, bytes_data(v), length);
    else done = error_false(raise_error(t, &exc_OverflowError, "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher"));
    return done && memoize(t, w, v);
}

// ---- Containers
// What was put on the stack for v is taken off again: v contains itself, and was written on the way.
static bool save_again(Writer *w, const MemoPlace *known, size_t pops)
{
    if (!pops) put(w, PICKLE_POP_MARK);
    while (pops--) put(w, PICKLE_POP);
    return put_get(w, known->number);
}
static bool save_tuple(Thread *t, Writer *w, Value v)
{
    size_t length = as_tuple(v)->length;
    if (!length) {
        put(w, PICKLE_EMPTY_TUPLE);
        return !w->out.failed;
    }
    if (length > 3) put(w, PICKLE_MARK);
    for (size_t i = 0; i < length; i++)
        if (!save(t, w, as_tuple(v)->items[i], true)) return false;
    MemoPlace *known = memo_find(w, v);
    if (known) return save_again(w, known, length > 3 ? 0 : length);
    put(w, length > 3 ? PICKLE_TUPLE : PICKLE_TUPLE1 + (unsigned)length - 1);
    return memoize(t, w, v);
}
// Adds what `next` yields to what is on top of the stack, in batches.
typedef struct Source { Value container, pair[2]; size_t at, count; bool pairs; } Source;
typedef int (*NextFn)(Thread *t, Source *source);      // 1: source->pair is the next, owned; 0: no more; -1: raised

static int next_of_list(Thread *t, Source *s)
{
    (void)t;
    List *list = as_list(s->container);
    if (s->at >= list->length) return 0;
    s->pair[0] = retain(list->items[s->at++]);
    return 1;
}
static int next_of_dict(Thread *t, Source *s)
{
    Dict *d = as_dict(s->container);
    if (d->count != s->count) return error_minus(raise_error(t, &exc_RuntimeError, "dictionary changed size during iteration"));
    if (!dict_next(d, &s->at, &s->pair[0], &s->pair[1])) return 0;
    retain(s->pair[0]);
    retain(s->pair[1]);
    return 1;
}
static int next_of_set(Thread *t, Source *s)
{
    Set *set = as_set(s->container);
    if (set->count != s->count) return error_minus(raise_error(t, &exc_RuntimeError, "Set changed size during iteration"));
    if (!set_next(set, &s->at, &s->pair[0])) return 0;
    retain(s->pair[0]);
    return 1;
}
static int next_of_iterator(Thread *t, Source *s)
{
    OWN Value item = object_next(t, s->container);
    if (is_error(item)) return -1;
    if (is_unbound(item)) return 0;
    if (!s->pairs) {
        s->pair[0] = MOVE(item);
        return 1;
    }
    if (!is_tuple(item) || as_tuple(item)->length != 2) return error_minus(raise_type_error(t, "dict items iterator must return 2-tuples"));
    s->pair[0] = retain(as_tuple(item)->items[0]);
    s->pair[1] = retain(as_tuple(item)->items[1]);
    return 1;
}
static bool save_pair(Thread *t, Writer *w, Source *s, Value *pair)
{
    bool done = save(t, w, pair[0], true) && (!s->pairs || save(t, w, pair[1], true));
    clear(&pair[0]);
    clear(&pair[1]);
    return done;
}
// A batch of one item needs no mark: so one item is looked ahead.
static bool save_batches(Thread *t, Writer *w, Source *s, NextFn next, unsigned one, unsigned many)
{
    Value first[2] = {UNBOUND, UNBOUND};
    int more = next(t, s);
    while (more > 0 && w->protocol == 0) {            // which has no marks for items
        more = save_pair(t, w, s, s->pair) ? 1 : -1;
        put(w, one);
        if (more > 0) more = next(t, s);
    }
    while (more > 0) {
        memcpy(first, s->pair, sizeof first);
        s->pair[0] = s->pair[1] = UNBOUND;
        more = next(t, s);
        if (more <= 0 && one) {
            if (more == 0 && !save_pair(t, w, s, first)) more = -1;
            if (more < 0) break;
            put(w, one);
            return !w->out.failed;
        }
        put(w, PICKLE_MARK);
        bool done = save_pair(t, w, s, first);
        for (size_t i = 1; done && more > 0 && i < PICKLE_BATCH; i++) {
            done = save_pair(t, w, s, s->pair);
            if (done) more = next(t, s);
        }
        if (!done || more < 0) {
            more = -1;
            break;
        }
        put(w, many);
        if (next != next_of_iterator) one = 0;        // only a container of one item goes without a mark
    }
    for (int i = 0; i < 2; i++) {
        clear(&first[i]);
        clear(&s->pair[i]);
    }
    return more == 0 && !w->out.failed;
}
static bool save_list_items(Thread *t, Writer *w, Value v)
{
    Source s = {.container = v, .pair = {UNBOUND, UNBOUND}};
    return save_batches(t, w, &s, next_of_list, PICKLE_APPEND, PICKLE_APPENDS);
}
static bool save_dict_items(Thread *t, Writer *w, Value v)
{
    Source s = {.container = v, .pair = {UNBOUND, UNBOUND}, .count = as_dict(v)->count, .pairs = true};
    return save_batches(t, w, &s, next_of_dict, PICKLE_SETITEM, PICKLE_SETITEMS);
}
static bool save_list(Thread *t, Writer *w, Value v)
{
    put(w, PICKLE_EMPTY_LIST);
    return memoize(t, w, v) && save_list_items(t, w, v);
}
static bool save_dict(Thread *t, Writer *w, Value v)
{
    put(w, PICKLE_EMPTY_DICT);
    return memoize(t, w, v) && save_dict_items(t, w, v);
}
static bool save_set(Thread *t, Writer *w, Value v)
{
    put(w, PICKLE_EMPTY_SET);
    Source s = {.container = v, .pair = {UNBOUND, UNBOUND}, .count = as_set(v)->count};
    return memoize(t, w, v) && save_batches(t, w, &s, next_of_set, 0, PICKLE_ADDITEMS);
}
static bool save_frozenset(Thread *t, Writer *w, Value v)
{
    put(w, PICKLE_MARK);
    Value item;
    for (size_t at = 0; set_next(as_set(v), &at, &item);)
        if (!save(t, w, item, true)) return false;
    MemoPlace *known = memo_find(w, v);
    if (known) return save_again(w, known, 0);
    put(w, PICKLE_FROZENSET);
    return memoize(t, w, v);
}

// ---- Objects that tell themselves how they are made
// Can what __reduce_ex__ gave be written here? *new_object: it is cls.__new__(cls, *args) with the object's own class. What goes another way
// than one call, its state and its items, and what is wrong, is pickle.py's.
static bool is_plain_reduction(Thread *t, Value v, Value reduced, bool *new_object)
{
    if (!is_exact_tuple(reduced) || as_tuple(reduced)->length < 2 || as_tuple(reduced)->length > 5) return false;
    Value function = as_tuple(reduced)->items[0], args = as_tuple(reduced)->items[1];
    if (!is_exact_tuple(args) || !object_is_callable(function)) return false;
    OWN Value name = object_get_attr_optional(t, function, NAME(__name__));
    if (is_error(name)) {
        error_clear(t);
        return false;
    }
    *new_object = is_exact_str(name) && str_equal_text(as_str(name), "__newobj__");
    if (*new_object) return as_tuple(args)->length && is_same(as_tuple(args)->items[0], type_value(type_of(v)));
    return !is_exact_str(name) || !str_equal_text(as_str(name), "__newobj_ex__");
}
// args: the class, and what its __new__ is called with.
static bool save_new(Thread *t, Writer *w, Value args)
{
    OWN Value rest = tuple_slice(t, args, 1, as_tuple(args)->length);
    if (is_error(rest) || !save(t, w, as_tuple(args)->items[0], true) || !save(t, w, rest, true)) return false;
    put(w, PICKLE_NEWOBJ);
    return true;
}
static bool save_items(Thread *t, Writer *w, Value iterator, bool pairs)
{
    Source s = {.container = iterator, .pair = {UNBOUND, UNBOUND}, .pairs = pairs};
    return save_batches(t, w, &s, next_of_iterator, pairs ? PICKLE_SETITEM : PICKLE_APPEND, pairs ? PICKLE_SETITEMS : PICKLE_APPENDS);
}
static bool hand_over(Thread *t, Writer *w, Str *method, Value v, Value more)
{
    Value args[] = {v, more};
    OWN Value done = call_method(t, object_value(w), method, args, is_unbound(more) ? 1 : 2);
    return !is_error(done);
}
static bool save_reduction(Thread *t, Writer *w, Value v, Value reduced)
{
    bool new_object;
    if (!is_plain_reduction(t, v, reduced, &new_object)) return hand_over(t, w, NAME(save_reduced), v, reduced);
    Tuple *r = as_tuple(reduced);
    if (new_object) {
        if (!save_new(t, w, r->items[1])) return false;
    } else {
        if (!save(t, w, r->items[0], true) || !save(t, w, r->items[1], true)) return false;
        put(w, PICKLE_REDUCE);
    }
    MemoPlace *known = memo_find(w, v);       // its arguments contain it
    if (known ? !save_again(w, known, 1) : !memoize(t, w, v)) return false;
    Value state = r->length > 2 ? r->items[2] : NONE, items = r->length > 3 ? r->items[3] : NONE, pairs = r->length > 4 ? r->items[4] : NONE;
    if (!is_none(items) && !save_items(t, w, items, false)) return false;
    if (!is_none(pairs) && !save_items(t, w, pairs, true)) return false;
    if (is_none(state)) return !w->out.failed;
    if (!save(t, w, state, true)) return false;
    put(w, PICKLE_BUILD);
    return !w->out.failed;
}
// 1: the type is known to one of the tables, which pickle.py reads; 0; -1: raised.
static int is_special(Thread *t, Writer *w, Value v)
{
    Value type = type_value(type_of(v));
    if (!is_object(v) || is_type(v) || !is_unbound(w->reducer_override) || !is_exact_dict(w->dispatch) || !is_exact_dict(w->dispatch_table)) return 1;
    int found = dict_contains(t, as_dict(w->dispatch), type);
    return found ? found : dict_contains(t, as_dict(w->dispatch_table), type);
}
static bool save_object(Thread *t, Writer *w, Value v)
{
    int special = is_special(t, w, v);
    if (special) return special > 0 && hand_over(t, w, NAME(save_other), v, UNBOUND);
    OWN Value reduced = call_method1(t, v, NAME(__reduce_ex__), small_int(w->protocol));
    return !is_error(reduced) && save_reduction(t, w, v, reduced);
}
static bool save_container(Thread *t, Writer *w, Value v)
{
    Type *type = type_of(v);
    if (w->protocol < 2) return hand_over(t, w, NAME(save_other), v, UNBOUND);
    if (type == &tuple_type) return save_tuple(t, w, v);
    if (type == &list_type) return save_list(t, w, v);
    if (type == &dict_type) return save_dict(t, w, v);
    if (type == &set_type && w->protocol >= 4) return save_set(t, w, v);
    if (type == &frozenset_type && w->protocol >= 4) return save_frozenset(t, w, v);
    return save_object(t, w, v);
}
// The id under which the reader finds v: 1: written; 0: it has none; -1: raised.
static int save_by_id(Thread *t, Writer *w, Value v)
{
    OWN Value id = call1(t, w->persistent_id, v);
    if (is_error(id)) return -1;
    if (is_none(id)) return 0;
    return hand_over(t, w, NAME(save_persistent), id, UNBOUND) ? 1 : -1;
}
static bool save(Thread *t, Writer *w, Value given, bool ask_for_id)
{
    OWN Value v = retain(given);
    if (frame_is_full(w) && !end_frame(t, w)) return false;
    if (ask_for_id && !is_unbound(w->persistent_id)) {
        int written = save_by_id(t, w, v);
        if (written) return written > 0;
    }
    Type *type = type_of(v);
    if (w->protocol >= 2) {
        if (is_none(v) || is_bool(v)) {
            put(w, is_none(v) ? PICKLE_NONE : is_true(v) ? PICKLE_NEWTRUE : PICKLE_NEWFALSE);
            return !w->out.failed;
        }
        if (type == &int_type) return save_int(t, w, v);
        if (type == &float_type) return save_float(w, v);
    }
    MemoPlace *known = memo_find(w, v);
    if (known) return put_get(w, known->number);
    if (w->protocol >= 2 && type == &str_type) return save_str(t, w, v);
    if (w->protocol >= 3 && type == &bytes_type) return save_bytes(t, w, v);
    if (!enter_recursion(t, " while pickling an object")) return false;
    bool done = save_container(t, w, v);
    leave_recursion(t);
    return done;
}

// ---- The type
static Value writer_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    Writer *w = (Writer *)object_new(t, type);
    if (!w) return ERROR;
    w->file_write = NONE;
    w->frame = NO_FRAME;
    w->persistent_id = w->reducer_override = w->dispatch = w->dispatch_table = UNBOUND;
    byte_builder_start(t, &w->out);
    return object_value(w);
}
static Value method_start(Thread *t, Value self, const Value *args)
{
    int protocol;
    if (!int_as_int(t, args[1], &protocol)) return ERROR;
    assign(&as_writer(self)->file_write, retain(args[0]));
    as_writer(self)->protocol = protocol;
    as_writer(self)->started = true;
    memo_clear(as_writer(self));
    return NONE;
}
static void forget_hooks(Writer *w)
{
    clear(&w->persistent_id);
    clear(&w->reducer_override);
    clear(&w->dispatch);
    clear(&w->dispatch_table);
}
static bool find_hook(Thread *t, Value self, Str *name, Value *hook)
{
    OWN Value found = object_get_attr_optional(t, self, name);
    if (is_error(found)) return false;
    assign(hook, MOVE(found));
    return true;
}
// A Pickler that says nothing about ids need not be asked for each object.
static bool find_hooks(Thread *t, Value self)
{
    Writer *w = as_writer(self);
    Value own = type_lookup(&pickle_writer_type, NAME(persistent_id));
    Attrs *attrs = object_attrs(as_object(self));
    bool asks = !is_same(type_lookup(type_of(self), NAME(persistent_id)), own) || (attrs && !is_unbound(attrs_get(attrs, NAME(persistent_id))));
    Value copyreg = dict_get_str(t->interp->modules, NAME(copyreg));
    if (!find_hook(t, self, NAME(dispatch_table), &w->dispatch_table)) return false;
    if (is_unbound(w->dispatch_table) && !is_unbound(copyreg) && !find_hook(t, copyreg, NAME(dispatch_table), &w->dispatch_table)) return false;
    return (!asks || find_hook(t, self, NAME(persistent_id), &w->persistent_id)) && find_hook(t, self, NAME(reducer_override), &w->reducer_override)
        && find_hook(t, self, NAME(dispatch), &w->dispatch);
}
static bool write_pickle(Thread *t, Value self, Value v)
{
    Writer *w = as_writer(self);
    if (w->protocol >= 2) {
        byte_builder_put(&w->out, PICKLE_PROTO);
        byte_builder_put(&w->out, (unsigned)w->protocol);
    }
    w->framing = w->protocol >= 4;
    if (!find_hooks(t, self) || !save(t, w, v, true)) return false;
    put(w, PICKLE_STOP);
    return end_frame(t, w);
}
// The pickle of v: to the file, or, where there is none, as bytes.
static Value method_write_pickle(Thread *t, Value self, const Value *args)
{
    Writer *w = as_writer(self);
    bool done = write_pickle(t, self, args[0]);
    w->framing = false;
    w->frame = NO_FRAME;
    forget_hooks(w);
    if (w->out.failed || !done) {
        if (!error_pending(t)) raise_memory_error(t);
        byte_builder_abandon(&w->out);
        byte_builder_start(t, &w->out);
        return ERROR;
    }
    if (!is_none(w->file_write)) return NONE;
    Value data = byte_builder_finish(&w->out);
    byte_builder_start(t, &w->out);
    return data;
}
static Value method_save(Thread *t, Value self, const Value *args)
{
    return save(t, as_writer(self), args[0], !is_false(args[1])) ? NONE : ERROR;
}
static Value method_write(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    put_bytes(as_writer(self), data.data, (size_t)data.length);
    return as_writer(self)->out.failed ? raise_memory_error(t) : NONE;
}
static Value method_write_large(Thread *t, Value self, const Value *args)
{
    Writer *w = as_writer(self);
    OWN_BUFFER Buffer head = {0};
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &head, 0) || !buffer_get(t, args[1], &data, 0)) return ERROR;
    bool outside = w->framing && (size_t)data.length >= PICKLE_FRAME_TARGET;
    if (outside && !end_frame(t, w)) return ERROR;
    if (!outside) open_frame(w);
    byte_builder_add(&w->out, head.data, (size_t)head.length);
    byte_builder_add(&w->out, data.data, (size_t)data.length);
    return outside && !flush(t, w) ? ERROR : w->out.failed ? raise_memory_error(t) : NONE;
}
static Value method_memoize(Thread *t, Value self, const Value *args)
{
    return memoize(t, as_writer(self), args[0]) ? NONE : ERROR;
}
// The number under which an object was written before; None: it was not.
static Value method_known(Thread *t, Value self, const Value *args)
{
    MemoPlace *known = memo_find(as_writer(self), args[0]);
    return known ? int_from_u64(t, known->number) : NONE;
}
static Value method_put_get(Thread *t, Value self, const Value *args)
{
    uint64_t number;
    if (!int_as_u64(t, args[0], &number)) return ERROR;
    return put_get(as_writer(self), (uint32_t)number) ? NONE : raise_memory_error(t);
}
static Value method_clear_memo(Thread *t, Value self, const Value *args)
{
    memo_clear(as_writer(self));
    return NONE;
}
static Value method_persistent_id(Thread *t, Value self, const Value *args) { return NONE; }
static Value method_batch(Thread *t, Value self, const Value *args)
{
    int pairs = object_truth(t, args[1]);
    if (is_exact_list(args[0]) && pairs == 0) return save_list_items(t, as_writer(self), args[0]) ? NONE : ERROR;
    if (is_exact_dict(args[0]) && pairs > 0) return save_dict_items(t, as_writer(self), args[0]) ? NONE : ERROR;
    OWN Value iterator = pairs < 0 ? ERROR : object_iter(t, args[0]);
    return !is_error(iterator) && save_items(t, as_writer(self), iterator, pairs > 0) ? NONE : ERROR;
}
// number -> object, as a dict id -> (number, object): what a copy of the memo is.
static Value method_memo_items(Thread *t, Value self, const Value *args)
{
    Writer *w = as_writer(self);
    OWN_POINTER Dict *items = dict_new(t);
    if (!items) return ERROR;
    for (size_t i = 0; w->memo && i <= w->memo_mask; i++) {
        Value object = w->memo[i].object;
        if (is_unbound(object)) continue;
        OWN Value key = int_from_u64(t, (uint64_t)(uintptr_t)object.bits);
        OWN Value number = int_from_u64(t, w->memo[i].number);
        OWN Value entry = is_error(key) || is_error(number) ? ERROR : tuple_of(t, 2, number, object);
        if (is_error(entry) || !dict_set(t, items, key, entry)) return ERROR;
    }
    return dict_value(MOVE_POINTER(items));
}
static Value method_memo_put(Thread *t, Value self, const Value *args)
{
    uint64_t number;
    return int_as_u64(t, args[1], &number) && memo_set(t, as_writer(self), args[0], (uint32_t)number) ? NONE : ERROR;
}

static Value get_proto(Thread *t, Value self) { return small_int(as_writer(self)->protocol); }
static Value get_bin(Thread *t, Value self) { return bool_value(as_writer(self)->protocol >= 1); }
static Value get_started(Thread *t, Value self) { return bool_value(as_writer(self)->started); }
static Value get_fast(Thread *t, Value self) { return small_int(as_writer(self)->fast); }
static bool set_fast(Thread *t, Value self, Value value)
{
    int truth = is_unbound(value) ? 0 : object_truth(t, value);
    as_writer(self)->fast = truth > 0;
    return truth >= 0;
}
static void writer_visit(Object *o, VisitFn visit, void *context)
{
    Writer *w = (Writer *)o;
    visit(w->file_write, context);
    visit(w->persistent_id, context);
    visit(w->reducer_override, context);
    visit(w->dispatch, context);
    visit(w->dispatch_table, context);
    for (size_t i = 0; w->memo && i <= w->memo_mask; i++) visit(w->memo[i].object, context);
}
static void writer_finish(Thread *t, Object *o)
{
    Writer *w = (Writer *)o;
    clear(&w->file_write);
    forget_hooks(w);
    memo_clear(w);
    byte_builder_abandon(&w->out);
}
static const Method writer_methods[] = {
    {"start", method_start, "(self, file_write, protocol, /)", "Begin: where the bytes go (None: write_pickle returns them), and the protocol."},
    {"write_pickle", method_write_pickle, "(self, obj, /)", "Write a whole pickle."},
    {"save", method_save, "(self, obj, ask_for_id=True, /)", "Write what builds obj."},
    {"write", method_write, "(self, data, /)", "Write instructions."},
    {"write_large", method_write_large, "(self, head, data, /)", "Write an instruction and its data, outside of frames when it is much."},
    {"memoize", method_memoize, "(self, obj, /)", "Remember obj, which is on top of the stack."},
    {"known", method_known, "(self, obj, /)", "The number of an object that was written before, or None."},
    {"put_get", method_put_get, "(self, number, /)", "Write what brings back an object of the memo."},
    {"batch", method_batch, "(self, items, pairs, /)", "Add items to the list or dict on top of the stack."},
    {"clear_memo", method_clear_memo, "(self, /)", "Forget the objects written so far."},
    {"memo_items", method_memo_items, "(self, /)", "The memo as a dict: id -> (number, object)."},
    {"memo_put", method_memo_put, "(self, obj, number, /)", "Enter an object in the memo."},
    {"persistent_id", method_persistent_id, "(self, obj, /)", "A name for obj under which the reader finds it; None: it is written itself."},
    {0},
};
static const GetSet writer_getsets[] = {
    {"proto", get_proto, NULL, NULL}, {"bin", get_bin, NULL, NULL}, {"started", get_started, NULL, NULL}, {"fast", get_fast, set_fast, NULL}, {0},
};
const TypeSpec pickle_writer_spec = {
    .name = "_picklecore.Writer", .doc = "Writes objects as the instructions of a pickle.", .size = sizeof(Writer), .flags = TYPE_BASE | TYPE_GC,
    .slots = {.visit = writer_visit, .finish = writer_finish, .make = writer_make}, .methods = writer_methods, .getsets = writer_getsets,
};
