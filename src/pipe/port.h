/* port.h: an I/O completion port, the threads that serve it, and their timers.
 *
 * Any thread may call everything here. Only port_serve may block. The functions of operations and timers run on the
 * port's threads, or inside port_serve, with no lock of this layer held. The port lives until its last operation was
 * delivered and its last thread has ended; then its owner calls port_close. */

#ifndef PIPE_PORT_H
#define PIPE_PORT_H

#include "base/list.h"

typedef struct port port;
typedef struct operation operation;
typedef struct port_timer port_timer;

/* One overlapped request, a field of its owner. The owner keeps the memory until `done` was called, since a cancelled
 * request is still under way. error: a Win32 code, 0 for success. bytes: the number of bytes moved, also with
 * ERROR_MORE_DATA. */
struct operation
{
    OVERLAPPED overlapped;
    void (*done)(operation *op, DWORD error, DWORD bytes);
    list_link link;
    DWORD error;  /* of an operation that completed at once */
    bool at_once; /* the system sends no completion packet for this operation */
};

/* A timer, a field of its owner. Set `fired` before port_timer_set; a thread of the port calls it once for each
 * setting. A timer does not make the threads stay: if they end first, it never fires. */
struct port_timer
{
    list_link link;
    ULONGLONG due;
    void (*fired)(port_timer *timer);
};

typedef struct port_calls
{
    void (*worker_begins)(void *owner);
    void (*worker_ends)(void *owner);
    void (*joined)(void *owner); /* every thread has joined; called on the last, before anything is delivered */
    void (*turn)(void *owner);   /* after deliveries, timers and kicks */
    /* The last thread has ended. Called on that thread, or inside port_serve. Afterwards only port_timer_cancel and
     * port_close may be called. */
    void (*ended)(void *owner);
} port_calls;

/* Makes a port for `threads` (1 to 64) threads, none of which runs yet. Returns a Win32 code or PIPE_ERROR_NO_PORT;
 * *out is NULL unless 0 is returned. `calls` and `owner` must live until `ended` was called. */
DWORD port_open(unsigned threads, const port_calls *calls, void *owner, port **out);

/* Starts the threads. Returns a Win32 code. After a failure some threads may run: begin to close all that uses the
 * port, then call port_serve. */
DWORD port_run(port *p);

/* Call port_serve after port_run failed, or instead of port_run. Threads that did start drain the port and end; the
 * last one calls `ended`. If none started, the calling thread drains the port and calls `ended` before port_serve
 * returns. */
void port_serve(port *p);

/* Binds an overlapped handle: the port delivers the handle's operations. Returns a Win32 code. */
DWORD port_bind(port *p, HANDLE handle);

/* Announces that `op` is about to be started, and clears its OVERLAPPED. The threads stay until `op` was delivered.
 * Follow with the system call, then with port_started or port_ended_at_once. */
void port_expect(port *p, operation *op, void (*done)(operation *op, DWORD error, DWORD bytes));

/* Tells the port the result of the call that started `op`: 0, ERROR_IO_PENDING or another error. In every case the port
 * calls `done` once, never inside port_started. */
void port_started(port *p, operation *op, DWORD error);

/* Tells the port the result, for a caller that itself handles an operation that completed at once. True: the operation
 * has ended, and `done` will not be called. False: `done` will be called. */
bool port_ended_at_once(port *p, operation *op, DWORD error);

/* port_keep makes the threads stay without an operation; port_let_go takes one port_keep back. A new port has one, for
 * its owner to take back. The threads end when the operations and port_keep calls are all gone. */
void port_keep(port *p);
void port_let_go(port *p);

/* port_timer_set makes the timer fire in `ms` milliseconds, and moves a timer that is already set; it returns whether
 * the timer was set before. port_timer_cancel returns false if the timer was not set: it has fired or is about to. */
bool port_timer_set(port *p, port_timer *timer, DWORD ms);
bool port_timer_cancel(port *p, port_timer *timer);

/* Returns whether the calling thread is one of the port's threads. */
bool port_serves_here(port *p);

/* Makes a thread call `turn` soon. On a thread of the port outside `turn`, that same thread does so without a
 * packet. */
void port_kick(port *p);

/* Frees the port. Call it after `ended`, or before port_run. No timer may be set. */
void port_close(port *p);

#endif
