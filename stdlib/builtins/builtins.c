// SPDX-License-Identifier: MIT
// stdlib/builtins/builtins.c: the module builtins: its table, its constants and types, and the functions that only hand
// on to an object protocol. What needs frames or code (exec, eval, compile, globals, locals, __import__,
// __build_class__) is added by interp; open, by the module io.
#include "runtime/types/dict.h"
#include "runtime/types/bytes.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/builtins/functions.h"

#define TYPE(name, exposure) extern Type name##_type;
#include "runtime/builtin_types.def"

// ---- Numbers

static BUILTIN(abs) { return object_absolute(t, args[0]); }
static BUILTIN(divmod) { return object_binary(t, OP_DIVMOD, args[0], args[1]); }
static BUILTIN(pow) { return object_power(t, args[0], args[1], args[2]); }

static BUILTIN(round)
{
    bool digits = !is_none(args[1]);
    Value rounded = call_special(t, args[0], NAME(__round__), &args[1], digits ? 1 : 0);
    return is_unbound(rounded) ? raise_type_error(t, "type %.100T doesn't define __round__ method", args[0]) : rounded;
}

// The digits of an int in a base, its prefix behind the sign.
static Value digits(Thread *t, Value v, int base, const char *prefix)
{
    OWN Value number = object_index(t, v);
    if (is_error(number)) return ERROR;
    if (is_small_int(number)) {
        int64_t i = as_small_int(number);
        uint64_t rest = i < 0 ? -(uint64_t)i : (uint64_t)i;
        char buffer[2 + 64 + 1], *at = buffer + sizeof buffer;
        do *--at = "0123456789abcdef"[rest % (unsigned)base]; while (rest /= (unsigned)base);
        *--at = prefix[1];
        *--at = prefix[0];
        if (i < 0) *--at = '-';
        return str_from_ascii(t, at, (size_t)(buffer + sizeof buffer - at));
    }
    OWN Value text = int_to_str(t, number, base);
    if (is_error(text)) return ERROR;
    if (int_sign(number) >= 0) return str_format(t, "%s%S", prefix, text);
    OWN Value rest = str_substring(t, as_str(text), 1, as_str(text)->length);
    return is_error(rest) ? ERROR : str_format(t, "-%s%S", prefix, rest);
}
static BUILTIN(bin) { return digits(t, args[0], 2, "0b"); }
static BUILTIN(oct) { return digits(t, args[0], 8, "0o"); }
static BUILTIN(hex) { return digits(t, args[0], 16, "0x"); }

// ---- Characters

static BUILTIN(chr)
{
    int code;
    if (!has_index(args[0])) return raise_type_error(t, "'%.200T' object cannot be interpreted as an integer", args[0]);
    if (!int_as_int(t, args[0], &code)) return ERROR;
    if (code < 0 || code > 0x10FFFF) return raise_value_error(t, "chr() arg not in range(0x110000)");
    return str_from_codepoint(t, (Codepoint)code);
}

static BUILTIN(ord)
{
    Value v = args[0];
    size_t length;
    Codepoint first = 0;
    if (is_str(v)) {
        length = as_str(v)->length;
        if (length == 1) first = str_at(as_str(v), 0);
    } else if (is_bytes(v)) {
        length = bytes_length(v);
        if (length == 1) first = (unsigned char)bytes_data(v)[0];
    } else if (is_bytearray(v)) {
        length = as_bytearray(v)->length;
        if (length == 1) first = (unsigned char)as_bytearray(v)->data[0];
    } else {
        return raise_type_error(t, "ord() expected string of length 1, but %.200T found", v);
    }
    if (length != 1) return raise_type_error(t, "ord() expected a character, but string of length %zu found", length);
    return small_int(first);
}

// ---- Text of objects

