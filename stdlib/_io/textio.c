// SPDX-License-Identifier: MIT
// stdlib/_io/textio.c: TextIOWrapper: text over a binary stream.
//
// Reading: `chunk` is text decoded but not yet given out from `at` on, newlines as they came; `tail` the bytes of a character
// that has not come whole. Writing: `pending` is encoded text not yet given to the buffer.
// Always   1. chunk and pending are not both in use: a write first gives back what was read ahead (by seeking), a read flushes.
//          2. tell() is the buffer's position less what is read ahead, encoded again: so it needs an encoding without state.
#include "runtime/types/float.h"
#include "stdlib/_io/io.h"

#define CHUNK_BYTES 8192
#define PENDING_MAX 8192

typedef enum Newline { NEWLINE_UNIVERSAL, NEWLINE_ANY, NEWLINE_LF, NEWLINE_CR, NEWLINE_CRLF } Newline;

typedef struct TextIO {
    IoBase base;
    Value buffer;                     // UNBOUND: detached or never opened
    Value encoding, errors;           // str
    char codec[32], handler[32];      // the same for C
    Value decoder, encoder;           // incremental ones of the codecs module, for encodings that the runtime does not decode; else UNBOUND
    bool native;                      // utf-8, ascii or latin-1
    Newline newline;
    bool line_buffering, write_through, ok, at_end, seen_text, telling;
    Value chunk;
    size_t at;
    bool no_returns;                  // no \r in chunk
    char tail[8];
    size_t tail_length;
    char *pending;
    size_t pending_length, pending_capacity;
    unsigned seen;                    // newlines met: 1 \n, 2 \r, 4 \r\n
} TextIO;

Type textiowrapper_type, incremental_newline_type;
static TextIO *as_text(Value v) { return (TextIO *)as_object(v); }

static bool usable(Thread *t, TextIO *f)
{
    if (f->ok && !is_unbound(f->buffer)) return true;
    return error_false(raise_value_error(t, f->ok ? "underlying buffer has been detached" : "I/O operation on uninitialized object"));
}
static bool open_for(Thread *t, TextIO *f) { return usable(t, f) && io_check_open(t, f->buffer); }

// ---- Writing
static bool flush_pending(Thread *t, TextIO *f)
{
    if (f->pending_length == 0) return true;
    OWN Value bytes = bytes_from(t, f->pending, f->pending_length);
    if (is_error(bytes)) return false;
    f->pending_length = 0;
    OWN Value done = call_method1(t, f->buffer, NAME(write), bytes);
    return !is_error(done);
}
static bool pend(Thread *t, TextIO *f, const char *data, size_t length)
{
    if (f->pending_length + length > f->pending_capacity) {
        size_t capacity = (f->pending_length + length) * 2 + 256;
        char *pending = mem_reallocate(t, f->pending, capacity);
        if (!pending) return false;
        f->pending = pending;
        f->pending_capacity = capacity;
    }
    if (length) memcpy(f->pending + f->pending_length, data, length);
    f->pending_length += length;
    return true;
}
static Value encode(Thread *t, TextIO *f, Str *text)
{
    if (is_unbound(f->encoder)) return str_encode(t, text, f->codec, f->handler);
    OWN Value bytes = call_method1(t, f->encoder, NAME(encode), object_value(text));
    if (is_error(bytes) || is_bytes(bytes)) return MOVE(bytes);
    return raise_type_error(t, "encoder should return a bytes object, not '%T'", bytes);
}
static bool drop_ahead(Thread *t, Value self);

static bool has_newline(const Str *text, Codepoint c)
{
    if (str_kind(text) == 1) return memchr(text->data, (int)c, text->length) != NULL;
    for (size_t i = 0; i < text->length; i++)
        if (str_at(text, i) == c) return true;
    return false;
}
static Value text_write(Thread *t, Value self, const Value *args)
{
    TextIO *f = as_text(self);
    if (!is_str(args[0])) return raise_type_error(t, "write() argument must be str, not %T", args[0]);
    if (!usable(t, f)) return ERROR;
    int closed = io_is_closed(t, f->buffer);
    if (closed) return closed < 0 ? ERROR : raise_value_error(t, "I/O operation on closed file.");
    if (!is_unbound(f->chunk) && !drop_ahead(t, self)) return ERROR;
    Str *text = as_str(args[0]);
    bool newline = has_newline(text, '\n');
    OWN Value translated = retain(args[0]);
    if (newline && (f->newline == NEWLINE_CR || f->newline == NEWLINE_CRLF)) {
        OWN Value lf = str_from_text(t, "\n");
        OWN Value other = str_from_text(t, f->newline == NEWLINE_CR ? "\r" : "\r\n");
        assign(&translated, is_error(lf) || is_error(other) ? ERROR : call_method2(t, args[0], NAME(replace), lf, other));
        if (is_error(translated)) return ERROR;
    }
    Str *out = as_str(translated);
    bool done;
    if (str_is_ascii(out) && f->native) {
        done = pend(t, f, out->data, out->length);
    } else {
        OWN Value bytes = encode(t, f, out);
        done = !is_error(bytes) && pend(t, f, bytes_data(bytes), bytes_length(bytes));
    }
    if (!done) return ERROR;
    bool flush_line = f->line_buffering && (newline || has_newline(text, '\r'));
    if ((f->write_through || flush_line || f->pending_length > PENDING_MAX) && !flush_pending(t, f)) return ERROR;
    if (flush_line) {
        OWN Value flushed = call_method0(t, f->buffer, NAME(flush));
        if (is_error(flushed)) return ERROR;
    }
    return int_value(t, (int64_t)text->length);
}
static Value text_flush(Thread *t, Value self, const Value *args)
{
    TextIO *f = as_text(self);
    if (!open_for(t, f) || !flush_pending(t, f)) return ERROR;
    return call_method0(t, f->buffer, NAME(flush));
}

