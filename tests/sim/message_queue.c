/* The order is that of the page of GetMessage: posted messages, then WM_QUIT, then timers. PostQuitMessage posts
 * nothing: it sets a flag, and WM_QUIT is made when nothing is left that was posted. */

#include "message_queue.h"

#include "failure.h"
#include "faults.h"
#include "limits.h"
#include "scheduler.h"

#define POSTED_MOST 8
#define TIMERS_MOST 4

typedef struct timer
{
    window *window; /* NULL: not set */
    UINT_PTR id;
    DWORD ms;
    uint64_t due;
} timer;

typedef struct message_queue
{
    MSG posted[POSTED_MOST];
    int count;
    bool quits;
    int quit_code;
    timer timers[TIMERS_MOST];
    window *window; /* open windows of the thread; it has at most one */
} message_queue;

static message_queue queues[THREADS_MOST];
static int windows, open_windows;
static int refused;           /* posts that are still to be refused */
static bool has_system_timer; /* the thread that posts what is to come later has been started */

static message_queue *mine(void)
{
    return &queues[scheduler_current()];
}

void message_queues_begin(void)
{
    memset(queues, 0, sizeof(queues));
    windows = open_windows = 0;
    has_system_timer = false;
    refused = 0;
}

void message_queues_end(void)
{
    if (open_windows)
        fail("%d windows are left at the end", open_windows);
}

/* ---- windows ---- */

void window_open(window *w, void (*procedure)(window *w, UINT message, WPARAM wparam))
{
    w->number = ++windows;
    w->thread = scheduler_current();
    w->open = true;
    w->procedure = procedure;
    w->late_at = NEVER;
    mine()->window = w;
    open_windows++;
}

static void drop_messages(message_queue *q, const window *w)
{
    int kept = 0;

    for (int i = 0; i < q->count; i++)
        if (q->posted[i].hwnd != w)
            q->posted[kept++] = q->posted[i];
    q->count = kept;
    for (int i = 0; i < TIMERS_MOST; i++)
        if (q->timers[i].window == w)
            q->timers[i].window = NULL;
}

void window_close(window *w)
{
    if (!w->open)
        return;
    w->open = false;
    open_windows--;
    queues[w->thread].window = NULL;
    drop_messages(&queues[w->thread], w);
}

void message_queue_thread_ends(int thread)
{
    if (queues[thread].window)
        window_close(queues[thread].window);
}

/* A fault is a point, at which the window may go. */
static DWORD post(message_queue *q, UINT message)
{
    if (fault(FAULT_POST_MESSAGE))
        return GetLastError();
    if (!q->window)
        return ERROR_INVALID_WINDOW_HANDLE;
    if (refused)
    {
        refused--;
        return ERROR_NOT_ENOUGH_QUOTA;
    }
    if (q->count == POSTED_MOST)
        fail("more than %d messages are posted to a thread", POSTED_MOST);
    q->posted[q->count++] = (MSG){.hwnd = q->window, .message = message};
    return 0;
}

DWORD window_post(window *w, UINT message)
{
    point("PostMessageW", "window", w->number, 0);
    return w->open ? post(&queues[w->thread], message) : ERROR_INVALID_WINDOW_HANDLE;
}

void message_queues_refuse(int count)
{
    refused = count;
}

/* ---- messages that are posted later ---- */

static message_queue *next_late(void)
{
    message_queue *next = NULL;

    for (int i = 0; i < THREADS_MOST; i++)
        if (queues[i].window && queues[i].window->late_at != NEVER)
            if (!next || queues[i].window->late_at < next->window->late_at)
                next = &queues[i];
    return next;
}

static uint64_t next_late_at(void)
{
    message_queue *next = next_late();

    return next ? next->window->late_at : NEVER;
}

/* A time has come, or another is the next. */
static bool is_late_or_changed(void *waits_for)
{
    return next_late_at() != *(uint64_t *)waits_for || next_late_at() <= scheduler_now();
}

