// SPDX-License-Identifier: MIT
// stdlib/_socket/socket.c: the type socket. Each system call that may wait lets the GIL go.
//
// A socket with a timeout is non-blocking underneath: a call waits with poll() until the descriptor is ready or the time is
// up, then tries. One without a timeout blocks in the call itself.
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "runtime/types/float.h"
#include "stdlib/_socket/socket.h"

Type socket_type;

// ---- Waiting and trying
uint64_t socket_deadline(const Socket *s) { return s->timeout_ns > 0 ? schedule_clock(thread_current()) + (uint64_t)s->timeout_ns : UINT64_MAX; }

static int milliseconds_until(uint64_t deadline)
{
    if (deadline == UINT64_MAX) return -1;
    uint64_t now = gil_now();
    if (now >= deadline) return 0;
    uint64_t left = (deadline - now + 999999) / 1000000;
    return left > INT32_MAX ? INT32_MAX : (int)left;
}
int socket_wait(Thread *t, Socket *s, short event, uint64_t deadline)
{
    for (;;) {
        struct pollfd wanted = {.fd = s->fd, .events = event};
        int ready, failed, left = milliseconds_until(deadline);
        if (wanted.fd < 0) return 1;                  // closed: the call itself says so
        if (UNLIKELY(t->interp->schedule != NULL)) {
            uint64_t now = schedule_clock(t);
            return schedule_poll(t, &wanted, 1, deadline == UINT64_MAX ? -1 : deadline > now ? (int64_t)(deadline - now) : 0);
        }
        BLOCKING(t, GIL_POLL, { ready = poll(&wanted, 1, left); failed = ready < 0 ? errno : 0; });
        if (ready > 0) return 1;
        if (failed == EINTR && !signals_poll(t)) return -1;
        if (failed && failed != EINTR) return error_minus(raise_errno(t, failed));
        if (!failed && milliseconds_until(deadline) == 0) return 0;
    }
}
static int ready_or_timeout(Thread *t, Socket *s, short event, uint64_t deadline)
{
    int ready = socket_wait(t, s, event, deadline);
    return ready == 0 ? error_minus(raise_error(t, &exc_TimeoutError, "timed out")) : ready;
}
ssize_t socket_call(Thread *t, Socket *s, GilReason reason, short event, SocketTry try_it, void *request, uint64_t *deadline)
{
    if (*deadline == UINT64_MAX) *deadline = socket_deadline(s);
    for (;;) {
        if (s->timeout_ns > 0 && ready_or_timeout(t, s, event, *deadline) < 0) return -1;
        ssize_t result;
        int failed, fd = s->fd;
        ScheduleIo io;
        if (!schedule_io_begins(t, &io, fd, event)) return -1;
        BLOCKING(t, reason, { result = try_it(fd, request); failed = result < 0 ? errno : 0; });
        if (schedule_io_ends(&io, failed != 0)) continue;
        if (!failed) return result;
        if (failed == EINTR) {
            if (!signals_poll(t)) return -1;
        } else if (s->timeout_ns <= 0 || (failed != EAGAIN && failed != EWOULDBLOCK)) {
            return error_minus(raise_errno(t, failed));
        }
    }
}

// ---- Timeouts
bool timeout_ns_from(Thread *t, Value v, int64_t *ns)
{
    *ns = NO_TIMEOUT;
    if (is_none(v)) return true;
    double seconds;
    if (!float_from_value(t, v, &seconds)) {
        if (error_clear_if(t, &exc_TypeError)) raise_type_error(t, "'%T' object cannot be interpreted as an integer", v);
        return false;
    }
    if (isnan(seconds)) return error_false(raise_value_error(t, "Invalid value NaN (not a number)"));
    if (seconds < 0) return error_false(raise_value_error(t, "Timeout value out of range"));
    if (seconds > 9.2e9) return error_false(raise_error(t, &exc_OverflowError, "timeout doesn't fit into C timeval"));
    *ns = (int64_t)ceil(seconds * 1e9);
    return true;
}
Value timeout_ns_value(Thread *t, int64_t ns) { return ns < 0 ? NONE : float_value((double)ns / 1e9); }

