/* Threads: `windows_lock` guards the list of windows and their counts. The lock of a window guards its tasks and its
 * wake-up. Both are leaves: no other lock is taken while a thread holds one of them. Fields marked "own thread" are
 * used by the window's thread alone. The functions of the pool timer run on a thread of the system; `silence` waits for
 * them.
 *
 * The module: each window holds a reference on this module, since a message for the window may be dispatched at any
 * time. Code of this module may release a reference on the module only if another reference stays until that code has
 * returned:
 * - thread_window_release outside a task: the caller holds the module for the length of the call;
 * - otherwise the window is left to the system (see leave_to_the_system). A pool timer releases the module after its
 *   callback has returned, when the window has gone and no message can reach window_procedure any more. */

#include "deliver/thread_window.h"

#include "deliver/desktop.h"
#include "deliver/window_class.h"

#include "base/lock.h"
#include "base/module.h"
#include "base/thread.h"

enum
{
    SLICE_MS = 10,
    RETRY_MS = 100,
    LOST_MS = 1000, /* a posted wake-up that has not come after this time is posted again */
    HOLD_MS = 50,
    TIMER_MS = 10, /* the least that SetTimer accepts */
    FIRST_LOOK_MS = 10,
    LAST_LOOK_MS = 1000,
    RENEWALS_MOST = 100,
    TIMER_ID = 1,
    HOLD_TIMER_ID = 2
};

/* The one wake-up that may be outstanding. */
typedef enum wake_up
{
    WAKE_NONE,
    WAKE_POSTED,
    WAKE_REFUSED, /* the pool timer posts again */
    WAKE_TIMER,   /* a WM_TIMER is set; the pool timer changes this to WAKE_OVERDUE */
    WAKE_OVERDUE  /* posted, and not put off again */
} wake_up;

/* Whether tasks are held back, and what ends that. */
typedef enum hold
{
    HOLD_NONE,
    HOLD_UNTIL_TIMER,
    HOLD_UNTIL_WAKE_UP /* the system gave no timer: until the first wake-up after HOLD_MS */
} hold;

struct thread_window
{
    list_link link;      /* windows_lock; in `windows` while there are references */
    unsigned references; /* windows_lock; each call of window_procedure on the stack holds one */
    HMODULE module;      /* held */
    bool is_counted;     /* holds the window class */
    bool is_reaped;      /* windows_lock; see thread_window_reap */
    DWORD thread;
    HANDLE life;          /* of the thread, for thread_lives; while it is open, no other thread gets the id */
    HDESK desktop;        /* the thread's desktop when the window was made */
    HWND volatile window; /* acquire, release; written by its own thread; see renew */
    LONGLONG slice;       /* SLICE_MS in ticks of the performance counter */

    lock lock;
    list tasks;          /* lock */
    list held;           /* lock; tasks that are queued again when `hold` ends */
    wake_up wake;        /* lock; not WAKE_NONE while a task runs and other tasks wait */
    ULONGLONG posted_at; /* lock; when the wake-up was posted */
    ULONGLONG woken_at;  /* lock; when the first post of the outstanding wake-up was made or refused */
    ULONGLONG asked_at;  /* lock; when thread_lives was last asked */
    bool ended;          /* lock; no more tasks, no more wake-ups */

    LONGLONG slice_end; /* own thread; end of the innermost stretch */
    LONGLONG spent;     /* own thread; ticks spent in stretches since input, painting and timers had their turn */
    bool timer_is_set;  /* own thread */
    hold hold;          /* own thread */
    ULONGLONG held_at;  /* own thread; when `hold` began */
    unsigned renewals;  /* own thread */

    PTP_TIMER pool_timer; /* for a refused or late wake-up, later for the end of a window left to the system */
    bool is_left;         /* left to the system; written while no callback runs */
    bool close_is_posted; /* pool_timer's; WM_CLOSE is posted */
    DWORD look_ms;        /* pool_timer's; the last pause between two looks */
};

thread_window_calls thread_window_system = {
    .post_message = PostMessageW,
    .get_queue_status = GetQueueStatus,
    .set_timer = SetTimer,
    .set_pool_timer = SetThreadpoolTimer,
    .get_tick_count = GetTickCount64,
};

static lock windows_lock;
static list windows STATIC_GUARDED_BY(windows_lock) = {{&windows.head, &windows.head}};

