#include "pipe/dialer.h"

#include "base/blocking.h"
#include "base/check.h"
#include "pipe/name.h"

/* So many pipes are opened in a row before the worker does something else. */
#define STREAK_LIMIT 16

/* A path, and who waits for its pipe. Freed by whoever finds it without dials and without a try. */
struct dial_target
{
    list_link link;
    dialer *dialer;
    WCHAR *path;
    bool remote;
    list dials;     /* dialer's lock; first come, first served */
    bool trying;    /* dialer's lock; its thread keeps it */
    unsigned tries; /* dialer's lock; that were begun */
    DWORD pause;    /* ms before the next; the thread of the try has it */
    ULONGLONG due;  /* dialer's lock; win32.tick_count of the next try */
    blocking_task task;
};

static void timer_fired(port_timer *timer);

void dialer_init(dialer *of, port *p, const dialer_keeper *keeper)
{
    of->keeper = *keeper;
    of->port = p;
    of->timer.fired = timer_fired;
    list_init(&of->targets);
}

void dialer_fini(dialer *of)
{
    CHECK(list_empty(&of->targets));
    port_timer_cancel(of->port, &of->timer);
}

/* ---- targets ---- */

static dial_target *target_create(dialer *of, const WCHAR *path)
{
    dial_target *t = mem_alloc(sizeof(*t));

    if (!t)
        return NULL;
    t->dialer = of;
    t->path = pipe_path_copy(path);
    t->remote = !pipe_path_is_local(path);
    list_init(&t->dials);
    if (t->path)
        return t;
    mem_free(t);
    return NULL;
}

static dial_target *target_find(dialer *of, const WCHAR *path) REQUIRES_LOCK(of->lock)
{
    for (list_link *link = list_first(&of->targets); link; link = list_next(&of->targets, link))
    {
        dial_target *t = CONTAINER_OF(link, dial_target, link);

        if (CompareStringOrdinal(t->path, -1, path, -1, TRUE) == CSTR_EQUAL)
            return t;
    }
    return NULL;
}

/* Frees a target that nobody needs. */
static void target_drop(dial_target *t)
{
    if (t->trying || !list_empty(&t->dials))
        return;
    list_remove(&t->link);
    mem_free(t->path);
    mem_free(t);
}

/* ---- whose time is up ---- */

static bool was_tried(const dial_target *t, const dial *d)
{
    return d->tries_of_others != t->tries;
}

/* ms until it is told that its time is up, whatever a try that is under way will say. */
static DWORD patience_left(const dial *d, ULONGLONG now)
{
    return d->patient ? INFINITE : deadline_left_at(d->until, now);
}

static void move_out(dial *d, list *ended)
{
    list_remove(&d->link);
    list_append(ended, &d->link);
    d->target = NULL;
}

/* Tells those who were moved out, with no lock held. */
static void tell_dials(list *ended)
{
    list_link *link;

    while ((link = list_take_first(ended)) != NULL)
    {
        dial *d = CONTAINER_OF(link, dial, link);

        d->done(d, d->answer, NULL);
    }
}

/* Moves those out whose time is up. It may have been up before a worker came to begin their first try: they have that
 * one all the same. */
static void judge_waiting(dial_target *t, ULONGLONG now, list *ended)
{
    list_link *link, *next;

    for (link = list_first(&t->dials); link; link = next)
    {
        dial *d = CONTAINER_OF(link, dial, link);

        next = list_next(&t->dials, link);
        if (patience_left(d, now))
            continue;
        if (t->trying || was_tried(t, d))
            move_out(d, ended);
        else
            d->patient = true;
    }
}

/* ---- the timer is set ---- */

/* ms until the target needs the timer. */
static DWORD target_due(const dial_target *t, ULONGLONG now)
{
    DWORD due = t->trying ? INFINITE : t->due > now ? (DWORD)(t->due - now) : 0;

    if (!t->remote)
        return due;
    for (list_link *link = list_first(&t->dials); link; link = list_next(&t->dials, link))
    {
        DWORD left = patience_left(CONTAINER_OF(link, dial, link), now);

        if (left < due)
            due = left;
    }
    return due;
}

static void set_timer(dialer *of) REQUIRES_LOCK(of->lock)
{
    ULONGLONG now = win32.tick_count();
    DWORD next = INFINITE;

    for (list_link *link = list_first(&of->targets); link; link = list_next(&of->targets, link))
    {
        DWORD due = target_due(CONTAINER_OF(link, dial_target, link), now);

        if (due < next)
            next = due;
    }
    if (next != INFINITE)
        port_timer_set(of->port, &of->timer, next);
}

/* ---- one try ---- */

/* Takes the first of those who wait; NULL where none does. */
static dial *take_first(dial_target *t)
{
    dialer *of = t->dialer;
    list_link *link;
    dial *d = NULL;

    lock_acquire(&of->lock);
    link = list_take_first(&t->dials);
    if (link)
    {
        d = CONTAINER_OF(link, dial, link);
        d->target = NULL;
    }
    lock_release(&of->lock);
    return d;
}

/* A try said `error`. Moves those whose time is up into `ended`, or all. Returns when the next try is due, in ms: after
 * a pause, or earlier, where somebody's time is up. */
static DWORD target_judge(dial_target *t, DWORD error, bool may_pass, list *ended)
{
    dialer *of = t->dialer;
    DWORD due = t->pause;
    list_link *link, *next;
    ULONGLONG now;

    lock_acquire(&of->lock);
    now = win32.tick_count();
    for (link = list_first(&t->dials); link; link = next)
    {
        dial *d = CONTAINER_OF(link, dial, link);
        DWORD left = was_tried(t, d) ? deadline_left_at(d->until, now) : patience_left(d, now);

        next = list_next(&t->dials, link);
        d->answer = may_pass ? dial_timed_out(error) : error;
        if (!may_pass || !left)
            move_out(d, ended);
        else if (left < due)
            due = left;
    }
    lock_release(&of->lock);
    return due;
}

