/* Threading: `kept` is what keeps the threads (operations under way, port_keep); who brings it to 0 sends one exit
 * packet to each thread. A thread's own list of operations that ended at once is touched by that thread alone. `lock`
 * guards the timers and is a leaf: nothing is called under it. */

#include "pipe/port.h"

#include "base/check.h"
#include "base/lock.h"
#include "base/thread.h"
#include "pipe/pipe.h"
#include "pipe/probe.h"

enum
{
    KEY_HANDLE,  /* a request of a bound handle */
    KEY_AT_ONCE, /* an operation that ended at once, delivered by a packet of ours */
    KEY_KICK,
    KEY_EXIT
};

/* So many operations that ended at once are delivered by one thread before it looks at the port again: a client that
 * always has the next message ready must not keep the others waiting. */
#define STREAK_LIMIT 16

#define FILLED_LOOKS 20 /* 1 ms apart */

typedef struct worker
{
    port *port;
    volatile LONG thread_id; /* acquire, release; written by itself, read by all */
    bool in_turn;
    unsigned streak;
    list at_once;
} worker;

struct port
{
    HANDLE handle;
    const port_calls *calls;
    void *owner;
    bool skip_on_success, more_data_queues;
    unsigned threads, started;
    volatile LONG kept;    /* Interlocked */
    volatile LONG joining; /* Interlocked; the one that brings it to 0 says `joined` */
    volatile LONG alive;   /* Interlocked; the one that brings it to 0 says `ended` */
    HANDLE all_joined;     /* manual-reset event */
    lock lock;
    list timers GUARDED_BY(lock); /* the next first */
    worker workers[64];
};

DWORD port_open(unsigned threads, const port_calls *calls, void *owner, port **out)
{
    port *p = mem_alloc(sizeof(*p));
    DWORD error;

    *out = NULL;
    if (!p)
        return ERROR_NOT_ENOUGH_MEMORY;
    p->calls = calls;
    p->owner = owner;
    p->threads = threads;
    p->kept = 1;
    p->joining = (LONG)threads;
    list_init(&p->timers);
    switch (probe_skip_on_success())
    {
    case SKIP_UNKNOWN: break;
    case SKIP_BUT_MORE_DATA_QUEUES:
        p->more_data_queues = true;
        p->skip_on_success = true;
        break;
    case SKIP_MORE_DATA_TOO: p->skip_on_success = true; break;
    }
    p->all_joined = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!p->all_joined)
    {
        error = GetLastError();
        goto fail;
    }
    p->handle = win32.create_io_completion_port(INVALID_HANDLE_VALUE, NULL, 0, threads);
    if (!p->handle)
    {
        error = PIPE_ERROR_NO_PORT;
        goto fail;
    }
    *out = p;
    return 0;

fail:
    port_close(p);
    return error;
}

void port_close(port *p)
{
    CHECK(list_empty(&p->timers) && !LOAD_ACQUIRE(&p->alive));
    if (p->all_joined)
        CloseHandle(p->all_joined);
    if (p->handle)
        CloseHandle(p->handle);
    mem_free(p);
}

DWORD port_bind(port *p, HANDLE handle)
{
    if (!win32.create_io_completion_port(handle, p->handle, KEY_HANDLE, 0))
        return GetLastError();
    if (p->skip_on_success && !SetFileCompletionNotificationModes(handle, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS))
        return GetLastError();
    return 0;
}

static void post(port *p, DWORD bytes, ULONG_PTR key, OVERLAPPED *overlapped)
{
    /* It fails only where the system has no memory for 40 bytes; a lost packet would be a hang for ever. */
    while (!PostQueuedCompletionStatus(p->handle, bytes, key, overlapped))
        Sleep(1);
}

/* ---- what keeps the threads ---- */

void port_keep(port *p)
{
    InterlockedIncrement(&p->kept);
}

void port_let_go(port *p)
{
    if (count_down(&p->kept) == 0)
        for (unsigned i = 0; i < p->started; i++)
            post(p, 0, KEY_EXIT, NULL);
}

