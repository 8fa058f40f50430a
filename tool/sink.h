/* sink.h: a handler for the events of a server or of a client connection: COM calls it, it calls a function of C.
 *
 * The function runs on threads of the library, one event at a time for each connection. */

#ifndef TOOL_SINK_H
#define TOOL_SINK_H

#include "tool/contract.h"

/* One event. What it points to is the library's and is there as long as the function runs. */
typedef struct happening
{
    NamedPipeEventKind kind;
    INamedPipeServerConnection *client; /* of a server's event, else NULL */
    const BYTE *data;                   /* of a message */
    size_t size;
    LONG cookie; /* a number that was given with a write as VT_I4, else 0 */
    LONG number; /* of an error */
    const WCHAR *description;
} happening;

typedef void (*sink_function)(void *context, const happening *h);

/* Connects a handler to a server's events, or to those of a client connection. `context` must be there until the object
 * is released, or until `let_go(context)` was called, if there is one: with the last reference on the handler, or at
 * once where this fails. *cookie, unless it is NULL, is for sink_disconnect. */
HRESULT sink_connect_server(INamedPipeServer *server, sink_function function, void *context);
HRESULT sink_connect_client(INamedPipeClientConnection *connection, sink_function function, void *context,
                            void (*let_go)(void *context), DWORD *cookie);

/* Also from inside the function. */
void sink_disconnect(INamedPipeClientConnection *connection, DWORD cookie);

#endif
