// SPDX-License-Identifier: MIT
// runtime/types/memoryview.c: memoryview: a window on the memory of another object, with a format, a shape and strides.
//
// Every view holds the buffer of the underlying object itself, slices and casts too, so that each can be released alone.
// Always
//   1. A released view holds nothing and refuses everything but release, repr and ==.
//   2. While `exports` is not 0 somebody holds the view's own buffer: it cannot be released.
//   3. shape and strides have `dimensions` entries; `format` is a native format character, perhaps with "@", or one that only
//      the bytes of can be looked at.
#include <float.h>
#include <stdio.h>

#include "runtime/types/bytes_internal.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/slice.h"
#include "runtime/types/tuple.h"

typedef struct MemoryView {
    Object head;
    Buffer base;                  // what is held of the underlying object
    char *data;
    ptrdiff_t item_size;
    char format[128];           // a structure's that is longer is cut
    int dimensions;
    ptrdiff_t *shape, *strides;   // one block of memory
    bool readonly, released, hashed;
    uint32_t exports;
    int64_t hash;                 // once asked for, when `hashed`: it outlives the release
} MemoryView;

Type memoryview_type;

static MemoryView *as_view(Value v) { return (MemoryView *)as_object(v); }
static bool is_view(Value v) { return is_object(v) && as_object(v)->type == &memoryview_type; }

static bool check_held(Thread *t, const MemoryView *m)
{
    return !m->released || error_false(raise_value_error(t, "operation forbidden on released memoryview object"));
}

static ptrdiff_t count_items(const MemoryView *m)
{
    ptrdiff_t count = 1;
    for (int i = 0; i < m->dimensions; i++) count *= m->shape[i];
    return count;
}

static bool is_contiguous(const MemoryView *m, bool fortran)
{
    ptrdiff_t expected = m->item_size;
    for (int k = 0; k < m->dimensions; k++) if (m->shape[k] == 0) return true;
    for (int k = 0; k < m->dimensions; k++) {
        int i = fortran ? k : m->dimensions - 1 - k;
        if (m->shape[i] > 1 && m->strides[i] != expected) return false;
        expected *= m->shape[i];
    }
    return true;
}

// ---- Making

// A view of the memory that `v` shows, with room for `dimensions`: its shape is for the caller to fill.
static MemoryView *view_blank(Thread *t, Value v, int dimensions)
{
    MemoryView *m = (MemoryView *)object_new(t, &memoryview_type);
    if (!m) return NULL;
    OWN Value owner = object_value(m);
    m->released = true;
    m->shape = mem_allocate(t, 2 * (size_t)(dimensions + 1) * sizeof *m->shape);
    if (!m->shape) return NULL;
    m->strides = m->shape + dimensions + 1;
    m->dimensions = dimensions;
    if (!as_object(v)->type->slots.get_buffer(t, v, &m->base, 0)) {
        m->base = (Buffer){0};
        return NULL;
    }
    m->released = false;
    return (MemoryView *)as_object(MOVE(owner));
}

static Value view_of_object(Thread *t, Value v)
{
    Buffer first = {0};                   // to learn the number of dimensions
    if (!as_object(v)->type->slots.get_buffer(t, v, &first, 0)) return ERROR;
    int dimensions = first.dimensions;
    buffer_release(&first);
    MemoryView *m = view_blank(t, v, dimensions);
    if (!m) return ERROR;
    const Buffer *b = &m->base;
    m->data = b->data;
    m->item_size = b->item_size;
    m->readonly = b->readonly;
    snprintf(m->format, sizeof m->format, "%s", b->format ? b->format : "B");
    ptrdiff_t stride = b->item_size;
    for (int i = dimensions - 1; i >= 0; i--) {
        m->shape[i] = b->shape ? b->shape[i] : b->item_size ? b->length / b->item_size : 0;
        m->strides[i] = b->strides ? b->strides[i] : stride;
        stride *= m->shape[i];
    }
    return object_value(m);
}

// Another view of the same object that looks as m does.
static MemoryView *view_copy(Thread *t, const MemoryView *m)
{
    MemoryView *copy = view_blank(t, m->base.owner, m->dimensions);
    if (!copy) return NULL;
    copy->data = m->data;
    copy->item_size = m->item_size;
    copy->readonly = m->readonly;
    memcpy(copy->format, m->format, sizeof m->format);
    memcpy(copy->shape, m->shape, (size_t)m->dimensions * sizeof *m->shape);
    memcpy(copy->strides, m->strides, (size_t)m->dimensions * sizeof *m->strides);
    return copy;
}

