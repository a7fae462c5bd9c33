// SPDX-License-Identifier: MIT
// stdlib/ctypes/_ctypes.c: memory that C sees, calls of C functions and C calls of Python functions, on libffi. The classes that
// programs use are Python's (ctypes/__init__.py). A shared object: loaded when imported.
//
// A type is a code: one letter of the struct module's, "P" for pointers, "?" for _Bool, "g" for long double, "v" for void; a tuple of
// codes is a structure passed by value.
#include <dlfcn.h>
#include <errno.h>
#include <ffi.h>
#include <stdlib.h>
#include <wchar.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/thread.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

#define ARGUMENTS_MAX 64
#define NESTING_MAX 16

// ---- Codes
typedef struct CodeInfo { char code; ffi_type *type; size_t size; } CodeInfo;
static const CodeInfo codes[] = {
    {'c', &ffi_type_schar, 1}, {'b', &ffi_type_schar, 1}, {'B', &ffi_type_uchar, 1}, {'?', &ffi_type_uchar, 1}, {'h', &ffi_type_sshort, sizeof(short)}, {'H', &ffi_type_ushort, sizeof(short)},
    {'i', &ffi_type_sint, sizeof(int)}, {'I', &ffi_type_uint, sizeof(int)}, {'l', &ffi_type_slong, sizeof(long)}, {'L', &ffi_type_ulong, sizeof(long)}, {'q', &ffi_type_sint64, 8}, {'Q', &ffi_type_uint64, 8},
    {'f', &ffi_type_float, sizeof(float)}, {'d', &ffi_type_double, sizeof(double)}, {'g', &ffi_type_longdouble, sizeof(long double)}, {'P', &ffi_type_pointer, sizeof(void *)}, {'z', &ffi_type_pointer, sizeof(void *)},
    {'Z', &ffi_type_pointer, sizeof(void *)}, {'O', &ffi_type_pointer, sizeof(void *)}, {'u', &ffi_type_sint, sizeof(wchar_t)}, {'v', &ffi_type_void, 0},
};
static const CodeInfo *code_info(char code)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (codes[i].code == code) return &codes[i];
    return NULL;
}
// The letter of a code; 0: raised.
static char letter(Thread *t, Value code)
{
    if (is_str(code) && as_str(code)->length == 1 && str_at(as_str(code), 0) < 128 && code_info((char)str_at(as_str(code), 0))) return (char)str_at(as_str(code), 0);
    raise_type_error(t, "not the code of a C type: %R", code);
    return 0;
}

// A libffi type that was made for a structure: freed as a whole.
static void type_free(ffi_type *type)
{
    if (!type || type->type != FFI_TYPE_STRUCT) return;
    for (ffi_type **e = type->elements; *e; e++) type_free(*e);
    free(type->elements);
    free(type);
}
static ffi_type *type_from(Thread *t, Value code, int depth)
{
    if (!is_tuple(code)) {
        char c = letter(t, code);
        return c ? code_info(c)->type : NULL;
    }
    size_t count = as_tuple(code)->length;
    if (depth > NESTING_MAX || count == 0) return error_null(raise_type_error(t, "a structure passed by value needs fields"));
    ffi_type *type = calloc(1, sizeof *type);
    ffi_type **elements = calloc(count + 1, sizeof *elements);
    if (!type || !elements) {
        free(type);
        free(elements);
        return error_null(raise_memory_error(t));
    }
    type->type = FFI_TYPE_STRUCT;
    type->elements = elements;
    for (size_t i = 0; i < count; i++) {
        elements[i] = type_from(t, as_tuple(code)->items[i], depth + 1);
        if (elements[i]) continue;
        type_free(type);
        return NULL;
    }
    return type;
}

