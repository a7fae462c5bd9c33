// SPDX-License-Identifier: MIT
// stdlib/select/select.c: waiting for descriptors: select(), poll objects, epoll objects. Every wait lets the GIL go.
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/heap.h"
#include "runtime/thread.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"
#include "stdlib/descriptor.h"

typedef struct Poll { Object head; Dict *watched; bool polling; } Poll;
typedef struct Epoll { Object head; int fd; } Epoll;
static Type poll_type, epoll_type;
static Poll *as_poll(Value v) { return (Poll *)as_object(v); }
static Epoll *as_epoll(Value v) { return (Epoll *)as_object(v); }

// The moment a wait ends, of CLOCK_MONOTONIC; UINT64_MAX: never.
static bool deadline_of(Thread *t, Value timeout, double unit, uint64_t *deadline)
{
    double amount;
    *deadline = UINT64_MAX;
    if (is_none(timeout)) return true;
    if (!float_from_value(t, timeout, &amount))
        return error_clear_if(t, &exc_TypeError) ? error_false(raise_type_error(t, unit == 1 ? "timeout must be a float or None" : "timeout must be an integer or None")) : false;
    if (isnan(amount)) return error_false(raise_value_error(t, "Invalid value NaN (not a number)"));
    if (amount * unit > 9.2e9) return error_false(raise_error(t, &exc_OverflowError, "timeout is too large"));
    if (amount < 0) {
        if (unit != 1) return true;
        return error_false(raise_value_error(t, "timeout must be non-negative"));
    }
    *deadline = schedule_clock(t) + (uint64_t)ceil(amount * unit * 1e9);
    return true;
}
static int milliseconds_left(uint64_t deadline)
{
    if (deadline == UINT64_MAX) return -1;
    uint64_t now = gil_now();
    if (now >= deadline) return 0;
    uint64_t left = (deadline - now + 999999) / 1000000;
    return left > INT32_MAX ? INT32_MAX : (int)left;
}
// In a controlled run, whose clock is another.
static int64_t ns_left(Thread *t, uint64_t deadline)
{
    uint64_t now = schedule_clock(t);
    return deadline == UINT64_MAX ? -1 : deadline > now ? (int64_t)(deadline - now) : 0;
}
// poll() until something is ready, the deadline comes, or a signal's handler raises (-1).
static int wait_poll(Thread *t, struct pollfd *fds, size_t count, uint64_t deadline)
{
    for (;;) {
        if (UNLIKELY(t->interp->schedule != NULL)) return schedule_io_point(t) ? schedule_poll(t, fds, count, ns_left(t, deadline)) : -1;
        int ready, failed, left = milliseconds_left(deadline);
        BLOCKING(t, GIL_POLL, { ready = poll(fds, count, left); failed = ready < 0 ? errno : 0; });
        if (!failed && (ready > 0 || milliseconds_left(deadline) == 0)) return ready;
        if (failed == EINTR && !signals_poll(t)) return -1;
        if (failed && failed != EINTR) return error_minus(raise_errno(t, failed));
    }
}

// ---- select()
// The items of one argument: a list is read as it stands, since the fileno() of an item may change it.
typedef struct Wanted { Value kept; size_t start, count; } Wanted;
static void wanted_end(Wanted *w) { drop(w->kept); }
#define OWN_WANTED __attribute__((cleanup(wanted_end)))
static bool add_wanted(Thread *t, Value items, struct pollfd *fds, size_t *used, short events, Wanted *w)
{
    OWN Value sequence = is_list(items) ? retain(items) : tuple_from_iterable(t, items);
    if (is_error(sequence)) return error_clear_if(t, &exc_TypeError) ? error_false(raise_type_error(t, "arguments 1-3 must be sequences")) : false;
    w->start = *used;
    w->kept = list_new(t, 4);
    if (is_error(w->kept)) return w->kept = UNBOUND, false;
    for (size_t i = 0; i < (is_list(sequence) ? as_list(sequence)->length : as_tuple(sequence)->length); i++) {
        OWN Value item = retain(is_list(sequence) ? as_list(sequence)->items[i] : as_tuple(sequence)->items[i]);
        struct pollfd one = {.events = events};
        if (!descriptor_from(t, item, &one.fd)) return false;
        if (one.fd >= FD_SETSIZE) return error_false(raise_value_error(t, "filedescriptor out of range in select()"));
        if (w->count == FD_SETSIZE - 1) return error_false(raise_value_error(t, "too many file descriptors in select()"));
        if (!list_append(t, w->kept, item)) return false;
        fds[(*used)++] = one;
        w->count++;
    }
    return true;
}
static Value ready_of(Thread *t, const Wanted *w, const struct pollfd *fds, short mask)
{
    OWN Value ready = list_new(t, 0);
    if (is_error(ready)) return ERROR;
    for (size_t i = 0; i < w->count; i++)
        if ((fds[w->start + i].revents & mask) && !list_append(t, ready, as_list(w->kept)->items[i])) return ERROR;
    return MOVE(ready);
}
static Value select_select(Thread *t, Value self, const Value *args)
{
    uint64_t deadline;
    size_t used = 0;
    OWN_WANTED Wanted readers = {0}, writers = {0}, others = {0};
    if (!deadline_of(t, args[3], 1, &deadline)) return ERROR;
    OWN_MEMORY struct pollfd *fds = mem_allocate(t, 3 * FD_SETSIZE * sizeof *fds);
    if (!fds || !add_wanted(t, args[0], fds, &used, POLLIN, &readers) || !add_wanted(t, args[1], fds, &used, POLLOUT, &writers) || !add_wanted(t, args[2], fds, &used, POLLPRI, &others)) return ERROR;
    if (wait_poll(t, fds, used, deadline) < 0) return ERROR;
    for (size_t i = 0; i < used; i++)
        if (fds[i].revents & POLLNVAL) return raise_errno(t, EBADF);
    OWN Value first = ready_of(t, &readers, fds, POLLIN | POLLHUP | POLLERR);
    OWN Value second = ready_of(t, &writers, fds, POLLOUT | POLLERR);
    OWN Value third = ready_of(t, &others, fds, POLLPRI);
    return is_error(first) || is_error(second) || is_error(third) ? ERROR : tuple_of(t, 3, first, second, third);
}

