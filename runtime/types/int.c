// SPDX-License-Identifier: MIT
// runtime/types/int.c: int: its values in and out of C, its constructor and its methods.
//
// Owns the Int object: a GMP number behind an object head. Arithmetic is in int_arithmetic.c, text in int_text.c.
// Always: an Int of type int exactly does not fit 48 bits; int_settle sees to that for every result.
#include "runtime/types/int.h"

#include <limits.h>
#include <stdlib.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/arguments.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float.h"
#include "runtime/types/int_internal.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

#define HASH_MODULUS ((UINT64_C(1) << 61) - 1)

Type int_type;

// ---- Objects

Int *int_blank(Thread *t)
{
    Int *i = (Int *)object_new(t, &int_type);
    if (i) mpz_init(i->value);
    return i;
}

// Points the value, which owns nothing, to the limbs in the object.
static ALWAYS_INLINE void set_limbs(Int *i, mp_limb_t low, mp_limb_t high, bool negative)
{
    i->head.flags |= INT_SHORT;
    i->limbs[0] = low;
    i->limbs[1] = high;
    int limbs = high ? 2 : low != 0;
    const mpz_t view = MPZ_ROINIT_N(i->limbs, negative ? -limbs : limbs);
    i->value[0] = view[0];
}

Value int_settle(Thread *t, Int *i)
{
    (void)t;
    if (mpz_size(i->value) > 2) return object_value(i);
    mp_limb_t low = mpz_getlimbn(i->value, 0), high = mpz_getlimbn(i->value, 1);
    bool negative = mpz_sgn(i->value) < 0;
    if (!high && low <= (mp_limb_t)INT_IMMEDIATE_MAX + negative) {
        drop_pointer(i);
        return small_int(negative ? -(int64_t)low : (int64_t)low);
    }
    mpz_clear(i->value);
    set_limbs(i, low, high, negative);
    return object_value(i);
}

bool int_room(Thread *t, uint64_t bits)
{
    if (LIKELY(bits < (UINT64_C(1) << 24))) return true;
    if (bits > INT_BITS_MAX) return error_false(raise_memory_error(t));
    void *trial = malloc(bits / 8 + 64);      // GMP ends the process when it finds no memory: ask first
    if (!trial) return error_false(raise_memory_error(t));
    free(trial);
    return true;
}

static void finish(Thread *t, Object *o)
{
    (void)t;
    Int *i = (Int *)o;
    if (!(o->flags & INT_SHORT)) mpz_clear(i->value);
}

Value int_of_limbs(Thread *t, unsigned __int128 magnitude, bool negative)
{
    Int *i = (Int *)heap_new_leaf(t, &int_type, sizeof(Int));
    if (!i) return ERROR;
    set_limbs(i, (mp_limb_t)magnitude, (mp_limb_t)(magnitude >> 64), negative);
    return object_value(i);
}

Value int_from_i64(Thread *t, int64_t i) { return int_from_wide(t, i); }
Value int_from_u64(Thread *t, uint64_t u) { return int_from_wide(t, u); }

Value int_from_mpz(Thread *t, mpz_t value)
{
    Int *result = int_blank(t);
    if (!result) return ERROR;
    mpz_set(result->value, value);
    return int_settle(t, result);
}

Value int_from_double(Thread *t, double d)
{
    if (isnan(d)) return raise_value_error(t, "cannot convert float NaN to integer");
    if (isinf(d)) return raise_error(t, &exc_OverflowError, "cannot convert float infinity to integer");
    if (fabs(d) < 9007199254740992.0) return int_value(t, (int64_t)d);
    Int *result = int_blank(t);
    if (!result) return ERROR;
    mpz_set_d(result->value, d);
    return int_settle(t, result);
}

Value int_exact(Thread *t, Value v)
{
    if (is_small_int(v)) return v;
    if (is_bool(v)) return small_int(is_true(v));
    Int *i = as_int_object(v);
    return i->head.type == &int_type ? retain(v) : int_from_mpz(t, i->value);
}

// ---- To C

size_t int_bit_length(Value v)
{
    if (is_object(v)) {
        mpz_srcptr z = as_int_object(v)->value;
        return mpz_sgn(z) ? mpz_sizeinbase(z, 2) : 0;
    }
    int64_t i = int_immediate(v);
    uint64_t magnitude = i < 0 ? (uint64_t)-i : (uint64_t)i;
    return magnitude ? 64 - (size_t)__builtin_clzll(magnitude) : 0;
}

