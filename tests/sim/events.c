/* Events, and waiting for objects. */

#include "failure.h"
#include "faults.h"
#include "files.h"
#include "message_queue.h"
#include "objects.h"
#include "races.h"
#include "scheduler.h"
#include "threads.h"
#include "ways.h"

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

#define OBJECTS_MOST 4

/* One wait. It ends when an object is signalled or, if it is for messages too, when the thread has one. */
typedef struct wait
{
    object *objects[OBJECTS_MOST];
    DWORD count, index; /* index: of the object, or `count` for a message */
    bool for_messages;
    int thread;
} wait;

static bool is_signalled(object *o)
{
    if (o->kind == OBJECT_EVENT)
        return ((event_object *)o)->set;
    if (o->kind != OBJECT_THREAD)
        fail("a wait for a %s; the stand-in does not know this case", object_kind_name(o->kind));
    return thread_object_has_ended(o);
}

static bool has_message(const wait *w)
{
    return w->for_messages && message_queue_has_input(w->thread);
}

static bool some_signalled(void *context)
{
    wait *w = context;

    for (w->index = 0; w->index < w->count; w->index++)
        if (is_signalled(w->objects[w->index]))
            return true;
    return has_message(w);
}

static bool await(wait *w, DWORD ms)
{
    uint64_t until = scheduler_in(ms), timer = w->for_messages ? message_queue_next_timer(w->thread) : NEVER;
    const char *what = w->count ? object_kind_name(w->objects[0]->kind) : "a message";

    if (ways.messages_first && has_message(w))
    {
        w->index = w->count;
        return true;
    }
    if (some_signalled(w) || !ms)
        return some_signalled(w);
    if (scheduler_wait(some_signalled, w, timer < until ? timer : until, what, w->count ? w->objects[0]->number : 0))
        return true;
    if (scheduler_now() >= until)
        return false;
    fail("a wait has ended for a timer that is not there");
}

static DWORD wait_for(DWORD count, const HANDLE *handles, DWORD ms, bool for_messages, const char *function)
{
    wait w = {.count = count, .for_messages = for_messages, .thread = scheduler_current()};
    object *first;
    bool came;

    if (count > OBJECTS_MOST)
        fail("%s: the stand-in does not know this case", function);
    for (DWORD i = 0; i < count; i++)
        w.objects[i] = object_hold(object_of_any(handles[i], function));
    first = w.objects[0];
    point(function, first ? object_kind_name(first->kind) : "", first ? first->number : 0, ms);
    came = await(&w, ms);
    if (came && w.index < count)
        races_acquire(w.objects[w.index]);
    if (came && w.index < count && w.objects[w.index]->kind == OBJECT_EVENT)
        if (!((event_object *)w.objects[w.index])->manual)
            ((event_object *)w.objects[w.index])->set = false;
    for (DWORD i = 0; i < count; i++)
        object_release(w.objects[i]);
    return came ? WAIT_OBJECT_0 + w.index : WAIT_TIMEOUT;
}

DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, DWORD ms)
{
    if (all)
        fail("WaitForMultipleObjects: the stand-in does not know this case");
    return wait_for(count, handles, ms, false, "WaitForMultipleObjects");
}

DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD ms)
{
    return WaitForMultipleObjects(1, &handle, FALSE, ms);
}

/* With MWMO_INPUTAVAILABLE messages count that were there before, whether somebody has looked for them or not. */
DWORD WINAPI MsgWaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, DWORD ms, DWORD mask, DWORD flags)
{
    if (mask != QS_ALLINPUT || flags != MWMO_INPUTAVAILABLE)
        fail("MsgWaitForMultipleObjectsEx: the stand-in does not know this case");
    return wait_for(count, handles, ms, true, "MsgWaitForMultipleObjectsEx");
}
