#include "com/arguments.h"

#include "com/endpoint.h"
#include "com/error.h"
#include "com/failure_report.h"
#include "com/stored.h"

/* Returns the buffer of this call: the event's buffer for the last sink, a copy for other sinks. NULL: memory is
 * short. */
static buffer *take_buffer(const arguments *a, buffers *pool)
{
    pipe_event *event = a->event;
    buffer *b;

    if (a->is_last)
    {
        b = event->buffer;
        event->buffer = NULL;
        return b;
    }
    b = pool->source.alloc(&pool->source, event->bytes);
    if (b)
        memcpy(b->data, event->buffer->data, event->bytes);
    return b;
}

static VARIANT *next_value(arguments *a)
{
    return &a->values[a->count - ++a->next];
}

static void add_connection(arguments *a)
{
    VARIANT *value = next_value(a);

    a->connection = (IDispatch *)object_identity(endpoint_of(a->event->lane)->object);
    IDispatch_AddRef(a->connection);
    if (a->as_values)
    {
        V_VT(value) = VT_DISPATCH;
        V_DISPATCH(value) = a->connection;
    }
    else
    {
        V_VT(value) = VT_BYREF | VT_DISPATCH;
        V_DISPATCHREF(value) = &a->connection;
    }
}

static void add_cookie(arguments *a)
{
    VARIANT *value = next_value(a);

    if (FAILED(stored_get(a->event->cookie, &a->cookie)))
        VariantInit(&a->cookie);
    a->lent_cookie = a->cookie;
    if (a->as_values)
        *value = a->cookie; /* a->cookie still owns it */
    else
    {
        V_VT(value) = VT_BYREF | VT_VARIANT;
        V_VARIANTREF(value) = &a->cookie;
    }
}

static HRESULT add_data(arguments *a)
{
    VARIANT *value = next_value(a);

    a->buffer = take_buffer(a, &endpoint_of(a->event->lane)->run->pool);
    if (!a->buffer)
        return E_OUTOFMEMORY;
    a->data = buffers_lend(a->buffer, a->event->bytes);
    if (a->as_values)
    {
        V_VT(value) = VT_ARRAY | VT_UI1;
        V_ARRAY(value) = a->data;
    }
    else
    {
        V_VT(value) = VT_BYREF | VT_ARRAY | VT_UI1;
        V_ARRAYREF(value) = &a->data;
    }
    return S_OK;
}

static void add_error(arguments *a)
{
    VARIANT *number = next_value(a), *description = next_value(a);

    V_VT(number) = VT_I4;
    V_I4(number) = error_number(a->event->error);
    V_VT(description) = VT_BSTR;
    V_BSTR(description) = failure_report_describe(a->event);
}

HRESULT arguments_init(arguments *a, const event_shape *shape, pipe_event *event, bool as_values, bool is_last)
{
    memset(a, 0, sizeof(*a));
    a->shape = shape;
    a->event = event;
    a->as_values = as_values;
    a->is_last = is_last;
    a->count = (unsigned)shape->connection + (unsigned)shape->cookie + (unsigned)shape->data + (shape->error ? 2 : 0);
    if (shape->connection)
        add_connection(a);
    if (shape->cookie)
        add_cookie(a);
    if (shape->error)
        add_error(a);
    return shape->data ? add_data(a) : S_OK;
}

bool arguments_reclaim(arguments *a)
{
    if (a->shape->connection && a->connection != (IDispatch *)object_identity(endpoint_of(a->event->lane)->object))
        return false;
    if (memcmp(&a->cookie, &a->lent_cookie, sizeof(a->cookie)))
        return false;
    if (!a->buffer || !a->is_last)
        return true;
    if (!buffers_reclaim(a->buffer, a->data))
        return false;
    a->event->buffer = a->buffer;
    a->buffer = NULL;
    return true;
}

/* A handler that replaces a value must free the old value. So this frees the value that stands there now, and otherwise
 * ignores it. */
void arguments_fini(arguments *a)
{
    if (a->connection)
        IDispatch_Release(a->connection);
    VariantClear(&a->cookie);
    if (a->shape->error)
        SysFreeString(V_BSTR(&a->values[0]));
    if (a->buffer)
        buffers_take_back(&endpoint_of(a->event->lane)->run->pool, a->buffer, a->data);
}
