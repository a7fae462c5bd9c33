// SPDX-License-Identifier: MIT
// interp/builtins_code.c: exec, eval, compile, globals, locals, vars, dir, __import__ and __build_class__.
#include "interp/builtins_code.h"

#include "interp/ast_objects.h"
#include "interp/compile.h"
#include "interp/import.h"
#include "interp/vm.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/buffer.h"
#include "runtime/types/bytes.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"

// ---- namespaces

static Value builtin_globals(Thread *t, Value self, const Value *args)
{
    if (!t->frame) return raise_error(t, &exc_SystemError, "frame does not exist");
    return retain(dict_value(t->frame->function->globals));
}

static NEW_REF Value present_locals(Thread *t)
{
    return t->frame ? frame_locals(t, t->frame) : raise_error(t, &exc_SystemError, "frame does not exist");
}

static Value builtin_locals(Thread *t, Value self, const Value *args) { return present_locals(t); }

static Value builtin_vars(Thread *t, Value self, const Value *args)
{
    if (is_unbound(args[0])) return present_locals(t);
    OWN Value dict = object_get_attr_optional(t, args[0], NAME(__dict__));
    if (is_unbound(dict)) return raise_type_error(t, "vars() argument must have __dict__ attribute");
    return MOVE(dict);
}

static Value builtin_dir(Thread *t, Value self, const Value *args)
{
    if (!is_unbound(args[0])) return object_dir(t, args[0]);
    OWN Value locals = present_locals(t);
    if (is_error(locals)) return ERROR;
    OWN Value keys = call_method0(t, locals, NAME(keys));
    OWN Value list = is_error(keys) ? ERROR : list_from_iterable(t, keys);
    if (is_error(list) || !list_sort(t, list, NONE, false)) return ERROR;
    return MOVE(list);
}

// ---- source

typedef struct Text8 { const char *bytes; size_t length; bool is_str; char *memory; Value holder; } Text8;

// The text of source given as str, bytes or another buffer.
static bool source_text(Thread *t, Value source, const char *function, Text8 *text)
{
    *text = (Text8){.holder = UNBOUND};
    if (is_str(source)) {
        text->memory = str_to_utf8(t, as_str(source), &text->length);
        text->bytes = text->memory;
        text->is_str = true;
        return text->memory != NULL;
    }
    if (is_bytes(source)) text->holder = retain(source);
    else if (type_of(source)->slots.get_buffer) text->holder = object_bytes(t, source);
    else return error_false(raise_type_error(t, "%s() arg 1 must be a string, bytes or %s object", function, strcmp(function, "compile") == 0 ? "AST" : "code"));
    if (is_error(text->holder)) {
        text->holder = UNBOUND;
        return false;
    }
    text->bytes = bytes_data(text->holder);
    text->length = bytes_length(text->holder);
    return true;
}

static void text_release(Text8 *text)
{
    mem_free(text->memory);
    drop(text->holder);
}

static unsigned inherited_flags(Thread *t) { return t->frame ? t->frame->code->flags & (COMPILE_FUTURE_ANNOTATIONS | COMPILE_FUTURE_BARRY) : 0; }

static NEW_REF Value compile_text(Thread *t, Value source, const char *function, Value filename, int mode, unsigned flags, int optimize)
{
    Text8 text;
    if (!source_text(t, source, function, &text)) return ERROR;
    const char *bytes = text.bytes;
    size_t length = text.length;
    if (memchr(bytes, 0, length)) {
        text_release(&text);
        return raise_value_error(t, "source code string cannot contain null bytes");
    }
    if (mode == 1 && strcmp(function, "eval") == 0)
        while (length && (*bytes == ' ' || *bytes == '\t')) bytes++, length--;
    Value code = compile_source(t, bytes, length, filename, mode, flags, optimize, text.is_str);
    text_release(&text);
    return code;
}

static int default_optimize(Thread *t, int64_t wish)
{
    if (wish >= 0) return (int)wish;
    OWN_POINTER Str *name = str_intern_text(t, "flags", 5);
    Value flags = name && t->interp->sys ? dict_get_str(t->interp->sys, name) : UNBOUND;
    if (is_unbound(flags) || !is_tuple(flags) || as_tuple(flags)->length < 4) return 0;
    Value level = as_tuple(flags)->items[3];
    return is_small_int(level) ? (int)as_small_int(level) : 0;
}

