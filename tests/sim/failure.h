/* failure.h: the end of a run that broke a rule. */

#ifndef SIM_FAILURE_H
#define SIM_FAILURE_H

#include <stddef.h>
#include <stdint.h>

/* Says what broke, the seed, the scenario and the last steps, and ends the process with 1. A sanitizer's report and a
 * crash end the same way. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

/* What the words of a failure name; `scenario` is a constant. */
void failure_names(uint64_t seed, const char *scenario);
/* The words that make the run again, behind scripts/sim. They are copied. `path`, if it is not NULL, writes more of
 * them when the run has failed. */
void failure_again(const char *words, void (*path)(char *to, size_t size));
/* Makes sanitizers and crashes say the seed too. */
void failure_prepare(void);

/* What broke. */
typedef struct failure_note
{
    char rule[120];     /* the same words for each failure of one rule; empty: nothing broke */
    char sentence[300]; /* with the numbers of the run */
} failure_note;

/* From now on a failure is written to `note`, which the process that waits for this one shares, and `noted` is called
 * then. */
void failure_write_to(failure_note *note, void (*noted)(void));

#endif
