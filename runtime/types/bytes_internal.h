// SPDX-License-Identifier: MIT
// runtime/types/bytes_internal.h: what bytes and bytearray share: their methods, and arguments that are bytes or a byte.
#ifndef BATON_RUNTIME_TYPES_BYTES_INTERNAL_H
#define BATON_RUNTIME_TYPES_BYTES_INTERNAL_H

#include "runtime/buffer.h"
#include "runtime/error.h"
#include "runtime/types/arguments.h"
#include "runtime/types/byte_builder.h"
#include "runtime/types/bytes.h"

// Borrowed contents: good until the owner changes.
typedef struct ByteView { const char *data; size_t length; } ByteView;

static inline ByteView bytes_view(Value v)
{
    if (is_bytes(v)) return (ByteView){as_bytes(v)->data, as_bytes(v)->length};
    ByteArray *b = as_bytearray(v);
    return (ByteView){b->data ? b->data : "", b->length};
}
// New bytes, or a new bytearray if `like` is one.
NEEDS_GIL NEW_REF Value bytes_like(Thread *t, Value like, const char *data, size_t length);
NEEDS_GIL NEW_REF Value bytes_multiply(Thread *t, Value v, Value count);
NEEDS_GIL NEW_REF Value bytes_compare(Thread *t, Value a, Value b, CompareOp op);
NEEDS_GIL MAY_RAISE bool bytes_str_allowed(Thread *t, const char *what);
NEEDS_GIL MAY_RAISE int bytes_contains(Thread *t, Value v, Value item);
NEEDS_GIL NEW_REF Value bytes_modulo(Thread *t, Value a, Value b);
// The literal between prefix and suffix; in a bytearray, which has a suffix, single quotes are always escaped.
NEEDS_GIL NEW_REF Value bytes_repr_of(Thread *t, ByteView view, const char *prefix, const char *suffix);
// Adds what bytes(source) or bytearray(source) holds: a count of zeros, a buffer, or ints of an iterable.
NEEDS_GIL MAY_RAISE bool bytes_collect(Thread *t, Value source, ByteBuilder *b, const char *range_message);
// The contents asked for by the constructors: source, encoding, errors; `name` for messages.
NEEDS_GIL MAY_RAISE bool bytes_from_arguments(Thread *t, const Value *args, ByteBuilder *b, const char *range_message, Type *self_type);
// v (an int) as a byte; ValueError with the message when it is none.
NEEDS_GIL MAY_RAISE bool byte_from(Thread *t, Value v, uint8_t *byte, const char *message);
// A copy of view[start..], `count` bytes, `step` apart.
NEEDS_GIL NEW_REF Value bytes_slice(Thread *t, Value like, ptrdiff_t start, ptrdiff_t step, size_t count);
NEEDS_GIL NEW_REF Value bytes_hex(Thread *t, const char *data, size_t length, Value separator, Value group);
typedef Value BytesMethod(Thread *t, Value self, const Value *args);
BytesMethod bytes_method_find, bytes_method_rfind, bytes_method_index, bytes_method_rindex, bytes_method_count, bytes_method_startswith,
    bytes_method_endswith, bytes_method_replace, bytes_method_split, bytes_method_rsplit, bytes_method_splitlines, bytes_method_partition,
    bytes_method_rpartition, bytes_method_strip, bytes_method_lstrip, bytes_method_rstrip, bytes_method_removeprefix, bytes_method_removesuffix,
    bytes_method_join, bytes_method_center, bytes_method_ljust, bytes_method_rjust, bytes_method_zfill, bytes_method_expandtabs,
    bytes_method_translate, bytes_method_maketrans, bytes_method_hex, bytes_method_fromhex, bytes_method_decode, bytes_method_upper,
    bytes_method_lower, bytes_method_title, bytes_method_capitalize, bytes_method_swapcase, bytes_method_isalpha, bytes_method_isalnum,
    bytes_method_isascii, bytes_method_isdigit, bytes_method_islower, bytes_method_isupper, bytes_method_isspace, bytes_method_istitle;

