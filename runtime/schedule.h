// SPDX-License-Identifier: MIT
// runtime/schedule.h: controlled runs: who runs next is a function of choices, not of clocks and luck.
//
// With a schedule installed no two threads race for the turn. At each switch point (an instruction of the program's own
// code, an operation on a lock, the end of a wait) the running thread asks the schedule who is next, and the turn goes
// straight to that thread (gil_hand_to). Waits on Baton's own locks, on descriptors and time.sleep are states of the schedule,
// and time is virtual: it passes with instructions, and jumps to the next deadline when nobody can run. Other blocking calls
// keep the turn; one that takes long lets the others run, and the run is marked as not controlled.
//
// What comes from outside of the process (another process, the network, a call that took long) is looked at only when
// nobody else can run, so that it changes as little as can be; while it is waited for, time passes as it really does.
//
// Owns     struct Schedule: the choices to follow, the state of each thread, the record of what happened.
// Lock     the turn itself: only the thread that has it touches the schedule; but for schedule_instead, schedule_idle and
//          schedule_comes_back, which gil.c calls with its gate held while nobody has the turn.
#ifndef BATON_RUNTIME_SCHEDULE_H
#define BATON_RUNTIME_SCHEDULE_H

#include <stdatomic.h>

#include "runtime/base.h"

typedef enum ThreadState { THREAD_RUNNABLE, THREAD_BLOCKED, THREAD_SLEEPING, THREAD_EXPECTS, THREAD_OUTSIDE, THREAD_ENDED } ThreadState;

// Whether what a thread EXPECTS has come. Any thread asks, also without the turn: it touches no object.
typedef bool (*ScheduleReady)(const void *what);

typedef struct ScheduleThread {    // a thread's side of the schedule; part of Thread
    uint32_t number;               // 0: the main thread; in the order of their making
    ThreadState state;
    const void *on;                // what it is blocked on
    uint64_t until;                // end of its wait on the virtual clock; 0: for ever
    bool timed_out;
    ScheduleReady ready;           // EXPECTS: what for
    const void *what;
    bool outside;                  // EXPECTS: the process alone cannot bring it about
    bool come;                     // EXPECTS, OUTSIDE: it was there when the schedule looked last
    _Atomic bool back;             // OUTSIDE: its blocking call has ended
    bool safe;                     // since its last access to shared data CPython 3.10+ could have switched
    uint32_t last_word;            // where the watched loop last was, to know jumps back and calls
    const void *last_frame;
    uint32_t priority;             // SCHEDULE_PRIORITIES
} ScheduleThread;

typedef enum ScheduleRule {        // who is next where the list of choices says nothing
    SCHEDULE_KEEP,                 // the thread that runs, until it blocks
    SCHEDULE_EVERY,                // another after every `number` instructions
    SCHEDULE_RANDOM,               // after random numbers of instructions, from the seed `number`
    SCHEDULE_PRIORITIES,           // random priorities with `depth` changes among `length` points (Burckhardt et al. 2010)
    SCHEDULE_ASK,                  // `ask` is called
} ScheduleRule;
typedef struct ScheduleChoice { uint32_t point, thread; } ScheduleChoice;    // at that point, that thread

typedef struct ScheduleOptions {
    ScheduleRule rule;
    uint64_t number;
    uint32_t depth, length;
    bool instructions;             // a point before every instruction, not only before accesses to shared data
    bool detail;                   // record lines and values
    bool releases;                 // points before releases, too: where locks are tried without waiting they matter
    const ScheduleChoice *choices; // in order of point; copied
    size_t choice_count;
    char *record;                  // memory for records, shared with another process, or NULL
    size_t record_size;
    uint32_t most_points;          // the run ends after so many; 0: no limit
} ScheduleOptions;

// What is recorded: 32 bytes each, behind a RecordHead. stdlib/gil/records.py reads them.
typedef enum RecordKind { RECORD_END, RECORD_POINT, RECORD_ACCESS, RECORD_TEXT, RECORD_LINE, RECORD_VALUE, RECORD_THREAD } RecordKind;
typedef struct Record {
    uint8_t kind, thread, flags, other;
    uint32_t line;
    uint64_t a, b, c;
} Record;
enum PointFlags { POINT_CURRENT_CAN = 1, POINT_SAFE = 2, POINT_TIMED = 4 };     // _TIMED: the chosen one's wait was cut short
enum AccessFlags { ACCESS_WRITE = 1, ACCESS_LOCK = 2, ACCESS_CALL = 4, ACCESS_ATTEMPT = 8, ACCESS_SAFE = 16, ACCESS_ATOMIC = 32 };
typedef struct RecordHead {
    uint64_t used;                 // bytes, this head included
    _Atomic uint32_t flags;        // enum RunFlags
    uint32_t points, instructions, threads;
    uint64_t unused[5];
} RecordHead;
enum RunFlags { RUN_DEADLOCK = 1, RUN_CUT = 2, RUN_OUTSIDE = 4, RUN_CLOCK = 8, RUN_RANDOM = 16, RUN_THREADS = 32, RUN_FULL = 64, RUN_DIVERGED = 128, RUN_TRIED = 256, RUN_PROCESS = 512, RUN_LATE = 1024 };

