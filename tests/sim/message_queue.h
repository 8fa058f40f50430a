/* message_queue.h: the messages of each thread: those that were posted, WM_QUIT, timers. The functions for the product
 * are those of windows.h. No thread has input or painting. */

#ifndef SIM_MESSAGE_QUEUE_H
#define SIM_MESSAGE_QUEUE_H

#include <windows.h>

#include <stdbool.h>

/* A window: messages for it come to its thread. */
typedef struct window
{
    int number, thread;
    bool open; /* false also when the thread has ended */
    void (*procedure)(struct window *w, UINT message, WPARAM wparam);
    uint64_t late_at; /* when `late` is posted; NEVER: not at all */
    UINT late;
} window;

void message_queues_begin(void);
/* Ends a run: every window must be closed. */
void message_queues_end(void);
/* The system destroys the windows of a thread that ends. */
void message_queue_thread_ends(int thread);

/* Opens a window of the calling thread. */
void window_open(window *w, void (*procedure)(window *w, UINT message, WPARAM wparam));
/* Drops the messages for the window, and its timers. Idempotent. */
void window_close(window *w);
/* Posts a message. Returns a Win32 code: ERROR_INVALID_WINDOW_HANDLE if the window is not open. */
DWORD window_post(window *w, UINT message);
/* The next `count` posts of all threads are refused; that is no fault. */
void message_queues_refuse(int count);
/* A timer of the system posts the message in `ms`, and again in `ms` if the post is refused then. One at a time. */
void window_post_later(window *w, UINT message, DWORD ms);
/* Sets a timer of the calling thread's window: WM_TIMER comes each `ms`, if nothing else is there. False: a fault. */
bool window_set_timer(window *w, UINT_PTR id, DWORD ms);
void window_kill_timer(const window *w, UINT_PTR id);

/* Returns whether PeekMessage would find a message now, and when the next timer of the thread is due. */
bool message_queue_has_input(int thread);
uint64_t message_queue_next_timer(int thread);

#endif
