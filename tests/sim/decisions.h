/* decisions.h: what a run decides, as a list: the numbers that are drawn, the moments at which the clock moves although
 * threads can run, and the steps at which a thread goes on that is not the usual one. The usual thread is the running
 * one until it must wait, and then the first that can run; the usual number is 0. So a run without decisions is the
 * plainest, and a list from which some were taken out is a run, too.
 *
 * A place counts what one thread has drawn or been through, not what the run has: what other threads do does not shift
 * it. */

#ifndef SIM_DECISIONS_H
#define SIM_DECISIONS_H

#include "random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define DECISIONS_MOST 400000
#define DECISION_WORDS 120

/* What is decided; below: a number for that random_use. */
enum
{
    DECISION_CLOCK = RANDOM_USES, /* time moves */
    DECISION_RUN,                 /* thread `value` goes on */
    DECISION_KINDS
};

typedef struct decision
{
    int kind, thread; /* thread: whose; -1: before the run's first */
    uint32_t place;   /* how many of this kind the thread has had */
    uint32_t value;   /* other than the usual */
    bool used;        /* a run that follows has come to it */
    char words[DECISION_WORDS];
} decision;

typedef struct decisions
{
    size_t count;
    decision list[DECISIONS_MOST];
} decisions;

/* From the next run on: writes what is decided to `into`; or decides what `list` says, and the usual elsewhere, and
 * marks what it used; with `describes` it also gives each a word of what happened there. The strategy of a run that
 * follows is STRATEGY_BLOCKING. */
void decisions_record(decisions *into);
void decisions_follow(decisions *list, bool describes);
/* A run begins. */
void decisions_begin(void);

/* These return what is decided; `drawn` or `chosen` is what the seed says. */
uint32_t decisions_number(random_use use, uint32_t n, uint32_t drawn);
bool decisions_clock(bool drawn);
int decisions_thread(const int *threads, int count, int running, int chosen);

/* Writes a list as text, one decision a line; reads one, whose lines may have comments behind `#`. False: a line is
 * none. */
void decisions_write(const decisions *list, FILE *to);
bool decisions_read(decisions *list, const char *line);

#endif