// ---- poll objects
static void poll_finish(Thread *t, Object *o)
{
    Dict *watched = ((Poll *)o)->watched;
    ((Poll *)o)->watched = NULL;
    drop_pointer(watched);
}
static Value select_poll(Thread *t, Value self, const Value *args)
{
    Poll *p = (Poll *)object_new(t, &poll_type);
    OWN Value made = p ? object_value(p) : ERROR;
    return p && (p->watched = dict_new(t)) ? MOVE(made) : ERROR;
}
static bool mask_of(Thread *t, Value v, int64_t *mask)
{
    if (!int_as_i64(t, v, mask)) return false;
    if (*mask < 0) return error_false(raise_value_error(t, "value must be positive"));
    return *mask <= UINT16_MAX || error_false(raise_error(t, &exc_OverflowError, "Python int too large to convert to C unsigned short"));
}
static Value poll_register(Thread *t, Value self, const Value *args)
{
    int fd;
    int64_t mask;
    if (!descriptor_from(t, args[0], &fd) || !mask_of(t, args[1], &mask)) return ERROR;
    return dict_set(t, as_poll(self)->watched, small_int(fd), small_int(mask)) ? NONE : ERROR;
}
static Value poll_modify(Thread *t, Value self, const Value *args)
{
    int fd;
    int64_t mask;
    if (!descriptor_from(t, args[0], &fd) || !mask_of(t, args[1], &mask)) return ERROR;
    int known = dict_contains(t, as_poll(self)->watched, small_int(fd));
    if (known <= 0) return known < 0 ? ERROR : raise_errno(t, ENOENT);
    return dict_set(t, as_poll(self)->watched, small_int(fd), small_int(mask)) ? NONE : ERROR;
}
static Value poll_unregister(Thread *t, Value self, const Value *args)
{
    int fd;
    if (!descriptor_from(t, args[0], &fd)) return ERROR;
    int deleted = dict_delete(t, as_poll(self)->watched, small_int(fd));
    return deleted > 0 ? NONE : deleted < 0 ? ERROR : raise_key_error(t, small_int(fd));
}
static Value poll_poll(Thread *t, Value self, const Value *args)
{
    uint64_t deadline;
    Poll *p = as_poll(self);
    if (!deadline_of(t, args[0], 1e-3, &deadline)) return ERROR;
    if (p->polling) return raise_error(t, &exc_RuntimeError, "concurrent poll() invocation");
    size_t count = 0;
    OWN_MEMORY struct pollfd *fds = mem_allocate(t, (p->watched->count + 1) * sizeof *fds);
    if (!fds) return ERROR;
    Value key, value;
    for (size_t at = 0; dict_next(p->watched, &at, &key, &value);) fds[count++] = (struct pollfd){.fd = (int)as_small_int(key), .events = (short)as_small_int(value)};
    p->polling = true;
    int ready = wait_poll(t, fds, count, deadline);
    p->polling = false;
    OWN Value list = ready < 0 ? ERROR : list_new(t, (size_t)ready);
    for (size_t i = 0; i < count && !is_error(list); i++) {
        if (!fds[i].revents) continue;
        OWN Value pair = tuple_of(t, 2, small_int(fds[i].fd), small_int((uint16_t)fds[i].revents));
        if (is_error(pair) || !list_append(t, list, pair)) return ERROR;
    }
    return MOVE(list);
}
static const Method poll_methods[] = {
    {"register", poll_register, "(self, fd, eventmask=7, /)", "Register a file descriptor with the polling object."},
    {"modify", poll_modify, "(self, fd, eventmask, /)", "Modify an already registered file descriptor."},
    {"unregister", poll_unregister, "(self, fd, /)", "Remove a file descriptor being tracked by the polling object."},
    {"poll", poll_poll, "(self, timeout=None, /)", "Polls the set of registered file descriptors: a list of (fd, event)."},
    {0},
};
static const TypeSpec poll_spec = {.name = "select.poll", .size = sizeof(Poll), .flags = TYPE_NO_NEW, .slots = {.finish = poll_finish}, .methods = poll_methods};

