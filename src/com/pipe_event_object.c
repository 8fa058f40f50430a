#include "com/pipe_event_object.h"

#include "com/dispatch.h"
#include "com/error.h"
#include "com/events.h"
#include "com/json_values.h"
#include "com/text.h"
#include "com/unload.h"

typedef struct pipe_event_object
{
    object object;
    INamedPipeEvent INamedPipeEvent_iface;
    NamedPipeEventKind kind;
    IDispatch *connection; /* or NULL */
    stored *cookie;        /* or NULL */
    SAFEARRAY *data;       /* or NULL; not changed, so that several threads may read it at once */
    LONG number;
    BSTR description; /* or NULL */
} pipe_event_object;

static pipe_event_object *impl_from_INamedPipeEvent(INamedPipeEvent *iface)
{
    return CONTAINER_OF(iface, pipe_event_object, INamedPipeEvent_iface);
}

FORWARD_DUAL(NamedPipeEvent, INamedPipeEvent)

/* Gives a copy of `text` for a property. For NULL gives an empty string: Python and PowerShell would not show NULL as a
 * string. */
static HRESULT give_text(const WCHAR *text, BSTR *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = SysAllocString(text ? text : L"");
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

static HRESULT STDMETHODCALLTYPE NamedPipeEvent_get_Name(INamedPipeEvent *iface, BSTR *value)
{
    return give_text(event_name(impl_from_INamedPipeEvent(iface)->kind), value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeEvent_get_Kind(INamedPipeEvent *iface, NamedPipeEventKind *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = impl_from_INamedPipeEvent(iface)->kind;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE NamedPipeEvent_get_Connection(INamedPipeEvent *iface, IDispatch **value)
{
    IDispatch *connection = impl_from_INamedPipeEvent(iface)->connection;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = connection;
    if (connection)
        IDispatch_AddRef(connection);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE NamedPipeEvent_get_Cookie(INamedPipeEvent *iface, VARIANT *value)
{
    stored *cookie;
    HRESULT hr;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    unload_prevent(); /* the cookie's own code may release this object, and have this DLL unloaded */
    cookie = stored_hold(impl_from_INamedPipeEvent(iface)->cookie);
    hr = error_raise_hresult(stored_get(cookie, value));
    stored_release(cookie);
    unload_permit();
    return error_of(&IID_INamedPipeEvent, hr);
}

static const void *data_of(const pipe_event_object *e)
{
    return e->data ? e->data->pvData : NULL;
}

static DWORD size_of(const pipe_event_object *e)
{
    return e->data ? e->data->rgsabound[0].cElements : 0;
}

static HRESULT STDMETHODCALLTYPE NamedPipeEvent_get_Data(INamedPipeEvent *iface, SAFEARRAY **value)
{
    const pipe_event_object *e = impl_from_INamedPipeEvent(iface);

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = bytes_to_array(data_of(e), size_of(e));
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

static HRESULT STDMETHODCALLTYPE NamedPipeEvent_get_Text(INamedPipeEvent *iface, BSTR *value)
{
    const pipe_event_object *e = impl_from_INamedPipeEvent(iface);

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    return text_decode(data_of(e), size_of(e), 65001, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeEvent_get_Json(INamedPipeEvent *iface, VARIANT *value)
{
    const pipe_event_object *e = impl_from_INamedPipeEvent(iface);

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    return error_of(&IID_INamedPipeEvent,
                    e->data ? json_read_bytes(data_of(e), size_of(e), value) : error_raise(ERROR_ID_NO_MESSAGE));
}

static HRESULT STDMETHODCALLTYPE NamedPipeEvent_get_Number(INamedPipeEvent *iface, LONG *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = impl_from_INamedPipeEvent(iface)->number;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE NamedPipeEvent_get_Description(INamedPipeEvent *iface, BSTR *value)
{
    return give_text(impl_from_INamedPipeEvent(iface)->description, value);
}

static const INamedPipeEventVtbl NamedPipeEvent_vtable = {
    .QueryInterface = NamedPipeEvent_QueryInterface,
    .AddRef = NamedPipeEvent_AddRef,
    .Release = NamedPipeEvent_Release,
    .GetTypeInfoCount = NamedPipeEvent_GetTypeInfoCount,
    .GetTypeInfo = NamedPipeEvent_GetTypeInfo,
    .GetIDsOfNames = NamedPipeEvent_GetIDsOfNames,
    .Invoke = NamedPipeEvent_Invoke,
    .get_Name = NamedPipeEvent_get_Name,
    .get_Kind = NamedPipeEvent_get_Kind,
    .get_Connection = NamedPipeEvent_get_Connection,
    .get_Cookie = NamedPipeEvent_get_Cookie,
    .get_Data = NamedPipeEvent_get_Data,
    .get_Text = NamedPipeEvent_get_Text,
    .get_Number = NamedPipeEvent_get_Number,
    .get_Description = NamedPipeEvent_get_Description,
    .get_Json = NamedPipeEvent_get_Json,
};

/* ---- making and ending ---- */

static void pipe_event_object_destroy(object *o)
{
    pipe_event_object *e = (pipe_event_object *)o;

    if (e->connection)
        IDispatch_Release(e->connection);
    stored_release(e->cookie);
    if (e->data)
        SafeArrayDestroy(e->data);
    SysFreeString(e->description);
    object_fini(&e->object);
    mem_free(e);
}

static const object_interface pipe_event_object_interfaces[] = {
    {&IID_INamedPipeEvent, offsetof(pipe_event_object, INamedPipeEvent_iface)},
    {NULL, 0},
};

static const object_kind pipe_event_object_kind = {
    .dual = &IID_INamedPipeEvent,
    .coclass = &CLSID_NamedPipeEvent,
    .interfaces = pipe_event_object_interfaces,
    .destroy = pipe_event_object_destroy,
};

HRESULT pipe_event_object_create(NamedPipeEventKind kind, IDispatch *connection, stored *cookie, SAFEARRAY *data,
                                 LONG number, BSTR description, INamedPipeEvent **out)
{
    pipe_event_object *e = mem_alloc(sizeof(*e));

    *out = NULL;
    if (!e)
    {
        stored_release(cookie);
        if (data)
            SafeArrayDestroy(data);
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    }
    object_init(&e->object, &pipe_event_object_kind);
    e->INamedPipeEvent_iface.lpVtbl = &NamedPipeEvent_vtable;
    e->kind = kind;
    e->connection = connection;
    if (connection)
        IDispatch_AddRef(connection);
    e->cookie = cookie;
    e->data = data;
    e->number = number;
    e->description = SysAllocString(description);
    if (description && !e->description)
    {
        INamedPipeEvent_Release(&e->INamedPipeEvent_iface);
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    }
    *out = &e->INamedPipeEvent_iface;
    return S_OK;
}
