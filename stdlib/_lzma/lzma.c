// SPDX-License-Identifier: MIT
// stdlib/_lzma/lzma.c: compression by liblzma. The library works without the GIL, under the object's own lock.
#include <lzma.h>
#include <stdlib.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/byte_builder.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"
#include "stdlib/piecewise.h"
#include "stdlib/stream_lock.h"

enum { FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW };
#define CHECK_UNKNOWN (LZMA_CHECK_ID_MAX + 1)

typedef struct Lzma { Object head; lzma_stream z; pthread_mutex_t lock; bool has_lock, flushed; int check; Pieces pieces; } Lzma;
static Type compressor_type, decompressor_type;
static Lzma *as_lzma(Value v) { return (Lzma *)as_object(v); }
static Type *error_class(Thread *t) { return as_type(t->interp->module_slots[SLOT_LZMA_ERROR]); }

static bool check(Thread *t, lzma_ret code)
{
    switch (code) {
    case LZMA_OK: case LZMA_GET_CHECK: case LZMA_NO_CHECK: case LZMA_STREAM_END: return true;
    case LZMA_MEM_ERROR: return error_false(raise_memory_error(t));
    case LZMA_UNSUPPORTED_CHECK: return error_false(raise_error(t, error_class(t), "Unsupported integrity check"));
    case LZMA_MEMLIMIT_ERROR: return error_false(raise_error(t, error_class(t), "Memory usage limit exceeded"));
    case LZMA_FORMAT_ERROR: return error_false(raise_error(t, error_class(t), "Input format not supported by decoder"));
    case LZMA_OPTIONS_ERROR: return error_false(raise_error(t, error_class(t), "Invalid or unsupported options"));
    case LZMA_DATA_ERROR: return error_false(raise_error(t, error_class(t), "Corrupt input data"));
    case LZMA_BUF_ERROR: return error_false(raise_error(t, error_class(t), "Insufficient buffer space"));
    case LZMA_PROG_ERROR: return error_false(raise_error(t, error_class(t), "Internal error"));
    default: return error_false(raise_error(t, error_class(t), "Unrecognized error from liblzma: %d", (int)code));
    }
}

// ---- Filters: dicts in Python
typedef union FilterOptions { lzma_options_lzma lzma; lzma_options_delta delta; lzma_options_bcj bcj; } FilterOptions;
typedef struct Filters { lzma_filter chain[LZMA_FILTERS_MAX + 1]; FilterOptions options[LZMA_FILTERS_MAX]; size_t count; } Filters;
typedef struct FilterWord { const char *name; uint32_t *to; int *mode; } FilterWord;