static bool set_nonblocking(Thread *t, Socket *s, bool nonblocking)
{
    int failed, result, fd = s->fd, flag = nonblocking;
    BLOCKING(t, GIL_FILE, { result = ioctl(fd, FIONBIO, &flag); failed = result < 0 ? errno : 0; });
    return !failed || error_false(raise_errno(t, failed));
}
static bool set_timeout(Thread *t, Socket *s, int64_t ns)
{
    s->timeout_ns = ns;
    return set_nonblocking(t, s, ns >= 0);
}
static Value socket_settimeout(Thread *t, Value self, const Value *args)
{
    int64_t ns;
    return timeout_ns_from(t, args[0], &ns) && set_timeout(t, as_socket(self), ns) ? NONE : ERROR;
}
static Value socket_setblocking(Thread *t, Value self, const Value *args)
{
    int blocking = object_truth(t, args[0]);
    return blocking >= 0 && set_timeout(t, as_socket(self), blocking ? NO_TIMEOUT : 0) ? NONE : ERROR;
}
static Value socket_gettimeout(Thread *t, Value self, const Value *args) { return timeout_ns_value(t, as_socket(self)->timeout_ns); }
static Value socket_getblocking(Thread *t, Value self, const Value *args) { return bool_value(as_socket(self)->timeout_ns != 0); }
static Value get_timeout(Thread *t, Value self) { return timeout_ns_value(t, as_socket(self)->timeout_ns); }

// ---- Making and ending
static Value socket_construct(Thread *t, Type *type, const Value *args)
{
    Socket *s = (Socket *)object_new(t, type);
    if (!s) return ERROR;
    s->fd = -1;
    s->timeout_ns = NO_TIMEOUT;
    return object_value(s);
}
// What the descriptor of an existing socket says about itself, where the caller did not.
static bool adopt(Thread *t, int fd, int *family, int *type, int *protocol)
{
    Address address = {0};
    socklen_t length = sizeof address;
    if (getsockname(fd, &address.any, &length) != 0) {
        if (*family == -1 || errno == EBADF || errno == ENOTSOCK) return error_false(raise_errno(t, errno));
    } else if (*family == -1) {
        *family = address.any.sa_family;
    }
    int *unknown[] = {type, protocol};
    const int options[] = {SO_TYPE, SO_PROTOCOL};
    for (size_t i = 0; i < 2; i++) {
        socklen_t room = sizeof(int);
        if (*unknown[i] == -1 && getsockopt(fd, SOL_SOCKET, options[i], unknown[i], &room) != 0) return error_false(raise_errno(t, errno));
    }
    return true;
}
static bool socket_initialize(Thread *t, Value self, const Value *args)
{
    Socket *s = as_socket(self);
    int family, type, protocol, fd, failed = 0;
    if (!int_as_int(t, args[0], &family) || !int_as_int(t, args[1], &type) || !int_as_int(t, args[2], &protocol)) return false;
    if (!is_none(args[3])) {
        if (!int_as_int(t, args[3], &fd)) return false;
        if (fd < 0) return error_false(raise_value_error(t, "negative file descriptor"));
        if (!adopt(t, fd, &family, &type, &protocol)) return false;
    } else {
        if (family == -1) family = AF_INET;
        if (type == -1) type = SOCK_STREAM;
        if (protocol == -1) protocol = 0;
        BLOCKING(t, GIL_OPEN, { fd = socket(family, type | SOCK_CLOEXEC, protocol); failed = fd < 0 ? errno : 0; });
        if (failed) return error_false(raise_errno(t, failed));
    }
    Value fallback = t->interp->module_slots[SLOT_SOCKET_DEFAULT_TIMEOUT];
    int old = s->fd;
    s->fd = fd;
    s->family = family;
    s->type = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    s->protocol = protocol;
    s->timeout_ns = type & SOCK_NONBLOCK ? 0 : is_unbound(fallback) ? NO_TIMEOUT : as_small_int(fallback);
    if (old >= 0 && old != fd) BLOCKING(t, GIL_FILE, close(old));     // initialised a second time
    return type & SOCK_NONBLOCK || s->timeout_ns < 0 || set_nonblocking(t, s, true);
}
static Value socket_repr(Thread *t, Value self)
{
    Socket *s = as_socket(self);
    return str_format(t, "<socket object, fd=%d, family=%d, type=%d, proto=%d>", s->fd, s->family, s->type, s->protocol);
}
static void socket_finalize(Thread *t, Value self)
{
    Socket *s = as_socket(self);
    if (s->fd < 0) return;
    if (!t->interp->finalizing && !warn(t, &exc_ResourceWarning, 1, "unclosed %R", self)) {
        if (error_matches(t, &exc_Warning)) error_unraisable(t, NULL, self);
        else error_clear(t);
    }
    int fd = s->fd;
    s->fd = -1;
    if (fd >= 0) BLOCKING(t, GIL_FILE, close(fd));
}
static void socket_finish(Thread *t, Object *o)
{
    Socket *s = (Socket *)o;
    if (s->fd >= 0) close(s->fd);
    s->fd = -1;
}
static Value socket_close(Thread *t, Value self, const Value *args)
{
    Socket *s = as_socket(self);
    int failed, result, fd = s->fd;
    if (fd < 0) return NONE;
    s->fd = -1;                   // before the GIL goes: no other thread is to close the number twice
    BLOCKING(t, GIL_FILE, { result = close(fd); failed = result < 0 ? errno : 0; });
    return failed && failed != ECONNRESET ? raise_errno(t, failed) : NONE;
}
static Value socket_detach(Thread *t, Value self, const Value *args)
{
    int fd = as_socket(self)->fd;
    as_socket(self)->fd = -1;
    return small_int(fd);
}
static Value socket_fileno(Thread *t, Value self, const Value *args) { return small_int(as_socket(self)->fd); }

