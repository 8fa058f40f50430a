/* limits.h: how much a run may have of something. A run that needs more fails and says so. */

#ifndef SIM_LIMITS_H
#define SIM_LIMITS_H

/* How many steps of a run stand where one would with the functions of windows.h alone as points. */
#ifdef SIM_FINE
#define STEP_SCALE 5
#else
#define STEP_SCALE 1
#endif

#define THREADS_MOST 256                 /* made in one run */
#define STEPS_MOST (400000 * STEP_SCALE) /* a run that is not over by then does not end */
#define HANDLES_MOST 4096                /* made in one run, if their values are not used again */
#define STACK_SIZE (256 * 1024)

#endif
