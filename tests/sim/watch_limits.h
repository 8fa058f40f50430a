/* watch_limits.h: the bytes that a connection counts against its limits. Each time a thread unlocks a connection of a
 * watch, the counts must be the sum of what lives: events that were not taken yet, messages that wait. So a charge is
 * given back exactly once. */

#ifndef SIM_WATCH_LIMITS_H
#define SIM_WATCH_LIMITS_H

#include "watch_engine.h"

void limits_begin(void);
/* Watches the connections of `w`, until limits_leave. */
void limits_watch(watch *w);
void limits_leave(watch *w);
/* All events of a connection have been released: nothing may be counted. */
void limits_end(const view *v);

#endif
