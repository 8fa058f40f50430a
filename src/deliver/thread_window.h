/* thread_window.h: the hidden window of a thread, which runs tasks there.
 *
 * One message-only window for each thread that needs one, shared by all that live on it. However many tasks wait, one
 * wake-up is outstanding at a time: a posted message that carries nothing, so that anybody may post it. Tasks run for
 * about 10 ms at a stretch. When 10 ms were spent, be it in one stretch or in several, and input, painting or timers of
 * the thread wait, the next wake-up is a WM_TIMER, which comes behind those (and a post again, if it was not taken
 * within 100 ms). A post that was refused is tried again every 100 ms; one that has not come after a second, since a
 * filter of the host's has swallowed it, is posted again with the next task.
 *
 * Whether the thread lives is asked of the thread, by a handle. Functions of windows fail where the calling thread
 * is on another desktop; then the wake-up is posted from the window's own.
 *
 * Threads: thread_window_get and thread_window_slice_is_over on the thread itself; everything else on any thread, with
 * a reference that lasts for the call (a task may run, and release another one, before thread_window_post returns).
 * Nothing blocks. Tasks run on the window's thread, with no lock held, from its message loop; one that pumps messages
 * is re-entered by other tasks, for which a wake-up is outstanding whenever a task runs. When the thread has ended,
 * tasks are no longer taken; those that wait never run. */

#ifndef DELIVER_THREAD_WINDOW_H
#define DELIVER_THREAD_WINDOW_H

#include "base/list.h"

typedef struct thread_window thread_window;
typedef struct task task;

/* A field of whoever wants to run, zeroed at first. It is not queued any more when `run` begins: it may be queued again
 * from inside `run`, or freed there. It must stay until it ran or was withdrawn. */
struct task
{
    list_link link;
    void (*run)(task *t);
};

/* The calling thread's window, made if there is none; a reference. NULL where none can be made. */
thread_window *thread_window_get(void);
thread_window *thread_window_hold(thread_window *w);

/* The last reference destroys the window: at once on its own thread; from elsewhere, and from inside a task, when the
 * thread next pumps. What is queued must have been withdrawn. */
void thread_window_release(thread_window *w);

/* Queues the task, at the end, unless it is queued. False: the thread has ended (so also for a task that is queued
 * already), and the task will never run. A task that has more to do queues itself before it does what may pump. */
bool thread_window_post(thread_window *w, task *t);

/* Runs the task on the window's thread: inside this call where that is the calling one, else posted. NULL: there is no
 * such thread, and it runs here. The task may release what keeps `w`. False: the thread has ended, and the task will
 * never run. */
bool thread_window_run(thread_window *w, task *t);

/* Takes a queued task back. False: it was not queued (it may be running). */
bool thread_window_withdraw(thread_window *w, task *t);

/* For a task that finds that it cannot do its work on this thread for now: queues it again in 50 ms, by a timer
 * that the thread's message loop dispatches, with all others of this window that are held back meanwhile. On the
 * window's thread. */
void thread_window_hold_back(thread_window *w, task *t);

/* Whether those 50 ms have not passed yet. On the window's thread. */
bool thread_window_is_held_back(const thread_window *w);

/* Whether the calling thread is the window's. */
bool thread_window_is_here(const thread_window *w);

/* Whether the 10 ms of the present stretch have passed: a long task then queues itself again and returns. A task that
 * pumps messages has a stretch within its own. */
bool thread_window_slice_is_over(const thread_window *w);

/* How many windows there are in this process, of ended threads too, until the last trace of each is gone: while it is
 * not 0, this module must not be unloaded (each holds a reference on it). */
unsigned thread_window_count(void);

/* ---- for tests ---- */

enum
{
    THREAD_WINDOW_WAKE = WM_APP /* the message that wakes */
};

/* The window, for tests. */
HWND thread_window_handle(const thread_window *w);

/* The system calls of this file that a test may replace, before the threads that use them start. */
typedef struct thread_window_calls
{
    BOOL(WINAPI *post_message)(HWND window, UINT message, WPARAM wparam, LPARAM lparam);
    DWORD(WINAPI *get_queue_status)(UINT flags);
    UINT_PTR(WINAPI *set_timer)(HWND window, UINT_PTR id, UINT ms, TIMERPROC proc);
    HDESK(WINAPI *get_thread_desktop)(DWORD thread);
    BOOL(WINAPI *set_thread_desktop)(HDESK desktop);
    ULONGLONG(WINAPI *get_tick_count)(void);
} thread_window_calls;

extern thread_window_calls thread_window_system;

#endif
