#include "com/endpoint.h"

#include "com/bytes.h"
#include "com/error.h"
#include "com/error_log.h"
#include "com/json_message.h"
#include "com/plain_value.h"
#include "com/source.h"
#include "com/text.h"
#include "com/unload.h"

endpoint *endpoint_of(lane *l)
{
    return CONTAINER_OF(session_of_lane(l)->of, endpoint, sessions);
}

/* ---- CustomData ---- */

HRESULT endpoint_put_custom_data(endpoint *e, const VARIANT *value)
{
    session *s = sessions_use(&e->sessions); /* the value's own code may run, and release the object */
    stored *fresh, *old;
    HRESULT hr;

    hr = stored_create(value, &fresh);
    if (SUCCEEDED(hr))
    {
        lock_acquire(&e->lock);
        old = e->custom;
        e->custom = fresh;
        lock_release(&e->lock);
        stored_release(old);
    }
    session_done(s);
    return hr;
}

HRESULT endpoint_get_custom_data(endpoint *e, VARIANT *value)
{
    stored *custom;
    HRESULT hr;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&e->lock);
    custom = stored_hold(e->custom);
    lock_release(&e->lock);
    unload_prevent(); /* the value's own code may release the object, and have this DLL unloaded */
    hr = error_raise_hresult(stored_get(custom, value));
    stored_release(custom);
    unload_permit();
    return hr;
}

/* ---- properties ---- */

static connection_status status_of(endpoint *e)
{
    session *s = sessions_use(&e->sessions);
    connection_status status = connection_get_status(s->pipe);

    session_done(s);
    return status;
}

HRESULT endpoint_get_handle(endpoint *e, INT_PTR *value)
{
    session *s;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    s = sessions_use(&e->sessions);
    *value = (INT_PTR)connection_handle(s->pipe);
    session_done(s);
    return S_OK;
}

