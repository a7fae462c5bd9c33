// SPDX-License-Identifier: MIT
// stdlib/_uuid/uuid.c: identifiers from the clock, by libuuid, which may ask its daemon: without the GIL.
#include <uuid/uuid.h>

#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"

static Value generate_time_safe(Thread *t, Value module, const Value *args)
{
    uuid_t id;
    int unsafe;
    BLOCKING(t, GIL_WAIT, unsafe = uuid_generate_time_safe(id));
    OWN Value bytes = bytes_from(t, (const char *)id, sizeof id);
    return is_error(bytes) ? ERROR : tuple_of(t, 2, bytes, small_int(unsafe));
}
static const Method functions[] = {{"generate_time_safe", generate_time_safe, "()", "(the 16 bytes of a new identifier, 0 if no other process can have made the same one)."}, {0}};
static bool start(Thread *t, Value module) { return module_add_int(t, module, "has_uuid_generate_time_safe", 1); }
extern const ModuleSpec _uuid_spec;
const ModuleSpec _uuid_spec = {.name = "_uuid", .doc = "Identifiers made from the clock.", .functions = functions, .start = start};
