// SPDX-License-Identifier: MIT
// stdlib/multiprocessing/_multiprocessing.c: what processes share and how they are waited for.
//
// Semaphores and blocks of memory lie in pages that a fork leaves shared, so that a child made by fork has the same ones
// as its parent; each process unmaps its own view when the object dies. A semaphore is therefore never destroyed, only
// unmapped: the last process to do so gives it back to the system.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/deadlock.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/lock.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

// Pages shared with the children to come; NULL: raised.
static void *shared_pages(Thread *t, size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? error_null(raise_errno(t, errno)) : memory;
}

// A timeout in seconds as a time of CLOCK_MONOTONIC in ns; None: 0, for ever. False: raised.
static bool deadline_from(Thread *t, Value seconds, uint64_t *deadline)
{
    double wait;
    *deadline = 0;
    if (is_none(seconds)) return true;
    if (!float_from_value(t, seconds, &wait)) return false;
    if (!(wait > 0)) wait = 0;
    if (wait > 4e9) wait = 4e9;
    *deadline = schedule_clock(thread_current()) + (uint64_t)(wait * 1e9);
    return true;
}
// The same for a controlled run, by its clock.
static int64_t ns_until(Thread *t, uint64_t deadline)
{
    uint64_t now = schedule_clock(t);
    return !deadline ? -1 : deadline > now ? (int64_t)(deadline - now) : 0;
}
// What is left until the deadline, for poll().
static int milliseconds_until(uint64_t deadline)
{
    if (!deadline) return -1;
    uint64_t now = gil_now();
    uint64_t left = deadline > now ? (deadline - now + 999999) / 1000000 : 0;
    return left > 1000000000 ? 1000000000 : (int)left;
}

// ---- SemLock: a semaphore; of the kind RECURSIVE a lock that its thread may take again
enum { KIND_RECURSIVE, KIND_SEMAPHORE };
// What the processes share of one. Who has it is for reports only: nobody can know it of a semaphore that lets in more than one.
typedef struct SharedSem { sem_t sem; _Atomic pid_t owner; _Atomic uint8_t manner; } SharedSem;     // owner: 0, nobody; manner: enum LockManner
typedef struct SemLock {
    Object head;
    SharedSem *shared;
    int kind, maximum, count;        // count: taken by this process, less released
    uint64_t owner;
    pid_t process;
    WaitLock record;                 // which thread of this process has it, for the deadlock finder
} SemLock;
#define CHECK_NS 1000000000u         // who waits for ever looks so often whether the lock's owner still lives
static Type semlock_type, memory_type;
static SemLock *as_semlock(Value v) { return (SemLock *)as_object(v); }

