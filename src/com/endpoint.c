#include "com/endpoint.h"

#include "com/bytes.h"
#include "com/error.h"
#include "com/json_message.h"
#include "com/plain_value.h"
#include "com/source.h"
#include "com/text.h"

endpoint *endpoint_of(lane *l)
{
    return CONTAINER_OF(l, endpoint, lane);
}

/* ---- CustomData ---- */

HRESULT endpoint_put_custom_data(endpoint *e, const VARIANT *value)
{
    stored *fresh, *old;
    HRESULT hr;

    e->lane.hold(&e->lane); /* the value's own code may run, and release the object */
    hr = stored_create(value, &fresh);
    if (SUCCEEDED(hr))
    {
        lock_acquire(&e->lock);
        old = e->custom;
        e->custom = fresh;
        lock_release(&e->lock);
        stored_release(old);
    }
    e->lane.release(&e->lane);
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
    hr = error_raise_hresult(stored_get(custom, value));
    stored_release(custom);
    return hr;
}

/* ---- properties ---- */

HRESULT endpoint_get_handle(endpoint *e, INT_PTR *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = (INT_PTR)connection_handle(e->pipe);
    return S_OK;
}

HRESULT endpoint_get_is_connected(endpoint *e, VARIANT_BOOL *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = connection_get_status(e->pipe).open ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

HRESULT endpoint_get_is_opening(endpoint *e, VARIANT_BOOL *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = connection_get_status(e->pipe).opening ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

HRESULT endpoint_get_disconnect_reason(endpoint *e, NamedPipeDisconnectReason *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = e->reasons[connection_get_status(e->pipe).reason];
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
    error = connection_get_status(e->pipe).last_error;
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
    return give_count(connection_get_status(e->pipe).pending_bytes, value);
}

HRESULT endpoint_get_messages_received(endpoint *e, double *value)
{
    return give_count(connection_traffic(e->pipe).messages_received, value);
}

HRESULT endpoint_get_messages_sent(endpoint *e, double *value)
{
    return give_count(connection_traffic(e->pipe).messages_sent, value);
}

HRESULT endpoint_get_bytes_received(endpoint *e, double *value)
{
    return give_count(connection_traffic(e->pipe).bytes_received, value);
}

HRESULT endpoint_get_bytes_sent(endpoint *e, double *value)
{
    return give_count(connection_traffic(e->pipe).bytes_sent, value);
}

HRESULT endpoint_get_process(endpoint *e, LONG *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = (LONG)connection_get_status(e->pipe).process;
    return S_OK;
}

/* ---- events and requests ---- */

bool endpoint_tells(endpoint *e, pipe_event_kind kind)
{
    if (kind == PIPE_DISCONNECTED)
        return connection_handle(e->pipe) != NULL;
    if (kind == PIPE_MESSAGE && connection_is_asked(e->pipe))
        return false;
    return !LOAD_ACQUIRE(&e->closed) || kind == PIPE_CONNECTED;
}

void endpoint_begin_telling(endpoint *e, pipe_event_kind kind)
{
    if (kind == PIPE_CONNECTION_ERROR && connection_get_status(e->pipe).reason == CLOSE_CONNECT_FAILED)
        InterlockedExchange(&e->refuses, 1);
}

/* Returns the result of a request that ended with `error`. A request to a connection that has ended succeeds until the
 * consumer was told of the end: an echo must not fail because its client has left quickly. */
static HRESULT answer(endpoint *e, DWORD error)
{
    bool told = LOAD_ACQUIRE(&e->refuses) || lane_end_is_delivered(&e->lane) || lane_run_is_silenced(&e->lane);

    if (!error || (error == PIPE_ERROR_NOT_OPEN && !told))
        return S_OK;
    if (error == PIPE_ERROR_SEND_QUEUE_FULL)
        return error_raise(ERROR_ID_SEND_QUEUE_FULL, source_of_audience(e->lane.audience)->events[PIPE_SENT].name);
    return error_raise_code(error);
}

HRESULT endpoint_close(endpoint *e, VARIANT_BOOL graceful)
{
    InterlockedExchange(&e->refuses, 1);
    if (!graceful)
        InterlockedExchange(&e->closed, 1);
    connection_close(e->pipe, graceful ? CLOSE_GRACEFULLY : CLOSE_AT_ONCE);
    return S_OK;
}

static HRESULT read_one(endpoint *e, const VARIANT *cookie)
{
    stored *h;
    DWORD error;
    HRESULT hr = stored_create(cookie, &h);

    if (FAILED(hr))
        return hr;
    error = connection_read(e->pipe, h);
    if (error)
        stored_release(h);
    return answer(e, error);
}

HRESULT endpoint_read(endpoint *e, const VARIANT *cookie)
{
    HRESULT hr;

    e->lane.hold(&e->lane); /* the cookie's own code may run, and release the object */
    hr = read_one(e, cookie);
    e->lane.release(&e->lane);
    return hr;
}

/* Takes the cookie over. Fails with NotConnected only after the consumer was told of the end. */
static HRESULT write_payload(endpoint *e, payload *p, stored *cookie)
{
    DWORD error = connection_write(e->pipe, p, cookie);

    if (error)
        stored_release(cookie);
    return answer(e, error);
}

/* Copies the bytes and frees the view before the cookie's own code runs; holds the object meanwhile. `sends_nothing`:
 * no bytes are a message, too. */
static HRESULT write_bytes(endpoint *e, byte_view *data, bool sends_nothing, const VARIANT *cookie)
{
    bool sends = data->size || sends_nothing;
    payload *p;
    stored *h;
    HRESULT hr = bytes_pack(data, connection_framing(e->pipe), &p);

    if (FAILED(hr))
        return hr;
    if (sends)
    {
        e->lane.hold(&e->lane);
        hr = stored_create(cookie, &h);
        if (SUCCEEDED(hr))
            hr = write_payload(e, p, h);
        e->lane.release(&e->lane);
    }
    payload_release(p);
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
static HRESULT write_made(endpoint *e, const VARIANT *value, message_maker *make, const VARIANT *cookie)
{
    payload *p;
    stored *h;
    HRESULT hr = stored_create(cookie, &h);

    if (FAILED(hr))
        return hr;
    hr = make(value, connection_framing(e->pipe), &p);
    if (SUCCEEDED(hr) && p)
        hr = write_payload(e, p, h);
    else
        stored_release(h);
    payload_release(p);
    return hr;
}

static HRESULT hold_and_write(endpoint *e, const VARIANT *value, message_maker *make, const VARIANT *cookie)
{
    held_value held;
    HRESULT hr;

    e->lane.hold(&e->lane); /* the consumer's code may release the object */
    hr = held_value_take(value, &held);
    if (SUCCEEDED(hr))
        hr = write_made(e, &held.value, make, cookie);
    held_value_release(&held);
    e->lane.release(&e->lane);
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

void endpoint_init(endpoint *e, object *o, host_run *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l),
                   const NamedPipeDisconnectReason *reasons)
{
    e->object = o;
    e->host = r->host;
    e->run = r;
    e->reasons = reasons;
    lane_init(&e->lane, &run_hold(&r->run)->state, a, hold, release);
}

void endpoint_fini(endpoint *e)
{
    lane_fini(&e->lane);
    stored_release(e->custom);
    connection_release(e->pipe);
}
