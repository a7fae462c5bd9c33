// SPDX-License-Identifier: MIT
// stdlib/_io/buffered.c: BufferedReader, BufferedWriter, BufferedRandom and BufferedRWPair over a raw stream.
//
// Always   1. The buffer holds either bytes read ahead (data[start..end), read but not yet given out) or bytes to be
//             written (data[0..end), `dirty`), never both: going from one to the other empties it first.
//          2. `lock` is held while the buffer is in use: raw reads and writes let go of the GIL in between.
#include <errno.h>

#include "stdlib/_io/io.h"

typedef struct Buffered {
    IoBase base;
    Value raw;                 // UNBOUND: detached or never opened
    char *data;
    size_t size, start, end;
    bool dirty, readable, writable, ok;
    WaitLock lock;
} Buffered;

Type buffered_reader_type, buffered_writer_type, buffered_random_type, buffered_pair_type;
static Buffered *as_buffered(Value v) { return (Buffered *)as_object(v); }

static bool usable(Thread *t, Buffered *b)
{
    if (!is_unbound(b->raw)) return true;
    return error_false(raise_value_error(t, b->ok ? "raw stream has been detached" : "I/O operation on uninitialized object"));
}
Value io_raw_of(Value file)
{
    Type *type = type_of(file);
    return type == &buffered_reader_type || type == &buffered_writer_type || type == &buffered_random_type ? as_buffered(file)->raw : file;
}
static bool enter(Thread *t, Value self)
{
    Buffered *b = as_buffered(self);
    if (wait_lock_try(t, &b->lock)) return true;
    if (b->lock.owner == t->ident) return error_false(raise_error(t, &exc_RuntimeError, "reentrant call inside %R", self));
    return wait_lock_acquire(t, &b->lock, -1, GIL_LOCK, "file") > 0;
}
static void leave(Buffered *b) { wait_lock_release(&b->lock); }
static bool check_open(Thread *t, Value self, const char *complaint)
{
    if (!usable(t, as_buffered(self))) return false;
    int closed = io_is_closed(t, as_buffered(self)->raw);
    if (closed > 0) raise_value_error(t, complaint);
    return closed == 0;
}

// ---- The raw stream
// Bytes read; -1: raised; -2: would block.
static ptrdiff_t raw_read(Thread *t, Buffered *b, char *data, size_t length)
{
    if (is_exact_fileio(b->raw)) return fileio_read_into(t, (FileIO *)as_object(b->raw), data, length);
    OWN Value blank = bytearray_from(t, NULL, 0);
    if (is_error(blank) || !bytearray_resize(t, blank, length)) return -1;
    OWN Value got = call_method1(t, b->raw, NAME(readinto), blank);
    if (is_error(got)) return -1;
    if (is_none(got)) return -2;
    ptrdiff_t count;
    if (!object_as_index(t, got, &count, &exc_ValueError)) return -1;
    if (count < 0 || (size_t)count > length)
        return error_minus(raise_error(t, &exc_OSError, "raw readinto() returned invalid length %zd (should have been between 0 and %zu)", count, length));
    memcpy(data, as_bytearray(blank)->data, (size_t)count);
    return count;
}
static ptrdiff_t raw_write(Thread *t, Buffered *b, const char *data, size_t length)
{
    if (is_exact_fileio(b->raw)) return fileio_write_from(t, (FileIO *)as_object(b->raw), data, length);
    OWN Value bytes = bytes_from(t, data, length);
    OWN Value put = is_error(bytes) ? ERROR : call_method1(t, b->raw, NAME(write), bytes);
    if (is_error(put)) return -1;
    if (is_none(put)) return -2;
    ptrdiff_t count;
    if (!object_as_index(t, put, &count, &exc_ValueError)) return -1;
    if (count < 0 || (size_t)count > length)
        return error_minus(raise_error(t, &exc_OSError, "raw write() returned invalid length %zd (should have been between 0 and %zu)", count, length));
    return count;
}
static bool raw_seek(Thread *t, Buffered *b, int64_t offset, int whence, int64_t *at)
{
    OWN Value where = int_value(t, offset);
    OWN Value result = is_error(where) ? ERROR : call_method2(t, b->raw, NAME(seek), where, small_int(whence));
    if (is_error(result) || !int_as_i64(t, result, at)) return false;
    return *at >= 0 || error_false(raise_error(t, &exc_OSError, "Raw stream returned invalid position %ld", (long)*at));
}