// ---- Values in memory
static bool to_unsigned(Thread *t, Value v, uint64_t *out)
{
    if (is_none(v)) {
        *out = 0;
        return true;
    }
    if (is_float(v) || !(is_int(v) || type_of(v)->slots.index)) return error_false(raise_type_error(t, "an integer is required (got type %T)", v));
    OWN Value number = object_index(t, v);
    if (is_error(number)) return false;
    *out = int_low_bits(number);
    return true;
}
static bool store(Thread *t, char code, void *at, Value v)
{
    if (code == 'f' || code == 'd' || code == 'g') {
        double number;
        if (!float_from_value(t, v, &number)) return false;
        float single = (float)number;
        long double extended = number;
        if (code == 'f') memcpy(at, &single, sizeof single);
        else if (code == 'd') memcpy(at, &number, sizeof number);
        else memcpy(at, &extended, sizeof extended);
        return true;
    }
    if (code == '?') {
        int truth = object_truth(t, v);
        *(unsigned char *)at = truth > 0;
        return truth >= 0;
    }
    if (code == 'c' && is_bytes(v) && bytes_length(v) == 1) {
        *(char *)at = bytes_data(v)[0];
        return true;
    }
    if (code == 'u' && is_str(v) && as_str(v)->length == 1) {
        wchar_t wide = (wchar_t)str_at(as_str(v), 0);
        memcpy(at, &wide, sizeof wide);
        return true;
    }
    if (code == 'O') {
        void *object = is_object(v) ? as_object(v) : NULL;
        memcpy(at, &object, sizeof object);
        return true;
    }
    uint64_t bits;
    if (!to_unsigned(t, v, &bits)) return false;
    memcpy(at, &bits, code_info(code)->size);      // little-endian: the low bytes come first
    return true;
}
static Value load(Thread *t, char code, const void *at)
{
    switch (code) {
    case 'b': return small_int(*(const signed char *)at);
    case 'B': return small_int(*(const unsigned char *)at);
    case 'c': return bytes_from(t, at, 1);
    case '?': return bool_value(*(const unsigned char *)at != 0);
    case 'h': { short v; memcpy(&v, at, sizeof v); return small_int(v); }
    case 'H': { unsigned short v; memcpy(&v, at, sizeof v); return small_int(v); }
    case 'i': { int v; memcpy(&v, at, sizeof v); return small_int(v); }
    case 'I': { unsigned v; memcpy(&v, at, sizeof v); return small_int(v); }
    case 'l': case 'q': { int64_t v; memcpy(&v, at, sizeof v); return int_value(t, v); }
    case 'L': case 'Q': case 'P': case 'z': case 'Z': { uint64_t v; memcpy(&v, at, sizeof v); return int_from_u64(t, v); }
    case 'f': { float v; memcpy(&v, at, sizeof v); return float_from_outside(v); }
    case 'd': { double v; memcpy(&v, at, sizeof v); return float_from_outside(v); }
    case 'g': { long double v; memcpy(&v, at, sizeof v); return float_from_outside((double)v); }
    case 'u': { wchar_t v; memcpy(&v, at, sizeof v); return (uint32_t)v <= 0x10FFFF ? str_from_codepoint(t, (Codepoint)v) : raise_value_error(t, "character U+%x is not in range [U+0000; U+10ffff]", (unsigned)v); }
    case 'O': { void *v; memcpy(&v, at, sizeof v); return v ? retain(object_value(v)) : raise_value_error(t, "PyObject is NULL"); }
    default: return NONE;
    }
}

