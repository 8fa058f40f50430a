/* Raising: what waits is taken out under the queue's lock, and raised with none held. */

#include "deliver/queue.h"

#include "base/thread.h"

#define REFUSED_PAUSE_MS 50 /* before what was refused is tried again */

/* ---- handlers that run ---- */

/* A handler of the lane begins on this thread. The lane is held until it has ended. */
static void begin_handler(queue *q, lane *l) REQUIRES_LOCK(q->lock)
{
    l->hold(l);
    l->thread = GetCurrentThreadId();
    l->run->active_at = GetTickCount64();
    if (!l->depth++)
        list_append(&q->raising, &l->raising);
}

/* It has, but for the lane's release once the lock is open. */
static void end_handler(queue *q, lane *l) REQUIRES_LOCK(q->lock)
{
    l->run->active_at = GetTickCount64();
    if (!l->depth || --l->depth)
        return;
    list_remove(&l->raising);
    backlog_settle_lane(&q->backlog, l);
}

bool queue_frame_begin(queue *q, frame *f, lane *l)
{
    bool begun;

    f->thread = GetCurrentThreadId();
    f->lane = l;
    lock_acquire(&q->lock);
    begun = !l->run->silenced && !q->closed;
    if (begun)
    {
        l->run->active_at = GetTickCount64();
        list_append(&q->frames, &f->link);
    }
    lock_release(&q->lock);
    return begun;
}

void queue_frame_end(queue *q, frame *f)
{
    lock_acquire(&q->lock);
    if (list_linked(&f->link))
        f->lane->run->active_at = GetTickCount64();
    list_remove(&f->link);
    lock_release(&q->lock);
}

/* Handlers of a kind; what of them depends on a run, on that one. */
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

