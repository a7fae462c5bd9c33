// SPDX-License-Identifier: MIT
// stdlib/pickle/module.c: the module _picklecore: what of pickle is C.
#include "runtime/types/module.h"
#include "stdlib/module_slots.h"
#include "stdlib/pickle/pickle.h"

static Value use_error(Thread *t, Value module, const Value *args)
{
    if (!is_type(args[0])) return raise_type_error(t, "an exception class is wanted, not '%T'", args[0]);
    assign(&t->interp->module_slots[SLOT_UNPICKLING_ERROR], retain(args[0]));
    return NONE;
}
static const Method functions[] = {
    {"use_error", use_error, "(error, /)", "The class that Reader raises for a pickle that cannot be read."},
    {0},
};
static bool start(Thread *t, Value module)
{
    if (pickle_buffer_type.version == 0 && !type_prepare(t, &pickle_buffer_type, &pickle_buffer_spec)) return false;
    if (pickle_writer_type.version == 0 && !type_prepare(t, &pickle_writer_type, &pickle_writer_spec)) return false;
    if (pickle_reader_type.version == 0 && !type_prepare(t, &pickle_reader_type, &pickle_reader_spec)) return false;
    assign(&t->interp->module_slots[SLOT_UNPICKLING_ERROR], retain(type_value(&exc_ValueError)));
    return module_add_type(t, module, &pickle_buffer_type) && module_add_type(t, module, &pickle_writer_type) && module_add_type(t, module, &pickle_reader_type);
}
extern const ModuleSpec _picklecore_spec;
const ModuleSpec _picklecore_spec = {.name = "_picklecore", .doc = "The part of pickle that is C: the memory of buffers, writing and reading.", .functions = functions, .start = start};