static bool number_from(Thread *t, Value v, uint64_t most, uint64_t *number)
{
    if (!int_as_u64(t, v, number)) return false;
    return *number <= most || error_false(raise_error(t, &exc_OverflowError, "Value too large for uint32_t type"));
}
// The words of the dict beside "id": each one known, each an int.
static bool options_from(Thread *t, Value spec, const FilterWord *words, size_t count, const char *kind)
{
    OWN_POINTER Dict *dict = dict_new(t);
    if (!dict || !dict_update(t, dict, spec)) return false;
    Value key, value;
    for (size_t at = 0; dict_next(dict, &at, &key, &value);) {
        size_t i = 0;
        uint64_t number;
        if (is_str(key) && str_equal_text(as_str(key), "id")) continue;
        if (is_str(key) && str_equal_text(as_str(key), "preset") && kind[0] == 'L') continue;
        while (i < count && !(is_str(key) && str_equal_text(as_str(key), words[i].name))) i++;
        if (i == count) return error_false(raise_value_error(t, "Invalid filter specifier for %s filter", kind));
        if (!number_from(t, value, UINT32_MAX, &number)) return false;
        if (words[i].to) *words[i].to = (uint32_t)number;
        else *words[i].mode = (int)number;
    }
    return true;
}
static bool lzma_options_from(Thread *t, Value spec, lzma_options_lzma *o)
{
    uint64_t preset = LZMA_PRESET_DEFAULT;
    int mode, finder;
    OWN Value key = str_from_text(t, "preset");
    int given = is_error(key) ? -1 : object_contains(t, spec, key);
    if (given < 0) return false;
    if (given) {
        OWN Value v = object_get_item(t, spec, key);
        if (is_error(v) || !number_from(t, v, UINT32_MAX, &preset)) return false;
    }
    memset(o, 0, sizeof *o);
    if (lzma_lzma_preset(o, (uint32_t)preset)) return error_false(raise_error(t, error_class(t), "Invalid compression preset: %zu", (size_t)preset));
    mode = (int)o->mode;
    finder = (int)o->mf;
    const FilterWord words[] = {{"dict_size", &o->dict_size, NULL}, {"lc", &o->lc, NULL}, {"lp", &o->lp, NULL}, {"pb", &o->pb, NULL}, {"mode", NULL, &mode},
                                {"nice_len", &o->nice_len, NULL}, {"mf", NULL, &finder}, {"depth", &o->depth, NULL}};
    if (!options_from(t, spec, words, COUNT_OF(words), "LZMA")) return false;
    o->mode = (lzma_mode)mode;
    o->mf = (lzma_match_finder)finder;
    return true;
}
static bool filter_from(Thread *t, Value spec, lzma_filter *filter, FilterOptions *options)
{
    if (!type_of(spec)->slots.get_item || is_list(spec) || is_tuple(spec) || is_str(spec)) return error_false(raise_type_error(t, "Filter specifier must be a dict or dict-like object"));
    OWN Value key = str_from_text(t, "id");
    OWN Value id = is_error(key) ? ERROR : object_get_item(t, spec, key);
    if (is_error(id)) return error_clear_if(t, &exc_KeyError) ? error_false(raise_value_error(t, "Filter specifier must have an \"id\" entry")) : false;
    if (!number_from(t, id, UINT64_MAX, &filter->id)) return false;
    filter->options = options;
    switch (filter->id) {
    case LZMA_FILTER_LZMA1: case LZMA_FILTER_LZMA2: return lzma_options_from(t, spec, &options->lzma);
    case LZMA_FILTER_DELTA:
        options->delta = (lzma_options_delta){.type = LZMA_DELTA_TYPE_BYTE, .dist = 1};
        return options_from(t, spec, &(FilterWord){"dist", &options->delta.dist, NULL}, 1, "delta");
    case LZMA_FILTER_X86: case LZMA_FILTER_POWERPC: case LZMA_FILTER_IA64: case LZMA_FILTER_ARM: case LZMA_FILTER_ARMTHUMB: case LZMA_FILTER_SPARC:
        options->bcj = (lzma_options_bcj){0};
        return options_from(t, spec, &(FilterWord){"start_offset", &options->bcj.start_offset, NULL}, 1, "BCJ");
    default: return error_false(raise_value_error(t, "Invalid filter ID: %zu", (size_t)filter->id));
    }
}
static bool filters_from(Thread *t, Value specs, Filters *f)
{
    OWN Value items = tuple_from_iterable(t, specs);
    if (is_error(items)) return false;
    if (as_tuple(items)->length > LZMA_FILTERS_MAX) return error_false(raise_value_error(t, "Too many filters - liblzma supports a maximum of %d", LZMA_FILTERS_MAX));
    for (; f->count < as_tuple(items)->length; f->count++)
        if (!filter_from(t, as_tuple(items)->items[f->count], &f->chain[f->count], &f->options[f->count])) return false;
    f->chain[f->count].id = LZMA_VLI_UNKNOWN;
    return true;
}