// ---- epoll objects
static void epoll_finish(Thread *t, Object *o)
{
    if (((Epoll *)o)->fd >= 0) close(((Epoll *)o)->fd);
}
static Value epoll_adopt(Thread *t, Type *type, int fd)
{
    Epoll *e = (Epoll *)object_new(t, type);
    if (!e) {
        close(fd);
        return ERROR;
    }
    e->fd = fd;
    return object_value(e);
}
static Value epoll_construct(Thread *t, Type *type, const Value *args)
{
    int size, flags;
    if (!int_as_int(t, args[0], &size) || !int_as_int(t, args[1], &flags)) return ERROR;
    if (size < -1 || size == 0) return raise_value_error(t, "negative sizehint");
    if (flags & ~EPOLL_CLOEXEC) return raise_errno(t, EINVAL);
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? raise_errno(t, errno) : epoll_adopt(t, type, fd);
}
static Value epoll_fromfd(Thread *t, Value class, const Value *args)
{
    int fd;
    return int_as_int(t, args[0], &fd) ? epoll_adopt(t, as_type(class), fd) : ERROR;
}
static bool epoll_open(Thread *t, Value self) { return as_epoll(self)->fd >= 0 || error_false(raise_value_error(t, "I/O operation on closed epoll object")); }
static Value control(Thread *t, Value self, int operation, Value file, Value events)
{
    int fd;
    uint64_t mask = 0;
    if (!epoll_open(t, self) || !descriptor_from(t, file, &fd) || (!is_unbound(events) && !int_as_u64(t, events, &mask))) return ERROR;
    struct epoll_event event = {.events = (uint32_t)mask, .data.fd = fd};
    return epoll_ctl(as_epoll(self)->fd, operation, fd, &event) == 0 ? NONE : raise_errno(t, errno);
}
static Value epoll_register(Thread *t, Value self, const Value *args) { return control(t, self, EPOLL_CTL_ADD, args[0], args[1]); }
static Value epoll_modify(Thread *t, Value self, const Value *args) { return control(t, self, EPOLL_CTL_MOD, args[0], args[1]); }
static Value epoll_unregister(Thread *t, Value self, const Value *args) { return control(t, self, EPOLL_CTL_DEL, args[0], UNBOUND); }
static Value epoll_poll(Thread *t, Value self, const Value *args)
{
    uint64_t deadline = UINT64_MAX;
    double seconds = -1;
    int most;
    if (!epoll_open(t, self) || !int_as_int(t, args[1], &most)) return ERROR;
    if (!is_none(args[0]) && !float_from_value(t, args[0], &seconds)) return ERROR;
    if (seconds >= 0 && !deadline_of(t, args[0], 1, &deadline)) return ERROR;
    if (most == -1) most = FD_SETSIZE - 1;
    if (most < 1) return raise_value_error(t, "maxevents must be greater than 0, got %d", most);
    OWN_MEMORY struct epoll_event *events = mem_allocate(t, (size_t)most * sizeof *events);
    if (!events) return ERROR;
    int ready, failed;
    do {
        int fd = as_epoll(self)->fd, left = milliseconds_left(deadline);
        if (UNLIKELY(t->interp->schedule != NULL)) {
            struct pollfd any = {.fd = fd, .events = POLLIN};
            if (!schedule_io_point(t) || schedule_poll(t, &any, 1, ns_left(t, deadline)) < 0) return ERROR;
            left = 0;
        }
        BLOCKING(t, GIL_POLL, { ready = epoll_wait(fd, events, most, left); failed = ready < 0 ? errno : 0; });
        if (failed == EINTR && !signals_poll(t)) return ERROR;
        if (failed && failed != EINTR) return raise_errno(t, failed);
    } while (failed == EINTR || (ready == 0 && !t->interp->schedule && milliseconds_left(deadline) != 0));
    OWN Value list = list_new(t, (size_t)ready);
    for (int i = 0; i < ready && !is_error(list); i++) {
        OWN Value pair = tuple_of(t, 2, small_int(events[i].data.fd), small_int(events[i].events));
        if (is_error(pair) || !list_append(t, list, pair)) return ERROR;
    }
    return MOVE(list);
}
static Value epoll_close(Thread *t, Value self, const Value *args)
{
    int fd = as_epoll(self)->fd;
    as_epoll(self)->fd = -1;
    return fd >= 0 && close(fd) != 0 ? raise_errno(t, errno) : NONE;
}
static Value epoll_fileno(Thread *t, Value self, const Value *args) { return epoll_open(t, self) ? small_int(as_epoll(self)->fd) : ERROR; }
static Value epoll_enter(Thread *t, Value self, const Value *args) { return epoll_open(t, self) ? retain(self) : ERROR; }
static Value epoll_closed(Thread *t, Value self) { return bool_value(as_epoll(self)->fd < 0); }
static const Method epoll_methods[] = {
    {"fromfd", epoll_fromfd, "(cls, fd, /)", "An epoll object of a descriptor that exists."},
    {"register", epoll_register, "(self, fd, eventmask=7)", "Registers a new fd or raises an OSError if the fd is already registered."},
    {"modify", epoll_modify, "(self, fd, eventmask)", "Modify event mask for a registered file descriptor."},
    {"unregister", epoll_unregister, "(self, fd)", "Remove a registered file descriptor from the epoll object."},
    {"poll", epoll_poll, "(self, timeout=None, maxevents=-1)", "Wait for events on the epoll file descriptor: a list of (fd, events)."},
    {"close", epoll_close, "(self)", "Close the epoll control file descriptor."},
    {"fileno", epoll_fileno, "(self)", "Return the epoll control file descriptor."},
    {"__enter__", epoll_enter, "(self)", "The object itself."},
    {"__exit__", epoll_close, "(self, exc_type=None, exc_value=None, exc_tb=None, /)", "Closes it."},
    {0},
};
static const GetSet epoll_getsets[] = {{"closed", epoll_closed, NULL, "True if the epoll handler is closed"}, {0}};
static const TypeSpec epoll_spec = {.name = "select.epoll", .doc = "Returns an epolling object.", .size = sizeof(Epoll), .slots = {.finish = epoll_finish}, .methods = epoll_methods,
    .getsets = epoll_getsets, .new_signature = "(sizehint=-1, flags=0)", .construct = epoll_construct};

