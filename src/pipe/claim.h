/* claim.h: the name of a pipe. The engine claims the name by making the first instance, and keeps the name until the
 * engine gives it up.
 *
 * While a server lives, a name has the type and the security of its first instance. What becomes of the name when the
 * last server's end is closed and a client still holds its own is not documented. Windows XP and ReactOS (npfs,
 * NpCreateExistingNamedPipe) keep it; later Windows lets it go, by Wine's tests, which are run on Windows too
 * (dlls/ntdll/tests/pipe.c, the client's end in FILE_PIPE_CLOSING_STATE). So a first instance that is refused means
 * that another server lives, and the name is in use; or, where names are kept, that the server has gone: then the name
 * is free, and the claim takes it over if the type and the security that were kept are the ones that this engine asks
 * for. Nothing here relies on either.
 *
 * The last instance keeps the name while no new instance can be made, also after its client has left. But if the client
 * is still there, the instance must be closed, or the client would wait for ever for the server to close. Then the next
 * instance claims the name anew.
 *
 * Any thread may call everything here, with no lock held. Nothing here dispatches window messages. */

#ifndef PIPE_CLAIM_H
#define PIPE_CLAIM_H

#include "base/lock.h"
#include "pipe/instance.h"

/* The name of a pipe, and the instances that hold it. A thread holds `lock` while it makes or closes an instance, so
 * that a thread that makes an instance knows whether this engine has the name. `lock` is a leaf, and is taken with no
 * other lock held. Only engine_listen sleeps under it, when no other thread uses the claim yet; later claims only
 * look. */
typedef struct claim
{
    instance_kind kind;
    lock lock;
    unsigned instances GUARDED_BY(lock); /* open instances; each holds the name */
    HANDLE keeper GUARDED_BY(lock); /* the last instance, if it only keeps the name and serves nobody; NULL: none */
    bool given_up GUARDED_BY(lock);
    CONDITION_VARIABLE closed; /* no instance is open any more, or the name was given up */
} claim;

/* Initializes `c`; claims nothing yet. `settings` and `access` must outlive the claim. */
void claim_init(claim *c, const engine_settings *settings, const security *access);

/* Makes an instance of the pipe; the first one claims the name. *out is INVALID_HANDLE_VALUE unless 0 is returned;
 * close the handle with claim_close. Errors: NAME_IN_USE (another server lives, or claims the name at this moment),
 * NAME_HELD (no server lives, but clients hold the name with another type or other security), NOT_OPEN (the name was
 * given up), or a Win32 code.
 *
 * A claim blocks for up to `patience` ms if a pipe of this name is about to disappear, and for a few looks of 1 ms
 * each. */
DWORD claim_instance(claim *c, DWORD patience, HANDLE *out);

/* Closes an instance. If no client is connected to the last instance, that instance keeps the name instead; it is
 * closed when the next instance exists or the claim is given up. */
void claim_close(claim *c, HANDLE instance);

/* Gives the name up, because the engine closes: instances no longer keep the name, and no more are made. Idempotent. */
void claim_give_up(claim *c);

/* Waits until the name was given up and every instance is closed, for `ms` at most. Call it when this or another thread
 * is giving the name up, and all instances were closed but those that other threads are just making, closing, or asking
 * Windows about. A thread calls nothing of the owner's while only that thread knows of an open instance; so every
 * thread may wait here, also inside a callback. */
void claim_await_closed(claim *c, DWORD ms);

#endif
