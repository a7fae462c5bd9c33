// SPDX-License-Identifier: MIT
// stdlib/stream_lock.h: the lock of one object whose C state works without the GIL (a hash, a compressor).
#ifndef BATON_STDLIB_STREAM_LOCK_H
#define BATON_STDLIB_STREAM_LOCK_H

#include "runtime/thread.h"

// Waits without the GIL, so that the holder, who may want it back, comes to its end.
static inline NEEDS_GIL void stream_lock(Thread *t, pthread_mutex_t *lock, GilReason reason)
{
    if (pthread_mutex_trylock(lock) == 0) return;
    BLOCKING(t, reason, pthread_mutex_lock(lock));
}
static inline void stream_unlock(pthread_mutex_t **lock)
{
    if (*lock) pthread_mutex_unlock(*lock);
}
// HOLD_STREAM(t, &object->lock, GIL_COMPRESS): held to the end of the block.
#define HOLD_STREAM(t, lock, reason) \
    stream_lock(t, lock, reason); \
    __attribute__((cleanup(stream_unlock), unused)) pthread_mutex_t *held_stream = (lock)

#endif
