#include "com/connection_point.h"
#include "com/dispatch.h"

#include "support/com/sample_source.h"

struct sample_source
{
    object object;
    IDispatch IDispatch_iface;
    sinks sinks;
    connection_point connection_point;
    LONG changes;
};

void (*sample_source_on_destroy)(sample_source *s, IUnknown *identity);
LONG sample_source_destroyed;

static sample_source *impl_from_IDispatch(IDispatch *iface)
{
    return CONTAINER_OF(iface, sample_source, IDispatch_iface);
}

FORWARD_DUAL(SampleSource, IDispatch)

static const IDispatchVtbl SampleSource_vtable = {
    .QueryInterface = SampleSource_QueryInterface,
    .AddRef = SampleSource_AddRef,
    .Release = SampleSource_Release,
    .GetTypeInfoCount = SampleSource_GetTypeInfoCount,
    .GetTypeInfo = SampleSource_GetTypeInfo,
    .GetIDsOfNames = SampleSource_GetIDsOfNames,
    .Invoke = SampleSource_Invoke,
};

static void destroy(object *o)
{
    sample_source *s = (sample_source *)o;

    if (sample_source_on_destroy)
        sample_source_on_destroy(s, object_identity(o));
    connection_point_fini(&s->connection_point);
    sinks_clear(&s->sinks);
    object_fini(&s->object);
    mem_free(s);
    InterlockedIncrement(&sample_source_destroyed);
}

static const object_interface interfaces[] = {
    {&IID_INamedPipeServer, offsetof(sample_source, IDispatch_iface)},
    {&IID_IConnectionPointContainer, offsetof(sample_source, connection_point.IConnectionPointContainer_iface)},
    {NULL, 0},
};

static const object_kind sample_source_kind = {
    .dual = &IID_INamedPipeServer,
    .coclass = &CLSID_NamedPipeServer,
    .events = &DIID__INamedPipeServerEvents,
    .interfaces = interfaces,
    .destroy = destroy,
};

static void sinks_changed(sinks *changed)
{
    InterlockedIncrement(&CONTAINER_OF(changed, sample_source, sinks)->changes);
}

IUnknown *sample_source_create(sample_source **weak)
{
    sample_source *s = mem_alloc(sizeof(*s));

    object_init(&s->object, &sample_source_kind);
    s->IDispatch_iface.lpVtbl = &SampleSource_vtable;
    sinks_init(&s->sinks, sinks_changed);
    connection_point_init(&s->connection_point, &s->object, &s->sinks);
    if (weak)
        *weak = s;
    return (IUnknown *)&s->IDispatch_iface;
}

BOOL sample_source_try_hold(sample_source *s)
{
    return object_try_hold(&s->object);
}

int sample_source_changes(const sample_source *s)
{
    return s->changes;
}