int int_sign(Value v)
{
    if (is_object(v)) return mpz_sgn(as_int_object(v)->value);
    int64_t i = int_immediate(v);
    return (i > 0) - (i < 0);
}

void int_get_mpz(Value v, mpz_t result)
{
    if (is_object(v)) mpz_set(result, as_int_object(v)->value);
    else mpz_set_si(result, int_immediate(v));
}

uint64_t int_low_bits(Value v)
{
    if (!is_object(v)) return (uint64_t)int_immediate(v);
    mpz_srcptr z = as_int_object(v)->value;
    uint64_t low = mpz_getlimbn(z, 0);
    return mpz_sgn(z) < 0 ? -low : low;
}

// v, or the int that its __index__ gives, to be dropped by the caller.
static Value as_any_int(Thread *t, Value v)
{
    return is_int(v) ? retain(v) : object_index(t, v);
}

bool int_as_i64(Thread *t, Value v, int64_t *result)
{
    if (LIKELY(is_small_int(v))) {
        *result = as_small_int(v);
        return true;
    }
    OWN Value i = as_any_int(t, v);
    if (is_error(i)) return false;
    if (int_is_immediate(i)) *result = int_immediate(i);
    else if (mpz_fits_slong_p(as_int_object(i)->value)) *result = mpz_get_si(as_int_object(i)->value);
    else return error_false(raise_error(t, &exc_OverflowError, "Python int too large to convert to C long"));
    return true;
}

static bool as_unsigned(Thread *t, Value v, uint64_t *result, const char *negative, const char *too_large)
{
    OWN Value i = as_any_int(t, v);
    if (is_error(i)) return false;
    if (int_sign(i) < 0) return error_false(raise_error(t, &exc_OverflowError, "%s", negative));
    if (int_is_immediate(i)) *result = (uint64_t)int_immediate(i);
    else if (mpz_fits_ulong_p(as_int_object(i)->value)) *result = mpz_get_ui(as_int_object(i)->value);
    else return error_false(raise_error(t, &exc_OverflowError, "%s", too_large));
    return true;
}

bool int_as_u64(Thread *t, Value v, uint64_t *result)
{
    return as_unsigned(t, v, result, "can't convert negative int to unsigned", "Python int too large to convert to C unsigned long");
}

bool int_as_size(Thread *t, Value v, size_t *result)
{
    uint64_t u;
    if (!as_unsigned(t, v, &u, "can't convert negative value to size_t", "Python int too large to convert to C size_t")) return false;
    *result = u;
    return true;
}

bool int_as_int(Thread *t, Value v, int *result)
{
    int64_t i = INT64_MAX;
    if (!int_as_i64(t, v, &i) && !error_clear_if(t, &exc_OverflowError)) return false;
    if (i < INT_MIN || i > INT_MAX) return error_false(raise_error(t, &exc_OverflowError, "Python int too large to convert to C int"));
    *result = (int)i;
    return true;
}

// Rounds to the nearest double, ties to even: the top 64 bits, the lowest of them set if anything was cut off.
static double big_to_double(mpz_srcptr z)
{
    size_t bits = mpz_sizeinbase(z, 2);
    if (bits > 1024) return mpz_sgn(z) < 0 ? -INFINITY : INFINITY;
    uint64_t top;
    size_t shift = 0;
    if (bits <= 64) {
        top = mpz_getlimbn(z, 0);
    } else {
        shift = bits - 64;
        mpz_t magnitude, high;
        mpz_init(high);
        mpz_roinit_n(magnitude, mpz_limbs_read(z), (mp_size_t)mpz_size(z));
        mpz_tdiv_q_2exp(high, magnitude, shift);
        top = mpz_get_ui(high) | (mpz_scan1(magnitude, 0) < shift);
        mpz_clear(high);
    }
    double d = ldexp((double)top, (int)shift);
    return mpz_sgn(z) < 0 ? -d : d;
}

bool int_as_double(Thread *t, Value v, double *result)
{
    OWN Value i = as_any_int(t, v);
    if (is_error(i)) return false;
    if (int_is_immediate(i)) {
        *result = (double)int_immediate(i);
        return true;
    }
    double d = mpz_sgn(as_int_object(i)->value) ? big_to_double(as_int_object(i)->value) : 0.0;
    if (isinf(d)) return error_false(raise_error(t, &exc_OverflowError, "int too large to convert to float"));
    *result = d;
    return true;
}