// ---- Block: a piece of memory, owned or at an address somewhere
typedef struct Block { Object head; char *data; size_t size; bool owns; Value owner; Buffer shared; } Block;    // owner: what keeps foreign memory alive, or UNBOUND; shared: the buffer that it is
static Type block_type;
static Block *as_block(Value v) { return (Block *)as_object(v); }
static Value block_construct(Thread *t, Type *type, const Value *args)
{
    size_t size;
    uint64_t address;
    if (!int_as_size(t, args[0], &size)) return ERROR;
    OWN_POINTER Block *b = (Block *)object_new(t, type);
    if (!b) return ERROR;
    b->size = size;
    b->owner = retain(is_none(args[2]) ? UNBOUND : args[2]);
    if (is_none(args[1])) {
        b->data = calloc(1, size ? size : 1);
        b->owns = true;
        if (!b->data) return raise_memory_error(t);
    } else {
        if (!to_unsigned(t, args[1], &address)) return ERROR;
        b->data = (char *)(uintptr_t)address;
    }
    return object_value(MOVE_POINTER(b));
}
static bool in_block(Thread *t, Block *b, Value offset, size_t length, size_t *at)
{
    if (!int_as_size(t, offset, at)) return false;
    if (*at <= b->size && length <= b->size - *at && b->data) return true;
    return error_false(raise_value_error(t, b->data ? "outside the memory block" : "NULL pointer access"));
}
static Value block_get(Thread *t, Value self, const Value *args)
{
    char code = letter(t, args[0]);
    size_t at;
    if (!code || !in_block(t, as_block(self), args[1], code_info(code)->size, &at)) return ERROR;
    return load(t, code, as_block(self)->data + at);
}
static Value block_set(Thread *t, Value self, const Value *args)
{
    char code = letter(t, args[0]);
    size_t at;
    if (!code || !in_block(t, as_block(self), args[1], code_info(code)->size, &at)) return ERROR;
    return store(t, code, as_block(self)->data + at, args[2]) ? NONE : ERROR;
}
static Value block_read(Thread *t, Value self, const Value *args)
{
    size_t at, length;
    if (!int_as_size(t, args[1], &length) || !in_block(t, as_block(self), args[0], length, &at)) return ERROR;
    return bytes_from(t, length ? as_block(self)->data + at : "", length);
}
static Value block_write(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    size_t at;
    if (!buffer_get(t, args[1], &data, 0) || !in_block(t, as_block(self), args[0], (size_t)data.length, &at)) return ERROR;
    if (data.length) memmove(as_block(self)->data + at, data.data, (size_t)data.length);
    return NONE;
}
static Value block_address(Thread *t, Value v) { return int_from_u64(t, (uint64_t)(uintptr_t)as_block(v)->data); }
static Value block_size(Thread *t, Value v) { return int_value(t, (int64_t)as_block(v)->size); }
static bool block_buffer(Thread *t, Value v, Buffer *buffer, int flags)
{
    Block *b = as_block(v);
    *buffer = (Buffer){.owner = retain(v), .data = b->data, .length = (ptrdiff_t)b->size, .item_size = 1, .format = "B", .dimensions = 1};
    return true;
}
static void block_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((Block *)o)->owner)) visit(((Block *)o)->owner, context);
}
static void block_finish(Thread *t, Object *o)
{
    Block *b = (Block *)o;
    if (b->owns) free(b->data);
    buffer_release(&b->shared);
    clear(&b->owner);
}
static const Method block_methods[] = {
    {"get", block_get, "(self, code, offset, /)", "The value of the code's type at an offset."}, {"set", block_set, "(self, code, offset, value, /)", "Store a value."},
    {"read", block_read, "(self, offset, length, /)", "Bytes."}, {"write", block_write, "(self, offset, data, /)", "Store bytes."}, {0},
};
static const GetSet block_getsets[] = {{"address", block_address, NULL, NULL}, {"size", block_size, NULL, NULL}, {0}};
static const TypeSpec block_spec = {
    .name = "_ctypes.Block", .size = sizeof(Block), .flags = TYPE_GC | TYPE_HAS_WEAKREFS, .slots = {.visit = block_visit, .finish = block_finish, .get_buffer = block_buffer},
    .methods = block_methods, .getsets = block_getsets, .new_signature = "(size, address=None, owner=None, /)", .construct = block_construct,
};

// A Block that is the memory of another object, which cannot be resized as long as the Block lives.
static Value share(Thread *t, Value self, const Value *args)
{
    int writable = object_truth(t, args[1]);
    if (writable < 0) return ERROR;
    OWN_POINTER Block *b = (Block *)object_new(t, &block_type);
    if (!b || !buffer_get(t, args[0], &b->shared, 0)) return ERROR;
    if (writable && b->shared.readonly) return raise_type_error(t, "underlying buffer is not writable");
    static char nothing[1];
    b->data = b->shared.data ? b->shared.data : nothing;
    b->size = (size_t)b->shared.length;
    return object_value(MOVE_POINTER(b));
}