static LONGLONG clock_now(void)
{
    LARGE_INTEGER now;

    QueryPerformanceCounter(&now);
    return now.QuadPart;
}

static LONGLONG clock_ticks(unsigned ms)
{
    LARGE_INTEGER per_second;

    QueryPerformanceFrequency(&per_second);
    return per_second.QuadPart * ms / 1000;
}

static HWND window_of(const thread_window *w)
{
    return LOAD_POINTER_ACQUIRE(&w->window);
}

/* Returns whether the window is still there. It cannot be seen from another desktop. */
static bool has_window(const thread_window *w)
{
    return GetWindowLongPtrW(window_of(w), GWLP_USERDATA) == (LONG_PTR)w;
}

/* ---- the window, from any thread ---- */

/* Returns whether a window without references is known to have gone: its thread has ended, or has destroyed it. */
static bool is_gone(const thread_window *w)
{
    bool gone = !thread_lives(w->life);
    HDESK own;

    if (gone || !desktop_enter(w->desktop, &own))
        return gone;
    gone = !has_window(w);
    desktop_leave(w->desktop, own);
    return gone;
}

/* Posts from the window's desktop if the calling thread is on another desktop. Returns 0 or the Win32 code of the
 * failure; ERROR_NOT_READY: the window was destroyed, and is being made anew. */
static DWORD post_from_its_desktop(const thread_window *w, UINT message)
{
    DWORD error = ERROR_NOT_READY;
    HDESK own;

    if (!desktop_enter(w->desktop, &own))
        return ERROR_ACCESS_DENIED;
    if (own != w->desktop)
        error = thread_window_system.post_message(window_of(w), message, 0, 0) ? 0 : GetLastError();
    desktop_leave(w->desktop, own);
    return error;
}

/* Posts a message. Returns a Win32 code; ERROR_INVALID_WINDOW_HANDLE: the thread has ended. */
static DWORD post(const thread_window *w, UINT message)
{
    DWORD error;

    if (thread_window_system.post_message(window_of(w), message, 0, 0))
        return 0;
    error = GetLastError();
    if (!thread_lives(w->life))
        return ERROR_INVALID_WINDOW_HANDLE;
    return error == ERROR_INVALID_WINDOW_HANDLE ? post_from_its_desktop(w, message) : error;
}

/* ---- wake-ups ---- */

static void set_pool_timer(thread_window *w, DWORD ms)
{
    ULARGE_INTEGER due;
    FILETIME time;

    due.QuadPart = (ULONGLONG)(-10000LL * ms);
    time.dwLowDateTime = due.LowPart;
    time.dwHighDateTime = due.HighPart;
    thread_window_system.set_pool_timer(w->pool_timer, &time, 0, 0);
}

/* Posts the wake-up that announce_wake_up allowed. False: the thread has ended. */
static bool post_wake_up(thread_window *w)
{
    DWORD error = post(w, THREAD_WINDOW_WAKE);

    if (!error)
        return true;
    lock_acquire(&w->lock);
    if (error == ERROR_INVALID_WINDOW_HANDLE)
        w->ended = true;
    else if (!w->ended)
    {
        w->wake = WAKE_REFUSED;
        set_pool_timer(w, RETRY_MS);
    }
    lock_release(&w->lock);
    return error != ERROR_INVALID_WINDOW_HANDLE;
}

/* Returns whether the caller must post a wake-up after it has released the lock; call it under the lock. A wake-up that
 * was posted and has not come after a second is lost: a host that filters its messages has swallowed it. */
static bool announce_wake_up(thread_window *w)
{
    ULONGLONG now = thread_window_system.get_tick_count();
    bool lost = (w->wake == WAKE_POSTED || w->wake == WAKE_OVERDUE) && now - w->posted_at >= LOST_MS;

    if (w->ended || (w->wake != WAKE_NONE && !lost))
        return false;
    if (w->wake == WAKE_NONE)
    {
        w->wake = WAKE_POSTED;
        w->woken_at = now;
    }
    w->posted_at = now;
    return true;
}

static void retry_wake_up(thread_window *w)
{
    bool late;

    lock_acquire(&w->lock);
    late = !w->ended && (w->wake == WAKE_REFUSED || w->wake == WAKE_TIMER);
    if (late)
    {
        w->wake = WAKE_OVERDUE;
        w->posted_at = thread_window_system.get_tick_count();
    }
    lock_release(&w->lock);
    if (late)
        post_wake_up(w);
}