int64_t int_hash(Value v)
{
    int64_t hash;
    if (is_object(v)) {
        mpz_srcptr z = as_int_object(v)->value;
        hash = (int64_t)mpz_tdiv_ui(z, HASH_MODULUS);
        if (mpz_sgn(z) < 0) hash = -hash;
    } else {
        hash = int_immediate(v);
    }
    return hash == -1 ? -2 : hash;
}

// ---- Bytes

Value int_from_bytes(Thread *t, const uint8_t *data, size_t length, bool little_endian, bool is_signed)
{
    if (length <= 8) {
        uint64_t u = 0;
        for (size_t i = 0; i < length; i++) u = u << 8 | data[little_endian ? length - 1 - i : i];
        if (!is_signed || length == 0) return int_from_u64(t, u);
        unsigned spare = 64 - 8 * (unsigned)length;
        return int_from_i64(t, (int64_t)(u << spare) >> spare);
    }
    if (!int_room(t, (uint64_t)length * 8)) return ERROR;
    Int *result = int_blank(t);
    if (!result) return ERROR;
    mpz_import(result->value, length, little_endian ? -1 : 1, 1, 0, 0, data);
    if (is_signed && data[little_endian ? length - 1 : 0] & 0x80) {
        OWN_POINTER Int *span = int_blank(t);
        if (!span) {
            drop_pointer(result);
            return ERROR;
        }
        mpz_setbit(span->value, (mp_bitcnt_t)length * 8);
        mpz_sub(result->value, result->value, span->value);
    }
    return int_settle(t, result);
}

bool int_to_bytes(Thread *t, Value v, uint8_t *data, size_t length, bool little_endian, bool is_signed)
{
    IntView view;
    mpz_srcptr z = int_view(v, &view);
    bool negative = mpz_sgn(z) < 0;
    if (negative && !is_signed) return error_false(raise_error(t, &exc_OverflowError, "can't convert negative int to unsigned"));
    mpz_t magnitude;                          // of the value, or of -value - 1: the bits to be turned round
    mpz_init(magnitude);
    if (negative) mpz_com(magnitude, z);
    else mpz_set(magnitude, z);
    size_t bits = mpz_sgn(magnitude) ? mpz_sizeinbase(magnitude, 2) : 0;
    bool fits = bits + (is_signed && mpz_sgn(z) != 0) <= length * 8;
    if (negative && bits == 0 && length == 0) fits = true;     // -1 in no bytes at all
    if (fits) {
        size_t written = 0;
        memset(data, 0, length);
        mpz_export(data, &written, -1, 1, 0, 0, magnitude);
        if (negative) for (size_t i = 0; i < length; i++) data[i] = (uint8_t)~data[i];
        if (!little_endian) {
            for (size_t i = 0, j = length; i + 1 < j; i++) {
                uint8_t byte = data[i];
                data[i] = data[--j];
                data[j] = byte;
            }
        }
    }
    mpz_clear(magnitude);
    return fits || error_false(raise_error(t, &exc_OverflowError, "int too big to convert"));
}

// ---- The constructor

// The value as an instance of a subclass of int.
static Value subclass_instance(Thread *t, Type *type, Value v)
{
    Int *result = (Int *)object_new(t, type);
    if (!result) return ERROR;
    IntView view;
    mpz_srcptr z = int_view(v, &view);
    if (mpz_size(z) <= 2) set_limbs(result, mpz_getlimbn(z, 0), mpz_getlimbn(z, 1), mpz_sgn(z) < 0);
    else mpz_init_set(result->value, z);
    return object_value(result);
}

// What __int__ gave, checked: an exact int. Takes result.
static Value checked_int_result(Thread *t, TAKES Value given, const char *method)
{
    OWN Value result = given;
    if (is_error(result)) return ERROR;
    if (!is_int(result)) return raise_type_error(t, "%s returned non-int (type %.200T)", method, result);
    if (is_exact_int(result)) return MOVE(result);
    if (!warn(t, &exc_DeprecationWarning, 1, "%s returned non-int (type %.200T).  The ability to return an instance of a strict subclass of int is "
              "deprecated, and may be removed in a future version of Python.", method, result)) return ERROR;
    return int_exact(t, result);
}

