/* Events, and waiting for objects. */

#include "failure.h"
#include "faults.h"
#include "files.h"
#include "objects.h"
#include "races.h"
#include "scheduler.h"
#include "threads.h"

typedef struct event_object
{
    object head;
    bool manual, set;
} event_object;

HANDLE WINAPI CreateEventW(SECURITY_ATTRIBUTES *security, BOOL manual_reset, BOOL set, const WCHAR *name)
{
    event_object *e;
    HANDLE handle;

    (void)security;
    (void)name;
    point("CreateEventW", "", 0, 0);
    if (fault(FAULT_CREATE_EVENT))
        return NULL;
    e = object_create(OBJECT_EVENT, sizeof(*e));
    e->manual = manual_reset;
    e->set = set;
    handle = object_open(&e->head);
    object_release(&e->head);
    return handle;
}

void event_set(HANDLE event)
{
    event_object *e = object_of(event, OBJECT_EVENT, "the end of a request");

    e->set = true;
    races_release(e);
}

BOOL WINAPI SetEvent(HANDLE event)
{
    event_object *e = object_of(event, OBJECT_EVENT, "SetEvent");

    point("SetEvent", "event", e->head.number, 0);
    e = object_of(event, OBJECT_EVENT, "SetEvent");
    e->set = true;
    races_release(e);
    point("SetEvent.", "event", e->head.number, 0);
    return TRUE;
}

BOOL WINAPI ResetEvent(HANDLE event)
{
    ((event_object *)object_of(event, OBJECT_EVENT, "ResetEvent"))->set = false;
    return TRUE;
}

/* ---- waiting ---- */

typedef struct wait
{
    object *const *objects;
    DWORD count, index;
} wait;

static bool is_signalled(object *o)
{
    if (o->kind == OBJECT_EVENT)
        return ((event_object *)o)->set;
    if (o->kind != OBJECT_THREAD)
        fail("a wait for a %s; the stand-in does not know this case", object_kind_name(o->kind));
    return thread_object_has_ended(o);
}

static bool some_signalled(void *context)
{
    wait *w = context;

    for (w->index = 0; w->index < w->count; w->index++)
        if (is_signalled(w->objects[w->index]))
            return true;
    return false;
}

static DWORD wait_for(object *const *objects, DWORD count, DWORD ms)
{
    wait w = {objects, count, 0};
    bool came = some_signalled(&w);

    if (!came && ms)
        came = scheduler_wait(some_signalled, &w, scheduler_in(ms), object_kind_name(objects[0]->kind),
                              objects[0]->number);
    if (!came)
        return WAIT_TIMEOUT;
    races_acquire(objects[w.index]);
    if (objects[w.index]->kind == OBJECT_EVENT && !((event_object *)objects[w.index])->manual)
        ((event_object *)objects[w.index])->set = false;
    return WAIT_OBJECT_0 + w.index;
}

DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, DWORD ms)
{
    object *objects[4];
    DWORD result;

    if (all || count > 4)
        fail("WaitForMultipleObjects: the stand-in does not know this case");
    for (DWORD i = 0; i < count; i++)
        objects[i] = object_hold(object_of_any(handles[i], "WaitForMultipleObjects"));
    point("WaitForMultipleObjects", object_kind_name(objects[0]->kind), objects[0]->number, ms);
    result = wait_for(objects, count, ms);
    for (DWORD i = 0; i < count; i++)
        object_release(objects[i]);
    return result;
}

DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD ms)
{
    return WaitForMultipleObjects(1, &handle, FALSE, ms);
}
