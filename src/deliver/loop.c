#include "deliver/loop.h"

#include "base/deadline.h"

#define LOOK_MS 10 /* ms that a wait of 0 ms may take for events and messages that are there */

/* One wait that is under way. */
typedef struct loop
{
    queue *queue;
    waiter *waiter;
    LONGLONG leave_at;
    bool pump;
    bool quit; /* WM_QUIT came, or a Leave ahead of it */
    deadline until;
    deadline overdue; /* then the wait ends although there is more to do */
} loop;

/* False: memory or handles are short. */
static bool loop_begin(loop *l, queue *q, bool pump, DWORD timeout, bool is_loop)
{
    memset(l, 0, sizeof(*l));
    l->queue = q;
    l->pump = pump;
    l->until = deadline_in(timeout);
    l->overdue = timeout ? l->until : deadline_in(LOOK_MS);
    l->waiter = queue_waiter_begin(q, is_loop);
    return l->waiter != NULL;
}

/* Dispatches one message. False: there was none, or it was WM_QUIT; then sets `*quit`. */
static bool dispatch_message(bool *quit)
{
    MSG message;

    if (!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        return false;
    if (message.message == WM_QUIT)
    {
        PostQuitMessage((int)message.wParam);
        *quit = true;
        return false;
    }
    TranslateMessage(&message);
    DispatchMessageW(&message);
    return true;
}

/* Raises one event or dispatches one message. False: there is nothing to do. Events that were refused 50 ms ago are
 * tried again here, too: otherwise a wait that always has something to do would never try them. */
static bool step(loop *l)
{
    queue_retry(l->queue);
    return queue_raise_one(l->queue, &no_limit) != STEP_NOTHING || (l->pump && dispatch_message(&l->quit));
}

/* Waits until a handle is signalled, a message comes, or `ms` have passed. Returns whether the first handle is
 * signalled. */
static bool wait_once(const HANDLE *handles, DWORD count, bool pump, DWORD ms)
{
    if (pump)
        return MsgWaitForMultipleObjectsEx(count, handles, ms, QS_ALLINPUT, MWMO_INPUTAVAILABLE) == WAIT_OBJECT_0;
    return WaitForMultipleObjects(count, handles, FALSE, ms) == WAIT_OBJECT_0;
}

/* Waits until there may be something to do. Two cases give no signal: events that were refused may be tried again, and
 * the thread that raises may have ended inside a handler. */
static void wait_for_more(loop *l)
{
    DWORD left = deadline_left(l->until), retry = queue_retry(l->queue);
    HANDLE handles[] = {l->waiter->changed, queue_open_raiser(l->queue)};

    wait_once(handles, handles[1] ? 2 : 1, l->pump, left < retry ? left : retry);
    if (handles[1])
        CloseHandle(handles[1]);
}

static bool is_left(loop *l)
{
    return queue_waiter_is_left(l->queue, l->waiter, &l->leave_at);
}

/* Raises the events that were queued before the Leave. Events that are refused are not tried again. */
static void raise_rest(loop *l)
{
    thread_window *window = queue_get_window(l->queue);
    backlog_limit limit = {l->leave_at, no_limit.run};

    if (window && thread_window_is_here(window))
        queue_drain_window(l->queue, &limit);
    while (queue_raise_one(l->queue, &limit) != STEP_NOTHING)
        continue;
}

/* Ends the wait, and returns whether it was told to end. A Leave or a Stop may still come while the wait ends, also in
 * its last handler; then this thread must raise the events that were queued before. */
static bool loop_finish(loop *l)
{
    bool left;

    do
        if (is_left(l))
            raise_rest(l);
    while (!queue_waiter_end(l->queue, l->waiter, &left));
    return left;
}

loop_end loop_enter(queue *q, bool pump, DWORD timeout)
{
    loop l;
    loop_end end = LOOP_LEFT;

    if (!loop_begin(&l, q, pump, timeout, true))
        return LOOP_FAILED;
    l.quit = queue_was_left(q); /* asked when a Leave already finds this loop inside, so that none is missed */
    while (!is_left(&l) && !l.quit)
    {
        bool busy = step(&l);

        if (l.quit)
            continue;
        if (busy ? deadline_has_passed(l.overdue) : deadline_has_passed(l.until))
        {
            end = LOOP_TIMEOUT;
            break;
        }
        if (!busy)
            wait_for_more(&l);
    }
    return loop_finish(&l) ? LOOP_LEFT : end;
}

pipe_event *loop_wait_event(queue *q, bool pump, DWORD timeout, bool (*is_running)(void *context), void *context)
{
    pipe_event *event = NULL;
    loop l;

    if (!loop_begin(&l, q, pump, timeout, false))
        return NULL;
    for (;;)
    {
        bool running = is_running(context);

        event = queue_take_for_consumer(q);
        if (event)
            break;
        if (step(&l))
        {
            if (deadline_has_passed(l.overdue))
                break;
            continue;
        }
        if (l.quit || (!running && !queue_has_events(q)) || deadline_has_passed(l.until))
            break;
        wait_for_more(&l);
    }
    loop_finish(&l);
    return event;
}

DWORD loop_wait_handle(HANDLE handle, bool pump, DWORD ms)
{
    loop l = {.pump = pump, .until = deadline_in(ms)};

    for (;;)
    {
        if (wait_once(&handle, 1, pump, deadline_left(l.until)))
            return 0;
        if (!pump || deadline_has_passed(l.until))
            return PIPE_ERROR_TIMED_OUT;
        /* A queue may never be empty. */
        while ((ms == INFINITE || !deadline_has_passed(l.until)) && dispatch_message(&l.quit))
            if (WaitForSingleObject(handle, 0) == WAIT_OBJECT_0)
                return 0;
        if (l.quit)
            return ERROR_CANCELLED;
    }
}
