// SPDX-License-Identifier: MIT
// runtime/schedule_io.c: descriptors in a controlled run.
//
// A thread that would wait for a descriptor is in state EXPECTS instead, and poll() without waiting tells the schedule whether it
// can go on. So threads that talk to each other through pipes and sockets are controlled as those that use locks are: what one has
// sent is there for the other. A descriptor whose other end may be in another process is outside.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/error.h"
#include "runtime/schedule_internal.h"

#define CHANNELS 2u              // the place of all accesses to pipes and sockets: which of them are two ends of one is not asked
#define NESTED_MOST 2            // an epoll that watches an epoll that watches …

// ---- Is the other end in this process?
typedef enum Whence { INSIDE, ANYWHERE, OUTSIDE } Whence;        // ANYWHERE: a socket that listens: who connects is seen when somebody has

// Calls a function for each descriptor that is open, until one says true.
static bool any_descriptor(bool (*is_it)(int fd, const void *wanted), const void *wanted)
{
    DIR *open_ones = opendir("/proc/self/fd");
    bool found = false;
    for (struct dirent *entry; open_ones && !found && (entry = readdir(open_ones));)
        found = entry->d_name[0] != '.' && is_it(atoi(entry->d_name), wanted);
    if (open_ones) closedir(open_ones);
    return found;
}

typedef struct PipeEnd { dev_t device; ino_t inode; int access; } PipeEnd;
static bool is_other_end(int fd, const void *wanted)
{
    const PipeEnd *end = wanted;
    struct stat status;
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fstat(fd, &status) == 0 && status.st_dev == end->device && status.st_ino == end->inode && (flags & O_ACCMODE) != end->access;
}

static int port_of(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET) return ntohs(((const struct sockaddr_in *)(const void *)address)->sin_port);
    return address->ss_family == AF_INET6 ? ntohs(((const struct sockaddr_in6 *)(const void *)address)->sin6_port) : -1;
}
static bool has_port(int fd, const void *wanted)
{
    struct sockaddr_storage own;
    socklen_t room = sizeof own;
    return getsockname(fd, (struct sockaddr *)&own, &room) == 0 && port_of(&own) == *(const int *)wanted;
}
static int socket_option(int fd, int name)
{
    int value = -1;
    socklen_t room = sizeof value;
    return getsockopt(fd, SOL_SOCKET, name, &value, &room) == 0 ? value : -1;
}
static bool is_other_datagram(int fd, const void *wanted) { return fd != *(const int *)wanted && socket_option(fd, SO_TYPE) == SOCK_DGRAM; }

static Whence or_outside(bool outside) { return outside ? OUTSIDE : INSIDE; }
static Whence whence_of_socket(Thread *t, int fd)
{
    if (socket_option(fd, SO_ACCEPTCONN) == 1) return schedule_explores(t) ? INSIDE : ANYWHERE;       // while exploring, nobody else connects
    struct sockaddr_storage peer;
    socklen_t room = sizeof peer;
    if (getpeername(fd, (struct sockaddr *)&peer, &room) != 0)
        return or_outside(socket_option(fd, SO_TYPE) == SOCK_DGRAM && !any_descriptor(is_other_datagram, &fd));
    if (peer.ss_family == AF_UNIX) {
        struct ucred who = {0};
        socklen_t size = sizeof who;
        return or_outside(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 || who.pid != getpid());
    }
    int port = port_of(&peer);
    return or_outside(port < 0 || !any_descriptor(has_port, &port));
}

static bool is_hung_up(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLRDHUP};
    return poll(&one, 1, 0) > 0 && one.revents & (POLLHUP | POLLRDHUP);
}
static Whence whence(Thread *t, int fd, int depth);
static Whence whence_of_epoll(Thread *t, int fd, int depth)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    FILE *info = fopen(path, "re");
    Whence most = INSIDE;
    for (int watched; info && fgets(line, sizeof line, info);) {
        if (sscanf(line, "tfd: %d", &watched) != 1) continue;
        Whence one = depth == NESTED_MOST ? OUTSIDE : whence(t, watched, depth + 1);
        if (one > most) most = one;
    }
    if (info) fclose(info);
    return most;
}
static Whence whence(Thread *t, int fd, int depth)
{
    char path[64], kind[64];
    struct stat status;
    if (fstat(fd, &status) != 0) return INSIDE;                         // the call itself will say so
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(path, kind, sizeof kind - 1);
    kind[length > 0 ? length : 0] = 0;
    if (strcmp(kind, "anon_inode:[eventpoll]") == 0) return whence_of_epoll(t, fd, depth);
    if (schedule_has_children(t)) return OUTSIDE;
    if (strcmp(kind, "anon_inode:[eventfd]") == 0) return INSIDE;
    if (fd > STDERR_FILENO && is_hung_up(fd)) return INSIDE;                                 // whoever it was, nothing more comes: what came before was asked for then
    if (S_ISSOCK(status.st_mode)) return whence_of_socket(t, fd);
    if (!S_ISFIFO(status.st_mode)) return OUTSIDE;
    PipeEnd end = {status.st_dev, status.st_ino, fcntl(fd, F_GETFL) & O_ACCMODE};
    return or_outside(!any_descriptor(is_other_end, &end));
}

