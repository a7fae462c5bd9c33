// SPDX-License-Identifier: MIT
// stdlib/_io/iobase.c: _IOBase and the three bases under it: what every file can do in terms of a few methods.
#include "runtime/types/exception.h"
#include "stdlib/_io/io.h"

Type iobase_type, rawiobase_type, bufferediobase_type, textiobase_type;

Value io_unsupported(Thread *t, const char *what)
{
    OWN Value message = str_from_text(t, what);
    return is_error(message) ? ERROR : raise_value(t, as_type(t->interp->module_slots[SLOT_IO_UNSUPPORTED]), message);
}
int io_is_closed(Thread *t, Value file)
{
    Value raw = io_raw_of(file);
    if (is_exact_fileio(raw)) return ((FileIO *)as_object(raw))->fd < 0;
    OWN Value closed = object_get_attr(t, file, NAME(closed));
    return is_error(closed) ? -1 : object_truth(t, closed);
}
bool io_check_open(Thread *t, Value file)
{
    int closed = io_is_closed(t, file);
    if (closed > 0) raise_value_error(t, "I/O operation on closed file.");
    return closed == 0;
}
Value io_call(Thread *t, Value file, const char *method, const Value *args, size_t nargs)
{
    OWN_POINTER Str *name = str_intern_text(t, method, strlen(method));
    return name ? call_method(t, file, name, args, nargs) : ERROR;
}
bool io_ask(Thread *t, Value file, const char *question)
{
    OWN Value answer = io_call(t, file, question, NULL, 0);
    return !is_error(answer) && object_truth(t, answer) > 0;
}
bool io_size(Thread *t, Value v, ptrdiff_t *size)
{
    *size = -1;
    if (is_none(v)) return true;
    if (!is_int(v) && !type_of(v)->slots.index) return error_false(raise_type_error(t, "argument should be integer or None, not '%T'", v));
    return object_as_index(t, v, size, &exc_OverflowError);
}
void io_finalize(Thread *t, Value v)
{
    int closed = io_is_closed(t, v);
    if (closed < 0) error_clear(t);
    if (closed != 0) return;
    if (type_is_subtype(type_of(v), &iobase_type)) ((IoBase *)as_object(v))->finalizing = true;
    OWN Value result = io_call(t, v, "close", NULL, 0);
    if (is_error(result)) error_clear(t);
}
Value io_both(Thread *t, TAKES Value first, Value second)
{
    OWN Value earlier = first;
    if (is_unbound(earlier)) return is_error(second) ? ERROR : NONE;
    if (is_error(second)) {
        OWN Value later = error_take(t);
        assign(&as_exception(later)->context, MOVE(earlier));
        error_restore(t, MOVE(later));
    } else error_restore(t, MOVE(earlier));
    return ERROR;
}
void io_warn_unclosed(Thread *t, Value stream, Value outermost)
{
    OWN Value pending = error_take(t);
    IO_NAME(_dealloc_warn);
    OWN Value method = _dealloc_warn_name ? object_get_attr_optional(t, stream, _dealloc_warn_name) : ERROR;
    OWN Value done = is_error(method) || is_unbound(method) ? NONE : call1(t, method, outermost);
    if (error_pending(t)) error_clear(t);
    error_restore(t, MOVE(pending));
}

// ---- _IOBase
static IoBase *as_base(Value v) { return (IoBase *)as_object(v); }

