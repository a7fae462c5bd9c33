// SPDX-License-Identifier: MIT
// stdlib/marshal/marshal.h: the letters of the format, and what the two halves of marshal share.
#ifndef BATON_STDLIB_MARSHAL_H
#define BATON_STDLIB_MARSHAL_H

#include "runtime/error.h"

#define MARSHAL_VERSION 4
#define MARSHAL_DEEPEST 2000          // containers in containers, of what is written and of what is read

// One byte before each value says what it is; KEPT in it: a later REFERENCE, by number in the order in which they begin, means the same object.
enum MarshalType {
    TYPE_NULL = '0', TYPE_NONE = 'N', TYPE_FALSE = 'F', TYPE_TRUE = 'T', TYPE_STOP = 'S', TYPE_ELLIPSIS = '.',
    TYPE_INT = 'i', TYPE_INT64 = 'I', TYPE_LONG = 'l',              // 4 bytes, 8 bytes, digits of 15 bits
    TYPE_FLOAT_TEXT = 'f', TYPE_FLOAT = 'g', TYPE_COMPLEX_TEXT = 'x', TYPE_COMPLEX = 'y',
    TYPE_BYTES = 's', TYPE_STR = 'u', TYPE_INTERNED = 't',          // 4 bytes of length, then the bytes; str as UTF-8
    TYPE_ASCII = 'a', TYPE_ASCII_INTERNED = 'A', TYPE_SHORT_ASCII = 'z', TYPE_SHORT_ASCII_INTERNED = 'Z',    // short: 1 byte of length
    TYPE_TUPLE = '(', TYPE_SMALL_TUPLE = ')', TYPE_LIST = '[', TYPE_DICT = '{', TYPE_SET = '<', TYPE_FROZENSET = '>',
    TYPE_CODE = 'c', TYPE_REFERENCE = 'r',
    MARSHAL_KEPT = 0x80,
};
// In front of code: the mark, and the version of the bytecode in 4 bytes.
#define MARSHAL_CODE_MARK "BATON\0\0\1"
#define MARSHAL_CODE_HEAD 12

NEEDS_GIL NEW_REF Value marshal_write(Thread *t, Value v, int version);
NEEDS_GIL NEW_REF Value marshal_read_buffer(Thread *t, Value data);
NEEDS_GIL NEW_REF Value marshal_read_file(Thread *t, Value file);

#endif
