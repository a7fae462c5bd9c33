// SPDX-License-Identifier: MIT
// stdlib/pickle/pickle.h: the instructions of pickles, and the types that the halves of pickle add to their module.
#ifndef BATON_STDLIB_PICKLE_H
#define BATON_STDLIB_PICKLE_H

#include "runtime/error.h"

#define PICKLE_BATCH 1000                        // items between two marks
#define PICKLE_FRAME_TARGET ((size_t)64 * 1024)
#define PICKLE_FRAME_HEAD 9                      // FRAME and its length in 8 bytes
#define PICKLE_FRAME_MINIMUM 4                   // fewer bytes go without a frame
#define PICKLE_HIGHEST_PROTOCOL 5

enum PickleOp {
    PICKLE_MARK = '(', PICKLE_STOP = '.', PICKLE_POP = '0', PICKLE_POP_MARK = '1', PICKLE_DUP = '2',
    PICKLE_FLOAT = 'F', PICKLE_INT = 'I', PICKLE_BININT = 'J', PICKLE_BININT1 = 'K', PICKLE_LONG = 'L', PICKLE_BININT2 = 'M',
    PICKLE_NONE = 'N', PICKLE_PERSID = 'P', PICKLE_BINPERSID = 'Q', PICKLE_REDUCE = 'R',
    PICKLE_STRING = 'S', PICKLE_BINSTRING = 'T', PICKLE_SHORT_BINSTRING = 'U', PICKLE_UNICODE = 'V', PICKLE_BINUNICODE = 'X',
    PICKLE_APPEND = 'a', PICKLE_BUILD = 'b', PICKLE_GLOBAL = 'c', PICKLE_DICT = 'd', PICKLE_EMPTY_DICT = '}', PICKLE_APPENDS = 'e',
    PICKLE_GET = 'g', PICKLE_BINGET = 'h', PICKLE_INST = 'i', PICKLE_LONG_BINGET = 'j', PICKLE_LIST = 'l', PICKLE_EMPTY_LIST = ']', PICKLE_OBJ = 'o',
    PICKLE_PUT = 'p', PICKLE_BINPUT = 'q', PICKLE_LONG_BINPUT = 'r', PICKLE_SETITEM = 's', PICKLE_TUPLE = 't', PICKLE_EMPTY_TUPLE = ')',
    PICKLE_SETITEMS = 'u', PICKLE_BINFLOAT = 'G',
    PICKLE_PROTO = 0x80, PICKLE_NEWOBJ, PICKLE_EXT1, PICKLE_EXT2, PICKLE_EXT4, PICKLE_TUPLE1, PICKLE_TUPLE2, PICKLE_TUPLE3, PICKLE_NEWTRUE,
    PICKLE_NEWFALSE, PICKLE_LONG1, PICKLE_LONG4,
    PICKLE_BINBYTES = 'B', PICKLE_SHORT_BINBYTES = 'C',
    PICKLE_SHORT_BINUNICODE = 0x8c, PICKLE_BINUNICODE8, PICKLE_BINBYTES8, PICKLE_EMPTY_SET, PICKLE_ADDITEMS, PICKLE_FROZENSET, PICKLE_NEWOBJ_EX,
    PICKLE_STACK_GLOBAL, PICKLE_MEMOIZE, PICKLE_FRAME, PICKLE_BYTEARRAY8, PICKLE_NEXT_BUFFER, PICKLE_READONLY_BUFFER,
};

extern Type pickle_buffer_type, pickle_writer_type, pickle_reader_type;
extern const TypeSpec pickle_buffer_spec, pickle_writer_spec, pickle_reader_spec;

#endif