// ---- Names and connections
typedef struct Accepted { Address address; socklen_t length; } Accepted;
static ssize_t try_accept(int fd, void *request)
{
    Accepted *a = request;
    a->length = sizeof a->address;
    return accept4(fd, &a->address.any, &a->length, SOCK_CLOEXEC);
}
static Value socket_accept(Thread *t, Value self, const Value *args)
{
    Accepted accepted = {0};
    uint64_t deadline = UINT64_MAX;
    ssize_t fd = socket_call(t, as_socket(self), GIL_ACCEPT, POLLIN, try_accept, &accepted, &deadline);
    if (fd < 0) return ERROR;
    if (UNLIKELY(t->interp->schedule != NULL)) schedule_io_accepted(t, (int)fd);
    OWN Value address = address_value(t, &accepted.address, accepted.length, as_socket(self)->protocol);
    Value pair = is_error(address) ? ERROR : tuple_of(t, 2, small_int(fd), address);
    if (is_error(pair)) close((int)fd);
    return pair;
}
static Value socket_bind(Thread *t, Value self, const Value *args)
{
    Address address;
    socklen_t length;
    int failed, result;
    if (!address_from(t, as_socket(self)->family, args[0], "bind", &address, &length)) return ERROR;
    int fd = as_socket(self)->fd;
    BLOCKING(t, GIL_FILE, { result = bind(fd, &address.any, length); failed = result < 0 ? errno : 0; });
    return failed ? raise_errno(t, failed) : NONE;
}
// Connects: 0, or the errno; -1: raised. A connection that a signal interrupted goes on by itself and is waited for.
static int connect_to(Thread *t, Socket *s, const Address *address, socklen_t length)
{
    int failed, result, fd = s->fd;
    uint64_t deadline = socket_deadline(s);
    bool controlled = UNLIKELY(t->interp->schedule != NULL) && s->timeout_ns < 0 && s->family != AF_UNIX;      // then it is waited for below
    if (UNLIKELY(t->interp->schedule != NULL) && !schedule_io_point(t)) return -1;
    if (controlled && !set_nonblocking(t, s, true)) return -1;
    BLOCKING(t, GIL_CONNECT, { result = connect(fd, &address->any, length); failed = result < 0 ? errno : 0; });
    if (controlled && !set_nonblocking(t, s, false)) return -1;
    if (failed == EINTR && !signals_poll(t)) return -1;
    bool waits = controlled ? failed == EINPROGRESS : failed == EINTR ? s->timeout_ns != 0 : failed == EINPROGRESS && s->timeout_ns > 0;
    if (!waits) return failed;
    int ready = socket_wait(t, s, POLLOUT, deadline);
    if (ready <= 0) return ready < 0 ? -1 : EAGAIN;
    socklen_t room = sizeof failed;
    if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &failed, &room) != 0) return errno;
    return failed == EISCONN ? 0 : failed;
}
static Value socket_connect(Thread *t, Value self, const Value *args)
{
    Socket *s = as_socket(self);
    Address address;
    socklen_t length;
    if (!address_from(t, s->family, args[0], "connect", &address, &length)) return ERROR;
    int failed = connect_to(t, s, &address, length);
    if (failed == EAGAIN && s->timeout_ns > 0) return raise_error(t, &exc_TimeoutError, "timed out");
    return failed < 0 ? ERROR : failed ? raise_errno(t, failed) : NONE;
}
static Value socket_connect_ex(Thread *t, Value self, const Value *args)
{
    Address address;
    socklen_t length;
    if (!address_from(t, as_socket(self)->family, args[0], "connect_ex", &address, &length)) return ERROR;
    int failed = connect_to(t, as_socket(self), &address, length);
    return failed < 0 ? ERROR : small_int(failed);
}
static Value name_of(Thread *t, Value self, int (*get)(int, struct sockaddr *, socklen_t *))
{
    Address address = {0};
    socklen_t length = address_room(as_socket(self)->family);
    int failed, result, fd = as_socket(self)->fd;
    BLOCKING(t, GIL_FILE, { result = get(fd, &address.any, &length); failed = result < 0 ? errno : 0; });
    return failed ? raise_errno(t, failed) : address_value(t, &address, length, as_socket(self)->protocol);
}
static int get_sockname(int fd, struct sockaddr *address, socklen_t *length) { return getsockname(fd, address, length); }
static int get_peername(int fd, struct sockaddr *address, socklen_t *length) { return getpeername(fd, address, length); }
static Value socket_getsockname(Thread *t, Value self, const Value *args) { return name_of(t, self, get_sockname); }
static Value socket_getpeername(Thread *t, Value self, const Value *args) { return name_of(t, self, get_peername); }
static Value socket_listen(Thread *t, Value self, const Value *args)
{
    int backlog, failed, result, fd = as_socket(self)->fd;
    if (!int_as_int(t, args[0], &backlog)) return ERROR;
    if (backlog < 0) backlog = 0;
    BLOCKING(t, GIL_FILE, { result = listen(fd, backlog); failed = result < 0 ? errno : 0; });
    return failed ? raise_errno(t, failed) : NONE;
}
static Value socket_shutdown(Thread *t, Value self, const Value *args)
{
    int how, failed, result, fd = as_socket(self)->fd;
    if (!int_as_int(t, args[0], &how)) return ERROR;
    BLOCKING(t, GIL_FILE, { result = shutdown(fd, how); failed = result < 0 ? errno : 0; });
    return failed ? raise_errno(t, failed) : NONE;
}

