/* server_connection.h: the coclass NamedPipeServerConnection.
 *
 * The object of one client: the same in all its events. The engine's connection holds it until its DISCONNECTED was
 * queued, each queued event does, and the consumer. Any thread. */

#ifndef COM_SERVER_CONNECTION_H
#define COM_SERVER_CONNECTION_H

#include "com/endpoint.h"

/* The clients of one server, a field of it. The objects are not held: see object_try_hold. */
typedef struct server_clients
{
    object *server;
    audience *audience; /* that hears them: the server's handlers */
    lock lock;
    list connections GUARDED_BY(lock);
    LONG last_id GUARDED_BY(lock);
} server_clients;

typedef struct server_connection
{
    object object;
    INamedPipeServerConnection INamedPipeServerConnection_iface;
    endpoint endpoint;
    server_clients *clients; /* of which it is one; held with the host's memory */
    list_link link;          /* the clients' lock */
    LONG id;
    DATE connected_at;
} server_connection;

void server_clients_init(server_clients *clients, object *server, audience *a);

/* The lane of the object for a new client; one reference, the engine's. NULL without memory. */
lane *server_connection_create(server_clients *clients, host_run *r, connection *pipe);

/* The connections of this moment that are connected and not dropped, each held; freed with mem_free. */
HRESULT server_clients_snapshot(server_clients *clients, server_connection ***out, LONG *count);

#endif