// ---- Reading
// How many bytes at the end of UTF-8 data belong to a character that has not come whole.
static size_t incomplete_utf8(const char *data, size_t length)
{
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char c = (unsigned char)data[length - back];
        if (c < 0x80) return 0;
        if (c < 0xC0) continue;
        size_t whole = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
        return whole > back ? back : 0;
    }
    return 0;
}
static Value decode(Thread *t, TextIO *f, const char *data, size_t length, bool final)
{
    if (!is_unbound(f->decoder)) {
        OWN Value bytes = bytes_from(t, data, length);
        OWN Value text = is_error(bytes) ? ERROR : call_method2(t, f->decoder, NAME(decode), bytes, bool_value(final));
        if (is_error(text) || is_str(text)) return MOVE(text);
        return raise_type_error(t, "decoder should return a string result, not '%T'", text);
    }
    OWN Value joined = UNBOUND;
    if (f->tail_length) {
        joined = bytes_from(t, NULL, f->tail_length + length);
        if (is_error(joined)) return ERROR;
        memcpy(bytes_data(joined), f->tail, f->tail_length);
        if (length) memcpy(bytes_data(joined) + f->tail_length, data, length);
        data = bytes_data(joined);
        length += f->tail_length;
        f->tail_length = 0;
    }
    size_t rest = final || strcmp(f->codec, "utf-8") != 0 ? 0 : incomplete_utf8(data, length);
    memcpy(f->tail, data + length - rest, rest);
    f->tail_length = rest;
    return bytes_decode(t, data, length - rest, f->codec, f->handler);
}
// Appends the next piece to chunk, whose part that has been given out goes. 1: some text came, 0: the end, -1: raised.
static int read_more(Thread *t, TextIO *f)
{
    if (f->at_end) return 0;
    for (;;) {
        IO_NAME(read1);
        OWN Value bytes = read1_name ? object_get_attr_optional(t, f->buffer, read1_name) : ERROR;
        if (is_error(bytes)) return -1;
        assign(&bytes, is_unbound(bytes) ? call_method1(t, f->buffer, NAME(read), small_int(CHUNK_BYTES)) : call1(t, bytes, small_int(CHUNK_BYTES)));
        if (is_error(bytes)) return -1;
        OWN_BUFFER Buffer data = {0};
        if (is_none(bytes)) return 0;
        if (!buffer_get(t, bytes, &data, 0)) {
            error_clear(t);
            return error_minus(raise_type_error(t, "underlying read1() should have returned a bytes-like object, not '%T'", bytes));
        }
        bool final = data.length == 0;
        OWN Value text = decode(t, f, data.data ? data.data : "", (size_t)data.length, final);
        if (is_error(text)) return -1;
        if (final && as_str(text)->length == 0) {
            f->at_end = true;
            return 0;
        }
        if (as_str(text)->length == 0) continue;
        size_t left = is_unbound(f->chunk) ? 0 : as_str(f->chunk)->length - f->at;
        if (left) {
            OWN Value rest = str_substring(t, as_str(f->chunk), f->at, as_str(f->chunk)->length);
            assign(&text, is_error(rest) ? ERROR : str_concat(t, rest, text));
            if (is_error(text)) return -1;
        }
        f->no_returns = !has_newline(as_str(text), '\r');
        assign(&f->chunk, MOVE(text));
        f->at = 0;
        return 1;
    }
}
static size_t have(TextIO *f) { return is_unbound(f->chunk) ? 0 : as_str(f->chunk)->length - f->at; }

