/* connection_point.h: IConnectionPointContainer of an object that is a source of events, and its one connection point.
 *
 * Any thread; Advise in the apartment of the sink. A field of the source, whose kind names the dispinterface of the
 * events and lists `connection_point.IConnectionPointContainer_iface` among its interfaces. The point is an identity
 * of its own and keeps the source alive. */

#ifndef COM_CONNECTION_POINT_H
#define COM_CONNECTION_POINT_H

#include "com/object.h"
#include "com/sinks.h"

typedef struct connection_point
{
    IConnectionPointContainer IConnectionPointContainer_iface;
    IConnectionPoint IConnectionPoint_iface;
    object *source; /* not held: this is a field of it */
    sinks *sinks;
    IUnknown *marshaler;
} connection_point;

/* `s` is the source's too. */
void connection_point_init(connection_point *p, object *source, sinks *s);
void connection_point_fini(connection_point *p);

#endif
