/* client_connection.h: the coclass NamedPipeClientConnection.
 *
 * The object has two counts. Only consumers hold the object itself: after their last Release the connection is closed
 * and raises no more events. The object holds its memory; so does each of its sessions (sessions.h), which the engine
 * holds until DISCONNECTED was queued, and each queued event. Any thread may call everything here. */

#ifndef COM_CLIENT_CONNECTION_H
#define COM_CLIENT_CONNECTION_H

#include "com/host.h"

#include "pipe/name.h"

/* Begins to connect, in the run `r`, to the pipe at `address`, whose path is `path`. Tries for `timeout` ms; INFINITE:
 * for ever. *out is NULL unless S_OK. */
HRESULT client_connection_create(host_run *r, const pipe_address *address, const WCHAR *path, DWORD timeout,
                                 const flow_settings *flow, INamedPipeClientConnection **out);

#endif