static NEW_REF Value filename_value(Thread *t, Value v)
{
    if (is_str(v)) return retain(v);
    if (is_bytes(v)) return str_from_os(t, bytes_data(v), bytes_length(v));
    OWN Value path = call_special(t, v, NAME(__fspath__), NULL, 0);
    if (is_unbound(path) && type_of(v)->slots.get_buffer) {
        if (!warn(t, &exc_DeprecationWarning, 1, "path should be string, bytes, or os.PathLike, not %T", v)) return ERROR;
        OWN Value bytes = object_bytes(t, v);
        return is_error(bytes) ? ERROR : str_from_os(t, bytes_data(bytes), bytes_length(bytes));
    }
    if (is_unbound(path)) return raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", v);
    if (is_error(path)) return ERROR;
    return is_bytes(path) ? str_from_os(t, bytes_data(path), bytes_length(path)) : MOVE(path);
}

static NEW_REF Value compile_tree_object(Thread *t, Value object, Value filename, int mode, unsigned flags, int optimize)
{
    Arena arena;
    arena_init(&arena);
    Node *tree = ast_from_object(t, &arena, object, mode);
    Value code = tree ? compile_tree(t, &arena, tree, filename, flags & (COMPILE_FUTURES | COMPILE_TOP_LEVEL_AWAIT), optimize) : ERROR;
    arena_free(&arena);
    return code;
}

static const char *const modes[] = {"exec", "eval", "single"};
static int mode_from(Str *text)      // -1: none
{
    for (int mode = 0; mode < 3; mode++)
        if (str_equal_text(text, modes[mode])) return mode;
    return -1;
}

