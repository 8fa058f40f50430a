/* port.h: an I/O completion port, the threads that serve it, and their timers.
 *
 * Any thread may call everything here; nothing blocks. Functions of operations and timers run on the port's threads,
 * with no lock of ours held. The port lives until its last operation was delivered and its last thread has ended. */

#ifndef PIPE_PORT_H
#define PIPE_PORT_H

#include "base/list.h"

typedef struct port port;
typedef struct operation operation;
typedef struct port_timer port_timer;

/* One overlapped request, a field of whoever owns it. Its memory stays until `done` was called: a cancelled request is
 * still a pending one. error: a Win32 code, 0 for success. bytes: what was moved, also with ERROR_MORE_DATA. */
struct operation
{
    OVERLAPPED overlapped;
    void (*done)(operation *op, DWORD error, DWORD bytes);
    list_link link;
    DWORD error;  /* of one that completed at once */
    bool at_once; /* no packet of the system's came */
};

/* Fires once, on a thread of the port. */
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
    void (*joined)(void *owner); /* every thread has joined; before anything is delivered */
    void (*turn)(void *owner);   /* after each delivery and each kick */
    void (*ended)(
        void *owner); /* the last thread has ended; on it. The port must not be used any more but for port_close. */
} port_calls;

/* A port for `threads` (1 to 64) threads, none of which runs yet. */
DWORD port_open(unsigned threads, const port_calls *calls, void *owner, port **out);

/* Starts the threads. After a failure its owner begins to close what uses the port, then calls port_serve. */
DWORD port_run(port *p);

/* After a failed port_run, or none: lets the threads that were started serve the port to its end; where there is none
 * the caller does it, and `ended` is called here. */
void port_serve(port *p);

/* Binds a handle; its operations are delivered here. */
DWORD port_bind(port *p, HANDLE handle);

/* Announces that `op` is about to be started: the threads stay until it was delivered. */
void port_expect(port *p, operation *op, void (*done)(operation *op, DWORD error, DWORD bytes));

/* Says what the call that started `op` returned: 0, ERROR_IO_PENDING or another error. `done` is called once in every
 * case, never from inside this call. */
void port_started(port *p, operation *op, DWORD error);

/* The same for a caller who goes on by himself with what ended at once: true, and `done` will not be called; false, and
 * it will. */
bool port_ended_at_once(port *p, operation *op, DWORD error);

/* Announces and takes back one thing that keeps the threads, without an operation. The port is opened with one. */
void port_keep(port *p);
void port_let_go(port *p);

/* Sets the timer, in `ms` from now; one that is set already is moved. False from cancel: it has fired, is about to, or
 * was not set. */
bool port_timer_set(port *p, port_timer *timer, DWORD ms);
bool port_timer_cancel(port *p, port_timer *timer);

/* Whether the calling thread is one of the port's. */
bool port_serves_here(port *p);

/* Makes a thread call `turn`. */
void port_kick(port *p);

/* Frees it. After `ended`, or before port_run. */
void port_close(port *p);

#endif
