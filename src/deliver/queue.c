/* Threading: one lock guards the queue, its lanes, its runs' flags and its waiters; it is a leaf but for the window's lock, the setting of the engine's pause and kicks.
 * What is decided under it is done after it: raising, dropping, waking. */

#include "deliver/queue.h"

#include "deliver/run.h"

#define UNHEARD_MAX 1024   /* events that wait where nobody is there */
#define PAUSE_ABOVE 131072 /* events of one owner beyond which nothing is accepted or read */
#define RESUME_BELOW 65536
#define NO_LAST ((LONGLONG)0x7fffffffffffffffLL)

struct queue
{
    volatile LONG references; /* Interlocked */
    queue_owner *owner;
    thread_window *window; /* held; NULL: none */
    task drain;
    lock lock;
    list events GUARDED_BY(lock); /* in order */
    list ready GUARDED_BY(lock);  /* lanes */
    list frames GUARDED_BY(lock);
    list waiters GUARDED_BY(lock);
    unsigned count GUARDED_BY(lock);
    LONGLONG sequence GUARDED_BY(lock);
    bool waited GUARDED_BY(lock);
    bool paused GUARDED_BY(lock), closed GUARDED_BY(lock);
    unsigned hushed GUARDED_BY(lock);
    bool left GUARDED_BY(lock);       /* ahead of the next loop */
    run *paused_run GUARDED_BY(lock); /* held while paused */
    DWORD raiser GUARDED_BY(lock);    /* QUEUE_WAITERS: the thread that is raising, and how deep */
    unsigned raiser_depth GUARDED_BY(lock);
};

static void wake_all(queue *q);

/* What is to be done once the lock is open. */
typedef struct aftermath
{
    list dropped;
    run *resumed; /* held */
} aftermath;

static void drain_task(task *t);

/* ---- life ---- */

queue *queue_create(queue_owner *owner, thread_window *window)
{
    queue *q = mem_alloc(sizeof(*q));

    if (!q)
        return NULL;
    q->references = 1;
    q->owner = owner;
    q->window = window;
    q->drain.run = drain_task;
    list_init(&q->events);
    list_init(&q->ready);
    list_init(&q->frames);
    list_init(&q->waiters);
    return q;
}

queue *queue_hold(queue *q)
{
    InterlockedIncrement(&q->references);
    return q;
}

void queue_release(queue *q)
{
    if (!q || InterlockedDecrement(&q->references))
        return;
    if (q->window)
    {
        thread_window_withdraw(q->window, &q->drain);
        thread_window_release(q->window);
    }
    mem_free(q);
}

thread_window *queue_get_window(queue *q)
{
    return q->window;
}

void audience_init(audience *a)
{
    memset(a, 0, sizeof(*a));
    list_init(&a->droppable);
}

void lane_init(lane *l, run *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l))
{
    memset(l, 0, sizeof(*l));
    l->audience = a;
    l->hold = hold;
    l->release = release;
    l->run = r;
    list_init(&l->events);
}

static void aftermath_init(aftermath *a)
{
    list_init(&a->dropped);
    a->resumed = NULL;
}

/* ---- taking out ---- */

/* Takes the event out of every list. Its DISCONNECTED makes a CONNECTED that still waits droppable. */
static void take_out(queue *q, pipe_event *event, aftermath *after) REQUIRES_LOCK(q->lock)
{
    lane *l = event->lane;

    list_remove(&event->link);
    list_remove(&event->lane_link);
    q->count--;
    if (list_linked(&event->drop_link))
    {
        list_remove(&event->drop_link);
        l->audience->droppable_count--;
    }
    if (event->kind == PIPE_CONNECTED)
    {
        l->connected = NULL;
        if (l->disconnect_waits)
            l->audience->droppable_count--;
    }
    if (event->kind == PIPE_DISCONNECTED)
    {
        l->disconnect_waits = false;
        l->told = true;
    }
    if (event->kind == PIPE_READY && !l->audience->heard)
        l->run->ready_told = true; /* nobody will be called for it */
    if (q->paused && q->count < RESUME_BELOW)
    {
        q->paused = false;
        engine_pause(q->paused_run->engine, false);
        after->resumed = q->paused_run;
        q->paused_run = NULL;
    }
    if (list_empty(&l->events))
        list_remove(&l->ready);
}

/* The end of an event, raised or not. Free-threaded, the handle of a connection is closed only now. */
static void end_event(pipe_event *event)
{
    lane *l = event->lane;

    if (event->kind == PIPE_DISCONNECTED)
    {
        l->told = true;
        connection_close_handle(event->connection);
    }
    pipe_event_release(event);
    l->release(l);
}