// The rows that both method tables begin with.
#define BYTES_SHARED_METHODS \
    {"find", bytes_method_find, "(self, sub, start=None, end=None, /)", "Return the lowest index where subsection sub is found, or -1."}, \
    {"rfind", bytes_method_rfind, "(self, sub, start=None, end=None, /)", "Return the highest index where subsection sub is found, or -1."}, \
    {"index", bytes_method_index, "(self, sub, start=None, end=None, /)", "Return the lowest index where subsection sub is found."}, \
    {"rindex", bytes_method_rindex, "(self, sub, start=None, end=None, /)", "Return the highest index where subsection sub is found."}, \
    {"count", bytes_method_count, "(self, sub, start=None, end=None, /)", "Return the number of non-overlapping occurrences of subsection sub."}, \
    {"startswith", bytes_method_startswith, "(self, prefix, start=None, end=None, /)", "Return True if B starts with the specified prefix, False otherwise."}, \
    {"endswith", bytes_method_endswith, "(self, suffix, start=None, end=None, /)", "Return True if B ends with the specified suffix, False otherwise."}, \
    {"replace", bytes_method_replace, "(self, old, new, count=-1, /)", "Return a copy with all occurrences of substring old replaced by new."}, \
    {"split", bytes_method_split, "(self, /, sep=None, maxsplit=-1)", "Return a list of the sections in the bytes, using sep as the delimiter."}, \
    {"rsplit", bytes_method_rsplit, "(self, /, sep=None, maxsplit=-1)", "Return a list of the sections in the bytes, splitting from the right."}, \
    {"splitlines", bytes_method_splitlines, "(self, /, keepends=False)", "Return a list of the lines in the bytes, breaking at line boundaries."}, \
    {"partition", bytes_method_partition, "(self, sep, /)", "Partition the bytes into three parts using the given separator."}, \
    {"rpartition", bytes_method_rpartition, "(self, sep, /)", "Partition the bytes into three parts at the last separator."}, \
    {"strip", bytes_method_strip, "(self, bytes=None, /)", "Strip leading and trailing bytes contained in the argument."}, \
    {"lstrip", bytes_method_lstrip, "(self, bytes=None, /)", "Strip leading bytes contained in the argument."}, \
    {"rstrip", bytes_method_rstrip, "(self, bytes=None, /)", "Strip trailing bytes contained in the argument."}, \
    {"removeprefix", bytes_method_removeprefix, "(self, prefix, /)", "Return a copy with the given prefix removed if present."}, \
    {"removesuffix", bytes_method_removesuffix, "(self, suffix, /)", "Return a copy with the given suffix removed if present."}, \
    {"join", bytes_method_join, "(self, iterable_of_bytes, /)", "Concatenate any number of bytes objects."}, \
    {"center", bytes_method_center, "(self, width, fillchar=<unset>, /)", "Return a centered copy of length width."}, \
    {"ljust", bytes_method_ljust, "(self, width, fillchar=<unset>, /)", "Return a left-justified copy of length width."}, \
    {"rjust", bytes_method_rjust, "(self, width, fillchar=<unset>, /)", "Return a right-justified copy of length width."}, \
    {"zfill", bytes_method_zfill, "(self, width, /)", "Pad a numeric string with zeros on the left, to fill a field of the given width."}, \
    {"expandtabs", bytes_method_expandtabs, "(self, /, tabsize=8)", "Return a copy where all tab characters are expanded using spaces."}, \
    {"translate", bytes_method_translate, "(self, table, /, delete=<unset>)", "Return a copy with each character mapped by the given translation table."}, \
    {"maketrans", bytes_method_maketrans, "(frm, to, /)", "Return a translation table usable for the bytes or bytearray translate method."}, \
    {"hex", bytes_method_hex, "(self, sep=<unset>, bytes_per_sep=1)", "Create a string of hexadecimal numbers from a bytes object.\n\n>>> bytes([1, 171]).hex('-')\n'01-ab'"}, \
    {"fromhex", bytes_method_fromhex, "(cls, string, /)", "Create a bytes object from a string of hexadecimal numbers."}, \
    {"decode", bytes_method_decode, "(self, /, encoding='utf-8', errors='strict')", "Decode the bytes using the codec registered for encoding."}, \
    {"upper", bytes_method_upper, "(self, /)", "Return a copy with all ASCII characters converted to uppercase."}, \
    {"lower", bytes_method_lower, "(self, /)", "Return a copy with all ASCII characters converted to lowercase."}, \
    {"title", bytes_method_title, "(self, /)", "Return a titlecased copy: ASCII words start with uppercase characters."}, \
    {"capitalize", bytes_method_capitalize, "(self, /)", "Return a copy with only its first character capitalized (ASCII)."}, \
    {"swapcase", bytes_method_swapcase, "(self, /)", "Return a copy with uppercase ASCII characters converted to lowercase and vice versa."}, \
    {"isalpha", bytes_method_isalpha, "(self, /)", "Return True if all characters in B are alphabetic (ASCII), False otherwise."}, \
    {"isalnum", bytes_method_isalnum, "(self, /)", "Return True if all characters in B are alphanumeric (ASCII), False otherwise."}, \
    {"isascii", bytes_method_isascii, "(self, /)", "Return True if B is empty or all characters in B are ASCII, False otherwise."}, \
    {"isdigit", bytes_method_isdigit, "(self, /)", "Return True if all characters in B are digits, False otherwise."}, \
    {"islower", bytes_method_islower, "(self, /)", "Return True if all cased characters in B are lowercase, False otherwise."}, \
    {"isupper", bytes_method_isupper, "(self, /)", "Return True if all cased characters in B are uppercase, False otherwise."}, \
    {"isspace", bytes_method_isspace, "(self, /)", "Return True if all characters in B are whitespace, False otherwise."}, \
    {"istitle", bytes_method_istitle, "(self, /)", "Return True if B is a titlecased string, False otherwise."}

#endif