// With universal newlines a \r at the end of what has come may be half of a \r\n.
static bool ends_with_half(TextIO *f, size_t end)
{
    return (f->newline == NEWLINE_UNIVERSAL || f->newline == NEWLINE_ANY || f->newline == NEWLINE_CRLF) && end == as_str(f->chunk)->length && end > f->at &&
           str_at(as_str(f->chunk), end - 1) == '\r' && !f->at_end;
}
// The part of chunk up to `end`, newlines translated as the mode wants.
static Value give(Thread *t, TextIO *f, size_t end)
{
    OWN Value text = str_substring(t, as_str(f->chunk), f->at, end);
    if (is_error(text)) return ERROR;
    f->at = end;
    if (f->at == as_str(f->chunk)->length) {
        clear(&f->chunk);
        f->at = 0;
    }
    Str *s = as_str(text);
    if (f->newline > NEWLINE_ANY) return MOVE(text);
    if (f->no_returns || !has_newline(s, '\r')) {
        if (!(f->seen & 1) && has_newline(s, '\n')) f->seen |= 1;
        return MOVE(text);
    }
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        bool pair = c == '\r' && i + 1 < s->length && str_at(s, i + 1) == '\n';
        if (c == '\r') f->seen |= pair ? 4 : 2;
        if (c == '\n') f->seen |= 1;
        builder_add(&b, c == '\r' ? '\n' : c);
        if (pair) i++;
    }
    OWN Value translated = builder_finish(&b);
    return f->newline == NEWLINE_UNIVERSAL ? MOVE(translated) : MOVE(text);
}
static bool ready_to_read(Thread *t, Value self)
{
    TextIO *f = as_text(self);
    if (!open_for(t, f) || !flush_pending(t, f)) return false;
    if (have(f) || io_ask(t, f->buffer, "readable")) return true;
    return error_pending(t) ? false : error_false(io_unsupported(t, "not readable"));
}
static Value read_all(Thread *t, TextIO *f)
{
    OWN Value bytes = call_method0(t, f->buffer, NAME(read));
    if (is_error(bytes)) return ERROR;
    if (is_none(bytes)) bytes = bytes_from(t, "", 0);
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, bytes, &data, 0)) return ERROR;
    OWN Value text = decode(t, f, data.data ? data.data : "", (size_t)data.length, true);
    if (is_error(text)) return ERROR;
    if (have(f)) {
        OWN Value rest = str_substring(t, as_str(f->chunk), f->at, as_str(f->chunk)->length);
        assign(&text, is_error(rest) ? ERROR : str_concat(t, rest, text));
        if (is_error(text)) return ERROR;
    }
    f->no_returns = !has_newline(as_str(text), '\r');
    assign(&f->chunk, MOVE(text));
    f->at = 0;
    f->at_end = false;
    return give(t, f, as_str(f->chunk)->length);
}
static Value text_read(Thread *t, Value self, const Value *args)
{
    TextIO *f = as_text(self);
    ptrdiff_t size;
    if (!ready_to_read(t, self) || !io_size(t, args[0], &size)) return ERROR;
    if (size < 0) return read_all(t, f);
    f->at_end = false;
    OWN Value text = str_from_text(t, "");
    while (!is_error(text) && as_str(text)->length < (size_t)size) {
        size_t wanted = (size_t)size - as_str(text)->length;
        if (have(f) == 0 || ends_with_half(f, f->at + (wanted < have(f) ? wanted : have(f)))) {
            int more = read_more(t, f);
            if (more < 0) return ERROR;
            if (more == 0 && have(f) == 0) break;
            if (more > 0) continue;
        }
        size_t end = f->at + (wanted < have(f) ? wanted : have(f));
        if (f->newline <= NEWLINE_CRLF && end < as_str(f->chunk)->length && str_at(as_str(f->chunk), end - 1) == '\r' && str_at(as_str(f->chunk), end) == '\n' &&
            f->newline == NEWLINE_UNIVERSAL) end++;                         // do not tear \r\n apart: it is one character
        OWN Value piece = give(t, f, end);
        assign(&text, is_error(piece) ? ERROR : str_concat(t, text, piece));
    }
    return MOVE(text);
}
// Where the line that starts at `at` ends (behind its newline); 0: not within the chunk. from: where to begin looking.
static size_t line_end(TextIO *f, size_t from)
{
    Str *s = as_str(f->chunk);
    if (str_kind(s) == 1 && f->newline <= NEWLINE_LF && (f->no_returns || f->newline == NEWLINE_LF)) {
        const char *found = memchr(s->data + from, '\n', s->length - from);
        return found ? (size_t)(found - s->data) + 1 : 0;
    }
    for (size_t i = from; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        bool pair = c == '\r' && i + 1 < s->length && str_at(s, i + 1) == '\n';
        switch (f->newline) {
        case NEWLINE_LF: if (c == '\n') return i + 1; break;
        case NEWLINE_CR: if (c == '\r') return i + 1; break;
        case NEWLINE_CRLF: if (pair) return i + 2; break;
        default:
            if (c == '\n') return i + 1;
            if (c == '\r' && (i + 1 < s->length || f->at_end)) return i + 1 + pair;
        }
    }
    return 0;
}
static Value read_line(Thread *t, TextIO *f, ptrdiff_t limit)
{
    size_t looked = 0;
    f->at_end = false;
    for (;;) {
        size_t end = have(f) ? line_end(f, f->at + (looked < have(f) ? looked : 0)) : 0;
        if (end) {
            if (limit >= 0 && end > f->at + (size_t)limit) end = f->at + (size_t)limit;
            return give(t, f, end);
        }
        if (limit >= 0 && have(f) >= (size_t)limit) return limit && have(f) ? give(t, f, f->at + (size_t)limit) : str_from_text(t, "");
        looked = have(f) ? have(f) - 1 : 0;
        int more = read_more(t, f);
        if (more < 0) return ERROR;
        if (more > 0) continue;
        if (have(f) == 0) return str_from_text(t, "");
        f->at_end = true;
        end = line_end(f, f->at);
        return give(t, f, end ? end : as_str(f->chunk)->length);
    }
}
static Value text_readline(Thread *t, Value self, const Value *args)
{
    ptrdiff_t limit;
    return io_size(t, args[0], &limit) && ready_to_read(t, self) ? read_line(t, as_text(self), limit) : ERROR;
}
static Value text_next(Thread *t, Value self)
{
    TextIO *f = as_text(self);
    f->telling = false;
    OWN Value line = UNBOUND;
    if (type_of(self) == &textiowrapper_type) line = ready_to_read(t, self) ? read_line(t, f, -1) : ERROR;
    else line = call_method0(t, self, NAME(readline));
    if (is_error(line)) return ERROR;
    if (!is_str(line)) return raise_error(t, &exc_OSError, "readline() should have returned a str object, not '%T'", line);
    if (as_str(line)->length) return MOVE(line);
    f->telling = true;
    return UNBOUND;
}

