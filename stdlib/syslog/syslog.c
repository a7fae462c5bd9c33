// SPDX-License-Identifier: MIT
// stdlib/syslog/syslog.c: messages to the system's log.
#include <syslog.h>

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

// The C library keeps the pointer to the name: it is a bytes object in the interpreter's slot, as long as the log is open.
static bool open_log(Thread *t, Value name, int options, int facility)
{
    Value kept = UNBOUND;
    if (!is_none(name)) {
        if (!is_str(name)) return error_false(raise_type_error(t, "openlog() argument 1 must be str, not %T", name));
        kept = str_encode(t, as_str(name), "utf-8", NULL);
        if (is_error(kept)) return false;
    }
    openlog(is_unbound(kept) ? NULL : bytes_data(kept), options, facility);
    assign(&t->interp->module_slots[SLOT_SYSLOG_NAME], is_unbound(kept) ? NONE : kept);
    return true;
}
// The name of the program: what comes after the last slash of sys.argv[0]; None where there is none.
static Value program_name(Thread *t)
{
    OWN_POINTER Str *key = str_intern_text(t, "argv", 4);
    Value argv = key ? dict_get_str(t->interp->sys, key) : UNBOUND;
    if (is_unbound(argv) || !is_list(argv) || !as_list(argv)->length || !is_str(as_list(argv)->items[0])) return NONE;
    Str *path = as_str(as_list(argv)->items[0]);
    size_t start = path->length;
    while (start > 0 && str_at(path, start - 1) != '/') start--;
    return start == path->length ? NONE : str_substring(t, path, start, path->length);
}
static Value syslog_openlog(Thread *t, Value self, const Value *args)
{
    int64_t options, facility;
    OWN Value name = is_unbound(args[0]) || is_none(args[0]) ? program_name(t) : retain(args[0]);
    if (is_error(name) || !int_as_i64(t, args[1], &options) || !int_as_i64(t, args[2], &facility)) return ERROR;
    return open_log(t, name, (int)options, (int)facility) ? NONE : ERROR;
}
static Value syslog_syslog(Thread *t, Value self, const Value *args)
{
    int priority = LOG_INFO;
    Value message = is_unbound(args[1]) ? args[0] : args[1];
    if (!is_unbound(args[1]) && !int_as_int(t, args[0], &priority)) return ERROR;
    if (!is_str(message)) return raise_type_error(t, "syslog() argument must be str, not %T", message);
    OWN_MEMORY char *text = str_to_utf8(t, as_str(message), NULL);
    if (!text) return ERROR;
    if (is_unbound(t->interp->module_slots[SLOT_SYSLOG_NAME])) {
        OWN Value name = program_name(t);
        if (is_error(name) || !open_log(t, name, 0, LOG_USER)) return ERROR;
    }
    OWN Value kept = retain(t->interp->module_slots[SLOT_SYSLOG_NAME]);     // another thread may open the log again
    BLOCKING(t, GIL_WRITE, syslog(priority, "%s", text));
    return NONE;
}
static Value syslog_closelog(Thread *t, Value self, const Value *args)
{
    closelog();
    clear(&t->interp->module_slots[SLOT_SYSLOG_NAME]);
    return NONE;
}
static Value syslog_setlogmask(Thread *t, Value self, const Value *args)
{
    int mask;
    return int_as_int(t, args[0], &mask) ? small_int(setlogmask(mask)) : ERROR;
}
static Value syslog_mask(Thread *t, Value self, const Value *args)
{
    int priority;
    return int_as_int(t, args[0], &priority) ? small_int(priority < 0 || priority > 30 ? 0 : LOG_MASK(priority)) : ERROR;
}
static Value syslog_upto(Thread *t, Value self, const Value *args)
{
    int priority;
    return int_as_int(t, args[0], &priority) ? small_int(priority < 0 || priority > 29 ? 0 : LOG_UPTO(priority)) : ERROR;
}
static const Method functions[] = {
    {"openlog", syslog_openlog, "(ident=<unset>, logoption=0, facility=8)", "Set what syslog() will use."},
    {"syslog", syslog_syslog, "(priority, message=<unset>, /)", "syslog([priority,] message): send a message to the log."},
    {"closelog", syslog_closelog, "()", "Forget what openlog() set."},
    {"setlogmask", syslog_setlogmask, "(maskpri, /)", "Set which priorities are logged; the old mask."},
    {"LOG_MASK", syslog_mask, "(pri, /)", "The mask of one priority."},
    {"LOG_UPTO", syslog_upto, "(pri, /)", "The mask of a priority and all above it."},
    {0},
};
static const NamedInt constants[] = {
    NAMED_INT(LOG_ALERT), NAMED_INT(LOG_AUTH), NAMED_INT(LOG_AUTHPRIV), NAMED_INT(LOG_CONS), NAMED_INT(LOG_CRIT), NAMED_INT(LOG_CRON),
    NAMED_INT(LOG_DAEMON), NAMED_INT(LOG_DEBUG), NAMED_INT(LOG_EMERG), NAMED_INT(LOG_ERR), NAMED_INT(LOG_INFO), NAMED_INT(LOG_KERN),
    NAMED_INT(LOG_LOCAL0), NAMED_INT(LOG_LOCAL1), NAMED_INT(LOG_LOCAL2), NAMED_INT(LOG_LOCAL3), NAMED_INT(LOG_LOCAL4), NAMED_INT(LOG_LOCAL5),
    NAMED_INT(LOG_LOCAL6), NAMED_INT(LOG_LOCAL7), NAMED_INT(LOG_LPR), NAMED_INT(LOG_MAIL), NAMED_INT(LOG_NDELAY), NAMED_INT(LOG_NEWS),
    NAMED_INT(LOG_NOTICE), NAMED_INT(LOG_NOWAIT), NAMED_INT(LOG_ODELAY), NAMED_INT(LOG_PERROR), NAMED_INT(LOG_PID), NAMED_INT(LOG_SYSLOG),
    NAMED_INT(LOG_USER), NAMED_INT(LOG_UUCP), NAMED_INT(LOG_WARNING),
};
static bool start(Thread *t, Value module) { return module_add_ints(t, module, constants, COUNT_OF(constants)); }
extern const ModuleSpec syslog_spec;
const ModuleSpec syslog_spec = {.name = "syslog", .doc = "Messages to the system's log.", .functions = functions, .start = start};
