/* engine.c: whole runs of the simulation (tests/sim): an input decides what a seed decides there. So it goes through
 * what the engine splits and assembles: messages longer than the buffer, cancelled, empty, cut by the end of a client.
 *
 * Its bytes: the scenario; flags; two of a seed, which schedules and draws the faults; then the scenario's choices, one
 * byte each, or two for a choice among more than 256. */

#include "failure.h"
#include "faults.h"
#include "fuzz.h"
#include "kernel.h"
#include "pipe/peek.h"
#include "random.h"
#include "scenario.h"
#include "scheduler.h"
#include "strategy.h"
#include "trace.h"
#include "ways.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD 4
#define HAS_FAULTS 1
#define IS_RANDOM 2

static const BYTE *choices;
static size_t choices_left;

uint32_t choose(uint32_t n)
{
    uint32_t value = 0;
    size_t size = n > 256 ? 2 : 1;

    if (choices_left < size)
        return random_below(RANDOM_DATA, n);
    for (size_t i = 0; i < size; i++)
        value = value << 8 | *choices++;
    choices_left -= size;
    return value % n;
}

static void run(void *of)
{
    ((const scenario *)of)->run();
}

static const scenario *scenario_of(BYTE number)
{
    int count = 0;

    while (scenarios[count].name)
        count++;
    return &scenarios[number % count];
}

/* libFuzzer keeps the input of a program that is aborted. */
static failure_note broken;

static void keep_input(void)
{
    fprintf(stderr, "VIOLATION: %s\n", broken.sentence);
    trace_tell(stderr);
    abort();
}

int LLVMFuzzerInitialize(int *count, char ***words)
{
    (void)count;
    (void)words;
    failure_write_to(&broken, keep_input);
    peek_prepare();
    return 0;
}

int LLVMFuzzerTestOneInput(const BYTE *data, size_t size)
{
    const scenario *s;
    uint32_t seed;

    if (size < HEAD)
        return 0;
    s = scenario_of(data[0]);
    seed = (uint32_t)data[2] << 8 | data[3];
    choices = data + HEAD;
    choices_left = size - HEAD;
    failure_names(seed, s->name);
    random_seed(seed);
    ways_draw();
    faults_draw(data[1] & HAS_FAULTS);
    strategy_begin(data[1] & IS_RANDOM ? STRATEGY_RANDOM : STRATEGY_PCT, s->steps);
    kernel_begin();
    scheduler_run(run, (void *)s);
    kernel_end();
    return 0;
}
