/* sink.h: one consumer's event handler: a sink of a connection point, or the object of EventSink.
 *
 * What it holds of the consumer's is bound to the apartment in which it was made (its home), unless the consumer is
 * agile. Counted; any thread may hold, release and silence it: the consumer's object is released in its home. An event
 * that waits holds the memory alone, so that it keeps no object alive that its consumer has unadvised. */

#ifndef COM_SINK_H
#define COM_SINK_H

#include "com/com.h"

#include "deliver/thread_window.h"

#define SINK_NAMES 8 /* at most so many events */

typedef struct gate gate;

typedef struct sink
{
    volatile LONG references, silent; /* Interlocked */
    volatile LONG memory_references;  /* Interlocked; all `references` are one of them */
    IDispatch *consumer;              /* to be touched at home, or anywhere where it is agile */
    bool agile;
    bool is_named;                 /* EventSink's: called by `ids` */
    bool takes_values;             /* not references */
    bool is_proxy;                 /* of an object in another apartment: COM refuses a call on another thread */
    const void *code;              /* of its runtime; see runtime.h */
    volatile LONG is_bound;        /* Interlocked; it cannot take a call on another thread */
    volatile LONG told;            /* Interlocked; that it is bound */
    DWORD home;                    /* thread of its STA; 0: the MTA */
    thread_window *window;         /* of that thread, held; NULL for the MTA and agile ones */
    volatile LONG ids[SINK_NAMES]; /* DISPIDs, Interlocked; DISPID_UNKNOWN: it has no method for this event */
    unsigned count;                /* of ids */
    gate *gate;                    /* NULL: it can be called at home alone */
    task close, end;               /* at home */
} sink;

/* A sink of a connection point for the dispinterface `events`: asks `consumer` for it, else for IDispatch. In the
 * apartment that `consumer` belongs to. CONNECT_E_CANNOTCONNECT where it has neither, E_OUTOFMEMORY also where its
 * thread gets no window. */
HRESULT sink_open(IUnknown *consumer, REFIID events, sink **out);

/* The object of EventSink: looks up which of the `count` names it has, by IDispatchEx::GetDispID (whatever their case,
 * and where that is refused, as they are written), then by GetIDsOfNames. The event with id i is called by the name
 * names[i - 1]. E_INVALIDARG where it has none of them; E_OUTOFMEMORY as above. */
HRESULT sink_open_named(IDispatch *consumer, const WCHAR *const *names, unsigned count, sink **out);

sink *sink_hold(sink *s);
void sink_release(sink *s);

/* Who holds the memory may ask whether the sink is silent, what it cares for, and whether it can be held yet: not once
 * it was released by all, which silenced it before. */
sink *sink_hold_memory(sink *s);
void sink_release_memory(sink *s);
bool sink_try_hold(sink *s);

/* No call to it begins any more. */
void sink_silence(sink *s);
bool sink_is_silent(const sink *s);

/* The consumer's object, for the calling apartment; a reference. Fails where its apartment has ended. */
HRESULT sink_get_consumer(sink *s, REFIID riid, void **out);

/* The DISPID by which it is called for the event with this id; DISPID_UNKNOWN: it does not care for that event. */
DISPID sink_id_of(const sink *s, DISPID event);

/* Call when Invoke answered DISP_E_MEMBERNOTFOUND: some hosts say yes to every name that is looked up. True: the sink
 * has no method for this event, and is not asked again. False: its answer is a failure like any other. */
bool sink_has_no_method(sink *s, DISPID event);

/* Whether it may not be called on a worker; where its runtime forbids that, the debugger is told so, once. */
bool sink_is_bound(sink *s);

/* Judges that anew: what the process hosts may have changed. */
void sink_judge(sink *s);

#endif
