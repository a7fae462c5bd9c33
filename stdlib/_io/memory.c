// SPDX-License-Identifier: MIT
// stdlib/_io/memory.c: BytesIO and StringIO: files that live in memory.
#include "stdlib/_io/io.h"

Type bytesio_type, stringio_type;

// ---- BytesIO: over a bytearray, whose exports keep getbuffer() safe
typedef struct BytesIO { IoBase base; Value data; size_t at; } BytesIO;      // data UNBOUND: closed
static BytesIO *as_bytesio(Value v) { return (BytesIO *)as_object(v); }
static ByteArray *content(Thread *t, Value self)
{
    Value data = as_bytesio(self)->data;
    return is_unbound(data) ? error_null(raise_value_error(t, "I/O operation on closed file.")) : as_bytearray(data);
}
static Value bytesio_construct(Thread *t, Type *type, const Value *args)
{
    OWN_POINTER BytesIO *b = (BytesIO *)object_new(t, type);
    if (!b) return ERROR;
    b->data = bytearray_from(t, "", 0);
    return is_error(b->data) ? (b->data = UNBOUND, ERROR) : object_value(MOVE_POINTER(b));
}
static bool bytesio_initialize(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer buffer = {0};
    if (!is_none(args[0]) && !buffer_get(t, args[0], &buffer, 0)) return false;
    Value data = bytearray_from(t, buffer.data ? buffer.data : "", (size_t)buffer.length);
    if (is_error(data)) return false;
    assign(&as_bytesio(self)->data, data);
    as_bytesio(self)->at = 0;
    return true;
}
static size_t bytes_left(BytesIO *b, const ByteArray *data) { return b->at < data->length ? data->length - b->at : 0; }
static Value take(Thread *t, BytesIO *b, const ByteArray *data, size_t count)
{
    Value piece = bytes_from(t, count ? data->data + b->at : "", count);
    if (!is_error(piece)) b->at += count;
    return piece;
}
static Value bytesio_read(Thread *t, Value self, const Value *args)
{
    ByteArray *data = content(t, self);
    ptrdiff_t size;
    if (!data || !io_size(t, args[0], &size)) return ERROR;
    size_t left = bytes_left(as_bytesio(self), data);
    return take(t, as_bytesio(self), data, size < 0 || (size_t)size > left ? left : (size_t)size);
}
static Value line_from(Thread *t, BytesIO *b, const ByteArray *data, ptrdiff_t limit)
{
    size_t left = bytes_left(b, data);
    const char *newline = left ? memchr(data->data + b->at, '\n', left) : NULL;
    size_t length = newline ? (size_t)(newline - (data->data + b->at)) + 1 : left;
    return take(t, b, data, limit >= 0 && (size_t)limit < length ? (size_t)limit : length);
}
static Value bytesio_readline(Thread *t, Value self, const Value *args)
{
    ByteArray *data = content(t, self);
    ptrdiff_t limit;
    return data && io_size(t, args[0], &limit) ? line_from(t, as_bytesio(self), data, limit) : ERROR;
}
static Value bytesio_next(Thread *t, Value self)
{
    ByteArray *data = content(t, self);
    if (!data) return ERROR;
    return bytes_left(as_bytesio(self), data) ? line_from(t, as_bytesio(self), data, -1) : UNBOUND;
}
static Value bytesio_readinto(Thread *t, Value self, const Value *args)
{
    ByteArray *data = content(t, self);
    OWN_BUFFER Buffer buffer = {0};
    if (!data || !buffer_get(t, args[0], &buffer, BUFFER_WRITABLE)) return ERROR;
    size_t left = bytes_left(as_bytesio(self), data), count = left < (size_t)buffer.length ? left : (size_t)buffer.length;
    if (count) memmove(buffer.data, data->data + as_bytesio(self)->at, count);
    as_bytesio(self)->at += count;
    return int_value(t, (int64_t)count);
}
static Value bytesio_write(Thread *t, Value self, const Value *args)
{
    ByteArray *data = content(t, self);
    OWN_BUFFER Buffer buffer = {0};
    if (!data) return ERROR;
    if (is_str(args[0])) return raise_type_error(t, "a bytes-like object is required, not 'str'");
    if (data->exports) return raise_error(t, &exc_BufferError, "Existing exports of data: object cannot be re-sized");
    if (!buffer_get(t, args[0], &buffer, 0)) return ERROR;
    BytesIO *b = as_bytesio(self);
    size_t end = b->at + (size_t)buffer.length, before = data->length;
    if (buffer.length && end > before) {
        if (!bytearray_resize(t, b->data, end)) return ERROR;
        if (b->at > before) memset(as_bytearray(b->data)->data + before, 0, b->at - before);
    }
    if (buffer.length) memmove(as_bytearray(b->data)->data + b->at, buffer.data, (size_t)buffer.length);
    b->at = end;
    return int_value(t, buffer.length);
}
static Value bytesio_seek(Thread *t, Value self, const Value *args)
{
    ByteArray *data = content(t, self);
    int64_t offset;
    int whence;
    if (!data || !int_as_i64(t, args[0], &offset) || !int_as_int(t, args[1], &whence)) return ERROR;
    if (whence < 0 || whence > 2) return raise_value_error(t, "invalid whence (%d, should be 0, 1 or 2)", whence);
    if (whence == 0 && offset < 0) return raise_value_error(t, "negative seek value %ld", (long)offset);
    int64_t start = whence == 0 ? 0 : whence == 1 ? (int64_t)as_bytesio(self)->at : (int64_t)data->length;
    if (offset > INT64_MAX - start) return raise_error(t, &exc_OverflowError, "new position too large");
    as_bytesio(self)->at = start + offset < 0 ? 0 : (size_t)(start + offset);
    return int_value(t, (int64_t)as_bytesio(self)->at);
}
static Value bytesio_tell(Thread *t, Value self, const Value *args) { return content(t, self) ? int_value(t, (int64_t)as_bytesio(self)->at) : ERROR; }
static Value bytesio_truncate(Thread *t, Value self, const Value *args)
{
    ByteArray *data = content(t, self);
    if (!data) return ERROR;
    if (data->exports) return raise_error(t, &exc_BufferError, "Existing exports of data: object cannot be re-sized");
    int64_t size = (int64_t)as_bytesio(self)->at;
    if (!is_none(args[0]) && !int_as_i64(t, args[0], &size)) return ERROR;
    if (size < 0) return raise_value_error(t, "negative size value %ld", (long)size);
    if ((size_t)size < data->length && !bytearray_resize(t, as_bytesio(self)->data, (size_t)size)) return ERROR;
    return int_value(t, size);
}
static Value bytesio_getvalue(Thread *t, Value self, const Value *args)
{
    ByteArray *data = content(t, self);
    return data ? bytes_from(t, data->length ? data->data : "", data->length) : ERROR;
}
static Value bytesio_getbuffer(Thread *t, Value self, const Value *args)
{
    return content(t, self) ? call1(t, type_value(&memoryview_type), as_bytesio(self)->data) : ERROR;
}
static Value memory_true(Thread *t, Value self, const Value *args) { return content(t, self) ? TRUE : ERROR; }
static Value memory_false(Thread *t, Value self, const Value *args) { return content(t, self) ? FALSE : ERROR; }
static Value bytesio_close(Thread *t, Value self, const Value *args)
{
    Value data = as_bytesio(self)->data;
    if (!is_unbound(data) && as_bytearray(data)->exports) return raise_error(t, &exc_BufferError, "Existing exports of data: object cannot be re-sized");
    clear(&as_bytesio(self)->data);
    return NONE;
}
static Value bytesio_flush(Thread *t, Value self, const Value *args) { return content(t, self) ? NONE : ERROR; }
static Value bytesio_closed(Thread *t, Value self) { return bool_value(is_unbound(as_bytesio(self)->data)); }
static Value bytesio_getstate(Thread *t, Value self, const Value *args)
{
    OWN Value value = bytesio_getvalue(t, self, NULL);
    OWN Value dict = is_error(value) ? ERROR : object_get_dict(t, self);
    return is_error(dict) ? ERROR : tuple_of(t, 3, value, int_value(t, (int64_t)as_bytesio(self)->at), as_dict(dict)->count ? dict : NONE);
}
static Value bytesio_setstate(Thread *t, Value self, const Value *args)
{
    if (!io_check_open(t, self)) return ERROR;
    if (!is_tuple(args[0]) || as_tuple(args[0])->length != 3) return raise_type_error(t, "%T.__setstate__ argument should be 3-tuple, got %T", self, args[0]);
    Value *items = as_tuple(args[0])->items;
    if (!is_int(items[1])) return raise_type_error(t, "second item of state must be an integer, not %T", items[1]);
    if (!is_none(items[2]) && !is_dict(items[2])) return raise_type_error(t, "third item of state should be a dict, got a %T", items[2]);
    if (int_sign(items[1]) < 0) return raise_value_error(t, "position value cannot be negative");
    OWN Value position = UNBOUND;
    if (!bytesio_initialize(t, self, items)) return ERROR;
    position = bytesio_seek(t, self, (const Value[]){items[1], small_int(0)});
    return is_error(position) || (is_dict(items[2]) && !object_set_dict(t, self, items[2])) ? ERROR : NONE;
}
static void bytesio_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((BytesIO *)o)->data)) visit(((BytesIO *)o)->data, context);
}
static void bytesio_finish(Thread *t, Object *o) { clear(&((BytesIO *)o)->data); }
static const Method bytesio_methods[] = {
    {"read", bytesio_read, "(self, size=-1, /)", "Read at most size bytes, returned as a bytes object."}, {"read1", bytesio_read, "(self, size=-1, /)", NULL},
    {"readline", bytesio_readline, "(self, size=-1, /)", "Next line from the file, as a bytes object."}, {"readinto", bytesio_readinto, "(self, buffer, /)", NULL},
    {"write", bytesio_write, "(self, b, /)", "Write bytes to file."}, {"seek", bytesio_seek, "(self, pos, whence=0, /)", NULL}, {"tell", bytesio_tell, "(self, /)", NULL},
    {"truncate", bytesio_truncate, "(self, size=None, /)", NULL}, {"getvalue", bytesio_getvalue, "(self, /)", NULL}, {"getbuffer", bytesio_getbuffer, "(self, /)", NULL},
    {"readable", memory_true, "(self, /)", NULL}, {"writable", memory_true, "(self, /)", NULL}, {"seekable", memory_true, "(self, /)", NULL}, {"isatty", memory_false, "(self, /)", NULL},
    {"close", bytesio_close, "(self, /)", NULL}, {"flush", bytesio_flush, "(self, /)", NULL}, {"__getstate__", bytesio_getstate, "(self, /)", NULL}, {"__setstate__", bytesio_setstate, "(self, state, /)", NULL}, {0},
};
static const GetSet bytesio_getsets[] = {{"closed", bytesio_closed, NULL, NULL}, {0}};
const TypeSpec bytesio_spec = {
    .name = "_io.BytesIO", .doc = "Buffered I/O implementation using an in-memory bytes buffer.", .size = sizeof(BytesIO), .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS,
    .base = &bufferediobase_type, .slots = {.visit = bytesio_visit, .finish = bytesio_finish, .next = bytesio_next}, .methods = bytesio_methods, .getsets = bytesio_getsets,
    .new_signature = "(*args, **kwargs)", .construct = bytesio_construct, .init_signature = "(initial_bytes=None)", .initialize = bytesio_initialize,
};

