/* waiter.h: threads that wait for events, and how they are told to end.
 *
 * Nothing here locks: the caller holds the lock of the queue that the list is a field of, but for waiter_create and
 * waiter_free. A waiter lies on the heap: a thread that ends inside a handler takes its stack along. */

#ifndef DELIVER_WAITER_H
#define DELIVER_WAITER_H

#include "base/list.h"

/* A thread that is told of every change: something was queued, raised, left or stopped. */
typedef struct waiter
{
    list_link link;
    HANDLE changed; /* auto-reset event */
    HANDLE thread;  /* to ask whether it lives; NULL: unknown */
    bool is_loop;   /* ends by Leave and Stop */
    bool leave_pending;
    LONGLONG leave_at; /* what has a sequence up to this is still raised */
} waiter;

typedef struct waiters
{
    list inside;
    bool leave_pending; /* ahead of the next loop */
} waiters;

/* Of the calling thread; in no list yet. NULL without memory or handles. */
waiter *waiter_create(bool is_loop);
void waiter_free(waiter *w);

void waiters_init(waiters *ws);
void waiters_fini(waiters *ws);

/* Tells every waiter to look again. */
void waiters_signal(waiters *ws);

/* Ends the loops that are inside. By a Leave, where none is inside, the next one; by a Stop every wait: each raises
 * what is queued by now, up to `newest`, before it ends. */
void waiters_leave(waiters *ws, bool by_leave, LONGLONG newest);

/* Whether a living thread waits. Those that have ended are forgotten. */
bool waiters_any(waiters *ws);

#endif