/* ---- running tasks, on the window's thread ---- */

/* Returns whether messages wait that a message loop takes after posted messages. The high word tells what is in the
 * queue; the low word tells only what has come since the last look. */
static bool others_wait(void)
{
    return HIWORD(thread_window_system.get_queue_status(QS_INPUT | QS_PAINT | QS_TIMER)) != 0;
}

/* Takes a wake-up that has arrived. Returns whether tasks are to run now. Otherwise the message was not a wake-up of
 * ours, or a WM_TIMER was set instead. */
static bool take_wake_up(thread_window *w, bool by_timer)
{
    bool yield = !by_timer && w->spent >= w->slice && others_wait();
    bool run, put_off;

    lock_acquire(&w->lock);
    /* While a WM_TIMER is outstanding, a post comes from other code; while none is, a WM_TIMER is a late one. */
    run = by_timer == (w->wake == WAKE_TIMER);
    put_off = run && yield && w->wake != WAKE_OVERDUE && !list_empty(&w->tasks);
    if (put_off)
    {
        w->wake = WAKE_TIMER;
        set_pool_timer(w, RETRY_MS);
    }
    else if (run)
        w->wake = WAKE_NONE;
    lock_release(&w->lock);

    if (put_off && thread_window_system.set_timer(window_of(w), TIMER_ID, TIMER_MS, NULL))
    {
        w->timer_is_set = true;
        return false;
    }
    if (w->timer_is_set && (run || by_timer))
    {
        KillTimer(window_of(w), TIMER_ID);
        w->timer_is_set = false;
    }
    return run;
}

/* Takes the next task of this stretch from the queue; NULL: there is none, or the time of the stretch is over. If other
 * tasks wait, posts their wake-up before the task runs: if the task pumps messages, they run inside it. */
static task *take_task(thread_window *w)
{
    list_link *link = NULL;
    bool wake;

    lock_acquire(&w->lock);
    if (!thread_window_slice_is_over(w))
        link = list_take_first(&w->tasks);
    wake = w->wake == WAKE_NONE && !list_empty(&w->tasks) && announce_wake_up(w);
    lock_release(&w->lock);
    if (wake)
        post_wake_up(w);
    return link ? CONTAINER_OF(link, task, link) : NULL;
}

static void run_tasks(thread_window *w)
{
    LONGLONG begun = clock_now(), outer_end = w->slice_end;
    task *t;

    w->slice_end = begun + w->slice;
    while ((t = take_task(w)) != NULL)
        t->run(t);
    w->slice_end = outer_end;
    w->spent += clock_now() - begun;
}

/* ---- tasks that are held back ---- */

/* Queues the tasks that are held back, and posts a wake-up for them. */
static void end_hold(thread_window *w)
{
    bool wake;

    if (w->hold == HOLD_NONE)
        return;
    if (w->hold == HOLD_UNTIL_TIMER)
        KillTimer(window_of(w), HOLD_TIMER_ID);
    w->hold = HOLD_NONE;
    lock_acquire(&w->lock);
    list_move_all(&w->held, &w->tasks);
    wake = !list_empty(&w->tasks) && announce_wake_up(w);
    lock_release(&w->lock);
    if (wake)
        post_wake_up(w);
}

/* Makes sure that a wake-up comes while tasks are held back without a timer: the pool timer posts it. */
static void ensure_wake_up(thread_window *w)
{
    if (w->hold != HOLD_UNTIL_WAKE_UP)
        return;
    lock_acquire(&w->lock);
    if (w->wake == WAKE_NONE && !w->ended)
    {
        w->wake = WAKE_REFUSED;
        w->woken_at = thread_window_system.get_tick_count();
        set_pool_timer(w, RETRY_MS);
    }
    lock_release(&w->lock);
}

static void begin_hold(thread_window *w)
{
    w->held_at = thread_window_system.get_tick_count();
    w->hold = thread_window_system.set_timer(window_of(w), HOLD_TIMER_ID, HOLD_MS, NULL) ? HOLD_UNTIL_TIMER
                                                                                         : HOLD_UNTIL_WAKE_UP;
    ensure_wake_up(w);
}

void thread_window_hold_back(thread_window *w, task *t)
{
    lock_acquire(&w->lock);
    if (!w->ended && !list_linked(&t->link))
        list_append(&w->held, &t->link);
    lock_release(&w->lock);
    if (w->hold == HOLD_NONE)
        begin_hold(w);
}