static Value semlock_construct(Thread *t, Type *type, const Value *args)
{
    int kind, value, maximum;
    if (!int_as_int(t, args[0], &kind) || !int_as_int(t, args[1], &value) || !int_as_int(t, args[2], &maximum)) return ERROR;
    if (kind != KIND_RECURSIVE && kind != KIND_SEMAPHORE) return raise_value_error(t, "unrecognized kind");
    if (value < 0) return raise_errno(t, EINVAL);
    OWN_POINTER SemLock *lock = (SemLock *)object_new(t, type);
    if (!lock) return ERROR;
    lock->shared = shared_pages(t, sizeof *lock->shared);
    if (!lock->shared) return ERROR;
    wait_lock_start(&lock->record);
    lock->record.shared = true;
    lock->record.object = &lock->head;
    if (sem_init(&lock->shared->sem, 1, (unsigned)value) != 0) return raise_errno(t, errno);
    lock->kind = kind;
    lock->maximum = maximum;
    lock->process = getpid();
    return object_value(MOVE_POINTER(lock));
}
static void semlock_finish(Thread *t, Object *o)
{
    SemLock *lock = (SemLock *)o;
    if (!lock->shared) return;
    munmap(lock->shared, sizeof *lock->shared);
    wait_lock_end(&lock->record);
}
// A lock that was held when the process forked is not held by the child.
static void semlock_settle(SemLock *lock)
{
    if (lock->process == getpid()) return;
    lock->process = getpid();
    lock->count = 0;
    lock->owner = 0;
    lock->record.owner = 0;
    lock->record.owner_id = 0;
    lock->record.locked = false;
}
// Only what lets in one at a time has an owner.
static bool is_lock(const SemLock *lock) { return lock->maximum == 1; }
static void note_taken(Thread *t, SemLock *lock)
{
    semlock_settle(lock);
    lock->count++;
    lock->owner = t->ident;
    if (!is_lock(lock)) return;
    wait_lock_note(t, &lock->record);
    lock->record.manner = lock->kind == KIND_RECURSIVE ? LOCK_RECURSIVE : LOCK_ANYONE;
    lock->shared->manner = lock->record.manner;
    lock->shared->owner = getpid();
}
static void note_released(Thread *t, SemLock *lock)
{
    lock->count--;
    if (!is_lock(lock)) return;
    lock->shared->owner = 0;
    wait_lock_note_release(t, &lock->record);
}
static bool is_mine(Thread *t, SemLock *lock)
{
    semlock_settle(lock);
    return lock->count > 0 && lock->owner == t->ident;
}
// Whether a process has ended; one that nobody has waited for yet (a zombie) has.
static bool has_ended(pid_t pid)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return kill(pid, 0) != 0 && errno == ESRCH;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    text[length > 0 ? length : 0] = 0;
    const char *state = strrchr(text, ')');
    return state && state[1] && (state[2] == 'Z' || state[2] == 'X');
}
// t waits for ever. A process that ended with the lock will not release it: told, and raised where nobody else would (with, RLock). False: raised.
static bool check_owner(Thread *t, SemLock *lock, pid_t *suspect)
{
    pid_t owner = lock->shared->owner;
    bool ended = is_lock(lock) && owner && owner != getpid() && t->interp->deadlocks != DEADLOCK_OFF && has_ended(owner) && lock->shared->owner == owner;
    bool again = ended && *suspect == owner;
    *suspect = ended ? owner : 0;
    if (!again || t->deadlocked) return true;
    t->deadlocked = true;
    OWN Value text = str_format(t, "%s of multiprocessing is waited for that process %d took and did not release: that process has ended.\n%S",
                                lock->kind == KIND_RECURSIVE ? "an RLock" : "a Lock", (int)owner, t->interp->up.stack_text(t, t));
    if (is_error(text)) return false;
    if (lock->shared->manner != LOCK_ANYONE) return deadlock_report(t, text);
    deadlock_tell(t, text);
    return true;
}
static bool is_free(const void *sem)
{
    int value = 0;
    return sem_getvalue((sem_t *)(uintptr_t)sem, &value) == 0 && value > 0;
}
// The wait in a controlled run. Only where there are other processes can one of them release it.
static int wait_by_schedule(Thread *t, sem_t *sem, uint64_t deadline)
{
    if (schedule_has_children(t)) schedule_note(t, RUN_OUTSIDE);
    while (t->interp->schedule) {
        bool in_time = schedule_expect(t, is_free, sem, schedule_has_children(t), ns_until(t, deadline));
        if (error_pending(t) || !signals_poll(t)) return -1;
        if (sem_trywait(sem) == 0) return 1;
        if (!in_time && ns_until(t, deadline) == 0) return 0;
    }
    return -2;
}
static int wait_for_it(Thread *t, SemLock *lock, uint64_t deadline)
{
    sem_t *sem = &lock->shared->sem;
    int controlled = UNLIKELY(t->interp->schedule != NULL) ? wait_by_schedule(t, sem, deadline) : -2;
    if (controlled != -2) return controlled;
    pid_t suspect = 0;
    bool told = !is_lock(lock);
    for (;;) {
        uint64_t end = deadline ? deadline : gil_now() + CHECK_NS;
        struct timespec until = {.tv_sec = (time_t)(end / 1000000000u), .tv_nsec = (long)(end % 1000000000u)};
        int failed;
        BLOCKING(t, GIL_LOCK, failed = sem_clockwait(sem, CLOCK_MONOTONIC, &until) ? errno : 0);
        if (!failed) return 1;
        if (failed == EINTR && !signals_poll(t)) return -1;
        if (failed == EINTR) continue;
        if (deadline) return 0;
        if (t->deadlocked) deadlock_calls_main(t);
        else if (!told) deadlock_tell_ring(t);
        told = true;
        if (!check_owner(t, lock, &suspect)) return -1;
    }
}
// 1: taken, 0: time is up, -1: raised.
static int take(Thread *t, SemLock *lock, bool blocking, uint64_t deadline)
{
    if (sem_trywait(&lock->shared->sem) == 0) return 1;
    if (!blocking) return 0;
    if (deadline || !is_lock(lock)) return wait_for_it(t, lock, deadline);
    semlock_settle(lock);
    int taken = wait_lock_note_wait(t, &lock->record, "a lock of multiprocessing") ? wait_for_it(t, lock, 0) : -1;
    wait_lock_note_end(t);
    return taken;
}
static Value semlock_acquire(Thread *t, Value self, const Value *args)
{
    SemLock *lock = as_semlock(self);
    uint64_t deadline;
    int blocking = object_truth(t, args[0]);
    if (blocking < 0 || !deadline_from(t, args[1], &deadline)) return ERROR;
    if (lock->kind == KIND_RECURSIVE && is_mine(t, lock)) {
        lock->count++;
        return TRUE;
    }
    int taken = take(t, lock, blocking, deadline);
    if (taken < 0) return ERROR;
    if (taken) note_taken(t, lock);
    return bool_value(taken);
}
static Value semlock_release(Thread *t, Value self, const Value *args)
{
    SemLock *lock = as_semlock(self);
    semlock_settle(lock);
    if (lock->kind == KIND_RECURSIVE) {
        if (!is_mine(t, lock)) return raise_error(t, &exc_AssertionError, "attempt to release recursive lock not owned by thread");
        if (lock->count > 1) {
            lock->count--;
            return NONE;
        }
    } else {
        int value = 0;
        sem_getvalue(&lock->shared->sem, &value);
        if (value >= lock->maximum) return raise_value_error(t, "semaphore or lock released too many times");
    }
    note_released(t, lock);
    sem_post(&lock->shared->sem);
    return NONE;
}
static Value semlock_enter(Thread *t, Value self, const Value *args)
{
    SemLock *lock = as_semlock(self);
    Value taken = semlock_acquire(t, self, (const Value[]){TRUE, NONE});
    if (is_error(taken) || lock->kind == KIND_RECURSIVE || !is_lock(lock)) return taken;
    lock->record.manner = LOCK_WITH;                 // the block's end releases it
    lock->shared->manner = LOCK_WITH;
    return taken;
}
static Value semlock_count(Thread *t, Value self, const Value *args) { semlock_settle(as_semlock(self)); return int_value(t, as_semlock(self)->count); }
static Value semlock_is_mine(Thread *t, Value self, const Value *args) { return bool_value(is_mine(t, as_semlock(self))); }
static Value semlock_value(Thread *t, Value self, const Value *args)
{
    int value = 0;
    sem_getvalue(&as_semlock(self)->shared->sem, &value);
    return small_int(value < 0 ? 0 : value);
}
static Value semlock_is_zero(Thread *t, Value self, const Value *args)
{
    int value = 0;
    sem_getvalue(&as_semlock(self)->shared->sem, &value);
    return bool_value(value <= 0);
}
static const Method semlock_methods[] = {
    {"acquire", semlock_acquire, "(self, block=True, timeout=None)", "Acquire the semaphore/lock."},
    {"release", semlock_release, "(self, /)", "Release the semaphore/lock."},
    {"__enter__", semlock_enter, "(self, /)", "Enter the semaphore/lock."},
    {"__exit__", semlock_release, "(self, /, *exc)", "Exit the semaphore/lock."},
    {"_count", semlock_count, "(self, /)", "Num of `acquire()`s minus num of `release()`s for this process."},
    {"_is_mine", semlock_is_mine, "(self, /)", "Whether the lock is owned by this thread."},
    {"_get_value", semlock_value, "(self, /)", "Get the value of the semaphore."},
    {"_is_zero", semlock_is_zero, "(self, /)", "Return whether semaphore has value zero."},
    {0},
};
static const TypeSpec semlock_spec = {
    .name = "_multiprocessing.SemLock",
    .doc = "Semaphore/Mutex type",
    .size = sizeof(SemLock),
    .flags = TYPE_BASE,
    .slots = {.finish = semlock_finish},
    .methods = semlock_methods,
    .new_signature = "(kind, value, maxvalue)",
    .construct = semlock_construct,
};

