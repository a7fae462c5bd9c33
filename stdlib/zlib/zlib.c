// SPDX-License-Identifier: MIT
// stdlib/zlib/zlib.c: compression by libz. Large pieces are worked on without the GIL, under the stream's own lock.
#include <limits.h>
#include <zlib.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/byte_builder.h"
#include "runtime/types/bytes.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "stdlib/module_slots.h"
#include "stdlib/stream_lock.h"

#define LARGE 4096             // bytes of input or output from which on the GIL is let go
#define FIRST_ROOM 16384
#define RAISED (-100)          // no code of libz
#define NO_LIMIT SIZE_MAX

typedef struct Stream {
    Object head;
    z_stream z;
    pthread_mutex_t lock;
    bool has_lock, decompresses, started, at_end, wants_dictionary;
    Value dictionary;                          // bytes-like, or UNBOUND
    Value unused_data, unconsumed_tail;        // of a decompressor: bytes
} Stream;
static Type compress_type, decompress_type;
static Stream *as_stream(Value v) { return (Stream *)as_object(v); }
static Type *error_class(Thread *t) { return as_type(t->interp->module_slots[SLOT_ZLIB_ERROR]); }

static Value raise_zlib(Thread *t, const z_stream *z, int code, const char *doing)
{
    const char *text = code == Z_VERSION_ERROR ? "library version mismatch" : z->msg;
    if (!text) text = code == Z_BUF_ERROR ? "incomplete or truncated stream" : code == Z_STREAM_ERROR ? "inconsistent stream state" : code == Z_DATA_ERROR ? "invalid input data" : NULL;
    return text ? raise_error(t, error_class(t), "Error %d %s: %.200s", code, doing, text) : raise_error(t, error_class(t), "Error %d %s", code, doing);
}

// ---- The pump: all of the input, until the output comes to `most` bytes
typedef struct Feed { const uint8_t *at; size_t left; } Feed;

static int use_dictionary(Thread *t, Stream *s)
{
    OWN_BUFFER Buffer words = {0};
    if (!buffer_get(t, s->dictionary, &words, 0)) return RAISED;
    if ((size_t)words.length > UINT_MAX) return error_minus(raise_error(t, &exc_OverflowError, "zdict length does not fit in an unsigned int")), RAISED;
    return s->decompresses ? inflateSetDictionary(&s->z, (const Bytef *)words.data, (uInt)words.length) : deflateSetDictionary(&s->z, (const Bytef *)words.data, (uInt)words.length);
}
// One call of the library, into `room` bytes behind what there is.
static int turn(Thread *t, Stream *s, ByteBuilder *out, size_t room, int flush)
{
    char *to = byte_builder_reserve(out, room);
    if (!to) return RAISED;
    int code;
    z_stream *z = &s->z;
    bool decompresses = s->decompresses;
    z->next_out = (Bytef *)to;
    z->avail_out = (uInt)room;
    if (z->avail_in >= LARGE || room > FIRST_ROOM) BLOCKING(t, GIL_COMPRESS, code = decompresses ? inflate(z, flush) : deflate(z, flush));
    else code = decompresses ? inflate(z, flush) : deflate(z, flush);
    out->length += room - z->avail_out;
    return code;
}
static int pump(Thread *t, Stream *s, Feed *feed, ByteBuilder *out, size_t first_room, size_t most, int flush)
{
    int code = Z_OK;
    for (;;) {
        uInt offered = feed->left > UINT_MAX ? UINT_MAX : (uInt)feed->left;
        bool again;
        s->z.next_in = (Bytef *)feed->at;
        s->z.avail_in = offered;
        do {
            size_t room = out->length < first_room ? first_room - out->length : out->length;
            if (room > most - out->length) room = most - out->length;
            if (room > UINT_MAX) room = UINT_MAX;
            if (room == 0) break;
            code = turn(t, s, out, room, feed->left > offered && !s->decompresses ? Z_NO_FLUSH : flush);
            again = s->z.avail_out == 0 && (code == Z_OK || code == Z_BUF_ERROR);
            if (code == Z_NEED_DICT && !is_unbound(s->dictionary)) {
                code = use_dictionary(t, s);
                again = code == Z_OK;
            }
        } while (again);
        size_t consumed = offered - s->z.avail_in;
        feed->at += consumed;
        feed->left -= consumed;
        if (code != Z_OK || feed->left == 0 || consumed < offered) return code;
    }
}