static Value construct(Thread *t, Type *type, const Value *args)
{
    (void)type;
    if (is_view(args[0])) {
        if (!check_held(t, as_view(args[0]))) return ERROR;
        MemoryView *copy = view_copy(t, as_view(args[0]));
        return copy ? object_value(copy) : ERROR;
    }
    if (!is_buffer(args[0])) return raise_type_error(t, "memoryview: a bytes-like object is required, not '%.200T'", args[0]);
    return view_of_object(t, args[0]);
}

static void visit_owner(Object *o, VisitFn visit, void *context)
{
    MemoryView *m = (MemoryView *)o;
    if (!is_unbound(m->base.owner)) visit(m->base.owner, context);
}

static void let_go(MemoryView *m)
{
    m->released = true;
    buffer_release(&m->base);
}

static void unlink_owner(Thread *t, Object *o)
{
    (void)t;
    if (((MemoryView *)o)->exports == 0) let_go((MemoryView *)o);
}

static void finish(Thread *t, Object *o)
{
    (void)t;
    let_go((MemoryView *)o);
    mem_free(((MemoryView *)o)->shape);
}

// ---- Items

// Size of a native format character, 0 if it is none.
static ptrdiff_t native_size(const char *format)
{
    if (*format == '@') format++;
    if (!format[0] || format[1]) return 0;
    switch (format[0]) {
    case 'c': case 'b': case 'B': case '?': return 1;
    case 'h': case 'H': return 2;
    case 'i': case 'I': case 'f': return 4;
    case 'l': case 'L': case 'q': case 'Q': case 'n': case 'N': case 'd': case 'P': return 8;
    default: return 0;
    }
}

static char native_letter(const char *format) { return native_size(format) ? format[format[0] == '@'] : 0; }

static Value unpack(Thread *t, const char *at, const char *format)
{
#define READ(type) ({ type read_; memcpy(&read_, at, sizeof read_); read_; })
    switch (native_letter(format)) {
    case 'c': return bytes_from(t, at, 1);
    case 'b': return small_int(READ(int8_t));
    case 'B': return small_int(READ(uint8_t));
    case '?': return bool_value(*at != 0);
    case 'h': return small_int(READ(int16_t));
    case 'H': return small_int(READ(uint16_t));
    case 'i': return small_int(READ(int32_t));
    case 'I': return small_int(READ(uint32_t));
    case 'l': case 'q': case 'n': return int_value(t, READ(int64_t));
    case 'L': case 'Q': case 'N': case 'P': return int_from_u64(t, READ(uint64_t));
    case 'f': return float_from_outside(READ(float));
    case 'd': return float_from_outside(READ(double));
    default: return raise_error(t, &exc_NotImplementedError, "memoryview: unsupported format %s", format);
    }
#undef READ
}

static bool raise_bad_type(Thread *t, const char *format) { return error_false(raise_type_error(t, "memoryview: invalid type for format '%s'", format)); }
static bool raise_bad_value(Thread *t, const char *format) { return error_false(raise_value_error(t, "memoryview: invalid value for format '%s'", format)); }

static bool pack_int(Thread *t, char *at, Value v, const char *format, char letter)
{
    if (!is_int(v) && !type_of(v)->slots.index) return raise_bad_type(t, format);
    size_t size = (size_t)native_size(format);
    bool is_signed = letter == 'b' || letter == 'h' || letter == 'i' || letter == 'l' || letter == 'q' || letter == 'n';
    int64_t i = 0;
    uint64_t u = 0;
    OWN Value number = object_index(t, v);
    if (is_error(number)) return false;
    bool good = is_signed ? int_as_i64(t, number, &i) : int_as_u64(t, number, &u);
    if (!good) return error_clear_if(t, &exc_OverflowError) ? raise_bad_value(t, format) : false;
    unsigned bits = 8 * (unsigned)size;
    if (bits < 64) {
        int64_t top = INT64_C(1) << (bits - 1);
        if (is_signed ? i < -top || i >= top : u >> bits != 0) return raise_bad_value(t, format);
    }
    if (is_signed) u = (uint64_t)i;
    memcpy(at, &u, size);
    return true;
}

