// SPDX-License-Identifier: MIT
// stdlib/_thread/_thread.c: threads as pthreads, and the locks that threading builds on.
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/call.h"
#include "runtime/deadlock.h"
#include "runtime/error.h"
#include "runtime/fork.h"
#include "runtime/gil_trace.h"
#include "runtime/heap.h"
#include "runtime/lock.h"
#include "runtime/races.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

#define TIMEOUT_MAX_SECONDS 9223372036.0
#define STACK_SIZE_MIN ((size_t)32 * 1024)
#define STACK_RESERVE ((size_t)512 * 1024)     // on top of what was asked for: what a thread keeps for raising RecursionError

// ---- lock
typedef struct LockObject { Object head; WaitLock lock; } LockObject;
static Type lock_type, rlock_type, local_type;
static LockObject *as_lock(Value v) { return (LockObject *)as_object(v); }

static Value lock_new(Thread *t)
{
    LockObject *lock = (LockObject *)object_new(t, &lock_type);
    if (!lock) return ERROR;
    wait_lock_start(&lock->lock);
    lock->lock.object = &lock->head;
    return object_value(lock);
}
static void lock_finish(Thread *t, Object *o) { wait_lock_end(&((LockObject *)o)->lock); }

// The two arguments of every acquire: false: raised.
static bool acquire_arguments(Thread *t, const Value *args, int64_t *timeout_ns)
{
    if (LIKELY(is_same(args[0], TRUE) && is_same(args[1], small_int(-1)))) {        // acquire()
        *timeout_ns = -1;
        return true;
    }
    int blocking = object_truth(t, args[0]);
    if (blocking < 0 || !timeout_from_value(t, args[1], timeout_ns)) return false;
    if (!blocking && *timeout_ns >= 0) return error_false(raise_value_error(t, "can't specify a timeout for a non-blocking call"));
    if (!blocking) *timeout_ns = 0;
    return true;
}
// In a controlled run: another thread may be first; what follows is an access to the lock.
static bool about_to_use(Thread *t, const WaitLock *lock, bool may_switch)
{
    if (LIKELY(!t->interp->schedule) || lock->internal) return true;
    if (may_switch && !schedule_point(t, true, t->interp->up.current_line(t), 0)) return false;
    schedule_record(t, (Record){.kind = RECORD_ACCESS, .flags = ACCESS_WRITE | ACCESS_LOCK | ACCESS_SAFE | ACCESS_CALL, .line = (uint32_t)t->interp->up.current_line(t), .a = (uint64_t)(uintptr_t)lock});
    return true;
}
static bool about_to_release(Thread *t, const WaitLock *lock)
{
    return about_to_use(t, lock, schedule_at_releases(t) && t->interp->up.is_program_code(t));
}
static Value lock_acquire(Thread *t, Value self, const Value *args)
{
    int64_t timeout_ns;
    if (!acquire_arguments(t, args, &timeout_ns)) return ERROR;
    bool waits_for_end = as_lock(self)->lock.manner == LOCK_SENTINEL && timeout_ns != 0;       // no other order is possible
    if (!waits_for_end && !about_to_use(t, &as_lock(self)->lock, true)) return ERROR;
    if (timeout_ns >= 0) schedule_note(t, RUN_TRIED);
    bool joins = as_lock(self)->lock.manner == LOCK_SENTINEL;
    int taken = wait_lock_acquire(t, &as_lock(self)->lock, timeout_ns, joins ? GIL_JOIN : GIL_LOCK, joins ? "thread" : "lock");
    return taken < 0 ? ERROR : bool_value(taken);
}
static Value lock_release(Thread *t, Value self, const Value *args)
{
    if (UNLIKELY(t->interp->schedule != NULL) && as_lock(self)->lock.manner != LOCK_SENTINEL && !about_to_release(t, &as_lock(self)->lock)) return ERROR;
    if (!atomic_load(&as_lock(self)->lock.locked)) return raise_error(t, &exc_RuntimeError, "release unlocked lock");
    wait_lock_release(&as_lock(self)->lock);
    return NONE;
}
static Value lock_enter(Thread *t, Value self, const Value *args)
{
    WaitLock *lock = &as_lock(self)->lock;
    if (!about_to_use(t, lock, true) || wait_lock_acquire(t, lock, -1, GIL_LOCK, "lock") < 0) return ERROR;
    lock->manner = LOCK_WITH;
    return TRUE;
}
static Value lock_exit(Thread *t, Value self, const Value *args) { return lock_release(t, self, NULL); }
static Value lock_locked(Thread *t, Value self, const Value *args)
{
    schedule_note(t, RUN_TRIED);
    return about_to_use(t, &as_lock(self)->lock, true) ? bool_value(atomic_load(&as_lock(self)->lock.locked)) : ERROR;
}
static Value lock_after_fork(Thread *t, Value self, const Value *args)
{
    wait_lock_end(&as_lock(self)->lock);
    wait_lock_start(&as_lock(self)->lock);
    as_lock(self)->lock.object = as_object(self);
    return NONE;
}
static Value lock_repr(Thread *t, Value v)
{
    char address[32];
    snprintf(address, sizeof address, "0x%llx", (unsigned long long)v.bits);
    return str_format(t, "<%s %s object at %s>", atomic_load(&as_lock(v)->lock.locked) ? "locked" : "unlocked", "_thread.lock", address);
}
static Value lock_set_internal(Thread *t, Value self, const Value *args)
{
    as_lock(self)->lock.internal = true;
    return NONE;
}
// What the threads did before they said so comes before what is done after having seen it: for --races, of flags that are read without the lock.
static Value lock_note_said(Thread *t, Value self, const Value *args)
{
    if (UNLIKELY(t->watch & WATCH_RACES)) races_releases(t, &as_lock(self)->lock);
    return NONE;
}
static Value lock_note_seen(Thread *t, Value self, const Value *args)
{
    if (UNLIKELY(t->watch & WATCH_RACES)) races_took(t, &as_lock(self)->lock);
    return NONE;
}
static Value lock_owner(Thread *t, Value v)
{
    uint64_t owner = as_lock(v)->lock.owner;
    return owner ? int_from_u64(t, owner) : NONE;
}
#define ACQUIRE_SIGNATURE "(self, blocking=True, timeout=-1)"
static const Method lock_methods[] = {
    {"acquire", lock_acquire, ACQUIRE_SIGNATURE, "Lock the lock."},
    {"acquire_lock", lock_acquire, ACQUIRE_SIGNATURE, "Lock the lock."},
    {"release", lock_release, "(self, /)", "Release the lock."},
    {"release_lock", lock_release, "(self, /)", "Release the lock."},
    {"locked", lock_locked, "(self, /)", "Return whether the lock is in the locked state."},
    {"locked_lock", lock_locked, "(self, /)", "Return whether the lock is in the locked state."},
    {"__enter__", lock_enter, "(self, /)", "Lock the lock."},
    {"__exit__", lock_exit, "(self, /, *exc)", "Release the lock."},
    {"_at_fork_reinit", lock_after_fork, "(self, /)", NULL},
    {"_set_internal", lock_set_internal, "(self, /)", "In controlled runs nobody else is chosen before it is taken."},
    {"_note_said", lock_note_said, "(self, /)", NULL},
    {"_note_seen", lock_note_seen, "(self, /)", NULL},
    {0},
};
static const GetSet lock_getsets[] = {{"_owner_ident", lock_owner, NULL, "the thread that took the lock last, or None"}, {0}};
static const TypeSpec lock_spec = {
    .name = "_thread.lock",
    .doc = "A lock object is a synchronization primitive.",
    .size = sizeof(LockObject),
    .flags = TYPE_NO_NEW | TYPE_HAS_WEAKREFS,
    .slots = {.finish = lock_finish, .repr = lock_repr},
    .methods = lock_methods,
    .getsets = lock_getsets,
};