// ---- Data: the base of the classes of C objects, which shows their memory as a buffer. What their _shown() gives says how: (block, offset,
// format, size of an item, shape).
typedef struct Data { Object head; Attrs attrs; } Data;
typedef struct Shown { Value block; char *format; ptrdiff_t shape[BUFFER_DIMENSIONS_MAX], strides[BUFFER_DIMENSIONS_MAX]; } Shown;
static Type data_type;

static void shown_free(Shown *shown)
{
    if (!shown) return;
    drop(shown->block);
    mem_free(shown->format);
    mem_free(shown);
}
static bool shown_shape(Thread *t, Shown *shown, Value shape, ptrdiff_t item_size, ptrdiff_t *total)
{
    size_t dimensions = as_tuple(shape)->length;
    if (dimensions > BUFFER_DIMENSIONS_MAX) return error_false(raise_error(t, &exc_BufferError, "too many dimensions"));
    *total = item_size;
    for (size_t i = dimensions; i-- > 0;) {
        if (!object_as_index(t, as_tuple(shape)->items[i], &shown->shape[i], &exc_BufferError)) return false;
        shown->strides[i] = *total;
        if (shown->shape[i] < 0 || __builtin_mul_overflow(*total, shown->shape[i], total)) return error_false(raise_error(t, &exc_BufferError, "not the shape of memory"));
    }
    return true;
}
static bool data_get_buffer(Thread *t, Value v, Buffer *buffer, int flags)
{
    OWN_POINTER Str *name = str_intern_text(t, "_shown", 6);
    OWN Value told = name ? call_method0(t, v, name) : ERROR;
    if (is_error(told)) return false;
    const Value *parts = is_tuple(told) && as_tuple(told)->length == 5 ? as_tuple(told)->items : NULL;
    if (!parts || !is_instance_of(parts[0], &block_type) || !is_str(parts[2]) || !is_tuple(parts[4])) return error_false(raise_error(t, &exc_BufferError, "not a C object"));
    ptrdiff_t item_size, total;
    size_t at;
    Shown *shown = mem_allocate(t, sizeof *shown);
    if (!shown) return false;
    *shown = (Shown){.block = retain(parts[0])};
    Block *b = as_block(parts[0]);
    if (!object_as_index(t, parts[3], &item_size, &exc_BufferError) || !shown_shape(t, shown, parts[4], item_size, &total) || total < 0 ||
        !(shown->format = str_to_utf8(t, as_str(parts[2]), NULL)) || !in_block(t, b, parts[1], (size_t)total, &at)) {
        shown_free(shown);
        return error_pending(t) ? false : error_false(raise_error(t, &exc_BufferError, "not a C object"));
    }
    *buffer = (Buffer){.owner = retain(v), .data = b->data + at, .length = total, .item_size = item_size, .format = shown->format, .dimensions = (int)as_tuple(parts[4])->length,
                       .shape = shown->shape, .strides = shown->strides, .internal = shown};
    return true;
}
static void data_release_buffer(Value v, Buffer *buffer) { shown_free(buffer->internal); }
static Value data_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    Object *o = object_new(t, type);           // arguments are __init__'s
    return o ? object_value(o) : ERROR;
}
static Value data_dict(Thread *t, Value v) { return object_get_dict(t, v); }
static const GetSet data_getsets[] = {{"__dict__", data_dict, NULL, NULL}, {0}};
static const TypeSpec data_spec = {
    .name = "_ctypes._CData", .doc = "A C object.", .size = sizeof(Data), .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS,
    .slots = {.make = data_make, .get_buffer = data_get_buffer, .release_buffer = data_release_buffer}, .getsets = data_getsets,
};

