/* claim.h: the name of a pipe, claimed by making its first instance and kept until the engine gives it up.
 *
 * Windows keeps a name until both ends of every instance are closed, and with it the type and the security of the
 * first one. So a first instance is refused both where another server lives and where a client still holds its end of
 * a pipe whose server has gone. The first means that the name is in use; in the second case it is free, and is taken
 * over where what Windows has kept of it is what we ask for.
 *
 * While instances cannot be made the last one that stands keeps the name, also when its client has left. Only where
 * its client is still there it must be closed, or that client would wait for its end; the next one then claims the
 * name anew.
 *
 * Any thread, no lock held; nothing dispatches messages. */

#ifndef PIPE_CLAIM_H
#define PIPE_CLAIM_H

#include "base/lock.h"
#include "pipe/instance.h"

/* A name, and the instances that hold it. `lock` is held while an instance is made or closed, so that who makes one
 * knows whether the name is ours; it is a leaf, taken with no other held. Only Start, when no other thread is there
 * yet, waits under it. */
typedef struct claim
{
    instance_kind kind;
    lock lock;
    unsigned instances GUARDED_BY(lock); /* that are open: each of them holds the name */
    HANDLE keeper GUARDED_BY(lock);      /* the last of them, where it serves nobody any more; NULL for none */
    bool given_up GUARDED_BY(lock);
} claim;

/* Claims nothing yet. `settings` and `access` outlive the claim. */
void claim_init(claim *c, const engine_settings *settings, const security *access);

/* Makes an instance of the pipe, which claims the name where there is none. NAME_IN_USE: another server lives, or just
 * claims the name. NAME_HELD: no server lives, but clients hold the name with another type or other security. *out is
 * INVALID_HANDLE_VALUE unless 0 is returned; closed with claim_close.
 *
 * To claim blocks for `patience` ms, where a pipe is just going, and for a few looks of 1 ms each. */
DWORD claim_instance(claim *c, DWORD patience, HANDLE *out);

/* Closes an instance, at once or, where it is the last one and nobody is at it, when the next one stands. */
void claim_close(claim *c, HANDLE instance);

/* The engine closes: its instances do not keep the name any more. */
void claim_give_up(claim *c);

#endif
