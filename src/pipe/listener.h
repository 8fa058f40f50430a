/* listener.h: the instances that wait for clients.
 *
 * Any thread may call everything here, with no lock held. An instance is a connection from the start, so that nothing
 * has to be allocated when its client comes. */

#ifndef PIPE_LISTENER_H
#define PIPE_LISTENER_H

#include "pipe/engine.h"

/* Initializes the listener of an engine; makes no instance. Call it before all other functions here. */
void listener_init(engine *e);

/* Makes the security of the instances, claims the name and makes the first instances, all as the process. May block for
 * a third of a second, see claim_instance. Tells the owner nothing of a failure: returns NAME_IN_USE, NAME_HELD or a
 * Win32 code. */
DWORD listener_start(engine *e);

/* Starts the connections of clients that came during a pause, and makes the missing instances. */
void listener_resume(engine *e);

/* Closes the listening instances and drops clients that came during a pause. Call it when the engine is closing. */
void listener_stop(engine *e);

#endif