// ---- Objects
static Lzma *lzma_blank(Thread *t, Type *type)
{
    OWN_POINTER Lzma *z = (Lzma *)object_new(t, type);
    if (!z) return NULL;
    pthread_mutex_init(&z->lock, NULL);
    z->has_lock = true;
    z->check = CHECK_UNKNOWN;
    return pieces_start(t, &z->pieces) ? MOVE_POINTER(z) : NULL;
}
static void lzma_finish(Thread *t, Object *o)
{
    Lzma *z = (Lzma *)o;
    lzma_end(&z->z);
    if (z->has_lock) pthread_mutex_destroy(&z->lock);
    pieces_end(&z->pieces);
}
static lzma_ret start_preset(lzma_stream *z, int format, int check_id, uint32_t preset)
{
    lzma_options_lzma options;
    if (format == FORMAT_XZ) return lzma_easy_encoder(z, preset, (lzma_check)check_id);
    return lzma_lzma_preset(&options, preset) ? LZMA_OPTIONS_ERROR : lzma_alone_encoder(z, &options);
}
static lzma_ret start_filters(lzma_stream *z, int format, int check_id, const Filters *f)
{
    if (format == FORMAT_XZ) return lzma_stream_encoder(z, f->chain, (lzma_check)check_id);
    if (format == FORMAT_RAW) return lzma_raw_encoder(z, f->chain);
    return LZMA_PROG_ERROR;
}
static Value compressor_construct(Thread *t, Type *type, const Value *args)
{
    int format, check_id;
    uint64_t preset = LZMA_PRESET_DEFAULT;
    Filters filters = {0};
    if (!int_as_int(t, args[0], &format) || !int_as_int(t, args[1], &check_id)) return ERROR;
    if (!is_none(args[2]) && !is_none(args[3])) return raise_value_error(t, "Cannot specify both preset and filter chain");
    if (!is_none(args[2]) && !number_from(t, args[2], UINT32_MAX, &preset)) return ERROR;
    if (format < FORMAT_XZ || format > FORMAT_RAW) return raise_value_error(t, "Invalid container format: %d", format);
    if (format != FORMAT_XZ && check_id != -1 && check_id != LZMA_CHECK_NONE) return raise_value_error(t, "Integrity checks are only supported by FORMAT_XZ");
    if (format == FORMAT_RAW && is_none(args[3])) return raise_value_error(t, "Must specify filters for FORMAT_RAW");
    if (format == FORMAT_XZ && check_id == -1) check_id = LZMA_CHECK_CRC64;
    OWN_POINTER Lzma *z = lzma_blank(t, type);
    if (!z || (!is_none(args[3]) && !filters_from(t, args[3], &filters))) return ERROR;
    lzma_ret code;
    if (is_none(args[3])) code = start_preset(&z->z, format, check_id, (uint32_t)preset);
    else if (format == FORMAT_ALONE && filters.count == 1 && filters.chain[0].id == LZMA_FILTER_LZMA1) code = lzma_alone_encoder(&z->z, filters.chain[0].options);
    else if (format == FORMAT_ALONE) return raise_value_error(t, "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
    else code = start_filters(&z->z, format, check_id, &filters);
    return check(t, code) ? object_value(MOVE_POINTER(z)) : ERROR;
}
static Value compress(Thread *t, Lzma *l, const char *data, size_t length, lzma_action action)
{
    ByteBuilder out;
    byte_builder_start(t, &out);
    lzma_stream *z = &l->z;
    z->next_in = (const uint8_t *)data;
    z->avail_in = length;
    for (;;) {
        size_t room = pieces_room(&out);
        char *to = byte_builder_reserve(&out, room);
        if (!to) break;
        z->next_out = (uint8_t *)to;
        z->avail_out = room;
        lzma_ret code;
        BLOCKING(t, GIL_COMPRESS, code = lzma_code(z, action));
        out.length += room - z->avail_out;
        if (code == LZMA_BUF_ERROR && z->avail_in == 0 && z->avail_out > 0) code = LZMA_OK;       // nothing to do
        if (!check(t, code)) {
            byte_builder_abandon(&out);
            return ERROR;
        }
        if (action == LZMA_RUN ? z->avail_in == 0 && z->avail_out > 0 : code == LZMA_STREAM_END) break;
    }
    return byte_builder_finish(&out);
}
static Value compressor_compress(Thread *t, Value self, const Value *args)
{
    Lzma *z = as_lzma(self);
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    HOLD_STREAM(t, &z->lock, GIL_COMPRESS);
    return z->flushed ? raise_value_error(t, "Compressor has been flushed") : compress(t, z, data.data, (size_t)data.length, LZMA_RUN);
}
static Value compressor_flush(Thread *t, Value self, const Value *args)
{
    Lzma *z = as_lzma(self);
    HOLD_STREAM(t, &z->lock, GIL_COMPRESS);
    if (z->flushed) return raise_value_error(t, "Repeated call to flush()");
    z->flushed = true;
    return compress(t, z, NULL, 0, LZMA_FINISH);
}
static const Method compressor_methods[] = {
    {"compress", compressor_compress, "(self, data, /)", "Compress more data: what can be given out already."},
    {"flush", compressor_flush, "(self)", "Give out the end."},
    {0},
};
static const TypeSpec compressor_spec = {
    .name = "_lzma.LZMACompressor", .doc = "Compresses piece by piece.", .size = sizeof(Lzma), .slots = {.finish = lzma_finish},
    .methods = compressor_methods, .new_signature = "(format=1, check=-1, preset=None, filters=None)", .construct = compressor_construct,
};

static Value decompressor_construct(Thread *t, Type *type, const Value *args)
{
    int format;
    uint64_t limit = UINT64_MAX;
    Filters filters = {0};
    if (!int_as_int(t, args[0], &format)) return ERROR;
    if (!is_none(args[1])) {
        if (format == FORMAT_RAW) return raise_value_error(t, "Cannot specify memory limit with FORMAT_RAW");
        if (!int_as_u64(t, args[1], &limit)) return ERROR;
    }
    if (format == FORMAT_RAW && is_none(args[2])) return raise_value_error(t, "Must specify filters for FORMAT_RAW");
    if (format != FORMAT_RAW && !is_none(args[2])) return raise_value_error(t, "Cannot specify filters except with FORMAT_RAW");
    OWN_POINTER Lzma *z = lzma_blank(t, type);
    if (!z) return ERROR;
    lzma_ret code;
    switch (format) {
    case FORMAT_AUTO: code = lzma_auto_decoder(&z->z, limit, LZMA_TELL_NO_CHECK | LZMA_TELL_ANY_CHECK); break;
    case FORMAT_XZ: code = lzma_stream_decoder(&z->z, limit, LZMA_TELL_NO_CHECK | LZMA_TELL_ANY_CHECK); break;
    case FORMAT_ALONE:
        z->check = LZMA_CHECK_NONE;
        code = lzma_alone_decoder(&z->z, limit);
        break;
    case FORMAT_RAW:
        z->check = LZMA_CHECK_NONE;
        if (!filters_from(t, args[2], &filters)) return ERROR;
        code = lzma_raw_decoder(&z->z, filters.chain);
        break;
    default: return raise_value_error(t, "Invalid container format: %d", format);
    }
    return check(t, code) ? object_value(MOVE_POINTER(z)) : ERROR;
}
static bool decompress_step(Thread *t, void *stream, PieceStep *step)
{
    Lzma *l = stream;
    lzma_stream *z = &l->z;
    z->next_in = (const uint8_t *)step->data;
    z->avail_in = step->length;
    z->next_out = (uint8_t *)step->to;
    z->avail_out = step->room;
    lzma_ret code;
    do {
        BLOCKING(t, GIL_COMPRESS, code = lzma_code(z, LZMA_RUN));
        if (code == LZMA_GET_CHECK || code == LZMA_NO_CHECK) l->check = (int)lzma_get_check(z);
    } while ((code == LZMA_GET_CHECK || code == LZMA_NO_CHECK) && z->avail_in && z->avail_out);
    if (code == LZMA_BUF_ERROR && z->avail_in == 0 && z->avail_out > 0) code = LZMA_OK;
    step->consumed = step->length - z->avail_in;
    step->produced = step->room - z->avail_out;
    step->at_end = code == LZMA_STREAM_END;
    return check(t, code);
}
static Value decompressor_decompress(Thread *t, Value self, const Value *args)
{
    Lzma *z = as_lzma(self);
    ptrdiff_t most;
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0) || !object_as_index(t, args[1], &most, &exc_OverflowError)) return ERROR;
    HOLD_STREAM(t, &z->lock, GIL_COMPRESS);
    if (z->pieces.at_end) return raise_error(t, &exc_EOFError, "Already at end of stream");
    return pieces_decompress(t, &z->pieces, &data, most, decompress_step, z);
}
static Value get_check(Thread *t, Value self) { return small_int(as_lzma(self)->check); }
static Value get_eof(Thread *t, Value self) { return bool_value(as_lzma(self)->pieces.at_end); }
static Value get_needs_input(Thread *t, Value self) { return bool_value(as_lzma(self)->pieces.needs_input); }
static Value get_unused(Thread *t, Value self) { return retain(as_lzma(self)->pieces.unused); }
static const Method decompressor_methods[] = {{"decompress", decompressor_decompress, "(self, data, max_length=-1)", "Decompress more data, to at most so many bytes."}, {0}};
static const GetSet decompressor_getsets[] = {
    {"check", get_check, NULL, "the integrity check of the stream"}, {"eof", get_eof, NULL, "whether the end of the stream has been reached"},
    {"needs_input", get_needs_input, NULL, "whether more data are needed before more come out"}, {"unused_data", get_unused, NULL, "what was found behind the end"}, {0},
};
static const TypeSpec decompressor_spec = {
    .name = "_lzma.LZMADecompressor", .doc = "Decompresses piece by piece.", .size = sizeof(Lzma), .slots = {.finish = lzma_finish},
    .methods = decompressor_methods, .getsets = decompressor_getsets, .new_signature = "(format=0, memlimit=None, filters=None)", .construct = decompressor_construct,
};