static HRESULT give_bool(bool is, VARIANT_BOOL *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = is ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

HRESULT endpoint_get_is_connected(endpoint *e, VARIANT_BOOL *value)
{
    return give_bool(status_of(e).open, value);
}

HRESULT endpoint_get_is_opening(endpoint *e, VARIANT_BOOL *value)
{
    return give_bool(sessions_are_opening(&e->sessions), value);
}

HRESULT endpoint_get_message_mode(endpoint *e, VARIANT_BOOL *value)
{
    return give_bool(status_of(e).message_mode, value);
}

HRESULT endpoint_get_disconnect_reason(endpoint *e, NamedPipeDisconnectReason *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = e->reasons[status_of(e).reason];
    return S_OK;
}

/* Returns whether the code is a pipe_error, and not a code of Windows. */
static bool is_own(DWORD error)
{
    return (error & 0x20000000) != 0;
}

HRESULT endpoint_get_last_error(endpoint *e, LONG *value)
{
    DWORD error;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    error = status_of(e).last_error;
    *value = is_own(error) ? error_number(error) : (LONG)error;
    return S_OK;
}

static HRESULT give_count(LONGLONG count, double *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = (double)count;
    return S_OK;
}

HRESULT endpoint_get_pending_send_bytes(endpoint *e, double *value)
{
    return give_count(status_of(e).pending_bytes, value);
}

HRESULT endpoint_get_messages_received(endpoint *e, double *value)
{
    return give_count(sessions_carried(&e->sessions).messages_received, value);
}

HRESULT endpoint_get_messages_sent(endpoint *e, double *value)
{
    return give_count(sessions_carried(&e->sessions).messages_sent, value);
}

HRESULT endpoint_get_bytes_received(endpoint *e, double *value)
{
    return give_count(sessions_carried(&e->sessions).bytes_received, value);
}

HRESULT endpoint_get_bytes_sent(endpoint *e, double *value)
{
    return give_count(sessions_carried(&e->sessions).bytes_sent, value);
}

HRESULT endpoint_get_reconnects(endpoint *e, double *value)
{
    return give_count(sessions_reconnects(&e->sessions), value);
}

HRESULT endpoint_get_process(endpoint *e, LONG *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = (LONG)status_of(e).process;
    return S_OK;
}

/* ---- events ---- */

bool endpoint_tells(const pipe_event *event)
{
    const endpoint *e = endpoint_of(event->lane);
    session *s = session_of_lane(event->lane);

    if (LOAD_ACQUIRE(&e->refuses) && !session_has_begun(s))
        return false; /* no session begins after AsyncClose */
    if (event->kind == PIPE_DISCONNECTED)
        return connection_handle(s->pipe) != NULL;
    if (event->kind == PIPE_MESSAGE && connection_is_asked(s->pipe))
        return false;
    if (event->error == PIPE_ERROR_NOT_SENT && !session_count_unsent(s))
        return false;
    return !LOAD_ACQUIRE(&e->closed) || event->kind == PIPE_CONNECTED;
}

/* Notes how much was not sent when that is told, since it is counted only then. */
static void note_not_sent(const endpoint *e, session *s, const pipe_event *event)
{
    const WCHAR *name = source_of_audience(event->lane->audience)->events[event->kind].name;
    BSTR sentence = error_describe_not_sent(session_count_unsent(s));
    error_place place = {e->host->calls->kind, e->host->tracing.number, e->number, name};
    trace_line line = {
        .what = L"error", .connection = e->number, .error = error_number(event->error), .more = sentence};

    error_log_add(&place, line.error, sentence ? sentence : L"");
    tracing_write(&e->host->tracing, &line);
    SysFreeString(sentence);
}

void endpoint_begin_telling(const pipe_event *event)
{
    session *s = session_of_lane(event->lane);

    if (event->error == PIPE_ERROR_NOT_SENT)
        note_not_sent(endpoint_of(event->lane), s, event);
    if (event->kind == PIPE_CONNECTED)
        session_begin(s);
    if (event->kind == PIPE_CONNECTION_ERROR && connection_get_status(s->pipe).reason == CLOSE_CONNECT_FAILED)
        InterlockedExchange(&s->refuses, 1);
}

/* ---- the trace ---- */

void endpoint_trace(const endpoint *e, const WCHAR *what, const WCHAR *more)
{
    trace_line line = {.what = what, .connection = e->number, .more = more};

    if (tracing_is_on(&e->host->tracing))
        tracing_write(&e->host->tracing, &line);
}

void endpoint_trace_bytes(const endpoint *e, const WCHAR *what, const void *data, DWORD size)
{
    trace_line line = {what, e->number, true, size, 0, NULL, data, size};

    if (tracing_is_on(&e->host->tracing))
        tracing_write(&e->host->tracing, &line);
}

void endpoint_trace_error(const endpoint *e, const WCHAR *what, DWORD error)
{
    trace_line line = {.what = what, .connection = e->number};

    if (!error || !tracing_is_on(&e->host->tracing))
        return;
    line.error = error_number(error);
    tracing_write(&e->host->tracing, &line);
}

/* ---- requests ---- */

/* Returns whether the consumer was told that the session takes no requests any more. */
static bool is_told(const endpoint *e, const session *s)
{
    return LOAD_ACQUIRE(&e->refuses) || LOAD_ACQUIRE(&s->refuses) || lane_end_is_delivered(&s->lane) ||
           lane_run_is_silenced(&s->lane);
}

/* Returns the result of a request that ended with `error`. A request to a connection that has ended succeeds until the
 * consumer was told of the end: an echo must not fail because its client has left quickly. */
static HRESULT answer(const endpoint *e, const session *s, DWORD error)
{
    if (!error || (error == PIPE_ERROR_NOT_OPEN && !is_told(e, s)))
        return S_OK;
    if (error == PIPE_ERROR_SEND_QUEUE_FULL)
        return error_raise(ERROR_ID_SEND_QUEUE_FULL, source_of_audience(s->lane.audience)->events[PIPE_SENT].name);
    return error_raise_code(error);
}

HRESULT endpoint_close(endpoint *e, VARIANT_BOOL graceful)
{
    endpoint_trace(e, L"close", graceful ? L"gracefully" : NULL);
    InterlockedExchange(&e->refuses, 1);
    if (!graceful)
        InterlockedExchange(&e->closed, 1);
    sessions_close(&e->sessions, graceful ? CLOSE_GRACEFULLY : CLOSE_AT_ONCE);
    return S_OK;
}

static HRESULT read_one(const endpoint *e, session *s, const VARIANT *cookie)
{
    stored *h;
    DWORD error;
    HRESULT hr = stored_create(cookie, &h);

    if (FAILED(hr))
        return hr;
    error = connection_read(s->pipe, h);
    endpoint_trace(e, L"read", error ? L"in vain" : NULL);
    if (error)
        stored_release(h);
    return answer(e, s, error);
}

HRESULT endpoint_read(endpoint *e, const VARIANT *cookie)
{
    session *s = sessions_use(&e->sessions); /* the cookie's own code may run, and release the object */
    HRESULT hr = read_one(e, s, cookie);

    session_done(s);
    return hr;
}

/* Takes the cookie over. Fails with NotConnected only after the consumer was told of the end. */
static HRESULT write_payload(const endpoint *e, session *s, payload *p, stored *cookie)
{
    DWORD error;

    endpoint_trace_bytes(e, L"write", payload_data(p), payload_size(p)); /* before it can be sent */
    error = connection_write(s->pipe, p, cookie);
    endpoint_trace_error(e, L"write failed", error);
    if (error)
        stored_release(cookie);
    if (error == PIPE_ERROR_NOT_OPEN && !is_told(e, s))
        return session_accepts_in_vain(s) ? S_OK : error_raise_code(error);
    return answer(e, s, error);
}

/* Writes to the session, which keeps the object while the cookie's own code runs. */
static HRESULT write_with_cookie(const endpoint *e, session *s, payload *p, const VARIANT *cookie)
{
    stored *h;
    HRESULT hr = stored_create(cookie, &h);

    return SUCCEEDED(hr) ? write_payload(e, s, p, h) : hr;
}

/* Copies the bytes and frees the view before the cookie's own code runs. `sends_nothing`: no bytes are a message,
 * too. */
static HRESULT write_bytes(endpoint *e, byte_view *data, bool sends_nothing, const VARIANT *cookie)
{
    session *s = sessions_use(&e->sessions);
    bool sends = data->size || sends_nothing;
    payload *p;
    HRESULT hr = bytes_pack(data, connection_framing(s->pipe), &p);

    if (SUCCEEDED(hr) && sends)
        hr = write_with_cookie(e, s, p, cookie);
    payload_release(p);
    session_done(s);
    return hr;
}

HRESULT endpoint_write_text(endpoint *e, BSTR text, LONG code_page, const VARIANT *cookie)
{
    byte_view data;
    HRESULT hr = text_encode(text, code_page, &data);

    return SUCCEEDED(hr) ? write_bytes(e, &data, true, cookie) : hr;
}

/* Makes a message of a value whose own code runs meanwhile. *out is NULL if there is nothing to send. */
typedef HRESULT message_maker(const VARIANT *value, framing of, payload **out);

/* Stores the cookie first: what makes the message calls the consumer's code, which may change or free the cookie. */
static HRESULT write_made(const endpoint *e, session *s, const VARIANT *value, message_maker *make,
                          const VARIANT *cookie)
{
    payload *p;
    stored *h;
    HRESULT hr = stored_create(cookie, &h);

    if (FAILED(hr))
        return hr;
    hr = make(value, connection_framing(s->pipe), &p);
    if (SUCCEEDED(hr) && p)
        hr = write_payload(e, s, p, h);
    else
        stored_release(h);
    payload_release(p);
    return hr;
}

static HRESULT hold_and_write(endpoint *e, const VARIANT *value, message_maker *make, const VARIANT *cookie)
{
    session *s = sessions_use(&e->sessions); /* the consumer's code may release the object */
    held_value held;
    HRESULT hr = held_value_take(value, &held);

    if (SUCCEEDED(hr))
        hr = write_made(e, s, &held.value, make, cookie);
    held_value_release(&held);
    session_done(s);
    return hr;
}

HRESULT endpoint_write(endpoint *e, const VARIANT *value, const VARIANT *cookie)
{
    byte_view data;
    HRESULT hr;

    if (bytes_come_from_object(value))
        return hold_and_write(e, value, bytes_message_create, cookie);
    hr = bytes_from_variant(value, &data);
    return SUCCEEDED(hr) ? write_bytes(e, &data, false, cookie) : hr;
}

HRESULT endpoint_write_json(endpoint *e, const VARIANT *value, const VARIANT *cookie)
{
    return hold_and_write(e, value, json_message_create, cookie);
}

/* ---- life ---- */

void endpoint_init(endpoint *e, object *o, host_run *r, const NamedPipeDisconnectReason *reasons)
{
    e->object = o;
    e->host = r->host;
    e->run = r;
    e->reasons = reasons;
    run_hold(&r->run);
}

void endpoint_identify(endpoint *e, LONG number, const WCHAR *name)
{
    e->number = number;
    e->name = name;
}

void endpoint_enter(endpoint *e)
{
    lock_acquire(&e->host->lock);
    list_append(&e->host->endpoints, &e->link);
    lock_release(&e->host->lock);
}

void endpoint_fini(endpoint *e)
{
    lock_acquire(&e->host->lock);
    if (list_linked(&e->link))
        list_remove(&e->link);
    lock_release(&e->host->lock);
    stored_release(e->custom);
}
