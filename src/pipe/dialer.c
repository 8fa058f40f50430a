#include "pipe/dialer.h"

#include "base/blocking.h"
#include "base/check.h"
#include "pipe/name.h"

/* A worker opens so many pipes in a row before it does something else. */
#define STREAK_LIMIT 16

/* A path, and the dials that wait for its pipe. The code that finds a target without dials and without a try frees
 * it. */
struct dial_target
{
    list_link link;
    dialer *dialer;
    WCHAR *path;
    bool remote;
    list dials;     /* dialer's lock; first come, first served */
    bool trying;    /* dialer's lock; a try is under way, which keeps the target */
    unsigned tries; /* dialer's lock; tries that have begun */
    DWORD pause;    /* ms before the next try; only the thread of the try uses it */
    ULONGLONG due;  /* dialer's lock; when the next try is due, on the clock of win32.tick_count */
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
    t->path = pipe_text_copy(path);
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

/* Frees the target if it has no dials and no try is under way. */
static void target_drop(dial_target *t)
{
    if (t->trying || !list_empty(&t->dials))
        return;
    list_remove(&t->link);
    mem_free(t->path);
    mem_free(t);
}

/* ---- dials whose time is up ---- */

static bool was_tried(const dial_target *t, const dial *d)
{
    return d->tries_of_others != t->tries;
}

/* Returns the ms until the dial ends without a result, whatever a try that is under way will say. */
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

/* Calls `done` of each dial in `ended`, with no lock held. */
static void tell_dials(list *ended)
{
    list_link *link;

    while ((link = list_take_first(ended)) != NULL)
    {
        dial *d = CONTAINER_OF(link, dial, link);

        d->done(d, d->answer, NULL);
    }
}

/* Moves the dials whose time is up into `ended`. The time of a dial may be up before a worker began the dial's first
 * try: such a dial still gets that try. */
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

/* ---- setting the timer ---- */

/* Returns the ms until the target needs the timer. */
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

/* Takes the first dial that waits, or returns NULL if none waits. */
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

/* Returns the ms for which a dial still waits after a try that failed with `error`. A dial that came while that try was
 * under way gets a try of its own. */
static DWORD left_after(const dial_target *t, const dial *d, DWORD error, ULONGLONG now)
{
    if (!was_tried(t, d))
        return patience_left(d, now);
    return d->needs_server && error == ERROR_FILE_NOT_FOUND ? 0 : deadline_left_at(d->until, now);
}

/* Call it after a try that failed with `error`. Moves the dials that wait no longer into `ended`, or all dials if a
 * later try cannot succeed. Returns the ms until the next try: the pause, or less if the time of a dial is up
 * earlier. */
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
        DWORD left = left_after(t, d, error, now);

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

/* Call it after a try that opened nothing. Returns the ms until the next try. */
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

/* Counts one more try. Returns whether a dial waits for it. */
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

/* Opens one pipe for each dial that waits, STREAK_LIMIT at most. Returns the ms until the next try. */
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
    return 1; /* others need this worker too */
}

/* Ends a try. The next try is due after `due` ms, or at once if a dial came while this try was under way. */
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
    keeper->release(keeper->what); /* not the last reference: the worker has one */
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
        if (!t->remote) /* its tries do not hang, and each try checks the time of the dials itself */
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

/* ---- dials ---- */

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