// ---- Memory: zeroed bytes shared with the children, seen through the buffer protocol
typedef struct Memory { Object head; char *data; size_t length; } Memory;

static Value memory_construct(Thread *t, Type *type, const Value *args)
{
    size_t length;
    if (!int_as_size(t, args[0], &length)) return ERROR;
    OWN_POINTER Memory *memory = (Memory *)object_new(t, type);
    if (!memory) return ERROR;
    memory->data = shared_pages(t, length ? length : 1);
    if (!memory->data) return ERROR;
    memory->length = length;
    return object_value(MOVE_POINTER(memory));
}
static void memory_finish(Thread *t, Object *o)
{
    Memory *memory = (Memory *)o;
    if (memory->data) munmap(memory->data, memory->length ? memory->length : 1);
}
static bool memory_buffer(Thread *t, Value v, Buffer *buffer, int flags)
{
    Memory *memory = (Memory *)as_object(v);
    *buffer = (Buffer){.owner = retain(v), .data = memory->data, .length = (ptrdiff_t)memory->length, .item_size = 1, .format = "B", .dimensions = 1};
    return true;
}
static const TypeSpec memory_spec = {
    .name = "_multiprocessing.Memory",
    .doc = "A block of memory that forked children share.",
    .size = sizeof(Memory),
    .slots = {.finish = memory_finish, .get_buffer = memory_buffer},
    .new_signature = "(size)",
    .construct = memory_construct,
};

