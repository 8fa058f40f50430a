/* What a run asks of its owner. */

#include "com/apartment.h"
#include "com/gate.h"
#include "com/held.h"
#include "com/host.h"
#include "com/module.h"

static host_run *impl_from_run_owner(run_owner *owner)
{
    return CONTAINER_OF(owner, host_run, owner);
}

static lane *on_connected(run_owner *owner, run *r, connection *c)
{
    host_run *hr = impl_from_run_owner(owner);

    hr->run = r; /* known here before run_start has returned */
    return hr->host->calls->connected(hr, c);
}

static buffer *on_buffer_alloc(run_owner *owner, DWORD size)
{
    return buffers_alloc(&impl_from_run_owner(owner)->pool, size);
}

static void on_buffer_free(run_owner *owner, buffer *b)
{
    buffers_free(&impl_from_run_owner(owner)->pool, b);
}

static buffer *on_buffer_settle(run_owner *owner, buffer *b, DWORD size)
{
    return buffers_settle(&impl_from_run_owner(owner)->pool, b, size);
}

static void on_cookie_free(run_owner *owner, void *cookie)
{
    (void)owner;
    held_free(cookie);
}

/* Handlers run on workers of the MTA. A run that has one elsewhere, where COM would refuse what they do, does not
 * start. */
static DWORD on_worker_begins(run_owner *owner, queue_way way)
{
    HRESULT hr;

    (void)owner;
    module_add();
    if (way != QUEUE_WORKERS)
        return 0;
    hr = apartment_enter_mta();
    if (FAILED(hr))
        return hr == E_OUTOFMEMORY ? ERROR_NOT_ENOUGH_MEMORY : (DWORD)hr;
    gate_worker_begins();
    return 0;
}

static void on_worker_ends(run_owner *owner, queue_way way)
{
    (void)owner;
    if (way == QUEUE_WORKERS && apartment_has_entered_mta())
    {
        gate_worker_ends();
        apartment_leave_mta();
    }
    module_subtract();
}

static void on_ended(run_owner *owner, run *r)
{
    (void)owner;
    (void)r;
}

static void on_hold(run_owner *owner)
{
    InterlockedIncrement(&impl_from_run_owner(owner)->references);
}

void host_run_release(host_run *r)
{
    host *h = r->host;

    if (InterlockedDecrement(&r->references))
        return;
    buffers_fini(&r->pool);
    mem_free(r);
    host_release(h);
}

static void on_release(run_owner *owner)
{
    host_run_release(impl_from_run_owner(owner));
}

static const run_calls calls = {
    .connected = on_connected,
    .buffer_alloc = on_buffer_alloc,
    .buffer_free = on_buffer_free,
    .buffer_settle = on_buffer_settle,
    .cookie_free = on_cookie_free,
    .worker_begins = on_worker_begins,
    .worker_ends = on_worker_ends,
    .ended = on_ended,
    .hold = on_hold,
    .release = on_release,
};

host_run *host_run_create(host *h, DWORD buffer_size)
{
    host_run *r = mem_alloc(sizeof(*r));

    if (!r)
        return NULL;
    r->owner.calls = &calls;
    r->references = 1;
    r->host = h;
    host_hold(h); /* it is there: a method of it runs */
    buffers_init(&r->pool, buffer_size);
    return r;
}
