// SPDX-License-Identifier: MIT
// stdlib/_io/_io.c: the module: open(), the standard streams, and the types.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/types/float.h"
#include "runtime/types/exception.h"
#include "stdlib/_io/io.h"

typedef struct Mode { bool creating, reading, writing, appending, updating, text, binary; char raw[8]; } Mode;

static bool parse_mode(Thread *t, Value mode, Mode *m)
{
    if (!is_str(mode)) return error_false(raise_type_error(t, "open() argument 'mode' must be str, not %T", mode));
    *m = (Mode){0};
    for (size_t i = 0; i < as_str(mode)->length; i++) {
        Codepoint c = str_at(as_str(mode), i);
        bool *flag = c == 'x' ? &m->creating : c == 'r' ? &m->reading : c == 'w' ? &m->writing : c == 'a' ? &m->appending : c == '+' ? &m->updating : c == 't' ? &m->text : c == 'b' ? &m->binary : NULL;
        if (!flag || *flag) return error_false(raise_value_error(t, "invalid mode: %R", mode));
        *flag = true;
    }
    int kinds = m->creating + m->reading + m->writing + m->appending;
    if (m->text && m->binary) return error_false(raise_value_error(t, "can't have text and binary mode at once"));
    if (kinds > 1) return error_false(raise_value_error(t, "must have exactly one of create/read/write/append mode"));
    if (kinds == 0) return error_false(raise_value_error(t, "Must have exactly one of create/read/write/append mode and at most one plus"));
    char *out = m->raw;
    *out++ = m->creating ? 'x' : m->reading ? 'r' : m->writing ? 'w' : 'a';
    if (m->updating) *out++ = '+';
    *out = 0;
    return true;
}

// Closes what has been opened so far, then lets the exception that is pending go on.
static Value abandon(Thread *t, Value file)
{
    Value error = error_take(t);
    OWN Value closed = call_method0(t, file, NAME(close));
    if (error_pending(t)) error_clear(t);
    error_restore(t, error);
    return ERROR;
}

static Value wrap_text(Thread *t, Value buffer, Value encoding, Value errors, Value newline, bool line_buffering, const char *mode)
{
    Value args[] = {buffer, encoding, errors, newline, bool_value(line_buffering)};
    OWN Value text = call(t, type_value(&textiowrapper_type), args, 5, UNBOUND);
    OWN Value shown = is_error(text) ? ERROR : str_from_text(t, mode);
    if (is_error(shown) || !object_set_attr(t, text, NAME(mode), shown)) return ERROR;
    return MOVE(text);
}

Value io_open(Thread *t, Value self, const Value *args)
{
    Value file = args[0], encoding = args[3], errors = args[4], newline = args[5], closefd = args[6], opener = args[7];
    Mode m;
    ptrdiff_t buffering;
    if (!parse_mode(t, args[1], &m) || !object_as_index(t, args[2], &buffering, &exc_OverflowError)) return ERROR;
    if (m.binary && !is_none(encoding)) return raise_value_error(t, "binary mode doesn't take an encoding argument");
    if (m.binary && !is_none(errors)) return raise_value_error(t, "binary mode doesn't take an errors argument");
    if (m.binary && !is_none(newline)) return raise_value_error(t, "binary mode doesn't take a newline argument");
    if (m.binary && buffering == 1 && !warn(t, &exc_RuntimeWarning, 1, "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used")) return ERROR;
    OWN Value raw_mode = str_from_text(t, m.raw);
    if (is_error(raw_mode)) return ERROR;
    OWN Value path = is_str(file) || is_bytes(file) || is_int(file) ? retain(file) : call_special(t, file, NAME(__fspath__), NULL, 0);
    if (is_unbound(path)) path = retain(file);
    if (is_error(path)) return ERROR;
    OWN Value raw = call(t, type_value(&fileio_type), (const Value[]){path, raw_mode, closefd, opener}, 4, UNBOUND);
    if (is_error(raw)) return ERROR;
    bool terminal = false;
    if (buffering < 0 || (buffering == 1 && !m.binary)) {
        terminal = buffering == 1 || isatty(((FileIO *)as_object(raw))->fd);
        buffering = (ptrdiff_t)fileio_block_size((FileIO *)as_object(raw));
    } else if (buffering == 1) {
        buffering = (ptrdiff_t)fileio_block_size((FileIO *)as_object(raw));
    }
    if (buffering == 0) {
        if (m.binary) return MOVE(raw);
        raise_value_error(t, "can't have unbuffered text I/O");
        return abandon(t, raw);
    }
    Type *type = m.updating ? &buffered_random_type : m.reading ? &buffered_reader_type : &buffered_writer_type;
    OWN Value buffer = call2(t, type_value(type), raw, small_int(buffering));
    if (is_error(buffer)) return abandon(t, raw);
    if (m.binary) return MOVE(buffer);
    OWN_MEMORY char *mode_text = str_to_utf8(t, as_str(args[1]), NULL);
    OWN Value text = mode_text ? wrap_text(t, buffer, encoding, errors, newline, terminal, mode_text) : ERROR;
    return is_error(text) ? abandon(t, buffer) : MOVE(text);
}

