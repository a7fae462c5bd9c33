// SPDX-License-Identifier: MIT
// stdlib/_socket/module.c: the module under socket: its functions, classes and constants.
#include <fcntl.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/ioctl.h>

#include <linux/can.h>
#include <linux/can/bcm.h>
#include <linux/can/error.h>
#include <linux/can/isotp.h>
#include <linux/can/j1939.h>
#include <linux/can/raw.h>
#include <linux/errqueue.h>
#include <linux/if_packet.h>
#include <linux/tipc.h>

#include "runtime/types/exception.h"
#include "stdlib/_socket/socket.h"

static Value module_close(Thread *t, Value self, const Value *args)
{
    int fd, failed, result;
    if (!int_as_int(t, args[0], &fd)) return ERROR;
    BLOCKING(t, GIL_FILE, { result = close(fd); failed = result < 0 ? errno : 0; });
    return failed && failed != ECONNRESET ? raise_errno(t, failed) : NONE;
}
static Value module_dup(Thread *t, Value self, const Value *args)
{
    int fd;
    if (!int_as_int(t, args[0], &fd)) return ERROR;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? raise_errno(t, errno) : small_int(copy);
}
static Value adopted(Thread *t, int fd, int family, int type, int protocol)
{
    Value args[] = {small_int(family), small_int(type), small_int(protocol), small_int(fd)};
    Value made = call(t, type_value(&socket_type), args, 4, UNBOUND);
    if (is_error(made)) close(fd);
    return made;
}
static Value module_socketpair(Thread *t, Value self, const Value *args)
{
    int family = AF_UNIX, type, protocol, fds[2];
    if (!is_none(args[0]) && !int_as_int(t, args[0], &family)) return ERROR;
    if (!int_as_int(t, args[1], &type) || !int_as_int(t, args[2], &protocol)) return ERROR;
    if (socketpair(family, type | SOCK_CLOEXEC, protocol, fds) != 0) return raise_errno(t, errno);
    OWN Value first = adopted(t, fds[0], family, type, protocol);
    if (is_error(first)) {
        close(fds[1]);
        return ERROR;
    }
    OWN Value second = adopted(t, fds[1], family, type, protocol);
    return is_error(second) ? ERROR : tuple_of(t, 2, first, second);
}
static Value module_getdefaulttimeout(Thread *t, Value self, const Value *args)
{
    Value kept = t->interp->module_slots[SLOT_SOCKET_DEFAULT_TIMEOUT];
    return is_unbound(kept) ? NONE : timeout_ns_value(t, as_small_int(kept));
}
static Value module_setdefaulttimeout(Thread *t, Value self, const Value *args)
{
    int64_t ns;
    if (!timeout_ns_from(t, args[0], &ns)) return ERROR;
    if (ns > INT_IMMEDIATE_MAX) return raise_error(t, &exc_OverflowError, "timeout doesn't fit into C timeval");
    t->interp->module_slots[SLOT_SOCKET_DEFAULT_TIMEOUT] = ns < 0 ? UNBOUND : small_int(ns);
    return NONE;
}
static const Method functions[] = {
    {"CMSG_LEN", module_cmsg_len, "(length, /)", "Bytes of a control message with so many bytes of data, without padding behind."},
    {"CMSG_SPACE", module_cmsg_space, "(length, /)", "Bytes of a control message with so many bytes of data, padding included."},
    {"close", module_close, "(fd, /)", "Close a socket's descriptor."},
    {"dup", module_dup, "(fd, /)", "A new descriptor for the same socket."},
    {"getdefaulttimeout", module_getdefaulttimeout, "()", "Seconds that calls of new sockets may wait, or None."},
    {"setdefaulttimeout", module_setdefaulttimeout, "(timeout, /)", "Set the seconds that calls of new sockets may wait; None: for ever."},
    {"socketpair", module_socketpair, "(family=None, type=1, proto=0, /)", "Two sockets connected to each other."},
    {0},
};

// ---- Constants
#define C(name) {#name, (int64_t)(name)},
#define LITERAL(name, value) {#name, value},
static const NamedInt constants[] = {
#include "stdlib/_socket/constants.def"
};
static bool add_error(Thread *t, Value module, const char *name, int slot)
{
    Value class = exception_class_new(t, "socket", name, type_value(&exc_OSError), NULL);
    if (is_error(class)) return false;
    assign(&t->interp->module_slots[slot], retain(class));
    return module_add(t, module, name, class);
}
static bool start(Thread *t, Value module)
{
    if (socket_type.version == 0 && !type_prepare(t, &socket_type, &socket_type_spec)) return false;
    for (const Method *m = socket_name_functions; m->name; m++)
        if (!module_add_function(t, module, m)) return false;
    return module_add_ints(t, module, constants, COUNT_OF(constants)) && add_error(t, module, "gaierror", SLOT_SOCKET_GAIERROR) && add_error(t, module, "herror", SLOT_SOCKET_HERROR) &&
           module_add(t, module, "error", retain(type_value(&exc_OSError))) && module_add(t, module, "timeout", retain(type_value(&exc_TimeoutError))) &&
           module_add(t, module, "has_ipv6", TRUE) && module_add(t, module, "SocketType", retain(type_value(&socket_type))) &&
           module_add(t, module, "BDADDR_ANY", str_from_text(t, "00:00:00:00:00:00")) && module_add(t, module, "BDADDR_LOCAL", str_from_text(t, "00:00:00:FF:FF:FF")) &&
           module_add_type(t, module, &socket_type);
}
extern const ModuleSpec _socket_spec;
const ModuleSpec _socket_spec = {.name = "_socket", .doc = "Sockets, as the socket module uses them.", .functions = functions, .start = start};
