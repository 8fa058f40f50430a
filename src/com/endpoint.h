/* endpoint.h: what the connection objects of both sides have in common. An endpoint is a field of the object. Any
 * thread may call everything here. */

#ifndef COM_ENDPOINT_H
#define COM_ENDPOINT_H

#include "com/stored.h"
#include "com/host.h"
#include "com/object.h"
#include "com/sessions.h"

typedef struct endpoint
{
    object *object; /* the endpoint is a field of this object */
    sessions sessions;
    host *host;            /* the run holds its memory */
    host_run *run;         /* held */
    volatile LONG refuses; /* Interlocked; requests fail: the consumer has closed the connection */
    volatile LONG closed;  /* Interlocked; the consumer closed the connection, not gracefully; see endpoint_tells */
    const NamedPipeDisconnectReason *reasons; /* the reason for each close_reason */
    LONG number;                              /* ID of a server's connection; a manager counts its own */
    const WCHAR *name;                        /* of the pipe, of a client's connection */
    list_link link;                           /* host->lock */
    lock lock;
    stored *custom GUARDED_BY(lock); /* CustomData */
} endpoint;

/* Initializes an endpoint in zeroed memory, and takes a reference on the run. `reasons` has CLOSE_REASONS elements and
 * is not copied. The caller initializes the sessions. */
void endpoint_init(endpoint *e, object *o, host_run *r, const NamedPipeDisconnectReason *reasons);
/* Gives the endpoint its number. `name` is what it is connected to, and stays as long as the object; NULL: the server's
 * own pipe. */
void endpoint_identify(endpoint *e, LONG number, const WCHAR *name);
/* Shows the endpoint to Diagnose, until endpoint_fini. Any thread may look at its sessions from now on, so that they
 * must have their connection. */
void endpoint_enter(endpoint *e);
/* Releases everything but the sessions and the run. The caller releases the run last, since the run holds what the
 * object may still need. */
void endpoint_fini(endpoint *e);

/* Returns the endpoint whose session has this lane. */
endpoint *endpoint_of(lane *l);

/* Returns whether an event of a connection may still be told. After the consumer closed the connection, and not
 * gracefully, only CONNECTED and DISCONNECTED are told. DISCONNECTED is told only if the pipe was open, and NOT_SENT
 * only if there is something that was not sent; it is counted here, and no write is accepted from then on. From its
 * first Call on no MESSAGE of a connection is told. */
bool endpoint_tells(const pipe_event *event);
/* Call it before an event of a connection is told. From the Error of a Connect that failed on, requests fail. From
 * CONNECTED on the members are about the session that it belongs to. */
void endpoint_begin_telling(const pipe_event *event);

/* These write what is done with the connection, if a trace is written: what it is; with a message; or how it failed,
 * unless `error` is 0. */
void endpoint_trace(const endpoint *e, const WCHAR *what, const WCHAR *more);
void endpoint_trace_bytes(const endpoint *e, const WCHAR *what, const void *data, DWORD size);
void endpoint_trace_error(const endpoint *e, const WCHAR *what, DWORD error);

/* The members of both classes. After the connection has ended, reads and writes are accepted and come to nothing until
 * the consumer was told of the end; then they fail. */
HRESULT endpoint_get_custom_data(endpoint *e, VARIANT *value);
HRESULT endpoint_put_custom_data(endpoint *e, const VARIANT *value);
HRESULT endpoint_get_handle(endpoint *e, INT_PTR *value);
HRESULT endpoint_get_is_connected(endpoint *e, VARIANT_BOOL *value);
HRESULT endpoint_get_is_opening(endpoint *e, VARIANT_BOOL *value);
HRESULT endpoint_get_message_mode(endpoint *e, VARIANT_BOOL *value);
HRESULT endpoint_get_disconnect_reason(endpoint *e, NamedPipeDisconnectReason *value);
HRESULT endpoint_get_last_error(endpoint *e, LONG *value);
HRESULT endpoint_get_pending_send_bytes(endpoint *e, double *value);
HRESULT endpoint_get_messages_received(endpoint *e, double *value);
HRESULT endpoint_get_messages_sent(endpoint *e, double *value);
HRESULT endpoint_get_bytes_received(endpoint *e, double *value);
HRESULT endpoint_get_bytes_sent(endpoint *e, double *value);
HRESULT endpoint_get_reconnects(endpoint *e, double *value);
HRESULT endpoint_get_process(endpoint *e, LONG *value);
HRESULT endpoint_close(endpoint *e, VARIANT_BOOL graceful);
HRESULT endpoint_read(endpoint *e, const VARIANT *cookie);
HRESULT endpoint_write(endpoint *e, const VARIANT *value, const VARIANT *cookie);
HRESULT endpoint_write_text(endpoint *e, BSTR text, LONG code_page, const VARIANT *cookie);
HRESULT endpoint_write_json(endpoint *e, const VARIANT *value, const VARIANT *cookie);

