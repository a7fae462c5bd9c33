// SPDX-License-Identifier: MIT
// stdlib/_bz2/bz2.c: compression by libbz2. The library works without the GIL, under the object's own lock.
#include <bzlib.h>
#include <limits.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/byte_builder.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "stdlib/piecewise.h"
#include "stdlib/stream_lock.h"

typedef struct Bz2 { Object head; bz_stream z; pthread_mutex_t lock; bool has_lock, started, flushed; Pieces pieces; } Bz2;
static Type compressor_type, decompressor_type;
static Bz2 *as_bz2(Value v) { return (Bz2 *)as_object(v); }

static bool check(Thread *t, int code)
{
    switch (code) {
    case BZ_OK: case BZ_RUN_OK: case BZ_FLUSH_OK: case BZ_FINISH_OK: case BZ_STREAM_END: return true;
    case BZ_PARAM_ERROR: return error_false(raise_value_error(t, "Internal error - invalid parameters passed to libbzip2"));
    case BZ_MEM_ERROR: return error_false(raise_memory_error(t));
    case BZ_DATA_ERROR: case BZ_DATA_ERROR_MAGIC: return error_false(raise_error(t, &exc_OSError, "Invalid data stream"));
    case BZ_IO_ERROR: return error_false(raise_error(t, &exc_OSError, "Unknown I/O error"));
    case BZ_UNEXPECTED_EOF: return error_false(raise_error(t, &exc_EOFError, "Compressed file ended before the logical end-of-stream was detected"));
    case BZ_SEQUENCE_ERROR: return error_false(raise_error(t, &exc_RuntimeError, "Internal error - Invalid sequence of commands sent to libbzip2"));
    default: return error_false(raise_error(t, &exc_OSError, "Unrecognized error from libbzip2: %d", code));
    }
}
static Bz2 *bz2_new(Thread *t, Type *type)
{
    OWN_POINTER Bz2 *b = (Bz2 *)object_new(t, type);
    if (!b) return NULL;
    pthread_mutex_init(&b->lock, NULL);
    b->has_lock = true;
    return pieces_start(t, &b->pieces) ? MOVE_POINTER(b) : NULL;
}
static void finish_lock(Bz2 *b)
{
    if (b->has_lock) pthread_mutex_destroy(&b->lock);
    pieces_end(&b->pieces);
}

// ---- Compressing
static Value compressor_construct(Thread *t, Type *type, const Value *args)
{
    int level;
    if (!int_as_int(t, args[0], &level)) return ERROR;
    if (level < 1 || level > 9) return raise_value_error(t, "compresslevel must be between 1 and 9");
    OWN_POINTER Bz2 *b = bz2_new(t, type);
    if (!b || !check(t, BZ2_bzCompressInit(&b->z, level, 0, 0))) return ERROR;
    b->started = true;
    return object_value(MOVE_POINTER(b));
}
static void compressor_finish(Thread *t, Object *o)
{
    if (((Bz2 *)o)->started) BZ2_bzCompressEnd(&((Bz2 *)o)->z);
    finish_lock((Bz2 *)o);
}
static Value compress(Thread *t, Bz2 *b, const char *data, size_t length, int action)
{
    ByteBuilder out;
    byte_builder_start(t, &out);
    int code = BZ_RUN_OK;
    do {
        char *to = byte_builder_reserve(&out, pieces_room(&out));
        if (!to) break;
        unsigned room = (unsigned)pieces_room(&out), offered = length > UINT_MAX ? UINT_MAX : (unsigned)length;
        bz_stream *z = &b->z;
        z->next_in = (char *)data;
        z->avail_in = offered;
        z->next_out = to;
        z->avail_out = room;
        if (action == BZ_RUN && length == 0) break;
        BLOCKING(t, GIL_COMPRESS, code = BZ2_bzCompress(z, action));
        out.length += room - z->avail_out;
        data += offered - z->avail_in;
        length -= offered - z->avail_in;
        if (!check(t, code)) {
            byte_builder_abandon(&out);
            return ERROR;
        }
    } while (action == BZ_FINISH ? code != BZ_STREAM_END : length > 0);
    return byte_builder_finish(&out);
}
static Value compressor_compress(Thread *t, Value self, const Value *args)
{
    Bz2 *b = as_bz2(self);
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    HOLD_STREAM(t, &b->lock, GIL_COMPRESS);
    if (b->flushed) return raise_value_error(t, "Compressor has been flushed");
    return compress(t, b, data.data, (size_t)data.length, BZ_RUN);
}
static Value compressor_flush(Thread *t, Value self, const Value *args)
{
    Bz2 *b = as_bz2(self);
    HOLD_STREAM(t, &b->lock, GIL_COMPRESS);
    if (b->flushed) return raise_value_error(t, "Repeated call to flush()");
    b->flushed = true;
    return compress(t, b, NULL, 0, BZ_FINISH);
}
static const Method compressor_methods[] = {
    {"compress", compressor_compress, "(self, data, /)", "Compress more data: what can be given out already."},
    {"flush", compressor_flush, "(self)", "Give out the end."},
    {0},
};
static const TypeSpec compressor_spec = {
    .name = "_bz2.BZ2Compressor", .doc = "Compresses piece by piece.", .size = sizeof(Bz2), .slots = {.finish = compressor_finish},
    .methods = compressor_methods, .new_signature = "(compresslevel=9, /)", .construct = compressor_construct,
};

