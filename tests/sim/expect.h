/* expect.h: what must come, and in how much virtual time. A promise about time is judged only in runs in which nothing
 * failed on purpose and time stood still while a thread could run; then the time that passes is that of the product's
 * own waits. The product looks once a second for what it may have missed: less than a second lets no look hide a
 * wake-up that was lost. */

#ifndef SIM_EXPECT_H
#define SIM_EXPECT_H

#include <stdbool.h>
#include <stdint.h>

/* What needs no time of its own. The product may look 20 times, 1 ms apart, whether a result that was told of has been
 * set (src/pipe/port.c). */
#define AT_ONCE_MS 20

/* Waits until `ready(context)` holds, which must be after at most `ms`; `what` names it in words. Returns whether it
 * holds; in a run that is not judged it may not, after ten minutes more. */
bool expect_within(uint32_t ms, bool (*ready)(void *context), void *context, const char *what);

/* Something that began at `begun` (scheduler_now) has ended now; it must have taken `least` to `most` ms. */
void expect_took(uint64_t begun, uint32_t least, uint32_t most, const char *what);

/* Returns whether this run is judged so far. */
bool time_is_judged(void);

#endif