/* Defines these members for the class `Class`, whose file includes error.h. The file defines impl_from_Interface, which
 * returns a structure with the field `endpoint`. */
#define FORWARD_ENDPOINT(Class, Interface)                                                                             \
    static HRESULT STDMETHODCALLTYPE Class##_get_CustomData(Interface *iface, VARIANT *value)                          \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_get_custom_data(&impl_from_##Interface(iface)->endpoint, value));   \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_put_CustomData(Interface *iface, VARIANT value)                           \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_put_custom_data(&impl_from_##Interface(iface)->endpoint, &value));  \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_putref_CustomData(Interface *iface, VARIANT value)                        \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_put_custom_data(&impl_from_##Interface(iface)->endpoint, &value));  \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_get_Handle(Interface *iface, INT_PTR *value)                              \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_get_handle(&impl_from_##Interface(iface)->endpoint, value));        \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_get_IsConnected(Interface *iface, VARIANT_BOOL *value)                    \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_get_is_connected(&impl_from_##Interface(iface)->endpoint, value));  \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_get_IsOpening(Interface *iface, VARIANT_BOOL *value)                      \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_get_is_opening(&impl_from_##Interface(iface)->endpoint, value));    \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_get_DisconnectReason(Interface *iface, NamedPipeDisconnectReason *value)  \
    {                                                                                                                  \
        return error_of(&IID_##Interface,                                                                              \
                        endpoint_get_disconnect_reason(&impl_from_##Interface(iface)->endpoint, value));               \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_get_LastError(Interface *iface, LONG *value)                              \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_get_last_error(&impl_from_##Interface(iface)->endpoint, value));    \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_get_PendingSendBytes(Interface *iface, double *value)                     \
    {                                                                                                                  \
        return error_of(&IID_##Interface,                                                                              \
                        endpoint_get_pending_send_bytes(&impl_from_##Interface(iface)->endpoint, value));              \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_get_MessagesReceived(Interface *iface, double *value)                     \
    {                                                                                                                  \
        return error_of(&IID_##Interface,                                                                              \
                        endpoint_get_messages_received(&impl_from_##Interface(iface)->endpoint, value));               \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_get_MessagesSent(Interface *iface, double *value)                         \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_get_messages_sent(&impl_from_##Interface(iface)->endpoint, value)); \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_get_BytesReceived(Interface *iface, double *value)                        \
    {                                                                                                                  \
        return error_of(&IID_##Interface,                                                                              \
                        endpoint_get_bytes_received(&impl_from_##Interface(iface)->endpoint, value));                  \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_get_BytesSent(Interface *iface, double *value)                            \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_get_bytes_sent(&impl_from_##Interface(iface)->endpoint, value));    \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_AsyncClose(Interface *iface, VARIANT_BOOL graceful)                       \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_close(&impl_from_##Interface(iface)->endpoint, graceful));          \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_AsyncRead(Interface *iface, VARIANT cookie)                               \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_read(&impl_from_##Interface(iface)->endpoint, &cookie));            \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_AsyncWrite(Interface *iface, VARIANT value, VARIANT cookie)               \
    {                                                                                                                  \
        return error_of(&IID_##Interface, endpoint_write(&impl_from_##Interface(iface)->endpoint, &value, &cookie));   \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_AsyncWriteText(Interface *iface, BSTR text, LONG code_page,               \
                                                            VARIANT cookie)                                            \
    {                                                                                                                  \
        return error_of(&IID_##Interface,                                                                              \
                        endpoint_write_text(&impl_from_##Interface(iface)->endpoint, text, code_page, &cookie));       \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_AsyncWriteJson(Interface *iface, VARIANT value, VARIANT cookie)           \
    {                                                                                                                  \
        return error_of(&IID_##Interface,                                                                              \
                        endpoint_write_json(&impl_from_##Interface(iface)->endpoint, &value, &cookie));                \
    }

#endif