static bool pack_float(Thread *t, char *at, Value v, const char *format, char letter)
{
    double d;
    if (!float_from_value(t, v, &d)) return error_clear_if(t, &exc_TypeError) ? raise_bad_type(t, format) : false;
    if (letter == 'd') {
        memcpy(at, &d, sizeof d);
    } else {
        float f = (float)d;
        if (isinf(f) && !isinf(d)) return error_false(raise_error(t, &exc_OverflowError, "float too large to pack with f format"));
        memcpy(at, &f, sizeof f);
    }
    return true;
}

static bool pack(Thread *t, char *at, Value v, const char *format)
{
    char letter = native_letter(format);
    switch (letter) {
    case 0:
        return error_false(raise_error(t, &exc_NotImplementedError, "memoryview: unsupported format %s", format));
    case 'c':
        if (!is_bytes(v)) return raise_bad_type(t, format);
        if (bytes_length(v) != 1) return raise_bad_value(t, format);
        *at = bytes_data(v)[0];
        return true;
    case '?': {
        int truth = object_truth(t, v);
        if (truth >= 0) *at = (char)truth;
        return truth >= 0;
    }
    case 'f': case 'd':
        return pack_float(t, at, v, format, letter);
    default:
        return pack_int(t, at, v, format, letter);
    }
}

// ---- Indexing

// The place of item `index` along a dimension, or NULL: IndexError.
static char *step_into(Thread *t, const MemoryView *m, char *at, ptrdiff_t index, int dimension)
{
    ptrdiff_t size = m->shape[dimension];
    if (index < 0) index += size;
    if (index < 0 || index >= size) return error_null(raise_error(t, &exc_IndexError, "index out of bounds on dimension %d", dimension + 1));
    return at + index * m->strides[dimension];
}

static char *find_by_tuple(Thread *t, MemoryView *m, Tuple *key)
{
    if ((ptrdiff_t)key->length > m->dimensions)
        return error_null(raise_type_error(t, "cannot index %d-dimension view with %zd-element tuple", m->dimensions, (ptrdiff_t)key->length));
    char *at = m->data;
    for (size_t i = 0; i < key->length; i++) {
        ptrdiff_t index;
        if (!object_as_index(t, key->items[i], &index, &exc_IndexError) || !check_held(t, m)) return NULL;
        at = step_into(t, m, at, index, (int)i);
        if (!at) return NULL;
    }
    return at;
}

enum KeyKind { KEY_INDEX, KEY_SLICE, KEY_ITEMS, KEY_SLICES, KEY_OTHER };

static enum KeyKind kind_of_key(Value key)
{
    if (is_int(key)) return KEY_INDEX;
    if (is_slice(key)) return KEY_SLICE;
    if (is_tuple(key)) {
        bool all_slices = as_tuple(key)->length > 0, all_indices = true;
        for (size_t i = 0; i < as_tuple(key)->length; i++) {
            Value part = as_tuple(key)->items[i];
            all_slices &= is_slice(part);
            all_indices &= is_int(part) || type_of(part)->slots.index != NULL;
        }
        return all_slices ? KEY_SLICES : all_indices ? KEY_ITEMS : KEY_OTHER;
    }
    return type_of(key)->slots.index ? KEY_INDEX : KEY_OTHER;
}

// What a memoryview of several dimensions cannot do, CPython 3.11's cannot either: the messages are its.
// The place that an index or a tuple of them means: NULL when raised.
static char *find_item(Thread *t, MemoryView *m, Value key, enum KeyKind kind)
{
    if (kind == KEY_ITEMS) {
        if ((ptrdiff_t)as_tuple(key)->length < m->dimensions) return error_null(raise_error(t, &exc_NotImplementedError, "sub-views are not implemented"));
        return find_by_tuple(t, m, as_tuple(key));
    }
    ptrdiff_t index;
    if (!object_as_index(t, key, &index, &exc_IndexError) || !check_held(t, m)) return NULL;
    if (m->dimensions > 1) return error_null(raise_error(t, &exc_NotImplementedError, "multi-dimensional sub-views are not implemented"));
    return step_into(t, m, m->data, index, 0);
}

static Value slice_view(Thread *t, MemoryView *m, Slice *slice)
{
    ptrdiff_t start, stop, step;
    size_t count;
    OWN_POINTER MemoryView *part = view_copy(t, m);         // first: reading the slice may release m
    if (!part || !slice_indices(t, slice, (size_t)part->shape[0], &start, &stop, &step, &count)) return ERROR;
    if (count) part->data += start * part->strides[0];
    part->shape[0] = (ptrdiff_t)count;
    part->strides[0] *= step;
    return object_value(MOVE_POINTER(part));
}

