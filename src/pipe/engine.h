/* engine.h: the engine, as the files of this layer know it. pipe.h has the functions for the owner; engine_life.c has
 * the start and the end of an engine, which need connections and the listener.
 *
 * Threading: `lock` guards the lists. It is a leaf: no other lock is taken while a thread holds it. `settings` does not
 * change. */

#ifndef PIPE_ENGINE_H
#define PIPE_ENGINE_H

#include "base/lock.h"
#include "pipe/claim.h"
#include "pipe/dialer.h"
#include "pipe/pipe.h"
#include "pipe/port.h"
#include "pipe/traffic.h"

/* A place in a list of the engine. It belongs to a connection, or to a thread that walks along the list. */
typedef struct engine_place
{
    list_link link;
    connection *connection; /* NULL: the place belongs to a walking thread */
    bool is_client;         /* counted in `clients` */
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
    /* The list holds each connection, from the arrival of the client or the dial until the handle is closed and
     * DISCONNECTED was handed over. */
    list connections GUARDED_BY(lock);
    bool closing GUARDED_BY(lock);
    volatile LONG paused; /* Interlocked */
    traffic carried;      /* of all connections; see traffic.h */
    LONGLONG clients_ever GUARDED_BY(lock);
    dialer dialer;
    claim claim; /* of the pipe's name */

    /* listener.c */
    security access;                 /* of every instance; listener_start makes it, and it does not change afterwards */
    list listening GUARDED_BY(lock); /* instances that wait for a client; the list holds each */
    unsigned listening_count GUARDED_BY(lock); /* instances in `listening` or being made */
    unsigned clients GUARDED_BY(lock);         /* those that came and were not dropped by engine_drop_client */
    void (*fill)(engine *e);                   /* listener_fill, for what stands below the listener */
    void (*keep_name)(engine *e, const engine_place *closing); /* listener_keep_name; the same */
    list arrived GUARDED_BY(lock);       /* parked instances, whose client has come; the list holds each */
    DWORD failure_told GUARDED_BY(lock); /* the error that the owner was told; 0 for none */
    DWORD retry_ms GUARDED_BY(lock);
    port_timer retry;
    pipe_event failure_event;
    volatile LONG failure_event_used; /* Interlocked */
};

/* Makes an engine and its port. The port calls `calls` with the engine as owner. Returns a Win32 code or a pipe_error;
 * *out is NULL unless 0 is returned. The engine has two references: the caller's, and one that the port's `ended`
 * releases. */
DWORD engine_create(const engine_settings *settings, engine_owner *owner, const port_calls *calls, engine **out);

/* engine_drop_client counts a client of the server less; idempotent. If the limit of connections kept instances from
 * listening, makes one; a client that was parked at the limit is taken in. Any thread calls it, with no lock held. */
void engine_drop_client(engine *e, engine_place *place);

/* engine_add_connection puts a connection into the list; the caller gives the list a reference. False: the engine is
 * closing; the connection is not in the list, and the reference stays the caller's. engine_remove_connection takes the
 * connection out; the reference is the caller's again. */
bool engine_add_connection(engine *e, engine_place *place);
void engine_remove_connection(engine *e, engine_place *place);

/* Calls `act` for each connection of the list, held, with no lock held. Any thread. */
void engine_for_each(engine *e, void (*act)(connection *c, void *context), void *context);

#endif
