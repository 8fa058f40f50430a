/* dialer.h: the pipes that one engine dials. The dialer tries each pipe until it can be opened.
 *
 * The engine's workers try pipes of this computer, from a timer, since opening such a pipe does not block. A thread
 * that may block (base/blocking.h) tries a pipe of another computer, and holds the engine meanwhile. For each path one
 * try at a time is under way, however many dials wait for that path: a pipe that is busy for the first dial is busy for
 * the others. The dials of a path are served in the order of their calls. If a try of another computer's pipe hangs,
 * each dial still ends when its own time is up.
 *
 * Any thread may call everything here; nothing here blocks. `lock` guards the lists; only the port's lock is taken
 * under it. */

#ifndef PIPE_DIALER_H
#define PIPE_DIALER_H

#include "base/deadline.h"
#include "base/lock.h"
#include "pipe/dial.h"
#include "pipe/port.h"

typedef struct dial dial;
typedef struct dial_target dial_target;

/* One dial that is under way, a field of its owner. */
struct dial
{
    list_link link;
    dial_target *target; /* dialer's lock; NULL once the result is decided */
    deadline until;
    bool needs_server;        /* the owner's, set before dialer_add: a missing pipe is not tried again */
    unsigned tries_of_others; /* dialer's lock: tries of this path that began before this dial */
    bool patient;             /* dialer's lock: the first try may take as long as it needs */
    DWORD answer;             /* dialer's lock: the code for `done` when the time is up */
    void (*done)(dial *d, DWORD error, opened_pipe *opened);
};

/* Holds the memory that the dialer is part of, while a try runs on a thread that may block. */
typedef struct dialer_keeper
{
    void *what;
    void (*hold)(void *what);
    void (*release)(void *what); /* called on that thread; on a worker if the thread could not be made */
} dialer_keeper;

typedef struct dialer
{
    dialer_keeper keeper;
    port *port;
    lock lock;
    list targets GUARDED_BY(lock);
    port_timer timer;
} dialer;

/* Initializes a dialer. `p` is the port whose threads open the pipes of this computer; `keeper` is copied. */
void dialer_init(dialer *of, port *p, const dialer_keeper *keeper);

/* Cleans the dialer up. Call it when no dial waits any more and the threads of the port have ended. */
void dialer_fini(dialer *of);

/* Begins to dial `path`. A pipe that is busy or missing is tried again for `timeout` ms (INFINITE: without end), and at
 * least once. With d->needs_server a missing pipe ends the dial. Any other error of a try ends all dials of that path.
 * A dial does not wait longer than `timeout` for a try of another computer's pipe, with one exception: if no time was
 * left when its first try began, the dial waits for that try, since it gets no other.
 *
 * `done` is called once, unless dialer_remove comes first; on a worker or another thread of this DLL, with no lock
 * held. error 0: the callee owns opened->handle. Otherwise `error` is a Win32 code, PIPE_ERROR_BUSY (the pipe was busy
 * until the time was up) or PIPE_ERROR_TIMED_OUT (there was no answer in time), and `opened` is NULL. Until then the
 * caller keeps `d` and, with port_keep, the port.
 *
 * Returns 0, or ERROR_NOT_ENOUGH_MEMORY; then `done` is not called. */
DWORD dialer_add(dialer *of, dial *d, const WCHAR *path, DWORD timeout,
                 void (*done)(dial *d, DWORD error, opened_pipe *opened));

/* Ends a dial. True: `done` will not be called. False: `done` was called or is about to be, or `d` was never added. A
 * try that is under way goes on; if no other dial waits for the pipe that it opens, the pipe is closed. */
bool dialer_remove(dialer *of, dial *d);

#endif
