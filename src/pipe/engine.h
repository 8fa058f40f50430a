/* engine.h: what the files of this layer know of an engine. What the owner calls is in pipe.h.
 *
 * Its start and its end, which need connections and listener, are in engine_life.c.
 *
 * Threading: `lock` guards the lists and is a leaf. `settings` does not change. */

#ifndef PIPE_ENGINE_H
#define PIPE_ENGINE_H

#include "base/lock.h"
#include "pipe/claim.h"
#include "pipe/dialer.h"
#include "pipe/pipe.h"
#include "pipe/port.h"

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

    lock lock;
    /* Each held, from its client's coming until its handle is closed and DISCONNECTED was handed over. */
    list connections GUARDED_BY(lock);
    bool closing GUARDED_BY(lock);
    volatile LONG paused; /* Interlocked */
    dialer dialer;
    claim claim; /* of the name */

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

/* Makes the port; `calls` are its calls, with the engine as their owner. *out is NULL unless 0 is returned; else it has
 * two references, the caller's and one that the port's `ended` releases. */
DWORD engine_create(const engine_settings *settings, engine_owner *owner, const port_calls *calls, engine **out);

/* Puts a connection into the list, whose reference its caller gives. False: the engine is closing, and the connection
 * is not taken. */
bool engine_add_connection(engine *e, engine_place *place);
void engine_remove_connection(engine *e, engine_place *place);

#endif