static Value from_trunc(Thread *t, Value x)
{
    OWN Value truncated = call_special(t, x, NAME(__trunc__), NULL, 0);
    if (is_error(truncated) || is_unbound(truncated)) return MOVE(truncated);
    if (!warn(t, &exc_DeprecationWarning, 1, "The delegation of int() to __trunc__ is deprecated.")) return ERROR;
    if (is_int(truncated)) return int_exact(t, truncated);
    if (!type_of(truncated)->slots.index) return raise_type_error(t, "__trunc__ returned non-Integral (type %.200T)", truncated);
    OWN Value index = object_index(t, truncated);
    return is_error(index) ? ERROR : int_exact(t, index);
}

static Value from_str(Thread *t, Value x, int base)
{
    Str *s = as_str(x);
    if (str_is_ascii(s)) return int_from_text(t, str_text(s), s->length, base, x);
    OWN_MEMORY char *text = mem_allocate(t, s->length + 1);      // every character as ASCII: digits of any script, spaces
    if (!text) return ERROR;
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        int digit = c < 128 ? -1 : codepoint_decimal_value(c);
        text[i] = c < 128 ? (char)c : digit >= 0 ? (char)('0' + digit) : codepoint_is_space(c) ? ' ' : '?';
    }
    return int_from_text(t, text, s->length, base, x);
}

static Value from_object(Thread *t, Value x)
{
    if (is_exact_int(x)) return retain(x);
    Type *type = type_of(x);
    if (type->slots.to_int) return checked_int_result(t, type->slots.to_int(t, x), "__int__");
    if (type->slots.index) {
        OWN Value index = object_index(t, x);
        return is_error(index) ? ERROR : int_exact(t, index);
    }
    Value truncated = from_trunc(t, x);
    if (!is_unbound(truncated)) return truncated;
    if (is_str(x)) return from_str(t, x, 10);
    if (is_bytes(x)) return int_from_text(t, bytes_data(x), bytes_length(x), 10, x);
    if (is_buffer(x)) {
        OWN_BUFFER Buffer b = {0};
        if (!buffer_get(t, x, &b, 0)) return ERROR;
        OWN Value copy = bytes_from(t, b.data, (size_t)b.length);
        return is_error(copy) ? ERROR : int_from_text(t, bytes_data(copy), bytes_length(copy), 10, copy);
    }
    return raise_type_error(t, "int() argument must be a string, a bytes-like object or a real number, not '%.200T'", x);
}

static Value from_based(Thread *t, Value x, Value base_value)
{
    ptrdiff_t base;
    if (!object_as_index(t, base_value, &base, NULL)) return ERROR;
    if ((base != 0 && base < 2) || base > 36) return raise_value_error(t, "int() base must be >= 2 and <= 36, or 0");
    if (is_str(x)) return from_str(t, x, (int)base);
    if (is_bytes(x)) return int_from_text(t, bytes_data(x), bytes_length(x), (int)base, x);
    if (is_bytearray(x)) {
        OWN Value copy = bytes_from(t, as_bytearray(x)->data, as_bytearray(x)->length);
        return is_error(copy) ? ERROR : int_from_text(t, bytes_data(copy), bytes_length(copy), (int)base, copy);
    }
    return raise_type_error(t, "int() can't convert non-string with explicit base");
}

static Value make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    size_t keywords = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    if (nargs + keywords > 2) return raise_type_error(t, "int() takes at most 2 arguments (%zu given)", nargs + keywords);
    Value x = nargs > 0 ? args[0] : UNBOUND, base = nargs > 1 ? args[1] : UNBOUND;
    for (size_t i = 0; i < keywords; i++) {
        Str *name = as_str(as_tuple(kwnames)->items[i]);
        if (!str_equal_text(name, "base")) return raise_type_error(t, "'%U' is an invalid keyword argument for int()", name);
        if (!is_unbound(base)) return raise_type_error(t, "argument for int() given by name ('base') and position (2)");
        base = args[nargs + i];
    }
    if (is_unbound(x) && !is_unbound(base)) return raise_type_error(t, "int() missing string argument");
    OWN Value result = is_unbound(x) ? small_int(0) : is_unbound(base) ? from_object(t, x) : from_based(t, x, base);
    if (is_error(result) || type == &int_type) return MOVE(result);
    return subclass_instance(t, type, result);
}

// ---- Methods

static Value to_int(Thread *t, Value v) { return int_exact(t, v); }

static Value to_float(Thread *t, Value v)
{
    double d;
    return int_as_double(t, v, &d) ? float_value(d) : ERROR;
}

static bool hash_slot(Thread *t, Value v, int64_t *hash)
{
    (void)t;
    *hash = int_hash(v);
    return true;
}

