/* listener.h: the instances that wait for clients.
 *
 * Any thread, no lock held. An instance is a connection from the start, so that nothing has to be allocated when its
 * client comes. */

#ifndef PIPE_LISTENER_H
#define PIPE_LISTENER_H

#include "pipe/engine.h"

void listener_init(engine *e);

/* Makes the security of the run, claims the name and makes the first instances, all as the process. May block for a
 * third of a second: see claim_instance. A failure is the caller's to tell: NAME_IN_USE, NAME_HELD or a Win32 code. */
DWORD listener_start(engine *e);

/* Takes in the clients that came during a pause, and makes the instances that are missing. */
void listener_resume(engine *e);

/* Closes the instances. The engine is closing. */
void listener_stop(engine *e);

#endif
