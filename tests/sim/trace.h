/* trace.h: what happened in a run, as words for people and as one number for comparisons. Neither contains a pointer or
 * the host's time, so the same seed gives the same trace in every process. */

#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include <stdint.h>
#include <stdio.h>

void trace_begin(void);
/* Notes one step. `function` and `kind` are constants; `number` tells objects of a kind apart, `value` is an amount or
 * an error code. */
void trace_step(int thread, const char *thread_name, const char *function, const char *kind, int number,
                uint32_t value);
/* Returns a hash of all steps since trace_begin. */
uint64_t trace_hash(void);
/* Words between the steps, for people alone. `words` is copied. */
void trace_say(const char *words);
/* Writes the last step's function and object to `to`. */
void trace_last(char *to, size_t size);
/* Writes the last steps, at most 200. */
void trace_tell(FILE *to);
/* With true, every step is also written to stdout when it happens. */
void trace_aloud(int aloud);

#endif