// ---- Functions
static Value module_is_check_supported(Thread *t, Value self, const Value *args)
{
    int id;
    return int_as_int(t, args[0], &id) ? bool_value(id >= 0 && lzma_check_is_supported((lzma_check)id)) : ERROR;
}
static Value module_encode_properties(Thread *t, Value self, const Value *args)
{
    lzma_filter filter;
    FilterOptions options;
    uint32_t size;
    if (!filter_from(t, args[0], &filter, &options) || !check(t, lzma_properties_size(&size, &filter))) return ERROR;
    OWN Value data = bytes_from(t, NULL, size);
    return is_error(data) || !check(t, lzma_properties_encode(&filter, (uint8_t *)bytes_data(data))) ? ERROR : MOVE(data);
}
static Value properties_value(Thread *t, const lzma_filter *filter)
{
    OWN_POINTER Dict *d = dict_new(t);
    if (!d || !dict_set_text(t, d, "id", int_from_u64(t, filter->id))) return ERROR;
    const lzma_options_lzma *l = filter->options;
    switch (filter->id) {
    case LZMA_FILTER_LZMA1:
        if (!dict_set_text(t, d, "dict_size", small_int(l->dict_size)) || !dict_set_text(t, d, "lc", small_int(l->lc)) || !dict_set_text(t, d, "lp", small_int(l->lp)) ||
            !dict_set_text(t, d, "pb", small_int(l->pb))) return ERROR;
        break;
    case LZMA_FILTER_LZMA2:
        if (!dict_set_text(t, d, "dict_size", small_int(l->dict_size))) return ERROR;
        break;
    case LZMA_FILTER_DELTA:
        if (!dict_set_text(t, d, "dist", small_int(((const lzma_options_delta *)filter->options)->dist))) return ERROR;
        break;
    default:
        if (filter->options && !dict_set_text(t, d, "start_offset", small_int(((const lzma_options_bcj *)filter->options)->start_offset))) return ERROR;
    }
    return object_value(MOVE_POINTER(d));
}
static Value module_decode_properties(Thread *t, Value self, const Value *args)
{
    lzma_filter filter = {0};
    OWN_BUFFER Buffer data = {0};
    if (!int_as_u64(t, args[0], &filter.id) || !buffer_get(t, args[1], &data, 0)) return ERROR;
    if (!check(t, lzma_properties_decode(&filter, NULL, (const uint8_t *)data.data, (size_t)data.length))) return ERROR;
    Value result = properties_value(t, &filter);
    free(filter.options);
    return result;
}
static const Method functions[] = {
    {"is_check_supported", module_is_check_supported, "(check_id, /)", "Whether liblzma knows an integrity check."},
    {"_encode_filter_properties", module_encode_properties, "(filter, /)", "A filter's options as bytes."},
    {"_decode_filter_properties", module_decode_properties, "(filter_id, encoded_props, /)", "A filter of bytes."},
    {0},
};
#define WITHOUT_PREFIX(name) {#name, (int64_t)LZMA_##name}
static const NamedInt constants[] = {
    NAMED_INT(FORMAT_AUTO), NAMED_INT(FORMAT_XZ), NAMED_INT(FORMAT_ALONE), NAMED_INT(FORMAT_RAW), WITHOUT_PREFIX(CHECK_NONE), WITHOUT_PREFIX(CHECK_CRC32),
    WITHOUT_PREFIX(CHECK_CRC64), WITHOUT_PREFIX(CHECK_SHA256), WITHOUT_PREFIX(CHECK_ID_MAX), NAMED_INT(CHECK_UNKNOWN), WITHOUT_PREFIX(FILTER_LZMA1),
    WITHOUT_PREFIX(FILTER_LZMA2), WITHOUT_PREFIX(FILTER_DELTA), WITHOUT_PREFIX(FILTER_X86), WITHOUT_PREFIX(FILTER_POWERPC), WITHOUT_PREFIX(FILTER_IA64),
    WITHOUT_PREFIX(FILTER_ARM), WITHOUT_PREFIX(FILTER_ARMTHUMB), WITHOUT_PREFIX(FILTER_SPARC), WITHOUT_PREFIX(MF_HC3), WITHOUT_PREFIX(MF_HC4), WITHOUT_PREFIX(MF_BT2),
    WITHOUT_PREFIX(MF_BT3), WITHOUT_PREFIX(MF_BT4), WITHOUT_PREFIX(MODE_FAST), WITHOUT_PREFIX(MODE_NORMAL), WITHOUT_PREFIX(PRESET_DEFAULT), WITHOUT_PREFIX(PRESET_EXTREME),
};
static bool start(Thread *t, Value module)
{
    if (compressor_type.version == 0 && (!type_prepare(t, &compressor_type, &compressor_spec) || !type_prepare(t, &decompressor_type, &decompressor_spec))) return false;
    Value class = exception_class_new(t, "_lzma", "LZMAError", type_value(&exc_Exception), "Call to liblzma failed.");
    if (is_error(class)) return false;
    assign(&t->interp->module_slots[SLOT_LZMA_ERROR], retain(class));
    return module_add(t, module, "LZMAError", class) && module_add_ints(t, module, constants, COUNT_OF(constants)) && module_add_type(t, module, &compressor_type) &&
           module_add_type(t, module, &decompressor_type);
}
extern const ModuleSpec _lzma_spec;
const ModuleSpec _lzma_spec = {.name = "_lzma", .doc = "Compression by liblzma.", .functions = functions, .start = start};
