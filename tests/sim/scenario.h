/* scenario.h: what scenarios are made of. A scenario is a function that reads like a story; it runs once for each seed,
 * on a thread of its own, and all that it begins has ended when it returns. */

#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#define PEERS_MOST 8

typedef struct scenario
{
    const char *name;
    void (*run)(void);
    uint32_t steps; /* of a usual run; see strategy_begin */
} scenario;

extern const scenario scenarios[];      /* ended by one without a name */
extern const scenario stories[];        /* of conform */
extern const scenario tiny_scenarios[]; /* for the exhaustive strategy; see exhaustive.h */

/* The only chance in a scenario: a number below `n`. */
uint32_t choose(uint32_t n);
/* Lets some steps pass. */
void loiter(uint32_t steps);

#endif
