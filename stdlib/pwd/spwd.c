// SPDX-License-Identifier: MIT
// stdlib/pwd/spwd.c: the shadow passwords, which only root can read.
#include <shadow.h>

#include "stdlib/pwd/accounts.h"

static const StructField fields[] = {
    {"sp_namp", "login name"}, {"sp_pwdp", "encrypted password"}, {"sp_lstchg", "date of last change"}, {"sp_min", "min #days between changes"},
    {"sp_max", "max #days between changes"}, {"sp_warn", "#days before pw expires to warn user about it"}, {"sp_inact", "#days after pw expires until account is disabled"},
    {"sp_expire", "#days since 1970-01-01 when account expires"}, {"sp_flag", "reserved"}, {"sp_nam", "login name; deprecated"}, {"sp_pwd", "encrypted password; deprecated"}, {0},
};
#define VISIBLE 9              // the two last are other names of the two first

static Value entry_value(Thread *t, const struct spwd *s)
{
    Value items[] = {account_text(t, s->sp_namp), account_text(t, s->sp_pwdp), int_value(t, s->sp_lstchg), int_value(t, s->sp_min), int_value(t, s->sp_max), int_value(t, s->sp_warn),
                     int_value(t, s->sp_inact), int_value(t, s->sp_expire), int_value(t, (int64_t)s->sp_flag), account_text(t, s->sp_namp), account_text(t, s->sp_pwdp)};
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_SPWD_SPWD]), items, COUNT_OF(items));
}
static Value spwd_getspnam(Thread *t, Value self, const Value *args)
{
    OWN_MEMORY char *name = account_name_from(t, args[0], "getspnam");
    if (!name) return ERROR;
    for (size_t room = 1024;; room *= 2) {
        OWN_MEMORY char *buffer = mem_allocate(t, room);
        if (!buffer) return ERROR;
        struct spwd entry, *found = NULL;
        int failed;
        BLOCKING(t, GIL_DNS, failed = getspnam_r(name, &entry, buffer, room, &found));
        if (failed == ERANGE && room < ACCOUNT_ROOM_MAX) continue;
        if (found) return entry_value(t, found);
        return failed && failed != ENOENT ? raise_errno(t, failed) : raise_error(t, &exc_KeyError, "getspnam(): name not found");
    }
}
static Value spwd_getspall(Thread *t, Value self, const Value *args)
{
    OWN Value list = list_new(t, 16);
    setspent();
    for (struct spwd *s; !is_error(list) && (s = getspent());)
        if (!list_append_owned(t, list, entry_value(t, s))) assign(&list, ERROR);
    endspent();
    return MOVE(list);
}
static const Method functions[] = {
    {"getspnam", spwd_getspnam, "(arg, /)", "The shadow entry of a user."},
    {"getspall", spwd_getspall, "()", "The shadow entries of all users."},
    {0},
};
static bool start(Thread *t, Value module)
{
    return warn(t, &exc_DeprecationWarning, 7, "'spwd' is deprecated and slated for removal in Python 3.13") &&
           account_type_start(t, module, "spwd.struct_spwd", "struct_spwd", fields, VISIBLE, SLOT_SPWD_SPWD);
}
extern const ModuleSpec spwd_spec;
const ModuleSpec spwd_spec = {.name = "spwd", .doc = "The shadow passwords.", .functions = functions, .start = start};