static Value get_item(Thread *t, Value v, Value key)
{
    MemoryView *m = as_view(v);
    if (!check_held(t, m)) return ERROR;
    if (m->dimensions == 0) {
        if (is_tuple(key) && as_tuple(key)->length == 0) return unpack(t, m->data, m->format);
        if (is_ellipsis(key)) return retain(v);
        return raise_type_error(t, "invalid indexing of 0-dim memory");
    }
    enum KeyKind kind = kind_of_key(key);
    if (kind == KEY_INDEX || kind == KEY_ITEMS) {
        char *at = find_item(t, m, key, kind);
        return at ? unpack(t, at, m->format) : ERROR;
    }
    if (kind == KEY_SLICE) return slice_view(t, m, as_slice(key));
    if (kind == KEY_SLICES) return raise_error(t, &exc_NotImplementedError, "multi-dimensional slicing is not implemented");
    return raise_type_error(t, "memoryview: invalid slice key");
}

// Copies between two one-dimensional views of equal shape, which may overlap.
static bool copy_items(Thread *t, MemoryView *to, const MemoryView *from)
{
    size_t size = (size_t)to->item_size;
    ptrdiff_t count = to->shape[0];
    if (count == 0) return true;
    if (to->strides[0] == to->item_size && from->strides[0] == from->item_size) {
        memmove(to->data, from->data, (size_t)count * size);
        return true;
    }
    OWN_MEMORY char *held = mem_allocate(t, (size_t)count * size);
    if (!held) return false;
    for (ptrdiff_t i = 0; i < count; i++) memcpy(held + (size_t)i * size, from->data + i * from->strides[0], size);
    for (ptrdiff_t i = 0; i < count; i++) memcpy(to->data + i * to->strides[0], held + (size_t)i * size, size);
    return true;
}

static bool set_slice(Thread *t, MemoryView *m, Slice *slice, Value item)
{
    if (m->dimensions > 1) return error_false(raise_error(t, &exc_NotImplementedError, "memoryview slice assignments are currently restricted to ndim = 1"));
    if (!is_buffer(item)) return error_false(raise_type_error(t, "a bytes-like object is required, not '%.100T'", item));
    OWN Value source = view_of_object(t, item), target = is_error(source) ? ERROR : slice_view(t, m, slice);
    if (is_error(source) || is_error(target) || !check_held(t, m)) return false;
    MemoryView *from = as_view(source), *to = as_view(target);
    if (from->dimensions != 1 || from->shape[0] != to->shape[0] || from->item_size != to->item_size || native_letter(from->format) != native_letter(to->format))
        return error_false(raise_value_error(t, "memoryview assignment: lvalue and rvalue have different structures"));
    return copy_items(t, to, from);
}

static bool set_item(Thread *t, Value v, Value key, Value item)
{
    MemoryView *m = as_view(v);
    if (!check_held(t, m)) return false;
    if (m->readonly) return error_false(raise_type_error(t, "cannot modify read-only memory"));
    if (is_unbound(item)) return error_false(raise_type_error(t, "cannot delete memory"));
    char scratch[8];
    if (m->dimensions == 0) {
        bool whole = is_ellipsis(key) || (is_tuple(key) && as_tuple(key)->length == 0);
        if (!whole) return error_false(raise_type_error(t, "invalid indexing of 0-dim memory"));
        if (!pack(t, scratch, item, m->format) || !check_held(t, m)) return false;
        memcpy(m->data, scratch, (size_t)m->item_size);
        return true;
    }
    enum KeyKind kind = kind_of_key(key);
    if (kind == KEY_INDEX || kind == KEY_ITEMS) {
        char *at = find_item(t, m, key, kind);
        if (!at || !pack(t, scratch, item, m->format) || !check_held(t, m)) return false;
        memcpy(at, scratch, (size_t)m->item_size);
        return true;
    }
    if (kind == KEY_SLICE) return set_slice(t, m, as_slice(key), item);
    if (kind == KEY_SLICES) return error_false(raise_error(t, &exc_NotImplementedError, "memoryview slice assignments are currently restricted to ndim = 1"));
    return error_false(raise_type_error(t, "memoryview: invalid slice key"));
}

// ---- Whole contents