bool thread_window_is_held_back(const thread_window *w)
{
    return w->hold != HOLD_NONE;
}

/* ---- the window ---- */

/* Returns the window's structure with a reference; NULL: the last reference has gone. The memory of the structure stays
 * as long as the window. */
static thread_window *enter(HWND window)
{
    thread_window *w = (thread_window *)GetWindowLongPtrW(window, GWLP_USERDATA);

    if (!w)
        return NULL;
    lock_acquire(&windows_lock);
    if (w->references)
        w->references++;
    else
        w = NULL;
    lock_release(&windows_lock);
    return w;
}

static void leave(thread_window *w);
static void renew(thread_window *w);

static LRESULT CALLBACK window_procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    thread_window *w;

    if (message == WM_CLOSE)
        return 0; /* other code may post it */
    if (message != THREAD_WINDOW_WAKE && message != WM_TIMER && message != WM_NCDESTROY)
        return DefWindowProcW(window, message, wparam, lparam);

    w = enter(window);
    if (!w)
        return 0;
    if (message == WM_NCDESTROY)
        renew(w);
    else if (message == WM_TIMER && wparam == HOLD_TIMER_ID)
        end_hold(w);
    else if (take_wake_up(w, message == WM_TIMER))
    {
        /* A wake-up that was under way when the hold began comes too early. */
        if (w->hold == HOLD_UNTIL_WAKE_UP && thread_window_system.get_tick_count() - w->held_at >= HOLD_MS)
            end_hold(w);
        /* If input, painting or timers waited, they had their turn (WM_TIMER), or had 100 ms (WAKE_OVERDUE). */
        if (w->spent >= w->slice)
            w->spent = 0;
        run_tasks(w);
        ensure_wake_up(w);
    }
    leave(w);
    return 0;
}

/* ---- the life of a window ---- */

static VOID CALLBACK pool_timer_fired(PTP_CALLBACK_INSTANCE instance, void *context, PTP_TIMER timer);

/* Frees everything but the reference on the module. Call it after the window has gone, while no callback of the pool
 * timer runs except the caller. */
static void free_window(thread_window *w)
{
    if (w->pool_timer)
        CloseThreadpoolTimer(w->pool_timer);
    if (w->is_counted)
        window_class_release(w->module);
    if (w->life)
        CloseHandle(w->life);
    mem_free(w);
}

static bool make_window(thread_window *w)
{
    HWND window = CreateWindowExW(0, WINDOW_CLASS, NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, w->module, NULL);

    if (!window)
        return false;
    SetWindowLongPtrW(window, GWLP_USERDATA, (LONG_PTR)w);
    STORE_POINTER_RELEASE(&w->window, window);
    return true;
}

static bool fill_window(thread_window *w)
{
    w->life = thread_open_self();
    w->is_counted = w->life && module_hold(&w->module) && window_class_hold(w->module, window_procedure);
    if (!w->is_counted)
        return false;
    w->pool_timer = CreateThreadpoolTimer(pool_timer_fired, w, NULL);
    return w->pool_timer && make_window(w);
}

/* Makes up for the wake-up and the timers that went with a window. */
static void wake_anew(thread_window *w)
{
    bool wake;

    lock_acquire(&w->lock);
    w->wake = WAKE_NONE;
    wake = !list_empty(&w->tasks) && announce_wake_up(w);
    lock_release(&w->lock);
    w->timer_is_set = false;
    if (wake)
        post_wake_up(w);
    if (w->hold != HOLD_NONE)
        begin_hold(w);
}

static void abandon_tasks(thread_window *w);

/* Other code of this thread has destroyed the window. Makes another one, without which the thread would get no event
 * any more; not for ever, so that code that destroys windows until there is none comes to an end. Then the thread
 * counts as ended. (At the end of a thread Windows destroys its windows without a message.) */
static void renew(thread_window *w)
{
    if (w->renewals++ < RENEWALS_MOST && make_window(w))
    {
        wake_anew(w);
        return;
    }
    lock_acquire(&w->lock);
    w->ended = true;
    lock_release(&w->lock);
    abandon_tasks(w);
}

