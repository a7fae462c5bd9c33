// SPDX-License-Identifier: MIT
// runtime/lock_order.h: warns when threads take two locks in opposite orders, though nothing hung this time.
#ifndef BATON_RUNTIME_LOCK_ORDER_H
#define BATON_RUNTIME_LOCK_ORDER_H

#include "runtime/lock.h"

NEEDS_GIL MAY_RAISE bool lock_order_start(Thread *t);
NEEDS_GIL void lock_order_took(Thread *t, WaitLock *lock);
NEEDS_GIL void lock_order_releases(Thread *t, WaitLock *lock);
void lock_order_forget(WaitLock *lock);                 // the lock ends
void lock_order_thread_ends(Thread *t);
NEEDS_GIL uint32_t lock_order_found(Thread *t);

#endif
