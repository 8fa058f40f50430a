#include "com/endpoint.h"

#include "com/bytes.h"
#include "com/error.h"
#include "com/text.h"

endpoint *endpoint_of(lane *l)
{
    return CONTAINER_OF(l, endpoint, lane);
}

/* ---- CustomData ---- */

HRESULT endpoint_put_custom_data(endpoint *e, const VARIANT *value)
{
    held *fresh, *old;
    HRESULT hr = held_create(value, &fresh);

    if (FAILED(hr))
        return hr;
    lock_acquire(&e->lock);
    old = e->custom;
    e->custom = fresh;
    lock_release(&e->lock);
    held_free(old);
    return S_OK;
}

HRESULT endpoint_get_custom_data(endpoint *e, VARIANT *value)
{
    held *custom;
    HRESULT hr;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&e->lock);
    custom = held_hold(e->custom);
    lock_release(&e->lock);
    hr = held_get(custom, value);
    held_free(custom);
    return hr;
}

/* ---- what it tells ---- */

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
    *value = connection_is_open(e->pipe) ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

HRESULT endpoint_get_is_opening(endpoint *e, VARIANT_BOOL *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = connection_is_opening(e->pipe) ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

/* Whether it is a pipe_error, and no code of Windows'. */
static bool is_own(DWORD error)
{
    return (error & 0x20000000) != 0;
}

HRESULT endpoint_get_last_error(endpoint *e, LONG *value)
{
    DWORD error;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    error = connection_last_error(e->pipe);
    *value = is_own(error) ? error_number(error) : (LONG)error;
    return S_OK;
}

HRESULT endpoint_get_pending_send_bytes(endpoint *e, double *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = (double)connection_pending_bytes(e->pipe);
    return S_OK;
}

HRESULT endpoint_get_process(endpoint *e, LONG *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = (LONG)connection_process(e->pipe);
    return S_OK;
}

/* ---- what it does ---- */

bool endpoint_tells(endpoint *e, pipe_event_kind kind)
{
    if (kind == PIPE_DISCONNECTED)
        return connection_handle(e->pipe) != NULL;
    return !e->closed || kind == PIPE_CONNECTED;
}

/* A connection that has ended takes requests in silence until the consumer has been told: an echo must not fail because its client was quick. */
static HRESULT answer(endpoint *e, DWORD error)
{
    bool told = e->refuses || e->lane.told || e->lane.run->silenced;

    if (!error || (error == PIPE_ERROR_NOT_OPEN && !told))
        return S_OK;
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

HRESULT endpoint_read(endpoint *e, const VARIANT *cookie)
{
    held *h;
    DWORD error;
    HRESULT hr = held_create(cookie, &h);

    if (FAILED(hr))
        return hr;
    error = connection_read(e->pipe, h);
    if (error)
        held_free(h);
    return answer(e, error);
}

/* `cookie` is taken over in any case. NOT_CONNECTED only once the consumer has been told. */
static HRESULT write_payload(endpoint *e, payload *p, held *cookie)
{
    DWORD error = connection_write(e->pipe, p, cookie);

    if (error)
        held_free(cookie);
    return answer(e, error);
}

/* Sends a view; the payload is the one copy. */
static HRESULT write_bytes(endpoint *e, const byte_view *data, const VARIANT *cookie)
{
    payload *p;
    held *h;
    HRESULT hr;

    if (!data->size)
        return S_OK;
    hr = held_create(cookie, &h);
    if (FAILED(hr))
        return hr;
    p = payload_create(data->data, data->size);
    if (!p)
    {
        held_free(h);
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    }
    hr = write_payload(e, p, h);
    payload_release(p);
    return hr;
}

HRESULT endpoint_write(endpoint *e, const VARIANT *value, const VARIANT *cookie)
{
    byte_view data;
    HRESULT hr = bytes_from_variant(value, &data);

    if (FAILED(hr))
        return hr;
    hr = write_bytes(e, &data, cookie);
    bytes_free(&data);
    return hr;
}

HRESULT endpoint_write_text(endpoint *e, BSTR text, LONG code_page, const VARIANT *cookie)
{
    byte_view data;
    HRESULT hr = text_encode(text, code_page, &data);

    if (SUCCEEDED(hr))
        hr = write_bytes(e, &data, cookie);
    bytes_free(&data);
    return hr;
}

/* ---- life ---- */

void endpoint_init(endpoint *e, object *o, host_run *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l))
{
    e->object = o;
    e->host = r->host;
    host_hold(e->host); /* it is there: the run holds it */
    host_run_hold(r);
    e->run = r;
    lane_init(&e->lane, &run_hold(r->run)->state, a, hold, release);
}

void endpoint_fini(endpoint *e)
{
    held_free(e->custom);
    connection_release(e->pipe);
    run_release(e->run->run);
    host_run_release(e->run);
}