static thread_window *create_window(void)
{
    thread_window *w = mem_alloc(sizeof(*w));
    HMODULE module;

    if (!w)
        return NULL;
    w->references = 1;
    w->thread = GetCurrentThreadId();
    w->slice = clock_ticks(SLICE_MS);
    w->desktop = desktop_current();
    list_init(&w->tasks);
    list_init(&w->held);
    if (fill_window(w))
        return w;
    module = w->module;
    free_window(w);
    if (module)
        FreeLibrary(module);
    return NULL;
}

thread_window *thread_window_get(void)
{
    DWORD thread = GetCurrentThreadId();
    thread_window *found = NULL;
    list_link *link;

    lock_acquire(&windows_lock);
    for (link = list_first(&windows); link && !found; link = list_next(&windows, link))
    {
        thread_window *w = CONTAINER_OF(link, thread_window, link);

        if (w->thread == thread && has_window(w))
            found = w;
    }
    if (found)
        found->references++;
    lock_release(&windows_lock);
    if (found)
        return found;

    thread_window_reap();
    found = create_window(); /* with no lock held: hooks of other code run here */
    if (!found)
        return NULL;
    lock_acquire(&windows_lock);
    list_append(&windows, &found->link);
    lock_release(&windows_lock);
    return found;
}

thread_window *thread_window_hold(thread_window *w)
{
    lock_acquire(&windows_lock);
    w->references++;
    lock_release(&windows_lock);
    return w;
}

static bool drop_reference(thread_window *w)
{
    bool last;

    lock_acquire(&windows_lock);
    last = --w->references == 0;
    if (last)
        list_remove(&w->link);
    lock_release(&windows_lock);
    return last;
}

/* Ends tasks and wake-ups, and waits for a callback of the pool timer that is under way. */
static void silence(thread_window *w)
{
    lock_acquire(&w->lock);
    w->ended = true;
    w->wake = WAKE_NONE;
    while (list_take_first(&w->tasks) || list_take_first(&w->held))
        ;
    lock_release(&w->lock);
    SetThreadpoolTimer(w->pool_timer, NULL, 0, 0);
    WaitForThreadpoolTimerCallbacks(w->pool_timer, TRUE);
}

/* Only a window's own thread can destroy the window. The window gets the procedure of the system, so that no code of
 * this module runs for it any more, and a WM_CLOSE, which that procedure answers with DestroyWindow. */
static void leave_to_the_system(thread_window *w)
{
    HDESK own;

    if (desktop_enter(w->desktop, &own))
    {
        SetWindowLongPtrW(window_of(w), GWLP_WNDPROC, (LONG_PTR)DefWindowProcW);
        desktop_leave(w->desktop, own);
    }
    w->close_is_posted = !post(w, WM_CLOSE);
    w->is_left = true;
    w->look_ms = FIRST_LOOK_MS;
    set_pool_timer(w, w->look_ms);
}

/* Looks whether a window that was left to the system has gone. If so, frees the window; otherwise posts WM_CLOSE if
 * that failed before, and sets the next look. The reference on the module is released after this callback has returned;
 * the next callback has a reference of its own. */
static void look_for_end(thread_window *w, PTP_CALLBACK_INSTANCE instance)
{
    HMODULE next;

    if (is_gone(w))
    {
        FreeLibraryWhenCallbackReturns(instance, w->module);
        free_window(w);
        return;
    }
    if (!w->close_is_posted)
        w->close_is_posted = !post(w, WM_CLOSE);
    if (module_hold(&next))
        FreeLibraryWhenCallbackReturns(instance, w->module);
    w->look_ms = w->look_ms * 2 < LAST_LOOK_MS ? w->look_ms * 2 : LAST_LOOK_MS;
    set_pool_timer(w, w->look_ms);
}

static VOID CALLBACK pool_timer_fired(PTP_CALLBACK_INSTANCE instance, void *context, PTP_TIMER timer)
{
    thread_window *w = context;

    (void)timer;
    if (w->is_left)
        look_for_end(w, instance);
    else
        retry_wake_up(w);
}

void thread_window_release(thread_window *w)
{
    HMODULE module = w->module;
    bool gone;

    if (!drop_reference(w))
        return;
    silence(w);
    gone = is_gone(w);
    if (!gone && w->thread != GetCurrentThreadId())
    {
        leave_to_the_system(w);
        return;
    }
    if (!gone)
        DestroyWindow(window_of(w));
    free_window(w);
    FreeLibrary(module); /* not the last reference: the caller holds the module, too */
}