static void finish_aftermath(aftermath *a)
{
    list_link *link;

    while ((link = list_take_first(&a->dropped)) != NULL)
        end_event(CONTAINER_OF(link, pipe_event, link));
    if (a->resumed)
    {
        engine_advance(a->resumed->engine);
        run_release(a->resumed);
    }
}

/* ---- pushing ---- */

static void drop_oldest(queue *q, audience *a, aftermath *after) REQUIRES_LOCK(q->lock)
{
    pipe_event *event = CONTAINER_OF(list_first(&a->droppable), pipe_event, drop_link);
    pipe_event *connected = event->kind == PIPE_DISCONNECTED ? event->lane->connected : NULL;

    if (connected)
    {
        take_out(q, connected, after);
        list_append(&after->dropped, &connected->link);
    }
    take_out(q, event, after);
    list_append(&after->dropped, &event->link);
}

static void append(queue *q, lane *l, pipe_event *event) REQUIRES_LOCK(q->lock)
{
    event->sequence = ++q->sequence;
    list_append(&q->events, &event->link);
    q->count++;
    if (event->kind == PIPE_CONNECTED)
        l->connected = event;
    else
    {
        list_append(&l->audience->droppable, &event->drop_link);
        l->audience->droppable_count++;
    }
    if (event->kind == PIPE_DISCONNECTED)
    {
        l->disconnect_waits = true;
        if (l->connected)
            l->audience->droppable_count++;
    }
    if (l->run->way != QUEUE_WORKERS)
        return;
    list_append(&l->events, &event->lane_link);
    if (!l->busy && !list_linked(&l->ready))
        list_append(&q->ready, &l->ready);
}

static void pause_if_full(queue *q, run *r) REQUIRES_LOCK(q->lock)
{
    if (q->count <= PAUSE_ABOVE || q->paused)
        return;
    q->paused = true;
    q->paused_run = run_hold(r);
    engine_pause(r->engine, true);
}

static void signal_waiters(queue *q) REQUIRES_LOCK(q->lock)
{
    for (list_link *link = list_first(&q->waiters); link; link = list_next(&q->waiters, link))
        SetEvent(CONTAINER_OF(link, queue_waiter, link)->changed);
}

/* Whether a worker has to be woken for this lane. */
static bool wants_worker(const lane *l)
{
    run *r = l->run;

    return r->way == QUEUE_WORKERS && l->audience->heard && r->open && list_linked(&l->ready) &&
           (r->ready_told || l == &r->own_lane);
}

/* False: the window's thread has ended. */
static bool wake_window(queue *q)
{
    return thread_window_post(q->window, &q->drain);
}

void queue_push(queue *q, lane *l, pipe_event *event)
{
    run *r = l->run;
    aftermath after;
    bool kick, dropped, window;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    dropped = r->silenced || l->silenced || q->closed;
    event->lane = l;
    l->hold(l);
    if (dropped)
        list_append(&after.dropped, &event->link);
    else
        append(q, l, event);
    while (!l->audience->heard && !q->waited && l->audience->droppable_count > UNHEARD_MAX)
        drop_oldest(q, l->audience, &after);
    pause_if_full(q, r);
    kick = wants_worker(l);
    window = !dropped && r->way == QUEUE_WINDOW && l->audience->heard && r->open;
    signal_waiters(q);
    lock_release(&q->lock);
    if (kick)
        engine_kick(r->engine);
    if (window && !wake_window(q))
        run_silence(r);
    finish_aftermath(&after);
}

bool queue_is_behind(queue *q, lane *l)
{
    bool behind;

    lock_acquire(&q->lock);
    behind = l->run->way == QUEUE_WORKERS ? l->busy || !list_empty(&l->events) || !l->audience->heard
                                          : !list_empty(&q->events) || !l->audience->heard;
    lock_release(&q->lock);
    return behind;
}

/* ---- frames ---- */

static void frame_begin(queue *q, frame *f, run *r) REQUIRES_LOCK(q->lock)
{
    f->thread = GetCurrentThreadId();
    f->run = run_hold(r);
    r->active_at = GetTickCount64();
    list_append(&q->frames, &f->link);
}

static void frame_end(queue *q, frame *f) REQUIRES_LOCK(q->lock)
{
    (void)q;
    f->run->active_at = GetTickCount64();
    list_remove(&f->link);
}

bool queue_frame_begin(queue *q, frame *f, run *r)
{
    bool begun;

    lock_acquire(&q->lock);
    begun = !r->silenced && !q->closed;
    if (begun)
        frame_begin(q, f, r);
    lock_release(&q->lock);
    return begun;
}

