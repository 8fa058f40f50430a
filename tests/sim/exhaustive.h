/* exhaustive.h: the strategy that tries each schedule of a tiny scenario, one after the other: whichever of the threads
 * goes on when the running one must wait, and at most so many preemptions, where another goes on although the running
 * one can. First all schedules without a preemption, then those with one, and so on.
 *
 * A scenario says from where to where all is tried (exhaustive_here); before and behind, the usual thread runs. The
 * ways of the system and the scenario's choices are as the seed draws them, no call fails on purpose, and the clock
 * moves only when no thread can run. */

#ifndef SIM_EXHAUSTIVE_H
#define SIM_EXHAUSTIVE_H

#include <stdbool.h>
#include <stddef.h>

#define PREEMPTIONS_MOST 8

/* Begins an enumeration. */
void exhaustive_begin(int preemptions);
/* Prepares one schedule instead: a path of exhaustive_path. False: the path cannot be read. */
bool exhaustive_at(const char *path);
/* A run begins. */
void exhaustive_run_begins(void);
int exhaustive_choose(const int *threads, int count, int running);
/* Goes on to the next schedule. False: all were tried. */
bool exhaustive_next(void);
/* Returns whether a run of the enumeration came to a choice: whether the scenario says where all is tried. */
bool exhaustive_tried(void);
/* Returns how many schedules with so many preemptions were tried. */
unsigned long exhaustive_count(int preemptions);
/* Writes which of all schedules this is. */
void exhaustive_path(char *to, size_t size);

/* Called by a scenario: from here on all is tried, or no longer. Without effect under other strategies. */
void exhaustive_here(bool tries);

#endif
