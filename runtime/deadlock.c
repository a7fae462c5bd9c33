// SPDX-License-Identifier: MIT
// runtime/deadlock.c: which threads can never go on.
//
// A thread is stuck if it waits for a lock without a timeout, and every thread that could release the lock is stuck, too.
// Some locks only their owner can or will release: an RLock; a lock taken by `with`; the lock that stands for the end
// of a thread (join). A ring of such waits is a deadlock whatever the other threads do. Any other lock may be
// released by anybody, so its waiters are stuck only when every thread there is waits for ever. There is one exception: threads
// in a ring, each of which waits for a lock that the next one took itself. That is hardly a way to use locks as signals: when nobody
// has released one of them for a second (SUSPICION_NS), the ring is told. Nothing is raised, for another thread may still do so.
//
// No false alarm: a thread that runs, sleeps, waits with a timeout, for I/O or for another process is not stuck; nor is the
// main thread where a signal has a Python handler; and C code that may call in (ctypes) could release anything but
// rings. A lock that once was released by a thread that had not taken it is a signal, not a guard, from then on.
//
// Always   the check runs under the GIL, before the thread begins to wait: the last thread to complete a deadlock finds it.
#include "runtime/deadlock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/lock.h"
#include "runtime/types/exception.h"
#include "runtime/types/exception_layout.h"
#include "runtime/types/str.h"

#define WAKE_SIGNAL SIGRTMAX      // interrupts the main thread's wait; its handler does nothing
#define LOOKS_MOST 1000           // for signals on their way to the main thread, a millisecond apart

Type exc_Deadlock;
static const TypeSpec deadlock_spec = {
    .name = "gil.Deadlock",
    .doc = "Threads wait for each other, and none of them can ever go on.",
    .base = &exc_RuntimeError,
    .size = sizeof(Exception),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_IS_EXCEPTION,
};
static void wake(int number) {}
bool deadlock_prepare(Thread *t)
{
    struct sigaction action = {.sa_handler = wake};
    sigemptyset(&action.sa_mask);
    sigaction(WAKE_SIGNAL, &action, NULL);
    return type_prepare(t, &exc_Deadlock, &deadlock_spec);
}

// ---- Who could release what
static bool may_be_stuck(const Thread *t)
{
    if (!t->waits_for_ever || !t->waits_on || !atomic_load_explicit(&t->waits_on->locked, memory_order_relaxed)) return false;
    if (!is_unbound(t->async_exception) || (t->is_main && !is_unbound(t->interp->deadlock_error))) return false;
    if (!t->is_main) return true;
    if (atomic_load_explicit(&t->interp->signals_pending, memory_order_acquire)) return false;       // it has been woken, and wants the lock
    return !t->interp->up.signals_handled || !t->interp->up.signals_handled();
}
static bool only_owner_releases(const WaitLock *lock) { return lock->manner != LOCK_ANYONE && !lock->handed; }

static Thread *owner_of(Interp *interp, const WaitLock *lock)
{
    for (Thread *each = interp->threads; each; each = each->next)
        if (lock_is_of(lock, each)) return each;
    return NULL;
}

// Cheap: is there a ring from t on, or does everybody wait?
static bool worth_a_look(Thread *t)
{
    Interp *interp = t->interp;
    uint32_t count = 0;
    for (Thread *each = interp->threads; each; each = each->next) count++;
    if (interp->waiting_for_ever >= count) return true;
    Thread *at = t;
    for (uint32_t steps = 0; steps <= count; steps++) {
        if (!may_be_stuck(at) || !only_owner_releases(at->waits_on)) return false;
        at = owner_of(interp, at->waits_on);
        if (!at) return true;          // its owner has ended
    }
    return true;
}

// Marks who is stuck: starts from all that may be, and takes out, until nothing changes, those that somebody could free.
static size_t find_stuck(Interp *interp, Thread **stuck, size_t most)
{
    size_t count = 0, threads = 0;
    for (Thread *each = interp->threads; each; each = each->next) {
        threads++;
        if (may_be_stuck(each) && count < most) stuck[count++] = each;
    }
    for (bool changed = true; changed;) {
        changed = false;
        bool everybody = count == threads && !interp->called_from_outside;
        for (size_t i = 0; i < count; i++) {
            const WaitLock *lock = stuck[i]->waits_on;
            bool can_be_freed = !everybody || lock->shared;
            if (only_owner_releases(lock)) {
                Thread *owner = owner_of(interp, lock);
                can_be_freed = false;
                if (owner) {
                    can_be_freed = true;
                    for (size_t j = 0; j < count; j++) can_be_freed = can_be_freed && stuck[j] != owner;
                }
            }
            if (!can_be_freed) continue;
            stuck[i--] = stuck[--count];
            changed = true;
        }
    }
    return count;
}

