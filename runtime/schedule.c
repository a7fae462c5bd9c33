// SPDX-License-Identifier: MIT
// runtime/schedule.c: who runs next in a controlled run.
//
//   RUNNABLE --schedule_wait--> BLOCKED (until schedule_wake or a deadline) or SLEEPING (on == NULL, until a deadline)
//   RUNNABLE --schedule_expect--> EXPECTS (until ready(), or a deadline)
//   RUNNABLE --a blocking call that takes long--> OUTSIDE --schedule_comes_back--> RUNNABLE
//   RUNNABLE --schedule_thread_ends--> ENDED
// Always
//   1. The thread that has the turn is RUNNABLE, but while it is on its way to hand it over.
//   2. A point counts, and is recorded, only where two threads or more could be next: what one thread does alone is
//      the same in every run.
//   3. Nothing here reads a clock or an address, but while nobody can run before something comes from outside: the choices alone decide.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/deadlock.h"
#include "runtime/error.h"
#include "runtime/processors.h"
#include "runtime/schedule_internal.h"

#define NS_PER_INSTRUCTION 100u
#define CLOCK_START UINT64_C(1000000000000)      // so that early readings look like readings
#define STRETCH_MOST 500u                        // points after which a thread that never blocks lets another one run
#define RANDOM_GAP 24u                           // instructions between switches at most, under a seed
#define EARLY_ONE_IN 40u                         // PRIORITIES: how seldom a wait is cut short

// splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine.
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}
static uint64_t random_below(Schedule *s, uint64_t end) { return next_random(&s->random) % end; }

uint64_t schedule_random(Thread *t) { return next_random(&t->interp->schedule->system_random); }
uint64_t schedule_clock(Thread *t) { return t->interp->schedule ? t->interp->schedule->clock : gil_now(); }
bool schedule_at_releases(const Thread *t) { return t->interp->schedule->options.releases; }
uint32_t schedule_points(const Thread *t) { return t->interp->schedule ? t->interp->schedule->points : 0; }
void schedule_pause(Thread *t, bool paused) { if (t->interp->schedule) t->interp->schedule->paused = paused; }

bool schedule_explores(const Thread *t) { return t->interp->schedule && t->interp->schedule->options.most_points; }
bool schedule_has_children(Thread *t) { return t->interp->schedule && t->interp->schedule->has_children; }

// ---- Who could be next
static bool waits(const Thread *t) { return t->schedule.state == THREAD_BLOCKED || t->schedule.state == THREAD_SLEEPING || t->schedule.state == THREAD_EXPECTS; }
static bool can_run(const Schedule *s, Thread *t)
{
    const ScheduleThread *own = &t->schedule;
    if ((own->state == THREAD_OUTSIDE || own->state == THREAD_EXPECTS) && own->come) return true;
    return own->state == THREAD_RUNNABLE || (waits(t) && own->until && own->until <= s->clock);
}
static bool is_timed(const Schedule *s, Thread *t)     // could be next if time passed
{
    return waits(t) && t->schedule.until > s->clock && !can_run(s, t);
}
static bool is_from_outside(const Thread *t) { return t->schedule.state == THREAD_OUTSIDE || (t->schedule.state == THREAD_EXPECTS && t->schedule.outside); }

// Looks for what threads expect: from inside, and from outside if that is asked for.
static bool look_for(Schedule *s, Thread *t, bool outside)
{
    bool somebody = false;
    for (Thread *each = t->interp->threads; each; each = each->next) {
        ScheduleThread *own = &each->schedule;
        if (is_from_outside(each) && !outside) own->come = false;
        else if (own->state == THREAD_OUTSIDE) own->come = atomic_load(&own->back);
        else if (own->state == THREAD_EXPECTS) own->come = own->ready(own->what);
        somebody = somebody || can_run(s, each);
    }
    return somebody;
}
// The same before a choice: what comes from outside is seen only where nobody else can run, or one has run for too long.
static void look(Schedule *s, Thread *t)
{
    if (atomic_load_explicit(&t->interp->signals_pending, memory_order_acquire)) schedule_interrupt(t->interp->main_thread);
    if (!look_for(s, t, s->stretch > STRETCH_MOST)) look_for(s, t, true);
}
static bool somebody_is_outside(const Thread *t)
{
    for (const Thread *each = t->interp->threads; each; each = each->next)
        if (is_from_outside(each)) return true;
    return false;
}

