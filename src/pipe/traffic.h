/* traffic.h: counters of what an engine carries, to which several threads add at once.
 *
 * Any thread may call everything here; nothing blocks. */

#ifndef PIPE_TRAFFIC_H
#define PIPE_TRAFFIC_H

#include "pipe/pipe.h"

/* Adds to a counter of a total, which these functions alone change and read. */
static inline void traffic_add(LONGLONG *counter, LONGLONG more)
{
    if (more)
        InterlockedExchangeAdd64(counter, more);
}

/* Returns the counters of a total. Each is right by itself. */
traffic traffic_read(traffic *total);

#endif