// ---- RLock: the thread that has it may take it again
typedef struct RLockObject { Object head; WaitLock lock; uint64_t owner; uint64_t count; } RLockObject;
static RLockObject *as_rlock(Value v) { return (RLockObject *)as_object(v); }

static void start_rlock(RLockObject *lock)
{
    wait_lock_start(&lock->lock);
    lock->lock.object = &lock->head;
    lock->lock.manner = LOCK_RECURSIVE;
}
static Value rlock_construct(Thread *t, Type *type, const Value *args)
{
    RLockObject *lock = (RLockObject *)object_new(t, type);
    if (!lock) return ERROR;
    start_rlock(lock);
    return object_value(lock);
}
static void rlock_finish(Thread *t, Object *o) { wait_lock_end(&((RLockObject *)o)->lock); }
static Value rlock_take(Thread *t, RLockObject *lock, int64_t timeout_ns)
{
    if (lock->count && lock->owner == t->ident) {
        lock->count++;
        return TRUE;
    }
    if (!about_to_use(t, &lock->lock, true)) return ERROR;
    int taken = wait_lock_acquire(t, &lock->lock, timeout_ns, GIL_LOCK, "rlock");
    if (taken < 0) return ERROR;
    if (taken) {
        lock->owner = t->ident;
        lock->count = 1;
    }
    return bool_value(taken);
}
static Value rlock_acquire(Thread *t, Value self, const Value *args)
{
    int64_t timeout_ns;
    if (!acquire_arguments(t, args, &timeout_ns)) return ERROR;
    if (timeout_ns >= 0) schedule_note(t, RUN_TRIED);
    return rlock_take(t, as_rlock(self), timeout_ns);
}
static Value rlock_release(Thread *t, Value self, const Value *args)
{
    RLockObject *lock = as_rlock(self);
    if (lock->count == 0 || lock->owner != t->ident) return raise_error(t, &exc_RuntimeError, "cannot release un-acquired lock");
    if (UNLIKELY(t->interp->schedule != NULL) && lock->count == 1 && !about_to_release(t, &lock->lock)) return ERROR;
    if (--lock->count == 0) {
        lock->owner = 0;
        wait_lock_release(&lock->lock);
    }
    return NONE;
}
static Value rlock_enter(Thread *t, Value self, const Value *args) { return rlock_take(t, as_rlock(self), -1); }
static Value rlock_exit(Thread *t, Value self, const Value *args) { return rlock_release(t, self, NULL); }
static Value rlock_is_owned(Thread *t, Value self, const Value *args) { return bool_value(as_rlock(self)->count && as_rlock(self)->owner == t->ident); }
static Value rlock_release_save(Thread *t, Value self, const Value *args)
{
    RLockObject *lock = as_rlock(self);
    if (lock->count == 0) return raise_error(t, &exc_RuntimeError, "cannot release un-acquired lock");
    OWN Value owner = int_from_u64(t, lock->owner);
    OWN Value state = is_error(owner) ? ERROR : tuple_of(t, 2, int_value(t, (int64_t)lock->count), owner);
    if (is_error(state)) return ERROR;
    lock->count = 0;
    lock->owner = 0;
    wait_lock_release(&lock->lock);
    return MOVE(state);
}
static Value rlock_acquire_restore(Thread *t, Value self, const Value *args)
{
    uint64_t count, owner;
    if (!is_tuple(args[0]) || as_tuple(args[0])->length != 2) return raise_type_error(t, "argument must be a tuple of a count and an owner");
    if (!int_as_u64(t, as_tuple(args[0])->items[0], &count) || !int_as_u64(t, as_tuple(args[0])->items[1], &owner)) return ERROR;
    int taken = wait_lock_acquire(t, &as_rlock(self)->lock, -1, GIL_LOCK, "rlock");
    if (taken < 0) return ERROR;
    as_rlock(self)->count = count;
    as_rlock(self)->owner = owner;
    return NONE;
}
static Value rlock_after_fork(Thread *t, Value self, const Value *args)
{
    RLockObject *lock = as_rlock(self);
    wait_lock_end(&lock->lock);
    start_rlock(lock);
    lock->owner = lock->count = 0;
    return NONE;
}
static Value rlock_repr(Thread *t, Value v)
{
    char text[96];
    RLockObject *lock = as_rlock(v);
    snprintf(text, sizeof text, "owner=%llu count=%llu at 0x%llx", (unsigned long long)lock->owner, (unsigned long long)lock->count, (unsigned long long)v.bits);
    return str_format(t, "<%s %s object %s>", lock->count ? "locked" : "unlocked", "_thread.RLock", text);
}
static Value rlock_set_internal(Thread *t, Value self, const Value *args)
{
    as_rlock(self)->lock.internal = true;
    return NONE;
}
static Value rlock_owner(Thread *t, Value v) { return as_rlock(v)->owner ? int_from_u64(t, as_rlock(v)->owner) : NONE; }
static const Method rlock_methods[] = {
    {"acquire", rlock_acquire, ACQUIRE_SIGNATURE, "Lock the lock."},
    {"release", rlock_release, "(self, /)", "Release the lock."},
    {"__enter__", rlock_enter, "(self, /)", "Lock the lock."},
    {"__exit__", rlock_exit, "(self, /, *exc)", "Release the lock."},
    {"_is_owned", rlock_is_owned, "(self, /)", "For internal use by `threading.Condition`."},
    {"_release_save", rlock_release_save, "(self, /)", "For internal use by `threading.Condition`."},
    {"_acquire_restore", rlock_acquire_restore, "(self, state, /)", "For internal use by `threading.Condition`."},
    {"_at_fork_reinit", rlock_after_fork, "(self, /)", NULL},
    {"_set_internal", rlock_set_internal, "(self, /)", "In controlled runs nobody else is chosen before it is taken."},
    {0},
};
static const GetSet rlock_getsets[] = {{"_owner_ident", rlock_owner, NULL, "the thread that has the lock, or None"}, {0}};
static const TypeSpec rlock_spec = {
    .name = "_thread.RLock",
    .size = sizeof(RLockObject),
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS,
    .slots = {.finish = rlock_finish, .repr = rlock_repr},
    .methods = rlock_methods,
    .getsets = rlock_getsets,
    .new_signature = "(*args, **kwargs)",
    .construct = rlock_construct,
};