uint64_t schedule_candidates(Thread *t, uint64_t *timed)
{
    Schedule *s = t->interp->schedule;
    uint64_t can = 0;
    *timed = 0;
    if (s && s->asking) look(s, t);
    for (Thread *each = t->interp->threads; s && each; each = each->next) {
        uint64_t bit = each->schedule.number < 64 ? UINT64_C(1) << each->schedule.number : 0;
        if (can_run(s, each)) can |= bit;
        else if (is_timed(s, each)) *timed |= bit;
    }
    return can;
}

Thread *schedule_thread(Thread *t, uint32_t number)
{
    for (Thread *each = t->interp->threads; each; each = each->next)
        if (each->schedule.number == number && each->schedule.state != THREAD_ENDED) return each;
    return NULL;
}

// The next that can run, in the order of their numbers, round and round; NULL: none but t itself.
static Thread *next_in_turn(const Schedule *s, Thread *t)
{
    Thread *lowest = NULL, *higher = NULL;
    for (Thread *each = t->interp->threads; each; each = each->next) {
        if (each == t || !can_run(s, each)) continue;
        if (!lowest || each->schedule.number < lowest->schedule.number) lowest = each;
        if (each->schedule.number > t->schedule.number && (!higher || each->schedule.number < higher->schedule.number)) higher = each;
    }
    return higher ? higher : lowest;
}
static Thread *earliest(const Schedule *s, Thread *t)
{
    Thread *found = NULL;
    if (somebody_is_outside(t)) return NULL;          // time passes as it really does (schedule_idle)
    for (Thread *each = t->interp->threads; each; each = each->next)
        if (is_timed(s, each) && (!found || each->schedule.until < found->schedule.until ||
                                  (each->schedule.until == found->schedule.until && each->schedule.number < found->schedule.number))) found = each;
    return found;
}
static Thread *nth_that_can(const Schedule *s, Thread *t, uint64_t n)
{
    for (Thread *each = t->interp->threads; each; each = each->next)
        if (can_run(s, each) && n-- == 0) return each;
    return t;
}

// ---- Who is next
static Thread *by_priority(Schedule *s, Thread *t, bool fair)
{
    for (uint32_t i = 0; i < s->options.depth; i++)
        if (s->changes[i] == s->points) t->schedule.priority = s->lowest_priority--;
    if (fair) t->schedule.priority = s->lowest_priority--;
    Thread *early = random_below(s, EARLY_ONE_IN) == 0 ? earliest(s, t) : NULL;
    if (early) return early;
    Thread *best = NULL;
    for (Thread *each = t->interp->threads; each; each = each->next)
        if (can_run(s, each) && (!best || each->schedule.priority > best->schedule.priority)) best = each;
    return best ? best : earliest(s, t);
}

// What the list of choices says about this point; NULL: nothing.
static Thread *listed(Schedule *s, Thread *t)
{
    while (s->next_choice < s->options.choice_count && s->choices[s->next_choice].point < s->points) s->next_choice++;
    if (s->next_choice >= s->options.choice_count || s->choices[s->next_choice].point != s->points) return NULL;
    Thread *chosen = schedule_thread(t, s->choices[s->next_choice++].thread);
    if (!chosen || (!can_run(s, chosen) && !is_timed(s, chosen))) {
        schedule_note(t, RUN_DIVERGED);      // another program, or something that is not controlled
        return NULL;
    }
    return chosen;
}

// The thread that goes on if nothing is said: the one that runs, unless it cannot or has run for too long.
static Thread *usual_next(Schedule *s, Thread *t)
{
    bool fair = s->stretch > STRETCH_MOST;
    if (can_run(s, t) && !fair) return t;
    Thread *other = next_in_turn(s, t);
    if (!other && fair) other = earliest(s, t);
    if (other) return other;
    return can_run(s, t) ? t : earliest(s, t);
}

