/* strategy.h: which of the threads that can run is the next.
 *
 * Random: each with the same chance. PCT (Burckhardt and others, "A Randomized Scheduler with Probabilistic Guarantees
 * of Finding Bugs", 2010): threads have random priorities, the highest runs, and at 1 to 3 random points the running
 * one falls below all others. Blocking: the running thread goes on until it must wait; it shows no race and is for
 * counts, and for runs that follow decisions.h. */

#ifndef SIM_STRATEGY_H
#define SIM_STRATEGY_H

#include <stdint.h>

typedef enum strategy_kind
{
    STRATEGY_RANDOM,
    STRATEGY_PCT,
    STRATEGY_BLOCKING,
    STRATEGY_EXHAUSTIVE, /* exhaustive.h */
    STRATEGY_KINDS
} strategy_kind;

/* `steps`: how long a run of the scenario is, roughly (times STEP_SCALE); the change points of PCT are spread over it.
 */
void strategy_begin(strategy_kind kind, uint32_t steps);
/* A thread has been made; numbers grow from 0. */
void strategy_thread(int thread);
/* Returns one of the `count` numbers in `threads`, at least one, all of which can run. `running` may be among them. */
int strategy_choose(const int *threads, int count, int running);
/* Returns what STRATEGY_BLOCKING chooses. */
int strategy_usual(const int *threads, int count, int running);

#endif