static Value base_seek(Thread *t, Value self, const Value *args) { return io_unsupported(t, "seek"); }
static Value base_tell(Thread *t, Value self, const Value *args) { return call_method2(t, self, NAME(seek), small_int(0), small_int(1)); }
static Value base_truncate(Thread *t, Value self, const Value *args) { return io_unsupported(t, "truncate"); }
static Value base_fileno(Thread *t, Value self, const Value *args) { return io_unsupported(t, "fileno"); }
static Value base_flush(Thread *t, Value self, const Value *args)
{
    if (as_base(self)->closed) return raise_value_error(t, "I/O operation on closed file.");
    return NONE;
}
Value io_base_close(Thread *t, Value self, const Value *args)
{
    if (as_base(self)->closed) return NONE;
    OWN Value flushed = call_method0(t, self, NAME(flush));
    as_base(self)->closed = true;
    return is_error(flushed) ? ERROR : NONE;
}
static Value base_false(Thread *t, Value self, const Value *args) { return FALSE; }
static Value base_isatty(Thread *t, Value self, const Value *args) { return io_check_open(t, self) ? FALSE : ERROR; }
static Value base_closed(Thread *t, Value self) { return bool_value(as_base(self)->closed); }
static Value base_dict(Thread *t, Value self) { return object_get_dict(t, self); }
static Value check_closed(Thread *t, Value self, const Value *args) { return io_check_open(t, self) ? NONE : ERROR; }
static Value check_able(Thread *t, Value self, const char *question, const char *complaint)
{
    if (io_ask(t, self, question)) return TRUE;
    return error_pending(t) ? ERROR : io_unsupported(t, complaint);
}
static Value check_readable(Thread *t, Value self, const Value *args) { return check_able(t, self, "readable", "File or stream is not readable."); }
static Value check_writable(Thread *t, Value self, const Value *args) { return check_able(t, self, "writable", "File or stream is not writable."); }
static Value check_seekable(Thread *t, Value self, const Value *args) { return check_able(t, self, "seekable", "File or stream is not seekable."); }
static Value base_enter(Thread *t, Value self, const Value *args) { return io_check_open(t, self) ? retain(self) : ERROR; }
static Value base_exit(Thread *t, Value self, const Value *args) { return call_method0(t, self, NAME(close)); }
static Value base_iter(Thread *t, Value self) { return io_check_open(t, self) ? retain(self) : ERROR; }
static Value base_next(Thread *t, Value self)
{
    OWN Value line = call_method0(t, self, NAME(readline));
    if (is_error(line)) return ERROR;
    ptrdiff_t length = object_length(t, line);
    return length < 0 ? ERROR : length == 0 ? UNBOUND : MOVE(line);
}
// A line by reading one byte at a time, or as far as peek() shows.
static Value base_readline(Thread *t, Value self, const Value *args)
{
    ptrdiff_t limit;
    if (!io_size(t, args[0], &limit)) return ERROR;
    IO_NAME(peek);
    OWN Value line = bytearray_from(t, NULL, 0);
    OWN Value peek = peek_name ? object_get_attr_optional(t, self, peek_name) : ERROR;
    if (is_error(line) || is_error(peek)) return ERROR;
    while (limit < 0 || (ptrdiff_t)as_bytearray(line)->length < limit) {
        ptrdiff_t want = 1;
        if (!is_unbound(peek)) {
            OWN Value ahead = call1(t, peek, small_int(1));
            if (is_error(ahead)) return ERROR;
            if (!is_bytes(ahead)) return raise_error(t, &exc_OSError, "peek() should have returned a bytes object, not '%T'", ahead);
            size_t length = bytes_length(ahead);
            if (length) {
                const char *newline = memchr(bytes_data(ahead), '\n', length);
                want = newline ? newline - bytes_data(ahead) + 1 : (ptrdiff_t)length;
                if (limit >= 0 && want > limit - (ptrdiff_t)as_bytearray(line)->length) want = limit - (ptrdiff_t)as_bytearray(line)->length;
            }
        }
        OWN Value piece = call_method1(t, self, NAME(read), small_int(want));
        if (is_error(piece)) return ERROR;
        if (!is_bytes(piece)) return raise_error(t, &exc_OSError, "read() should have returned a bytes object, not '%T'", piece);
        if (bytes_length(piece) == 0) break;
        if (!bytearray_append(t, line, bytes_data(piece), bytes_length(piece))) return ERROR;
        if (bytes_data(piece)[bytes_length(piece) - 1] == '\n') break;
    }
    return bytes_from(t, as_bytearray(line)->data, as_bytearray(line)->length);
}
static Value base_readlines(Thread *t, Value self, const Value *args)
{
    ptrdiff_t hint, total = 0;
    if (!io_size(t, args[0], &hint)) return ERROR;
    OWN Value lines = list_new(t, 0);
    OWN Value iterator = is_error(lines) ? ERROR : object_iter(t, self);
    while (!is_error(iterator)) {
        OWN Value line = object_next(t, iterator);
        if (is_unbound(line)) return MOVE(lines);
        if (is_error(line) || !list_append(t, lines, line)) return ERROR;
        ptrdiff_t length = object_length(t, line);
        if (length < 0) return ERROR;
        total += length;
        if (hint > 0 && total >= hint) return MOVE(lines);
    }
    return ERROR;
}
static Value base_writelines(Thread *t, Value self, const Value *args)
{
    if (!io_check_open(t, self)) return ERROR;
    OWN Value iterator = object_iter(t, args[0]);
    while (!is_error(iterator)) {
        OWN Value line = object_next(t, iterator);
        if (is_unbound(line)) return NONE;
        OWN Value written = is_error(line) ? ERROR : call_method1(t, self, NAME(write), line);
        if (is_error(written)) return ERROR;
    }
    return ERROR;
}
static const Method base_methods[] = {
    {"seek", base_seek, "(self, offset, whence=0, /)", "Change the stream position to the given byte offset."},
    {"tell", base_tell, "(self, /)", "Return current stream position."},
    {"truncate", base_truncate, "(self, pos=None, /)", "Truncate file to size bytes."},
    {"fileno", base_fileno, "(self, /)", "Returns underlying file descriptor if one exists."},
    {"flush", base_flush, "(self, /)", "Flush write buffers, if applicable."},
    {"close", io_base_close, "(self, /)", "Flush and close the IO object."},
    {"seekable", base_false, "(self, /)", "Return whether object supports random access."},
    {"readable", base_false, "(self, /)", "Return whether object was opened for reading."},
    {"writable", base_false, "(self, /)", "Return whether object was opened for writing."},
    {"isatty", base_isatty, "(self, /)", "Return whether this is an 'interactive' stream."},
    {"_checkClosed", check_closed, "(self, msg=None, /)", NULL},
    {"_checkReadable", check_readable, "(self, msg=None, /)", NULL},
    {"_checkWritable", check_writable, "(self, msg=None, /)", NULL},
    {"_checkSeekable", check_seekable, "(self, msg=None, /)", NULL},
    {"__enter__", base_enter, "(self, /)", NULL},
    {"__exit__", base_exit, "(self, /, *exc)", NULL},
    {"readline", base_readline, "(self, size=-1, /)", "Read and return a line from the stream."},
    {"readlines", base_readlines, "(self, hint=-1, /)", "Return a list of lines from the stream."},
    {"writelines", base_writelines, "(self, lines, /)", "Write a list of lines to stream."},
    {0},
};
static const GetSet base_getsets[] = {{"closed", base_closed, NULL, NULL}, {"__dict__", base_dict, NULL, NULL}, {0}};
#define IO_FLAGS (TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS)
const TypeSpec iobase_spec = {
    .name = "_io._IOBase", .doc = "The abstract base class for all I/O classes.", .size = sizeof(IoBase), .flags = IO_FLAGS,
    .slots = {.iter = base_iter, .next = base_next, .finalize = io_finalize}, .methods = base_methods, .getsets = base_getsets,
};