static Thread *by_countdown(Schedule *s, Thread *t)
{
    if (can_run(s, t) && s->countdown) return t;
    bool every = s->options.rule == SCHEDULE_EVERY;
    s->countdown = every ? s->options.number : 1 + random_below(s, RANDOM_GAP);
    if (every) return usual_next(s, t) == t && next_in_turn(s, t) ? next_in_turn(s, t) : usual_next(s, t);
    uint64_t can = 0;
    for (Thread *each = t->interp->threads; each; each = each->next) can += can_run(s, each);
    return can ? nth_that_can(s, t, random_below(s, can)) : earliest(s, t);
}

// NULL: nobody can run, and time would not help.
static Thread *decide(Schedule *s, Thread *t, Thread *usual)
{
    Thread *chosen = listed(s, t);
    if (chosen) return chosen;
    switch (s->options.rule) {
    case SCHEDULE_EVERY: case SCHEDULE_RANDOM: return by_countdown(s, t);
    case SCHEDULE_PRIORITIES: return by_priority(s, t, s->stretch > STRETCH_MOST);
    case SCHEDULE_ASK:
        if (!s->asking && s->ask) {
            s->asking = true;
            bool asked = s->ask(t, t, &chosen);
            s->asking = false;
            if (asked && chosen && (can_run(s, chosen) || is_timed(s, chosen))) return chosen;
        }
        return usual;
    default: return usual;
    }
}

// The chosen one is awake: what it waited for has come, or its time is up; then the clock shows it.
static void wake_chosen(Schedule *s, Thread *chosen)
{
    ScheduleThread *own = &chosen->schedule;
    if (waits(chosen) && !(own->state == THREAD_EXPECTS && own->come)) {
        if (own->until > s->clock) s->clock = own->until;
        own->timed_out = true;
    }
    own->state = THREAD_RUNNABLE;
    own->on = NULL;
    own->ready = NULL;
    own->come = false;
    own->until = 0;
    s->now = chosen;
    s->idle_since = 0;
}

static size_t how_many(Schedule *s, Thread *t)
{
    size_t count = 0;
    for (Thread *each = t->interp->threads; each; each = each->next) count += can_run(s, each) || is_timed(s, each);
    return count;
}

// Chooses and counts the point. NULL: nobody.
static Thread *choose(Schedule *s, Thread *t, int line, uint32_t file)
{
    look(s, t);
    Thread *usual = usual_next(s, t);
    if (!usual) return NULL;
    Thread *chosen = usual;
    if (how_many(s, t) > 1) {
        s->points++;
        s->stretch++;
        chosen = decide(s, t, usual);
        if (!chosen) chosen = usual;
        uint8_t flags = (uint8_t)((can_run(s, t) ? POINT_CURRENT_CAN : 0) | (t->schedule.safe ? POINT_SAFE : 0) | (is_timed(s, chosen) ? POINT_TIMED : 0));
        record_point(t, s, chosen, usual, flags, line, file);
        if (s->options.most_points && s->points >= s->options.most_points) {
            schedule_note(t, RUN_CUT);
            _exit(3);
        }
    }
    if (chosen != t) s->stretch = 0;
    return chosen;
}

bool schedule_point(Thread *t, bool visible, int line, uint32_t file)
{
    Schedule *s = t->interp->schedule;
    if (s->asking || t->interp->finalizing) return true;
    s->instructions++;
    s->clock += NS_PER_INSTRUCTION;
    if (s->countdown) s->countdown--;
    if (!visible && !s->options.instructions) return true;
    if (s->countdown && (s->options.rule == SCHEDULE_EVERY || s->options.rule == SCHEDULE_RANDOM)) return true;       // nobody is chosen yet
    Thread *chosen = choose(s, t, line, file);
    if (!chosen || chosen == t) return !error_pending(t);
    wake_chosen(s, chosen);
    gil_hand_to(t, chosen, GIL_INTERVAL);
    return true;
}

// Nobody can go on, and t is about to give up the turn. If nothing from outside and no deadlock of locks explains that (those are told by
// deadlock_check), it is told. Result: whoever has to hear it.
NEEDS_GIL static Thread *after_deadlock(Thread *t)
{
    bool expects = false;
    for (const Thread *each = t->interp->threads; each; each = each->next) expects = expects || each->schedule.state == THREAD_EXPECTS;
    if (!expects || somebody_is_outside(t) || !deadlock_of_all(t)) return NULL;
    Thread *whom = t->interp->main_thread;
    return whom->schedule.state == THREAD_RUNNABLE ? whom : NULL;
}

