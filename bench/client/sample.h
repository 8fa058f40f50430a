/* sample.h: what the client measures and how it says so: one line of JSON for each sample, on stdout.
 *
 * How long a sample goes on is either a time in milliseconds or a number of messages. */

#ifndef BENCH_SAMPLE_H
#define BENCH_SAMPLE_H

#include <stdbool.h>
#include <windows.h>

typedef struct sample_limit
{
    DWORD ms; /* 0: `messages` counts */
    DWORD messages;
} sample_limit;

typedef struct sample
{
    int pipe, round; /* which pipe of the command line, which round */
    DWORD messages;
    LONGLONG began;
} sample;

/* "150ms" or "1000". Ends the process where it is neither. */
sample_limit sample_limit_of(const char *text);

/* Now, in ticks of which sample_ticks_of_ms says how many. */
LONGLONG sample_now(void);
LONGLONG sample_ticks_of_ms(DWORD ms);

void sample_begin(sample *s, int pipe, int round);

/* Whether another message is to be begun, after those of s->messages. */
bool sample_goes_on(const sample *s, const sample_limit *limit);

/* Prints {"pipe", "round", "messages", "seconds"}. */
void sample_end(const sample *s);

/* Keeps how long one message took, in ticks; of the pipe with that number, 0 or 1. Memory that is short ends the
 * process. */
void latency_keep(int pipe, LONGLONG ticks);

/* For each pipe that has some: {"pipe", "latencies", "median_us", "p99_us", "p999_us"}. */
void latency_tell(void);

#endif