// Copies all items in row-major order (or column-major), returning how many bytes were written.
static size_t gather(const MemoryView *m, const char *at, int dimension, char *to)
{
    if (dimension == m->dimensions) {
        memcpy(to, at, (size_t)m->item_size);
        return (size_t)m->item_size;
    }
    size_t written = 0;
    for (ptrdiff_t i = 0; i < m->shape[dimension]; i++) written += gather(m, at + i * m->strides[dimension], dimension + 1, to + written);
    return written;
}

static void gather_columns(const MemoryView *m, char *to)
{
    ptrdiff_t index[BUFFER_DIMENSIONS_MAX] = {0}, total = count_items(m);
    for (ptrdiff_t n = 0; n < total; n++, to += m->item_size) {
        const char *at = m->data;
        for (int i = 0; i < m->dimensions; i++) at += index[i] * m->strides[i];
        memcpy(to, at, (size_t)m->item_size);
        for (int i = 0; i < m->dimensions && ++index[i] == m->shape[i]; i++) index[i] = 0;
    }
}

static Value to_bytes(Thread *t, const MemoryView *m, bool columns)
{
    size_t size = (size_t)(count_items(m) * m->item_size);
    if (is_contiguous(m, columns) && (!columns || m->dimensions < 2 || !is_contiguous(m, false))) return bytes_from(t, m->data, size);
    OWN Value result = bytes_from(t, NULL, size);
    if (is_error(result)) return ERROR;
    if (columns) gather_columns(m, bytes_data(result));
    else gather(m, m->data, 0, bytes_data(result));
    return MOVE(result);
}

static Value method_tobytes(Thread *t, Value self, const Value *args)
{
    MemoryView *m = as_view(self);
    if (!check_held(t, m)) return ERROR;
    bool columns = false;
    if (!is_none(args[0])) {
        Str *order = argument_str(t, args[0], "tobytes", "'order'");
        if (!order) return ERROR;
        if (str_equal_text(order, "F")) columns = true;
        else if (str_equal_text(order, "A")) columns = is_contiguous(m, true) && !is_contiguous(m, false);
        else if (!str_equal_text(order, "C")) return raise_value_error(t, "order must be 'C', 'F' or 'A'");
    }
    return to_bytes(t, m, columns);
}

static Value list_of(Thread *t, const MemoryView *m, const char *at, int dimension)
{
    if (dimension == m->dimensions) return unpack(t, at, m->format);
    OWN Value list = list_new(t, (size_t)m->shape[dimension]);
    if (is_error(list)) return ERROR;
    for (ptrdiff_t i = 0; i < m->shape[dimension]; i++) {
        Value item = list_of(t, m, at + i * m->strides[dimension], dimension + 1);
        if (is_error(item) || !list_append_owned(t, list, item)) return ERROR;
    }
    return MOVE(list);
}

static Value method_tolist(Thread *t, Value self, const Value *args)
{
    (void)args;
    MemoryView *m = as_view(self);
    return check_held(t, m) ? list_of(t, m, m->data, 0) : ERROR;
}

static Value method_hex(Thread *t, Value self, const Value *args)
{
    if (!check_held(t, as_view(self))) return ERROR;
    OWN Value copy = to_bytes(t, as_view(self), false);
    return is_error(copy) ? ERROR : bytes_hex(t, bytes_data(copy), bytes_length(copy), args[0], args[1]);
}

// ---- Comparing

// Whether all items from two places on are equal: 1, 0, -1.
static int equal_items(Thread *t, const MemoryView *a, const char *x, const MemoryView *b, const char *y, int dimension)
{
    if (dimension == a->dimensions) {
        OWN Value first = unpack(t, x, a->format), second = is_error(first) ? ERROR : unpack(t, y, b->format);
        if (is_error(first) || is_error(second)) return -1;
        return object_compare_bool(t, first, second, CMP_EQ);
    }
    for (ptrdiff_t i = 0; i < a->shape[dimension]; i++) {
        int equal = equal_items(t, a, x + i * a->strides[dimension], b, y + i * b->strides[dimension], dimension + 1);
        if (equal != 1) return equal;
    }
    return 1;
}