/* What an ended run left may be raised by any worker. */
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
    for (list_link *link = list_first(&q->frames); link && !found; link = list_next(&q->frames, link))
    {
        frame *f = CONTAINER_OF(link, frame, link);

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

/* ---- one event ---- */

/* False: nobody may put it back any more. */
static bool put_back(queue *q, pipe_event *event, bool untold)
{
    lane *l = event->lane;
    aftermath after;
    bool kept;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    kept = !q->closed && !l->silenced && !l->run->silenced;
    if (kept)
        backlog_put_back(&q->backlog, event, untold);
    queue_unlock(q, &after);
    return kept;
}

/* Raises an event that was taken out, and ends it; or puts it back. False: it was refused. */
static bool raise(queue *q, pipe_event *event)
{
    raised how;

    pipe_event_taken(event);
    how = q->owner->calls->raise(q->owner, event);
    if (how != RAISED_ALL && put_back(q, event, how == RAISED_NONE))
        return false;
    queue_end_event(q, event);
    return true;
}

/* False: the owner is about to be freed. */
static bool hold_all(queue *q)
{
    if (!q->owner->calls->hold(q->owner))
        return false;
    queue_hold(q);
    return true;
}

static void release_all(queue *q)
{
    queue_owner *owner = q->owner;

    queue_release(q);
    owner->calls->release(owner);
}

/* ---- on the window's thread ---- */

/* Whether something was refused on this thread just now. All that waits is then tried again from its message loop. */
static bool is_held_back(queue *q)
{
    if (!thread_window_is_held_back(q->window))
        return false;
    thread_window_hold_back(q->window, &q->drain);
    return true;
}

/* Raises the next event of the window's thread. Where more waits, the wake-up for it is posted first: a handler
 * that pumps is then re-entered by it. `by_itself`: not where the thread is hushed. False: there was nothing to
 * raise, or it was refused. */
static bool raise_on_window(queue *q, const backlog_limit *limit, bool by_itself)
{
    aftermath after;
    pipe_event *event = NULL;
    lane *l;
    bool more = false, done;

    if (is_held_back(q))
        return false;
    aftermath_init(&after);
    lock_acquire(&q->lock);
    if (!by_itself || !q->hushed)
        event = backlog_take(&q->backlog, QUEUE_WINDOW, NULL, limit, queue_clock());
    if (event)
    {
        begin_handler(q, event->lane);
        more = backlog_has(&q->backlog, QUEUE_WINDOW, NULL, &no_limit);
    }
    queue_unlock(q, &after);
    if (!event)
        return false;
    if (more)
        queue_wake_window(q);
    l = event->lane;
    done = raise(q, event);
    if (!done)
        thread_window_hold_back(q->window, &q->drain);
    aftermath_init(&after);
    lock_acquire(&q->lock);
    end_handler(q, l);
    queue_unlock(q, &after);
    l->release(l);
    return done;
}

void queue_hush(queue *q, bool hushed)
{
    lock_acquire(&q->lock);
    if (hushed)
        q->hushed++;
    else
        q->hushed--;
    lock_release(&q->lock);
    if (!hushed)
        queue_wake_all(q);
}

void queue_drain_task(task *t)
{
    queue *q = CONTAINER_OF(t, queue, drain);

    if (!hold_all(q)) /* held: a handler may end everything */
        return;
    while (raise_on_window(q, &no_limit, true))
        if (thread_window_slice_is_over(q->window))
            break;
    release_all(q);
}

void queue_drain_window(queue *q, const backlog_limit *limit)
{
    if (!hold_all(q))
        return;
    while (raise_on_window(q, limit, false))
        continue;
    release_all(q);
}

/* ---- on threads that wait ---- */

/* The thread that was raising has ended inside a handler, and took what it was raising along. */
static void forget_raiser(queue *q) REQUIRES_LOCK(q->lock)
{
    list_link *link, *next;

    for (link = list_first(&q->raising); link; link = next)
    {
        lane *l = CONTAINER_OF(link, lane, raising);

        next = list_next(&q->raising, link);
        if (l->thread != q->raiser.thread)
            continue;
        l->depth = 0;
        list_remove(link);
        backlog_settle_lane(&q->backlog, l);
    }
    q->raiser.depth = 0;
}

static bool may_raise(queue *q) REQUIRES_LOCK(q->lock)
{
    if (q->raiser.depth && q->raiser.thread != GetCurrentThreadId() && !thread_lives(q->raiser.handle))
        forget_raiser(q);
    return !q->raiser.depth || q->raiser.thread == GetCurrentThreadId();
}

/* While the handle is kept, no other thread gets this one's id. */
static void begin_raising(queue *q) REQUIRES_LOCK(q->lock)
{
    DWORD thread = GetCurrentThreadId();

    q->raiser.depth++;
    if (q->raiser.handle && q->raiser.thread == thread)
        return;
    if (q->raiser.handle)
        CloseHandle(q->raiser.handle);
    q->raiser.thread = thread;
    q->raiser.handle = thread_open_self();
}

static void end_raising(queue *q) REQUIRES_LOCK(q->lock)
{
    if (--q->raiser.depth == 0)
        waiters_signal(&q->waiters);
}

queue_step queue_raise_one(queue *q, const backlog_limit *limit)
{
    aftermath after;
    pipe_event *event = NULL;
    lane *l;
    bool done;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    if (may_raise(q))
        event = backlog_take(&q->backlog, QUEUE_WAITERS, NULL, limit, queue_clock());
    if (event)
    {
        begin_handler(q, event->lane);
        begin_raising(q);
    }
    queue_unlock(q, &after);
    if (!event)
        return STEP_NOTHING;
    l = event->lane;
    done = raise(q, event);
    aftermath_init(&after);
    lock_acquire(&q->lock);
    end_raising(q);
    end_handler(q, l);
    queue_unlock(q, &after);
    l->release(l);
    return done ? STEP_RAISED : STEP_REFUSED;
}

/* Whether this thread is to raise something yet: who has left it to this waiter counts on that. */
static bool has_rest(queue *q, const waiter *w) REQUIRES_LOCK(q->lock)
{
    backlog_limit limit = {w->leave_at, no_limit.run};

    return w->left && backlog_has(&q->backlog, QUEUE_WAITERS, NULL, &limit) && may_raise(q);
}

bool queue_waiter_end(queue *q, waiter *w, bool refused, bool *left)
{
    bool ends;

    lock_acquire(&q->lock);
    ends = refused || !has_rest(q, w);
    if (ends)
        list_remove(&w->link);
    *left = w->left;
    lock_release(&q->lock);
    if (ends)
        waiter_free(w);
    return ends;
}

/* ---- on workers ---- */

/* Where more is ready another worker is told, since this one is about to be in a handler, for as long as that likes. */
static pipe_event *take_ready(queue *q, run_state *r)
{
    aftermath after;
    pipe_event *event;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    event = backlog_take(&q->backlog, QUEUE_WORKERS, r, &no_limit, queue_clock());
    if (event)
    {
        begin_handler(q, event->lane);
        if (r->threads > 1 && backlog_has(&q->backlog, QUEUE_WORKERS, r, &no_limit))
            queue_kick(q, r, 1);
    }
    queue_unlock(q, &after);
    return event;
}

/* The lane may go on, and after READY all the others of its run, on as many workers as there are. */
static void give_back(queue *q, lane *l, pipe_event_kind kind, bool done)
{
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    end_handler(q, l);
    if (done)
        backlog_give_back(&q->backlog, l, kind, queue_clock());
    waiters_signal(&q->waiters); /* the sink may have gone: the rest is the consumer's then */
    queue_unlock(q, &after);
}

void queue_raise_ready(queue *q, run_state *r)
{
    pipe_event *event;

    if (!hold_all(q))
        return;
    while ((event = take_ready(q, r)) != NULL)
    {
        lane *l = event->lane;
        pipe_event_kind kind = event->kind;
        bool done = raise(q, event);

        give_back(q, l, kind, done);
        l->release(l);
        if (done)
            continue;
        /* Of a run that has ended it could be taken again at once, for as long as the sink refuses: the worker sees to
         * its own run meanwhile. */
        win32.sleep(REFUSED_PAUSE_MS);
        engine_kick(r->engine);
        break;
    }
    release_all(q);
}

/* ---- to the consumer ---- */

pipe_event *queue_take_for_consumer(queue *q)
{
    aftermath after;
    pipe_event *event;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    event = backlog_take_unheard(&q->backlog, queue_clock());
    queue_unlock(q, &after);
    if (event)
        pipe_event_taken(event);
    return event;
}

void queue_finish_taken(queue *q, pipe_event *event)
{
    queue_end_event(q, event);
}

bool queue_has_events(queue *q)
{
    bool has;

    lock_acquire(&q->lock);
    has = backlog_has_unheard(&q->backlog);
    lock_release(&q->lock);
    return has;
}