static const NamedInt numbers[] = {
    NAMED_INT(POLLIN), NAMED_INT(POLLPRI), NAMED_INT(POLLOUT), NAMED_INT(POLLERR), NAMED_INT(POLLHUP), NAMED_INT(POLLNVAL), NAMED_INT(POLLRDNORM), NAMED_INT(POLLRDBAND), NAMED_INT(POLLWRNORM), NAMED_INT(POLLWRBAND),
    {"POLLMSG", 0x400}, {"POLLRDHUP", 0x2000}, NAMED_INT(EPOLLIN), NAMED_INT(EPOLLOUT), NAMED_INT(EPOLLPRI), NAMED_INT(EPOLLERR), NAMED_INT(EPOLLHUP), NAMED_INT(EPOLLRDHUP), NAMED_INT(EPOLLET),
    NAMED_INT(EPOLLONESHOT), NAMED_INT(EPOLLEXCLUSIVE), NAMED_INT(EPOLLRDNORM), NAMED_INT(EPOLLRDBAND), NAMED_INT(EPOLLWRNORM), NAMED_INT(EPOLLWRBAND), NAMED_INT(EPOLLMSG), NAMED_INT(EPOLL_CLOEXEC),
    {"PIPE_BUF", 4096},
};
static const Method functions[] = {
    {"select", select_select, "(rlist, wlist, xlist, timeout=None, /)", "Wait until one or more file descriptors are ready for some kind of I/O."},
    {"poll", select_poll, "()", "Returns a polling object."},
    {0},
};
static bool start(Thread *t, Value module)
{
    if (poll_type.version == 0 && (!type_prepare(t, &poll_type, &poll_spec) || !type_prepare(t, &epoll_type, &epoll_spec))) return false;
    return module_add_ints(t, module, numbers, COUNT_OF(numbers)) && module_add_type(t, module, &epoll_type) && module_add(t, module, "error", retain(type_value(&exc_OSError)));
}
extern const ModuleSpec select_spec;
const ModuleSpec select_spec = {.name = "select", .doc = "Waiting for file descriptors.", .functions = functions, .start = start};
