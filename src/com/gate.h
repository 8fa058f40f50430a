/* gate.h: the way to a sink that must be called on its own thread.
 *
 * A gate is an object of this module that lives in the sink's apartment and is registered in the Global Interface
 * Table. Only a number passes through the gate. The number names a call in a table of this module; the arguments do not
 * pass: COM would copy data, and even a free-threaded object inside a VARIANT may arrive as a proxy. If the sink was
 * unadvised or the server released while a call was on its way, the call does nothing. No interface of the sink needs a
 * proxy. */

#ifndef COM_GATE_H
#define COM_GATE_H

#include "com/sink.h"

/* One call on its way, on the stack of the thread that sends it. */
typedef struct gate_call
{
    list_link link;
    LONG number;
    sink *sink;
    /* Makes the call, at the sink's home. Returns the result of the consumer's code. */
    HRESULT (*perform)(struct gate_call *call);
    HRESULT result; /* of `perform` */
} gate_call;

/* Makes the gate of a sink and registers the gate. Call it at the sink's home. The gate holds the sink until the gate
 * is closed or the home has ended. The caller frees *out with gate_free; it is NULL unless S_OK. */
HRESULT gate_open(sink *s, gate **out);

/* Closes the gate: no call comes through any more, and the gate releases the sink. Any thread. Idempotent. */
void gate_close(gate *g);

/* Releases what gate_open gave. NULL is allowed. Any thread. */
void gate_free(gate *g);

/* Sends `call` to the gate of its sink and waits for the end of the call. Returns the result of the transport by COM;
 * the result of the consumer's code is call->result. RPC_E_DISCONNECTED: the sink cannot be reached any more, since its
 * home has ended. Any thread with COM. */
HRESULT gate_send(gate_call *call);

/* Call gate_worker_begins on a worker that has entered the MTA, and gate_worker_ends before the worker leaves the MTA.
 * Between the two, each gate's proxy for the MTA is kept: to ask COM for a proxy at every call costs more than the
 * call, and proxies of several threads come and go at once. The last worker releases the proxies, which calls their
 * homes. */
void gate_worker_begins(void);
void gate_worker_ends(void);

#endif