static Value would_block(Thread *t, size_t written)
{
    OWN Value exception = call3(t, type_value(&exc_BlockingIOError), small_int(EAGAIN), NAME_VALUE(write), int_value(t, (int64_t)written));
    return is_error(exception) ? ERROR : raise_exception(t, MOVE(exception));
}
static bool flush_dirty(Thread *t, Buffered *b)
{
    size_t done = 0;
    ptrdiff_t put = 0;
    while (b->dirty && done < b->end && put >= 0) {
        put = raw_write(t, b, b->data + done, b->end - done);
        if (put > 0) done += (size_t)put;
        if (done < b->end && put >= 0 && !signals_poll(t)) put = -1;      // a signal cut the write short
    }
    if (done && b->dirty) {
        memmove(b->data, b->data + done, b->end - done);
        b->end -= done;
    }
    if (put == -2) return error_false(would_block(t, 0));
    if (put < 0) return false;
    if (b->dirty) b->dirty = false, b->start = b->end = 0;
    return true;
}
// Gives back what was read ahead, so that the raw position is the one that the program sees.
static bool drop_ahead(Thread *t, Buffered *b)
{
    if (b->dirty || b->start == b->end) {
        if (!b->dirty) b->start = b->end = 0;
        return true;
    }
    int64_t at;
    bool done = raw_seek(t, b, -(int64_t)(b->end - b->start), 1, &at);
    b->start = b->end = 0;
    return done;
}

// ---- Reading (the lock is held)
// Reads ahead once. Bytes that came; 0: end; -1, -2 as raw_read.
static ptrdiff_t fill(Thread *t, Buffered *b)
{
    if (!flush_dirty(t, b)) return -1;
    b->start = b->end = 0;
    ptrdiff_t got = raw_read(t, b, b->data, b->size);
    if (got > 0) b->end = (size_t)got;
    return got;
}
static size_t take_ahead(Buffered *b, char *out, size_t length)
{
    if (b->dirty) return 0;
    size_t have = b->end - b->start;
    if (have > length) have = length;
    memcpy(out, b->data + b->start, have);
    b->start += have;
    return have;
}
static Value read_all(Thread *t, Buffered *b)
{
    if (!flush_dirty(t, b)) return ERROR;
    OWN Value all = bytearray_from(t, b->data + b->start, b->end - b->start);
    b->start = b->end = 0;
    if (is_error(all)) return ERROR;
    IO_NAME(readall);
    OWN Value method = readall_name ? object_get_attr_optional(t, b->raw, readall_name) : ERROR;
    if (is_error(method)) return ERROR;
    if (!is_unbound(method)) {
        OWN Value rest = call0(t, method);
        if (is_error(rest)) return ERROR;
        if (is_none(rest)) return as_bytearray(all)->length ? bytes_from(t, as_bytearray(all)->data, as_bytearray(all)->length) : NONE;
        if (!is_bytes(rest)) return raise_type_error(t, "readall() should return bytes");
        if (as_bytearray(all)->length == 0) return MOVE(rest);
        if (!bytearray_append(t, all, bytes_data(rest), bytes_length(rest))) return ERROR;
        return bytes_from(t, as_bytearray(all)->data, as_bytearray(all)->length);
    }
    for (;;) {
        ptrdiff_t got = fill(t, b);
        if (got == -1) return ERROR;
        if (got == -2 && as_bytearray(all)->length == 0) return NONE;
        if (got <= 0) return bytes_from(t, as_bytearray(all)->data, as_bytearray(all)->length);
        if (!bytearray_append(t, all, b->data, b->end)) return ERROR;
        b->start = b->end;
    }
}
static Value read_exactly(Thread *t, Buffered *b, size_t size)
{
    OWN Value data = bytes_from(t, NULL, size);
    if (is_error(data)) return ERROR;
    size_t have = take_ahead(b, bytes_data(data), size);
    while (have < size) {
        ptrdiff_t got;
        if (size - have >= b->size) {
            if (!flush_dirty(t, b)) return ERROR;
            got = raw_read(t, b, bytes_data(data) + have, size - have);
            if (got > 0) have += (size_t)got;
        } else {
            got = fill(t, b);
            if (got > 0) have += take_ahead(b, bytes_data(data) + have, size - have);
        }
        if (got == -1) return ERROR;
        if (got == -2 && have == 0) return NONE;
        if (got <= 0) break;
    }
    return bytes_cut(t, MOVE(data), have);
}
#define LOCKED(self, result, expression) (enter(t, self) ? ({ __typeof__(expression) result_ = (expression); leave(as_buffered(self)); result_; }) : (result))

