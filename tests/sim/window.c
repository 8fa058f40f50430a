/* window.c: stands in for the product's thread_window.c, which needs more of Windows than this kernel has. It keeps
 * what thread_window.h promises, and uses what that header allows: a wake-up that is refused comes 100 ms later, by a
 * timer of the system; a stretch may be over at any time; the end of a thread is noticed a tick later.
 *
 * Each function is a point, so the code between two points needs no lock. What the product's lock orders is told to
 * ThreadSanitizer. */

#include "deliver/thread_window.h"

#include "failure.h"
#include "faults.h"
#include "limits.h"
#include "locks.h"
#include "message_queue.h"
#include "races.h"
#include "random.h"
#include "scheduler.h"

#include <stdlib.h>

enum
{
    SLICE_MS = 10,
    RETRY_MS = 100,
    HOLD_MS = 50,
    HOLD_TIMER_ID = 2,
    SLICE_ENDS_ONE_IN = 8
};

struct thread_window
{
    window window; /* first */
    thread_window *next;
    unsigned references;
    list tasks, held;
    bool wakes;                 /* a wake-up is under way: posted, or to be posted later */
    bool holds, hold_has_timer; /* `held` waits: for the timer, or for a wake-up after HOLD_MS */
    uint64_t held_until;
    bool ended, reaped;
    uint64_t asked_at; /* when the end of the thread was last looked for */
    uint64_t slice_end;
};

static thread_window *windows; /* of this run, by `next` */

/* Posts a wake-up, unless one is under way. */
static void wake(thread_window *w)
{
    if (w->wakes || w->ended)
        return;
    w->wakes = true;
    switch (window_post(&w->window, THREAD_WINDOW_WAKE))
    {
    case 0: break;
    case ERROR_INVALID_WINDOW_HANDLE: w->ended = true; break;
    default: window_post_later(&w->window, THREAD_WINDOW_WAKE, RETRY_MS); break;
    }
}

/* ---- tasks, on the window's thread ---- */

static task *take_first(thread_window *w)
{
    list_link *link = list_take_first(&w->tasks);

    races_acquire(w);
    return link ? CONTAINER_OF(link, task, link) : NULL;
}

/* Runs tasks until none is left or the stretch is over. The wake-up for those that wait is under way before a task
 * runs: they run inside it if it pumps messages. */
static void run_tasks(thread_window *w)
{
    uint64_t outer = w->slice_end;
    task *t;

    w->slice_end = scheduler_in(SLICE_MS);
    while (!thread_window_slice_is_over(w) && (t = take_first(w)) != NULL)
    {
        if (!list_empty(&w->tasks))
            wake(w);
        t->run(t);
    }
    if (!list_empty(&w->tasks))
        wake(w);
    w->slice_end = outer;
}

/* Without a timer a later wake-up ends the hold. */
static void ensure_wake_up(thread_window *w)
{
    if (!w->holds || w->hold_has_timer || w->wakes || w->ended)
        return;
    w->wakes = true;
    window_post_later(&w->window, THREAD_WINDOW_WAKE, RETRY_MS);
}

static void end_hold(thread_window *w)
{
    if (!w->holds)
        return;
    w->holds = false;
    window_kill_timer(&w->window, HOLD_TIMER_ID);
    list_move_all(&w->held, &w->tasks);
    if (!list_empty(&w->tasks))
        wake(w);
}

/* What a message for the window does. It holds the window: a task may release all. */
static void procedure(window *of, UINT message, WPARAM id)
{
    thread_window *w = (thread_window *)of;

    thread_window_hold(w);
    if (message == WM_TIMER && id == HOLD_TIMER_ID)
        end_hold(w);
    else if (message == THREAD_WINDOW_WAKE)
    {
        w->wakes = false;
        if (w->holds && !w->hold_has_timer && scheduler_now() >= w->held_until)
            end_hold(w);
        run_tasks(w);
        ensure_wake_up(w);
    }
    thread_window_release(w);
}

/* ---- life ---- */

static thread_window *find(void)
{
    for (thread_window *w = windows; w; w = w->next)
        if (w->window.thread == scheduler_current())
            return w;
    return NULL;
}