static BUILTIN(repr) { return object_repr(t, args[0]); }
static BUILTIN(ascii) { return object_ascii(t, args[0]); }
static BUILTIN(format)
{
    if (!is_unbound(args[1]) && !is_str(args[1])) return raise_type_error(t, "format() argument 2 must be str, not %.50T", args[1]);
    return object_format(t, args[0], args[1]);
}

// ---- Identity, classes

static BUILTIN(callable) { return bool_value(object_is_callable(args[0])); }
static BUILTIN(id) { return int_from_u64(t, args[0].bits); }
static BUILTIN(hash)
{
    int64_t hash;
    return object_hash(t, args[0], &hash) ? int_value(t, hash) : ERROR;
}
static BUILTIN(isinstance)
{
    int answer = object_is_instance(t, args[0], args[1]);
    return answer < 0 ? ERROR : bool_value(answer);
}
static BUILTIN(issubclass)
{
    int answer = object_is_subclass(t, args[0], args[1]);
    return answer < 0 ? ERROR : bool_value(answer);
}

// ---- Attributes

// A name given as a value, interned. NULL: raised.
static Str *attribute_name(Thread *t, Value v)
{
    if (!is_str(v)) return error_null(raise_type_error(t, "attribute name must be string, not '%.200T'", v));
    if (is_exact_str(v)) return str_is_interned(as_str(v)) ? RETAIN(as_str(v)) : str_intern(t, as_str(retain(v)));
    StrBuilder b;
    builder_start(t, &b);
    builder_add_str(&b, as_str(v));
    Value plain = builder_finish(&b);
    return is_error(plain) ? NULL : str_intern(t, as_str(plain));
}

static BUILTIN(getattr)
{
    OWN_POINTER Str *name = attribute_name(t, args[1]);
    if (!name) return ERROR;
    if (is_unbound(args[2])) return object_get_attr(t, args[0], name);
    Value found = object_get_attr_optional(t, args[0], name);
    return is_unbound(found) ? retain(args[2]) : found;
}

static BUILTIN(hasattr)
{
    OWN_POINTER Str *name = attribute_name(t, args[1]);
    if (!name) return ERROR;
    OWN Value found = object_get_attr_optional(t, args[0], name);
    return is_error(found) ? ERROR : bool_value(!is_unbound(found));
}

static BUILTIN(setattr)
{
    OWN_POINTER Str *name = attribute_name(t, args[1]);
    return name && object_set_attr(t, args[0], name, args[2]) ? NONE : ERROR;
}

static BUILTIN(delattr)
{
    OWN_POINTER Str *name = attribute_name(t, args[1]);
    return name && object_set_attr(t, args[0], name, UNBOUND) ? NONE : ERROR;
}

static Value caller_locals(Thread *t)
{
    OWN Value function = builtin_named(t, "locals");
    return is_error(function) ? ERROR : call0(t, function);
}

static BUILTIN(dir)
{
    if (!is_unbound(args[0])) return object_dir(t, args[0]);
    OWN Value locals = caller_locals(t);
    if (is_error(locals)) return ERROR;
    OWN Value keys = is_exact_dict(locals) ? list_from_iterable(t, locals) : UNBOUND;
    if (is_unbound(keys)) {
        OWN Value view = call_method0(t, locals, NAME(keys));
        keys = is_error(view) ? ERROR : list_from_iterable(t, view);
    }
    if (is_error(keys) || !list_sort(t, keys, NONE, false)) return ERROR;
    return MOVE(keys);
}

static BUILTIN(vars)
{
    if (is_unbound(args[0])) return caller_locals(t);
    Value found = object_get_attr_optional(t, args[0], NAME(__dict__));
    return is_unbound(found) ? raise_type_error(t, "vars() argument must have __dict__ attribute") : found;
}

// ---- Iteration

static BUILTIN(len)
{
    ptrdiff_t length = object_length(t, args[0]);
    return length < 0 ? ERROR : int_value(t, length);
}