static int equal_views(Thread *t, const MemoryView *a, const MemoryView *b)
{
    if (a->dimensions != b->dimensions) return 0;
    for (int i = 0; i < a->dimensions; i++) {
        if (a->shape[i] != b->shape[i]) return 0;
        if (a->shape[i] == 0) return 1;
    }
    char letter = native_letter(a->format);
    if (letter == 0 || native_letter(b->format) == 0) return 0;
    if (letter == native_letter(b->format) && !strchr("fd", letter) && is_contiguous(a, false) && is_contiguous(b, false))
        return memcmp(a->data, b->data, (size_t)(count_items(a) * a->item_size)) == 0;
    return equal_items(t, a, a->data, b, b->data, 0);
}

static Value compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (op != CMP_EQ && op != CMP_NE) return NOT_IMPLEMENTED;
    int equal;
    if (as_view(a)->released || (is_view(b) && as_view(b)->released)) {
        equal = is_same(a, b);
    } else {
        if (!is_buffer(b)) return NOT_IMPLEMENTED;
        OWN Value other = view_of_object(t, b);
        if (is_error(other)) {
            error_clear(t);
            return NOT_IMPLEMENTED;
        }
        equal = equal_views(t, as_view(a), as_view(other));
        if (equal < 0) return ERROR;
    }
    return bool_value(equal == (op == CMP_EQ));
}

