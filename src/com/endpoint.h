/* endpoint.h: what a connection object of either side is and does. A field of it. Any thread. */

#ifndef COM_ENDPOINT_H
#define COM_ENDPOINT_H

#include "com/stored.h"
#include "com/host.h"
#include "com/object.h"

typedef struct endpoint
{
    object *object; /* of which this is a field */
    lane lane;
    host *host;            /* its memory held by the run */
    host_run *run;         /* held */
    connection *pipe;      /* held */
    volatile LONG refuses; /* Interlocked; closed by the consumer, gracefully or not, or known to have failed */
    volatile LONG closed;  /* Interlocked; not gracefully: only its end is still told */
    const NamedPipeDisconnectReason *reasons; /* by close_reason */
    lock lock;
    stored *custom GUARDED_BY(lock);
} endpoint;

/* In zero memory. `hold` and `release` are the lane's; `reasons` has CLOSE_REASONS elements and stays. The connection
 * is the caller's to set, held. */
void endpoint_init(endpoint *e, object *o, host_run *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l),
                   const NamedPipeDisconnectReason *reasons);
/* Gives everything back but the run, which holds what else the object may still need: run_release follows. */
void endpoint_fini(endpoint *e);

endpoint *endpoint_of(lane *l);

/* Whether an event of it may still be told: after the consumer's own close only that it is gone, and that only of a
 * pipe that was open. */
bool endpoint_tells(endpoint *e, pipe_event_kind kind);
/* An event of it begins to be told: after the Error of a Connect that failed it takes nothing any more. */
void endpoint_begin_telling(endpoint *e, pipe_event_kind kind);

/* The members of both classes. */
HRESULT endpoint_get_custom_data(endpoint *e, VARIANT *value);
HRESULT endpoint_put_custom_data(endpoint *e, const VARIANT *value);
HRESULT endpoint_get_handle(endpoint *e, INT_PTR *value);
HRESULT endpoint_get_is_connected(endpoint *e, VARIANT_BOOL *value);
HRESULT endpoint_get_is_opening(endpoint *e, VARIANT_BOOL *value);
HRESULT endpoint_get_disconnect_reason(endpoint *e, NamedPipeDisconnectReason *value);
HRESULT endpoint_get_last_error(endpoint *e, LONG *value);
HRESULT endpoint_get_pending_send_bytes(endpoint *e, double *value);
HRESULT endpoint_get_process(endpoint *e, LONG *value);
HRESULT endpoint_close(endpoint *e, VARIANT_BOOL graceful);
HRESULT endpoint_read(endpoint *e, const VARIANT *cookie);
HRESULT endpoint_write(endpoint *e, const VARIANT *value, const VARIANT *cookie);
HRESULT endpoint_write_text(endpoint *e, BSTR text, LONG code_page, const VARIANT *cookie);

/* Defines them for the class `Class`, whose file includes error.h: there is impl_from_Interface, and what it returns
 * has a field `endpoint`. */
#define FORWARD_ENDPOINT(Class, Interface)                                                                            \
    static HRESULT STDMETHODCALLTYPE Class##_get_CustomData(Interface *iface, VARIANT *value)                         \
    {                                                                                                                 \
        return error_of(&IID_##Interface, endpoint_get_custom_data(&impl_from_##Interface(iface)->endpoint, value));  \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_put_CustomData(Interface *iface, VARIANT value)                          \
    {                                                                                                                 \
        return error_of(&IID_##Interface, endpoint_put_custom_data(&impl_from_##Interface(iface)->endpoint, &value)); \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_putref_CustomData(Interface *iface, VARIANT value)                       \
    {                                                                                                                 \
        return error_of(&IID_##Interface, endpoint_put_custom_data(&impl_from_##Interface(iface)->endpoint, &value)); \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_get_Handle(Interface *iface, INT_PTR *value)                             \
    {                                                                                                                 \
        return error_of(&IID_##Interface, endpoint_get_handle(&impl_from_##Interface(iface)->endpoint, value));       \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_get_IsConnected(Interface *iface, VARIANT_BOOL *value)                   \
    {                                                                                                                 \
        return error_of(&IID_##Interface, endpoint_get_is_connected(&impl_from_##Interface(iface)->endpoint, value)); \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_get_IsOpening(Interface *iface, VARIANT_BOOL *value)                     \
    {                                                                                                                 \
        return error_of(&IID_##Interface, endpoint_get_is_opening(&impl_from_##Interface(iface)->endpoint, value));   \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_get_DisconnectReason(Interface *iface, NamedPipeDisconnectReason *value) \
    {                                                                                                                 \
        return error_of(&IID_##Interface,                                                                             \
                        endpoint_get_disconnect_reason(&impl_from_##Interface(iface)->endpoint, value));              \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_get_LastError(Interface *iface, LONG *value)                             \
    {                                                                                                                 \
        return error_of(&IID_##Interface, endpoint_get_last_error(&impl_from_##Interface(iface)->endpoint, value));   \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_get_PendingSendBytes(Interface *iface, double *value)                    \
    {                                                                                                                 \
        return error_of(&IID_##Interface,                                                                             \
                        endpoint_get_pending_send_bytes(&impl_from_##Interface(iface)->endpoint, value));             \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_AsyncClose(Interface *iface, VARIANT_BOOL graceful)                      \
    {                                                                                                                 \
        return error_of(&IID_##Interface, endpoint_close(&impl_from_##Interface(iface)->endpoint, graceful));         \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_AsyncRead(Interface *iface, VARIANT cookie)                              \
    {                                                                                                                 \
        return error_of(&IID_##Interface, endpoint_read(&impl_from_##Interface(iface)->endpoint, &cookie));           \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_AsyncWrite(Interface *iface, VARIANT value, VARIANT cookie)              \
    {                                                                                                                 \
        return error_of(&IID_##Interface, endpoint_write(&impl_from_##Interface(iface)->endpoint, &value, &cookie));  \
    }                                                                                                                 \
                                                                                                                      \
    static HRESULT STDMETHODCALLTYPE Class##_AsyncWriteText(Interface *iface, BSTR text, LONG code_page,              \
                                                            VARIANT cookie)                                           \
    {                                                                                                                 \
        return error_of(&IID_##Interface,                                                                             \
                        endpoint_write_text(&impl_from_##Interface(iface)->endpoint, text, code_page, &cookie));      \
    }

#endif
