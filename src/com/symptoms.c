#include "com/symptoms.h"

#include "com/break_mode.h"
#include "com/error.h"

#include "base/module.h"

/* ---- the run, the queue ---- */

static queue_way next_way(const symptoms *s)
{
    if (s->settings.free_threading)
        return QUEUE_WORKERS;
    return s->subject->host->window ? QUEUE_WINDOW : QUEUE_WAITERS;
}

static void look_at_run(symptoms *s)
{
    host_run *r = host_run_get(s->subject->host);

    s->is_running = r != NULL;
    s->way = r ? run_way(&r->run) : next_way(s);
    if (!r)
        return;
    engine_survey_take(run_engine(&r->run), &s->engine);
    run_release(&r->run);
}

static void look_at_texts(symptoms *s)
{
    host *h = s->subject->host;

    lock_acquire(&h->lock);
    s->event_error = SysAllocStringLen(h->last_event_error, SysStringLen(h->last_event_error));
    s->start_failure = h->start_failure ? SysAllocString(h->start_failure) : NULL;
    lock_release(&h->lock);
}

/* ---- connections ---- */

/* Holds the newest connections whose consumers have not released them. */
static void look_at_connections(symptoms *s)
{
    host *h = s->subject->host;

    lock_acquire(&h->lock);
    for (list_link *link = list_last(&h->endpoints); link; link = list_previous(&h->endpoints, link))
    {
        endpoint *e = CONTAINER_OF(link, endpoint, link);

        s->has_more_connections = s->connection_count == SYMPTOMS_CONNECTIONS;
        if (s->has_more_connections)
            break;
        if (object_try_hold(e->object))
            s->connections[s->connection_count++] = e;
    }
    lock_release(&h->lock);
}

/* ---- handlers ---- */

static void look_at_sink(sink *one, sink_view *out)
{
    out->is_named = one->is_named;
    out->is_agile = one->agile;
    out->home = one->home;
    out->is_bound = LOAD_ACQUIRE(&one->is_bound) != 0;
    if (!out->is_bound || !runtime_is_bound(one->code, one->home, out->why))
        out->why[0] = 0;
}

static void look_at_sinks(symptoms *s)
{
    sinks_snapshot all;

    if (!s->subject->source || FAILED(sinks_take_snapshot(&s->subject->source->sinks, &all)))
        return;
    s->sink_count = all.count;
    for (unsigned i = 0; i < all.count && i < SYMPTOMS_SINKS; i++)
        look_at_sink(all.items[i], &s->sinks[i]);
    sinks_free_snapshot(&all);
}

/* The IDE is asked on its own thread alone. */
static void look_at_basic(symptoms *s)
{
    s->basic = break_mode_module();
    s->is_basic_asked = break_mode_can_be_asked() && s->subject->host->thread == GetCurrentThreadId();
    s->is_basic_stopped = s->is_basic_asked && break_mode_is_on();
}

HRESULT symptoms_take(const diagnosis_subject *subject, symptoms *out)
{
    HRESULT hr;

    memset(out, 0, sizeof(*out));
    out->subject = subject;
    hr = settings_copy(subject->settings, &out->settings);
    if (FAILED(hr))
        return hr;
    out->library = module_path();
    registered_look(subject->is_server ? &CLSID_NamedPipeServer : &CLSID_NamedPipeClientManager, out->library,
                    &out->registered);
    tracing_look(&subject->host->tracing, &out->trace);
    look_at_run(out);
    queue_survey_take(subject->host->queue, &out->queue);
    out->carried = host_traffic(subject->host, &out->clients_ever);
    look_at_texts(out);
    look_at_connections(out);
    look_at_sinks(out);
    look_at_basic(out);
    return S_OK;
}

void symptoms_fini(symptoms *s)
{
    for (unsigned i = 0; i < s->connection_count; i++)
        object_release(s->connections[i]->object);
    settings_fini(&s->settings);
    registered_fini(&s->registered);
    mem_free(s->library);
    mem_free(s->trace.path);
    SysFreeString(s->event_error);
    SysFreeString(s->start_failure);
}