// ---- local: attributes that each thread has its own of
typedef struct Local { Object head; Value key, args, kwargs; } Local;    // key: what finds this object's dict in t->locals_dict
static Local *as_local(Value v) { return (Local *)as_object(v); }

// The dict of this thread, made (and __init__ run again) when it is the thread's first look. Borrowed; NULL: raised.
static Dict *local_dict(Thread *t, Value self)
{
    Local *local = as_local(self);
    if (is_unbound(t->locals_dict)) {
        Dict *all = dict_new(t);
        if (!all) return NULL;
        t->locals_dict = object_value(all);
    }
    Value known = dict_get(t, as_dict(t->locals_dict), local->key);
    if (is_error(known)) return NULL;
    if (!is_unbound(known)) return as_dict(known);
    OWN_POINTER Dict *own = dict_new(t);
    if (!own || !dict_set(t, as_dict(t->locals_dict), local->key, object_value(own))) return NULL;
    if (type_of(self)->slots.init == local_type.slots.init || is_unbound(local->args)) return own;
    OWN Value init = object_get_attr(t, self, NAME(__init__));
    OWN Value result = is_error(init) ? ERROR : call_with_dict(t, init, local->args, local->kwargs);
    if (!is_error(result)) return own;
    OWN Value error = error_take(t);
    if (dict_delete(t, as_dict(t->locals_dict), local->key) < 0) error_clear(t);
    error_restore(t, MOVE(error));
    return NULL;
}
static Value local_construct(Thread *t, Type *type, const Value *args)
{
    bool has_arguments = as_tuple(args[0])->length || as_dict(args[1])->count;
    if (has_arguments && type->slots.init == local_type.slots.init) return raise_type_error(t, "Initialization arguments are not supported");
    OWN_POINTER Local *local = (Local *)object_new(t, type);
    if (!local) return ERROR;
    local->key = lock_new(t);          // any object of its own
    if (is_error(local->key)) return local->key = UNBOUND, ERROR;
    Value self = object_value(local);
    if (!local_dict(t, self)) return ERROR;      // type() runs __init__ for the thread that makes it
    local->args = retain(args[0]);
    local->kwargs = retain(args[1]);
    return object_value(MOVE_POINTER(local));
}
static Value local_get_attr(Thread *t, Value v, Str *name)
{
    Dict *dict = local_dict(t, v);
    if (!dict) return ERROR;
    if (name == NAME(__dict__)) return retain(object_value(dict));
    Value meta = type_lookup(type_of(v), name);
    if (is_unbound(meta) || !type_of(meta)->slots.descr_set) {
        Value own = dict_get_str(dict, name);
        if (!is_unbound(own)) return retain(own);
    }
    return generic_get_attr(t, v, name);
}
static bool local_set_attr(Thread *t, Value v, Str *name, Value value)
{
    Dict *dict = local_dict(t, v);
    if (!dict) return false;
    if (name == NAME(__dict__))
        return error_false(raise_error(t, &exc_AttributeError, "'%T' object attribute '__dict__' is read-only", v));
    Value meta = type_lookup(type_of(v), name);
    if (!is_unbound(meta) && type_of(meta)->slots.descr_set) return type_of(meta)->slots.descr_set(t, meta, v, value);
    if (!is_unbound(value)) return dict_set_str(t, dict, name, value);
    int deleted = dict_delete(t, dict, object_value(name));
    if (deleted == 0) raise_attribute_error(t, v, name);
    return deleted > 0;
}
static void local_visit(Object *o, VisitFn visit, void *context)
{
    Value owned[] = {((Local *)o)->key, ((Local *)o)->args, ((Local *)o)->kwargs};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (is_object(owned[i])) visit(owned[i], context);
}
// Takes its dict out of every thread.
static void local_finish(Thread *t, Object *o)
{
    Local *local = (Local *)o;
    for (Thread *each = t->interp->threads; each && is_object(local->key); each = each->next)
        if (!is_unbound(each->locals_dict) && dict_delete(t, as_dict(each->locals_dict), local->key) < 0) error_clear(t);
    clear(&local->key);
    clear(&local->args);
    clear(&local->kwargs);
}
static const TypeSpec local_spec = {
    .name = "_thread._local",
    .doc = "Thread-local data",
    .size = sizeof(Local),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_WEAKREFS,
    .slots = {.visit = local_visit, .finish = local_finish, .get_attr = local_get_attr, .set_attr = local_set_attr},
    .new_signature = "(*args, **kwargs)",
    .construct = local_construct,
};