// Whether t waits in a ring of threads each of which waits for a lock that the next one, another thread, took.
static bool in_ring(Thread *t)
{
    Thread *at = t;
    for (Thread *each = t->interp->threads; each; each = each->next) {          // as many steps as there are threads
        const WaitLock *lock = at->waits_on;
        if (!may_be_stuck(at) || lock->handed || lock->manner == LOCK_SENTINEL) return false;
        Thread *owner = owner_of(t->interp, lock);
        if (!owner || owner == at) return false;
        if (owner == t) return true;
        at = owner;
    }
    return false;
}

// ---- The report
static void put(Thread *t, Value text, const char *otherwise)
{
    OWN Value owned = text;
    OWN_MEMORY char *utf8 = is_object(owned) && is_str(owned) ? str_to_utf8(t, as_str(owned), NULL) : NULL;
    if (error_pending(t)) error_clear(t);
    fputs(utf8 ? utf8 : otherwise, stderr);
}
static void put_name(Thread *t, const Thread *of) { put(t, is_str(of->name) ? retain(of->name) : UNBOUND, of->is_main ? "MainThread" : "a thread"); }

static void put_lock(Thread *t, Thread *of, const WaitLock *lock)
{
    if (lock->manner == LOCK_SENTINEL) {
        Thread *owner = owner_of(t->interp, lock);
        fputs("the end of ", stderr);
        if (owner) put_name(t, owner);
        else fputs("a thread", stderr);
        return;
    }
    if (of->waits_on == lock && of->import_wanted) {
        fputs("the import of ", stderr);
        put(t, retain(object_value(of->import_wanted)), "a module");
        return;
    }
    put(t, lock->object ? t->interp->up.object_place(t, of, object_value(lock->object)) : UNBOUND, lock->manner == LOCK_RECURSIVE ? "an RLock" : "a lock");
}

// Conditions, and what is made of them, make each waiter wait for a lock of its own that it has taken itself.
static bool is_private_turn(Thread *t, const Thread *of)
{
    const WaitLock *lock = of->waits_on;
    if (!lock || !lock_is_of(lock, of) || !lock->taken_at) return false;
    OWN Value place = t->interp->up.place_text(t, lock->taken_at, false);
    return !is_object(place);
}

static void put_thread(Thread *t, Thread *of, Thread **stuck, size_t count)
{
    put_name(t, of);
    for (size_t i = 0; i < count; i++) {            // what it holds that the others want
        const WaitLock *lock = stuck[i]->waits_on;
        if (!lock || !lock_is_of(lock, of) || lock->manner == LOCK_SENTINEL || (stuck[i] == of && is_private_turn(t, of))) continue;
        bool told = false;
        for (size_t j = 0; j < i; j++) told = told || stuck[j]->waits_on == lock;
        if (told) continue;
        fputs(" holds ", stderr);
        put_lock(t, stuck[i], lock);
        OWN Value place = lock->taken_at ? t->interp->up.place_text(t, lock->taken_at, false) : UNBOUND;
        if (is_object(place)) {
            fputs(" (taken at ", stderr);
            put(t, retain(place), "");
            fputc(')', stderr);
        }
        fputs(" and", stderr);
    }
    WaitLock *wanted = of->waits_on;
    if (!wanted) {
        fputs(" goes on after all.\n\n", stderr);
        return;
    }
    fputs(" waits for ", stderr);
    put_lock(t, of, wanted);
    if (is_private_turn(t, of)) {
        fputs(":\n", stderr);
        put(t, t->interp->up.stack_text(t, of), "");
        fputc('\n', stderr);
        return;
    }
    Thread *owner = wanted->manner != LOCK_SENTINEL && wanted->owner_id ? owner_of(t->interp, wanted) : NULL;
    if (owner) {
        fputs(owner == of ? ", which it took itself" : ", which ", stderr);
        if (owner != of) {
            put_name(t, owner);
            fputs(" took", stderr);
        }
    }
    fputs(":\n", stderr);
    put(t, t->interp->up.stack_text(t, of), "");
    fputc('\n', stderr);
}