/* Nothing was opened. Returns when the next try is due, in ms. */
static DWORD target_refuse(dial_target *t, DWORD error, bool may_pass)
{
    list ended;
    DWORD due;

    list_init(&ended);
    t->pause = may_pass ? dial_pause(error, t->pause) : 0;
    due = target_judge(t, error, may_pass, &ended);
    tell_dials(&ended);
    return due;
}

/* Whether anybody waits for a try. */
static bool begin_try(dial_target *t)
{
    dialer *of = t->dialer;
    bool wanted;

    lock_acquire(&of->lock);
    wanted = !list_empty(&t->dials);
    t->tries++;
    lock_release(&of->lock);
    return wanted;
}

/* Opens one pipe for each who waits, as long as there are any. Returns when the next try is due, in ms. */
static DWORD open_pipes(dial_target *t)
{
    for (unsigned streak = 0; streak < STREAK_LIMIT && begin_try(t); streak++)
    {
        opened_pipe opened;
        bool may_pass;
        DWORD error = pipe_open(t->path, true, &opened, &may_pass);
        dial *d;

        if (error)
            return target_refuse(t, error, may_pass);
        t->pause = 0;
        d = take_first(t);
        if (d)
            d->done(d, 0, &opened);
        else
            win32.close_handle(opened.handle);
    }
    return 1; /* not in this round: others use this worker too */
}

/* The next one is due after `due` ms; at once for who came while this one was under way. */
static void end_try(dial_target *t, DWORD due)
{
    dialer *of = t->dialer;
    list_link *newest;

    lock_acquire(&of->lock);
    newest = list_last(&t->dials);
    if (newest && !was_tried(t, CONTAINER_OF(newest, dial, link)))
        due = 0;
    t->trying = false;
    t->due = win32.tick_count() + due;
    target_drop(t);
    set_timer(of);
    lock_release(&of->lock);
}

static void try_elsewhere(blocking_task *task)
{
    dial_target *t = CONTAINER_OF(task, dial_target, task);
    dialer_keeper keeper = t->dialer->keeper;

    end_try(t, open_pipes(t));
    keeper.release(keeper.what);
}

/* On a worker. */
static void try_target(dial_target *t)
{
    dialer_keeper *keeper = &t->dialer->keeper;
    DWORD error;

    if (!t->remote)
    {
        end_try(t, open_pipes(t));
        return;
    }
    keeper->hold(keeper->what);
    error = blocking_run(&t->task, try_elsewhere);
    if (!error)
        return;
    end_try(t, target_refuse(t, error, false));
    keeper->release(keeper->what); /* never the last: the worker has one */
}

/* ---- the timer ---- */

static dial_target *take_due(dialer *of, ULONGLONG now) REQUIRES_LOCK(of->lock)
{
    for (list_link *link = list_first(&of->targets); link; link = list_next(&of->targets, link))
    {
        dial_target *t = CONTAINER_OF(link, dial_target, link);

        if (t->trying || t->due > now)
            continue;
        t->trying = true;
        return t;
    }
    return NULL;
}

static void end_overdue(dialer *of, ULONGLONG now)
{
    list ended;
    list_link *link, *next;

    list_init(&ended);
    lock_acquire(&of->lock);
    for (link = list_first(&of->targets); link; link = next)
    {
        dial_target *t = CONTAINER_OF(link, dial_target, link);

        next = list_next(&of->targets, link);
        if (!t->remote) /* its tries do not hang: they judge */
            continue;
        judge_waiting(t, now, &ended);
        target_drop(t);
    }
    lock_release(&of->lock);
    tell_dials(&ended);
}

static void timer_fired(port_timer *timer)
{
    dialer *of = CONTAINER_OF(timer, dialer, timer);
    ULONGLONG now = win32.tick_count();
    dial_target *t;

    end_overdue(of, now);
    lock_acquire(&of->lock);
    while ((t = take_due(of, now)) != NULL)
    {
        lock_release(&of->lock);
        try_target(t);
        lock_acquire(&of->lock);
    }
    set_timer(of);
    lock_release(&of->lock);
}

/* ---- who waits ---- */

DWORD dialer_add(dialer *of, dial *d, const WCHAR *path, DWORD timeout,
                 void (*done)(dial *d, DWORD error, opened_pipe *opened))
{
    dial_target *t;

    d->until = deadline_in(timeout);
    d->done = done;
    lock_acquire(&of->lock);
    t = target_find(of, path);
    if (!t)
    {
        t = target_create(of, path);
        if (t)
            list_append(&of->targets, &t->link);
    }
    if (t)
    {
        d->target = t;
        d->tries_of_others = t->tries;
        d->patient = !t->remote || !timeout;
        d->answer = PIPE_ERROR_TIMED_OUT;
        list_append(&t->dials, &d->link);
        t->due = win32.tick_count();
        set_timer(of);
    }
    lock_release(&of->lock);
    return t ? 0 : ERROR_NOT_ENOUGH_MEMORY;
}

bool dialer_remove(dialer *of, dial *d)
{
    dial_target *t;

    lock_acquire(&of->lock);
    t = d->target;
    if (t)
    {
        d->target = NULL;
        list_remove(&d->link);
        target_drop(t);
    }
    lock_release(&of->lock);
    return t != NULL;
}
