/* waiter.h: threads that wait for events, and how they are told to end.
 *
 * Nothing here locks: the caller holds the lock of the queue that the list belongs to, except for waiter_create and
 * waiter_free. A waiter lies on the heap: a thread that ends inside a handler takes its stack with it. */

#ifndef DELIVER_WAITER_H
#define DELIVER_WAITER_H

#include "base/list.h"

/* A thread that waits. It is told of every change: an event was queued or raised, a Leave or a Stop came. */
typedef struct waiter
{
    list_link link;
    HANDLE changed; /* auto-reset event */
    HANDLE thread;  /* for thread_lives; NULL: not known */
    DWORD thread_id;
    bool is_loop; /* ManualMessageLoopEnter, which ends by Leave and by Stop; else WaitEvent, which ends by Stop */
    bool leave_pending;
    LONGLONG leave_at; /* events with a sequence up to this are still raised */
} waiter;

typedef struct waiters
{
    list inside;
    bool leave_pending; /* a Leave came while no loop was inside; the next loop ends at once */
    waiter *spare;      /* of the wait that ended last; a thread that waits again and again needs one pair of handles */
} waiters;

/* Makes a waiter for the calling thread; it is in no list yet. NULL: memory or handles are short. */
waiter *waiter_create(bool is_loop);
/* NULL is allowed. */
void waiter_free(waiter *w);

/* Takes the spare waiter if it is the calling thread's. NULL: make one. */
waiter *waiters_take_spare(waiters *ws, bool is_loop);
/* Keeps a waiter that is in no list any more as the spare one. Returns the one to be freed, or NULL. */
waiter *waiters_keep(waiters *ws, waiter *w);

void waiters_init(waiters *ws);
void waiters_fini(waiters *ws);

/* Tells every waiter to look again. */
void waiters_signal(waiters *ws);

/* Tells waits to end. A Leave (`by_leave`) ends the loops that are inside or, if none is inside, the next loop. A Stop
 * ends every wait that is inside. Each raises the events with a sequence up to `newest` before it ends. */
void waiters_leave(waiters *ws, bool by_leave, LONGLONG newest);

/* Returns whether a living thread waits. Frees the waiters whose threads have ended. */
bool waiters_any(waiters *ws);

#endif