static Value buffered_read(Thread *t, Value self, const Value *args)
{
    ptrdiff_t size;
    if (!io_size(t, args[0], &size)) return ERROR;
    if (size < -1) return raise_value_error(t, "read length must be non-negative or -1");
    if (!check_open(t, self, "read of closed file")) return ERROR;
    Buffered *b = as_buffered(self);
    if (!b->readable) return io_unsupported(t, "not readable");
    return LOCKED(self, ERROR, size < 0 ? read_all(t, b) : read_exactly(t, b, (size_t)size));
}
static Value read_once(Thread *t, Buffered *b, size_t size)
{
    OWN Value data = bytes_from(t, NULL, size);
    if (is_error(data)) return ERROR;
    size_t have = take_ahead(b, bytes_data(data), size);
    if (have == 0 && size > 0) {
        ptrdiff_t got = fill(t, b);
        if (got == -1) return ERROR;
        if (got > 0) have = take_ahead(b, bytes_data(data), size);
    }
    return bytes_cut(t, MOVE(data), have);
}
static Value buffered_read1(Thread *t, Value self, const Value *args)
{
    ptrdiff_t size;
    if (!io_size(t, args[0], &size) || !check_open(t, self, "read of closed file")) return ERROR;
    Buffered *b = as_buffered(self);
    if (!b->readable) return io_unsupported(t, "not readable");
    return LOCKED(self, ERROR, read_once(t, b, size < 0 ? b->size : (size_t)size));
}
static Value peek_inside(Thread *t, Buffered *b)
{
    if (b->dirty || b->start == b->end) {
        ptrdiff_t got = fill(t, b);
        if (got == -1) return ERROR;
    }
    return bytes_from(t, b->data + b->start, b->end - b->start);
}
static Value buffered_peek(Thread *t, Value self, const Value *args)
{
    if (!check_open(t, self, "peek of closed file")) return ERROR;
    return LOCKED(self, ERROR, peek_inside(t, as_buffered(self)));
}
static Value read_line(Thread *t, Buffered *b, ptrdiff_t limit)
{
    OWN Value line = UNBOUND;             // bytearray of what came before the last fill
    for (;;) {
        if (b->dirty || b->start == b->end) {
            ptrdiff_t got = fill(t, b);
            if (got == -1) return ERROR;
            if (got <= 0) return is_unbound(line) ? bytes_from(t, "", 0) : bytes_from(t, as_bytearray(line)->data, as_bytearray(line)->length);
        }
        size_t have = b->end - b->start, before = is_unbound(line) ? 0 : as_bytearray(line)->length;
        if (limit >= 0 && have > (size_t)limit - before) have = (size_t)limit - before;
        const char *newline = memchr(b->data + b->start, '\n', have);
        size_t taken = newline ? (size_t)(newline - (b->data + b->start)) + 1 : have;
        bool whole = newline || (limit >= 0 && before + taken == (size_t)limit);
        const char *from = b->data + b->start;
        b->start += taken;
        if (whole && is_unbound(line)) return bytes_from(t, from, taken);
        if (is_unbound(line)) line = bytearray_from(t, NULL, 0);
        if (is_error(line) || !bytearray_append(t, line, from, taken)) return ERROR;
        if (whole) return bytes_from(t, as_bytearray(line)->data, as_bytearray(line)->length);
    }
}
static Value buffered_readline(Thread *t, Value self, const Value *args)
{
    ptrdiff_t limit;
    if (!io_size(t, args[0], &limit) || !check_open(t, self, "readline of closed file")) return ERROR;
    if (!as_buffered(self)->readable) return io_unsupported(t, "not readable");
    return LOCKED(self, ERROR, read_line(t, as_buffered(self), limit));
}
static Value buffered_next(Thread *t, Value self)
{
    OWN Value line = buffered_readline(t, self, (const Value[]){small_int(-1)});
    if (is_error(line)) return ERROR;
    return bytes_length(line) ? MOVE(line) : UNBOUND;
}
// Fills `target`, or, if `once`, as much of it as there is or one read brings.
static Value into(Thread *t, Buffered *b, Value target, bool once)
{
    OWN_BUFFER Buffer buffer = {0};
    if (!buffer_get(t, target, &buffer, BUFFER_WRITABLE)) return ERROR;
    size_t length = (size_t)buffer.length, have = take_ahead(b, buffer.data, length);
    while (have < length && !(once && have)) {
        ptrdiff_t got;
        if (length - have > b->size) {
            if (!flush_dirty(t, b)) return ERROR;
            b->start = b->end = 0;
            got = raw_read(t, b, buffer.data + have, length - have);
            if (got > 0) have += (size_t)got;
        } else {
            got = fill(t, b);
            if (got > 0) have += take_ahead(b, buffer.data + have, length - have);
        }
        if (got == -1) return ERROR;
        if (got == -2 && have == 0) return NONE;
        if (got <= 0) break;
    }
    return int_value(t, (int64_t)have);
}
static Value buffered_readinto(Thread *t, Value self, const Value *args)
{
    if (!check_open(t, self, "readinto of closed file")) return ERROR;
    return LOCKED(self, ERROR, into(t, as_buffered(self), args[0], false));
}
static Value buffered_readinto1(Thread *t, Value self, const Value *args)
{
    if (!check_open(t, self, "readinto of closed file")) return ERROR;
    return LOCKED(self, ERROR, into(t, as_buffered(self), args[0], true));
}

