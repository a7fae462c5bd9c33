// SPDX-License-Identifier: MIT
// stdlib/pwd/grp.c: the groups that the system knows.
#include <grp.h>

#include "stdlib/pwd/accounts.h"

static const StructField fields[] = {{"gr_name", "group name"}, {"gr_passwd", "password"}, {"gr_gid", "group id"}, {"gr_mem", "group members"}, {0}};

static Value entry_value(Thread *t, const struct group *g)
{
    OWN Value members = list_new(t, 4);
    for (char **member = g->gr_mem; !is_error(members) && member && *member; member++)
        if (!list_append_owned(t, members, account_text(t, *member))) return ERROR;
    if (is_error(members)) return ERROR;
    Value items[] = {account_text(t, g->gr_name), account_text(t, g->gr_passwd), account_id(t, g->gr_gid), MOVE(members)};
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_GRP_GROUP]), items, COUNT_OF(items));
}
// By name, or by id where name is NULL. UNBOUND: there is none.
static Value look_up(Thread *t, const char *name, gid_t id)
{
    for (size_t room = 1024;; room *= 2) {
        OWN_MEMORY char *buffer = mem_allocate(t, room);
        if (!buffer) return ERROR;
        struct group entry, *found = NULL;
        int failed;
        BLOCKING(t, GIL_DNS, failed = name ? getgrnam_r(name, &entry, buffer, room, &found) : getgrgid_r(id, &entry, buffer, room, &found));
        if (failed == ERANGE && room < ACCOUNT_ROOM_MAX) continue;
        return found ? entry_value(t, found) : UNBOUND;
    }
}
static Value grp_getgrgid(Thread *t, Value self, const Value *args)
{
    uint32_t id;
    int fits = account_id_from(t, args[0], &id);
    if (fits < 0) return ERROR;
    OWN Value entry = fits ? look_up(t, NULL, id) : UNBOUND;
    return is_unbound(entry) ? raise_error(t, &exc_KeyError, fits ? "getgrgid(): gid not found: %S" : "getgrgid(): gid not found", args[0]) : MOVE(entry);
}
static Value grp_getgrnam(Thread *t, Value self, const Value *args)
{
    OWN_MEMORY char *name = account_name_from(t, args[0], "getgrnam");
    OWN Value entry = name ? look_up(t, name, 0) : ERROR;
    return is_unbound(entry) ? raise_error(t, &exc_KeyError, "getgrnam(): name not found: %R", args[0]) : MOVE(entry);
}
static Value grp_getgrall(Thread *t, Value self, const Value *args)
{
    OWN Value list = list_new(t, 16);
    setgrent();             // the position is the process's: the GIL keeps other threads out of the walk
    for (struct group *g; !is_error(list) && (g = getgrent());)
        if (!list_append_owned(t, list, entry_value(t, g))) assign(&list, ERROR);
    endgrent();
    return MOVE(list);
}
static const Method functions[] = {
    {"getgrgid", grp_getgrgid, "(id)", "The entry of a group, by its number."},
    {"getgrnam", grp_getgrnam, "(name)", "The entry of a group, by its name."},
    {"getgrall", grp_getgrall, "()", "The entries of all groups."},
    {0},
};
static bool start(Thread *t, Value module) { return account_type_start(t, module, "grp.struct_group", "struct_group", fields, COUNT_OF(fields) - 1, SLOT_GRP_GROUP); }
extern const ModuleSpec grp_spec;
const ModuleSpec grp_spec = {.name = "grp", .doc = "The groups that the system knows.", .functions = functions, .start = start};
