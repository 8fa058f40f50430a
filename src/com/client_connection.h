/* client_connection.h: the coclass NamedPipeClientConnection.
 *
 * Two counts: the object's, which is the consumers' alone, and that of its memory, which its engine's connection holds
 * until DISCONNECTED was queued, and each queued event. When the consumers' count falls to 0 the connection is closed
 * in silence. Any thread. */

#ifndef COM_CLIENT_CONNECTION_H
#define COM_CLIENT_CONNECTION_H

#include "com/host.h"

#include "pipe/name.h"

/* Begins to connect, in the run `r`, to the pipe at `address`, whose path is `path`; `timeout` in ms, INFINITE for
 * ever. *out is NULL unless S_OK. */
HRESULT client_connection_create(host_run *r, const pipe_address *address, const WCHAR *path, DWORD timeout,
                                 const flow_settings *flow, INamedPipeClientConnection **out);

#endif
