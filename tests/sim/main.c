/* main.c: the program. Each seed is one run of each scenario that is asked for. */

#include "failure.h"
#include "faults.h"
#include "locks.h"
#include "memory.h"
#include "names.h"
#include "objects.h"
#include "pipe/peek.h"
#include "random.h"
#include "requests.h"
#include "scenario.h"
#include "scheduler.h"
#include "strategy.h"
#include "threads.h"
#include "trace.h"
#include "ways.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct options
{
    uint64_t seed, seeds;
    double seconds;                  /* 0: no limit */
    const char *scenario, *strategy; /* NULL: all, or half the seeds each */
    const char *column;              /* NULL, or the stories of conform as a system of this column tells them */
    int traces, tells_hashes, tells_faults, has_faults;
} options;

static uint64_t runs, all_steps;
static uint64_t by_strategy[3];

static double host_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const char *const strategies[] = {"random", "pct", "blocking", NULL};

static strategy_kind strategy_of(const options *o, uint64_t seed)
{
    for (int i = 0; o->strategy && strategies[i]; i++)
        if (!strcmp(o->strategy, strategies[i]))
            return (strategy_kind)i;
    return seed % 2 ? STRATEGY_PCT : STRATEGY_RANDOM;
}

static void run_scenario(void *of)
{
    ((const scenario *)of)->run();
}

static void check_rest(void)
{
    requests_end();
    objects_end();
    names_end();
    locks_end();
    memory_end();
    threads_end();
}

static void run(const options *o, const scenario *s, uint64_t seed)
{
    strategy_kind kind = strategy_of(o, seed);

    failure_names(seed, s->name, o->strategy ? o->strategy : "");
    random_seed(seed);
    ways_draw();
    if (o->column)
    {
        ways_take_column(o->column);
        requests_may_double = true;
        printf("[%s]\n", s->name);
    }
    faults_draw(o->has_faults);
    strategy_begin(kind, s->steps);
    trace_begin();
    objects_begin();
    names_begin();
    locks_begin();
    memory_begin();
    threads_begin();
    requests_begin();
    scheduler_run(run_scenario, (void *)s);
    check_rest();
    runs++;
    by_strategy[kind]++;
    all_steps += scheduler_steps();
    if (o->tells_hashes)
        printf("%s %llu %016llx\n", s->name, (unsigned long long)seed, (unsigned long long)trace_hash());
}

static void run_all(const options *o, double begun)
{
    for (uint64_t seed = o->seed; seed - o->seed < o->seeds; seed++)
        for (const scenario *s = o->column ? stories : scenarios; s->name; s++)
        {
            if (o->seconds > 0 && host_seconds() - begun > o->seconds)
                return;
            if (!o->scenario || !strcmp(o->scenario, s->name))
                run(o, s, seed);
        }
}

static void usage(void)
{
    fprintf(stderr,
            "usage: sim [--seed N] [--seeds COUNT] [--seconds S] [--scenario NAME] [--strategy random|pct|blocking]"
            " [--trace] [--hashes] [--faults] [--no-faults] [--column npfs|docs|wine8|wine10|windows]\nscenarios:");
    for (const scenario *s = scenarios; s->name; s++)
        fprintf(stderr, " %s", s->name);
    fprintf(stderr, "\n");
    exit(2);
}

static options read_options(int count, char **words)
{
    options o = {.seed = 1, .seeds = 1, .has_faults = 1};

    for (int i = 1; i < count; i++)
    {
        const char *word = words[i], *value = i + 1 < count ? words[i + 1] : NULL;

        if (!strcmp(word, "--trace"))
            o.traces = 1;
        else if (!strcmp(word, "--hashes"))
            o.tells_hashes = 1;
        else if (!strcmp(word, "--faults"))
            o.tells_faults = 1;
        else if (!strcmp(word, "--no-faults"))
            o.has_faults = 0;
        else if (!value)
            usage();
        else if (!strcmp(word, "--seed"))
            o.seed = strtoull(words[++i], NULL, 10);
        else if (!strcmp(word, "--seeds"))
            o.seeds = strtoull(words[++i], NULL, 10);
        else if (!strcmp(word, "--seconds"))
            o.seconds = strtod(words[++i], NULL);
        else if (!strcmp(word, "--scenario"))
            o.scenario = words[++i];
        else if (!strcmp(word, "--strategy"))
            o.strategy = words[++i];
        else if (!strcmp(word, "--column"))
        {
            o.column = words[++i];
            o.has_faults = 0;
        }
        else
            usage();
    }
    for (int i = 0; o.strategy && (!strategies[i] || strcmp(o.strategy, strategies[i])); i++)
        if (!strategies[i])
            usage();
    return o;
}

static void tell_faults(void)
{
    for (int place = 0; place < FAULT_PLACES; place++)
        printf("%s failed on purpose %lu times\n", fault_name((fault_place)place), faults_of((fault_place)place));
}

int main(int count, char **words)
{
    options o = read_options(count, words);
    double begun = host_seconds(), took;

    failure_prepare();
    trace_aloud(o.traces);
    peek_prepare(); /* fills a static of the product once; later runs must not differ from the first */
    run_all(&o, begun);
    if (!runs)
        usage();
    if (o.tells_faults)
        tell_faults();
    took = host_seconds() - begun;
    printf("sim: %llu schedules (%llu random, %llu PCT), %llu steps, %.1f s, %.0f schedules/s, %.0f steps/s; ok\n",
           (unsigned long long)runs, (unsigned long long)by_strategy[STRATEGY_RANDOM],
           (unsigned long long)by_strategy[STRATEGY_PCT], (unsigned long long)all_steps, took, (double)runs / took,
           (double)all_steps / took);
    return 0;
}