static BUILTIN(iter)
{
    if (is_unbound(args[1])) return object_iter(t, args[0]);
    if (!object_is_callable(args[0])) return raise_type_error(t, "iter(v, w): v must be callable");
    return callable_iterator_new(t, args[0], args[1]);
}

static BUILTIN(next)
{
    Value (*step)(Thread *, Value) = type_of(args[0])->slots.next;
    if (!step) return raise_type_error(t, "'%.200T' object is not an iterator", args[0]);
    Value item = step(t, args[0]);
    bool has_default = !is_unbound(args[1]);
    if (is_unbound(item)) return has_default ? retain(args[1]) : raise_stop_iteration(t, NONE);
    if (is_error(item) && has_default && error_clear_if(t, &exc_StopIteration)) return retain(args[1]);
    return item;
}

// ---- breakpoint(): whatever sys.breakpointhook is

static BUILTIN(breakpoint)
{
    OWN_POINTER Str *name = str_intern_text(t, "breakpointhook", 14);
    if (!name) return ERROR;
    OWN Value hook = t->interp->sys ? retain(dict_get_str(t->interp->sys, name)) : UNBOUND;
    if (is_unbound(hook)) return raise_error(t, &exc_RuntimeError, "lost sys.breakpointhook");
    return call_with_dict(t, hook, args[0], args[1]);
}

static const Method functions[] = {
    {"abs", builtin_abs, "(x, /)", "Return the absolute value of the argument."},
    {"aiter", builtin_aiter, "(async_iterable, /)", "Return an AsyncIterator for an AsyncIterable object."},
    {"all", builtin_all, "(iterable, /)", "Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True."},
    {"anext", builtin_anext, "(aiterator, default=<unset>, /)", "Return the next item from the async iterator."},
    {"any", builtin_any, "(iterable, /)", "Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False."},
    {"ascii", builtin_ascii, "(obj, /)", "Return an ASCII-only representation of an object."},
    {"bin", builtin_bin, "(number, /)", "Return the binary representation of an integer.\n\n   >>> bin(2796202)\n   '0b1010101010101010101010'"},
    {"breakpoint", builtin_breakpoint, "(*args, **kws)", "breakpoint(*args, **kws)\n\nCall sys.breakpointhook(*args, **kws)."},
    {"callable", builtin_callable, "(obj, /)", "Return whether the object is callable (i.e., some kind of function)."},
    {"chr", builtin_chr, "(i, /)", "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff."},
    {"delattr", builtin_delattr, "(obj, name, /)", "Deletes the named attribute from the given object.\n\ndelattr(x, 'y') is equivalent to ``del x.y``"},
    {"dir", builtin_dir, "(object=<unset>, /)", "Names in the present scope, or an alphabetized list of the attributes of the given object."},
    {"divmod", builtin_divmod, "(x, y, /)", "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x."},
    {"format", builtin_format, "(value, format_spec=<unset>, /)", "Return value.__format__(format_spec)"},
    {"getattr", builtin_getattr, "(object, name, default=<unset>, /)", "getattr(object, name[, default]) -> value\n\nGet a named attribute from an object; getattr(x, 'y') is equivalent to x.y."},
    {"hasattr", builtin_hasattr, "(obj, name, /)", "Return whether the object has an attribute with the given name."},
    {"hash", builtin_hash, "(obj, /)", "Return the hash value for the given object."},
    {"hex", builtin_hex, "(number, /)", "Return the hexadecimal representation of an integer.\n\n   >>> hex(12648430)\n   '0xc0ffee'"},
    {"id", builtin_id, "(obj, /)", "Return the identity of an object, unique among those that exist at the same time."},
    {"input", builtin_input, "(prompt='', /)", "Read a string from standard input.  The trailing newline is stripped."},
    {"isinstance", builtin_isinstance, "(obj, class_or_tuple, /)", "Return whether an object is an instance of a class or of a subclass thereof."},
    {"issubclass", builtin_issubclass, "(class_, class_or_tuple, /)", "Return whether 'cls' is derived from another class or is the same class."},
    {"iter", builtin_iter, "(object, sentinel=<unset>, /)", "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nGet an iterator from an object."},
    {"len", builtin_len, "(obj, /)", "Return the number of items in a container."},
    {"max", builtin_max, "(*args, key=None, default=<unset>)", "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value"},
    {"min", builtin_min, "(*args, key=None, default=<unset>)", "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value"},
    {"next", builtin_next, "(iterator, default=<unset>, /)", "next(iterator[, default])\n\nReturn the next item from the iterator."},
    {"oct", builtin_oct, "(number, /)", "Return the octal representation of an integer.\n\n   >>> oct(342391)\n   '0o1234567'"},
    {"ord", builtin_ord, "(c, /)", "Return the Unicode code point for a one-character string."},
    {"pow", builtin_pow, "(base, exp, mod=None)", "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments."},
    {"print", builtin_print, "(*args, sep=' ', end='\\n', file=None, flush=False)",
     "Prints the values to a stream, or to sys.stdout by default.\n\n  sep\n    string inserted between values, default a space.\n  end\n"
     "    string appended after the last value, default a newline.\n  file\n    a file-like object (stream); defaults to the current sys.stdout.\n"
     "  flush\n    whether to forcibly flush the stream."},
    {"repr", builtin_repr, "(obj, /)", "Return the canonical string representation of the object."},
    {"round", builtin_round, "(number, ndigits=None)", "Round a number to a given precision in decimal digits."},
    {"setattr", builtin_setattr, "(obj, name, value, /)", "Sets the named attribute on the given object to the specified value."},
    {"sorted", builtin_sorted, "(iterable, /, *, key=None, reverse=False)", "Return a new list containing all items from the iterable in ascending order."},
    {"sum", builtin_sum, "(iterable, /, start=0)", "Return the sum of a 'start' value (default: 0) plus an iterable of numbers"},
    {"vars", builtin_vars, "(object=<unset>, /)", "vars([object]) -> dictionary\n\nWithout arguments, equivalent to locals().\nWith an argument, equivalent to object.__dict__."},
    {0},
};