void queue_frame_end(queue *q, frame *f)
{
    lock_acquire(&q->lock);
    frame_end(q, f);
    lock_release(&q->lock);
    run_release(f->run);
}

static bool has_frame(queue *q, bool of_workers)
{
    DWORD thread = GetCurrentThreadId();
    bool found = false;

    lock_acquire(&q->lock);
    for (list_link *link = list_first(&q->frames); link && !found; link = list_next(&q->frames, link))
    {
        frame *f = CONTAINER_OF(link, frame, link);

        found = f->thread == thread && (!of_workers || f->run->way == QUEUE_WORKERS);
    }
    lock_release(&q->lock);
    return found;
}

bool queue_is_in_handler(queue *q)
{
    return has_frame(q, false);
}

bool queue_is_in_worker_handler(queue *q)
{
    return has_frame(q, true);
}

/* ---- raising ---- */

/* Raises an event that was taken out, and ends it. */
static void raise(queue *q, pipe_event *event)
{
    pipe_event_taken(event);
    q->owner->calls->raise(q->owner, event);
    end_event(event);
}

/* The first event that goes this way, may be raised, and is heard. */
static pipe_event *first_of(queue *q, queue_way way) REQUIRES_LOCK(q->lock)
{
    for (list_link *link = list_first(&q->events); link; link = list_next(&q->events, link))
    {
        pipe_event *event = CONTAINER_OF(link, pipe_event, link);

        if (event->lane->run->way == way && event->lane->run->open && event->lane->audience->heard)
            return event;
    }
    return NULL;
}

