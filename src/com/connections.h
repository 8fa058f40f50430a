/* connections.h: the coclass NamedPipeConnections: the connections of a server at one moment. */

#ifndef COM_CONNECTIONS_H
#define COM_CONNECTIONS_H

#include "com/com.h"

/* Makes the object; it holds each of the `count` connections. *out is NULL unless S_OK. Any thread. */
HRESULT connections_create(INamedPipeServerConnection *const *items, LONG count, INamedPipeConnections **out);

#endif
