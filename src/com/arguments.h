/* arguments.h: the arguments of one call of a handler, and what stands behind those that are references.
 *
 * They are built for each sink anew, in the apartment where it is called. What a handler does to them is its own
 * business. On the thread of the call alone. */

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
    bool as_values; /* not as references */
    bool is_last;   /* the sink gets the buffer itself */
    IDispatch *connection;
    VARIANT cookie, lent_cookie;
    SAFEARRAY *data;
    buffer *buffer; /* that `data` is of */
} arguments;

/* Of `event`, which must stay as long as they. Its buffer goes along where this is the last sink; others get a copy.
 * arguments_fini follows in every case. */
HRESULT arguments_init(arguments *a, const event_shape *shape, pipe_event *event, bool as_values, bool is_last);

/* Whether all stands where it stood: else a handler has run. The buffer is the event's again then. */
bool arguments_reclaim(arguments *a);

void arguments_fini(arguments *a);

#endif
