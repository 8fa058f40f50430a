/* What a run needs from its owner. */

#include "com/apartment.h"
#include "com/gate.h"
#include "com/stored.h"
#include "com/host.h"
#include "com/notices.h"
#include "com/sessions.h"
#include "com/unload.h"

static host_run *impl_from_run(run *r)
{
    return CONTAINER_OF(r, host_run, run);
}

static lane *on_connected(run *r, connection *c)
{
    host_run *hr = impl_from_run(r);

    return hr->host->calls->connected(hr, c);
}

static void on_disconnected(run *r, lane *l)
{
    (void)r;
    session_has_ended(session_of_lane(l));
}

static bool on_may_dial(run *r, lane *l)
{
    (void)r;
    return session_may_be_dialed(session_of_lane(l));
}

static void on_notice(run *r, lane *l, const pipe_event *event)
{
    notices_add(impl_from_run(r)->host, l, event);
}

/* Handlers run on workers in the MTA. If a worker cannot enter the MTA, the run does not start: COM would refuse the
 * calls that handlers make on that worker. */
static DWORD on_worker_begins(run *r)
{
    HRESULT hr;

    unload_prevent();
    if (!run_is_free_threaded(r))
        return 0;
    hr = apartment_enter_mta();
    if (FAILED(hr))
        return hr == E_OUTOFMEMORY ? ERROR_NOT_ENOUGH_MEMORY : (DWORD)hr;
    gate_worker_begins();
    return 0;
}

static void on_worker_ends(run *r)
{
    if (run_is_free_threaded(r) && apartment_has_entered_mta())
    {
        gate_worker_ends();
        apartment_leave_mta();
    }
    host_count_on(impl_from_run(r));
    unload_permit();
}

static void host_run_free(run *r)
{
    host_run *hr = impl_from_run(r);
    host *h = hr->host;

    host_count_no_more(hr);
    buffers_fini(&hr->pool);
    mem_free(hr);
    host_release(h);
}

static const run_calls host_run_calls = {
    .connected = on_connected,
    .disconnected = on_disconnected,
    .may_dial = on_may_dial,
    .notice = on_notice,
    .worker_begins = on_worker_begins,
    .worker_ends = on_worker_ends,
    .free = host_run_free,
};

static void cookie_free(void *cookie)
{
    stored_release(cookie);
}

DWORD host_run_start(host *h, const engine_settings *wanted, queue_way way, audience *a, host_run **out)
{
    host_run *r = mem_alloc(sizeof(*r));
    run_settings chosen = {.engine = *wanted, .way = way, .cookie_free = cookie_free};
    DWORD error;

    *out = NULL;
    if (!r)
        return ERROR_NOT_ENOUGH_MEMORY;
    r->host = h;
    host_hold(h); /* cannot fail: a method of the host runs */
    buffers_init(&r->pool, wanted->flow.buffer_size);
    chosen.buffers = &r->pool.source;
    chosen.notices = &h->tracing.on;
    error = run_start(&r->run, &chosen, &host_run_calls, h->queue, a);
    if (!error)
        *out = r;
    return error;
}
