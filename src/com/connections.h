/* connections.h: the coclass NamedPipeConnections: the connections of one moment. */

#ifndef COM_CONNECTIONS_H
#define COM_CONNECTIONS_H

#include "com/com.h"

/* Holds each of the `count` connections. *out is NULL unless S_OK. */
HRESULT connections_create(INamedPipeServerConnection *const *items, LONG count, INamedPipeConnections **out);

#endif
