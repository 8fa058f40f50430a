/* events.h: the events that consumers get: what each is called and what it carries. */

#ifndef COM_EVENTS_H
#define COM_EVENTS_H

#include "com/com.h"

#include "pipe/pipe.h"

typedef struct event_shape
{
    NamedPipeEventKind kind;
    const WCHAR *name; /* NULL: this side has no such event */
    DISPID id;
    bool connection, cookie, data, error; /* its arguments, in this order; `error` is Number and Description */
} event_shape;

#define EVENT_SHAPES (PIPE_SERVER_ERROR + 1)

/* By pipe_event_kind. */
extern const event_shape server_events[EVENT_SHAPES], client_events[EVENT_SHAPES];

/* "ClientMessageReceived"; NULL for an unknown kind. */
const WCHAR *event_name(NamedPipeEventKind kind);

#endif
