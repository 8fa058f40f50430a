#include "requests.h"

#include "failure.h"
#include "files.h"
#include "port.h"
#include "races.h"
#include "scheduler.h"
#include "status.h"
#include "tables.h"
#include "ways.h"

#include <stdlib.h>

bool requests_may_double;
static request *pending, *ended; /* `ended` in the order of their ends */

static bool some_ended(void *unused)
{
    (void)unused;
    return ended != NULL;
}

static void tell(request *r);

static void tell_first(void)
{
    request *r = ended;

    ended = r->next;
    tell(r);
    scheduler_clock_held--;
}

/* The system's own thread. */
static void system_main(void *unused)
{
    (void)unused;
    for (;;)
    {
        scheduler_wait(some_ended, NULL, NEVER, "work of the system", 0);
        tell_first();
    }
}

void requests_tell(void)
{
    while (!ways.completes_late && ended)
        tell_first();
}

void requests_begin(void)
{
    pending = ended = NULL;
    if (ways.completes_late)
        scheduler_start(system_main, NULL, "system", true);
}

void requests_end(void)
{
    if (pending || ended)
        fail("%s of pipe end %d has not ended", (pending ? pending : ended)->name,
             (pending ? pending : ended)->file->head.number);
}

static void unlink_from(request **list, request *r)
{
    while (*list != r)
        list = &(*list)->next;
    *list = r->next;
    r->next = NULL;
}

/* The lowest bit of the event's handle says that no packet comes (the page of GetQueuedCompletionStatus). */
static HANDLE event_of(const OVERLAPPED *overlapped)
{
    return (HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1);
}

/* The functions mark it before they ask the system, and the system resets the event before it looks at the request
 * (ReactOS, kernel32/client/file/rw.c; the page of OVERLAPPED). */
void request_prepare(OVERLAPPED *overlapped)
{
    races_release(overlapped);
    overlapped->Internal = STATUS_PENDING;
    if (event_of(overlapped))
        ResetEvent(event_of(overlapped));
}

request *request_begin(file *f, const char *name, OVERLAPPED *overlapped, void *data, DWORD size)
{
    request *r = calloc(1, sizeof(*r));

    for (request *other = pending; other; other = other->next)
        if (other->file == f && other->name == name && !f->is_peer && !requests_may_double)
            fail("%s is under way twice on pipe end %d", name, f->head.number);
    r->file = f;
    object_hold(&f->head);
    r->name = name;
    r->overlapped = overlapped;
    r->data = data;
    r->size = size;
    r->thread = scheduler_current();
    r->next = pending;
    pending = r;
    return r;
}

/* ---- telling ---- */

static void set_result(OVERLAPPED *overlapped, DWORD error, DWORD bytes)
{
    overlapped->InternalHigh = bytes;
    overlapped->Internal = status_of(error);
}

static void signal_event(OVERLAPPED *overlapped)
{
    if (event_of(overlapped))
        event_set(event_of(overlapped));
}

static bool wants_packet(const file *f, const OVERLAPPED *overlapped)
{
    return f->port && !((ULONG_PTR)overlapped->hEvent & 1);
}

/* The product binds its ends with the key 0; its probe uses another. */
static const char *function_of_product(const file *f, const char *function)
{
    return f->port && !f->key && !requests_may_double ? function : NULL;
}

static void free_request(request *r)
{
    object_release(&r->file->head);
    free(r);
}

static void tell(request *r)
{
    file *f = r->file;
    OVERLAPPED *overlapped = r->overlapped;
    packet p = {.key = f->key, .overlapped = overlapped, .error = r->error, .bytes = r->bytes};

    p.function = function_of_product(f, r->name);
    if (r->has_no_result && wants_packet(f, overlapped))
    {
        p.error = p.bytes = 0;
        port_put(f->port, &p);
    }
    else if (!wants_packet(f, overlapped))
    {
        set_result(overlapped, r->error, r->bytes);
        signal_event(overlapped);
    }
    else if (ways.fill == FILL_BEFORE_PACKET)
    {
        set_result(overlapped, r->error, r->bytes);
        signal_event(overlapped);
        point("the result is set", "pipe end", f->head.number, r->error);
        port_put(f->port, &p);
    }
    else
    {
        p.fills = true;
        signal_event(overlapped);
        port_put(f->port, &p);
    }
    point(r->name, "pipe end", f->head.number, r->error);
    free_request(r);
}

