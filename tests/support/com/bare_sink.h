/* bare_sink.h: a handler of the server's events that a test writes itself, down to what it does to the references it is
 * given and to the HRESULT it returns. recording_sink.h is for all others. */

#ifndef SUPPORT_COM_BARE_SINK_H
#define SUPPORT_COM_BARE_SINK_H

#include "support/com/recording_sink.h"

/* One call, from inside. What came by reference can be replaced through its slot, by COM's rule: who does so frees the
 * old value. */
struct bare_call
{
    DISPID event;                           /* of the dispinterface */
    INamedPipeServerConnection *connection; /* null for the server's own events */
    IDispatch **connection_slot;            /* these three are null where the value came by value */
    VARIANT *cookie_slot;
    SAFEARRAY **data_slot;
    SAFEARRAY *data; /* null but for messages */
    LONG number;     /* of an error event */
    std::wstring description;
    const DISPPARAMS *params;
    EXCEPINFO *exception;

    std::string text() const; /* of the data */
};

using bare_handler = std::function<HRESULT(bare_call &call)>;

/* A sink of the connection point, with one reference; with `names` one of EventSink too, which knows the name
 * ClientMessageReceived alone. `references` follows its count. */
com_ptr<IDispatch> make_bare_sink(bare_handler handler, sink_nature nature = sink_nature::bound,
                                  std::shared_ptr<LONG> references = nullptr);

#endif