// ---- Writing
static bool write_inside(Thread *t, Buffered *b, const char *data, size_t length)
{
    if (!b->dirty && !drop_ahead(t, b)) return false;
    if (b->end + length > b->size && !flush_dirty(t, b)) return false;
    if (length < b->size) {
        memcpy(b->data + b->end, data, length);
        b->end += length;
        b->dirty = b->dirty || length > 0;
        return true;
    }
    for (size_t done = 0; done < length;) {
        ptrdiff_t put = raw_write(t, b, data + done, length - done);
        if (put == -1) return false;
        if (put == -2) {
            size_t rest = length - done < b->size ? length - done : b->size;
            memcpy(b->data, data + done, rest);
            b->end = rest;
            b->dirty = true;
            if (done + rest == length) return true;
            return error_false(would_block(t, done + rest));
        }
        done += (size_t)put;
        if (done < length && !signals_poll(t)) return false;       // a signal cut the write short
    }
    return true;
}
static Value buffered_write(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer buffer = {0};
    if (is_str(args[0])) return raise_type_error(t, "a bytes-like object is required, not 'str'");
    if (!buffer_get(t, args[0], &buffer, 0) || !check_open(t, self, "write to closed file")) return ERROR;
    if (!as_buffered(self)->writable) return io_unsupported(t, "not writable");
    bool done = LOCKED(self, false, check_open(t, self, "write to closed file") && write_inside(t, as_buffered(self), buffer.data, (size_t)buffer.length));
    return done ? int_value(t, buffer.length) : ERROR;
}
static Value buffered_flush(Thread *t, Value self, const Value *args)
{
    if (!check_open(t, self, "flush of closed file")) return ERROR;
    Buffered *b = as_buffered(self);
    if (!b->writable) return is_exact_fileio(b->raw) ? NONE : call_method0(t, b->raw, NAME(flush));
    bool done = LOCKED(self, false, flush_dirty(t, b) && drop_ahead(t, b));
    return done ? NONE : ERROR;
}

