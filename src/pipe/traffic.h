/* traffic.h: counters of what an engine carries, to which several threads add at once.
 *
 * Any thread may call everything here; nothing blocks. */

#ifndef PIPE_TRAFFIC_H
#define PIPE_TRAFFIC_H

#include "pipe/pipe.h"

/* Adds to a total. The total is changed and read by these functions alone; while they run each counter is right by
 * itself. */
void traffic_add(traffic *total, const traffic *more);
traffic traffic_read(traffic *total);

#endif