// ---- Starting threads
typedef struct Start { Thread *thread; Value function, args, kwargs; } Start;
static size_t stack_size;      // of new threads; 0: the system's default [GIL]
static _Atomic long thread_count;

static void run(Thread *t, Start *start)
{
    OWN Value function = start->function;
    OWN Value args = start->args;
    OWN Value kwargs = start->kwargs;
    OWN Value result = call_with_dict(t, function, args, kwargs);
    if (!is_error(result) || error_clear_if(t, &exc_SystemExit)) return;
    error_unraisable(t, "Exception ignored in thread started by", function);
}

MOVES_GIL static void *thread_main(void *argument)
{
    Start *start = argument;
    Thread *t = start->thread;
    gil_acquire(t, GIL_START);
    thread_attach(t);
    run(t, start);
    free(start);
    OWN Value sentinel = MOVE(t->sentinel);
    atomic_fetch_sub(&thread_count, 1);
    thread_clear(t);
    if (is_object(sentinel) && t->interp->schedule)      // what is_alive() of another thread may see
        schedule_record(t, (Record){.kind = RECORD_ACCESS, .flags = ACCESS_WRITE | ACCESS_LOCK | ACCESS_SAFE | ACCESS_CALL, .a = (uint64_t)(uintptr_t)&as_lock(sentinel)->lock});
    if (is_object(sentinel) && atomic_load(&as_lock(sentinel)->lock.locked)) wait_lock_release(&as_lock(sentinel)->lock);
    clear(&sentinel);
    deadlock_check_others(t);
    bool controlled = t->interp->schedule != NULL;
    if (controlled) schedule_thread_ends(t);
    else gil_release(t, GIL_EXIT);
    thread_destroy(t);
    if (controlled) thread_rest();       // when its ident is used again would be a matter of chance
    return NULL;
}

