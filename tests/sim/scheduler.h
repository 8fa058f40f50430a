/* scheduler.h: the threads of a run, and its time.
 *
 * All threads are fibers of one thread of the host; one runs at a time. A thread gives way at points alone: each
 * function of the stand-in is one. Which thread goes on is the strategy's choice, so that it follows from the seed.
 *
 * Time is virtual. It moves to the next deadline when no thread can run. In half of the runs (ways.h) it also moves
 * while threads can run, or no time-out would ever race with an answer. */

#ifndef SIM_SCHEDULER_H
#define SIM_SCHEDULER_H

#include <stdbool.h>
#include <stdint.h>

#define NEVER UINT64_MAX

/* Runs `first` as the first thread, and returns when all threads but daemons have ended. */
void scheduler_run(void (*first)(void *argument), void *argument);

/* Starts a thread; `name` is a constant for traces. A daemon does not keep the run going. Returns its number. */
int scheduler_start(void (*run)(void *argument), void *argument, const char *name, bool daemon);
/* Gives a thread that has not run yet another argument, when its number had to be known first. */
void scheduler_set_argument(int thread, void *argument);

/* A point: another thread may go on here. Does nothing outside a run. The words are for the trace (see trace.h). */
void point(const char *function, const char *kind, int number, uint32_t value);

/* Lets others run until `ready(context)` holds or the time is `until` (ms, NEVER: no limit). Returns false if the time
 * came first. `ready` has no effects. `what` says what is waited for, for people. */
bool scheduler_wait(bool (*ready)(void *context), void *context, uint64_t until, const char *what, int number);

/* Returns the time in ms, and the time that is `ms` later (0xffffffff: NEVER). */
uint64_t scheduler_now(void);
uint64_t scheduler_in(uint32_t ms);

/* Returns whether time has moved in this run although threads could run. */
bool scheduler_has_hurried(void);

/* Ends the calling thread. */
__attribute__((noreturn)) void scheduler_exit(void);

/* The number of the calling thread, from 0; -1 outside a run. Numbers are not used again within a run. */
int scheduler_current(void);
bool scheduler_has_ended(int thread);
const char *scheduler_name(int thread);
/* Returns whether an address is on the calling thread's stack. */
bool scheduler_is_own_stack(const void *address);
uint32_t scheduler_steps(void);

/* Whether the calling thread acts for a client (ImpersonateNamedPipeClient). Meanwhile it may end that and open its
 * token; any other function, and its end, is a violation. */
void scheduler_act_for_client(bool acts);
bool scheduler_acts_for_client(void);

/* While the count is above 0 points do nothing: what is done a hundred thousand times shall not be so many steps. */
extern int scheduler_points_off;

/* While the count is above 0 the system is at work that takes no time: the clock stands still as long as a thread can
 * run, and the run is not over. */
extern int scheduler_clock_held;

#endif