static thread_window *create(void)
{
    thread_window *w;

    if (fault(FAULT_WINDOW))
        return NULL;
    w = calloc(1, sizeof(*w));
    list_init(&w->tasks);
    list_init(&w->held);
    w->references = 1;
    window_open(&w->window, procedure);
    w->next = windows;
    windows = w;
    return w;
}

thread_window *thread_window_get(void)
{
    point("thread_window_get", "", 0, 0);
    thread_window_reap();
    return find() ? thread_window_hold(find()) : create();
}

thread_window *thread_window_hold(thread_window *w)
{
    w->references++;
    return w;
}

void thread_window_release(thread_window *w)
{
    thread_window **place = &windows;

    point("thread_window_release", "window", w->window.number, w->references);
    races_release(w);
    if (--w->references)
        return;
    if (!list_empty(&w->tasks) || !list_empty(&w->held))
        fail("a window goes, and tasks wait for it");
    races_acquire(w);
    while (*place != w)
        place = &(*place)->next;
    *place = w->next;
    window_close(&w->window);
    free(w);
}

/* ---- tasks, on any thread ---- */

/* The end of another thread is looked for once in a tick, so a task may be taken that will never run. */
static bool takes_tasks(thread_window *w)
{
    if (w->window.thread == scheduler_current() || w->asked_at == scheduler_now())
        return !w->ended;
    w->asked_at = scheduler_now();
    w->ended |= scheduler_has_ended(w->window.thread);
    return !w->ended;
}

bool thread_window_post(thread_window *w, task *t)
{
    point("thread_window_post", "window", w->window.number, 0);
    races_release(w);
    if (takes_tasks(w))
    {
        if (!list_linked(&t->link))
            list_append(&w->tasks, &t->link);
        wake(w);
    }
    if (w->ended)
        list_remove(&t->link);
    return !w->ended;
}

static void abandon_tasks(thread_window *w)
{
    task *t;

    while ((t = take_first(w)) != NULL)
        if (t->abandon)
            t->abandon(t);
}

void thread_window_run(thread_window *w, task *t)
{
    if (locks_held())
        fail("thread_window_run is called with a lock held");
    if (!w || thread_window_is_here(w))
    {
        t->run(t);
        return;
    }
    thread_window_hold(w);
    if (!thread_window_post(w, t))
    {
        abandon_tasks(w);
        t->abandon(t);
    }
    thread_window_release(w);
}

bool thread_window_withdraw(thread_window *w, task *t)
{
    bool queued;

    point("thread_window_withdraw", "window", w->window.number, 0);
    queued = list_linked(&t->link);
    list_remove(&t->link);
    races_acquire(w);
    return queued;
}

void thread_window_reap(void)
{
    thread_window *w = windows;

    while (w)
        if (!w->reaped && scheduler_has_ended(w->window.thread))
        {
            w->reaped = w->ended = true;
            thread_window_hold(w);
            abandon_tasks(w);
            thread_window_release(w);
            w = windows; /* a task may have released any window */
        }
        else
            w = w->next;
}

void thread_window_hold_back(thread_window *w, task *t)
{
    if (!thread_window_is_here(w))
        fail("thread_window_hold_back is called on another thread");
    if (!w->ended && !list_linked(&t->link))
        list_append(&w->held, &t->link);
    if (w->holds)
        return;
    w->holds = true;
    w->held_until = scheduler_in(HOLD_MS);
    w->hold_has_timer = window_set_timer(&w->window, HOLD_TIMER_ID, HOLD_MS);
    ensure_wake_up(w);
}

/* ---- questions ---- */

bool thread_window_is_held_back(const thread_window *w)
{
    return w->holds;
}

ULONGLONG thread_window_wait(thread_window *w)
{
    return w->wakes ? 1 : 0; /* for how long is a matter of the product's own */
}

bool thread_window_is_here(const thread_window *w)
{
    return w->window.thread == scheduler_current() && w->window.open;
}

/* By the seed a stretch is over early: other code of the thread may have taken the time. */
bool thread_window_slice_is_over(const thread_window *w)
{
    if (!thread_window_is_here(w))
        fail("thread_window_slice_is_over is called on another thread");
    if (scheduler_now() < w->slice_end && random_below(RANDOM_WINDOWS, SLICE_ENDS_ONE_IN) == SLICE_ENDS_ONE_IN - 1)
        ((thread_window *)(uintptr_t)w)->slice_end = scheduler_now();
    return scheduler_now() >= w->slice_end;
}