// ---- Position
static bool position(Thread *t, Buffered *b, int64_t *at)
{
    if (!raw_seek(t, b, 0, 1, at)) return false;
    *at += b->dirty ? (int64_t)b->end : -(int64_t)(b->end - b->start);
    return true;
}
static Value buffered_tell(Thread *t, Value self, const Value *args)
{
    int64_t at = 0;
    if (!usable(t, as_buffered(self))) return ERROR;
    bool done = LOCKED(self, false, position(t, as_buffered(self), &at));
    return done ? int_value(t, at < 0 ? 0 : at) : ERROR;
}
static bool seek_inside(Thread *t, Buffered *b, int64_t offset, int whence, int64_t *at)
{
    if (whence != 2 && b->readable && !b->dirty) {           // within what has been read ahead: no system call but one
        int64_t now;
        if (!raw_seek(t, b, 0, 1, &now)) return false;
        int64_t target = whence == 0 ? offset : now - (int64_t)(b->end - b->start) + offset, first = now - (int64_t)b->end;
        if (target >= first && target <= now && b->end) {
            b->start = (size_t)(target - first);
            *at = target;
            return true;
        }
    }
    if (!flush_dirty(t, b)) return false;
    if (whence == 1) offset -= (int64_t)(b->end - b->start);
    b->start = b->end = 0;
    return raw_seek(t, b, offset, whence, at);
}
static Value buffered_seek(Thread *t, Value self, const Value *args)
{
    int64_t offset, at = 0;
    int whence;
    if (!int_as_int(t, args[1], &whence)) return ERROR;
    if (whence < 0 || whence > 4) return raise_value_error(t, "whence value %d unsupported", whence);
    if (!check_open(t, self, "seek of closed file") || !int_as_i64(t, args[0], &offset)) return ERROR;
    OWN Value able = io_call(t, as_buffered(self)->raw, "seekable", NULL, 0);
    if (is_error(able)) return ERROR;
    if (!is_true(able)) return io_unsupported(t, "File or stream is not seekable.");
    bool done = LOCKED(self, false, seek_inside(t, as_buffered(self), offset, whence, &at));
    return done ? int_value(t, at) : ERROR;
}
static Value buffered_truncate(Thread *t, Value self, const Value *args)
{
    if (!check_open(t, self, "truncate of closed file")) return ERROR;
    if (!as_buffered(self)->writable) return io_unsupported(t, "truncate");
    OWN Value flushed = buffered_flush(t, self, NULL);
    if (is_error(flushed)) return ERROR;
    OWN Value size = is_none(args[0]) ? buffered_tell(t, self, NULL) : retain(args[0]);
    return is_error(size) ? ERROR : call_method1(t, as_buffered(self)->raw, NAME(truncate), size);
}

