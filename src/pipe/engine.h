/* engine.h: what the files of this layer know of an engine. What the owner calls is in pipe.h.
 *
 * Threading: `lock` guards the lists and is a leaf. `name_lock` is held while an instance is made or closed, so that
 * who makes one knows whether the name is ours; it is a leaf too, taken with no other held. Only Start, when no other
 * thread is there yet, waits under it. `settings` does not change. */

#ifndef PIPE_ENGINE_H
#define PIPE_ENGINE_H

#include "base/lock.h"
#include "pipe/dialer.h"
#include "pipe/pipe.h"
#include "pipe/port.h"
#include "pipe/security.h"

/* A place in one of the engine's lists: a connection's, or that of a thread that walks along the list. */
typedef struct engine_place
{
    list_link link;
    connection *connection; /* NULL: a walker's */
} engine_place;

struct engine
{
    volatile LONG references; /* Interlocked */
    engine_owner *owner;
    engine_settings settings; /* path is the engine's own copy */
    port *port;
    port_timer later_turn;
    HANDLE ended; /* manual-reset event */
    pipe_event ready_event;

    /* claim.c */
    lock name_lock;
    unsigned instances GUARDED_BY(name_lock); /* that are open: each of them holds the name */
    HANDLE name_keeper GUARDED_BY(name_lock); /* the last of them, where it serves nobody any more; NULL for none */
    bool name_given_up GUARDED_BY(name_lock);

    lock lock;
    list connections GUARDED_BY(
        lock); /* each held, from its client's coming until its handle is closed and DISCONNECTED was handed over */
    bool closing GUARDED_BY(lock);
    volatile LONG paused; /* Interlocked */
    dialer dialer;

    /* listener.c */
    security access;                           /* of every instance; made by listener_start, does not change then */
    list listening GUARDED_BY(lock);           /* instances that wait for a client, each held */
    unsigned listening_count GUARDED_BY(lock); /* with those that are just being made */
    list arrived GUARDED_BY(lock);             /* came while paused, each held */
    DWORD failure_told GUARDED_BY(lock);       /* 0 for none */
    DWORD retry_ms GUARDED_BY(lock);
    port_timer retry;
    pipe_event failure_event;
    volatile LONG failure_event_used; /* Interlocked */
};

/* A connection with a client: kept in the list. False: the engine is closing, and the connection is not taken. */
bool engine_add_connection(engine *e, connection *c);
void engine_remove_connection(engine *e, connection *c);

#endif