// ---- Position
static void forget(TextIO *f)
{
    clear(&f->chunk);
    f->at = 0;
    f->tail_length = 0;
    f->at_end = false;
}
// How many bytes of the stream are read ahead. False: raised.
static bool ahead(Thread *t, TextIO *f, int64_t *count)
{
    *count = (int64_t)f->tail_length;
    if (have(f) == 0) return true;
    if (!is_unbound(f->decoder)) return error_false(raise_error(t, &exc_OSError, "can't tell the position in text of the encoding %R", f->encoding));
    OWN Value rest = str_substring(t, as_str(f->chunk), f->at, as_str(f->chunk)->length);
    OWN Value bytes = is_error(rest) ? ERROR : str_encode(t, as_str(rest), f->codec, strcmp(f->handler, "strict") == 0 ? "strict" : f->handler);
    if (is_error(bytes)) return false;
    *count += (int64_t)bytes_length(bytes);
    return true;
}
static bool drop_ahead(Thread *t, Value self)
{
    TextIO *f = as_text(self);
    int64_t count;
    if (!io_ask(t, f->buffer, "seekable")) {
        if (error_pending(t)) return false;
        return true;                    // a pipe or terminal: reading and writing are apart
    }
    if (!ahead(t, f, &count)) return false;
    forget(f);
    OWN Value back = int_value(t, -count);
    OWN Value done = count ? call_method2(t, f->buffer, NAME(seek), back, small_int(1)) : NONE;
    return !is_error(done);
}
static bool check_seekable(Thread *t, TextIO *f)
{
    if (!open_for(t, f)) return false;
    if (io_ask(t, f->buffer, "seekable")) return true;
    return error_pending(t) ? false : error_false(io_unsupported(t, "underlying stream is not seekable"));
}
static Value text_tell(Thread *t, Value self, const Value *args)
{
    TextIO *f = as_text(self);
    if (!check_seekable(t, f)) return ERROR;
    if (!f->telling) return raise_error(t, &exc_OSError, "telling position disabled by next() call");
    int64_t count, at;
    if (!flush_pending(t, f) || !ahead(t, f, &count)) return ERROR;
    OWN Value flushed = call_method0(t, f->buffer, NAME(flush));
    OWN Value position = is_error(flushed) ? ERROR : call_method0(t, f->buffer, NAME(tell));
    return is_error(position) || !int_as_i64(t, position, &at) ? ERROR : int_value(t, at - count);
}
static Value text_seek(Thread *t, Value self, const Value *args)
{
    TextIO *f = as_text(self);
    int whence;
    int64_t offset;
    if (!check_seekable(t, f) || !int_as_int(t, args[1], &whence) || !int_as_i64(t, args[0], &offset)) return ERROR;
    if (whence < 0 || whence > 2) return raise_value_error(t, "invalid whence (%d, should be 0, 1 or 2)", whence);
    if (whence != 0 && offset != 0) return io_unsupported(t, whence == 1 ? "can't do nonzero cur-relative seeks" : "can't do nonzero end-relative seeks");
    if (offset < 0) return raise_value_error(t, "negative seek position %ld", (long)offset);
    OWN Value target = whence == 1 ? text_tell(t, self, NULL) : retain(args[0]);
    if (is_error(target)) return ERROR;
    OWN Value flushed = text_flush(t, self, NULL);
    if (is_error(flushed)) return ERROR;
    forget(f);
    f->telling = true;
    if (!is_unbound(f->decoder)) {
        OWN Value reset = io_call(t, f->decoder, "reset", NULL, 0);
        if (is_error(reset)) return ERROR;
    }
    return call_method2(t, f->buffer, NAME(seek), target, small_int(whence == 2 ? 2 : 0));
}
static Value text_truncate(Thread *t, Value self, const Value *args)
{
    OWN Value flushed = text_flush(t, self, NULL);
    OWN Value size = is_error(flushed) ? ERROR : is_none(args[0]) ? text_tell(t, self, NULL) : retain(args[0]);
    return is_error(size) ? ERROR : call_method1(t, as_text(self)->buffer, NAME(truncate), size);
}