/* Raises the next event of the window's thread. Where more waits, the wake-up for it is posted first: a handler that pumps is then re-entered by it. */
static bool raise_on_window(queue *q, LONGLONG last)
{
    aftermath after;
    pipe_event *event;
    bool more = false;
    frame f;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    event = first_of(q, QUEUE_WINDOW);
    if (event && event->sequence > last)
        event = NULL;
    if (event)
    {
        take_out(q, event, &after);
        frame_begin(q, &f, event->lane->run);
        more = first_of(q, QUEUE_WINDOW) != NULL;
    }
    lock_release(&q->lock);
    finish_aftermath(&after);
    if (!event)
        return false;
    if (more)
        wake_window(q);
    raise(q, event);
    queue_frame_end(q, &f);
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

static bool is_hushed(queue *q)
{
    bool hushed;

    lock_acquire(&q->lock);
    hushed = q->hushed != 0;
    lock_release(&q->lock);
    return hushed;
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
        wake_all(q);
}

static void drain_task(task *t)
{
    queue *q = CONTAINER_OF(t, queue, drain);

    if (is_hushed(q) || !hold_all(q)) /* held: a handler may end everything */
        return;
    while (raise_on_window(q, NO_LAST))
        if (thread_window_slice_is_over(q->window))
            break;
    release_all(q);
}

void queue_drain_window(queue *q)
{
    queue_drain_window_until(q, NO_LAST);
}

void queue_drain_window_until(queue *q, LONGLONG last)
{
    if (!hold_all(q))
        return;
    while (raise_on_window(q, last))
        continue;
    release_all(q);
}

bool queue_raise_one(queue *q, LONGLONG last)
{
    DWORD thread = GetCurrentThreadId();
    aftermath after;
    pipe_event *event = NULL;
    frame f;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    if (!q->raiser || q->raiser == thread)
        event = first_of(q, QUEUE_WAITERS);
    if (event && event->sequence > last)
        event = NULL;
    if (event)
    {
        take_out(q, event, &after);
        frame_begin(q, &f, event->lane->run);
        q->raiser = thread;
        q->raiser_depth++;
    }
    lock_release(&q->lock);
    finish_aftermath(&after);
    if (!event)
        return false;
    raise(q, event);
    lock_acquire(&q->lock);
    if (--q->raiser_depth == 0)
    {
        q->raiser = 0;
        signal_waiters(q);
    }
    lock_release(&q->lock);
    queue_frame_end(q, &f);
    return true;
}

/* ---- raising on workers ---- */

/* Whether a lane that is ready is heard, and of a run that has told that it is. */
static bool may_begin(const lane *l)
{
    return l->run->open && l->audience->heard && (l->run->ready_told || l == &l->run->own_lane);
}

static lane *first_ready(queue *q) REQUIRES_LOCK(q->lock)
{
    for (list_link *link = list_first(&q->ready); link; link = list_next(&q->ready, link))
    {
        lane *l = CONTAINER_OF(link, lane, ready);

        if (may_begin(l))
            return l;
    }
    return NULL;
}

/* Where more is ready another worker is told, since this one is about to be in a handler, for as long as that likes. */
static pipe_event *take_ready(queue *q, frame *f)
{
    aftermath after;
    pipe_event *event = NULL;
    lane *l;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    l = first_ready(q);
    if (l)
    {
        event = CONTAINER_OF(list_first(&l->events), pipe_event, lane_link);
        take_out(q, event, &after);
        list_remove(&l->ready);
        l->busy = true;
        frame_begin(q, f, l->run);
        l = first_ready(q);
        if (l && l->run->threads > 1)
            engine_kick(l->run->engine);
    }
    lock_release(&q->lock);
    finish_aftermath(&after);
    return event;
}

/* The lane may go on, and after READY all the others of its run, on as many workers as there are. */
static void give_back(queue *q, lane *l, bool was_ready_event) REQUIRES_LOCK(q->lock)
{
    run *r = l->run;

    l->busy = false;
    if (!list_empty(&l->events))
        list_append(&q->ready, &l->ready);
    r->ready_told |= was_ready_event;
    signal_waiters(q); /* the sink may have gone: the rest is the consumer's then */
}

static void kick_all(run *r)
{
    for (unsigned i = 0; i < r->threads; i++)
        engine_kick(r->engine);
}

void queue_raise_ready(queue *q)
{
    pipe_event *event;
    frame f;

    if (!hold_all(q))
        return;
    while ((event = take_ready(q, &f)) != NULL)
    {
        lane *l = event->lane;
        bool was_ready_event = event->kind == PIPE_READY;

        l->hold(l);
        raise(q, event);
        lock_acquire(&q->lock);
        give_back(q, l, was_ready_event);
        lock_release(&q->lock);
        if (was_ready_event && f.run->threads > 1)
            kick_all(f.run);
        l->release(l);
        queue_frame_end(q, &f);
    }
    release_all(q);
}

/* ---- sinks and the consumer's own waiting ---- */

/* Kicks every run of which something is ready: what a run that has ended left behind is raised by the workers of another. */
static void kick_ready(queue *q) REQUIRES_LOCK(q->lock)
{
    run *kicked = NULL;

    for (list_link *link = list_first(&q->ready); link; link = list_next(&q->ready, link))
    {
        lane *l = CONTAINER_OF(link, lane, ready);

        if (l->run == kicked || !may_begin(l))
            continue;
        kicked = l->run;
        kick_all(kicked);
    }
}

/* Wakes whoever raises, for all that waits. */
static void wake_all(queue *q)
{
    bool window;

    lock_acquire(&q->lock);
    window = first_of(q, QUEUE_WINDOW) != NULL;
    kick_ready(q);
    signal_waiters(q);
    lock_release(&q->lock);
    if (window)
        wake_window(q);
}

void queue_set_heard(queue *q, audience *a, bool heard)
{
    bool first;

    lock_acquire(&q->lock);
    first = heard && !a->heard;
    a->heard = heard;
    signal_waiters(q);
    lock_release(&q->lock);
    if (first)
        wake_all(q);
}

void queue_note_waiting(queue *q)
{
    lock_acquire(&q->lock);
    q->waited = true;
    lock_release(&q->lock);
}

/* The first event that nobody hears, which may be given out. */
static pipe_event *first_unheard(queue *q) REQUIRES_LOCK(q->lock)
{
    for (list_link *link = list_first(&q->events); link; link = list_next(&q->events, link))
    {
        pipe_event *event = CONTAINER_OF(link, pipe_event, link);

        if (!event->lane->audience->heard && event->lane->run->open && !event->lane->busy)
            return event;
    }
    return NULL;
}

pipe_event *queue_take_for_consumer(queue *q)
{
    aftermath after;
    pipe_event *event;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    event = first_unheard(q);
    if (event)
        take_out(q, event, &after);
    lock_release(&q->lock);
    finish_aftermath(&after);
    if (event)
        pipe_event_taken(event);
    return event;
}

void queue_finish_taken(queue *q, pipe_event *event)
{
    (void)q;
    end_event(event);
}

bool queue_has_events(queue *q)
{
    bool has = false;

    lock_acquire(&q->lock);
    for (list_link *link = list_first(&q->events); link && !has; link = list_next(&q->events, link))
        has = !CONTAINER_OF(link, pipe_event, link)->lane->audience->heard;
    lock_release(&q->lock);
    return has;
}

LONGLONG queue_newest(queue *q)
{
    LONGLONG newest;

    lock_acquire(&q->lock);
    newest = q->sequence;
    lock_release(&q->lock);
    return newest;
}

/* ---- waiting threads ---- */

DWORD queue_waiter_begin(queue *q, queue_waiter *w, bool is_loop)
{
    memset(w, 0, sizeof(*w));
    w->is_loop = is_loop;
    w->changed = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!w->changed)
        return GetLastError();
    lock_acquire(&q->lock);
    list_append(&q->waiters, &w->link);
    lock_release(&q->lock);
    return 0;
}

