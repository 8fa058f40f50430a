/* connection_point.h: IConnectionPointContainer of an object that is a source of events, and its one connection point.
 *
 * Any thread may call everything here; consumers call Advise in the apartment of the sink. A connection_point is a
 * field of the source. The source's object_kind names the dispinterface of the events and lists
 * IConnectionPointContainer_iface among its interfaces. The connection point has a COM identity of its own; a reference
 * on it keeps the source alive. */

#ifndef COM_CONNECTION_POINT_H
#define COM_CONNECTION_POINT_H

#include "com/object.h"
#include "com/sinks.h"

typedef struct connection_point
{
    IConnectionPointContainer IConnectionPointContainer_iface;
    IConnectionPoint IConnectionPoint_iface;
    object *source; /* not held: the connection point is a field of this object */
    sinks *sinks;
    IUnknown *marshaler; /* see object_query_agile */
} connection_point;

/* `s` are the sinks of the source. */
void connection_point_init(connection_point *p, object *source, sinks *s);
void connection_point_fini(connection_point *p);

#endif