static void post_late(message_queue *q)
{
    UINT message = q->window->late;
    DWORD error;

    q->window->late_at = NEVER;
    error = post(q, message);
    if (error && q->window)
        q->window->late_at = scheduler_in(100);
}

static void system_timer(void *unused)
{
    (void)unused;
    for (;;)
    {
        uint64_t next = next_late_at();

        scheduler_wait(is_late_or_changed, &next, next, "a message that is posted later", 0);
        if (next_late_at() <= scheduler_now())
            post_late(next_late());
    }
}

void window_post_later(window *w, UINT message, DWORD ms)
{
    if (!has_system_timer)
        scheduler_start(system_timer, NULL, "timer", true);
    has_system_timer = true;
    w->late = message;
    w->late_at = scheduler_in(ms);
}

/* ---- timers of a thread ---- */

bool window_set_timer(window *w, UINT_PTR id, DWORD ms)
{
    message_queue *q = mine();

    point("SetTimer", "window", w->number, ms);
    if (fault(FAULT_SET_TIMER))
        return false;
    for (int i = 0; i < TIMERS_MOST; i++)
        if (!q->timers[i].window)
        {
            q->timers[i] = (timer){w, id, ms, scheduler_in(ms)};
            return true;
        }
    fail("a thread has more than %d timers", TIMERS_MOST);
}

void window_kill_timer(const window *w, UINT_PTR id)
{
    timer *timers = mine()->timers;

    for (int i = 0; i < TIMERS_MOST; i++)
        if (timers[i].window == w && timers[i].id == id)
            timers[i].window = NULL;
}

/* ---- looking for messages ---- */

static timer *due_timer(message_queue *q)
{
    for (int i = 0; i < TIMERS_MOST; i++)
        if (q->timers[i].window && q->timers[i].due <= scheduler_now())
            return &q->timers[i];
    return NULL;
}

bool message_queue_has_input(int thread)
{
    message_queue *q = &queues[thread];

    return q->count || q->quits || due_timer(q);
}

uint64_t message_queue_next_timer(int thread)
{
    uint64_t next = NEVER;

    for (int i = 0; i < TIMERS_MOST; i++)
        if (queues[thread].timers[i].window && queues[thread].timers[i].due < next)
            next = queues[thread].timers[i].due;
    return next;
}

static MSG take_posted(message_queue *q)
{
    MSG first = q->posted[0];

    q->count--;
    memmove(q->posted, q->posted + 1, (size_t)q->count * sizeof(q->posted[0]));
    return first;
}

static bool take(message_queue *q, MSG *out)
{
    timer *due;

    if (q->count)
    {
        *out = take_posted(q);
        return true;
    }
    if (q->quits)
    {
        q->quits = false;
        *out = (MSG){.message = WM_QUIT, .wParam = (WPARAM)q->quit_code};
        return true;
    }
    due = due_timer(q);
    if (!due)
        return false;
    due->due = scheduler_in(due->ms);
    *out = (MSG){.hwnd = due->window, .message = WM_TIMER, .wParam = due->id};
    return true;
}

BOOL WINAPI PeekMessageW(MSG *message, HWND of, UINT first, UINT last, UINT remove)
{
    if (of || first || last || remove != PM_REMOVE)
        fail("PeekMessageW: the stand-in does not know this case");
    point("PeekMessageW", "", 0, 0);
    return take(mine(), message);
}

BOOL WINAPI TranslateMessage(const MSG *message)
{
    (void)message;
    return FALSE;
}

LRESULT WINAPI DispatchMessageW(const MSG *message)
{
    window *w = message->hwnd;

    if (!w || w != mine()->window)
        return 0; /* for the thread, or for a window that has gone since */
    point("DispatchMessageW", "window", w->number, message->message);
    w->procedure(w, message->message, message->wParam);
    return 0;
}

VOID WINAPI PostQuitMessage(int code)
{
    mine()->quits = true;
    mine()->quit_code = code;
}
