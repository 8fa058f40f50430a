#include "com/broadcast.h"

#include "com/plain_value.h"
#include "com/stored.h"

/* Sends one payload and one cookie to all connections, and returns how many accept it. A connection that refuses it
 * gets a ClientError. */
static LONG send_to_all(server_connection **items, LONG count, payload *p, stored *cookie)
{
    LONG sent = 0;

    for (LONG i = 0; i < count; i++)
    {
        DWORD error;

        endpoint_trace_bytes(&items[i]->endpoint, L"write", payload_data(p), payload_size(p));
        error = connection_write(items[i]->session.pipe, p, stored_hold(cookie));
        endpoint_trace_error(&items[i]->endpoint, L"write failed", error);
        if (!error)
        {
            sent++;
            continue;
        }
        stored_release(cookie);
        if (error != PIPE_ERROR_NOT_OPEN)
            connection_report(items[i]->session.pipe, error, NULL);
    }
    return sent;
}

static HRESULT broadcast_to_present(server_clients *to, payload *p, stored *cookie, LONG *sent)
{
    server_connection **items;
    LONG count;
    HRESULT hr = server_clients_snapshot(to, &items, &count);

    if (FAILED(hr))
        return hr;
    *sent = send_to_all(items, count, p, cookie);
    server_clients_release(items, count);
    return S_OK;
}

static HRESULT broadcast_payload(server_clients *to, payload *p, const VARIANT *cookie, LONG *sent)
{
    stored *h;
    HRESULT hr = stored_create(cookie, &h);

    if (SUCCEEDED(hr))
        hr = broadcast_to_present(to, p, h, sent);
    stored_release(h);
    return hr;
}

/* Copies the data, framed as the present run does, and frees the view. *out is NULL if there is nothing to send, or
 * nobody to send it to. */
static HRESULT pack(host *of, byte_view *data, bool sends_nothing, payload **out)
{
    bool sends = data->size || sends_nothing;
    host_run *r = host_run_get(of);
    HRESULT hr = bytes_pack(data, r ? engine_framing(run_engine(&r->run)) : FRAMING_PIPE, out);

    if (SUCCEEDED(hr) && (!r || !sends))
    {
        payload_release(*out);
        *out = NULL;
    }
    if (r)
        run_release(&r->run);
    return hr;
}

HRESULT broadcast_bytes(host *of, server_clients *to, byte_view *data, bool sends_nothing, const VARIANT *cookie,
                        LONG *sent)
{
    payload *p;
    HRESULT hr;

    host_hold(of);
    hr = pack(of, data, sends_nothing, &p);
    if (p)
        hr = broadcast_payload(to, p, cookie, sent);
    payload_release(p);
    host_release(of);
    return hr;
}

/* Stores the cookie before the code of the object runs, which may change or free the cookie. */
static HRESULT broadcast_items(host *of, server_clients *to, const VARIANT *object, const VARIANT *cookie, LONG *sent)
{
    payload *p = NULL;
    byte_view data;
    stored *h;
    HRESULT hr = stored_create(cookie, &h);

    if (SUCCEEDED(hr))
        hr = bytes_from_variant(object, &data);
    if (SUCCEEDED(hr))
        hr = pack(of, &data, false, &p);
    if (p)
        hr = broadcast_to_present(to, p, h, sent);
    payload_release(p);
    stored_release(h);
    return hr;
}

HRESULT broadcast_object(host *of, server_clients *to, const VARIANT *value, const VARIANT *cookie, LONG *sent)
{
    held_value held;
    HRESULT hr;

    host_hold(of);
    hr = held_value_take(value, &held);
    if (SUCCEEDED(hr))
        hr = broadcast_items(of, to, &held.value, cookie, sent);
    held_value_release(&held);
    host_release(of);
    return hr;
}
