/* server_connection.h: the coclass NamedPipeServerConnection.
 *
 * The object of one client: the same in all its events. The engine's connection holds it until its DISCONNECTED was
 * queued, each queued event does, and the consumer. Any thread. */

#ifndef COM_SERVER_CONNECTION_H
#define COM_SERVER_CONNECTION_H

#include "com/endpoint.h"
#include "com/server.h"

typedef struct server_connection
{
    object object;
    INamedPipeServerConnection INamedPipeServerConnection_iface;
    endpoint endpoint;
    list_link link; /* server's lock */
    LONG id;
    DATE connected_at;
} server_connection;

/* The lane of the object for a new client; one reference, the engine's. NULL without memory. */
lane *server_connection_create(host_run *r, connection *pipe);

/* The connections of this moment that are connected and not dropped, each held; freed with mem_free. */
HRESULT server_connection_snapshot(server *s, server_connection ***out, LONG *count);

#endif