/* Whether this thread is to raise something yet: who has left it to this waiter counts on that. */
static bool has_rest(queue *q, const queue_waiter *w) REQUIRES_LOCK(q->lock)
{
    pipe_event *event = w->left ? first_of(q, QUEUE_WAITERS) : NULL;

    return event && event->sequence <= w->leave_at && (!q->raiser || q->raiser == GetCurrentThreadId());
}

bool queue_waiter_end(queue *q, queue_waiter *w)
{
    bool ends;

    lock_acquire(&q->lock);
    ends = !has_rest(q, w);
    if (ends)
        list_remove(&w->link);
    lock_release(&q->lock);
    if (ends)
        CloseHandle(w->changed);
    return ends;
}

bool queue_waiter_is_left(queue *q, queue_waiter *w)
{
    bool left;

    lock_acquire(&q->lock);
    left = w->left;
    lock_release(&q->lock);
    return left;
}

void queue_leave(queue *q, bool by_leave)
{
    bool inside = false;

    lock_acquire(&q->lock);
    for (list_link *link = list_first(&q->waiters); link; link = list_next(&q->waiters, link))
    {
        queue_waiter *w = CONTAINER_OF(link, queue_waiter, link);

        if (by_leave && !w->is_loop)
            continue;
        inside |= w->is_loop;
        if (!w->left || !by_leave)
            w->leave_at = q->sequence;
        w->left = true;
    }
    if (!inside && by_leave)
        q->left = true;
    signal_waiters(q);
    lock_release(&q->lock);
}

bool queue_was_left(queue *q)
{
    bool left;

    lock_acquire(&q->lock);
    left = q->left;
    q->left = false;
    lock_release(&q->lock);
    return left;
}

void queue_forget_leave(queue *q)
{
    lock_acquire(&q->lock);
    q->left = false;
    q->waited = false;
    lock_release(&q->lock);
}

void queue_signal(queue *q)
{
    lock_acquire(&q->lock);
    signal_waiters(q);
    lock_release(&q->lock);
}

bool queue_has_waiters(queue *q)
{
    bool has;

    lock_acquire(&q->lock);
    has = !list_empty(&q->waiters);
    lock_release(&q->lock);
    return has;
}

/* ---- runs ---- */

void run_open(run *r)
{
    queue *q = r->queue;

    lock_acquire(&q->lock);
    r->open = true;
    lock_release(&q->lock);
    wake_all(q);
}

/* Takes out what waits of one run or lane, or of all. */
static void take_out_all(queue *q, const run *r, const lane *l, aftermath *after) REQUIRES_LOCK(q->lock)
{
    list_link *link, *next;

    for (link = list_first(&q->events); link; link = next)
    {
        pipe_event *event = CONTAINER_OF(link, pipe_event, link);

        next = list_next(&q->events, link);
        if ((r && event->lane->run != r) || (l && event->lane != l))
            continue;
        take_out(q, event, after);
        list_append(&after->dropped, &event->link);
    }
}

void run_silence(run *r)
{
    queue *q = r->queue;
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    r->silenced = true;
    take_out_all(q, r, NULL, &after);
    signal_waiters(q);
    lock_release(&q->lock);
    finish_aftermath(&after);
}

void queue_close(queue *q)
{
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    q->closed = true;
    take_out_all(q, NULL, NULL, &after);
    signal_waiters(q);
    lock_release(&q->lock);
    finish_aftermath(&after);
}

void queue_silence_lane(queue *q, lane *l)
{
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    l->silenced = true;
    take_out_all(q, NULL, l, &after);
    signal_waiters(q);
    lock_release(&q->lock);
    finish_aftermath(&after);
}

DWORD run_patience(run *r, ULONGLONG since)
{
    queue *q = r->queue;
    ULONGLONG until, now = GetTickCount64();

    lock_acquire(&q->lock);
    until = (r->active_at > since ? r->active_at : since) + 5000;
    lock_release(&q->lock);
    return until > now ? (DWORD)(until - now) : 0;
}