// ---- StringIO: an array of code points; what is written goes through the newline rules, reads only end lines by them
typedef enum NewlineMode { NEWLINE_TRANSLATE, NEWLINE_ANY, NEWLINE_LF, NEWLINE_CR, NEWLINE_CRLF } NewlineMode;
typedef struct StringIO { IoBase base; Codepoint *text; size_t length, capacity, at; NewlineMode newline; bool closed; unsigned seen; } StringIO;   // seen: newlines met, as io_newlines_met has them
static StringIO *as_stringio(Value v) { return (StringIO *)as_object(v); }
static bool is_open(Thread *t, Value self) { return !as_stringio(self)->closed || error_false(raise_value_error(t, "I/O operation on closed file")); }

static bool put(Thread *t, StringIO *s, Codepoint c)
{
    if (s->at >= s->capacity) {
        size_t capacity = (s->at + 16) * 2;
        Codepoint *text = mem_reallocate(t, s->text, capacity * sizeof *text);
        if (!text) return false;
        s->text = text;
        s->capacity = capacity;
    }
    while (s->length < s->at) s->text[s->length++] = 0;
    s->text[s->at++] = c;
    if (s->at > s->length) s->length = s->at;
    return true;
}
static bool put_str(Thread *t, StringIO *s, Str *text)
{
    for (size_t i = 0; i < text->length; i++) {
        Codepoint c = str_at(text, i);
        bool pair = c == '\r' && i + 1 < text->length && str_at(text, i + 1) == '\n';
        if (s->newline <= NEWLINE_ANY && (c == '\r' || c == '\n')) s->seen |= pair ? 4 : c == '\r' ? 2 : i > 0 && str_at(text, i - 1) == '\r' ? 0 : 1;
        if (c == '\r' && s->newline == NEWLINE_TRANSLATE) {
            if (pair) continue;
            c = '\n';
        } else if (c == '\n' && s->newline == NEWLINE_CRLF) {
            if (!put(t, s, '\r')) return false;
        } else if (c == '\n' && s->newline == NEWLINE_CR) {
            c = '\r';
        }
        if (!put(t, s, c)) return false;
    }
    return true;
}
static bool newline_mode(Thread *t, Value newline, NewlineMode *mode)
{
    static const struct { const char *text; NewlineMode mode; } modes[] = {{"", NEWLINE_ANY}, {"\n", NEWLINE_LF}, {"\r", NEWLINE_CR}, {"\r\n", NEWLINE_CRLF}};
    *mode = NEWLINE_TRANSLATE;
    if (is_none(newline)) return true;
    if (!is_str(newline)) return error_false(raise_type_error(t, "newline must be str or None, not %T", newline));
    for (size_t i = 0; i < COUNT_OF(modes); i++)
        if (str_equal_text(as_str(newline), modes[i].text)) {
            *mode = modes[i].mode;
            return true;
        }
    return error_false(raise_value_error(t, "illegal newline value: %R", newline));
}
static bool stringio_initialize(Thread *t, Value self, const Value *args)
{
    StringIO *s = as_stringio(self);
    s->length = s->at = 0;
    s->seen = 0;
    s->closed = false;
    if (!newline_mode(t, args[1], &s->newline)) return false;
    if (is_none(args[0])) return true;
    if (!is_str(args[0])) return error_false(raise_type_error(t, "initial_value must be str or None, not %T", args[0]));
    if (!put_str(t, s, as_str(args[0]))) return false;
    s->at = 0;
    return true;
}
static Value stringio_write(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "string argument expected, got '%T'", args[0]);
    return is_open(t, self) && put_str(t, as_stringio(self), as_str(args[0])) ? int_value(t, (int64_t)as_str(args[0])->length) : ERROR;
}
static size_t text_left(StringIO *s) { return s->at < s->length ? s->length - s->at : 0; }
static Value take_text(Thread *t, StringIO *s, size_t count)
{
    Value piece = str_from_codepoints(t, s->text + (count ? s->at : 0), count);
    if (!is_error(piece)) s->at += count;
    return piece;
}
static Value stringio_read(Thread *t, Value self, const Value *args)
{
    ptrdiff_t size;
    if (!is_open(t, self) || !io_size(t, args[0], &size)) return ERROR;
    size_t left = text_left(as_stringio(self));
    return take_text(t, as_stringio(self), size < 0 || (size_t)size > left ? left : (size_t)size);
}
static size_t line_length(StringIO *s)
{
    size_t left = text_left(s);
    const Codepoint *text = s->text + s->at;
    for (size_t i = 0; i < left; i++) {
        bool next_is_lf = i + 1 < left && text[i + 1] == '\n';
        if (text[i] == '\n' && s->newline != NEWLINE_CR && s->newline != NEWLINE_CRLF) return i + 1;
        if (text[i] == '\r' && s->newline == NEWLINE_CR) return i + 1;
        if (text[i] == '\r' && (s->newline == NEWLINE_CRLF || s->newline == NEWLINE_ANY) && next_is_lf) return i + 2;
        if (text[i] == '\r' && s->newline == NEWLINE_ANY) return i + 1;
    }
    return left;
}
static Value stringio_readline(Thread *t, Value self, const Value *args)
{
    ptrdiff_t limit;
    if (!is_open(t, self) || !io_size(t, args[0], &limit)) return ERROR;
    size_t length = line_length(as_stringio(self));
    return take_text(t, as_stringio(self), limit >= 0 && (size_t)limit < length ? (size_t)limit : length);
}
static Value stringio_next(Thread *t, Value self)
{
    if (!is_open(t, self)) return ERROR;
    size_t length = line_length(as_stringio(self));
    return length ? take_text(t, as_stringio(self), length) : UNBOUND;
}
static Value stringio_getvalue(Thread *t, Value self, const Value *args)
{
    return is_open(t, self) ? str_from_codepoints(t, as_stringio(self)->text, as_stringio(self)->length) : ERROR;
}
static Value stringio_tell(Thread *t, Value self, const Value *args) { return is_open(t, self) ? int_value(t, (int64_t)as_stringio(self)->at) : ERROR; }
static Value stringio_seek(Thread *t, Value self, const Value *args)
{
    int64_t offset;
    int whence;
    if (!is_open(t, self) || !int_as_i64(t, args[0], &offset) || !int_as_int(t, args[1], &whence)) return ERROR;
    if (whence < 0 || whence > 2) return raise_value_error(t, "Invalid whence (%d, should be 0, 1 or 2)", whence);
    if (whence == 0 && offset < 0) return raise_value_error(t, "Negative seek position %ld", (long)offset);
    if (whence != 0 && offset != 0) return raise_error(t, &exc_OSError, "Can't do nonzero cur-relative seeks");
    StringIO *s = as_stringio(self);
    if (whence == 0 && (size_t)offset > SIZE_MAX / sizeof(Codepoint) - 1024) return raise_error(t, &exc_OverflowError, "new position too large");
    s->at = whence == 0 ? (size_t)offset : whence == 1 ? s->at : s->length;
    return int_value(t, (int64_t)s->at);
}
static Value stringio_truncate(Thread *t, Value self, const Value *args)
{
    if (!is_open(t, self)) return ERROR;
    int64_t size = (int64_t)as_stringio(self)->at;
    if (!is_none(args[0]) && !int_as_i64(t, args[0], &size)) return ERROR;
    if (size < 0) return raise_value_error(t, "Negative size value %ld", (long)size);
    if ((size_t)size < as_stringio(self)->length) as_stringio(self)->length = (size_t)size;
    return int_value(t, size);
}
static Value stringio_true(Thread *t, Value self, const Value *args) { return is_open(t, self) ? TRUE : ERROR; }
static Value stringio_close(Thread *t, Value self, const Value *args)
{
    StringIO *s = as_stringio(self);
    s->closed = true;
    mem_free(s->text);
    s->text = NULL;
    s->length = s->capacity = s->at = 0;
    return NONE;
}
static Value stringio_closed(Thread *t, Value self) { return bool_value(as_stringio(self)->closed); }
static Value stringio_line_buffering(Thread *t, Value self) { return is_open(t, self) ? FALSE : ERROR; }
static Value stringio_newlines(Thread *t, Value self) { return is_open(t, self) ? io_newlines_met(t, as_stringio(self)->seen) : ERROR; }
static void stringio_finish(Thread *t, Object *o) { mem_free(((StringIO *)o)->text); }
static Value stringio_getstate(Thread *t, Value self, const Value *args)
{
    static const char *const modes[] = {NULL, "", "\n", "\r", "\r\n"};
    OWN Value value = stringio_getvalue(t, self, NULL);
    const char *mode = modes[as_stringio(self)->newline];
    OWN Value newline = mode ? str_from_text(t, mode) : NONE;
    OWN Value dict = is_error(value) || is_error(newline) ? ERROR : object_get_dict(t, self);
    return is_error(dict) ? ERROR : tuple_of(t, 4, value, newline, int_value(t, (int64_t)as_stringio(self)->at), as_dict(dict)->count ? dict : NONE);
}
static Value stringio_setstate(Thread *t, Value self, const Value *args)
{
    if (!io_check_open(t, self)) return ERROR;
    if (!is_tuple(args[0]) || as_tuple(args[0])->length < 4) return raise_type_error(t, "%T.__setstate__ argument should be 4-tuple, got %T", self, args[0]);
    Value *items = as_tuple(args[0])->items;
    if (!is_str(items[0]) && !is_none(items[0])) return raise_type_error(t, "initial_value must be str or None, not %T", items[0]);
    if (!is_int(items[2])) return raise_type_error(t, "third item of state must be an integer, got %T", items[2]);
    if (!is_none(items[3]) && !is_dict(items[3])) return raise_type_error(t, "fourth item of state should be a dict, got a %T", items[3]);
    if (int_sign(items[2]) < 0) return raise_value_error(t, "position value cannot be negative");
    if (!stringio_initialize(t, self, (const Value[]){NONE, items[1]})) return ERROR;
    StringIO *s = as_stringio(self);
    for (size_t i = 0; is_str(items[0]) && i < as_str(items[0])->length; i++)      // as it stood: its newlines were translated when they were written
        if (!put(t, s, str_at(as_str(items[0]), i))) return ERROR;
    OWN Value position = stringio_seek(t, self, (const Value[]){items[2], small_int(0)});
    return is_error(position) || (is_dict(items[3]) && !object_set_dict(t, self, items[3])) ? ERROR : NONE;
}
static const Method stringio_methods[] = {
    {"write", stringio_write, "(self, s, /)", "Write string to file."}, {"read", stringio_read, "(self, size=-1, /)", "Read at most size characters, returned as a string."},
    {"readline", stringio_readline, "(self, size=-1, /)", "Read until newline or EOF."}, {"getvalue", stringio_getvalue, "(self, /)", "Retrieve the entire contents of the object."},
    {"tell", stringio_tell, "(self, /)", NULL}, {"seek", stringio_seek, "(self, pos, whence=0, /)", NULL}, {"truncate", stringio_truncate, "(self, pos=None, /)", NULL},
    {"readable", stringio_true, "(self, /)", NULL}, {"writable", stringio_true, "(self, /)", NULL}, {"seekable", stringio_true, "(self, /)", NULL}, {"close", stringio_close, "(self, /)", NULL},
    {"__getstate__", stringio_getstate, "(self, /)", NULL}, {"__setstate__", stringio_setstate, "(self, state, /)", NULL}, {0},
};
static const GetSet stringio_getsets[] = {{"closed", stringio_closed, NULL, NULL}, {"line_buffering", stringio_line_buffering, NULL, NULL}, {"newlines", stringio_newlines, NULL, NULL}, {0}};
const TypeSpec stringio_spec = {
    .name = "_io.StringIO", .doc = "Text I/O implementation using an in-memory buffer.", .size = sizeof(StringIO), .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS,
    .base = &textiobase_type, .slots = {.finish = stringio_finish, .next = stringio_next}, .methods = stringio_methods, .getsets = stringio_getsets,
    .init_signature = "(initial_value='', newline='\\n')", .initialize = stringio_initialize,
};