static Value start_new_thread(Thread *t, Value self, const Value *args)
{
    if (!object_is_callable(args[0])) return raise_type_error(t, "first arg must be callable");
    if (!is_tuple(args[1])) return raise_type_error(t, "2nd arg must be a tuple");
    if (!is_unbound(args[2]) && !is_dict(args[2])) return raise_type_error(t, "optional 3rd arg must be a dictionary");
    if (t->interp->finalizing) return raise_error(t, &exc_RuntimeError, "can't create new thread at interpreter shutdown");
    Start *start = malloc(sizeof *start);
    Thread *fresh = start ? thread_create(t->interp) : NULL;
    if (!fresh) {
        free(start);
        return raise_error(t, &exc_RuntimeError, "can't start new thread");
    }
    *start = (Start){fresh, retain(args[0]), retain(args[1]), retain(args[2])};
    thread_enlist(fresh, t);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (stack_size) pthread_attr_setstacksize(&attributes, stack_size + STACK_RESERVE);
    atomic_fetch_add(&thread_count, 1);
    pthread_t started;          // not a member of *fresh: that belongs to the new thread from here on
    int failed = pthread_create(&started, &attributes, thread_main, start);
    pthread_attr_destroy(&attributes);
    if (failed) {
        atomic_fetch_sub(&thread_count, 1);
        drop(start->function);
        drop(start->args);
        drop(start->kwargs);
        free(start);
        thread_clear(fresh);
        thread_destroy(fresh);
        return raise_error(t, &exc_RuntimeError, "can't start new thread");
    }
    return int_from_u64(t, (uint64_t)started);
}

