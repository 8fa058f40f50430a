/* failure.h: the end of a run that broke a rule. */

#ifndef SIM_FAILURE_H
#define SIM_FAILURE_H

#include <stdint.h>

/* Says what broke, the seed, the scenario and the last steps, and ends the process with 1. A sanitizer's report ends
 * the same way. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

/* What the words of a failure name; both live until the next run. `options`: further words of the command. */
void failure_names(uint64_t seed, const char *scenario, const char *options);
/* Makes sanitizers say the seed too. */
void failure_prepare(void);

#endif