void port_expect(port *p, operation *op, void (*done)(operation *op, DWORD error, DWORD bytes))
{
    memset(&op->overlapped, 0, sizeof(op->overlapped));
    op->done = done;
    op->at_once = false;
    port_keep(p);
}

/* The worker that the calling thread is; NULL on others. */
static worker *current_worker(port *p)
{
    LONG id = (LONG)GetCurrentThreadId();

    for (unsigned i = 0; i < p->threads; i++)
        if (LOAD_ACQUIRE(&p->workers[i].thread_id) == id)
            return &p->workers[i];
    return NULL;
}

/* Whether the system sends no packet for a request that was answered so. A refusal never has one; a success has one
 * unless skipped. */
static bool no_packet_comes(const port *p, DWORD error)
{
    switch (error)
    {
    case ERROR_IO_PENDING: return false;
    case 0: return p->skip_on_success;
    case ERROR_MORE_DATA: return p->skip_on_success && !p->more_data_queues;
    default: return true;
    }
}

void port_started(port *p, operation *op, DWORD error)
{
    worker *w;

    if (!no_packet_comes(p, error))
        return;
    op->at_once = true;
    op->error = error;
    w = current_worker(p);
    if (w && !w->in_turn && w->streak < STREAK_LIMIT)
    {
        w->streak++;
        list_append(&w->at_once, &op->link);
    }
    else
        post(p, (DWORD)op->overlapped.InternalHigh, KEY_AT_ONCE, &op->overlapped);
}

bool port_ended_at_once(port *p, operation *op, DWORD error)
{
    (void)op;
    if (!no_packet_comes(p, error))
        return false;
    port_let_go(p);
    return true;
}

bool port_serves_here(port *p)
{
    return current_worker(p) != NULL;
}

void port_kick(port *p)
{
    worker *w = current_worker(p);

    if (!w || w->in_turn)
        post(p, 0, KEY_KICK, NULL);
}

/* ---- timers ---- */

bool port_timer_set(port *p, port_timer *timer, DWORD ms)
{
    list_link *place;
    bool was_set, is_next;

    lock_acquire(&p->lock);
    was_set = list_linked(&timer->link);
    list_remove(&timer->link);
    timer->due = GetTickCount64() + ms;
    for (place = list_last(&p->timers); place; place = list_previous(&p->timers, place))
        if (CONTAINER_OF(place, port_timer, link)->due <= timer->due)
            break;
    list_insert_after(place ? place : &p->timers.head, &timer->link);
    is_next = list_first(&p->timers) == &timer->link;
    lock_release(&p->lock);
    if (is_next && (p->threads > 1 || !current_worker(p)))
        post(p, 0, KEY_KICK, NULL); /* those that wait, wait too long */
    return was_set;
}

bool port_timer_cancel(port *p, port_timer *timer)
{
    bool was_set;

    lock_acquire(&p->lock);
    was_set = list_linked(&timer->link);
    list_remove(&timer->link);
    lock_release(&p->lock);
    return was_set;
}

static DWORD time_to_next_timer(port *p)
{
    list_link *link;
    DWORD ms = INFINITE;

    lock_acquire(&p->lock);
    link = list_first(&p->timers);
    if (link)
    {
        ULONGLONG now = GetTickCount64(), due = CONTAINER_OF(link, port_timer, link)->due;

        ms = due > now ? (DWORD)(due - now) : 0;
    }
    lock_release(&p->lock);
    return ms;
}

static port_timer *take_due_timer(port *p)
{
    list_link *link;
    port_timer *timer = NULL;

    lock_acquire(&p->lock);
    link = list_first(&p->timers);
    if (link && CONTAINER_OF(link, port_timer, link)->due <= GetTickCount64())
    {
        timer = CONTAINER_OF(link, port_timer, link);
        list_remove(link);
    }
    lock_release(&p->lock);
    return timer;
}

static void fire_due_timers(port *p)
{
    port_timer *timer;

    while ((timer = take_due_timer(p)) != NULL)
        timer->fired(timer);
}

/* ---- the threads ---- */

static void deliver(port *p, operation *op, DWORD error, DWORD bytes)
{
    op->done(op, error, bytes);
    port_let_go(p);
}