Value symbols_of_source(Thread *t, Value source, Value filename, Value mode_text)
{
    OWN Value name = filename_value(t, filename);
    if (is_error(name)) return ERROR;
    if (!is_str(mode_text)) return raise_type_error(t, "symtable() argument 3 must be str, not %T", mode_text);
    if (!is_str(source) && !is_bytes(source) && !type_of(source)->slots.get_buffer) return raise_type_error(t, "symtable() arg 1 must be a string or bytes object");
    int mode = mode_from(as_str(mode_text));
    if (mode < 0) return raise_value_error(t, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
    return compile_text(t, source, "symtable", name, mode, COMPILE_ONLY_SYMBOLS, 0);
}

// compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1)
static Value builtin_compile(Thread *t, Value self, const Value *args)
{
    OWN Value filename = filename_value(t, args[1]);
    int64_t flags, optimize;
    if (is_error(filename) || !int_as_i64(t, args[3], &flags) || !int_as_i64(t, args[5], &optimize)) return ERROR;
    const unsigned known = COMPILE_FUTURES | COMPILE_DONT_IMPLY_DEDENT | COMPILE_ONLY_AST | COMPILE_TYPE_COMMENTS | COMPILE_TOP_LEVEL_AWAIT
                         | COMPILE_ALLOW_INCOMPLETE;
    if (flags & ~(int64_t)known) return raise_value_error(t, "compile(): unrecognised flags");
    if (optimize < -1 || optimize > 2) return raise_value_error(t, "compile(): invalid optimize value");
    if (!is_str(args[2])) return raise_type_error(t, "compile() argument 'mode' must be str, not %T", args[2]);
    int mode = mode_from(as_str(args[2]));
    if (mode < 0) return raise_value_error(t, "compile() mode must be 'exec', 'eval' or 'single'");
    int truth = object_truth(t, args[4]), tree = is_ast_object(t, args[0]);
    if (truth < 0 || tree < 0) return ERROR;
    if (!truth) flags |= inherited_flags(t);
    if (tree && (flags & COMPILE_ONLY_AST)) return retain(args[0]);
    if (tree) return compile_tree_object(t, args[0], filename, mode, (unsigned)flags, default_optimize(t, optimize));
    return compile_text(t, args[0], "compile", filename, mode, (unsigned)flags, default_optimize(t, optimize));
}

// ---- exec and eval

static bool check_namespaces(Thread *t, const char *function, Value *globals, Value *locals)
{
    if (is_none(*globals)) *globals = UNBOUND;
    if (is_none(*locals)) *locals = UNBOUND;
    if (!is_unbound(*locals) && !is_dict(*locals) && !type_of(*locals)->slots.get_item) {
        if (strcmp(function, "eval") == 0) raise_type_error(t, "locals must be a mapping");
        else raise_type_error(t, "locals must be a mapping or None, not %T", *locals);
        return false;
    }
    if (!is_unbound(*globals) && !is_dict(*globals)) {
        if (strcmp(function, "exec") == 0) raise_type_error(t, "exec() globals must be a dict, not %T", *globals);
        else raise_type_error(t, type_of(*globals)->slots.get_item ? "globals must be a real dict; try eval(code, {}, mapping)" : "globals must be a dict");
        return false;
    }
    return true;
}

static bool add_builtins(Thread *t, Dict *globals)
{
    if (!is_unbound(dict_get_str(globals, NAME(__builtins__)))) return true;
    return dict_set_str(t, globals, NAME(__builtins__), dict_value(t->frame ? t->frame->function->builtins : t->interp->builtins));
}

static bool check_free(Thread *t, const char *function, Code *code, Value closure)
{
    size_t needs = code->freevars->length;
    bool is_exec = strcmp(function, "exec") == 0;
    if (!needs) {
        if (is_none(closure)) return true;
        return error_false(raise_type_error(t, "cannot use a closure with this code object"));
    }
    if (!is_exec) return error_false(raise_type_error(t, "code object passed to eval() may not contain free variables"));
    bool ok = is_exact_tuple(closure) && as_tuple(closure)->length == needs;
    for (size_t i = 0; ok && i < needs; i++) ok = type_of(as_tuple(closure)->items[i]) == &cell_type;
    if (ok) return true;
    return error_false(raise_type_error(t, "code object requires a closure of exactly length %zu", needs));
}

static NEW_REF Value run_source(Thread *t, const char *function, int mode, Value source, Value globals, Value locals, Value closure)
{
    if (!check_namespaces(t, function, &globals, &locals)) return ERROR;
    OWN Value own_globals = UNBOUND, own_locals = UNBOUND;
    if (is_unbound(globals)) {
        if (!t->frame) return raise_error(t, &exc_SystemError, "globals and locals cannot be NULL");
        own_globals = retain(dict_value(t->frame->function->globals));
        own_locals = is_unbound(locals) ? frame_locals(t, t->frame) : retain(locals);
        if (is_error(own_locals)) return ERROR;
    } else {
        own_globals = retain(globals);
        own_locals = retain(is_unbound(locals) ? globals : locals);
    }
    if (!add_builtins(t, as_dict(own_globals))) return ERROR;
    OWN Value code = UNBOUND;
    if (is_code(source)) {
        if (!check_free(t, function, as_code(source), closure)) return ERROR;
        code = retain(source);
    } else {
        if (!is_none(closure)) return raise_type_error(t, "closure can only be used when source is a code object");
        OWN Value filename = str_from_ascii(t, "<string>", 8);
        code = is_error(filename) ? ERROR : compile_text(t, source, function, filename, mode, inherited_flags(t), default_optimize(t, -1));
    }
    if (is_error(code)) return ERROR;
    return vm_run_code(t, as_code(code), as_dict(own_globals), own_locals, is_none(closure) ? UNBOUND : closure);
}

static Value builtin_eval(Thread *t, Value self, const Value *args) { return run_source(t, "eval", 1, args[0], args[1], args[2], NONE); }

static Value builtin_exec(Thread *t, Value self, const Value *args)
{
    OWN Value result = run_source(t, "exec", 0, args[0], args[1], args[2], args[3]);
    return is_error(result) ? ERROR : NONE;
}

// ---- import

static Value builtin_import(Thread *t, Value self, const Value *args)
{
    int level;
    if (!is_str(args[0])) return raise_type_error(t, "__import__() argument 1 must be str, not %T", args[0]);
    if (!int_as_int(t, args[4], &level)) return ERROR;
    OWN_POINTER Str *name = str_intern(t, as_str(retain(args[0])));
    if (!name) return ERROR;
    return import_name(t, name, args[1], args[3], level);
}

bool import_is_original(Value function)
{
    return is_object(function) && as_object(function)->type == &native_function_type
        && ((NativeFunction *)as_object(function))->method->function == builtin_import;
}

// ---- class statements

static bool add_base(Thread *t, Value list, Value base, Value bases, bool *changed)
{
    if (is_type(base)) return list_append(t, list, base);
    OWN Value method = object_get_attr_optional(t, base, NAME(__mro_entries__));
    if (is_error(method)) return false;
    if (is_unbound(method)) return list_append(t, list, base);
    OWN Value entries = call1(t, method, bases);
    if (is_error(entries)) return false;
    if (!is_tuple(entries)) return error_false(raise_type_error(t, "__mro_entries__ must return a tuple"));
    *changed = true;
    for (size_t i = 0; i < as_tuple(entries)->length; i++)
        if (!list_append(t, list, as_tuple(entries)->items[i])) return false;
    return true;
}

// The bases with what __mro_entries__ makes of those that are no classes.
static NEW_REF Value resolve_bases(Thread *t, Value bases)
{
    bool changed = false;
    OWN Value list = list_new(t, as_tuple(bases)->length);
    if (is_error(list)) return ERROR;
    for (size_t i = 0; i < as_tuple(bases)->length; i++)
        if (!add_base(t, list, as_tuple(bases)->items[i], bases, &changed)) return ERROR;
    return changed ? list_to_tuple(t, list) : retain(bases);
}

static NEW_REF Value choose_metaclass(Thread *t, Value wish, Tuple *bases)
{
    Value winner = wish;
    if (is_unbound(wish)) winner = bases->length ? type_value(type_of(bases->items[0])) : type_value(&type_type);
    if (!is_type(winner)) return retain(winner);
    for (size_t i = 0; i < bases->length; i++) {
        Type *own = type_of(bases->items[i]);
        if (type_is_subtype(as_type(winner), own)) continue;
        if (!type_is_subtype(own, as_type(winner)))
            return raise_type_error(t, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases");
        winner = type_value(own);
    }
    return retain(winner);
}

static NEW_REF Value prepare_namespace(Thread *t, Value metaclass, Value name, Value bases, Value keywords)
{
    OWN Value prepare = object_get_attr_optional(t, metaclass, NAME(__prepare__));
    if (is_error(prepare)) return ERROR;
    if (is_unbound(prepare)) {
        Dict *d = dict_new(t);
        return d ? dict_value(d) : ERROR;
    }
    OWN Value args = tuple_of(t, 2, name, bases);
    OWN Value namespace = is_error(args) ? ERROR : call_with_dict(t, prepare, args, keywords);
    if (is_error(namespace)) return ERROR;
    if (!is_dict(namespace) && !type_of(namespace)->slots.get_item) {
        if (is_type(metaclass)) return raise_type_error(t, "%N.__prepare__() must return a mapping, not %T", as_type(metaclass), namespace);
        return raise_type_error(t, "<metaclass>.__prepare__() must return a mapping, not %T", namespace);
    }
    return MOVE(namespace);
}

static NEW_REF Value check_class_cell(Thread *t, Value class, Value cell, Value name)
{
    if (!is_type(class) || !is_object(cell) || as_object(cell)->type != &cell_type) return retain(class);
    Value found = ((Cell *)as_object(cell))->value;
    if (is_same(found, class)) return retain(class);
    if (is_unbound(found))
        return raise_error(t, &exc_RuntimeError, "__class__ not set defining %R as %R. Was __classcell__ propagated to type.__new__?", name, class);
    return raise_type_error(t, "__class__ set to %R defining %R as %R", found, name, class);
}

// __build_class__(func, name, /, *bases, metaclass=..., **keywords)
static Value build_class(Thread *t, Value self, const Value *args)
{
    Value function = args[0], name = args[1];
    OWN Value keywords = retain(args[3]);
    if (!is_function(function)) return raise_type_error(t, "__build_class__: func must be a function");
    if (!is_str(name)) return raise_type_error(t, "__build_class__: name is not a string");
    OWN Value bases = resolve_bases(t, args[2]);
    if (is_error(bases)) return ERROR;
    OWN Value wish = dict_pop(t, as_dict(keywords), NAME_VALUE(metaclass));
    OWN Value metaclass = is_error(wish) ? ERROR : choose_metaclass(t, wish, as_tuple(bases));
    if (is_error(metaclass)) return ERROR;
    OWN Value namespace = prepare_namespace(t, metaclass, name, bases, keywords);
    if (is_error(namespace)) return ERROR;
    Function *f = as_function(function);
    OWN Value cell = vm_run_code(t, f->code, f->globals, namespace, f->closure);
    if (is_error(cell)) return ERROR;
    if (!is_same(bases, args[2]) && !object_set_item(t, namespace, NAME_VALUE(__orig_bases__), args[2])) return ERROR;
    OWN Value call_args = tuple_of(t, 3, name, bases, namespace);
    OWN Value class = is_error(call_args) ? ERROR : call_with_dict(t, metaclass, call_args, keywords);
    return is_error(class) ? ERROR : check_class_cell(t, class, cell, name);
}

const Method builtins_code_functions[] = {
    {"globals", builtin_globals, "()", "Return the dictionary containing the current scope's global variables."},
    {"locals", builtin_locals, "()", "Return a dictionary containing the current scope's local variables."},
    {"vars", builtin_vars, "(object=<unset>, /)", "Without arguments, equivalent to locals(); with one, to object.__dict__."},
    {"dir", builtin_dir, "(object=<unset>, /)", "The names in the current scope, or the attributes of an object."},
    {"compile", builtin_compile, "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
     "Compile source into a code object that can be executed by exec() or eval()."},
    {"eval", builtin_eval, "(source, globals=None, locals=None, /)", "Evaluate the given source in the context of globals and locals."},
    {"exec", builtin_exec, "(source, globals=None, locals=None, /, *, closure=None)", "Execute the given source in the context of globals and locals."},
    {"__import__", builtin_import, "(name, globals=None, locals=None, fromlist=(), level=0)", "Import a module."},
    {"__build_class__", build_class, "(func, name, /, *bases, **kwds)", "Internal helper function used by the class statement."},
    {0},
};
