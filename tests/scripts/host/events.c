#include "script_host.h"

/* One object whose events go to the script. */
typedef struct event_sink
{
    IDispatch IDispatch_iface;
    LONG references;
    struct event_sink *next;
    WCHAR prefix[MOST_NAME];
    IID iid;
    ITypeInfo *events;
    IUnknown *source;
    IConnectionPoint *point;
    DWORD cookie;
} event_sink;

static event_sink *sinks;

static event_sink *impl_from_IDispatch(IDispatch *iface)
{
    return (event_sink *)((char *)iface - offsetof(event_sink, IDispatch_iface));
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(IDispatch *iface, REFIID riid, void **out)
{
    event_sink *sink = impl_from_IDispatch(iface);

    *out = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IDispatch) && !IsEqualIID(riid, &sink->iid))
        return E_NOINTERFACE;
    IDispatch_AddRef(iface);
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(IDispatch *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IDispatch(iface)->references);
}

static ULONG STDMETHODCALLTYPE sink_Release(IDispatch *iface)
{
    event_sink *sink = impl_from_IDispatch(iface);
    LONG references = InterlockedDecrement(&sink->references);

    if (references == 0)
    {
        if (sink->point)
            IConnectionPoint_Release(sink->point);
        if (sink->source)
            IUnknown_Release(sink->source);
        if (sink->events)
            ITypeInfo_Release(sink->events);
        free(sink);
    }
    return (ULONG)references;
}

static HRESULT STDMETHODCALLTYPE sink_GetIDsOfNames(IDispatch *iface, REFIID riid, OLECHAR **names, UINT count,
                                                    LCID lcid, DISPID *ids)
{
    (void)iface, (void)riid, (void)names, (void)count, (void)lcid, (void)ids;
    return E_NOTIMPL;
}

/* The script's own procedure for an event, prefix and name; DISP_E_UNKNOWNNAME where it has none. */
static HRESULT find_handler(const event_sink *sink, DISPID event, IDispatch *globals, DISPID *handler)
{
    WCHAR name[2 * MOST_NAME], *names = name;
    BSTR event_name;
    UINT count;
    HRESULT hr = ITypeInfo_GetNames(sink->events, event, &event_name, 1, &count);

    if (FAILED(hr))
        return hr;
    lstrcpynW(name, sink->prefix, MOST_NAME);
    lstrcpynW(name + lstrlenW(name), event_name, MOST_NAME);
    SysFreeString(event_name);
    return IDispatch_GetIDsOfNames(globals, &IID_NULL, &names, 1, LOCALE_USER_DEFAULT, handler);
}

/* The arguments go to the script as they come, references included. */
static HRESULT STDMETHODCALLTYPE sink_Invoke(IDispatch *iface, DISPID event, REFIID riid, LCID lcid, WORD flags,
                                             DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
    event_sink *sink = impl_from_IDispatch(iface);
    IDispatch *globals;
    DISPID handler;
    HRESULT hr;

    (void)riid, (void)lcid, (void)flags;
    hr = script_get_globals(&globals);
    if (FAILED(hr))
        return hr;
    hr = S_OK;
    if (SUCCEEDED(find_handler(sink, event, globals, &handler)))
        hr = IDispatch_Invoke(globals, handler, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, params, result,
                              exception, wrong);
    IDispatch_Release(globals);
    return hr;
}

static IDispatchVtbl sink_vtable = {
    .QueryInterface = sink_QueryInterface,
    .AddRef = sink_AddRef,
    .Release = sink_Release,
    .GetTypeInfoCount = no_GetTypeInfoCount,
    .GetTypeInfo = no_GetTypeInfo,
    .GetIDsOfNames = sink_GetIDsOfNames,
    .Invoke = sink_Invoke,
};

/* The default source interface of a coclass. */
static HRESULT find_source_interface(ITypeInfo *coclass, ITypeInfo **events)
{
    const INT wanted = IMPLTYPEFLAG_FDEFAULT | IMPLTYPEFLAG_FSOURCE;
    HREFTYPE reference;
    INT flags;
    UINT i;

    for (i = 0; SUCCEEDED(ITypeInfo_GetImplTypeFlags(coclass, i, &flags)); i++)
    {
        if ((flags & wanted) == wanted && SUCCEEDED(ITypeInfo_GetRefTypeOfImplType(coclass, i, &reference)))
            return ITypeInfo_GetRefTypeInfo(coclass, reference, events);
    }
    return CONNECT_E_NOCONNECTION;
}

/* What the object raises, as it says itself: by IProvideClassInfo2, as the scripting host wants it. */
static HRESULT describe_events(IUnknown *source, IID *iid, ITypeInfo **events)
{
    IProvideClassInfo2 *info;
    ITypeInfo *coclass;
    HRESULT hr = IUnknown_QueryInterface(source, &IID_IProvideClassInfo2, (void **)&info);

    if (FAILED(hr))
        return hr;
    hr = IProvideClassInfo2_GetGUID(info, GUIDKIND_DEFAULT_SOURCE_DISP_IID, iid);
    if (SUCCEEDED(hr))
        hr = IProvideClassInfo2_GetClassInfo(info, &coclass);
    if (SUCCEEDED(hr))
    {
        hr = find_source_interface(coclass, events);
        ITypeInfo_Release(coclass);
    }
    IProvideClassInfo2_Release(info);
    return hr;
}

static HRESULT advise(event_sink *sink, IDispatch *source)
{
    IConnectionPointContainer *container;
    HRESULT hr = IDispatch_QueryInterface(source, &IID_IUnknown, (void **)&sink->source);

    if (FAILED(hr))
        return hr;
    hr = describe_events(sink->source, &sink->iid, &sink->events);
    if (FAILED(hr))
        return hr;
    hr = IDispatch_QueryInterface(source, &IID_IConnectionPointContainer, (void **)&container);
    if (FAILED(hr))
        return hr;
    hr = IConnectionPointContainer_FindConnectionPoint(container, &sink->iid, &sink->point);
    IConnectionPointContainer_Release(container);
    if (FAILED(hr))
        return hr;
    return IConnectionPoint_Advise(sink->point, (IUnknown *)&sink->IDispatch_iface, &sink->cookie);
}

HRESULT events_connect(IDispatch *source, const WCHAR *prefix)
{
    event_sink *sink = calloc(1, sizeof(*sink));
    HRESULT hr;

    if (!sink)
        return E_OUTOFMEMORY;
    sink->IDispatch_iface.lpVtbl = &sink_vtable;
    sink->references = 1;
    lstrcpynW(sink->prefix, prefix, MOST_NAME);
    hr = advise(sink, source);
    if (FAILED(hr))
    {
        IDispatch_Release(&sink->IDispatch_iface);
        return hr;
    }
    sink->next = sinks;
    sinks = sink;
    return S_OK;
}

void events_disconnect(IUnknown *source)
{
    event_sink **place = &sinks, *sink;

    while ((sink = *place) != NULL)
    {
        if (source && sink->source != source)
        {
            place = &sink->next;
            continue;
        }
        *place = sink->next;
        IConnectionPoint_Unadvise(sink->point, sink->cookie);
        IDispatch_Release(&sink->IDispatch_iface);
    }
}