/* Whether the request has a result, in the end. So Wine ends a request whose thread has ended: with a packet that
 * tells of a success of no bytes, and no result ever. Its new WoW64 gives every packet a moment before the result. */
static bool is_filled(const OVERLAPPED *overlapped)
{
    for (int looks = 0; !HasOverlappedIoCompleted(overlapped) && looks < FILLED_LOOKS; looks++)
        Sleep(1);
    return HasOverlappedIoCompleted(overlapped);
}

/* Delivers one operation, from the thread's own list or from the port. False: the thread is to end. */
static bool worker_deliver(worker *w)
{
    port *p = w->port;
    list_link *link = list_take_first(&w->at_once);
    OVERLAPPED *overlapped = NULL;
    operation *op;
    ULONG_PTR key = KEY_KICK;
    DWORD bytes, error;
    BOOL ok;

    if (link)
    {
        op = CONTAINER_OF(link, operation, link);
        deliver(p, op, op->error, (DWORD)op->overlapped.InternalHigh);
        return true;
    }
    w->streak = 0;
    ok = GetQueuedCompletionStatus(p->handle, &bytes, &key, &overlapped, time_to_next_timer(p));
    error = ok ? 0 : GetLastError();
    if (!overlapped)
        return !(ok && key == KEY_EXIT);
    op = CONTAINER_OF(overlapped, operation, overlapped);
    if (op->at_once)
        error = op->error;
    else if (!error && !bytes && !is_filled(overlapped))
        error = ERROR_OPERATION_ABORTED;
    deliver(p, op, error, bytes);
    return true;
}

static void worker_turn(worker *w)
{
    w->in_turn = true;
    w->port->calls->turn(w->port->owner);
    w->in_turn = false;
}

static void worker_loop(worker *w)
{
    port *p = w->port;

    while (worker_deliver(w))
    {
        fire_due_timers(p);
        if (list_empty(&w->at_once)) /* what ended at once must not wait for a handler: no other thread can take it */
            worker_turn(w);
    }
    worker_turn(w); /* a kick may lie behind the packet that told it to end */
}

static void worker_join(worker *w)
{
    port *p = w->port;

    if (count_down(&p->joining) != 0)
    {
        WaitForSingleObject(p->all_joined, INFINITE);
        return;
    }
    p->calls->joined(p->owner);
    SetEvent(p->all_joined);
    worker_turn(w);
}

static void worker_main(void *argument)
{
    worker *w = argument;
    port *p = w->port;

    STORE_RELEASE(&w->thread_id, (LONG)GetCurrentThreadId());
    p->calls->worker_begins(p->owner);
    worker_join(w);
    worker_loop(w);
    p->calls->worker_ends(p->owner);
    STORE_RELEASE(&w->thread_id, 0);
    if (count_down(&p->alive) == 0)
        p->calls->ended(p->owner);
}

static void worker_init(worker *w, port *p)
{
    w->port = p;
    list_init(&w->at_once);
}

DWORD port_run(port *p)
{
    DWORD error = 0;

    for (unsigned i = 0; i < p->threads && !error; i++)
    {
        worker_init(&p->workers[i], p);
        InterlockedIncrement(&p->alive);
        p->started++; /* before it runs: the last that joins may already close the port */
        error = thread_start(worker_main, &p->workers[i], THREAD_STACK_HANDLERS);
        if (error)
        {
            count_down(&p->alive);
            p->started--;
        }
    }
    return error;
}

void port_serve(port *p)
{
    worker *w = &p->workers[0];

    if (p->started)
    {
        SetEvent(
            p->all_joined); /* never all: those that have begun serve the port, which its owner has begun to close */
        return;
    }
    worker_init(w, p);
    STORE_RELEASE(&w->thread_id, (LONG)GetCurrentThreadId());
    while (InterlockedCompareExchange(&p->kept, 0, 0) != 0 && worker_deliver(w))
        fire_due_timers(p);
    STORE_RELEASE(&w->thread_id, 0);
    p->calls->ended(p->owner);
}