static int truth(Thread *t, Value v)
{
    (void)t;
    return int_sign(v) != 0;
}

static Value method_exact(Thread *t, Value self, const Value *args)
{
    (void)args;
    return int_exact(t, self);
}

static Value get_self(Thread *t, Value self) { return int_exact(t, self); }
static Value get_imag(Thread *t, Value self) { (void)t, (void)self; return small_int(0); }
static Value get_denominator(Thread *t, Value self) { (void)t, (void)self; return small_int(1); }

static Value method_bit_length(Thread *t, Value self, const Value *args)
{
    (void)args;
    return int_value(t, (int64_t)int_bit_length(self));
}

static Value method_bit_count(Thread *t, Value self, const Value *args)
{
    (void)args;
    if (is_object(self)) {
        mpz_srcptr z = as_int_object(self)->value;
        size_t limbs = mpz_size(z);
        return int_value(t, limbs ? (int64_t)mpn_popcount(mpz_limbs_read(z), (mp_size_t)limbs) : 0);
    }
    int64_t i = int_immediate(self);
    return small_int(__builtin_popcountll(i < 0 ? (uint64_t)-i : (uint64_t)i));
}

static Value method_as_integer_ratio(Thread *t, Value self, const Value *args)
{
    (void)args;
    OWN Value numerator = int_exact(t, self);
    return is_error(numerator) ? ERROR : tuple_of(t, 2, numerator, small_int(1));
}

static Value method_getnewargs(Thread *t, Value self, const Value *args)
{
    (void)args;
    OWN Value value = int_exact(t, self);
    return is_error(value) ? ERROR : tuple_of(t, 1, value);
}

static bool read_byte_order(Thread *t, Value order, const char *function, bool *little)
{
    Str *s = argument_str(t, order, function, "'byteorder'");
    if (!s) return false;
    *little = str_equal_text(s, "little");
    return *little || str_equal_text(s, "big") || error_false(raise_value_error(t, "byteorder must be either 'little' or 'big'"));
}

static Value method_to_bytes(Thread *t, Value self, const Value *args)
{
    ptrdiff_t length;
    bool little;
    if (!argument_index(t, args[0], &length) || !read_byte_order(t, args[1], "to_bytes", &little)) return ERROR;
    int is_signed = object_truth(t, args[2]);
    if (is_signed < 0) return ERROR;
    if (length < 0) return raise_value_error(t, "length argument must be non-negative");
    OWN Value result = bytes_from(t, NULL, (size_t)length);
    if (is_error(result) || !int_to_bytes(t, self, (uint8_t *)bytes_data(result), (size_t)length, little, is_signed)) return ERROR;
    return MOVE(result);
}

static Value method_from_bytes(Thread *t, Value cls, const Value *args)
{
    bool little;
    if (!read_byte_order(t, args[1], "from_bytes", &little)) return ERROR;
    int is_signed = object_truth(t, args[2]);
    if (is_signed < 0) return ERROR;
    if (is_int(args[0]) || is_str(args[0])) return raise_type_error(t, "cannot convert '%.200T' object to bytes", args[0]);
    OWN Value data = is_bytes(args[0]) ? retain(args[0]) : is_buffer(args[0]) ? buffer_to_bytes(t, args[0]) : object_bytes(t, args[0]);
    if (is_error(data)) return ERROR;
    OWN Value result = int_from_bytes(t, (const uint8_t *)bytes_data(data), bytes_length(data), little, is_signed);
    if (is_error(result) || as_type(cls) == &int_type) return MOVE(result);
    return call1(t, cls, result);
}

// round(self, -digits): to a multiple of 10 ** digits, ties to the even multiple.
static Value method_round(Thread *t, Value self, const Value *args)
{
    if (is_unbound(args[0])) return int_exact(t, self);
    OWN Value digits = object_index(t, args[0]);
    if (is_error(digits)) return ERROR;
    if (int_sign(digits) >= 0) return int_exact(t, self);
    if (!is_small_int(digits) || (double)-as_small_int(digits) > (double)int_bit_length(self) * 0.302 + 2) return small_int(0);
    OWN_POINTER Int *result = int_blank(t), *unit = int_blank(t);
    if (!result || !unit) return ERROR;
    IntView view;
    mpz_srcptr z = int_view(self, &view);
    mpz_ui_pow_ui(unit->value, 10, (unsigned long)-as_small_int(digits));
    mpz_t remainder, twice;
    mpz_inits(remainder, twice, NULL);
    mpz_fdiv_qr(result->value, remainder, z, unit->value);
    mpz_mul_2exp(twice, remainder, 1);
    int order = mpz_cmp(twice, unit->value);
    if (order > 0 || (order == 0 && mpz_odd_p(result->value))) mpz_add_ui(result->value, result->value, 1);
    mpz_mul(result->value, result->value, unit->value);
    mpz_clears(remainder, twice, NULL);
    return int_settle(t, MOVE_POINTER(result));
}