// ---- Calling C
static __thread int saved_errno;             // ctypes' own copy, for use_errno
typedef union Slot { long double widest; uint64_t bits; void *pointer; } Slot;
enum { CALL_KEEPS_GIL = 1, CALL_USES_ERRNO = 2 };

typedef struct Prepared { ffi_cif cif; ffi_type *result, *types[ARGUMENTS_MAX]; size_t count; } Prepared;
static void prepared_end(Prepared *p)
{
    for (size_t i = 0; i < p->count; i++) type_free(p->types[i]);
    type_free(p->result);
}
static bool prepare(Thread *t, Prepared *p, Value result, Value arguments, int variadic_from)
{
    *p = (Prepared){0};
    if (as_tuple(arguments)->length > ARGUMENTS_MAX) return error_false(raise_error(t, &exc_ValueError, "too many arguments (%zu), maximum is %d", as_tuple(arguments)->length, ARGUMENTS_MAX));
    p->result = type_from(t, result, 0);
    if (!p->result) return false;
    for (size_t i = 0; i < as_tuple(arguments)->length; i++) {
        ffi_type *type = type_from(t, as_tuple(arguments)->items[i], 0);
        if (!type) return false;
        p->types[p->count++] = type;
    }
    ffi_status status = variadic_from >= 0 && (size_t)variadic_from < p->count
        ? ffi_prep_cif_var(&p->cif, FFI_DEFAULT_ABI, (unsigned)variadic_from, (unsigned)p->count, p->result, p->types)
        : ffi_prep_cif(&p->cif, FFI_DEFAULT_ABI, (unsigned)p->count, p->result, p->types);
    return status == FFI_OK || error_false(raise_error(t, &exc_RuntimeError, "ffi_prep_cif failed"));
}
static void swap_errno(int flags)
{
    if (!(flags & CALL_USES_ERRNO)) return;
    int system = errno;
    errno = saved_errno;
    saved_errno = system;
}
// call(address, result code, argument codes, arguments, flags, variadic_from): an argument for a structure is a Block.
static Value call_function(Thread *t, Value self, const Value *args)
{
    uint64_t address;
    int flags, variadic_from;
    if (!to_unsigned(t, args[0], &address) || !int_as_int(t, args[4], &flags) || !int_as_int(t, args[5], &variadic_from)) return ERROR;
    if (!address) return raise_value_error(t, "attempt to call a NULL function pointer");
    if (!is_tuple(args[2]) || !is_tuple(args[3]) || as_tuple(args[2])->length != as_tuple(args[3])->length) return raise_type_error(t, "codes and arguments must be tuples of one length");
    Prepared p;
    if (!prepare(t, &p, args[1], args[2], variadic_from)) {
        prepared_end(&p);
        return ERROR;
    }
    Slot slots[ARGUMENTS_MAX] = {{0}};
    void *pointers[ARGUMENTS_MAX];
    bool ready = true;
    for (size_t i = 0; i < p.count && ready; i++) {
        Value code = as_tuple(args[2])->items[i], argument = as_tuple(args[3])->items[i];
        pointers[i] = &slots[i];
        if (is_tuple(code)) {
            ready = is_instance_of(argument, &block_type) && as_block(argument)->size >= p.types[i]->size;
            if (ready) pointers[i] = as_block(argument)->data;
            else raise_type_error(t, "a structure needs a memory block of its size");
        } else {
            char c = letter(t, code);
            ready = c && store(t, c, &slots[i], argument);
            if (ready && code_info(c)->size < sizeof(uint64_t) && strchr("bhi", c)) slots[i].bits = (uint64_t)(c == 'b' ? (int64_t)(int8_t)slots[i].bits : c == 'h' ? (int64_t)(int16_t)slots[i].bits : (int64_t)(int32_t)slots[i].bits);
        }
    }
    size_t result_size = p.result->size > sizeof(Slot) ? p.result->size : sizeof(Slot);
    OWN Value block = ready ? call2(t, type_value(&block_type), int_value(t, (int64_t)result_size), NONE) : ERROR;
    if (!is_error(block)) {
        void *result = as_block(block)->data;
        void (*function)(void) = (void (*)(void))(uintptr_t)address;
        if (flags & CALL_KEEPS_GIL) {
            swap_errno(flags);
            ffi_call(&p.cif, function, result, pointers);
            swap_errno(flags);
        } else {
            BLOCKING(t, GIL_FFI, {
                swap_errno(flags);
                ffi_call(&p.cif, function, result, pointers);
                swap_errno(flags);
            });
        }
    }
    prepared_end(&p);
    if (is_error(block) || error_pending(t) || !signals_poll(t)) return ERROR;
    if (is_tuple(args[1])) return MOVE(block);
    char c = letter(t, args[1]);
    return c ? load(t, c, as_block(block)->data) : ERROR;
}

