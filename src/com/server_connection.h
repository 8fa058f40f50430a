/* server_connection.h: the coclass NamedPipeServerConnection.
 *
 * The object of one client: the same in all its events. The engine's connection holds it until its DISCONNECTED was queued, each queued event does, and the consumer. Any thread. */

#ifndef COM_SERVER_CONNECTION_H
#define COM_SERVER_CONNECTION_H

#include "com/held.h"
#include "com/server.h"

typedef struct server_connection
{
    object object;
    INamedPipeServerConnection INamedPipeServerConnection_iface;
    lane lane;
    server *server;   /* its memory held */
    server_run *run;  /* held */
    connection *pipe; /* held */
    list_link link;   /* server's lock */
    LONG id;
    DATE connected_at;
    volatile LONG refuses; /* Interlocked; the consumer has closed it, gracefully or not */
    volatile LONG closed;  /* Interlocked; not gracefully: only its end is still told */
    lock lock;
    held *custom GUARDED_BY(lock);
} server_connection;

/* The object for a new client; one reference, the engine's. NULL without memory. */
server_connection *server_connection_create(server_run *r, connection *pipe);

/* The object of an event's lane. */
server_connection *server_connection_of(lane *l);

/* Whether an event of it may still be told: after the consumer's own close only that it is gone. */
bool server_connection_tells(server_connection *c, pipe_event_kind kind);

/* Queues one message; NOT_CONNECTED only once the consumer has been told. `cookie` is taken over in any case. */
HRESULT server_connection_write(server_connection *c, payload *p, held *cookie);

/* The connections of this moment that are connected and not dropped, each held; freed with mem_free. */
HRESULT server_connection_snapshot(server *s, server_connection ***out, LONG *count);

#endif
