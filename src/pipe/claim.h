/* claim.h: the name of a pipe, claimed by making its first instance.
 *
 * Windows keeps a name until both ends of every instance are closed, and with it the type and the security of the first
 * one. So a first instance is refused both where another server lives and where a client still holds its end of a pipe
 * whose server has gone. The first means that the name is in use; in the second case it is free, and is taken over where
 * what Windows has kept of it is what we ask for. */

#ifndef PIPE_CLAIM_H
#define PIPE_CLAIM_H

#include "pipe/engine.h"

/* Makes the first instance of the engine's pipe. NAME_IN_USE: another server lives, or just claims the name. NAME_HELD: no
 * server lives, but clients hold the name with another type or other security. *out is INVALID_HANDLE_VALUE unless 0 is
 * returned.
 *
 * Any thread, no lock held. Blocks without dispatching messages, for 300 ms and a few looks, where clients hold the name. */
DWORD claim_name(engine *e, HANDLE *out);

#endif
