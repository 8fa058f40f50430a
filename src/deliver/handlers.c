/* Handlers that run: on which threads, and of which lanes. */

#include "deliver/handlers.h"

void queue_begin_handler(queue *q, lane *l)
{
    l->hold(l);
    l->thread = GetCurrentThreadId();
    l->run->active_at = win32.tick_count();
    if (!l->depth++)
        list_append(&q->raising, &l->raising);
}

void queue_end_handler(queue *q, lane *l, LONGLONG told)
{
    l->run->active_at = win32.tick_count();
    if (told > l->delivered_up_to)
        l->delivered_up_to = told;
    if (!l->depth || --l->depth)
        return;
    list_remove(&l->raising);
    backlog_settle_lane(&q->backlog, l);
}

bool running_handler_begin(queue *q, running_handler *f, lane *l)
{
    bool begun;

    f->thread = GetCurrentThreadId();
    f->lane = l;
    lock_acquire(&q->lock);
    begun = !LOAD_ACQUIRE(&l->run->silenced) && !q->silenced;
    if (begun)
    {
        l->run->active_at = win32.tick_count();
        list_append(&q->running, &f->link);
    }
    lock_release(&q->lock);
    return begun;
}

void running_handler_end(queue *q, running_handler *f)
{
    lock_acquire(&q->lock);
    if (list_linked(&f->link))
        f->lane->run->active_at = win32.tick_count();
    list_remove(&f->link);
    lock_release(&q->lock);
}

/* Returns whether a handler of the lane is of the kind that is looked for. `r` is for a kind that depends on a run. */
typedef bool (*handler_kind)(const lane *l, const run_state *r);

static bool is_any(const lane *l, const run_state *r)
{
    (void)l;
    (void)r;
    return true;
}

static bool is_of_worker(const lane *l, const run_state *r)
{
    (void)r;
    return l->busy;
}

/* Any worker may raise the events that an ended run has left. */
static bool is_of_worker_of(const lane *l, const run_state *r)
{
    return l->busy && (l->run == r || l->run->ended);
}

static bool is_in_handler(queue *q, handler_kind is_of, const run_state *r)
{
    DWORD thread = GetCurrentThreadId();
    bool found = false;

    lock_acquire(&q->lock);
    for (list_link *link = list_first(&q->raising); link && !found; link = list_next(&q->raising, link))
    {
        lane *l = CONTAINER_OF(link, lane, raising);

        found = l->thread == thread && is_of(l, r);
    }
    for (list_link *link = list_first(&q->running); link && !found; link = list_next(&q->running, link))
    {
        running_handler *f = CONTAINER_OF(link, running_handler, link);

        found = f->thread == thread && is_of(f->lane, r);
    }
    lock_release(&q->lock);
    return found;
}

bool queue_is_in_handler(queue *q)
{
    return is_in_handler(q, is_any, NULL);
}

bool queue_is_in_worker_handler(queue *q)
{
    return is_in_handler(q, is_of_worker, NULL);
}

bool queue_holds_up(queue *q, const run_state *r)
{
    return is_in_handler(q, is_of_worker_of, r);
}
