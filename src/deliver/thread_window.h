/* thread_window.h: the hidden window of a thread, which runs tasks on that thread.
 *
 * Each thread that needs a window has one message-only window, shared by all objects that live on the thread. One
 * wake-up at a time is outstanding, however many tasks wait: a posted message that carries nothing, so that it does no
 * harm if other code posts it. Tasks run for about 10 ms at a stretch. If tasks have taken 10 ms, in one stretch or in
 * several, and input, painting or timers of the thread wait, the next wake-up is a WM_TIMER, which comes after those
 * (and, if it was not taken within 100 ms, a post again). A post that was refused is tried again every 100 ms. A post
 * that has not come after a second was swallowed by a filter of the host; the next task posts again.
 *
 * If other code of the thread destroys the window, it is made anew; a thread that does so a hundred times counts as
 * ended. A handle of the thread tells whether the thread lives. Functions of windows fail if the calling thread is on
 * another desktop; then the wake-up is posted from the window's desktop.
 *
 * Threads: thread_window_get, thread_window_hold_back, thread_window_is_held_back and thread_window_slice_is_over are
 * called on the window's thread. Every thread may call everything else, with a reference that lasts for the call (a
 * task may run, and release another reference, before thread_window_post returns). Nothing blocks, except that the last
 * release waits for a callback of a timer that is under way. Tasks run on the window's thread, with no lock held, from
 * the thread's message loop. A task that pumps messages is re-entered by other tasks: whenever a task runs and others
 * wait, a wake-up for them is outstanding. After the thread has ended, no task runs; see thread_window_reap. */

#ifndef DELIVER_THREAD_WINDOW_H
#define DELIVER_THREAD_WINDOW_H

#include "base/list.h"

typedef struct thread_window thread_window;
typedef struct task task;

/* A task is a field of the object that needs it, zeroed at first. The window takes the task from its queue before it
 * calls a function of it: the function may queue the task again, or free it. The task's memory stays until a function
 * was called or the task was withdrawn. */
struct task
{
    list_link link;
    void (*run)(task *t);     /* on the window's thread */
    void (*abandon)(task *t); /* on any thread, instead of `run`, if the window's thread has ended; NULL: nothing */
};

/* Returns a reference to the window of the calling thread, and makes the window if there is none. NULL: it cannot be
 * made. */
thread_window *thread_window_get(void);
thread_window *thread_window_hold(thread_window *w);

/* Releases a reference. The last release destroys the window: at once on its own thread; from another thread, or from
 * inside a task, when its thread next pumps messages. Withdraw queued tasks before. */
void thread_window_release(thread_window *w);

/* Queues the task at the end, unless it is queued already. False: the thread has ended, and the task will never run,
 * even if it was queued already. A task that has more to do queues itself again before it does what may pump
 * messages. */
bool thread_window_post(thread_window *w, task *t);

/* Calls one function of the task once: `run` on the window's thread, inside this call if that is the calling thread,
 * otherwise later; `abandon`, which must be there, if that thread has ended or ends before. If `w` is NULL, `run` is
 * called inside this call. Both may release the caller's reference to `w`. Call it with no lock held. */
void thread_window_run(thread_window *w, task *t);

/* Removes a task from the queue. False: the task was not queued (it may be running). */
bool thread_window_withdraw(thread_window *w, task *t);

/* Holds a task back that cannot do its work on this thread for now: queues the task again after 50 ms, together with
 * all other tasks of the window that are held back meanwhile. The thread's message loop dispatches the timer. Call it
 * on the window's thread. */
void thread_window_hold_back(thread_window *w, task *t);

/* Returns whether tasks are held back now: the 50 ms have not passed. Call it on the window's thread. */
bool thread_window_is_held_back(const thread_window *w);

/* Returns for how many ms the outstanding wake-up has waited for the thread to dispatch it; 0: none is outstanding. */
ULONGLONG thread_window_wait(thread_window *w);

/* Returns whether the calling thread is the window's thread, and the window is still there. */
bool thread_window_is_here(const thread_window *w);

/* Returns whether the window's thread has not ended. */
bool thread_window_lives(const thread_window *w);

/* Returns whether the 10 ms of the present stretch have passed: a long task then queues itself again and returns. If a
 * task pumps messages, tasks that run inside it have a stretch of their own. Call it on the window's thread. */
bool thread_window_slice_is_over(const thread_window *w);

/* Abandons the tasks that wait for threads that have ended: a task that was queued just before the end of its thread
 * finds nobody else to call it. Called before a window is made, and before the module may be unloaded; with no lock
 * held, on any thread. */
void thread_window_reap(void);

/* ---- for tests ---- */

enum
{
    THREAD_WINDOW_WAKE = WM_APP /* the message of a wake-up */
};

/* Returns the window. */
HWND thread_window_handle(const thread_window *w);

/* The system calls of this file that a test may replace, before the threads that use them start. */
typedef struct thread_window_calls
{
    BOOL(WINAPI *post_message)(HWND window, UINT message, WPARAM wparam, LPARAM lparam);
    DWORD(WINAPI *get_queue_status)(UINT flags);
    UINT_PTR(WINAPI *set_timer)(HWND window, UINT_PTR id, UINT ms, TIMERPROC proc);
    VOID(WINAPI *set_pool_timer)(PTP_TIMER timer, FILETIME *due, DWORD period, DWORD window);
    ULONGLONG(WINAPI *get_tick_count)(void);
} thread_window_calls;

extern thread_window_calls thread_window_system;

#endif
