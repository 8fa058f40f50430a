/* enum_connections.h: the enumerators of connection points and of what is advised at one: snapshots of one moment.
 * Any thread. */

#ifndef COM_ENUM_CONNECTIONS_H
#define COM_ENUM_CONNECTIONS_H

#include "com/com.h"
#include "com/sinks.h"

/* Of the one point, which it holds. *out is NULL unless S_OK. */
HRESULT enum_connection_points_create(IConnectionPoint *point, IEnumConnectionPoints **out);

/* Of the sinks that are advised now (EventSink's is none of them). What Next gives out is good in the apartment of
 * its caller; a sink whose apartment has ended makes it fail. *out is NULL unless S_OK. */
HRESULT enum_connections_create(sinks *s, IEnumConnections **out);

#endif
