/* random.h: the numbers that a seed decides. Each use has a generator of its own, so that one more draw for one use
 * does not shift the others. */

#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdint.h>

typedef enum random_use
{
    RANDOM_SCHEDULE,
    RANDOM_FAULTS,
    RANDOM_WAYS,
    RANDOM_DATA,    /* the choices of scenarios */
    RANDOM_WINDOWS, /* faults and slices of windows */
    RANDOM_USES
} random_use;

void random_seed(uint64_t seed);
/* Returns a number below `n`, which is at least 1. It is a decision of the run: see decisions.h. Let 0 be what is plain
 * or usual. */
uint32_t random_below(random_use use, uint32_t n);
/* The same for who decides with it, and tells decisions.h what. */
uint32_t random_draw(random_use use, uint32_t n);
const char *random_use_name(random_use use);

#endif
