/* each_fault.h: faults one after another instead of by chance: a run is repeated with each of its calls failing once,
 * with each code that is documented for it; with bursts of 2 to 5 that begin at each call; and with all calls of a
 * function from each call on, 2,000 at most. */

#ifndef SIM_EACH_FAULT_H
#define SIM_EACH_FAULT_H

#include "faults.h"

/* Runs the same seed of the same scenario once, under the plan of faults.h. Returns false to stop. */
typedef bool (*run_again)(void *context);

/* Does all that for one seed of one scenario, or each `every`th of these runs. Returns false if `run` did. */
bool each_fault(run_again run, void *context, unsigned every);

/* A plan as the text of the option --fault, and back. Returns false if it is none. */
#define PLAN_TEXT 48
void plan_write(const fault_plan *plan, char text[PLAN_TEXT]);
bool plan_read(const char *text, fault_plan *plan);

#endif
