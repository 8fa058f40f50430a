/* arguments.h: the arguments of one call of a handler, and the values that they refer to.
 *
 * The arguments are made anew for each sink, in the apartment where the sink is called. A handler may change or replace
 * them: nobody else sees that. Call everything here on the thread of the call. */

#ifndef COM_ARGUMENTS_H
#define COM_ARGUMENTS_H

#include "com/buffers.h"
#include "com/events.h"

#define ARGUMENTS_MAX 3

typedef struct arguments
{
    VARIANT values[ARGUMENTS_MAX]; /* the last argument first, as IDispatch wants it */
    unsigned count, next;
    const event_shape *shape;
    pipe_event *event;
    bool as_values; /* the arguments are values, not references */
    bool is_last;   /* the sink gets the event's buffer, not a copy */
    IDispatch *connection;
    VARIANT cookie, lent_cookie; /* the Cookie, and a bitwise copy of it as it was lent */
    SAFEARRAY *data;
    buffer *buffer; /* the buffer whose array `data` is */
} arguments;

/* Makes the arguments for `event`, which must stay until arguments_fini. The last sink gets the event's buffer, other
 * sinks a copy. Call arguments_fini afterwards, also after a failure. */
HRESULT arguments_init(arguments *a, const event_shape *shape, pipe_event *event, bool as_values, bool is_last);

/* Returns whether all arguments are unchanged; if not, a handler has run. If true, the buffer is the event's again. */
bool arguments_reclaim(arguments *a);

/* Frees the arguments, and what the handler left in their place. */
void arguments_fini(arguments *a);

#endif