// ---- Making
static bool copy_text(Thread *t, Value v, char *to, size_t size)
{
    if (!str_is_ascii(as_str(v)) || as_str(v)->length >= size) return error_false(raise_error(t, &exc_LookupError, "unknown encoding: %S", v));
    memcpy(to, str_text(as_str(v)), as_str(v)->length);
    to[as_str(v)->length] = 0;
    return true;
}
static bool set_codec(Thread *t, TextIO *f)
{
    static const char *const spellings[][2] = {{"utf-8", "utf-8"}, {"utf8", "utf-8"}, {"utf_8", "utf-8"}, {"UTF-8", "utf-8"}, {"UTF8", "utf-8"}, {"ascii", "ascii"}, {"us-ascii", "ascii"}, {"ASCII", "ascii"},
        {"latin-1", "latin-1"}, {"latin1", "latin-1"}, {"iso-8859-1", "latin-1"}, {"iso8859-1", "latin-1"}, {"ISO-8859-1", "latin-1"}, {"latin_1", "latin-1"}};
    if (!copy_text(t, f->encoding, f->codec, sizeof f->codec) || !copy_text(t, f->errors, f->handler, sizeof f->handler)) return false;
    f->native = false;
    clear(&f->decoder);
    clear(&f->encoder);
    for (size_t i = 0; i < COUNT_OF(spellings); i++)
        if (strcmp(f->codec, spellings[i][0]) == 0) {
            strcpy(f->codec, spellings[i][1]);
            f->native = true;
            return true;
        }
    IO_NAME(codecs);
    OWN Value module = codecs_name ? t->interp->up.import_module(t, codecs_name) : ERROR;
    OWN Value info = is_error(module) ? ERROR : io_call(t, module, "lookup", &f->encoding, 1);
    if (is_error(info)) return false;
    OWN Value decoder = io_call(t, info, "incrementaldecoder", &f->errors, 1);
    OWN Value encoder = is_error(decoder) ? ERROR : io_call(t, info, "incrementalencoder", &f->errors, 1);
    if (is_error(encoder)) return false;
    f->decoder = MOVE(decoder);
    f->encoder = MOVE(encoder);
    return true;
}
static bool set_newline(Thread *t, TextIO *f, Value newline)
{
    static const struct { const char *text; Newline mode; } modes[] = {{"", NEWLINE_ANY}, {"\n", NEWLINE_LF}, {"\r", NEWLINE_CR}, {"\r\n", NEWLINE_CRLF}};
    f->newline = NEWLINE_UNIVERSAL;
    if (is_none(newline)) return true;
    if (!is_str(newline)) return error_false(raise_type_error(t, "newline must be str or None, not %T", newline));
    for (size_t i = 0; i < COUNT_OF(modes); i++)
        if (str_equal_text(as_str(newline), modes[i].text)) {
            f->newline = modes[i].mode;
            return true;
        }
    return error_false(raise_value_error(t, "illegal newline value: %R", newline));
}
// encoding None or "locale": UTF-8, the encoding of every place that Baton runs in.
static Value encoding_or_default(Thread *t, Value encoding)
{
    if (is_none(encoding) || (is_str(encoding) && str_equal_text(as_str(encoding), "locale"))) return str_from_text(t, "UTF-8");
    if (is_str(encoding)) return retain(encoding);
    return raise_type_error(t, "encoding must be str or None, not %T", encoding);
}
static bool text_initialize(Thread *t, Value self, const Value *args)
{
    TextIO *f = as_text(self);
    f->ok = false;
    forget(f);
    f->pending_length = 0;
    f->telling = true;
    OWN Value encoding = encoding_or_default(t, args[1]);
    if (is_error(encoding)) return false;
    if (!is_none(args[2]) && !is_str(args[2])) return error_false(raise_type_error(t, "errors must be str or None, not %T", args[2]));
    OWN Value errors = is_none(args[2]) ? str_from_text(t, "strict") : retain(args[2]);
    int line_buffering = object_truth(t, args[4]), write_through = object_truth(t, args[5]);
    if (is_error(errors) || line_buffering < 0 || write_through < 0 || !set_newline(t, f, args[3])) return false;
    assign(&f->encoding, MOVE(encoding));
    assign(&f->errors, MOVE(errors));
    if (!set_codec(t, f)) return false;
    f->line_buffering = line_buffering;
    f->write_through = write_through;
    assign(&f->buffer, retain(args[0]));
    f->ok = true;
    return true;
}
static Value text_reconfigure(Thread *t, Value self, const Value *args)
{
    TextIO *f = as_text(self);
    if (!usable(t, f)) return ERROR;
    bool new_codec = !is_none(args[0]) || !is_none(args[1]);
    if ((new_codec || !is_unbound(args[2])) && !is_unbound(f->chunk)) return io_unsupported(t, "It is not possible to set the encoding or newline of stream after the first read");
    OWN Value flushed = text_flush(t, self, NULL);
    if (is_error(flushed)) return ERROR;
    if (!is_none(args[0])) assign(&f->encoding, encoding_or_default(t, args[0]));
    if (is_error(f->encoding)) return f->encoding = UNBOUND, ERROR;
    if (!is_none(args[1])) assign(&f->errors, retain(args[1]));
    else if (!is_none(args[0])) assign(&f->errors, str_from_text(t, "strict"));
    if (new_codec && !set_codec(t, f)) return ERROR;
    if (!is_unbound(args[2]) && !set_newline(t, f, args[2])) return ERROR;
    if (!is_none(args[3])) f->line_buffering = object_truth(t, args[3]) > 0;
    if (!is_none(args[4])) f->write_through = object_truth(t, args[4]) > 0;
    return error_pending(t) ? ERROR : NONE;
}