// ---- _RawIOBase
static Value raw_readall(Thread *t, Value self, const Value *args)
{
    OWN Value all = bytearray_from(t, NULL, 0);
    while (!is_error(all)) {
        OWN Value piece = call_method1(t, self, NAME(read), small_int(IO_DEFAULT_BUFFER));
        if (is_error(piece)) return ERROR;
        if (is_none(piece)) return as_bytearray(all)->length ? bytes_from(t, as_bytearray(all)->data, as_bytearray(all)->length) : NONE;
        if (!is_bytes(piece)) return raise_type_error(t, "read() should return bytes");
        if (bytes_length(piece) == 0) return bytes_from(t, as_bytearray(all)->data, as_bytearray(all)->length);
        if (!bytearray_append(t, all, bytes_data(piece), bytes_length(piece))) return ERROR;
    }
    return ERROR;
}
static Value raw_read(Thread *t, Value self, const Value *args)
{
    ptrdiff_t size;
    if (!io_size(t, args[0], &size)) return ERROR;
    if (size < 0) return io_call(t, self, "readall", NULL, 0);
    OWN Value blank = bytearray_from(t, NULL, 0);
    if (is_error(blank) || !bytearray_resize(t, blank, (size_t)size)) return ERROR;
    OWN Value got = call_method1(t, self, NAME(readinto), blank);
    if (is_error(got) || is_none(got)) return MOVE(got);
    ptrdiff_t count;
    if (!object_as_index(t, got, &count, &exc_ValueError)) return ERROR;
    if (count < 0 || count > size) return raise_value_error(t, "readinto returned %zd outside buffer size %zd", count, size);
    return bytes_from(t, as_bytearray(blank)->data, (size_t)count);
}
static Value not_implemented(Thread *t, Value self, const Value *args)
{
    OWN Value exception = call0(t, type_value(&exc_NotImplementedError));
    return is_error(exception) ? ERROR : raise_exception(t, MOVE(exception));
}
static const Method raw_methods[] = {
    {"read", raw_read, "(self, size=-1, /)", NULL},
    {"readall", raw_readall, "(self, /)", "Read until EOF, using multiple read() call."},
    {"readinto", not_implemented, "(self, buffer, /)", NULL},
    {"write", not_implemented, "(self, b, /)", NULL},
    {0},
};
const TypeSpec rawiobase_spec = {.name = "_io._RawIOBase", .doc = "Base class for raw binary I/O.", .size = sizeof(IoBase), .flags = IO_FLAGS, .base = &iobase_type, .methods = raw_methods};