// t waits: its turn goes to another thread, or to nobody until something comes from outside. Returns when t goes on.
NEEDS_GIL static void give_up_turn(Schedule *s, Thread *t, GilReason reason)
{
    Thread *chosen = choose(s, t, 0, 0);
    if (!chosen && !(chosen = after_deadlock(t)) && error_pending(t)) chosen = t;
    if (chosen) wake_chosen(s, chosen);
    if (chosen != t) gil_hand_to(t, chosen, reason);
}

bool schedule_wait(Thread *t, const void *on, int64_t timeout_ns)
{
    Schedule *s = t->interp->schedule;
    ScheduleThread *own = &t->schedule;
    own->state = on ? THREAD_BLOCKED : THREAD_SLEEPING;
    own->on = on;
    own->until = timeout_ns < 0 ? 0 : s->clock + (uint64_t)timeout_ns + 1;
    own->timed_out = false;
    own->safe = true;
    give_up_turn(s, t, on ? GIL_LOCK : GIL_SLEEP);
    return !own->timed_out;
}

bool schedule_expect(Thread *t, ScheduleReady ready, const void *what, bool outside, int64_t timeout_ns)
{
    Schedule *s = t->interp->schedule;
    ScheduleThread *own = &t->schedule;
    if (ready(what) || timeout_ns == 0) return ready(what);
    own->state = THREAD_EXPECTS;
    own->ready = ready;
    own->what = what;
    own->outside = outside;
    own->until = timeout_ns < 0 ? 0 : s->clock + (uint64_t)timeout_ns + 1;
    own->timed_out = false;
    own->safe = true;
    give_up_turn(s, t, GIL_POLL);
    return !own->timed_out;
}

void schedule_wake(Thread *t, const void *on)
{
    for (Thread *each = t->interp->threads; each; each = each->next)
        if (each->schedule.state == THREAD_BLOCKED && each->schedule.on == on) each->schedule.state = THREAD_RUNNABLE;
}
void schedule_interrupt(Thread *whose)
{
    if (waits(whose)) whose->schedule.state = THREAD_RUNNABLE;
}

// ---- Threads come and go
void schedule_thread_made(Thread *fresh)
{
    Schedule *s = fresh->interp->schedule;
    fresh->schedule = (ScheduleThread){.number = s->made++, .safe = true};
    fresh->schedule.priority = (uint32_t)(UINT32_C(1) << 30) + (uint32_t)random_below(s, 1u << 20);
    if (fresh->schedule.number >= 64) schedule_note(fresh, RUN_THREADS);
}

MOVES_GIL void schedule_thread_ends(Thread *t)
{
    Schedule *s = t->interp->schedule;
    t->schedule.state = THREAD_ENDED;
    Thread *chosen = choose(s, t, 0, 0);
    if (!chosen) chosen = after_deadlock(t);
    if (chosen) wake_chosen(s, chosen);
    gil_leave_to(t, chosen);
}

// ---- Blocking calls to the outside that take long
Thread *schedule_instead(Thread *stalled)
{
    Schedule *s = stalled->interp->schedule;
    if (s->paused) return stalled;
    stalled->schedule.state = THREAD_OUTSIDE;
    atomic_store(&stalled->schedule.back, false);
    schedule_note(stalled, RUN_OUTSIDE);
    look(s, stalled);
    Thread *chosen = next_in_turn(s, stalled);
    if (chosen) wake_chosen(s, chosen);
    return chosen;
}

Thread *schedule_idle(Thread *t)
{
    Schedule *s = t->interp->schedule;
    if (s->paused) return NULL;
    uint64_t now = gil_now();
    if (s->idle_since) s->clock += now - s->idle_since;
    s->idle_since = now;
    look(s, t);
    Thread *chosen = NULL;
    for (Thread *each = t->interp->threads; each; each = each->next)
        if (can_run(s, each) && (!chosen || each->schedule.number < chosen->schedule.number)) chosen = each;
    if (chosen) wake_chosen(s, chosen);
    return chosen;
}
bool schedule_comes_back(Thread *t)
{
    if (t->schedule.state != THREAD_OUTSIDE) return false;
    atomic_store(&t->schedule.back, true);
    return true;
}

