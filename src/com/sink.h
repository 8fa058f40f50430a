/* sink.h: one event handler of a consumer: a sink of a connection point, or the object of EventSink.
 *
 * A sink is made in the apartment of the consumer's object, its home. Unless the object is agile, it is released only
 * there. It is called only there, too, but a worker calls it directly unless it is bound (sink_is_bound). A sink is
 * reference-counted. Any thread may hold, release and silence a sink. An event that waits holds only the sink's memory,
 * so that the event does not keep an object alive that its consumer has unadvised. */

#ifndef COM_SINK_H
#define COM_SINK_H

#include "com/com.h"

#include "base/blocking.h"
#include "deliver/thread_window.h"

#define SINK_NAMES 8 /* the most events that a source may have */

typedef struct gate gate;

typedef struct sink
{
    volatile LONG references, silent; /* Interlocked */
    volatile LONG memory_references;  /* Interlocked; all `references` together count as one */
    IDispatch *consumer;              /* used at home alone, unless agile; called by workers, unless bound */
    bool agile;
    bool is_named;                 /* the object of EventSink, called by `ids` */
    bool takes_values;             /* its arguments are values, not references */
    bool is_proxy;                 /* of an object in another apartment: COM refuses its calls on another thread */
    const void *code;              /* of the consumer's object; see runtime_of */
    volatile LONG is_bound;        /* Interlocked; it cannot be called on another thread than its own */
    volatile LONG told;            /* Interlocked; the debugger was told that it is bound */
    DWORD home;                    /* id of its STA's thread; 0: the MTA */
    thread_window *window;         /* of that thread, held; NULL: its home is the MTA, or it is agile */
    volatile LONG ids[SINK_NAMES]; /* Interlocked; DISPIDs of the events; DISPID_UNKNOWN: no method */
    unsigned count;                /* elements of `ids` that are used */
    gate *gate;                    /* NULL: it is agile, or no other apartment can reach it */
    void *volatile spare;          /* Interlocked; memory for the next call through the gate, or NULL; see firing.c */
    task close, end;               /* run at home */
    blocking_task end_in_mta;
} sink;

/* Makes a sink of a connection point. Asks `consumer` for the dispinterface `events`, and if it has none, for
 * IDispatch. Call it in the apartment of `consumer`. *out has one reference; NULL unless S_OK. CONNECT_E_CANNOTCONNECT:
 * the consumer has neither interface. E_OUTOFMEMORY: memory is short, or the thread gets no window. */
HRESULT sink_open(IUnknown *consumer, REFIID events, sink **out);

/* Makes a sink of the object of EventSink. The handler of the event with id i has the name names[i - 1]. Looks up each
 * of the `count` names: by IDispatchEx::GetDispID, first in any case, then as written; then by GetIDsOfNames.
 * Apartment, *out and E_OUTOFMEMORY as in sink_open. E_INVALIDARG: the object has none of the names. */
HRESULT sink_open_named(IDispatch *consumer, const WCHAR *const *names, unsigned count, sink **out);

sink *sink_hold(sink *s);
/* Releases a reference. The last one releases the consumer's object, at home. If the home has ended, the object is left
 * alone, and only the memory of the sink is freed. */
void sink_release(sink *s);

/* Hold and release the memory alone. A holder of the memory may call sink_is_silent, sink_id_of, sink_judge and
 * sink_try_hold. sink_try_hold takes a reference; false: the last reference was released, and the sink was silenced
 * before that. */
sink *sink_hold_memory(sink *s);
void sink_release_memory(sink *s);
bool sink_try_hold(sink *s);

/* Silences the sink: no call of the sink begins any more. Closes its gate, at home. Idempotent. */
void sink_silence(sink *s);
bool sink_is_silent(const sink *s);

/* Gives the consumer's object to the calling apartment, as the interface `riid`, with a reference. Fails if the
 * object's home has ended. *out is NULL unless S_OK. */
HRESULT sink_get_consumer(sink *s, REFIID riid, void **out);

/* Returns the DISPID of the handler for the event with this id; DISPID_UNKNOWN: the sink has no handler for it. */
DISPID sink_id_of(const sink *s, DISPID event);

/* Call it after Invoke has returned DISP_E_MEMBERNOTFOUND: the objects of some hosts claim to have every name that is
 * looked up. True: the sink has no method for this event, and is not called for it again. False: the code is a failure
 * like any other. */
bool sink_has_no_method(sink *s, DISPID event);

/* Returns whether the sink must not be called on a worker. The first time, tells the debugger which runtime forbids
 * that, if one does. */
bool sink_is_bound(sink *s);

/* Returns whether the thread of the sink's home lives; true if the home is the MTA. */
bool sink_home_lives(const sink *s);

/* Finds out again whether the sink is bound: the process may have loaded a runtime since. */
void sink_judge(sink *s);

#endif
