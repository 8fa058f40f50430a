/* sink_call.h: the call of one sink for one event, directly or through the sink's gate.
 *
 * COM may end a call through a gate while the handler runs on, on its own thread: the message filter of the thread that
 * called cancels a call that lasts too long, or the handler's thread leaves COM. What the handler's thread uses is in a
 * `sending` on the heap, and the event must not end before the handler has returned.
 *
 * Call everything here on the thread that raises the event, with no lock held. */

#ifndef COM_SINK_CALL_H
#define COM_SINK_CALL_H

#include "com/source.h"

typedef struct sending sending;

/* Whether a sink has refused its event. */
typedef struct refusal
{
    bool any;
    LONGLONG since; /* time of the first refusal, by queue_clock */
} refusal;

typedef struct sink_call
{
    sink *sink; /* held */
    source *source;
    pipe_event *event;
    const event_shape *shape;
    bool is_last;    /* the sink gets the event's buffer, not a copy */
    refusal refusal; /* of earlier calls for this event; afterwards, of this one too */
    bool called;     /* the handler was called */
    bool refused;    /* the sink was not called, or its handler did not run, or the handler still runs */
} sink_call;

/* Calls the sink, and sets `called`, `refused` and `refusal`. If it refused, a thread with a message loop, or
 * inside a wait that has an end, returns there; a worker waits here and tries again, until its run is told to close at
 * once. Returns the result of the transport by COM; RPC_E_DISCONNECTED: the sink's home has ended.
 *
 * *under_way is NULL at first. If it is not NULL afterwards, the handler still runs; the caller calls this again later,
 * which calls no handler but takes the results when the handler has returned, or calls sending_let_go. */
HRESULT sink_call_make(sink_call *c, sending **under_way);

/* Ends the wait for a handler. NULL is allowed. True: the handler has returned, or there is none. False: it still runs;
 * when it has returned, its thread ends the event with queue_end_event. Any thread. */
bool sending_let_go(sending *s);

#endif