static bool add_types(Thread *t, Value module)
{
#define EXPOSED(type) && module_add(t, module, (type).name, type_value(&(type)))
#define HIDDEN(type)
#define TYPE(name, exposure) exposure(name##_type)
    return module_add(t, module, "object", type_value(&object_type)) && module_add(t, module, "type", type_value(&type_type))
#include "runtime/builtin_types.def"
        ;
#undef EXPOSED
#undef HIDDEN
}

static bool add_exceptions(Thread *t, Value module)
{
#define EXCEPTION(name, base, layout, doc) && module_add(t, module, #name, type_value(&exc_##name))
    return module_add(t, module, "BaseException", type_value(&exc_BaseException)) && module_add(t, module, "ExceptionGroup", type_value(&exc_ExceptionGroup)) &&
           module_add(t, module, "EnvironmentError", type_value(&exc_OSError)) && module_add(t, module, "IOError", type_value(&exc_OSError))
#include "runtime/exceptions.def"
        ;
}

static bool start(Thread *t, Value module)
{
    return type_prepare(t, &anext_awaitable_type, &anext_awaitable_spec) && add_types(t, module) && add_exceptions(t, module) &&
           module_add(t, module, "True", TRUE) && module_add(t, module, "False", FALSE) && module_add(t, module, "None", NONE) &&
           module_add(t, module, "Ellipsis", ELLIPSIS) && module_add(t, module, "NotImplemented", NOT_IMPLEMENTED) &&
           module_add(t, module, "__debug__", TRUE);
}

extern const ModuleSpec builtins_spec;
const ModuleSpec builtins_spec = {
    .name = "builtins",
    .doc = "Built-in functions, exceptions, and other objects.\n\nNoteworthy: None is the `nil' object; Ellipsis represents `...' in slices.",
    .functions = functions,
    .start = start,
};