// ---- C calling Python
typedef struct Callback { Object head; ffi_closure *closure; void *code; Prepared prepared; Value function, result, arguments, shown; int flags; Interp *interp; } Callback;    // shown: whose fault it is when function raises
static Type callback_type;

static void run_callback(Thread *t, Callback *cb, void *result, void **arguments)
{
    size_t count = cb->prepared.count;
    OWN_POINTER Tuple *values = tuple_blank(t, count);
    bool ready = values != NULL;
    for (size_t i = 0; i < count && ready; i++) {
        Value code = as_tuple(cb->arguments)->items[i];
        if (is_tuple(code)) {
            OWN Value block = call1(t, type_value(&block_type), int_value(t, (int64_t)cb->prepared.types[i]->size));
            if (!is_error(block)) memcpy(as_block(block)->data, arguments[i], cb->prepared.types[i]->size);
            values->items[i] = is_error(block) ? UNBOUND : MOVE(block);
            ready = !is_unbound(values->items[i]);
        } else {
            Value v = load(t, letter(t, code), arguments[i]);
            values->items[i] = is_error(v) ? UNBOUND : v;
            ready = !is_error(v);
        }
    }
    OWN Value answer = ready ? call(t, cb->function, values->items, count, UNBOUND) : ERROR;
    char c = is_tuple(cb->result) ? 'v' : letter(t, cb->result);
    memset(result, 0, cb->prepared.result->size > sizeof(ffi_arg) ? cb->prepared.result->size : sizeof(ffi_arg));
    if (!is_error(answer) && c != 'v' && c) {
        Slot slot = {0};
        if (store(t, c, &slot, answer)) {
            if (strchr("bhi", c)) {
                int64_t wide = c == 'b' ? (int8_t)slot.bits : c == 'h' ? (int16_t)slot.bits : (int32_t)slot.bits;
                memcpy(result, &wide, sizeof wide);
            } else {
                memcpy(result, &slot, code_info(c)->size > sizeof(ffi_arg) ? code_info(c)->size : code_info(c)->size < sizeof(ffi_arg) && c != 'f' ? sizeof(ffi_arg) : code_info(c)->size);
            }
        }
    }
    if (error_pending(t)) error_unraisable(t, "Exception ignored on calling ctypes callback function", cb->shown);
}
// From C: with the GIL or without it, in a thread of ours or in one that C made.
MOVES_GIL static void on_callback(ffi_cif *cif, void *result, void **arguments, void *context)
{
    Callback *cb = context;
    Thread *t = thread_current();
    bool foreign = t == NULL;
    if (foreign) {
        t = thread_create(cb->interp);
        if (!t) abort();
    }
    bool outside = !t->gil.holds;
    if (outside) gil_acquire(t, GIL_FFI);
    if (foreign) thread_attach(t);
    run_callback(t, cb, result, arguments);
    if (foreign) thread_clear(t);
    if (outside) gil_release(t, GIL_FFI);
    if (foreign) thread_destroy(t);
}
static Value callback_construct(Thread *t, Type *type, const Value *args)
{
    OWN_POINTER Callback *cb = (Callback *)object_new(t, type);
    if (!cb) return ERROR;
    if (!object_is_callable(args[0])) return raise_type_error(t, "the argument must be callable");
    if (!is_tuple(args[2])) return raise_type_error(t, "codes must be a tuple");
    cb->function = retain(args[0]);
    cb->shown = retain(args[3]);
    cb->result = retain(args[1]);
    cb->arguments = retain(args[2]);
    cb->interp = t->interp;
    if (!prepare(t, &cb->prepared, args[1], args[2], -1)) return ERROR;
    cb->closure = ffi_closure_alloc(sizeof(ffi_closure), &cb->code);
    if (!cb->closure || ffi_prep_closure_loc(cb->closure, &cb->prepared.cif, on_callback, cb, cb->code) != FFI_OK) return raise_error(t, &exc_RuntimeError, "libffi cannot make a closure");
    t->interp->called_from_outside = true;      // for the deadlock finder: from now on C code can call in, and release anything
    return object_value(MOVE_POINTER(cb));
}
static Value callback_address(Thread *t, Value v) { return int_from_u64(t, (uint64_t)(uintptr_t)((Callback *)as_object(v))->code); }
static void callback_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((Callback *)o)->function)) visit(((Callback *)o)->function, context);
    if (is_object(((Callback *)o)->shown)) visit(((Callback *)o)->shown, context);
}
static void callback_finish(Thread *t, Object *o)
{
    Callback *cb = (Callback *)o;
    if (cb->closure) ffi_closure_free(cb->closure);
    prepared_end(&cb->prepared);
    clear(&cb->function);
    clear(&cb->result);
    clear(&cb->arguments);
    clear(&cb->shown);
}
static const GetSet callback_getsets[] = {{"address", callback_address, NULL, NULL}, {0}};
static const TypeSpec callback_spec = {
    .name = "_ctypes.Callback", .size = sizeof(Callback), .flags = TYPE_GC, .slots = {.visit = callback_visit, .finish = callback_finish}, .getsets = callback_getsets,
    .new_signature = "(function, result, arguments, shown=None, /)", .construct = callback_construct,
};