// ---- Decompressing
static Value decompressor_construct(Thread *t, Type *type, const Value *args)
{
    OWN_POINTER Bz2 *b = bz2_new(t, type);
    if (!b || !check(t, BZ2_bzDecompressInit(&b->z, 0, 0))) return ERROR;
    b->started = true;
    return object_value(MOVE_POINTER(b));
}
static void decompressor_finish(Thread *t, Object *o)
{
    if (((Bz2 *)o)->started) BZ2_bzDecompressEnd(&((Bz2 *)o)->z);
    finish_lock((Bz2 *)o);
}
static bool decompress_step(Thread *t, void *stream, PieceStep *step)
{
    Bz2 *b = stream;
    bz_stream *z = &b->z;
    unsigned offered = step->length > UINT_MAX ? UINT_MAX : (unsigned)step->length;
    int code;
    z->next_in = (char *)step->data;
    z->avail_in = offered;
    z->next_out = step->to;
    z->avail_out = (unsigned)step->room;
    BLOCKING(t, GIL_COMPRESS, code = BZ2_bzDecompress(z));
    step->consumed = offered - z->avail_in;
    step->produced = step->room - z->avail_out;
    step->at_end = code == BZ_STREAM_END;
    return check(t, code);
}
static Value decompressor_decompress(Thread *t, Value self, const Value *args)
{
    Bz2 *b = as_bz2(self);
    ptrdiff_t most;
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0) || !object_as_index(t, args[1], &most, &exc_OverflowError)) return ERROR;
    HOLD_STREAM(t, &b->lock, GIL_COMPRESS);
    return pieces_decompress(t, &b->pieces, &data, most, decompress_step, b);
}
static Value get_eof(Thread *t, Value self) { return bool_value(as_bz2(self)->pieces.at_end); }
static Value get_needs_input(Thread *t, Value self) { return bool_value(as_bz2(self)->pieces.needs_input); }
static Value get_unused(Thread *t, Value self) { return retain(as_bz2(self)->pieces.unused); }
static const Method decompressor_methods[] = {{"decompress", decompressor_decompress, "(self, data, max_length=-1)", "Decompress more data, to at most so many bytes."}, {0}};
static const GetSet decompressor_getsets[] = {
    {"eof", get_eof, NULL, "whether the end of the stream has been reached"}, {"needs_input", get_needs_input, NULL, "whether more data are needed before more come out"},
    {"unused_data", get_unused, NULL, "what was found behind the end"}, {0},
};
static const TypeSpec decompressor_spec = {
    .name = "_bz2.BZ2Decompressor", .doc = "Decompresses piece by piece.", .size = sizeof(Bz2), .slots = {.finish = decompressor_finish},
    .methods = decompressor_methods, .getsets = decompressor_getsets, .new_signature = "()", .construct = decompressor_construct,
};
static bool start(Thread *t, Value module)
{
    if (compressor_type.version == 0 && (!type_prepare(t, &compressor_type, &compressor_spec) || !type_prepare(t, &decompressor_type, &decompressor_spec))) return false;
    return module_add_type(t, module, &compressor_type) && module_add_type(t, module, &decompressor_type);
}
extern const ModuleSpec _bz2_spec;
const ModuleSpec _bz2_spec = {.name = "_bz2", .doc = "Compression by libbz2.", .start = start};
