#include "com/source.h"

#include "com/error.h"
#include "com/unload.h"

/* The lock keeps two changes at once from leaving the queue with the older answer. */
void source_tell_sinks(source *s)
{
    lock_acquire(&s->hearing);
    queue_set_has_sinks(s->host->queue, &s->audience, !sinks_empty(&s->sinks));
    lock_release(&s->hearing);
}

static void sinks_changed(sinks *changed)
{
    source_tell_sinks(CONTAINER_OF(changed, source, sinks));
}

void source_init(source *s, object *o, host *h, const event_shape *events)
{
    s->host = h;
    s->events = events;
    sinks_init(&s->sinks, sinks_changed);
    connection_point_init(&s->point, o, &s->sinks);
    audience_init(&s->audience);
}

void source_silence(source *s)
{
    sinks_clear(&s->sinks);
}

void source_fini(source *s)
{
    connection_point_fini(&s->point);
}

source *source_of_audience(audience *a)
{
    return CONTAINER_OF(a, source, audience);
}

/* ---- EventSink ---- */

HRESULT source_get_event_sink(source *s, IDispatch **value)
{
    sink *named;
    HRESULT hr;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    named = sinks_get_named(&s->sinks);
    if (!named)
        return S_OK;
    unload_prevent(); /* the sink's own code may release the object, and have this DLL unloaded */
    hr = sink_get_consumer(named, &IID_IDispatch, (void **)value);
    sink_release(named);
    hr = error_raise_hresult(hr);
    unload_permit();
    return hr;
}

/* Lists the names of the events, the name of the event with id i at i - 1. Returns how many there are. */
static unsigned list_names(const event_shape *events, const WCHAR **names)
{
    unsigned count = 0;

    for (unsigned i = 0; i < EVENT_SHAPES; i++)
    {
        if (!events[i].name)
            continue;
        names[events[i].id - 1] = events[i].name;
        count++;
    }
    return count;
}

static HRESULT put_event_sink(source *s, IDispatch *value)
{
    const WCHAR *names[SINK_NAMES];
    unsigned count = list_names(s->events, names);
    sink *named = NULL;
    HRESULT hr = S_OK;

    if (value)
        hr = sink_open_named(value, names, count, &named);
    if (hr == E_INVALIDARG)
        return error_raise(ERROR_ID_NO_EVENT_METHODS, s->events[PIPE_MESSAGE].name);
    if (FAILED(hr))
        return error_raise_hresult(hr);
    sinks_set_named(&s->sinks, named);
    return S_OK;
}

/* Holds the object: consumers may release their last reference while their sink is asked for its names, or is
 * released. If they did so before, no sink is taken any more. */
HRESULT source_put_event_sink(source *s, IDispatch *value)
{
    object *o = s->point.source;
    HRESULT hr;

    if (!object_try_hold(o))
        return S_OK;
    hr = put_event_sink(s, value);
    object_release(o);
    return hr;
}