// ---- The rest
#define TO_BUFFER(name) static Value text_##name(Thread *t, Value self, const Value *args) { return usable(t, as_text(self)) ? io_call(t, as_text(self)->buffer, #name, NULL, 0) : ERROR; }
TO_BUFFER(seekable)
TO_BUFFER(readable)
TO_BUFFER(writable)
TO_BUFFER(fileno)
TO_BUFFER(isatty)
static Value text_close(Thread *t, Value self, const Value *args)
{
    TextIO *f = as_text(self);
    if (!usable(t, f)) return ERROR;
    int closed = io_is_closed(t, f->buffer);
    if (closed) return closed < 0 ? ERROR : NONE;
    if (f->base.finalizing) io_warn_unclosed(t, f->buffer, self);
    OWN Value flushed = call_method0(t, self, NAME(flush));
    Value error = error_take(t);
    OWN Value done = is_unbound(f->buffer) ? NONE : call_method0(t, f->buffer, NAME(close));
    return io_both(t, error, done);
}
static Value text_detach(Thread *t, Value self, const Value *args)
{
    OWN Value flushed = text_flush(t, self, NULL);
    return is_error(flushed) ? ERROR : MOVE(as_text(self)->buffer);
}
static Value get_buffer(Thread *t, Value self) { return usable(t, as_text(self)) ? retain(as_text(self)->buffer) : ERROR; }
static Value get_encoding(Thread *t, Value self) { return is_unbound(as_text(self)->encoding) ? NONE : retain(as_text(self)->encoding); }
static Value get_errors(Thread *t, Value self) { return is_unbound(as_text(self)->errors) ? NONE : retain(as_text(self)->errors); }
static Value get_line_buffering(Thread *t, Value self) { return bool_value(as_text(self)->line_buffering); }
static Value get_write_through(Thread *t, Value self) { return bool_value(as_text(self)->write_through); }
static Value get_name(Thread *t, Value self) { return usable(t, as_text(self)) ? object_get_attr(t, as_text(self)->buffer, NAME(name)) : ERROR; }
static Value get_closed(Thread *t, Value self) { return usable(t, as_text(self)) ? object_get_attr(t, as_text(self)->buffer, NAME(closed)) : ERROR; }
static Value get_chunk_size(Thread *t, Value self) { return small_int(CHUNK_BYTES); }
static bool set_chunk_size(Thread *t, Value self, Value value) { return true; }
Value io_newlines_met(Thread *t, unsigned seen)
{
    static const char *const texts[] = {"\r", "\n", "\r\n"};
    static const unsigned bits[] = {2, 1, 4};
    OWN Value met = list_new(t, 3);
    for (size_t i = 0; i < 3 && !is_error(met); i++)
        if ((seen & bits[i]) && !list_append_owned(t, met, str_from_text(t, texts[i]))) return ERROR;
    if (is_error(met)) return ERROR;
    size_t count = as_list(met)->length;
    return count == 0 ? NONE : count == 1 ? retain(as_list(met)->items[0]) : list_to_tuple(t, met);
}
static Value get_newlines(Thread *t, Value self) { return io_newlines_met(t, as_text(self)->seen); }
static Value text_repr(Thread *t, Value v)
{
    TextIO *f = as_text(v);
    if (!f->ok) return raise_value_error(t, "I/O operation on uninitialized object");
    int inside = repr_enter(t, v);
    if (inside) return inside < 0 ? ERROR : raise_error(t, &exc_RuntimeError, "reentrant call inside %T.__repr__", v);
    OWN Value name = is_unbound(f->buffer) ? UNBOUND : object_get_attr_optional(t, v, NAME(name));
    OWN Value mode = is_error(name) ? ERROR : object_get_attr_optional(t, v, NAME(mode));
    Value text = ERROR;
    if (!is_error(mode)) {
        OWN Value first = is_unbound(name) ? str_from_text(t, "") : str_format(t, " name=%R", name);
        OWN Value second = is_unbound(mode) ? str_from_text(t, "") : str_format(t, " mode=%R", mode);
        if (!is_error(first) && !is_error(second)) text = str_format(t, "<_io.TextIOWrapper%S%S encoding=%R>", first, second, f->encoding);
    }
    repr_leave(t, v);
    return text;
}
static void text_visit(Object *o, VisitFn visit, void *context)
{
    TextIO *f = (TextIO *)o;
    Value owned[] = {f->buffer, f->decoder, f->encoder};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (is_object(owned[i])) visit(owned[i], context);
}
static void text_finish(Thread *t, Object *o)
{
    TextIO *f = (TextIO *)o;
    Value *owned[] = {&f->buffer, &f->decoder, &f->encoder, &f->encoding, &f->errors, &f->chunk};
    for (size_t i = 0; i < COUNT_OF(owned); i++) clear(owned[i]);
    mem_free(f->pending);
}
static void text_finalize(Thread *t, Value v)
{
    if (as_text(v)->ok && !is_unbound(as_text(v)->buffer)) io_finalize(t, v);
}
static const Method text_methods[] = {
    {"write", text_write, "(self, text, /)", NULL}, {"read", text_read, "(self, size=-1, /)", NULL}, {"readline", text_readline, "(self, size=-1, /)", NULL},
    {"flush", text_flush, "(self, /)", NULL}, {"close", text_close, "(self, /)", NULL}, {"detach", text_detach, "(self, /)", NULL}, {"seek", text_seek, "(self, cookie, whence=0, /)", NULL},
    {"tell", text_tell, "(self, /)", NULL}, {"truncate", text_truncate, "(self, pos=None, /)", NULL}, {"seekable", text_seekable, "(self, /)", NULL}, {"readable", text_readable, "(self, /)", NULL},
    {"writable", text_writable, "(self, /)", NULL}, {"fileno", text_fileno, "(self, /)", NULL}, {"isatty", text_isatty, "(self, /)", NULL},
    {"reconfigure", text_reconfigure, "(self, *, encoding=None, errors=None, newline=<unset>, line_buffering=None, write_through=None)", NULL}, {0},
};
static const GetSet text_getsets[] = {
    {"buffer", get_buffer, NULL, NULL}, {"encoding", get_encoding, NULL, NULL}, {"errors", get_errors, NULL, NULL}, {"line_buffering", get_line_buffering, NULL, NULL},
    {"write_through", get_write_through, NULL, NULL}, {"name", get_name, NULL, NULL}, {"closed", get_closed, NULL, NULL}, {"newlines", get_newlines, NULL, NULL},
    {"_CHUNK_SIZE", get_chunk_size, set_chunk_size, NULL}, {0},
};
const TypeSpec textiowrapper_spec = {
    .name = "_io.TextIOWrapper", .doc = "Character and line based layer over a BufferedIOBase object, buffer.", .size = sizeof(TextIO),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS, .base = &textiobase_type,
    .slots = {.visit = text_visit, .finish = text_finish, .finalize = text_finalize, .repr = text_repr, .next = text_next}, .methods = text_methods, .getsets = text_getsets,
    .init_signature = "(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)", .initialize = text_initialize,
};