// Printing reads source lines, and meanwhile a signal may bring the main thread, and whom it then frees, out of the wait after all.
static bool waits_still(const Interp *interp, const Thread *of)
{
    for (const Thread *each = interp->threads; each; each = each->next)
        if (each == of) return of->waits_on != NULL;
    return false;
}
static void print_report(Thread *t, Thread **stuck, size_t count, const char *reserve)
{
    if (count == 1) fputs("Deadlock: a thread waits for what can never come.\n\n", stderr);
    else fprintf(stderr, "Deadlock: %zu threads wait for each other, and none of them can go on%s.\n\n", count, reserve);
    for (size_t i = 0; i < count; i++)
        if (waits_still(t->interp, stuck[i])) put_thread(t, stuck[i], stuck, count);
    fflush(stderr);
}

// The exception goes to the main thread. False: that is t, and it has it now.
static bool raise_in_main(Thread *t, const char *message)
{
    Interp *interp = t->interp;
    schedule_note(t, RUN_DEADLOCK);
    if (interp->deadlocks != DEADLOCK_RAISE) return true;
    if (t->is_main) return error_false(raise_error(t, &exc_Deadlock, "%s", message));
    raise_error(t, &exc_Deadlock, "%s", message);
    assign(&interp->deadlock_error, error_take(t));
    Thread *whom = interp->main_thread;
    atomic_store_explicit(&interp->signals_pending, true, memory_order_release);
    thread_request(whom, ATTEND_SIGNAL);
    if (interp->schedule) schedule_interrupt(whom);
    else pthread_kill(whom->pthread, WAKE_SIGNAL);
    return true;
}

// The main thread first, then in the order of their start: the same report for the same program.
static int deadlock_order(const void *a, const void *b)
{
    const Thread *x = *(Thread *const *)a, *y = *(Thread *const *)b;
    if (x->is_main != y->is_main) return x->is_main ? -1 : 1;
    return (x->native_id > y->native_id) - (x->native_id < y->native_id);
}

bool deadlock_calls_main(Thread *t)
{
    if (is_unbound(t->interp->deadlock_error)) return false;
    pthread_kill(t->interp->main_thread->pthread, WAKE_SIGNAL);
    return true;
}

// Whether a thread sleeps, and no signal is on its way to it: one that this process has sent itself comes only when the system runs the thread.
static bool sleeps_undisturbed(pid_t native_id)
{
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/self/task/%d/status", native_id);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return true;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    text[length > 0 ? length : 0] = 0;
    const char *state = strstr(text, "\nState:\t"), *own = strstr(text, "\nSigPnd:\t"), *shared = strstr(text, "\nShdPnd:\t");
    if (!state || !own || !shared) return true;
    return state[8] == 'S' && !strtoull(own + 9, NULL, 16) && !strtoull(shared + 9, NULL, 16);
}
static void await_signals(pid_t native_id)
{
    for (int i = 0; i < LOOKS_MOST && !sleeps_undisturbed(native_id); i++) usleep(1000);
}

// again: the signals that were on their way have come.
static bool report_stuck(Thread *t, bool again)
{
    Interp *interp = t->interp;
    size_t threads = 0, fresh = 0, lasting = 0;
    bool with_main = false;          // by the same look: a signal may come at any moment
    for (Thread *each = interp->threads; each; each = each->next) threads++;
    OWN_MEMORY Thread **stuck = calloc(threads + 1, sizeof *stuck);
    size_t count = stuck ? find_stuck(interp, stuck, threads) : 0;
    for (size_t i = 0; i < count; i++) {
        fresh += !stuck[i]->deadlocked;
        with_main = with_main || stuck[i]->is_main;
        lasting += !stuck[i]->daemon || stuck[i]->is_main;
    }
    if (!fresh) return true;
    if (!again && with_main && !t->is_main && !interp->schedule) {
        BLOCKING(t, GIL_SLEEP, await_signals((pid_t)interp->main_thread->native_id));
        return report_stuck(t, true);
    }
    qsort(stuck, count, sizeof *stuck, deadlock_order);
    for (size_t i = 0; i < count; i++) stuck[i]->deadlocked = true;
    print_report(t, stuck, count, "");
    char message[96];
    snprintf(message, sizeof message, count == 1 ? "a thread waits for what can never come" : "%zu threads wait for each other, and none of them can go on", count);
    return !lasting || raise_in_main(t, message);        // daemon threads alone keep no program from its end
}