// ---- Waiting
// Once, without the GIL, for any of the descriptors. Result: how many are ready, -1 and *failed = errno.
static int poll_once(Thread *t, struct pollfd *fds, size_t count, uint64_t deadline, int *failed)
{
    int ready, wait = milliseconds_until(deadline);
    if (UNLIKELY(t->interp->schedule != NULL)) {
        ready = schedule_poll(t, fds, count, ns_until(t, deadline));
        *failed = ready < 0 ? EINTR : 0;            // an exception is pending: signals_poll() will say so
        return ready;
    }
    BLOCKING(t, GIL_WAIT, {
        ready = poll(fds, count, wait);
        *failed = ready < 0 ? errno : 0;
    });
    return ready;
}
// Which of the descriptors can be read; an empty list when time is up.
static Value ready(Thread *t, Value self, const Value *args)
{
    uint64_t deadline;
    OWN Value wanted = tuple_from_iterable(t, args[0]);
    OWN Value result = is_error(wanted) ? ERROR : list_new(t, 4);
    if (is_error(result) || !deadline_from(t, args[1], &deadline)) return ERROR;
    size_t count = as_tuple(wanted)->length;
    OWN_MEMORY struct pollfd *fds = calloc(count + 1, sizeof *fds);
    if (!fds) return raise_memory_error(t);
    for (size_t i = 0; i < count; i++) {
        if (!int_as_int(t, as_tuple(wanted)->items[i], &fds[i].fd)) return ERROR;
        fds[i].events = POLLIN;
    }
    int found, failed;
    while ((found = poll_once(t, fds, count, deadline, &failed)) < 0 || (found == 0 && !deadline)) {
        if (failed && failed != EINTR) return raise_errno(t, failed);
        if (failed && (error_pending(t) || !signals_poll(t))) return ERROR;
    }
    for (size_t i = 0; i < count; i++)
        if (fds[i].revents && !list_append(t, result, as_tuple(wanted)->items[i])) return ERROR;
    return MOVE(result);
}

static Value wait_child(Thread *t, Value self, const Value *args)
{
    int pid, status = 0, failed = 0;
    uint64_t deadline;
    if (!int_as_int(t, args[0], &pid) || !deadline_from(t, args[1], &deadline)) return ERROR;
    pid_t ended = 0;
    if (deadline) {
        int fd = (int)syscall(434, pid, 0);       // SYS_pidfd_open
        while (fd >= 0) {
            struct pollfd wanted = {.fd = fd, .events = POLLIN};
            if (poll_once(t, &wanted, 1, deadline, &failed) >= 0) break;
            if (failed == EINTR && !error_pending(t) && signals_poll(t)) continue;
            close(fd);
            return failed == EINTR ? ERROR : raise_errno(t, failed);
        }
        if (fd >= 0) close(fd);
    }
    if (UNLIKELY(t->interp->schedule != NULL) && !deadline && !schedule_await_child(t, pid)) return ERROR;
    do {
        BLOCKING(t, GIL_WAIT, {
            ended = waitpid(pid, &status, deadline ? WNOHANG : 0);
            failed = ended < 0 ? errno : 0;
        });
        if (failed == EINTR && !signals_poll(t)) return ERROR;
    } while (failed == EINTR);
    if (failed) return raise_errno(t, failed);
    return ended == pid ? small_int(status) : NONE;
}
static Value socket_pair(Thread *t, Value self, const Value *args)
{
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) return raise_errno(t, errno);
    return tuple_of(t, 2, small_int(fds[0]), small_int(fds[1]));
}
// Semaphores here have no names; those that another program left under one can be taken away.
static Value semaphore_unlink(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "sem_unlink() argument must be str, not %.200s", type_of(args[0])->name);
    size_t length;
    OWN_MEMORY char *name = str_to_os(t, as_str(args[0]), &length);
    if (!name) return ERROR;
    return sem_unlink(name) == 0 ? NONE : raise_errno(t, errno);
}
static const Method functions[] = {
    {"sem_unlink", semaphore_unlink, "(name, /)", "Take a named semaphore's name away."},
    {"ready", ready, "(fds, timeout=None, /)", "The file descriptors that can be read without waiting."},
    {"wait_child", wait_child, "(pid, timeout=None, /)", "Wait for a child process: its status, or None when time is up."},
    {"socketpair", socket_pair, "()", "Two connected sockets, as file descriptors."},
    {0},
};
static bool start(Thread *t, Value module)
{
    return type_prepare(t, &semlock_type, &semlock_spec) && type_prepare(t, &memory_type, &memory_spec) && module_add_type(t, module, &semlock_type) &&
           module_add_type(t, module, &memory_type) && module_add(t, module, "SEM_VALUE_MAX", int_value(t, 2147483647));
}
extern const ModuleSpec _multiprocessing_spec;
const ModuleSpec _multiprocessing_spec = {.name = "_multiprocessing", .doc = "What processes share, and waiting for them.", .functions = functions, .start = start};
