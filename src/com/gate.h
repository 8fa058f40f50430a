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

typedef struct gate_call gate_call;

/* One call on its way, a field of memory that the sender has allocated: COM may end the call while `perform` runs on
 * (the sender's message filter cancels the call, or the home leaves COM), so `perform` must use nothing that goes with
 * the sender. */
struct gate_call
{
    list_link link;
    LONG number;
    volatile LONG references; /* Interlocked; the sender's, and the home's while it performs the call */
    sink *sink;               /* held */
    IDispatch *proxy;         /* held if gate_send has returned before `perform`: its release would wait for the home */
    /* Makes the call, at the sink's home. */
    void (*perform)(gate_call *call);
    /* Calls gate_call_fini and frees the memory, at the sink's home: the sender has let the call go meanwhile. */
    void (*abandoned)(gate_call *call);
};

/* Makes the gate of a sink and registers the gate. Call it at the sink's home. The gate holds the sink until the gate
 * is closed or the home has ended. The caller frees *out with gate_free; it is NULL unless S_OK. */
HRESULT gate_open(sink *s, gate **out);

/* Closes the gate: no call comes through any more, and the gate releases the sink. Any thread. Idempotent. */
void gate_close(gate *g);

/* Releases what gate_open gave. NULL is allowed. Any thread. */
void gate_free(gate *g);

/* Initializes a call with one reference, the sender's; holds the sink. gate_call_fini releases the sink. */
void gate_call_init(gate_call *call, sink *s, void (*perform)(gate_call *call), void (*abandoned)(gate_call *call));
void gate_call_fini(gate_call *call);

/* Sends `call` to the gate of its sink and waits for the end of the call. Returns the result of the transport by COM.
 * After a failure `perform` may still be running; see gate_call_runs. RPC_E_DISCONNECTED: the sink cannot be reached,
 * since its home has ended. May be called again after `perform` was not called. Any thread with COM. */
HRESULT gate_send(gate_call *call);

/* Sends the number of a call through a proxy of its gate. A test may replace this function, before
 * the threads that use it start. */
extern HRESULT (*gate_invoke)(IDispatch *proxy, LONG number);

/* Returns whether `perform` still runs after gate_send has returned. False if the home's thread has ended inside. */
bool gate_call_runs(const gate_call *call);

/* Releases the sender's reference. True: nobody else uses the call, and the caller ends it with gate_call_fini. False:
 * `perform` still runs, and the home calls `abandoned` afterwards. */
bool gate_call_let_go(gate_call *call);

/* Call gate_worker_begins on a worker that has entered the MTA, and gate_worker_ends before the worker leaves the MTA.
 * Between the two, each gate's proxy for the MTA is kept: to ask COM for a proxy at every call costs more than the
 * call, and proxies of several threads come and go at once. The last worker releases the proxies, which calls their
 * homes. */
void gate_worker_begins(void);
void gate_worker_ends(void);

#endif
