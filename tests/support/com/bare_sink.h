/* bare_sink.h: a handler of the events of a server or a client that a test writes itself, down to what it does to the
 * references it is given and to the HRESULT it returns. recording_sink.h is for all others. */

#ifndef SUPPORT_COM_BARE_SINK_H
#define SUPPORT_COM_BARE_SINK_H

#include "support/com/dispatch_stub.h"

#include "NamedPipeServer.h"

#include <functional>
#include <string>

enum class sink_nature
{
    bound,    /* to the apartment in which it was made */
    agile,    /* answers IAgileObject, aggregates the free-threaded marshaler */
    names,    /* bound; has methods with the events' names, known to GetIDsOfNames */
    names_ex, /* the same, known to IDispatchEx alone, as VBScript's classes */
    names_agile
};

/* One call, from inside. What came by reference can be replaced through its slot, by COM's rule: who does so frees the
 * old value. */
struct bare_call
{
    NamedPipeEventKind event;
    INamedPipeServerConnection *connection; /* null for the server's own events, and for a client's */
    IDispatch **connection_slot;            /* these three are null where the value came by value */
    VARIANT *cookie_slot;
    SAFEARRAY **data_slot;
    SAFEARRAY *data;       /* null but for messages */
    const VARIANT *cookie; /* a reference to it, or itself; null where there is none */
    LONG number;           /* of an error event */
    std::wstring description;
    bool by_reference; /* any of them came so */
    const DISPPARAMS *params;
    EXCEPINFO *exception;

    std::string text() const; /* of the data */
};

using bare_handler = std::function<HRESULT(bare_call &call)>;

/* A handler that acts in each event of this kind, and does nothing in others. */
bare_handler when(NamedPipeEventKind kind, bare_handler act);

/* A sink with one reference: of the connection point, or, where it has names, an EventSink. */
com_ptr<IDispatch> make_bare_sink(bare_handler handler, sink_nature nature = sink_nature::bound,
                                  reference_count references = nullptr);

#endif
