/* peer.h: who the client of a pipe is, as Windows tells its server.
 *
 * Threading: one thread at a time asks (peer_meet, peer_find_user). Any thread reads, once it was told of the client
 * (the user: at any time). */

#ifndef PIPE_PEER_H
#define PIPE_PEER_H

#include "base/win32.h"

typedef union peer_user
{
    SID sid;
    BYTE bytes[SECURITY_MAX_SID_SIZE];
} peer_user;

typedef enum peer_user_state
{
    PEER_USER_UNKNOWN,
    PEER_USER_AFTER_READ, /* asked again after the first read: Windows tells some users only then */
    PEER_USER_KNOWN,
    PEER_USER_NAMELESS /* known, but the last question for the name failed */
} peer_user_state;

typedef struct peer
{
    DWORD process, session;   /* ids of a client of this computer; 0: unknown */
    bool is_here;             /* on this computer, as Windows says */
    WCHAR *volatile computer; /* Interlocked; owned; set once; NULL: not known, or not asked for yet */
    volatile LONG user_state; /* acquire, release; a peer_user_state */
    peer_user user;           /* from PEER_USER_KNOWN on */
    volatile LONG
        nameless_at; /* acquire, release; ms, the lower half of the ticks; if the state is PEER_USER_NAMELESS */
    WCHAR *volatile user_name; /* Interlocked; owned; set once; NULL: not known, or not asked for yet */
} peer;

#define PEER_NAME_AGAIN_MS 30000

/* Finds the function of Windows that tells the computer of a client, which Wine 8 does not have. Call it before
 * peer_meet, with no lock held, since it takes the loader's lock. */
void peer_prepare(void);

/* Asks Windows for the client's process, session and computer. Does not block. */
void peer_meet(peer *p, HANDLE pipe);

/* Asks Windows who the client's user is. Impersonates the client for a moment; then the thread acts as it did before,
 * or does not return (impersonation_end). Nobody may close `pipe` meanwhile. `thread_is_ours` is for
 * impersonation_suspend. Call it with no lock held. */
void peer_find_user(peer *p, HANDLE pipe, bool thread_is_ours);

/* peer_user_name returns the user as DOMAIN\user, peer_computer_name the computer; *out is NULL if that is not known,
 * and is valid as long as the peer. peer_user_name may wait for a domain controller: call it with no lock held. If that
 * fails, the name is not asked for again within PEER_NAME_AGAIN_MS. Both return 0 or ERROR_NOT_ENOUGH_MEMORY. */
DWORD peer_user_name(peer *p, const WCHAR **out);
DWORD peer_computer_name(peer *p, const WCHAR **out);

/* Frees what `p` owns. */
void peer_fini(peer *p);

#endif
