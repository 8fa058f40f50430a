/* ways.h: how the system behaves where systems differ. The seed draws each flag for a run, and the product must be
 * right with all of them. Where the behaviour is seen is said beside each. */

#ifndef SIM_WAYS_H
#define SIM_WAYS_H

#include <stdbool.h>

typedef enum fill_way
{
    FILL_BEFORE_PACKET, /* Windows: the result is set, then the packet is queued */
    FILL_AT_TAKING,     /* guess, between the two */
    FILL_AFTER_PACKET   /* Wine's new WoW64 */
} fill_way;

typedef struct ways_of_a_run
{
    bool restless_clock;     /* time moves while threads can run */
    bool more_data_queues;   /* ERROR_MORE_DATA at once has a packet although successes are skipped; not documented */
    fill_way fill;           /* when the result of a request that pended is set */
    bool completes_late;     /* a request that pended ends as a step of its own, not inside the call that ended it */
    bool drops_own_writes;   /* Wine 8: closing an end drops its own pending writes, NPFS (statesup.c) keeps them */
    bool connect_hangs;      /* a cancelled ConnectNamedPipe ends only when its handle is closed; seen on Windows */
    bool listener_ends_676;  /* Wine 8: closing a listening handle ends its wait with 676, NPFS (statesup.c) with 109 */
    bool reuses_handles;     /* a handle's value is used again at once; else never */
    bool reuses_thread_ids;  /* the same for ids of threads */
    bool tells_user_at_once; /* clients are tracked statically; else when something of theirs was read (secursup.c) */
    bool ends_with_thread;   /* a request is cancelled when the thread that began it ends; CancelIo, Wine */
} ways_of_a_run;

extern ways_of_a_run ways;

void ways_draw(void);

#endif