// ---- Making streams
static void stream_finish(Thread *t, Object *o)
{
    Stream *s = (Stream *)o;
    if (s->started) s->decompresses ? inflateEnd(&s->z) : deflateEnd(&s->z);
    if (s->has_lock) pthread_mutex_destroy(&s->lock);
    Value *owned[] = {&s->dictionary, &s->unused_data, &s->unconsumed_tail};
    for (size_t i = 0; i < COUNT_OF(owned); i++) clear(owned[i]);
}
static Stream *stream_new(Thread *t, bool decompresses)
{
    OWN_POINTER Stream *s = (Stream *)object_new(t, decompresses ? &decompress_type : &compress_type);
    if (!s) return NULL;
    s->decompresses = decompresses;
    pthread_mutex_init(&s->lock, NULL);
    s->has_lock = true;
    Value *texts[] = {&s->unused_data, &s->unconsumed_tail};
    for (size_t i = 0; i < 2; i++) {
        Value empty = bytes_from(t, "", 0);
        if (is_error(empty)) return NULL;
        *texts[i] = empty;
    }
    return MOVE_POINTER(s);
}
static Value zlib_compressobj(Thread *t, Value self, const Value *args)
{
    int numbers[5];
    for (size_t i = 0; i < 5; i++)
        if (!int_as_int(t, args[i], &numbers[i])) return ERROR;
    if (!is_none(args[5]) && !is_buffer(args[5])) return raise_type_error(t, "a bytes-like object is required, not '%.100T'", args[5]);
    OWN_POINTER Stream *s = stream_new(t, false);
    if (!s) return ERROR;
    int code = deflateInit2(&s->z, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    s->started = code == Z_OK;
    if (code == Z_OK && !is_none(args[5])) {
        s->dictionary = retain(args[5]);
        code = use_dictionary(t, s);
        if (code == Z_STREAM_ERROR) return raise_value_error(t, "Invalid dictionary");
        if (code == Z_OK) return object_value(MOVE_POINTER(s));
        return code == RAISED ? ERROR : raise_value_error(t, "deflateSetDictionary()");
    }
    if (code == Z_OK) return object_value(MOVE_POINTER(s));
    if (code == Z_MEM_ERROR) return raise_error(t, &exc_MemoryError, "Can't allocate memory for compression object");
    return code == Z_STREAM_ERROR ? raise_value_error(t, "Invalid initialization option") : raise_zlib(t, &s->z, code, "while creating compression object");
}
static Value zlib_decompressobj(Thread *t, Value self, const Value *args)
{
    int bits;
    if (!int_as_int(t, args[0], &bits)) return ERROR;
    if (!is_unbound(args[1]) && !is_buffer(args[1])) return raise_type_error(t, "zdict argument must support the buffer protocol");
    OWN_POINTER Stream *s = stream_new(t, true);
    if (!s) return ERROR;
    if (!is_unbound(args[1])) s->dictionary = retain(args[1]);
    int code = inflateInit2(&s->z, bits);
    s->started = code == Z_OK;
    if (code == Z_OK && bits < 0 && !is_unbound(s->dictionary)) code = use_dictionary(t, s);      // raw data do not ask for it
    if (code == Z_OK) return object_value(MOVE_POINTER(s));
    if (code == RAISED) return ERROR;
    if (code == Z_MEM_ERROR) return raise_error(t, &exc_MemoryError, "Can't allocate memory for decompression object");
    return code == Z_STREAM_ERROR ? raise_value_error(t, "Invalid initialization option") : raise_zlib(t, &s->z, code, "while creating decompression object");
}

// ---- Compressing
static Value compress_some(Thread *t, Stream *s, Value data, int flush, const char *doing)
{
    OWN_BUFFER Buffer buffer = {0};
    if (!is_unbound(data) && !buffer_get(t, data, &buffer, 0)) return ERROR;
    HOLD_STREAM(t, &s->lock, GIL_COMPRESS);
    ByteBuilder out;
    byte_builder_start(t, &out);
    Feed feed = {(const uint8_t *)buffer.data, (size_t)buffer.length};
    int code = pump(t, s, &feed, &out, FIRST_ROOM, NO_LIMIT, flush);
    if (code == Z_STREAM_END && flush == Z_FINISH) {
        s->started = false;
        code = deflateEnd(&s->z);
        doing = "while finishing compression";
    }
    if (code == Z_OK || code == Z_BUF_ERROR) return byte_builder_finish(&out);
    byte_builder_abandon(&out);
    return code == RAISED ? ERROR : raise_zlib(t, &s->z, code, doing);
}
static Value compress_compress(Thread *t, Value self, const Value *args) { return compress_some(t, as_stream(self), args[0], Z_NO_FLUSH, "while compressing data"); }
static Value compress_flush(Thread *t, Value self, const Value *args)
{
    int mode;
    if (!int_as_int(t, args[0], &mode)) return ERROR;
    return mode == Z_NO_FLUSH ? bytes_from(t, "", 0) : compress_some(t, as_stream(self), UNBOUND, mode, "while flushing");
}
static Value zlib_compress(Thread *t, Value self, const Value *args)
{
    int level, bits;
    OWN_BUFFER Buffer buffer = {0};
    if (!int_as_int(t, args[1], &level) || !int_as_int(t, args[2], &bits) || !buffer_get(t, args[0], &buffer, 0)) return ERROR;
    OWN_POINTER Stream *s = stream_new(t, false);
    if (!s) return ERROR;
    int code = deflateInit2(&s->z, level, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY);
    s->started = code == Z_OK;
    if (code == Z_MEM_ERROR) return raise_error(t, &exc_MemoryError, "Out of memory while compressing data");
    if (code == Z_STREAM_ERROR) return raise_error(t, error_class(t), "Bad compression level");
    if (code != Z_OK) return raise_zlib(t, &s->z, code, "while compressing data");
    return compress_some(t, s, args[0], Z_FINISH, "while compressing data");
}

// ---- Decompressing
static bool join(Thread *t, Value *text, const uint8_t *more, size_t length)
{
    OWN Value tail = bytes_from(t, (const char *)more, length);
    if (is_error(tail)) return false;
    Value joined = bytes_length(*text) ? bytes_concat(t, *text, tail) : retain(tail);
    if (is_error(joined)) return false;
    assign(text, joined);
    return true;
}
// What is left of the input: behind the end it is unused_data, before it unconsumed_tail.
static bool keep_rest(Thread *t, Stream *s, Feed *feed)
{
    if (s->at_end && feed->left && !join(t, &s->unused_data, feed->at, feed->left)) return false;
    bool keeps = !s->at_end && feed->left;
    if (!keeps && !bytes_length(s->unconsumed_tail)) return true;
    Value rest = bytes_from(t, keeps ? (const char *)feed->at : "", keeps ? feed->left : 0);
    if (is_error(rest)) return false;
    assign(&s->unconsumed_tail, rest);
    return true;
}
static Value decompress_some(Thread *t, Stream *s, const Buffer *data, size_t first_room, size_t most, int flush)
{
    ByteBuilder out;
    byte_builder_start(t, &out);
    Feed feed = {(const uint8_t *)data->data, (size_t)data->length};
    int code = pump(t, s, &feed, &out, first_room, most, flush);
    bool failed = code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END;
    if (code == Z_STREAM_END) s->at_end = true;
    if (code == RAISED || (!failed && !keep_rest(t, s, &feed)) || failed) {
        byte_builder_abandon(&out);
        return error_pending(t) ? ERROR : raise_zlib(t, &s->z, code, "while decompressing data");
    }
    return byte_builder_finish(&out);
}
static Value decompress_decompress(Thread *t, Value self, const Value *args)
{
    Stream *s = as_stream(self);
    ptrdiff_t most;
    OWN_BUFFER Buffer data = {0};
    if (!object_as_index(t, args[1], &most, &exc_OverflowError)) return ERROR;
    if (most < 0) return raise_value_error(t, "max_length must be non-negative");
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    HOLD_STREAM(t, &s->lock, GIL_COMPRESS);
    return decompress_some(t, s, &data, FIRST_ROOM, most ? (size_t)most : NO_LIMIT, Z_SYNC_FLUSH);
}
static Value decompress_flush(Thread *t, Value self, const Value *args)
{
    Stream *s = as_stream(self);
    ptrdiff_t length;
    if (!object_as_index(t, args[0], &length, &exc_OverflowError)) return ERROR;
    if (length <= 0) return raise_value_error(t, "length must be greater than zero");
    HOLD_STREAM(t, &s->lock, GIL_COMPRESS);
    OWN Value tail = retain(s->unconsumed_tail);
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, tail, &data, 0)) return ERROR;
    OWN Value out = decompress_some(t, s, &data, length > (1 << 28) ? FIRST_ROOM : (size_t)length, NO_LIMIT, Z_FINISH);
    if (is_error(out) || !s->at_end || !s->started) return MOVE(out);
    s->started = false;
    int code = inflateEnd(&s->z);
    return code == Z_OK ? MOVE(out) : raise_zlib(t, &s->z, code, "while finishing decompression");
}
static Value zlib_decompress(Thread *t, Value self, const Value *args)
{
    int bits;
    ptrdiff_t room;
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0) || !int_as_int(t, args[1], &bits) || !object_as_index(t, args[2], &room, &exc_OverflowError)) return ERROR;
    if (room < 0) return raise_value_error(t, "bufsize must be non-negative");
    OWN_POINTER Stream *s = stream_new(t, true);
    if (!s) return ERROR;
    int code = inflateInit2(&s->z, bits);
    s->started = code == Z_OK;
    if (code == Z_MEM_ERROR) return raise_error(t, &exc_MemoryError, "Out of memory while decompressing data");
    if (code != Z_OK) return raise_zlib(t, &s->z, code, "while preparing to decompress data");
    ByteBuilder out;
    byte_builder_start(t, &out);
    Feed feed = {(const uint8_t *)data.data, (size_t)data.length};
    code = pump(t, s, &feed, &out, room == 0 ? 1 : room > (1 << 28) ? FIRST_ROOM : (size_t)room, NO_LIMIT, Z_SYNC_FLUSH);
    if (code == Z_STREAM_END) return byte_builder_finish(&out);
    byte_builder_abandon(&out);
    return code == RAISED ? ERROR : raise_zlib(t, &s->z, code == Z_OK ? Z_BUF_ERROR : code, "while decompressing data");
}

