#include "port.h"

#include "failure.h"
#include "faults.h"
#include "files.h"
#include "races.h"
#include "scheduler.h"
#include "status.h"
#include "tables.h"
#include "ways.h"

#include <stdlib.h>

struct port_object
{
    object head;
    packet *packets;
    size_t first, count, room;
    bool closed;
};

static void port_freed(object *o)
{
    free(((port_object *)o)->packets);
}

static void port_closed(object *o)
{
    ((port_object *)o)->closed = true;
}

static HANDLE create(void)
{
    port_object *p;
    HANDLE handle;

    if (fault(FAULT_CREATE_PORT))
        return NULL;
    p = object_create(OBJECT_PORT, sizeof(*p));
    p->head.freed = port_freed;
    p->head.last_handle_closed = port_closed;
    handle = object_open(&p->head);
    object_release(&p->head);
    return handle;
}

HANDLE WINAPI CreateIoCompletionPort(HANDLE handle, HANDLE port, ULONG_PTR key, DWORD threads)
{
    HANDLE bound = port;
    file *f;

    (void)threads;
    point("CreateIoCompletionPort", "", 0, 0);
    if (handle == INVALID_HANDLE_VALUE)
        return create();
    f = object_of(handle, OBJECT_FILE, "CreateIoCompletionPort");
    if (f->port)
        fail("pipe end %d is bound to a port twice", f->head.number);
    if (fault(FAULT_BIND))
        return NULL;
    if (!bound)
        bound = create();
    if (!bound)
        return NULL;
    f->port = object_of(bound, OBJECT_PORT, "CreateIoCompletionPort");
    object_hold(&f->port->head);
    f->key = key;
    return bound;
}

void port_put(port_object *p, const packet *what)
{
    if (p->closed)
        return;
    if (p->first + p->count == p->room)
    {
        p->room = p->room * 2 + 16;
        p->packets = realloc(p->packets, p->room * sizeof(*p->packets));
    }
    p->packets[p->first + p->count] = *what;
    races_release(&p->packets[p->first + p->count++]);
    point("a packet is queued", "port", p->head.number, what->error);
}

BOOL WINAPI PostQueuedCompletionStatus(HANDLE port, DWORD bytes, ULONG_PTR key, OVERLAPPED *overlapped)
{
    port_object *p = object_of(port, OBJECT_PORT, "PostQueuedCompletionStatus");
    packet what = {.key = key, .overlapped = overlapped, .bytes = bytes};

    point("PostQueuedCompletionStatus", "port", p->head.number, (DWORD)key);
    p = object_of(port, OBJECT_PORT, "PostQueuedCompletionStatus");
    if (fault(FAULT_POST))
        return FALSE;
    object_hold(&p->head); /* the packet may be what lets another thread close the port */
    port_put(p, &what);
    object_release(&p->head);
    return TRUE;
}

static bool has_packet(void *port)
{
    return ((port_object *)port)->count || (((port_object *)port)->closed && !ways.closed_port_waits);
}

static packet take(port_object *p)
{
    packet taken = p->packets[p->first];

    races_acquire(&p->packets[p->first++]);
    races_acquire(taken.overlapped); /* the thread that began the request */
    if (--p->count == 0)
        p->first = 0;
    return taken;
}

/* Wine's new WoW64 sets the result a moment after the packet. */
typedef struct filling
{
    OVERLAPPED *overlapped;
    DWORD error, bytes;
} filling;

static void set_result(void *argument)
{
    filling *f = argument;

    point("the result is set", "", 0, f->error);
    f->overlapped->InternalHigh = f->bytes;
    f->overlapped->Internal = status_of(f->error);
    scheduler_clock_held--;
    free(f);
}

static void fill(const packet *taken)
{
    filling *f;

    /* The product looks for the result of a success of no bytes alone; later than that its memory may be gone. */
    if (ways.fill == FILL_AFTER_PACKET && !taken->error && !taken->bytes)
    {
        f = malloc(sizeof(*f));
        *f = (filling){taken->overlapped, taken->error, taken->bytes};
        scheduler_clock_held++;
        scheduler_start(set_result, f, "system", false);
        return;
    }
    taken->overlapped->InternalHigh = taken->bytes;
    taken->overlapped->Internal = status_of(taken->error);
}

BOOL WINAPI GetQueuedCompletionStatus(HANDLE port, DWORD *bytes, ULONG_PTR *key, OVERLAPPED **overlapped, DWORD ms)
{
    port_object *p = object_of(port, OBJECT_PORT, "GetQueuedCompletionStatus");
    packet taken;
    bool came;

    *overlapped = NULL;
    point("GetQueuedCompletionStatus", "port", p->head.number, ms);
    object_hold(&p->head);
    came = has_packet(p) || (ms && scheduler_wait(has_packet, p, scheduler_in(ms), "packet of port", p->head.number));
    if (!came || !p->count)
    {
        SetLastError(came ? ERROR_ABANDONED_WAIT_0 : WAIT_TIMEOUT);
        object_release(&p->head);
        return FALSE;
    }
    taken = take(p);
    object_release(&p->head);
    if (taken.fills)
        fill(&taken);
    *bytes = taken.bytes;
    *key = taken.key;
    *overlapped = taken.overlapped;
    if (taken.function)
        table_result(taken.function, taken.overlapped, taken.error, taken.bytes);
    if (taken.error)
        SetLastError(taken.error);
    point("GetQueuedCompletionStatus.", "", 0, taken.error);
    return !taken.error;
}

BOOL WINAPI SetFileCompletionNotificationModes(HANDLE handle, BYTE modes)
{
    file *f = object_of(handle, OBJECT_FILE, "SetFileCompletionNotificationModes");

    point("SetFileCompletionNotificationModes", "pipe end", f->head.number, modes);
    if (fault(FAULT_SET_MODES))
        return FALSE;
    f->skips_success = modes & FILE_SKIP_COMPLETION_PORT_ON_SUCCESS;
    return TRUE;
}