// ---- Options
static Value socket_getsockopt(Thread *t, Value self, const Value *args)
{
    int level, name, room, fd = as_socket(self)->fd;
    if (!int_as_int(t, args[0], &level) || !int_as_int(t, args[1], &name) || !int_as_int(t, args[2], &room)) return ERROR;
    if (room == 0) {
        union { int number; uint64_t wide; } value = {0};
        socklen_t length = as_socket(self)->family == AF_VSOCK ? sizeof value.wide : sizeof value.number;
        if (getsockopt(fd, level, name, &value, &length) != 0) return raise_errno(t, errno);
        return as_socket(self)->family == AF_VSOCK ? int_from_u64(t, value.wide) : small_int(value.number);
    }
    if (room < 0 || room > 1024) return raise_error(t, &exc_OSError, "getsockopt buflen out of range");
    char data[1024] = {0};
    socklen_t length = (socklen_t)room;
    if (getsockopt(fd, level, name, data, &length) != 0) return raise_errno(t, errno);
    return bytes_from(t, data, length < (socklen_t)room ? length : (socklen_t)room);
}
static Value socket_setsockopt(Thread *t, Value self, const Value *args)
{
    int level, name, number;
    if (!int_as_int(t, args[0], &level) || !int_as_int(t, args[1], &name)) return ERROR;
    OWN_BUFFER Buffer data = {0};
    const void *value = &number;
    size_t length = sizeof number;
    uint64_t wide;
    if (is_none(args[2])) {
        if (is_unbound(args[3])) return raise_type_error(t, "socket option should be integer, bytes-like object or None with a length");
        if (!int_as_size(t, args[3], &length)) return ERROR;
        value = NULL;
    } else if (!is_unbound(args[3])) {
        return raise_type_error(t, "setsockopt() argument 3 must be None when a length is given");
    } else if (is_int(args[2]) && as_socket(self)->family == AF_VSOCK) {
        if (!int_as_u64(t, args[2], &wide)) return ERROR;
        value = &wide;
        length = sizeof wide;
    } else if (is_int(args[2])) {
        if (!int_as_int(t, args[2], &number)) return ERROR;
    } else {
        if (!buffer_get(t, args[2], &data, 0)) return ERROR;
        value = data.data;
        length = (size_t)data.length;
    }
    return setsockopt(as_socket(self)->fd, level, name, value, (socklen_t)length) != 0 ? raise_errno(t, errno) : NONE;
}

