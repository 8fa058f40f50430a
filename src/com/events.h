/* events.h: the events that consumers receive: their names, DISPIDs and arguments. */

#ifndef COM_EVENTS_H
#define COM_EVENTS_H

#include "com/com.h"

#include "pipe/pipe.h"

typedef struct event_shape
{
    NamedPipeEventKind kind;
    const WCHAR *name; /* NULL: this side has no such event */
    DISPID id;
    bool connection, cookie, data, error; /* its arguments, in this order; `error` means Number and Description */
} event_shape;

#define EVENT_SHAPES (PIPE_SERVER_ERROR + 1)

/* The shape of each pipe_event_kind. */
extern const event_shape server_events[EVENT_SHAPES], client_events[EVENT_SHAPES];

/* Returns the name of the event, such as "ClientMessageReceived"; NULL: the kind is unknown. */
const WCHAR *event_name(NamedPipeEventKind kind);

#endif