void request_end(request *r, DWORD error, DWORD bytes)
{
    request **last = &ended;

    unlink_from(&pending, r);
    r->error = error;
    r->bytes = bytes;
    while (*last)
        last = &(*last)->next;
    *last = r;
    scheduler_clock_held++;
}

BOOL request_ended_at_once(file *f, const char *name, OVERLAPPED *overlapped, DWORD error, DWORD bytes)
{
    bool skips = f->skips_success && (!error || ways.more_data == MORE_DATA_SKIPS);
    bool pends = f->skips_success && error == ERROR_MORE_DATA && ways.more_data == MORE_DATA_PENDS;
    packet p = {.key = f->key, .overlapped = overlapped, .error = error, .bytes = bytes};

    p.function = function_of_product(f, name);
    if (p.function && wants_packet(f, overlapped) && (skips || (error && error != ERROR_MORE_DATA)))
        table_result(p.function, overlapped, error, bytes);
    if (overlapped && (!error || error == ERROR_MORE_DATA))
    {
        set_result(overlapped, error, bytes);
        signal_event(overlapped);
        if (wants_packet(f, overlapped) && !skips)
            port_put(f->port, &p);
    }
    if (error)
        SetLastError(pends ? ERROR_IO_PENDING : error);
    return !error;
}

/* ---- memory ---- */

static bool is_in(const void *what, const void *memory, size_t size)
{
    return (const char *)what >= (const char *)memory && (const char *)what < (const char *)memory + size;
}

/* A request of no bytes needs none: what it gave may be the address of the block behind its own. */
static void forbid(const request *list, const void *memory, size_t size)
{
    for (const request *r = list; r; r = r->next)
        if (is_in(r->overlapped, memory, size) || (r->size && is_in(r->data, memory, size)))
            fail("memory is freed that %s of pipe end %d still needs", r->name, r->file->head.number);
}

void requests_forbid(const void *memory, size_t size)
{
    forbid(pending, memory, size);
    forbid(ended, memory, size);
}

/* ---- cancelling ---- */

/* A cancelled wait for a client ends with 995; on some Windows it ends only when its handle is closed. */
static void cancel(request *r)
{
    if (r->cancelled)
        return;
    if (ways.connect_hangs && !strcmp(r->name, "ConnectNamedPipe"))
    {
        r->cancelled = true;
        return;
    }
    r->cancel(r);
}

static request *find(const file *f, const OVERLAPPED *overlapped)
{
    for (request *r = pending; r; r = r->next)
        if (r->file == f && !r->cancelled && (!overlapped || r->overlapped == overlapped))
            return r;
    return NULL;
}

BOOL WINAPI CancelIoEx(HANDLE handle, OVERLAPPED *overlapped)
{
    file *f = object_of(handle, OBJECT_FILE, "CancelIoEx");
    request *r;
    bool found = false;

    point("CancelIoEx", "pipe end", f->head.number, 0);
    f = object_of(handle, OBJECT_FILE, "CancelIoEx");
    while ((r = find(f, overlapped)) != NULL)
    {
        cancel(r);
        found = true;
    }
    requests_tell();
    found |= !overlapped && ways.cancels_nothing;
    if (!found)
        SetLastError(ERROR_NOT_FOUND);
    return found;
}

void requests_cancel_of_thread(int thread)
{
    request *r = pending;

    while (r)
    {
        if (r->thread == thread && !r->cancelled)
        {
            r->thread = -1;
            r->has_no_result = ways.ends_without_result;
            cancel(r);
            r = pending; /* the list has changed */
        }
        else
            r = r->next;
    }
    requests_tell();
}

/* ---- results ---- */

static bool is_completed(void *overlapped)
{
    return HasOverlappedIoCompleted((OVERLAPPED *)overlapped);
}

BOOL WINAPI GetOverlappedResult(HANDLE handle, OVERLAPPED *overlapped, DWORD *bytes, BOOL wait)
{
    file *f = object_of(handle, OBJECT_FILE, "GetOverlappedResult");

    point("GetOverlappedResult", "pipe end", f->head.number, 0);
    if (!is_completed(overlapped) && !wait)
    {
        SetLastError(ERROR_IO_INCOMPLETE);
        return FALSE;
    }
    scheduler_wait(is_completed, overlapped, NEVER, "the result of a request of pipe end", f->head.number);
    races_acquire(overlapped);
    *bytes = (DWORD)overlapped->InternalHigh;
    if (overlapped->Internal)
        SetLastError(status_error(overlapped->Internal));
    return !overlapped->Internal;
}