bool deadlock_check(Thread *t)
{
    Interp *interp = t->interp;
    if (interp->deadlocks == DEADLOCK_OFF || interp->finalizing || !worth_a_look(t)) return true;
    return report_stuck(t, false);
}

bool deadlock_suspects(Thread *t)
{
    return t->interp->deadlocks != DEADLOCK_OFF && !t->interp->finalizing && !t->deadlocked && in_ring(t);
}

void deadlock_tell_ring(Thread *t)
{
    if (!deadlock_suspects(t)) return;
    size_t threads = 0, count = 0;
    for (Thread *each = t->interp->threads; each; each = each->next) threads++;
    OWN_MEMORY Thread **ring = calloc(threads + 1, sizeof *ring);
    if (!ring) return;
    Thread *at = t;
    do {
        ring[count++] = at;
        at = owner_of(t->interp, at->waits_on);
    } while (at != t && count < threads);
    qsort(ring, count, sizeof *ring, deadlock_order);
    print_report(t, ring, count, "; but for another thread that would release a lock of theirs");
}

bool deadlock_of_all(Thread *t)
{
    Interp *interp = t->interp;
    if (interp->deadlocks == DEADLOCK_OFF || interp->finalizing) return true;
    size_t threads = 0, count = 0, fresh = 0;
    for (Thread *each = interp->threads; each; each = each->next) threads++;
    OWN_MEMORY Thread **all = calloc(threads + 1, sizeof *all);
    for (Thread *each = interp->threads; all && each; each = each->next) {
        if (each->schedule.state == THREAD_ENDED) continue;
        fresh += !each->deadlocked;
        each->deadlocked = true;
        all[count++] = each;
    }
    if (!fresh) return true;
    qsort(all, count, sizeof *all, deadlock_order);
    fprintf(stderr, "Deadlock: %s, and nothing can happen any more.\n\n", count == 1 ? "the only thread waits" : "every thread waits");
    for (size_t i = 0; i < count; i++) {
        if (all[i]->waits_on) {
            put_thread(t, all[i], all, 0);
            continue;
        }
        put_name(t, all[i]);
        fputs(" waits for data that no thread is left to send:\n", stderr);
        put(t, interp->up.stack_text(t, all[i]), "");
        fputc('\n', stderr);
    }
    fflush(stderr);
    return raise_in_main(t, "every thread waits, and nothing can happen any more");
}

void deadlock_check_others(Thread *t)
{
    Interp *interp = t->interp;
    if (interp->deadlocks == DEADLOCK_OFF || interp->finalizing || !interp->waiting_for_ever) return;
    uint32_t count = 0;
    for (Thread *each = interp->threads; each; each = each->next) count++;
    if (interp->waiting_for_ever >= count && !report_stuck(t, false)) error_clear(t);
}

bool deadlock_alone(Thread *t)
{
    Interp *interp = t->interp;
    if (interp->deadlocks == DEADLOCK_OFF || interp->called_from_outside || (t->is_main && interp->up.signals_handled && interp->up.signals_handled())) return false;
    for (Thread *each = interp->threads; each; each = each->next)
        if (each != t && !may_be_stuck(each)) return false;
    return true;
}

void deadlock_tell(Thread *t, Value text)
{
    if (t->interp->deadlocks == DEADLOCK_OFF) return;
    fputs("Deadlock: ", stderr);
    put(t, retain(text), "");
    fputc('\n', stderr);
    fflush(stderr);
}
bool deadlock_report(Thread *t, Value text)
{
    if (t->interp->deadlocks == DEADLOCK_OFF) return true;
    deadlock_tell(t, text);
    OWN_MEMORY char *first_line = str_to_utf8(t, as_str(text), NULL);
    if (!first_line) error_clear(t);
    else first_line[strcspn(first_line, "\n")] = 0;
    size_t length = first_line ? strlen(first_line) : 0;
    if (length && (first_line[length - 1] == '.' || first_line[length - 1] == ':')) first_line[length - 1] = 0;
    return raise_in_main(t, first_line ? first_line : "the program can never go on");
}
