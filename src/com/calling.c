#include "com/calling.h"

#include "com/apartment.h"
#include "com/buffers.h"
#include "com/bytes.h"
#include "com/error.h"
#include "com/json_message.h"
#include "com/json_values.h"
#include "com/plain_value.h"
#include "com/text.h"
#include "deliver/loop.h"

DWORD calling_wait(void *context, HANDLE handle, DWORD ms)
{
    (void)context;
    return loop_wait_handle(handle, apartment_current() != 0, ms);
}

SAFEARRAY *calling_answer(buffer_source *s, buffer *b, DWORD bytes)
{
    SAFEARRAY *own = bytes < b->capacity / 4 ? bytes_to_array(b->data, bytes) : NULL;

    if (!own)
        return buffers_detach(b, bytes);
    s->free(s, b);
    return own;
}

/* Copies the data and frees the view before it waits. */
static HRESULT send_view(calling *c, byte_view *data, SAFEARRAY **answer)
{
    payload *message;
    HRESULT hr = bytes_pack(data, c->framing, &message);

    if (SUCCEEDED(hr))
        hr = c->perform(c, message, answer);
    payload_release(message);
    return hr;
}

HRESULT calling_bytes(calling *c, const VARIANT *data, SAFEARRAY **answer)
{
    byte_view view;
    HRESULT hr;

    if (!answer)
        return error_raise(ERROR_ID_NULL_POINTER);
    hr = bytes_from_variant(data, &view);
    return SUCCEEDED(hr) ? send_view(c, &view, answer) : hr;
}

HRESULT calling_text(calling *c, BSTR text, LONG code_page, BSTR *answer)
{
    SAFEARRAY *bytes;
    byte_view view;
    HRESULT hr;

    if (!answer)
        return error_raise(ERROR_ID_NULL_POINTER);
    hr = text_encode(text, code_page, &view);
    if (SUCCEEDED(hr))
        hr = send_view(c, &view, &bytes);
    if (FAILED(hr))
        return hr;
    hr = text_decode(bytes->pvData, bytes->rgsabound[0].cElements, code_page, answer);
    SafeArrayDestroy(bytes);
    return hr;
}

static HRESULT send_value(calling *c, const VARIANT *value, SAFEARRAY **answer)
{
    held_value held;
    payload *message = NULL;
    HRESULT hr = held_value_take(value, &held);

    if (SUCCEEDED(hr))
        hr = json_message_create(&held.value, c->framing, &message);
    held_value_release(&held);
    if (SUCCEEDED(hr))
        hr = c->perform(c, message, answer);
    payload_release(message);
    return hr;
}

HRESULT calling_json(calling *c, const VARIANT *value, VARIANT *answer)
{
    SAFEARRAY *bytes;
    HRESULT hr;

    if (!answer)
        return error_raise(ERROR_ID_NULL_POINTER);
    hr = send_value(c, value, &bytes);
    if (FAILED(hr))
        return hr;
    hr = json_read_bytes(bytes->pvData, bytes->rgsabound[0].cElements, answer);
    SafeArrayDestroy(bytes);
    return hr;
}

HRESULT calling_send_bytes(calling *c, const VARIANT *data)
{
    byte_view view;
    HRESULT hr = bytes_from_variant(data, &view);

    return SUCCEEDED(hr) ? send_view(c, &view, NULL) : hr;
}

HRESULT calling_send_text(calling *c, BSTR text, LONG code_page)
{
    byte_view view;
    HRESULT hr = text_encode(text, code_page, &view);

    return SUCCEEDED(hr) ? send_view(c, &view, NULL) : hr;
}

HRESULT calling_send_json(calling *c, const VARIANT *value)
{
    return send_value(c, value, NULL);
}
