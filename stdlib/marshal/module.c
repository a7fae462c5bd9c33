// SPDX-License-Identifier: MIT
// stdlib/marshal/module.c: the module marshal.
#include "runtime/call.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "stdlib/marshal/marshal.h"

static Value dumps(Thread *t, Value module, const Value *args)
{
    int version;
    return int_as_int(t, args[1], &version) ? marshal_write(t, args[0], version) : ERROR;
}
static Value dump(Thread *t, Value module, const Value *args)
{
    int version;
    if (!int_as_int(t, args[2], &version)) return ERROR;
    OWN Value data = marshal_write(t, args[0], version);
    return is_error(data) ? ERROR : call_method1(t, args[1], NAME(write), data);
}
static Value loads(Thread *t, Value module, const Value *args) { return marshal_read_buffer(t, args[0]); }
static Value load(Thread *t, Value module, const Value *args) { return marshal_read_file(t, args[0]); }

static const Method functions[] = {
    {"dump", dump, "(value, file, version=4, /)", "Write the bytes of a value to a binary file."},
    {"load", load, "(file, /)", "The value whose bytes come next in a binary file."},
    {"dumps", dumps, "(value, version=4, /)", "The bytes of a value."},
    {"loads", loads, "(bytes, /)", "The value whose bytes stand at the beginning of `bytes`."},
    {0},
};
static bool start(Thread *t, Value module) { return module_add_int(t, module, "version", MARSHAL_VERSION); }
extern const ModuleSpec marshal_spec;
const ModuleSpec marshal_spec = {.name = "marshal", .doc = "Python values as bytes: numbers, text, containers of them, and Baton's own code objects.", .functions = functions, .start = start};
