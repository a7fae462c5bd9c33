// SPDX-License-Identifier: MIT
// stdlib/_imp/_imp.c: what the host's importlib asks of the interpreter. Importing itself is interp/import.c's; this lets importlib's
// own finders and loaders work beside it.
#include "interp/interp.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"

static const NativeModule *find(Value name)
{
    for (const NativeModule *m = native_modules; m->name; m++)
        if (is_str(name) && m->spec && str_equal_text(as_str(name), m->name)) return m;
    return NULL;
}
static Value imp_nothing(Thread *t, Value self, const Value *args) { return NONE; }
static Value imp_false(Thread *t, Value self, const Value *args) { return FALSE; }
static Value imp_is_builtin(Thread *t, Value self, const Value *args) { return small_int(find(args[0]) != NULL); }
static Value imp_create_builtin(Thread *t, Value self, const Value *args)
{
    OWN Value name = object_get_attr(t, args[0], NAME(name));
    if (is_error(name)) return ERROR;
    if (!is_str(name)) return raise_type_error(t, "the name of a module must be str, not %T", name);
    Value known = dict_get(t, t->interp->modules, name);
    if (is_error(known)) return ERROR;
    if (!is_unbound(known)) return retain(known);
    const NativeModule *m = find(name);
    return m ? module_from_spec(t, m->spec) : NONE;
}
static Value imp_extension_suffixes(Thread *t, Value self, const Value *args) { return list_new(t, 0); }
static Value imp_no_frozen(Thread *t, Value self, const Value *args) { return raise_error(t, &exc_ImportError, "No such frozen object named %S", args[0]); }
static Value imp_no_dynamic(Thread *t, Value self, const Value *args) { return raise_error(t, &exc_ImportError, "extension modules of CPython cannot be loaded"); }
// 8 bytes that change with the source: FNV-1a from the key.
static Value imp_source_hash(Thread *t, Value self, const Value *args)
{
    int64_t key;
    if (!int_as_i64(t, args[0], &key)) return ERROR;
    if (!is_bytes(args[1])) return raise_type_error(t, "source_hash() argument 2 must be bytes, not %T", args[1]);
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)key;
    for (size_t i = 0; i < bytes_length(args[1]); i++) hash = (hash ^ (unsigned char)bytes_data(args[1])[i]) * UINT64_C(0x100000001b3);
    return bytes_from(t, (const char *)&hash, sizeof hash);
}
static const Method functions[] = {
    {"acquire_lock", imp_nothing, "()", NULL}, {"release_lock", imp_nothing, "()", NULL}, {"lock_held", imp_false, "()", NULL}, {"is_builtin", imp_is_builtin, "(name, /)", NULL}, {"is_frozen", imp_false, "(name, /)", NULL},
    {"is_frozen_package", imp_no_frozen, "(name, /)", NULL}, {"find_frozen", imp_nothing, "(name, /, *, withdata=False)", NULL}, {"get_frozen_object", imp_no_frozen, "(name, data=None, /)", NULL},
    {"init_frozen", imp_nothing, "(name, /)", NULL}, {"create_builtin", imp_create_builtin, "(spec, /)", NULL}, {"exec_builtin", imp_nothing, "(mod, /)", NULL}, {"create_dynamic", imp_no_dynamic, "(spec, file=None, /)", NULL},
    {"exec_dynamic", imp_nothing, "(mod, /)", NULL}, {"extension_suffixes", imp_extension_suffixes, "()", NULL}, {"source_hash", imp_source_hash, "(key, source)", NULL}, {"_fix_co_filename", imp_nothing, "(code, path, /)", NULL},
    {"_override_frozen_modules_for_tests", imp_nothing, "(override, /)", NULL}, {"_frozen_module_names", imp_extension_suffixes, "()", NULL}, {0},
};
static bool start(Thread *t, Value module) { return module_add(t, module, "check_hash_based_pycs", str_from_text(t, "default")); }
const ModuleSpec _imp_spec = {.name = "_imp", .doc = "(Extremely) low-level import machinery bits as used by importlib.", .functions = functions, .start = start};

// The host's importlib wants a module of this name to be there; warnings finds nothing in it and uses its own Python.
const ModuleSpec _warnings_spec = {.name = "_warnings", .doc = "Empty: the module warnings is Python."};