typedef struct Schedule Schedule;
typedef bool (*ScheduleAsk)(Thread *t, Thread *current, Thread **chosen);

NEEDS_GIL MAY_RAISE bool schedule_start(Thread *t, const ScheduleOptions *options, ScheduleAsk ask);   // from here on the run is controlled
NEEDS_GIL void schedule_stop(Thread *t);
NEEDS_GIL void schedule_ends(Thread *t);                         // the interpreter ends: nothing is recorded any more
NEEDS_GIL void schedule_thread_made(Thread *fresh);
void schedule_thread_ends(Thread *t) LEAVES_GIL;                 // instead of gil_release
// A point where another thread may be chosen. `visible`: before an access to shared data or an operation on a lock.
NEEDS_GIL MAY_RAISE bool schedule_point(Thread *t, bool visible, int line, uint32_t file);
// Waits until schedule_wake(on) or, by the virtual clock, timeout_ns (negative: for ever) have passed. False: time is up.
NEEDS_GIL bool schedule_wait(Thread *t, const void *on, int64_t timeout_ns);
NEEDS_GIL void schedule_wake(Thread *t, const void *on);
// Waits until ready(what) is true. False: time is up. Afterwards the caller looks for signals and exceptions: the wait may have been interrupted.
NEEDS_GIL bool schedule_expect(Thread *t, ScheduleReady ready, const void *what, bool outside, int64_t timeout_ns);
NEEDS_GIL bool schedule_has_children(Thread *t);                 // other processes may have what this one has open
NEEDS_GIL void schedule_interrupt(Thread *whose);                // its wait is over, for an exception
_Noreturn void thread_rest(void);                                // an ended thread of a controlled run stays, so that nothing of it is used again (thread.c)
Thread *schedule_instead(Thread *stalled);                       // gil.c
Thread *schedule_idle(Thread *t);                                // gil.c: nobody has the turn: who can go on now; NULL: nobody yet
bool schedule_explores(const Thread *t);                         // the run is one of many
bool schedule_comes_back(Thread *t);                             // gil.c: whether t was taken for outside
uint64_t schedule_clock(Thread *t);                              // ns: the virtual clock, or CLOCK_MONOTONIC
void schedule_note(Thread *t, enum RunFlags what);               // something that the schedule does not control
uint64_t schedule_random(Thread *t);                             // what random numbers from the system are in a controlled run

// ---- Descriptors (schedule_io.c)
struct pollfd;
// Waits as poll() does, by the virtual clock. The count of those that are ready; 0: time is up; -1: raised.
NEEDS_GIL MAY_RAISE int schedule_poll(Thread *t, struct pollfd *fds, size_t count, int64_t timeout_ns);
// Around a call on one descriptor that may wait: a point, then a wait until fd is ready for `event` (POLLIN, POLLOUT); from then on the
// descriptor does not block. False: raised. schedule_io_ends: the flags of before; true: the call would have had to wait, try again.
typedef struct ScheduleIo { int fd, flags; } ScheduleIo;          // flags -1: nothing to give back, and no controlled run
NEEDS_GIL MAY_RAISE bool schedule_io_enter(Thread *t, ScheduleIo *io, int fd, short event);
bool schedule_io_leave(ScheduleIo *io, bool failed);              // errno is kept
#define schedule_io_begins(t, io, fd, event) (*(io) = (ScheduleIo){.flags = -1}, LIKELY(!(t)->interp->schedule) || schedule_io_enter(t, io, fd, event))
#define schedule_io_ends(io, failed) (UNLIKELY((io)->flags >= 0) && schedule_io_leave(io, failed))
void schedule_io_accepted(Thread *t, int fd);                     // a connection: notes it if it comes from outside
NEEDS_GIL MAY_RAISE bool schedule_io_point(Thread *t);            // the point alone
NEEDS_GIL MAY_RAISE bool schedule_await_child(Thread *t, int pid);   // until waitpid(pid) need not wait

// Recording
bool schedule_records(const Thread *t);
bool schedule_detail(const Thread *t);
void schedule_record(Thread *t, Record record);
void schedule_record_text(Thread *t, RecordKind kind, uint64_t id, const char *text, size_t length);
bool schedule_at_releases(const Thread *t);
uint32_t schedule_points(const Thread *t);
NEEDS_GIL Thread *schedule_thread(Thread *t, uint32_t number);
void schedule_pause(Thread *t, bool paused);                     // while a person is asked, a blocking call does not stall
uint64_t schedule_candidates(Thread *t, uint64_t *timed);        // by number; of those below 64

#endif
