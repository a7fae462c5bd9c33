// SPDX-License-Identifier: MIT
// stdlib/pwd/accounts.h: what pwd, grp and spwd share.
#ifndef BATON_STDLIB_PWD_ACCOUNTS_H
#define BATON_STDLIB_PWD_ACCOUNTS_H

#include <errno.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

#define ACCOUNT_ROOM_MAX (1u << 24)       // bytes that an entry may take

static inline NEEDS_GIL NEW_REF Value account_text(Thread *t, const char *text) { return text ? str_from_os(t, text, strlen(text)) : NONE; }
// The id that means "none" is -1, as in the calls that take one.
static inline NEEDS_GIL NEW_REF Value account_id(Thread *t, uint32_t id) { return id == UINT32_MAX ? small_int(-1) : small_int(id); }
// 1: an id; 0: an int that is none; -1: raised.
static inline NEEDS_GIL MAY_RAISE int account_id_from(Thread *t, Value v, uint32_t *id)
{
    int64_t number;
    OWN Value index = object_index(t, v);
    if (is_error(index)) {
        if (error_clear_if(t, &exc_TypeError)) raise_type_error(t, "uid should be integer, not %T", v);
        return -1;
    }
    if (!int_as_i64(t, index, &number)) return error_clear_if(t, &exc_OverflowError) ? 0 : -1;
    *id = (uint32_t)number;
    return number >= -1 && number < UINT32_MAX;
}
static inline NEEDS_GIL NEW_REF char *account_name_from(Thread *t, Value v, const char *function)
{
    if (!is_str(v)) return error_null(raise_type_error(t, "%s() argument must be str, not %T", function, v));
    char *name = str_to_os(t, as_str(v), NULL);
    return name;
}
static inline NEEDS_GIL MAY_RAISE bool account_type_start(Thread *t, Value module, const char *name, const char *attribute, const StructField *fields, size_t visible, int slot)
{
    Type *type = struct_sequence_type(t, name, NULL, fields, visible);
    if (!type) return false;
    assign(&t->interp->module_slots[slot], type_value(type));
    return module_add(t, module, attribute, retain(type_value(type)));
}

#endif
