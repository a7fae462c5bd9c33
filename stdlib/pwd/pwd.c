// SPDX-License-Identifier: MIT
// stdlib/pwd/pwd.c: the users that the system knows. Looking up may ask a service: the GIL is let go.
#include <pwd.h>

#include "stdlib/pwd/accounts.h"

static const StructField fields[] = {
    {"pw_name", "user name"}, {"pw_passwd", "password"}, {"pw_uid", "user id"}, {"pw_gid", "group id"}, {"pw_gecos", "real name"},
    {"pw_dir", "home directory"}, {"pw_shell", "shell program"}, {0},
};
static Value entry_value(Thread *t, const struct passwd *p)
{
    Value items[] = {account_text(t, p->pw_name), account_text(t, p->pw_passwd), account_id(t, p->pw_uid), account_id(t, p->pw_gid),
                     account_text(t, p->pw_gecos), account_text(t, p->pw_dir), account_text(t, p->pw_shell)};
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_PWD_PASSWD]), items, COUNT_OF(items));
}
// By name, or by id where name is NULL. UNBOUND: there is none.
static Value look_up(Thread *t, const char *name, uid_t id)
{
    for (size_t room = 1024;; room *= 2) {
        OWN_MEMORY char *buffer = mem_allocate(t, room);
        if (!buffer) return ERROR;
        struct passwd entry, *found = NULL;
        int failed;
        BLOCKING(t, GIL_DNS, failed = name ? getpwnam_r(name, &entry, buffer, room, &found) : getpwuid_r(id, &entry, buffer, room, &found));
        if (failed == ERANGE && room < ACCOUNT_ROOM_MAX) continue;
        return found ? entry_value(t, found) : UNBOUND;
    }
}
static Value pwd_getpwuid(Thread *t, Value self, const Value *args)
{
    uint32_t id;
    int fits = account_id_from(t, args[0], &id);
    if (fits < 0) return ERROR;
    OWN Value entry = fits ? look_up(t, NULL, id) : UNBOUND;
    return is_unbound(entry) ? raise_error(t, &exc_KeyError, fits ? "getpwuid(): uid not found: %S" : "getpwuid(): uid not found", args[0]) : MOVE(entry);
}
static Value pwd_getpwnam(Thread *t, Value self, const Value *args)
{
    OWN_MEMORY char *name = account_name_from(t, args[0], "getpwnam");
    OWN Value entry = name ? look_up(t, name, 0) : ERROR;
    return is_unbound(entry) ? raise_error(t, &exc_KeyError, "getpwnam(): name not found: %R", args[0]) : MOVE(entry);
}
static Value pwd_getpwall(Thread *t, Value self, const Value *args)
{
    OWN Value list = list_new(t, 16);
    setpwent();             // the position is the process's: the GIL keeps other threads out of the walk
    for (struct passwd *p; !is_error(list) && (p = getpwent());)
        if (!list_append_owned(t, list, entry_value(t, p))) assign(&list, ERROR);
    endpwent();
    return MOVE(list);
}
static const Method functions[] = {
    {"getpwuid", pwd_getpwuid, "(uidobj, /)", "The entry of a user, by its number."},
    {"getpwnam", pwd_getpwnam, "(name, /)", "The entry of a user, by its name."},
    {"getpwall", pwd_getpwall, "()", "The entries of all users."},
    {0},
};
static bool start(Thread *t, Value module) { return account_type_start(t, module, "pwd.struct_passwd", "struct_passwd", fields, COUNT_OF(fields) - 1, SLOT_PWD_PASSWD); }
extern const ModuleSpec pwd_spec;
const ModuleSpec pwd_spec = {.name = "pwd", .doc = "The users that the system knows.", .functions = functions, .start = start};