// ---- Waiting
typedef struct Polled { struct pollfd *fds; size_t count; } Polled;
static bool is_ready(const void *what)
{
    const Polled *polled = what;
    return poll(polled->fds, polled->count, 0) != 0;        // an error, too: the call itself will say so
}
int schedule_poll(Thread *t, struct pollfd *fds, size_t count, int64_t timeout_ns)
{
    Polled polled = {fds, count};
    uint64_t end = timeout_ns < 0 ? UINT64_MAX : schedule_clock(t) + (uint64_t)timeout_ns;
    Whence most = INSIDE;
    bool waits = !is_ready(&polled);
    for (size_t i = 0; i < count; i++) {
        if (!waits && !(fds[i].events & POLLIN)) continue;        // what is to be read is asked for though it is there: that it came in time was chance
        Whence one = whence(t, fds[i].fd, 0);
        if (one > most) most = one;
    }
    bool outside = most != INSIDE;
    if (most == OUTSIDE) schedule_note(t, RUN_OUTSIDE);
    for (;;) {
        if (!t->interp->schedule) return 1;                // it has ended meanwhile: the call itself waits
        uint64_t now = schedule_clock(t);
        schedule_expect(t, is_ready, &polled, outside, end == UINT64_MAX ? -1 : end > now ? (int64_t)(end - now) : 0);
        if (error_pending(t) || !signals_poll(t)) return -1;
        int ready = poll(fds, count, 0);
        if (ready < 0 && errno != EINTR) return error_minus(raise_errno(t, errno));
        if (ready > 0) return ready;
        if (ready == 0 && schedule_clock(t) >= end) return 0;
    }
}

// ---- Calls on one descriptor
bool schedule_io_point(Thread *t)
{
    int line = t->interp->up.current_line(t);
    if (!schedule_point(t, true, line, 0)) return false;
    schedule_record(t, (Record){.kind = RECORD_ACCESS, .flags = ACCESS_WRITE | ACCESS_LOCK | ACCESS_SAFE | ACCESS_CALL, .line = (uint32_t)line, .a = CHANNELS});
    return true;
}
static bool never_waits(int fd)
{
    struct stat status;
    return fstat(fd, &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode);
}
bool schedule_io_enter(Thread *t, ScheduleIo *io, int fd, short event)
{
    io->fd = fd;
    const Schedule *s = t->interp->schedule;
    if (t->interp->finalizing || s->asking || s->paused || never_waits(fd)) return true;
    if (!schedule_io_point(t)) return false;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || flags & O_NONBLOCK || !t->interp->schedule) return true;
    struct pollfd one = {.fd = fd, .events = event};
    if (schedule_poll(t, &one, 1, -1) < 0) return false;
    if (fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0) io->flags = flags;
    return true;
}
bool schedule_io_leave(ScheduleIo *io, bool failed)
{
    int code = errno;
    bool waits = failed && (code == EAGAIN || code == EWOULDBLOCK);
    fcntl(io->fd, F_SETFL, io->flags);
    errno = code;
    return waits;
}

void schedule_io_accepted(Thread *t, int fd)
{
    if (t->interp->schedule && whence(t, fd, 0) == OUTSIDE) schedule_note(t, RUN_OUTSIDE);
}

// ---- Children
static bool has_ended(const void *what)
{
    int pid = *(const int *)what;
    siginfo_t info = {0};
    idtype_t which = pid > 0 ? P_PID : pid == -1 ? P_ALL : P_PGID;
    return waitid(which, pid > 0 ? (id_t)pid : pid < -1 ? (id_t)-pid : 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
}
bool schedule_await_child(Thread *t, int pid)
{
    while (t->interp->schedule && !has_ended(&pid)) {
        schedule_note(t, RUN_OUTSIDE);
        schedule_expect(t, has_ended, &pid, true, -1);
        if (error_pending(t) || !signals_poll(t)) return false;
    }
    return true;
}