static Value get_ident(Thread *t, Value self, const Value *args) { return int_from_u64(t, t->ident); }
static Value get_native_id(Thread *t, Value self, const Value *args) { return int_value(t, t->native_id); }
static Value count(Thread *t, Value self, const Value *args) { return int_value(t, atomic_load(&thread_count)); }
static Value allocate_lock(Thread *t, Value self, const Value *args) { return lock_new(t); }
static Value exit_thread(Thread *t, Value self, const Value *args)
{
    Value exception = exception_new(t, &exc_SystemExit, NULL, 0);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}
static Value set_sentinel(Thread *t, Value self, const Value *args)
{
    Value lock = lock_new(t);
    if (is_error(lock)) return ERROR;
    as_lock(lock)->lock.manner = LOCK_SENTINEL;
    assign(&t->sentinel, retain(lock));
    return lock;
}
static Value set_name(Thread *t, Value self, const Value *args)
{
    uint64_t ident;
    if (!int_as_u64(t, args[0], &ident)) return ERROR;
    for (Thread *each = t->interp->threads; each; each = each->next)
        if (each->ident == ident) {
            assign(&each->name, retain(args[1]));
            each->daemon = is_true(args[2]);
            if (trace_is_on(t)) trace_thread_named(t, each);
        }
    return NONE;
}
static Value set_stack_size(Thread *t, Value self, const Value *args)
{
    int64_t size;
    if (!int_as_i64(t, args[0], &size)) return ERROR;
    if (size < 0) return raise_value_error(t, "size must be 0 or a positive value");
    if (size && (size_t)size < STACK_SIZE_MIN) return raise_value_error(t, "size not valid: %ld bytes", (long)size);
    Value old = int_value(t, (int64_t)stack_size);
    stack_size = (size_t)size;
    return old;
}
// Whether the thread that has the lock is in a deadlock that has been reported.
static Value is_deadlocked(Thread *t, Value self, const Value *args)
{
    if (!is_object(args[0]) || as_object(args[0])->type != &lock_type) return raise_type_error(t, "a lock is required, not '%T'", args[0]);
    for (Thread *each = t->interp->threads; each; each = each->next)
        if (each->deadlocked && lock_is_of(&as_lock(args[0])->lock, each)) return TRUE;
    return FALSE;
}
static Value interrupt_main(Thread *t, Value self, const Value *args)
{
    int number;
    if (!int_as_int(t, args[0], &number)) return ERROR;
    if (number < 1 || number >= NSIG) return raise_value_error(t, "signal number out of range");
    struct sigaction action;                // only Python's own handlers are simulated: the default action would end the process
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN) raise(number);
    return NONE;
}
static Value is_main_interpreter(Thread *t, Value self, const Value *args) { return TRUE; }