static Value method_format(Thread *t, Value self, const Value *args)
{
    Str *spec = argument_str(t, args[0], "__format__", "");
    if (!spec) return ERROR;
    return spec->length == 0 ? object_str(t, self) : format_int_spec(t, self, spec);
}

static Value method_sizeof(Thread *t, Value self, const Value *args)
{
    (void)args;
    return int_value(t, 24 + 4 * (int64_t)((int_bit_length(self) + 29) / 30));
}

static const Method methods[] = {
    {"conjugate", method_exact, "(self, /)", "Returns self, the complex conjugate of any int."},
    {"bit_length", method_bit_length, "(self, /)", "Number of bits necessary to represent self in binary.\n\n>>> bin(19)\n'0b10011'\n>>> (19).bit_length()\n5"},
    {"bit_count", method_bit_count, "(self, /)", "Number of ones in the binary representation of the absolute value of self.\n\n>>> (19).bit_count()\n3\n>>> (-19).bit_count()\n3"},
    {"to_bytes", method_to_bytes, "(self, /, length=1, byteorder='big', *, signed=False)", "Return an array of bytes representing an integer."},
    {"from_bytes", method_from_bytes, "(cls, /, bytes, byteorder='big', *, signed=False)", "Return the integer represented by the given array of bytes."},
    {"as_integer_ratio", method_as_integer_ratio, "(self, /)", "Return a pair of integers, whose ratio is equal to self.\n\n>>> (7).as_integer_ratio()\n(7, 1)"},
    {"__trunc__", method_exact, "(self, /)", "Truncating an Integral returns itself."},
    {"__floor__", method_exact, "(self, /)", "Flooring an Integral returns itself."},
    {"__ceil__", method_exact, "(self, /)", "Ceiling of an Integral returns itself."},
    {"__round__", method_round, "(self, ndigits=<unset>, /)", "Rounding an Integral returns itself, or a multiple of a power of ten."},
    {"__getnewargs__", method_getnewargs, "(self, /)", NULL},
    {"__format__", method_format, "(self, format_spec, /)", "Convert to a string according to format_spec."},
    {"__sizeof__", method_sizeof, "(self, /)", "Returns size in memory, in bytes."},
    {0},
};

static const GetSet getsets[] = {
    {"real", get_self, NULL, "the real part of a complex number"},
    {"imag", get_imag, NULL, "the imaginary part of a complex number"},
    {"numerator", get_self, NULL, "the numerator of a rational number in lowest terms"},
    {"denominator", get_denominator, NULL, "the denominator of a rational number in lowest terms"},
    {0},
};

const TypeSpec int_spec = {
    .name = "int",
    .doc = "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no arguments are given.\n\n>>> int('1_000')\n1000\n>>> int('0x1f', base=0)\n31",
    .size = sizeof(Int),
    .flags = TYPE_BASE | TYPE_LEAF | TYPE_IS_INT | TYPE_MATCH_SELF | TYPE_IMMUTABLE,
    .slots = {
        .finish = finish,
        .repr = int_repr,
        .hash = hash_slot,
        .compare = int_compare,
        .make = make,
        .binary = {
            [OP_ADD] = int_add, [OP_SUBTRACT] = int_subtract, [OP_MULTIPLY] = int_multiply, [OP_TRUEDIV] = int_true_divide,
            [OP_FLOORDIV] = int_floor_divide, [OP_MODULO] = int_modulo, [OP_DIVMOD] = int_divmod_pair, [OP_LSHIFT] = int_left_shift,
            [OP_RSHIFT] = int_right_shift, [OP_AND] = int_and, [OP_OR] = int_or, [OP_XOR] = int_xor,
        },
        .power = int_power,
        .unary = {[OP_NEGATIVE] = int_negative, [OP_POSITIVE] = int_positive, [OP_INVERT] = int_invert},
        .absolute = int_absolute,
        .to_int = to_int,
        .to_float = to_float,
        .index = to_int,
        .truth = truth,
    },
    .methods = methods,
    .getsets = getsets,
};
