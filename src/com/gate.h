/* gate.h: the way to a sink that is called on its own thread.
 *
 * A gate lives in the sink's apartment and stands in the Global Interface Table. Through it goes a number that names a
 * call in a table of ours, never its arguments: inside a VARIANT even a free-threaded object may arrive as a proxy, and
 * data is copied. So a call that was under way when its sink was unadvised, or the server released, finds nothing to
 * do; and no interface of the sink's needs a proxy. */

#ifndef COM_GATE_H
#define COM_GATE_H

#include "com/sink.h"

/* One call on its way; on the stack of the thread that makes it. */
typedef struct gate_call
{
    list_link link;
    LONG number;
    sink *sink;
    /* Does it, at the sink's home; returns what the consumer returned. */
    HRESULT (*perform)(struct gate_call *call);
    HRESULT result;
} gate_call;

/* Makes the gate of a sink, at its home, and puts it into the table. It holds the sink until it is closed, or its
 * home has ended. *out is the caller's, for gate_free; NULL unless S_OK. */
HRESULT gate_open(sink *s, gate **out);

/* No call comes through any more, and the sink is let go. Any thread. */
void gate_close(gate *g);

/* The end of what gate_open gave. Any thread. */
void gate_free(gate *g);

/* Sends `call` to its sink's gate and waits for its end. What COM says of the way there; the consumer's own result is
 * call->result. RPC_E_DISCONNECTED where the home has ended. Any thread with COM. */
HRESULT gate_send(gate_call *call);

/* A worker of ours has entered the MTA, and is about to leave it; on that worker. As long as one is there each gate's
 * proxy is kept for the MTA: to ask COM for another one at every call costs more than the call, and the proxies of
 * several threads come and go at once. The last worker releases them, which calls their homes. */
void gate_worker_begins(void);
void gate_worker_ends(void);

#endif