// Python functions to be called in each forked child, in order: a list. [GIL]
static Value after_fork_call(Thread *t, Value self, const Value *args)
{
    Value *calls = &t->interp->module_slots[SLOT_THREAD_AFTER_FORK];
    if (is_unbound(*calls)) {
        Value list = list_new(t, 2);
        if (is_error(list)) return ERROR;
        *calls = list;
    }
    return list_append(t, *calls, args[0]) ? NONE : ERROR;
}
static void run_after_fork(Thread *t)
{
    for (Thread *gone = t->interp->left_behind; gone; gone = gone->next)       // they have ended, as far as the child can tell
        if (is_object(gone->sentinel) && atomic_load(&as_lock(gone->sentinel)->lock.locked)) wait_lock_release(&as_lock(gone->sentinel)->lock);
    Value calls = t->interp->module_slots[SLOT_THREAD_AFTER_FORK];
    for (size_t i = 0; is_list(calls) && i < as_list(calls)->length; i++) {
        OWN Value function = retain(as_list(calls)->items[i]);
        OWN Value result = call0(t, function);
        if (is_error(result)) error_unraisable(t, "Exception ignored in", function);
    }
}

static const Method functions[] = {
    {"start_new_thread", start_new_thread, "(function, args, kwargs=<unset>, /)", "Start a new thread and return its identifier."},
    {"start_new", start_new_thread, "(function, args, kwargs=<unset>, /)", "An obsolete synonym of start_new_thread()."},
    {"allocate_lock", allocate_lock, "()", "Create a new lock object."},
    {"allocate", allocate_lock, "()", "An obsolete synonym of allocate_lock()."},
    {"get_ident", get_ident, "()", "Return a non-zero integer that uniquely identifies the current thread."},
    {"get_native_id", get_native_id, "()", "Return a non-negative integer identifying the thread as reported by the OS."},
    {"_count", count, "()", "Return the number of currently running Python threads, excluding the main thread."},
    {"exit", exit_thread, "()", "Raise SystemExit, which ends the thread silently unless it is caught."},
    {"exit_thread", exit_thread, "()", "An obsolete synonym of exit()."},
    {"_set_sentinel", set_sentinel, "()", "A lock that is released when the current thread has ended."},
    {"_set_name", set_name, "(ident, name, daemon, /)", "Tell the interpreter what a thread is called."},
    {"stack_size", set_stack_size, "(size=0, /)", "Return the thread stack size used when creating new threads, and set it."},
    {"interrupt_main", interrupt_main, "(signum=2, /)", "Simulate the arrival of a signal, to interrupt the main thread."},
    {"_is_deadlocked", is_deadlocked, "(lock, /)", "Whether the thread that has the lock is in a reported deadlock."},
    {"_after_fork_call", after_fork_call, "(function, /)", "Call function() in every forked child."},
    {"_is_main_interpreter", is_main_interpreter, "()", "Return True if the current interpreter is the main one."},
    {0},
};

static void child_has_one_thread(Thread *t) { atomic_store(&thread_count, 0); }

static bool start(Thread *t, Value module)
{
    fork_add_hook(child_has_one_thread);
    fork_add_hook(run_after_fork);
    return type_prepare(t, &lock_type, &lock_spec) && type_prepare(t, &rlock_type, &rlock_spec) && type_prepare(t, &local_type, &local_spec) &&
           module_add(t, module, "LockType", retain(type_value(&lock_type))) && module_add_type(t, module, &rlock_type) && module_add_type(t, module, &local_type) &&
           module_add(t, module, "error", retain(type_value(&exc_RuntimeError))) && module_add(t, module, "TIMEOUT_MAX", float_value(TIMEOUT_MAX_SECONDS));
}

const ModuleSpec _thread_spec = {.name = "_thread", .doc = "This module provides primitive operations to write multi-threaded programs.", .functions = functions, .start = start};