// ---- Receiving
typedef struct Receive { char *data; size_t length; int flags; Address address; socklen_t address_length; bool wants_address; } Receive;
static ssize_t try_receive(int fd, void *request)
{
    Receive *r = request;
    if (!r->wants_address) return recv(fd, r->data, r->length, r->flags);
    r->address_length = sizeof r->address;
    return recvfrom(fd, r->data, r->length, r->flags, &r->address.any, &r->address_length);
}
static ssize_t receive(Thread *t, Value self, Receive *r)
{
    uint64_t deadline = UINT64_MAX;
    return socket_call(t, as_socket(self), GIL_READ, POLLIN, try_receive, r, &deadline);
}
static Value receive_bytes(Thread *t, Value self, const Value *args, const char *function, Receive *r)
{
    ptrdiff_t length;
    if (!object_as_index(t, args[0], &length, &exc_OverflowError) || !int_as_int(t, args[1], &r->flags)) return ERROR;
    if (length < 0) return raise_value_error(t, "negative buffersize in %s", function);
    OWN Value data = bytes_from(t, NULL, (size_t)length);
    if (is_error(data)) return ERROR;
    r->data = bytes_data(data);
    r->length = (size_t)length;
    ssize_t got = receive(t, self, r);
    return got < 0 ? ERROR : bytes_cut(t, MOVE(data), (size_t)got);
}
static Value socket_recv(Thread *t, Value self, const Value *args) { return receive_bytes(t, self, args, "recv", &(Receive){0}); }
static Value socket_recvfrom(Thread *t, Value self, const Value *args)
{
    Receive r = {.wants_address = true};
    OWN Value data = receive_bytes(t, self, args, "recvfrom", &r);
    OWN Value address = is_error(data) ? ERROR : address_value(t, &r.address, r.address_length, as_socket(self)->protocol);
    return is_error(address) ? ERROR : tuple_of(t, 2, data, address);
}
static ssize_t receive_into(Thread *t, Value self, const Value *args, const char *function, Receive *r)
{
    ptrdiff_t length;
    OWN_BUFFER Buffer room = {0};
    if (!buffer_get(t, args[0], &room, BUFFER_WRITABLE) || !object_as_index(t, args[1], &length, &exc_OverflowError) || !int_as_int(t, args[2], &r->flags)) return -1;
    if (length < 0) return error_minus(raise_value_error(t, "negative buffersize in %s", function));
    if (length > room.length) return error_minus(raise_value_error(t, r->wants_address ? "nbytes is greater than the length of the buffer" : "buffer too small for requested bytes"));
    r->data = room.data;
    r->length = (size_t)(length ? length : room.length);
    return receive(t, self, r);
}
static Value socket_recv_into(Thread *t, Value self, const Value *args)
{
    ssize_t got = receive_into(t, self, args, "recv_into", &(Receive){0});
    return got < 0 ? ERROR : int_value(t, got);
}
static Value socket_recvfrom_into(Thread *t, Value self, const Value *args)
{
    Receive r = {.wants_address = true};
    ssize_t got = receive_into(t, self, args, "recvfrom_into", &r);
    OWN Value address = got < 0 ? ERROR : address_value(t, &r.address, r.address_length, as_socket(self)->protocol);
    return is_error(address) ? ERROR : tuple_of(t, 2, small_int(got), address);
}