/* Releases the reference of `enter`. The message loop that this thread returns to holds no reference on the module. */
static void leave(thread_window *w)
{
    if (!drop_reference(w))
        return;
    silence(w);
    leave_to_the_system(w);
}

/* ---- tasks, on any thread ---- */

/* Returns whether the thread lives and takes tasks; call it under the lock. thread_lives is a system call, and events
 * come by the hundred thousand: it is called once in a tick of the clock. */
static bool takes_tasks(thread_window *w)
{
    ULONGLONG now;

    if (w->ended || w->thread == GetCurrentThreadId())
        return !w->ended;
    now = thread_window_system.get_tick_count();
    if (now == w->asked_at)
        return true;
    w->asked_at = now;
    w->ended = !thread_lives(w->life);
    return !w->ended;
}

/* Queues the task. Returns false if the thread has ended. `*wake`: the caller posts a wake-up. */
static bool queue_task(thread_window *w, task *t, bool *wake)
{
    bool alive;

    lock_acquire(&w->lock);
    alive = takes_tasks(w);
    *wake = alive && announce_wake_up(w);
    if (alive && !list_linked(&t->link))
        list_append(&w->tasks, &t->link);
    lock_release(&w->lock);
    return alive;
}

bool thread_window_post(thread_window *w, task *t)
{
    bool wake, alive = queue_task(w, t, &wake);

    if (wake && !post_wake_up(w))
    {
        thread_window_withdraw(w, t);
        return false;
    }
    return alive;
}

static task *take_any(thread_window *w)
{
    list_link *link;

    lock_acquire(&w->lock);
    link = list_take_first(&w->tasks);
    lock_release(&w->lock);
    return link ? CONTAINER_OF(link, task, link) : NULL;
}

/* Abandons what waits for a thread that has ended. The window takes no more tasks. */
static void abandon_tasks(thread_window *w)
{
    task *t;

    while ((t = take_any(w)) != NULL)
        if (t->abandon)
            t->abandon(t);
}

void thread_window_run(thread_window *w, task *t)
{
    bool wake;

    if (!w || thread_window_is_here(w))
    {
        t->run(t);
        return;
    }
    thread_window_hold(w); /* the task may release the caller's reference before this call returns */
    if (!queue_task(w, t, &wake))
        t->abandon(t);
    else if (wake && !post_wake_up(w))
        abandon_tasks(w);
    thread_window_release(w);
}

bool thread_window_withdraw(thread_window *w, task *t)
{
    bool queued;

    lock_acquire(&w->lock);
    queued = list_linked(&t->link);
    list_remove(&t->link);
    lock_release(&w->lock);
    return queued;
}

/* ---- threads that ended ---- */

/* Returns a reference to a window whose thread has ended and that was not reaped; NULL: there is none. */
static thread_window *next_ended(void)
{
    thread_window *found = NULL;

    lock_acquire(&windows_lock);
    for (list_link *link = list_first(&windows); link && !found; link = list_next(&windows, link))
    {
        thread_window *w = CONTAINER_OF(link, thread_window, link);

        if (!w->is_reaped && !thread_lives(w->life))
            found = w;
    }
    if (found)
    {
        found->is_reaped = true;
        found->references++;
    }
    lock_release(&windows_lock);
    return found;
}

void thread_window_reap(void)
{
    thread_window *w;

    while ((w = next_ended()) != NULL)
    {
        lock_acquire(&w->lock);
        w->ended = true;
        lock_release(&w->lock);
        abandon_tasks(w);
        thread_window_release(w);
    }
}

/* ---- questions ---- */

ULONGLONG thread_window_wait(thread_window *w)
{
    ULONGLONG ms = 0;

    lock_acquire(&w->lock);
    if (w->wake != WAKE_NONE && !w->ended)
        ms = thread_window_system.get_tick_count() - w->woken_at;
    lock_release(&w->lock);
    return ms;
}

bool thread_window_is_here(const thread_window *w)
{
    return w->thread == GetCurrentThreadId() && has_window(w);
}

bool thread_window_lives(const thread_window *w)
{
    return thread_lives(w->life);
}

bool thread_window_slice_is_over(const thread_window *w)
{
    return clock_now() >= w->slice_end;
}

HWND thread_window_handle(const thread_window *w)
{
    return window_of(w);
}