static Value io_open_code(Thread *t, Value self, const Value *args)
{
    OWN Value mode = str_from_text(t, "rb");
    if (is_error(mode)) return ERROR;
    return io_open(t, self, (const Value[]){args[0], mode, small_int(-1), NONE, NONE, NONE, TRUE, NONE});
}
static Value io_text_encoding(Thread *t, Value self, const Value *args) { return is_none(args[0]) ? str_from_text(t, "locale") : retain(args[0]); }

// sys.stdin, sys.stdout or sys.stderr on its descriptor. stderr is flushed at each line, and what it cannot encode is escaped.
static Value standard_stream(Thread *t, Value self, const Value *args)
{
    int fd;
    if (!int_as_int(t, args[0], &fd) || !is_str(args[1])) return ERROR;
    int unbuffered = object_truth(t, args[2]);
    bool reads = fd == 0;
    OWN Value raw_mode = str_from_text(t, reads ? "r" : "w");
    OWN Value raw = is_error(raw_mode) ? ERROR : call3(t, type_value(&fileio_type), args[0], raw_mode, FALSE);
    if (is_error(raw)) return ERROR;
    OWN Value name = str_format(t, "<%S>", args[1]);
    if (is_error(name) || !object_set_attr(t, raw, NAME(name), name)) return ERROR;
    bool terminal = isatty(fd);
    bool direct = unbuffered && !reads;
    OWN Value buffer = direct ? retain(raw) : call1(t, type_value(reads ? &buffered_reader_type : &buffered_writer_type), raw);
    OWN Value newline = reads ? NONE : str_from_text(t, "\n");
    if (is_error(buffer) || is_error(newline)) return ERROR;
    Value wrapper_args[] = {buffer, args[3], args[4], newline, bool_value(terminal || fd == 2), bool_value(direct)};
    OWN Value text = call(t, type_value(&textiowrapper_type), wrapper_args, 6, UNBOUND);
    if (is_error(text) || !object_set_attr(t, text, NAME(mode), raw_mode)) return ERROR;
    return MOVE(text);
}

static const Method functions[] = {
    {"open", io_open, "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)", "Open file and return a stream.  Raise OSError upon failure."},
    {"open_code", io_open_code, "(path)", "Opens the provided file with the intent to import the contents."},
    {"text_encoding", io_text_encoding, "(encoding, stacklevel=2, /)", "A helper function to choose the text encoding."},
    {"_standard_stream", standard_stream, "(fd, name, unbuffered, encoding, errors, /)", NULL},
    {0},
};

static bool add_unsupported(Thread *t, Value module)
{
    OWN Value bases = tuple_of(t, 2, type_value(&exc_OSError), type_value(&exc_ValueError));
    OWN Value type = is_error(bases) ? ERROR : exception_class_new(t, "io", "UnsupportedOperation", bases, NULL);
    if (is_error(type)) return false;
    assign(&t->interp->module_slots[SLOT_IO_UNSUPPORTED], retain(type));
    return module_add(t, module, "UnsupportedOperation", MOVE(type));
}
static bool start(Thread *t, Value module)
{
    static const struct { Type *type; const TypeSpec *spec; } types[] = {
        {&iobase_type, &iobase_spec}, {&rawiobase_type, &rawiobase_spec}, {&bufferediobase_type, &bufferediobase_spec}, {&textiobase_type, &textiobase_spec}, {&fileio_type, &fileio_spec},
        {&bytesio_type, &bytesio_spec}, {&stringio_type, &stringio_spec}, {&buffered_reader_type, &buffered_reader_spec}, {&buffered_writer_type, &buffered_writer_spec},
        {&buffered_random_type, &buffered_random_spec}, {&buffered_pair_type, &buffered_pair_spec}, {&textiowrapper_type, &textiowrapper_spec},
        {&incremental_newline_type, &incremental_newline_spec},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (!type_prepare(t, types[i].type, types[i].spec) || !module_add_type(t, module, types[i].type)) return false;
    return add_unsupported(t, module) && module_add_int(t, module, "DEFAULT_BUFFER_SIZE", IO_DEFAULT_BUFFER) && module_add(t, module, "BlockingIOError", retain(type_value(&exc_BlockingIOError)));
}
const ModuleSpec _io_spec = {.name = "_io", .doc = "The io module provides the Python interfaces to stream handling.", .functions = functions, .start = start};