// ---- Sending
typedef struct Send { const char *data; size_t length; int flags; const Address *address; socklen_t address_length; } Send;
static ssize_t try_send(int fd, void *request)
{
    Send *s = request;
    return s->address ? sendto(fd, s->data, s->length, s->flags, &s->address->any, s->address_length) : send(fd, s->data, s->length, s->flags);
}
static Value socket_send(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    Send request = {0};
    uint64_t deadline = UINT64_MAX;
    if (!buffer_get(t, args[0], &data, 0) || !int_as_int(t, args[1], &request.flags)) return ERROR;
    request.data = data.data;
    request.length = (size_t)data.length;
    ssize_t sent = socket_call(t, as_socket(self), GIL_WRITE, POLLOUT, try_send, &request, &deadline);
    return sent < 0 ? ERROR : int_value(t, sent);
}
static Value socket_sendall(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    Send request = {0};
    uint64_t deadline = UINT64_MAX;               // of all the pieces together
    if (!buffer_get(t, args[0], &data, 0) || !int_as_int(t, args[1], &request.flags)) return ERROR;
    for (ptrdiff_t done = 0; done < data.length;) {
        request.data = data.data + done;
        request.length = (size_t)(data.length - done);
        ssize_t sent = socket_call(t, as_socket(self), GIL_WRITE, POLLOUT, try_send, &request, &deadline);
        if (sent < 0 || !signals_poll(t)) return ERROR;
        done += sent;
    }
    return NONE;
}
static Value socket_sendto(Thread *t, Value self, const Value *args)
{
    size_t given = as_tuple(args[0])->length;
    const Value *words = as_tuple(args[0])->items;
    OWN_BUFFER Buffer data = {0};
    Address address;
    Send request = {.address = &address};
    uint64_t deadline = UINT64_MAX;
    if (given < 2 || given > 3) return raise_type_error(t, "sendto() takes 2 or 3 arguments (%zu given)", given);
    if (!buffer_get(t, words[0], &data, 0) || (given == 3 && !int_as_int(t, words[1], &request.flags))) return ERROR;
    if (!address_from(t, as_socket(self)->family, words[given - 1], "sendto", &address, &request.address_length)) return ERROR;
    request.data = data.data;
    request.length = (size_t)data.length;
    ssize_t sent = socket_call(t, as_socket(self), GIL_WRITE, POLLOUT, try_send, &request, &deadline);
    return sent < 0 ? ERROR : int_value(t, sent);
}