// ---- Start and end
static int by_point(const void *a, const void *b)
{
    uint32_t x = ((const ScheduleChoice *)a)->point, y = ((const ScheduleChoice *)b)->point;
    return (x > y) - (x < y);
}

// One thread runs at a time: on one processor the turn passes several times as fast. The threads that are made later are as the one that makes them.
static void pin(Schedule *s)
{
    cpu_set_t one;
    int here = sched_getcpu();
    CPU_ZERO(&one);
    if (here < 0 || sched_getaffinity(0, sizeof s->processors, &s->processors) != 0) return;
    CPU_SET(here, &one);
    s->pinned = sched_setaffinity(0, sizeof one, &one) == 0;
}
bool schedule_processors(Thread *t, cpu_set_t *set)
{
    const Schedule *s = t->interp->schedule;
    if (!s || !s->pinned) return false;
    *set = s->processors;
    return true;
}

bool schedule_start(Thread *t, const ScheduleOptions *options, ScheduleAsk ask)
{
    Schedule *s = calloc(1, sizeof *s);
    ScheduleChoice *choices = s ? calloc(options->choice_count + 1, sizeof *choices) : NULL;
    if (!choices) {
        free(s);
        return error_false(raise_memory_error(t));
    }
    if (options->choice_count) memcpy(choices, options->choices, options->choice_count * sizeof *choices);
    qsort(choices, options->choice_count, sizeof *choices, by_point);
    *s = (Schedule){.options = *options, .choices = choices, .ask = ask, .clock = CLOCK_START, .random = options->number ^ UINT64_C(0x6261746F6E),
                    .system_random = 42, .lowest_priority = UINT32_C(1) << 29, .now = t};
    s->options.instructions = options->instructions || options->rule == SCHEDULE_EVERY || options->rule == SCHEDULE_RANDOM || options->rule == SCHEDULE_ASK;
    if (s->options.depth > COUNT_OF(s->changes)) s->options.depth = COUNT_OF(s->changes);
    for (uint32_t i = 0; i < s->options.depth; i++) s->changes[i] = 1 + (uint32_t)random_below(s, options->length ? options->length : 1);
    s->countdown = s->options.rule == SCHEDULE_RANDOM ? 1 + random_below(s, RANDOM_GAP) : options->rule == SCHEDULE_EVERY ? options->number : 0;
    if (s->options.record) *(RecordHead *)(void *)s->options.record = (RecordHead){.used = sizeof(RecordHead)};
    pin(s);
    t->interp->schedule = s;
    schedule_thread_made(t);
    for (Thread *each = t->interp->threads; each; each = each->next)
        if (each != t) schedule_thread_made(each);
    threads_watch(t->interp, WATCH_SCHEDULE, WATCH_SCHEDULE);
    return true;
}

void schedule_after_fork(Thread *t)
{
    const Schedule *parent = t->interp->schedule;
    if (!parent) return;
    bool repeats = parent->options.rule == SCHEDULE_EVERY || parent->options.rule == SCHEDULE_RANDOM;
    ScheduleOptions options = {.rule = repeats ? parent->options.rule : SCHEDULE_KEEP, .number = repeats ? parent->options.number : 0};
    schedule_stop(t);
    if (!schedule_start(t, &options, NULL)) {
        error_clear(t);                    // no memory: the child runs as it would without
        return;
    }
    Schedule *s = t->interp->schedule;
    s->has_children = true;                // its parent, for one, may be at the other end of what it has open
    if (s->pinned) s->pinned = sched_setaffinity(0, sizeof s->processors, &s->processors) != 0;       // processes run beside each other
}

void schedule_ends(Thread *t)
{
    if (t->interp->schedule) t->interp->schedule->options.record = NULL;       // the memory for it is about to go
}

void schedule_stop(Thread *t)
{
    Schedule *s = t->interp->schedule;
    if (!s) return;
    threads_watch(t->interp, WATCH_SCHEDULE, 0);
    t->interp->schedule = NULL;
    if (s->pinned) sched_setaffinity(0, sizeof s->processors, &s->processors);
    free(s->choices);
    free(s);
}