// ---- IncrementalNewlineDecoder
typedef struct NewlineDecoder { Object head; Value decoder; bool translate, held_cr; unsigned seen; } NewlineDecoder;
static NewlineDecoder *as_newline(Value v) { return (NewlineDecoder *)as_object(v); }
static bool newline_initialize(Thread *t, Value self, const Value *args)
{
    int translate = object_truth(t, args[1]);
    assign(&as_newline(self)->decoder, retain(args[0]));
    as_newline(self)->translate = translate > 0;
    return translate >= 0;
}
static bool newline_ready(Thread *t, NewlineDecoder *d)
{
    return !is_unbound(d->decoder) || error_false(raise_value_error(t, "IncrementalNewlineDecoder.__init__() not called"));
}
static Value newline_decode(Thread *t, Value self, const Value *args)
{
    NewlineDecoder *d = as_newline(self);
    if (!newline_ready(t, d)) return ERROR;
    int final = object_truth(t, args[1]);
    OWN Value text = final < 0 ? ERROR : is_none(d->decoder) ? retain(args[0]) : call_method2(t, d->decoder, NAME(decode), args[0], bool_value(final));
    if (is_error(text)) return ERROR;
    if (!is_str(text)) return raise_type_error(t, "decoder should return a string result, not '%T'", text);
    Str *s = as_str(text);
    StrBuilder b;
    builder_start(t, &b);
    bool cr = d->held_cr;
    d->held_cr = false;
    for (size_t i = 0; i <= s->length; i++) {
        Codepoint c = i < s->length ? str_at(s, i) : 0;
        if (cr) {
            cr = false;
            if (i == s->length && !final) {
                d->held_cr = true;
                break;
            }
            bool pair = i < s->length && c == '\n';
            d->seen |= pair ? 4 : 2;
            if (d->translate) builder_add(&b, '\n');
            else builder_add(&b, '\r');
            if (pair && d->translate) continue;
            if (pair) {
                builder_add(&b, '\n');
                continue;
            }
        }
        if (i == s->length) break;
        if (c == '\r') {
            cr = true;
            continue;
        }
        if (c == '\n') d->seen |= 1;
        builder_add(&b, c);
    }
    return builder_finish(&b);
}
static Value newline_getstate(Thread *t, Value self, const Value *args)
{
    NewlineDecoder *d = as_newline(self);
    if (!newline_ready(t, d)) return ERROR;
    OWN Value empty = bytes_from(t, "", 0);
    if (is_none(d->decoder)) return is_error(empty) ? ERROR : tuple_of(t, 2, empty, small_int(d->held_cr));
    OWN Value state = io_call(t, d->decoder, "getstate", NULL, 0);
    if (is_error(state)) return ERROR;
    if (!is_tuple(state) || as_tuple(state)->length != 2) return raise_type_error(t, "illegal decoder state");
    int64_t flag;
    if (!int_as_i64(t, as_tuple(state)->items[1], &flag)) return ERROR;
    return tuple_of(t, 2, as_tuple(state)->items[0], int_value(t, flag << 1 | d->held_cr));
}
static Value newline_setstate(Thread *t, Value self, const Value *args)
{
    NewlineDecoder *d = as_newline(self);
    if (!newline_ready(t, d)) return ERROR;
    int64_t flag;
    if (!is_tuple(args[0]) || as_tuple(args[0])->length != 2) return raise_type_error(t, "state argument must be a tuple");
    if (!int_as_i64(t, as_tuple(args[0])->items[1], &flag)) return ERROR;
    d->held_cr = flag & 1;
    if (is_none(d->decoder)) return NONE;
    OWN Value state = tuple_of(t, 2, as_tuple(args[0])->items[0], int_value(t, flag >> 1));
    return is_error(state) ? ERROR : io_call(t, d->decoder, "setstate", &state, 1);
}
static Value newline_reset(Thread *t, Value self, const Value *args)
{
    NewlineDecoder *d = as_newline(self);
    if (!newline_ready(t, d)) return ERROR;
    d->held_cr = false;
    d->seen = 0;
    return is_none(d->decoder) ? NONE : io_call(t, d->decoder, "reset", NULL, 0);
}
static Value newline_newlines(Thread *t, Value self) { return io_newlines_met(t, as_newline(self)->seen); }
static void newline_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((NewlineDecoder *)o)->decoder)) visit(((NewlineDecoder *)o)->decoder, context);
}
static void newline_finish(Thread *t, Object *o) { clear(&((NewlineDecoder *)o)->decoder); }
static const Method newline_methods[] = {
    {"decode", newline_decode, "(self, input, final=False)", NULL}, {"getstate", newline_getstate, "(self, /)", NULL}, {"setstate", newline_setstate, "(self, state, /)", NULL},
    {"reset", newline_reset, "(self, /)", NULL}, {0},
};
static const GetSet newline_getsets[] = {{"newlines", newline_newlines, NULL, NULL}, {0}};
const TypeSpec incremental_newline_spec = {
    .name = "_io.IncrementalNewlineDecoder", .size = sizeof(NewlineDecoder), .flags = TYPE_BASE | TYPE_GC, .slots = {.visit = newline_visit, .finish = newline_finish},
    .methods = newline_methods, .getsets = newline_getsets, .init_signature = "(decoder, translate, errors='strict')", .initialize = newline_initialize,
};
