#include "com/host.h"

#include "com/apartment.h"
#include "com/error.h"
#include "com/error_log.h"

#include "base/check.h"
#include "base/trace.h"

/* ---- life ---- */

bool host_hold(host *h)
{
    return count_up(&h->holds);
}

static void end_task(task *t)
{
    host *h = CONTAINER_OF(t, host, end);

    h->calls->end(h);
}

/* The memory is freed on the creating thread, so that no task of the queue is running when the queue is freed; or, if
 * that thread has ended, on any thread. */
void host_release(host *h)
{
    if (count_down(&h->holds) == 0)
        thread_window_run(h->window, &h->end);
}

bool host_init(host *h, const host_calls *calls_of_it)
{
    bool sta = apartment_current() != 0;

    h->calls = calls_of_it;
    h->holds = h->users = 1;
    h->end.run = h->end.abandon = end_task;
    h->thread = GetCurrentThreadId();
    list_init(&h->endpoints);
    h->window = sta ? thread_window_get() : NULL;
    h->not_stopping = CreateEventW(NULL, TRUE, TRUE, NULL);
    h->queue_owner.calls = calls_of_it->events;
    if ((!sta || h->window) && h->not_stopping)
        h->queue = queue_create(&h->queue_owner, h->window);
    if (h->queue)
    {
        tracing_init(&h->tracing, calls_of_it->kind);
        return true;
    }
    if (h->window)
        thread_window_release(h->window);
    if (h->not_stopping)
        CloseHandle(h->not_stopping);
    return false;
}

void host_fini(host *h)
{
    queue_release(h->queue); /* and with it the window */
    tracing_fini(&h->tracing);
    SysFreeString(h->last_event_error);
    SysFreeString(h->start_failure);
    CloseHandle(h->not_stopping);
}

/* ---- the run ---- */

bool host_is_settled(host *h)
{
    bool settled;

    lock_acquire(&h->life);
    settled = h->current && !h->stopping;
    lock_release(&h->life);
    return settled;
}

bool host_is_running(host *h)
{
    bool running;

    lock_acquire(&h->life);
    running = h->current != NULL;
    lock_release(&h->life);
    return running;
}

traffic host_traffic(host *h, LONGLONG *clients)
{
    traffic carried;

    lock_acquire(&h->life);
    if (h->current)
        carried = engine_traffic(run_engine(&h->current->run), clients);
    else
    {
        carried = h->carried;
        *clients = h->clients_ever;
    }
    lock_release(&h->life);
    return carried;
}

void host_count_on(host_run *r)
{
    host *h = r->host;

    lock_acquire(&h->life);
    if (h->counts_on == r)
        h->carried = engine_traffic(run_engine(&r->run), &h->clients_ever);
    lock_release(&h->life);
}

void host_count_no_more(const host_run *r)
{
    host *h = r->host;

    lock_acquire(&h->life);
    if (h->counts_on == r)
        h->counts_on = NULL;
    lock_release(&h->life);
}

host_run *host_run_get(host *h)
{
    host_run *r;

    lock_acquire(&h->life);
    r = h->current;
    if (r)
        run_hold(&r->run); /* under the lock: a stop on another thread may release it */
    lock_release(&h->life);
    return r;
}

/* ---- failures ---- */

void host_note_start(host *h, HRESULT hr)
{
    BSTR fresh = FAILED(hr) ? error_copy_sentence() : NULL, old;

    lock_acquire(&h->lock);
    old = h->start_failure;
    h->start_failure = fresh;
    lock_release(&h->lock);
    SysFreeString(old);
}

/* Notes the failure of a handler for the trace and for Diagnose. */
static void log_failure(host *h, const WCHAR *event, HRESULT code, const WCHAR *said)
{
    trace_line line = {.what = L"handler failed", .error = code, .more = said};
    WCHAR what[ERROR_LOG_PLACE];
    error_place place = {h->calls->kind, h->tracing.number, 0, what};

    wsprintfW(what, L"handler of %s", event);
    error_log_add(&place, code, said);
    tracing_write(&h->tracing, &line);
}

void host_note_failure(host *h, const WCHAR *event, HRESULT code, const WCHAR *said)
{
    size_t size = ((size_t)lstrlenW(event) + (size_t)lstrlenW(said) + 20) * sizeof(WCHAR);
    WCHAR *line = mem_alloc(size);
    BSTR fresh = NULL, old;

    log_failure(h, event, code, said);
    if (line)
    {
        wsprintfW(line, L"%s: 0x%08lX: ", event, (unsigned long)code);
        lstrcatW(line, said);
        trace(line);
        fresh = SysAllocString(line);
        mem_free(line);
    }
    lock_acquire(&h->lock);
    old = h->last_event_error;
    h->last_event_error = fresh;
    lock_release(&h->lock);
    SysFreeString(old);
}