// ---- The rest goes to the raw stream
#define TO_RAW(name) static Value buffered_##name(Thread *t, Value self, const Value *args) { return usable(t, as_buffered(self)) ? io_call(t, as_buffered(self)->raw, #name, NULL, 0) : ERROR; }
TO_RAW(seekable)
TO_RAW(readable)
TO_RAW(writable)
TO_RAW(fileno)
TO_RAW(isatty)
static Value buffered_close(Thread *t, Value self, const Value *args)
{
    Buffered *b = as_buffered(self);
    if (!usable(t, b)) return ERROR;
    int closed = io_is_closed(t, b->raw);
    if (closed) return closed < 0 ? ERROR : NONE;
    if (b->base.finalizing) io_warn_unclosed(t, b->raw, self);
    OWN Value flushed = call_method0(t, self, NAME(flush));
    OWN Value error = error_take(t);
    if (!enter(t, self)) return ERROR;             // held until the raw stream is closed: a write in between is told so
    OWN Value done = is_unbound(b->raw) ? NONE : call_method0(t, b->raw, NAME(close));
    leave(b);
    return io_both(t, MOVE(error), done);
}
static Value buffered_dealloc_warn(Thread *t, Value self, const Value *args)
{
    if (!is_unbound(as_buffered(self)->raw)) io_warn_unclosed(t, as_buffered(self)->raw, args[0]);
    return NONE;
}
static Value buffered_detach(Thread *t, Value self, const Value *args)
{
    if (!usable(t, as_buffered(self))) return ERROR;
    OWN Value flushed = call_method0(t, self, NAME(flush));
    if (is_error(flushed) || !enter(t, self)) return ERROR;          // nobody may be reading from it
    Value raw = MOVE(as_buffered(self)->raw);
    leave(as_buffered(self));
    return is_unbound(raw) ? raise_value_error(t, "raw stream has been detached") : raw;
}
static Value get_closed(Thread *t, Value self) { return usable(t, as_buffered(self)) ? object_get_attr(t, as_buffered(self)->raw, NAME(closed)) : ERROR; }
static Value get_name(Thread *t, Value self) { return usable(t, as_buffered(self)) ? object_get_attr(t, as_buffered(self)->raw, NAME(name)) : ERROR; }
static Value get_mode(Thread *t, Value self) { return usable(t, as_buffered(self)) ? object_get_attr(t, as_buffered(self)->raw, NAME(mode)) : ERROR; }
static Value get_raw(Thread *t, Value self) { return usable(t, as_buffered(self)) ? retain(as_buffered(self)->raw) : ERROR; }
static Value buffered_repr(Thread *t, Value v)
{
    if (is_unbound(as_buffered(v)->raw)) return str_format(t, "<%T>", v);
    OWN Value name = object_get_attr_optional(t, as_buffered(v)->raw, NAME(name));
    if (is_error(name)) return ERROR;
    return is_unbound(name) ? str_format(t, "<%T>", v) : str_format(t, "<%T name=%R>", v, name);
}

// ---- Making
static Value buffered_construct(Thread *t, Type *type, const Value *args)
{
    Buffered *b = (Buffered *)object_new(t, type);
    if (!b) return ERROR;
    wait_lock_start(&b->lock);
    return object_value(b);
}
static bool initialize_inside(Thread *t, Buffered *b, const Value *args, bool readable, bool writable)
{
    ptrdiff_t size;
    b->ok = false;
    clear(&b->raw);
    if (!object_as_index(t, args[1], &size, &exc_OverflowError)) return false;
    if (size <= 0) return error_false(raise_value_error(t, "buffer size must be strictly positive"));
    if (readable && !io_ask(t, args[0], "readable")) return error_pending(t) ? false : error_false(io_unsupported(t, "File or stream is not readable."));
    if (writable && !io_ask(t, args[0], "writable")) return error_pending(t) ? false : error_false(io_unsupported(t, "File or stream is not writable."));
    char *data = mem_reallocate(t, b->data, (size_t)size);
    if (!data) return false;
    b->data = data;
    b->size = (size_t)size;
    b->start = b->end = 0;
    b->dirty = false;
    b->readable = readable;
    b->writable = writable;
    b->raw = retain(args[0]);
    b->ok = true;
    return true;
}
// The buffer may be in use just now, if the raw stream's read or write calls __init__.
static bool initialize(Thread *t, Value self, const Value *args, bool readable, bool writable)
{
    if (!enter(t, self)) return false;
    bool done = initialize_inside(t, as_buffered(self), args, readable, writable);
    leave(as_buffered(self));
    return done;
}
static bool reader_initialize(Thread *t, Value self, const Value *args) { return initialize(t, self, args, true, false); }
static bool writer_initialize(Thread *t, Value self, const Value *args) { return initialize(t, self, args, false, true); }
static bool random_initialize(Thread *t, Value self, const Value *args)
{
    if (!io_ask(t, args[0], "seekable")) return error_pending(t) ? false : error_false(io_unsupported(t, "File or stream is not seekable."));
    return initialize(t, self, args, true, true);
}
static void buffered_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((Buffered *)o)->raw)) visit(((Buffered *)o)->raw, context);
}
static void buffered_finish(Thread *t, Object *o)
{
    Buffered *b = (Buffered *)o;
    mem_free(b->data);
    wait_lock_end(&b->lock);
    clear(&b->raw);
}
static void buffered_finalize(Thread *t, Value v)
{
    if (!is_unbound(as_buffered(v)->raw)) io_finalize(t, v);
}
#define COMMON_METHODS \
    {"seek", buffered_seek, "(self, target, whence=0, /)", NULL}, {"tell", buffered_tell, "(self, /)", NULL}, {"truncate", buffered_truncate, "(self, pos=None, /)", NULL}, \
    {"flush", buffered_flush, "(self, /)", NULL}, {"close", buffered_close, "(self, /)", NULL}, {"detach", buffered_detach, "(self, /)", NULL}, \
    {"seekable", buffered_seekable, "(self, /)", NULL}, {"fileno", buffered_fileno, "(self, /)", NULL}, {"isatty", buffered_isatty, "(self, /)", NULL}, \
    {"_dealloc_warn", buffered_dealloc_warn, "(self, outermost, /)", NULL}
