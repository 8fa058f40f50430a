/* enum_connections.h: the enumerator of connection points, and the enumerator of the sinks that are advised at a
 * connection point. Each is a snapshot of one moment. Any thread may call everything here. */

#ifndef COM_ENUM_CONNECTIONS_H
#define COM_ENUM_CONNECTIONS_H

#include "com/com.h"
#include "com/sinks.h"

/* Makes an enumerator of the one connection point, which it holds. *out is NULL unless S_OK. */
HRESULT enum_connection_points_create(IConnectionPoint *point, IEnumConnectionPoints **out);

/* Makes an enumerator of the sinks that are advised now, without the sink of EventSink. The pointers that Next gives
 * are valid in the apartment of its caller. Next fails at a sink whose apartment has ended. *out is NULL unless
 * S_OK. */
HRESULT enum_connections_create(sinks *s, IEnumConnections **out);

#endif