// ---- Copies
static Value stream_copy(Thread *t, Value self, const Value *args)
{
    Stream *s = as_stream(self);
    HOLD_STREAM(t, &s->lock, GIL_COMPRESS);
    OWN_POINTER Stream *copy = stream_new(t, s->decompresses);
    if (!copy) return ERROR;
    int code = s->decompresses ? inflateCopy(&copy->z, &s->z) : deflateCopy(&copy->z, &s->z);
    if (code == Z_STREAM_ERROR) return raise_value_error(t, "Inconsistent stream state");
    if (code == Z_MEM_ERROR) return raise_error(t, &exc_MemoryError, "Can't allocate memory for %s object", s->decompresses ? "decompression" : "compression");
    if (code != Z_OK) return raise_zlib(t, &s->z, code, s->decompresses ? "while copying decompression object" : "while copying compression object");
    copy->started = true;
    copy->at_end = s->at_end;
    copy->dictionary = retain(s->dictionary);
    assign(&copy->unused_data, retain(s->unused_data));
    assign(&copy->unconsumed_tail, retain(s->unconsumed_tail));
    return object_value(MOVE_POINTER(copy));
}
static Value get_unused(Thread *t, Value self) { return retain(as_stream(self)->unused_data); }
static Value get_tail(Thread *t, Value self) { return retain(as_stream(self)->unconsumed_tail); }
static Value get_eof(Thread *t, Value self) { return bool_value(as_stream(self)->at_end); }
#define COPIES {"copy", stream_copy, "(self)", "A copy of the object."}, {"__copy__", stream_copy, "(self)", NULL}, {"__deepcopy__", stream_copy, "(self, memo, /)", NULL}
static const Method compress_methods[] = {
    {"compress", compress_compress, "(self, data, /)", "Compress more data: what can be given out already."},
    {"flush", compress_flush, "(self, mode=4, /)", "Give out what is held; with Z_FINISH, the end."}, COPIES, {0},
};
static const Method decompress_methods[] = {
    {"decompress", decompress_decompress, "(self, data, /, max_length=0)", "Decompress more data, to at most so many bytes."},
    {"flush", decompress_flush, "(self, length=16384, /)", "Give out what is held."}, COPIES, {0},
};
static const GetSet decompress_getsets[] = {{"unused_data", get_unused, NULL, NULL}, {"unconsumed_tail", get_tail, NULL, NULL}, {"eof", get_eof, NULL, NULL}, {0}};
static const TypeSpec compress_spec = {.name = "zlib.Compress", .size = sizeof(Stream), .flags = TYPE_NO_NEW, .slots = {.finish = stream_finish}, .methods = compress_methods};
static const TypeSpec decompress_spec = {.name = "zlib.Decompress", .size = sizeof(Stream), .flags = TYPE_NO_NEW, .slots = {.finish = stream_finish}, .methods = decompress_methods, .getsets = decompress_getsets};

