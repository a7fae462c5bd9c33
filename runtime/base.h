// SPDX-License-Identifier: MIT
// runtime/base.h: the words in which the rest of Baton states its contracts.
//
// Owns the attributes for ownership, failure and the GIL, assertions, and branch hints. The words are read by
// compilers: gcc and clang warn where a result that is owned or may have failed is thrown away, and clang's
// thread-safety analysis (-Wthread-safety) rejects a call that needs the GIL inside BLOCKING.
#ifndef BATON_RUNTIME_BASE_H
#define BATON_RUNTIME_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Thread Thread;
typedef struct Interp Interp;
typedef struct Type Type;
typedef struct Object Object;
typedef struct Str Str;
typedef struct Tuple Tuple;
typedef struct List List;
typedef struct Dict Dict;
typedef struct Frame Frame;    // interp/frame.h
typedef struct Shape Shape;
typedef struct Buffer Buffer;  // runtime/buffer.h

#define NEW_REF __attribute__((warn_unused_result))    // the caller owns the result
#define MAY_RAISE __attribute__((warn_unused_result))  // ERROR, NULL, false or -1: an exception is pending on the thread
#define TAKES                                          // on a parameter: the reference moves to the callee, even on failure
#define NOINLINE __attribute__((noinline))
#define COLD __attribute__((cold, noinline))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define UNUSED __attribute__((unused))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#ifdef BATON_DEBUG
_Noreturn void assertion_failed(const char *what, const char *file, int line);
#define ASSERT(x) ((x) ? (void)0 : assertion_failed(#x, __FILE__, __LINE__))
#else
#define ASSERT(x) ((void)sizeof(!(x)))
#endif

// The GIL as clang sees it: `outside_gil` is "held" while a thread is outside, so what is marked NEEDS_GIL
// cannot be called there. No function in between needs a mark of its own.
#ifdef __clang__
#define CHECKED_LOCK(x) __attribute__((x))
#else
#define CHECKED_LOCK(x)
#endif
struct CHECKED_LOCK(capability("role")) OutsideGil { char unused; };
extern struct OutsideGil outside_gil;
#define MOVES_GIL CHECKED_LOCK(no_thread_safety_analysis)   // on the definitions of the two functions that move it
#define NEEDS_GIL CHECKED_LOCK(locks_excluded(outside_gil))
#define LEAVES_GIL CHECKED_LOCK(acquire_capability(outside_gil))
#define ENTERS_GIL CHECKED_LOCK(release_capability(outside_gil))

#endif