// ---- Libraries and memory
static Value lib_open(Thread *t, Value self, const Value *args)
{
    int mode;
    OWN_MEMORY char *name = is_none(args[0]) ? NULL : is_str(args[0]) ? str_to_os(t, as_str(args[0]), NULL) : NULL;
    if ((!is_none(args[0]) && !name) || !int_as_int(t, args[1], &mode)) return error_pending(t) ? ERROR : raise_type_error(t, "the name of a library must be str or None, not %T", args[0]);
    void *handle;
    BLOCKING(t, GIL_OPEN, handle = dlopen(name, mode | RTLD_NOW));
    return handle ? int_from_u64(t, (uint64_t)(uintptr_t)handle) : raise_error(t, &exc_OSError, "%s", dlerror());
}
static Value lib_symbol(Thread *t, Value self, const Value *args)
{
    uint64_t handle;
    OWN_MEMORY char *name = is_str(args[1]) ? str_to_os(t, as_str(args[1]), NULL) : NULL;
    if (!name || !to_unsigned(t, args[0], &handle)) return error_pending(t) ? ERROR : raise_type_error(t, "the name of a symbol must be str, not %T", args[1]);
    dlerror();
    void *address = dlsym((void *)(uintptr_t)handle, name);
    const char *wrong = dlerror();
    return wrong ? raise_error(t, &exc_AttributeError, "%s", wrong) : int_from_u64(t, (uint64_t)(uintptr_t)address);
}
static Value string_at(Thread *t, Value self, const Value *args)
{
    uint64_t address;
    int64_t length;
    if (!to_unsigned(t, args[0], &address) || !int_as_i64(t, args[1], &length)) return ERROR;
    const char *data = (const char *)(uintptr_t)address;
    if (!data) return raise_value_error(t, "NULL pointer access");
    return bytes_from(t, data, length < 0 ? strlen(data) : (size_t)length);
}
static Value wstring_at(Thread *t, Value self, const Value *args)
{
    uint64_t address;
    int64_t length;
    if (!to_unsigned(t, args[0], &address) || !int_as_i64(t, args[1], &length)) return ERROR;
    const wchar_t *data = (const wchar_t *)(uintptr_t)address;
    if (!data) return raise_value_error(t, "NULL pointer access");
    return str_from_codepoints(t, (const Codepoint *)(const void *)data, length < 0 ? wcslen(data) : (size_t)length);
}
static Value move_memory(Thread *t, Value self, const Value *args)
{
    uint64_t to, from;
    size_t length;
    if (!to_unsigned(t, args[0], &to) || !to_unsigned(t, args[1], &from) || !int_as_size(t, args[2], &length)) return ERROR;
    if (length) memmove((void *)(uintptr_t)to, (const void *)(uintptr_t)from, length);
    return NONE;
}
static Value fill_memory(Thread *t, Value self, const Value *args)
{
    uint64_t to;
    int c;
    size_t length;
    if (!to_unsigned(t, args[0], &to) || !int_as_int(t, args[1], &c) || !int_as_size(t, args[2], &length)) return ERROR;
    if (length) memset((void *)(uintptr_t)to, c, length);
    return NONE;
}
static Value object_address(Thread *t, Value self, const Value *args) { return is_object(args[0]) ? int_from_u64(t, args[0].bits) : raise_type_error(t, "a value without an address: %R", args[0]); }
static Value get_errno(Thread *t, Value self, const Value *args) { return small_int(saved_errno); }
static Value set_errno(Thread *t, Value self, const Value *args)
{
    int number, before = saved_errno;
    if (!int_as_int(t, args[0], &number)) return ERROR;
    saved_errno = number;
    return small_int(before);
}
static Value size_of_code(Thread *t, Value self, const Value *args)
{
    char c = letter(t, args[0]);
    return c ? small_int((int64_t)code_info(c)->size) : ERROR;
}
static const Method functions[] = {
    {"call", call_function, "(address, result, codes, arguments, flags=0, variadic_from=-1, /)", "Call a C function, without the GIL unless flags has KEEPS_GIL."},
    {"dlopen", lib_open, "(name, mode=0, /)", "A handle of a library."}, {"dlsym", lib_symbol, "(handle, name, /)", "The address of a symbol."},
    {"string_at", string_at, "(address, length=-1, /)", "Bytes at an address."}, {"wstring_at", wstring_at, "(address, length=-1, /)", "Text at an address."},
    {"memmove", move_memory, "(to, source, length, /)", NULL}, {"memset", fill_memory, "(to, byte, length, /)", NULL},
    {"share", share, "(object, writable, /)", "A Block that is the memory of an object's buffer."},
    {"object_address", object_address, "(object, /)", NULL}, {"get_errno", get_errno, "()", NULL}, {"set_errno", set_errno, "(value, /)", NULL}, {"sizeof_code", size_of_code, "(code, /)", NULL}, {0},
};
static bool start(Thread *t, Value module)
{
    if (block_type.version == 0 && (!type_prepare(t, &block_type, &block_spec) || !type_prepare(t, &data_type, &data_spec) || !type_prepare(t, &callback_type, &callback_spec))) return false;
    return module_add_type(t, module, &block_type) && module_add_type(t, module, &callback_type) && module_add_type(t, module, &data_type) && module_add_int(t, module, "CTYPES_MAX_ARGCOUNT", ARGUMENTS_MAX) &&
           module_add_int(t, module, "KEEPS_GIL", CALL_KEEPS_GIL) && module_add_int(t, module, "USES_ERRNO", CALL_USES_ERRNO) && module_add_int(t, module, "RTLD_LOCAL", RTLD_LOCAL) &&
           module_add_int(t, module, "RTLD_GLOBAL", RTLD_GLOBAL);
}
extern const ModuleSpec _ctypes_spec;
const ModuleSpec _ctypes_spec = {.name = "_ctypes", .doc = "Memory that C sees, and calls both ways.", .functions = functions, .start = start};
