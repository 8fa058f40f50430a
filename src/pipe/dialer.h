/* dialer.h: the pipes that one engine dials, each tried until it is there.
 *
 * A pipe of this computer is tried on the engine's workers, from a timer: opening it does not block. One of another
 * computer is tried on a thread where that may block (base/blocking.h), which holds the engine. Either way one try of
 * a path is under way at a time, whoever waits for it: a pipe that is busy for the first is busy for the others. They
 * are served in the order of their calls. A try of another computer's pipe that hangs keeps nobody past his time.
 *
 * Any thread may call everything here; nothing here blocks. `lock` guards the lists; the port's lock alone is taken
 * under it. */

#ifndef PIPE_DIALER_H
#define PIPE_DIALER_H

#include "base/deadline.h"
#include "base/lock.h"
#include "pipe/dial.h"
#include "pipe/port.h"

typedef struct dial dial;
typedef struct dial_target dial_target;

/* One opening that is under way, a field of whoever waits for it. */
struct dial
{
    list_link link;
    dial_target *target; /* dialer's lock; NULL once it is decided */
    deadline until;
    unsigned tries_of_others; /* dialer's lock: those of the path that were begun before it came */
    bool patient;             /* dialer's lock: its first try may take as long as it does */
    DWORD answer;             /* dialer's lock: what it is told when its time is up */
    void (*done)(dial *d, DWORD error, opened_pipe *opened);
};

/* What a try on a thread of its own keeps meanwhile: the memory that the dialer is part of. */
typedef struct dialer_keeper
{
    void *what;
    void (*hold)(void *what);
    void (*release)(void *what); /* on that thread */
} dialer_keeper;

typedef struct dialer
{
    dialer_keeper keeper;
    port *port;
    lock lock;
    list targets GUARDED_BY(lock);
    port_timer timer;
} dialer;

/* `p`: the port whose threads open the pipes of this computer. */
void dialer_init(dialer *of, port *p, const dialer_keeper *keeper);

/* Nobody waits any more; the threads of the port have ended. */
void dialer_fini(dialer *of);

/* Begins to dial. A pipe that is busy or not there is tried for `timeout` ms (INFINITE: for ever), once at least; any
 * other answer is told to all who wait for that path. A try of another computer's pipe is not waited for longer than
 * that, unless there was no time left when it began: then it is the one try that there is. `done` is called once,
 * unless dialer_remove comes first, on a worker or another thread of ours, with no lock held: error 0, and `opened` is
 * the callee's; or a Win32 code, PIPE_ERROR_BUSY (busy until then), or PIPE_ERROR_TIMED_OUT (there was no answer yet).
 * `d` is held until then by whoever waits, and so is the engine's port.
 * Returns ERROR_NOT_ENOUGH_MEMORY, and `done` is not called. */
DWORD dialer_add(dialer *of, dial *d, const WCHAR *path, DWORD timeout,
                 void (*done)(dial *d, DWORD error, opened_pipe *opened));

/* Nobody waits for it any more. False: `done` was called, or is about to be. A try that is under way ends by itself,
 * and what it opens is closed. */
bool dialer_remove(dialer *of, dial *d);

#endif