#define READ_METHODS \
    {"readable", buffered_readable, "(self, /)", NULL}, \
    {"read", buffered_read, "(self, size=-1, /)", NULL}, {"read1", buffered_read1, "(self, size=-1, /)", NULL}, {"peek", buffered_peek, "(self, size=0, /)", NULL}, \
    {"readline", buffered_readline, "(self, size=-1, /)", NULL}, {"readinto", buffered_readinto, "(self, buffer, /)", NULL}, {"readinto1", buffered_readinto1, "(self, buffer, /)", NULL}
#define WRITE_METHODS {"writable", buffered_writable, "(self, /)", NULL}, {"write", buffered_write, "(self, buffer, /)", NULL}
static const Method reader_methods[] = {COMMON_METHODS, READ_METHODS, {0}};
static const Method writer_methods[] = {COMMON_METHODS, WRITE_METHODS, {0}};
static const Method random_methods[] = {COMMON_METHODS, READ_METHODS, WRITE_METHODS, {0}};
static const GetSet common_getsets[] = {{"closed", get_closed, NULL, NULL}, {"name", get_name, NULL, NULL}, {"mode", get_mode, NULL, NULL}, {"raw", get_raw, NULL, NULL}, {0}};
#define BUFFERED_SPEC(full_name, slots_more, table, initializer) { \
    .name = full_name, .size = sizeof(Buffered), .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS, .base = &bufferediobase_type, \
    .slots = {.visit = buffered_visit, .finish = buffered_finish, .finalize = buffered_finalize, .repr = buffered_repr slots_more}, .methods = table, .getsets = common_getsets, \
    .new_signature = "(*args, **kwargs)", .construct = buffered_construct, .init_signature = "(raw, buffer_size=8192)", .initialize = initializer }
#define WITH_NEXT , .next = buffered_next
const TypeSpec buffered_reader_spec = BUFFERED_SPEC("_io.BufferedReader", WITH_NEXT, reader_methods, reader_initialize);
const TypeSpec buffered_writer_spec = BUFFERED_SPEC("_io.BufferedWriter", , writer_methods, writer_initialize);
const TypeSpec buffered_random_spec = BUFFERED_SPEC("_io.BufferedRandom", WITH_NEXT, random_methods, random_initialize);

