/* source.h: an object that raises events: its connection point, its sinks, its EventSink. A field of it. Any thread. */

#ifndef COM_SOURCE_H
#define COM_SOURCE_H

#include "com/connection_point.h"
#include "com/events.h"
#include "com/host.h"

typedef struct source
{
    host *host; /* its memory is held by the object */
    const event_shape *events;
    connection_point point;
    sinks sinks;
    lock hearing; /* keeps the queue's idea of whether there are sinks right */
    audience audience;
} source;

/* `events` has EVENT_SHAPES of them. */
void source_init(source *s, object *o, host *h, const event_shape *events);
/* The consumers have let the object go: no call to a sink begins any more. */
void source_silence(source *s);
void source_fini(source *s);

source *source_of_audience(audience *a);

/* Tells the queue whether there are sinks. */
void source_tell_sinks(source *s);

/* The property EventSink. */
HRESULT source_get_event_sink(source *s, IDispatch **value);
HRESULT source_put_event_sink(source *s, IDispatch *value);

#endif