static bool hash_slot(Thread *t, Value v, int64_t *hash)
{
    MemoryView *m = as_view(v);
    *hash = m->hash;
    if (m->hashed) return true;
    if (!check_held(t, m)) return false;
    if (!m->readonly) return error_false(raise_value_error(t, "cannot hash writable memoryview object"));
    char letter = native_letter(m->format);
    if (letter != 'B' && letter != 'b' && letter != 'c')
        return error_false(raise_value_error(t, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
    int64_t ignored;
    if (!object_hash(t, m->base.owner, &ignored)) return false;
    OWN Value copy = to_bytes(t, m, false);
    if (is_error(copy) || !object_hash(t, copy, &m->hash)) return false;
    m->hashed = true;
    *hash = m->hash;
    return true;
}

// ---- cast

static bool is_byte_format(const char *format)
{
    char letter = native_letter(format);
    return letter == 'B' || letter == 'b' || letter == 'c';
}

// Reads the shape argument; false: raised.
static bool read_shape(Thread *t, Value shape, ptrdiff_t sizes[BUFFER_DIMENSIONS_MAX], int *dimensions, ptrdiff_t *product)
{
    if (!is_list(shape) && !is_tuple(shape)) return error_false(raise_type_error(t, "shape must be a list or a tuple"));
    const Value *items = is_list(shape) ? as_list(shape)->items : as_tuple(shape)->items;
    size_t count = is_list(shape) ? as_list(shape)->length : as_tuple(shape)->length;
    if (count > BUFFER_DIMENSIONS_MAX) return error_false(raise_value_error(t, "memoryview: number of dimensions must not exceed %d", BUFFER_DIMENSIONS_MAX));
    *product = 1;
    for (size_t i = 0; i < count; i++) {
        int64_t size;
        if (!is_int(items[i])) return error_false(raise_type_error(t, "memoryview.cast(): elements of shape must be integers"));
        if (!int_as_i64(t, items[i], &size)) return false;
        if (size <= 0) return error_false(raise_value_error(t, "memoryview.cast(): elements of shape must be integers > 0"));
        if (__builtin_mul_overflow(*product, (ptrdiff_t)size, product)) return error_false(raise_value_error(t, "memoryview.cast(): product(shape) > SSIZE_MAX"));
        sizes[i] = (ptrdiff_t)size;
    }
    *dimensions = (int)count;
    return true;
}

static Value method_cast(Thread *t, Value self, const Value *args)
{
    MemoryView *m = as_view(self);
    Str *format = argument_str(t, args[0], "cast", "'format'");
    if (!format || !check_held(t, m)) return ERROR;
    if (!is_contiguous(m, false)) return raise_type_error(t, "memoryview: casts are restricted to C-contiguous views");
    bool shaped = !is_unbound(args[1]);
    if ((shaped || m->dimensions != 1) && count_items(m) == 0) return raise_type_error(t, "memoryview: cannot cast view with zeros in shape or strides");
    char text[sizeof m->format] = "";
    if (str_is_ascii(format) && format->length < sizeof text) memcpy(text, format->data, format->length);
    ptrdiff_t item_size = native_size(text);
    if (item_size == 0)
        return raise_value_error(t, "memoryview: destination format must be a native single character format prefixed with an optional '@'");
    if (!is_byte_format(text) && !is_byte_format(m->format)) return raise_type_error(t, "memoryview: cannot cast between two non-byte formats");
    ptrdiff_t size = count_items(m) * m->item_size, sizes[BUFFER_DIMENSIONS_MAX], product;
    if (size % item_size) return raise_type_error(t, "memoryview: length is not a multiple of itemsize");
    int dimensions = 1;
    sizes[0] = size / item_size;
    if (shaped) {
        if (!read_shape(t, args[1], sizes, &dimensions, &product)) return ERROR;
        if (dimensions != 1 && m->dimensions != 1) return raise_type_error(t, "memoryview: cast must be 1D -> ND or ND -> 1D");
        ptrdiff_t wanted;
        if (__builtin_mul_overflow(product, item_size, &wanted) || wanted != size)
            return raise_type_error(t, "memoryview: product(shape) * itemsize != buffer size");
    }
    MemoryView *cast = view_blank(t, m->base.owner, dimensions);
    if (!cast) return ERROR;
    cast->data = m->data;
    cast->readonly = m->readonly;
    cast->item_size = item_size;
    memcpy(cast->format, text, sizeof text);
    ptrdiff_t stride = item_size;
    for (int i = dimensions - 1; i >= 0; i--) {
        cast->shape[i] = sizes[i];
        cast->strides[i] = stride;
        stride *= sizes[i];
    }
    return object_value(cast);
}

// ---- Other methods and attributes

static Value method_release(Thread *t, Value self, const Value *args)
{
    (void)args;
    MemoryView *m = as_view(self);
    if (m->released) return NONE;
    if (m->exports) return raise_error(t, &exc_BufferError, "memoryview has %u exported buffer%s", m->exports, m->exports == 1 ? "" : "s");
    let_go(m);
    return NONE;
}

static Value method_enter(Thread *t, Value self, const Value *args)
{
    (void)args;
    return check_held(t, as_view(self)) ? retain(self) : ERROR;
}

static Value method_exit(Thread *t, Value self, const Value *args) { return method_release(t, self, args); }

static Value method_toreadonly(Thread *t, Value self, const Value *args)
{
    (void)args;
    if (!check_held(t, as_view(self))) return ERROR;
    MemoryView *copy = view_copy(t, as_view(self));
    if (!copy) return ERROR;
    copy->readonly = true;
    return object_value(copy);
}

static Value repr(Thread *t, Value v)
{
    return str_format(t, as_view(v)->released ? "<released memory at %p>" : "<memory at %p>", (void *)as_object(v));
}

static ptrdiff_t length(Thread *t, Value v)
{
    MemoryView *m = as_view(v);
    if (!check_held(t, m)) return -1;
    return m->dimensions == 0 ? 1 : m->shape[0];
}

static Value iter(Thread *t, Value v)
{
    MemoryView *m = as_view(v);
    if (!check_held(t, m)) return ERROR;
    if (m->dimensions == 0) return raise_type_error(t, "invalid indexing of 0-dim memory");
    if (m->dimensions != 1) return raise_error(t, &exc_NotImplementedError, "multi-dimensional sub-views are not implemented");
    return sequence_iterator_new(t, &sequence_iterator_type, v);
}

static bool get_buffer(Thread *t, Value v, Buffer *buffer, int flags)
{
    MemoryView *m = as_view(v);
    if (!check_held(t, m)) return false;
    if (flags & BUFFER_WRITABLE && m->readonly) return error_false(raise_error(t, &exc_BufferError, "memoryview: underlying buffer is not writable"));
    *buffer = (Buffer){.owner = retain(v), .data = m->data, .length = count_items(m) * m->item_size, .item_size = m->item_size, .format = m->format,
                       .dimensions = m->dimensions, .shape = m->shape, .strides = m->strides, .readonly = m->readonly};
    m->exports++;
    return true;
}

static void release_buffer(Value v, Buffer *buffer)
{
    (void)buffer;
    as_view(v)->exports--;
}

static Value sizes_tuple(Thread *t, const ptrdiff_t *sizes, int count)
{
    Value items[BUFFER_DIMENSIONS_MAX];
    for (int i = 0; i < count; i++) items[i] = small_int(sizes[i]);
    return tuple_from_values(t, items, (size_t)count);
}

#define HELD(t, self) \
    MemoryView *m = as_view(self); \
    if (!check_held(t, m)) return ERROR

static Value get_obj(Thread *t, Value self) { HELD(t, self); return retain(is_view(m->base.owner) ? as_view(m->base.owner)->base.owner : m->base.owner); }
static Value get_nbytes(Thread *t, Value self) { HELD(t, self); return small_int(count_items(m) * m->item_size); }
static Value get_readonly(Thread *t, Value self) { HELD(t, self); return bool_value(m->readonly); }
static Value get_itemsize(Thread *t, Value self) { HELD(t, self); return small_int(m->item_size); }
static Value get_format(Thread *t, Value self) { HELD(t, self); return str_from_text(t, m->format); }
static Value get_ndim(Thread *t, Value self) { HELD(t, self); return small_int(m->dimensions); }
static Value get_shape(Thread *t, Value self) { HELD(t, self); return sizes_tuple(t, m->shape, m->dimensions); }
static Value get_strides(Thread *t, Value self) { HELD(t, self); return sizes_tuple(t, m->strides, m->dimensions); }
static Value get_suboffsets(Thread *t, Value self) { HELD(t, self); return retain(object_value(tuple_empty)); }
static Value get_c_contiguous(Thread *t, Value self) { HELD(t, self); return bool_value(is_contiguous(m, false)); }
static Value get_f_contiguous(Thread *t, Value self) { HELD(t, self); return bool_value(is_contiguous(m, true)); }
static Value get_contiguous(Thread *t, Value self) { HELD(t, self); return bool_value(is_contiguous(m, false) || is_contiguous(m, true)); }

static const Method methods[] = {
    {"release", method_release, "(self, /)", "Release the underlying buffer exposed by the memoryview object."},
    {"tobytes", method_tobytes, "(self, /, order='C')", "Return the data in the buffer as a byte string."},
    {"hex", method_hex, "(self, sep=<unset>, bytes_per_sep=1)", "Return the data in the buffer as a str of hexadecimal numbers.\n\n>>> memoryview(b'\\x01\\xff').hex('-')\n'01-ff'"},
    {"tolist", method_tolist, "(self, /)", "Return the data in the buffer as a list of elements."},
    {"cast", method_cast, "(self, /, format, shape=<unset>)", "Cast a memoryview to a new format or shape."},
    {"toreadonly", method_toreadonly, "(self, /)", "Return a readonly version of the memoryview."},
    {"__enter__", method_enter, "(self, /)", NULL},
    {"__exit__", method_exit, "(self, /, *args)", NULL},
    {0},
};

static const GetSet getsets[] = {
    {"obj", get_obj, NULL, "The underlying object of the memoryview."},
    {"nbytes", get_nbytes, NULL, "The amount of space in bytes that the array would use in a contiguous representation."},
    {"readonly", get_readonly, NULL, "A bool indicating whether the memory is read only."},
    {"itemsize", get_itemsize, NULL, "The size in bytes of each element of the memoryview."},
    {"format", get_format, NULL, "A string containing the format (in struct module style) for each element in the view."},
    {"ndim", get_ndim, NULL, "An integer indicating how many dimensions of a multi-dimensional array the memory represents."},
    {"shape", get_shape, NULL, "A tuple of ndim integers giving the shape of the memory as an N-dimensional array."},
    {"strides", get_strides, NULL, "A tuple of ndim integers giving the size in bytes to access each element for each dimension of the array."},
    {"suboffsets", get_suboffsets, NULL, "A tuple of integers used internally for PIL-style arrays."},
    {"c_contiguous", get_c_contiguous, NULL, "A bool indicating whether the memory is C contiguous."},
    {"f_contiguous", get_f_contiguous, NULL, "A bool indicating whether the memory is Fortran contiguous."},
    {"contiguous", get_contiguous, NULL, "A bool indicating whether the memory is contiguous."},
    {0},
};

const TypeSpec memoryview_spec = {
    .name = "memoryview",
    .doc = "Create a new memoryview object which references the given object.",
    .size = sizeof(MemoryView),
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS | TYPE_PATTERN_SEQUENCE | TYPE_IMMUTABLE,
    .slots = {
        .visit = visit_owner,
        .unlink = unlink_owner,
        .finish = finish,
        .repr = repr,
        .hash = hash_slot,
        .compare = compare,
        .iter = iter,
        .length = length,
        .get_item = get_item,
        .set_item = set_item,
        .get_buffer = get_buffer,
        .release_buffer = release_buffer,
    },
    .methods = methods,
    .getsets = getsets,
    .new_signature = "(object)",
    .construct = construct,
};