// ---- BufferedRWPair: a reader and a writer side by side
typedef struct Pair { IoBase base; Value reader, writer; } Pair;
static Pair *as_pair(Value v) { return (Pair *)as_object(v); }
static bool pair_initialize(Thread *t, Value self, const Value *args)
{
    if (!io_ask(t, args[0], "readable")) return error_pending(t) ? false : error_false(io_unsupported(t, "File or stream is not readable."));
    if (!io_ask(t, args[1], "writable")) return error_pending(t) ? false : error_false(io_unsupported(t, "File or stream is not writable."));
    OWN Value reader = call2(t, type_value(&buffered_reader_type), args[0], args[2]);
    OWN Value writer = is_error(reader) ? ERROR : call2(t, type_value(&buffered_writer_type), args[1], args[2]);
    if (is_error(writer)) return false;
    assign(&as_pair(self)->reader, MOVE(reader));
    assign(&as_pair(self)->writer, MOVE(writer));
    return true;
}
static Value pair_to(Thread *t, Value part, const char *method, const Value *args, size_t nargs)
{
    return is_unbound(part) ? raise_value_error(t, "I/O operation on uninitialized object") : io_call(t, part, method, args, nargs);
}
#define PAIR_TO(part, name, n) static Value pair_##name(Thread *t, Value self, const Value *args) { return pair_to(t, as_pair(self)->part, #name, args, n); }
PAIR_TO(reader, read, 1)
PAIR_TO(reader, read1, 1)
PAIR_TO(reader, peek, 1)
PAIR_TO(reader, readinto, 1)
PAIR_TO(reader, readinto1, 1)
PAIR_TO(reader, readable, 0)
PAIR_TO(writer, write, 1)
PAIR_TO(writer, flush, 0)
PAIR_TO(writer, writable, 0)
static Value pair_isatty(Thread *t, Value self, const Value *args)
{
    OWN Value first = pair_to(t, as_pair(self)->writer, "isatty", NULL, 0);
    return is_error(first) || is_true(first) ? MOVE(first) : pair_to(t, as_pair(self)->reader, "isatty", NULL, 0);
}
static Value pair_close(Thread *t, Value self, const Value *args)
{
    OWN Value first = pair_to(t, as_pair(self)->writer, "close", NULL, 0);
    Value error = error_take(t);
    OWN Value second = pair_to(t, as_pair(self)->reader, "close", NULL, 0);
    return io_both(t, error, second);
}
static Value pair_closed(Thread *t, Value self) { return is_unbound(as_pair(self)->writer) ? raise_error(t, &exc_RuntimeError, "the BufferedRWPair object is being garbage-collected") : object_get_attr(t, as_pair(self)->writer, NAME(closed)); }
static void pair_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((Pair *)o)->reader)) visit(((Pair *)o)->reader, context);
    if (is_object(((Pair *)o)->writer)) visit(((Pair *)o)->writer, context);
}
static void pair_finish(Thread *t, Object *o)
{
    clear(&((Pair *)o)->reader);
    clear(&((Pair *)o)->writer);
}
static void pair_finalize(Thread *t, Value v)
{
    if (!is_unbound(as_pair(v)->writer)) io_finalize(t, v);
}
static const Method pair_methods[] = {
    {"read", pair_read, "(self, size=-1, /)", NULL}, {"read1", pair_read1, "(self, size=-1, /)", NULL}, {"peek", pair_peek, "(self, size=0, /)", NULL},
    {"readinto", pair_readinto, "(self, buffer, /)", NULL}, {"readinto1", pair_readinto1, "(self, buffer, /)", NULL}, {"readable", pair_readable, "(self, /)", NULL},
    {"write", pair_write, "(self, buffer, /)", NULL}, {"flush", pair_flush, "(self, /)", NULL}, {"writable", pair_writable, "(self, /)", NULL},
    {"isatty", pair_isatty, "(self, /)", NULL}, {"close", pair_close, "(self, /)", NULL}, {0},
};
static const GetSet pair_getsets[] = {{"closed", pair_closed, NULL, NULL}, {0}};
const TypeSpec buffered_pair_spec = {
    .name = "_io.BufferedRWPair", .size = sizeof(Pair), .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS, .base = &bufferediobase_type,
    .slots = {.visit = pair_visit, .finish = pair_finish, .finalize = pair_finalize}, .methods = pair_methods, .getsets = pair_getsets,
    .init_signature = "(reader, writer, buffer_size=8192, /)", .initialize = pair_initialize,
};
