/* server_connection.h: the coclass NamedPipeServerConnection.
 *
 * A client has one object, which is the same in all its events. The object is held by consumers, by each queued event,
 * and by the engine's connection until DISCONNECTED was queued. Any thread may call everything here. */

#ifndef COM_SERVER_CONNECTION_H
#define COM_SERVER_CONNECTION_H

#include "com/endpoint.h"

/* The clients of one server, a field of the server. The list does not hold the objects; see object_try_hold. */
typedef struct server_clients
{
    object *server;     /* not held */
    audience *audience; /* the server's, which receives the events of all clients */
    lock lock;
    list connections GUARDED_BY(lock);
    LONG last_id GUARDED_BY(lock);
} server_clients;

typedef struct server_connection
{
    object object;
    INamedPipeServerConnection INamedPipeServerConnection_iface;
    endpoint endpoint;
    session session;         /* the only one */
    server_clients *clients; /* valid as long as the host's memory, which the run holds */
    list_link link;          /* clients->lock */
    LONG id;
    DATE connected_at;
} server_connection;

void server_clients_init(server_clients *clients, object *server, audience *a);

/* Makes the object for a new client and returns its lane. The object has one reference, the engine's. NULL: memory is
 * short. */
lane *server_connection_create(server_clients *clients, host_run *r, connection *pipe);

/* Gives the `count` connections that are open now, each with a reference, for server_clients_release. *out is NULL
 * unless S_OK. */
HRESULT server_clients_snapshot(server_clients *clients, server_connection ***out, LONG *count);
void server_clients_release(server_connection **items, LONG count);

#endif
