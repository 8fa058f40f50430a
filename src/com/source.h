/* source.h: the part of an object that raises events: its connection point, its sinks, its EventSink. A source is a
 * field of the object. Any thread may call everything here. */

#ifndef COM_SOURCE_H
#define COM_SOURCE_H

#include "com/connection_point.h"
#include "com/events.h"
#include "com/host.h"

typedef struct source
{
    host *host; /* the object holds its memory */
    const event_shape *events;
    connection_point point;
    sinks sinks;
    lock hearing; /* held while the queue is told whether there are sinks; see source_tell_sinks */
    audience audience;
} source;

/* Initializes a source of the object `o`. `events` has EVENT_SHAPES elements and is not copied. */
void source_init(source *s, object *o, host *h, const event_shape *events);
/* Silences and releases all sinks: no call to a sink begins any more. Call it when consumers have released the
 * object. */
void source_silence(source *s);
void source_fini(source *s);

/* Returns the source that the audience is a field of. */
source *source_of_audience(audience *a);

/* Tells the queue whether the source has sinks. */
void source_tell_sinks(source *s);

/* The property EventSink. */
HRESULT source_get_event_sink(source *s, IDispatch **value);
HRESULT source_put_event_sink(source *s, IDispatch *value);

#endif
