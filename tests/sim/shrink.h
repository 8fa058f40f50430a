/* shrink.h: the smallest list of decisions with which a run breaks the same rule, and runs that follow a list. */

#ifndef SIM_SHRINK_H
#define SIM_SHRINK_H

#include <stdbool.h>
#include <stdint.h>

/* One run of a scenario; `run(of)` is made in processes of their own, which it may end. */
typedef struct shrink_job
{
    void (*run)(void *of);
    void *of;
    const char *scenario;
    uint64_t seed;
    bool follows; /* set while the run is to follow a list of decisions; `run` then asks no strategy */
} shrink_job;

/* Makes the run, takes decisions out of it (halves, then smaller parts, then single ones) as long as the same rule is
 * broken, and writes what is left to `file`, for people and for replay_open. Returns the program's exit code: 0 if the
 * run breaks a rule, and the shrunk one too. */
int shrink(shrink_job *job, const char *file);

/* What a file of shrink says. */
typedef struct replay
{
    char scenario[80], sentence[300];
    uint64_t seed;
    uint64_t hash; /* of the steps */
} replay;

/* Reads a file, ends the program if that cannot be, and lets the next run follow its decisions. A failure of it says
 * whether the steps are the same. */
replay replay_open(const char *file);

#endif
