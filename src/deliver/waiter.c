#include "deliver/waiter.h"

#include "base/thread.h"

waiter *waiter_create(bool is_loop)
{
    waiter *w = mem_alloc(sizeof(*w));

    if (!w)
        return NULL;
    w->is_loop = is_loop;
    w->changed = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!w->changed)
    {
        mem_free(w);
        return NULL;
    }
    w->thread = thread_open_self();
    w->thread_id = GetCurrentThreadId();
    return w;
}

void waiter_free(waiter *w)
{
    if (!w)
        return;
    CloseHandle(w->changed);
    if (w->thread)
        CloseHandle(w->thread);
    mem_free(w);
}

/* While the handle of a thread is kept, no other thread gets its id. */
waiter *waiters_take_spare(waiters *ws, bool is_loop)
{
    waiter *w = ws->spare;

    if (!w || w->thread_id != GetCurrentThreadId())
        return NULL;
    ws->spare = NULL;
    w->is_loop = is_loop;
    w->leave_pending = false;
    w->leave_at = 0;
    return w;
}

waiter *waiters_keep(waiters *ws, waiter *w)
{
    waiter *old = ws->spare;

    if (!w->thread)
        return w;
    ws->spare = w;
    return old;
}

void waiters_init(waiters *ws)
{
    list_init(&ws->inside);
    ws->leave_pending = false;
    ws->spare = NULL;
}

void waiters_fini(waiters *ws)
{
    list_link *link;

    while ((link = list_take_first(&ws->inside)) != NULL)
        waiter_free(CONTAINER_OF(link, waiter, link));
    waiter_free(ws->spare);
}

void waiters_signal(waiters *ws)
{
    for (list_link *link = list_first(&ws->inside); link; link = list_next(&ws->inside, link))
        SetEvent(CONTAINER_OF(link, waiter, link)->changed);
}

bool waiters_any(waiters *ws)
{
    list_link *link, *next;

    for (link = list_first(&ws->inside); link; link = next)
    {
        waiter *w = CONTAINER_OF(link, waiter, link);

        next = list_next(&ws->inside, link);
        if (thread_lives(w->thread))
            continue;
        list_remove(link);
        waiter_free(w);
    }
    return !list_empty(&ws->inside);
}

void waiters_leave(waiters *ws, bool by_leave, LONGLONG newest)
{
    bool inside = false;

    waiters_any(ws); /* forgets threads that have ended */
    for (list_link *link = list_first(&ws->inside); link; link = list_next(&ws->inside, link))
    {
        waiter *w = CONTAINER_OF(link, waiter, link);

        if (by_leave && !w->is_loop)
            continue;
        inside |= w->is_loop;
        if (!w->leave_pending || !by_leave)
            w->leave_at = newest;
        w->leave_pending = true;
    }
    if (!inside && by_leave)
        ws->leave_pending = true;
    waiters_signal(ws);
}