// ---- _BufferedIOBase
static Value buffered_detach(Thread *t, Value self, const Value *args) { return io_unsupported(t, "detach"); }
static Value buffered_read(Thread *t, Value self, const Value *args) { return io_unsupported(t, "read"); }
static Value buffered_read1(Thread *t, Value self, const Value *args) { return io_unsupported(t, "read1"); }
static Value buffered_write(Thread *t, Value self, const Value *args) { return io_unsupported(t, "write"); }
static Value read_into(Thread *t, Value self, Value target, const char *method)
{
    OWN_BUFFER Buffer buffer = {0};
    if (!buffer_get(t, target, &buffer, BUFFER_WRITABLE)) return ERROR;
    OWN Value data = io_call(t, self, method, (const Value[]){int_value(t, buffer.length)}, 1);
    if (is_error(data)) return ERROR;
    if (!is_bytes(data)) return raise_type_error(t, "read() should return bytes");
    if ((ptrdiff_t)bytes_length(data) > buffer.length) return raise_value_error(t, "read() returned too much data: %zd bytes requested, %zu returned", buffer.length, bytes_length(data));
    memcpy(buffer.data, bytes_data(data), bytes_length(data));
    return int_value(t, (int64_t)bytes_length(data));
}
static Value buffered_readinto(Thread *t, Value self, const Value *args) { return read_into(t, self, args[0], "read"); }
static Value buffered_readinto1(Thread *t, Value self, const Value *args) { return read_into(t, self, args[0], "read1"); }
static const Method buffered_methods[] = {
    {"detach", buffered_detach, "(self, /)", "Disconnect this buffer from its underlying raw stream and return it."},
    {"read", buffered_read, "(self, size=-1, /)", "Read and return up to n bytes."},
    {"read1", buffered_read1, "(self, size=-1, /)", "Read and return up to n bytes, with at most one read() call to the underlying raw stream."},
    {"write", buffered_write, "(self, b, /)", "Write the given buffer to the IO stream."},
    {"readinto", buffered_readinto, "(self, buffer, /)", NULL},
    {"readinto1", buffered_readinto1, "(self, buffer, /)", NULL},
    {0},
};
const TypeSpec bufferediobase_spec = {.name = "_io._BufferedIOBase", .doc = "Base class for buffered IO objects.", .size = sizeof(IoBase), .flags = IO_FLAGS, .base = &iobase_type, .methods = buffered_methods};

// ---- _TextIOBase
static Value text_detach(Thread *t, Value self, const Value *args) { return io_unsupported(t, "detach"); }
static Value text_read(Thread *t, Value self, const Value *args) { return io_unsupported(t, "read"); }
static Value text_readline(Thread *t, Value self, const Value *args) { return io_unsupported(t, "readline"); }
static Value text_write(Thread *t, Value self, const Value *args) { return io_unsupported(t, "write"); }
static Value text_none(Thread *t, Value self) { return NONE; }
static const Method text_methods[] = {
    {"detach", text_detach, "(self, /)", NULL}, {"read", text_read, "(self, size=-1, /)", NULL}, {"readline", text_readline, "(self, size=-1, /)", NULL},
    {"write", text_write, "(self, s, /)", NULL}, {0},
};
static const GetSet text_getsets[] = {{"encoding", text_none, NULL, NULL}, {"newlines", text_none, NULL, NULL}, {"errors", text_none, NULL, NULL}, {0}};
const TypeSpec textiobase_spec = {.name = "_io._TextIOBase", .doc = "Base class for text I/O.", .size = sizeof(IoBase), .flags = IO_FLAGS, .base = &iobase_type, .methods = text_methods, .getsets = text_getsets};