// ---- Checksums
typedef uLong Checksum(uLong value, const Bytef *data, z_size_t length);
static Value checksum(Thread *t, const Value *args, Checksum *compute)
{
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    OWN Value start = object_index(t, args[1]);
    if (is_error(start)) return ERROR;
    uLong value = (uint32_t)int_low_bits(start);
    const Bytef *bytes = (const Bytef *)data.data;
    z_size_t length = (z_size_t)data.length;
    if (length >= LARGE) BLOCKING(t, GIL_HASH, value = compute(value, bytes, length));
    else if (length) value = compute(value, bytes, length);
    return int_value(t, (int64_t)(value & 0xffffffff));
}
static Value zlib_adler32(Thread *t, Value self, const Value *args) { return checksum(t, args, adler32_z); }
static Value zlib_crc32(Thread *t, Value self, const Value *args) { return checksum(t, args, crc32_z); }

static const Method functions[] = {
    {"adler32", zlib_adler32, "(data, value=1, /)", "Compute an Adler-32 checksum of data."},
    {"crc32", zlib_crc32, "(data, value=0, /)", "Compute a CRC-32 checksum of data."},
    {"compress", zlib_compress, "(data, /, level=-1, wbits=15)", "Compress data."},
    {"decompress", zlib_decompress, "(data, /, wbits=15, bufsize=16384)", "Decompress data."},
    {"compressobj", zlib_compressobj, "(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=None)", "An object that compresses piece by piece."},
    {"decompressobj", zlib_decompressobj, "(wbits=15, zdict=<unset>)", "An object that decompresses piece by piece."},
    {0},
};
static const NamedInt constants[] = {
    NAMED_INT(MAX_WBITS), {"DEFLATED", Z_DEFLATED}, {"DEF_MEM_LEVEL", 8}, {"DEF_BUF_SIZE", FIRST_ROOM}, NAMED_INT(Z_NO_COMPRESSION), NAMED_INT(Z_BEST_SPEED),
    NAMED_INT(Z_BEST_COMPRESSION), NAMED_INT(Z_DEFAULT_COMPRESSION), NAMED_INT(Z_FILTERED), NAMED_INT(Z_HUFFMAN_ONLY), NAMED_INT(Z_RLE), NAMED_INT(Z_FIXED),
    NAMED_INT(Z_DEFAULT_STRATEGY), NAMED_INT(Z_NO_FLUSH), NAMED_INT(Z_PARTIAL_FLUSH), NAMED_INT(Z_SYNC_FLUSH), NAMED_INT(Z_FULL_FLUSH), NAMED_INT(Z_FINISH),
    NAMED_INT(Z_BLOCK), NAMED_INT(Z_TREES),
};
static bool start(Thread *t, Value module)
{
    if (compress_type.version == 0 && (!type_prepare(t, &compress_type, &compress_spec) || !type_prepare(t, &decompress_type, &decompress_spec))) return false;
    Value class = exception_class_new(t, "zlib", "error", type_value(&exc_Exception), NULL);
    if (is_error(class)) return false;
    assign(&t->interp->module_slots[SLOT_ZLIB_ERROR], retain(class));
    return module_add(t, module, "error", class) && module_add_ints(t, module, constants, COUNT_OF(constants)) &&
           module_add(t, module, "ZLIB_VERSION", str_from_text(t, ZLIB_VERSION)) && module_add(t, module, "ZLIB_RUNTIME_VERSION", str_from_text(t, zlibVersion())) &&
           module_add(t, module, "__version__", str_from_text(t, "1.0"));
}
extern const ModuleSpec zlib_spec;
const ModuleSpec zlib_spec = {.name = "zlib", .doc = "Compression by libz.", .functions = functions, .start = start};
