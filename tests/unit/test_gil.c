// SPDX-License-Identifier: MIT
// tests/unit/unit_gil.c: the facts at the head of runtime/gil.c.
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/thread.h"

static Interp *interp;

typedef struct Worker { Thread *thread; pthread_t pthread; _Atomic bool stop; _Atomic uint64_t turns; double waited; } Worker;

// Holds the lock and yields at every safe point, as the evaluation loop does.
MOVES_GIL static void *count(void *argument)
{
    Worker *w = argument;
    gil_acquire(w->thread, GIL_START);
    thread_attach(w->thread);
    while (!atomic_load(&w->stop)) {
        atomic_fetch_add(&w->turns, 1);
        if (atomic_load(&w->thread->attention) & ATTEND_GIL) gil_yield(w->thread);
    }
    thread_clear(w->thread);
    gil_release(w->thread, GIL_EXIT);
    thread_destroy(w->thread);
    return NULL;
}
static void start(Worker *w)
{
    *w = (Worker){.thread = thread_create(interp)};
    ck_assert_ptr_nonnull(w->thread);
    ck_assert_int_eq(pthread_create(&w->pthread, NULL, count, w), 0);
}
MOVES_GIL static void stop(Thread *t, Worker *w)
{
    atomic_store(&w->stop, true);
    gil_release(t, GIL_JOIN);
    pthread_join(w->pthread, NULL);
    gil_acquire(t, GIL_JOIN);
}

MOVES_GIL START_TEST(a_waiter_is_served_within_a_few_intervals)
{
    Thread *t = interp->main_thread;
    Worker hog;
    start(&hog);
    gil_release(t, GIL_SLEEP);
    while (atomic_load(&hog.turns) == 0) usleep(100);
    uint64_t asked = gil_now();
    gil_acquire(t, GIL_SLEEP);
    double waited = (double)(gil_now() - asked) / 1e9;
    stop(t, &hog);
    ck_assert_double_lt(waited, 20 * gil_interval(interp->gil));     // 2 on a quiet machine
}
END_TEST

MOVES_GIL START_TEST(the_yielder_does_not_take_the_lock_back_at_once)
{
    Thread *t = interp->main_thread;
    Worker hog;
    start(&hog);
    gil_release(t, GIL_SLEEP);
    while (atomic_load(&hog.turns) == 0) usleep(100);
    gil_acquire(t, GIL_SLEEP);
    uint64_t forced = hog.thread->gil.counters.forced;
    ck_assert_uint_ge(forced, 1);
    uint64_t turns = atomic_load(&hog.turns);
    usleep(20000);
    ck_assert_uint_eq(atomic_load(&hog.turns), turns);               // it stands still while we hold
    stop(t, &hog);
}
END_TEST

MOVES_GIL START_TEST(errno_is_kept)
{
    Thread *t = interp->main_thread;
    errno = EDOM;
    gil_release(t, GIL_READ);
    ck_assert_int_eq(errno, EDOM);
    errno = ERANGE;
    gil_acquire(t, GIL_READ);
    ck_assert_int_eq(errno, ERANGE);
}
END_TEST

MOVES_GIL START_TEST(every_release_is_counted_under_its_reason)
{
    Thread *t = interp->main_thread;
    GilCounters before = t->gil.counters;
    for (int i = 0; i < 3; i++) BLOCKING(t, GIL_SLEEP, usleep(2000));
    BLOCKING(t, GIL_READ, usleep(1000));
    GilCounters after = t->gil.counters;
    ck_assert_uint_eq(after.releases[GIL_SLEEP] - before.releases[GIL_SLEEP], 3);
    ck_assert_uint_eq(after.releases[GIL_READ] - before.releases[GIL_READ], 1);
    ck_assert_uint_eq(after.holds - before.holds, 4);
    ck_assert_uint_ge(after.blocked_ns[GIL_SLEEP] - before.blocked_ns[GIL_SLEEP], 6000000);
}
END_TEST

START_TEST(the_interval_can_be_set)
{
    double before = gil_interval(interp->gil);
    ck_assert_double_eq_tol(before, 0.005, 1e-9);
    gil_set_interval(interp->gil, 0.25);
    ck_assert_double_eq_tol(gil_interval(interp->gil), 0.25, 1e-9);
    gil_set_interval(interp->gil, before);
}
END_TEST

int main(void)
{
    interp = interp_create((uint64_t[2]){0});
    if (!interp) return 1;
    Suite *suite = suite_create("gil");
    TCase *facts = tcase_create("facts");
    tcase_set_timeout(facts, 60);
    tcase_add_test(facts, a_waiter_is_served_within_a_few_intervals);
    tcase_add_test(facts, the_yielder_does_not_take_the_lock_back_at_once);
    tcase_add_test(facts, errno_is_kept);
    tcase_add_test(facts, every_release_is_counted_under_its_reason);
    tcase_add_test(facts, the_interval_can_be_set);
    suite_add_tcase(suite, facts);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