// ---- The type
static Value get_family(Thread *t, Value self) { return small_int(as_socket(self)->family); }
static Value get_type(Thread *t, Value self) { return small_int(as_socket(self)->type); }
static Value get_proto(Thread *t, Value self) { return small_int(as_socket(self)->protocol); }
static const Method socket_methods[] = {
    {"_accept", socket_accept, "(self)", "Wait for a connection: (its descriptor, the address of its other end)."},
    {"bind", socket_bind, "(self, address, /)", "Bind the socket to a local address."},
    {"close", socket_close, "(self)", "Close the socket; it cannot be used after this call."},
    {"connect", socket_connect, "(self, address, /)", "Connect the socket to a remote address."},
    {"connect_ex", socket_connect_ex, "(self, address, /)", "Like connect(), but the result is 0 or the errno."},
    {"detach", socket_detach, "(self)", "Give up the descriptor without closing it; the result is its number."},
    {"fileno", socket_fileno, "(self)", "The descriptor's number; -1 when it is closed."},
    {"getpeername", socket_getpeername, "(self)", "The address of the other end."},
    {"getsockname", socket_getsockname, "(self)", "The address of this end."},
    {"getsockopt", socket_getsockopt, "(self, level, option, buffersize=0, /)", "An option: an int, or bytes where a size is given."},
    {"setsockopt", socket_setsockopt, "(self, level, option, value, optlen=<unset>, /)", "Set an option to an int, to bytes, or to None with a length."},
    {"listen", socket_listen, "(self, backlog=128, /)", "Let others connect; backlog is how many may wait."},
    {"shutdown", socket_shutdown, "(self, flag, /)", "End reading (SHUT_RD), writing (SHUT_WR) or both (SHUT_RDWR)."},
    {"recv", socket_recv, "(self, buffersize, flags=0, /)", "Receive at most so many bytes; b'' says that the other end has closed."},
    {"recv_into", socket_recv_into, "(self, buffer, nbytes=0, flags=0)", "Receive into a buffer: how many bytes."},
    {"recvfrom", socket_recvfrom, "(self, buffersize, flags=0, /)", "Like recv(), with the sender's address: (data, address)."},
    {"recvfrom_into", socket_recvfrom_into, "(self, buffer, nbytes=0, flags=0)", "Like recv_into(), with the sender's address: (count, address)."},
    {"send", socket_send, "(self, data, flags=0, /)", "Send what the system takes at once: how many bytes."},
    {"sendall", socket_sendall, "(self, data, flags=0, /)", "Send all of the data."},
    {"sendto", socket_sendto, "(self, *args)", "sendto(data[, flags], address): send to an address."},
    {"sendmsg", socket_sendmsg, "(self, buffers, ancdata=<unset>, flags=0, address=None, /)", "Send buffers and ancillary data as one message."},
    {"sendmsg_afalg", socket_sendmsg_afalg, "(self, msg=(), *, op, iv=None, assoclen=<unset>, flags=0)", "Send a message to an AF_ALG socket."},
    {"recvmsg", socket_recvmsg, "(self, bufsize, ancbufsize=0, flags=0, /)", "Receive a message: (data, ancdata, msg_flags, address)."},
    {"recvmsg_into", socket_recvmsg_into, "(self, buffers, ancbufsize=0, flags=0, /)", "Receive a message into buffers: (nbytes, ancdata, msg_flags, address)."},
    {"setblocking", socket_setblocking, "(self, flag, /)", "Calls wait for ever (true), or never (false)."},
    {"getblocking", socket_getblocking, "(self)", "Whether calls may wait."},
    {"settimeout", socket_settimeout, "(self, timeout, /)", "Seconds that a call may wait; None: for ever; 0: never."},
    {"gettimeout", socket_gettimeout, "(self)", "Seconds that a call may wait, or None."},
    {0},
};
static const GetSet socket_getsets[] = {
    {"family", get_family, NULL, "the socket family"}, {"type", get_type, NULL, "the socket type"}, {"proto", get_proto, NULL, "the socket protocol"},
    {"timeout", get_timeout, NULL, "the socket timeout"}, {0},
};
const TypeSpec socket_type_spec = {
    .name = "_socket.socket",
    .doc = "One end of a connection, or of a bound address.",
    .size = sizeof(Socket),
    .flags = TYPE_BASE,
    .slots = {.repr = socket_repr, .finalize = socket_finalize, .finish = socket_finish},
    .methods = socket_methods,
    .getsets = socket_getsets,
    .new_signature = "(*args, **kwargs)",
    .construct = socket_construct,
    .init_signature = "(family=-1, type=-1, proto=-1, fileno=None)",
    .initialize = socket_initialize,
};
