/* main.c: the program. Each seed is one run of each scenario that is asked for. */

#include "each_fault.h"
#include "failure.h"
#include "faults.h"
#include "locks.h"
#include "memory.h"
#include "names.h"
#include "network.h"
#include "objects.h"
#include "pipe/peek.h"
#include "random.h"
#include "requests.h"
#include "scenario.h"
#include "scheduler.h"
#include "strategy.h"
#include "tables.h"
#include "threads.h"
#include "trace.h"
#include "watch_limits.h"
#include "ways.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct options
{
    uint64_t seed, seeds;
    double seconds;                  /* 0: no limit */
    const char *scenario, *strategy; /* NULL: all, or half the seeds each */
    int traces, tells_hashes, tells_faults, tells_states, has_faults;
    unsigned tries_each_fault; /* 0: no; n: each nth */
    const char *fault;         /* NULL: faults by the seed; see plan_read */
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

/* Says how the run is made again. */
static void name_run(const options *o, const scenario *s, uint64_t seed)
{
    static char words[128];
    char plan[PLAN_TEXT] = "";

    if (faults_planned())
        plan_write(faults_planned(), plan);
    snprintf(words, sizeof(words), "%s%s%s%s", o->strategy ? " --strategy " : "", o->strategy ? o->strategy : "",
             *plan ? " --fault " : "", plan);
    failure_names(seed, s->name, words);
}

static void run(const options *o, const scenario *s, uint64_t seed)
{
    strategy_kind kind = strategy_of(o, seed);

    name_run(o, s, seed);
    tables_scenario((int)(s - scenarios));
    random_seed(seed);
    ways_draw();
    network_begin();
    faults_draw(o->has_faults);
    strategy_begin(kind, s->steps);
    trace_begin();
    objects_begin();
    names_begin();
    locks_begin();
    memory_begin();
    threads_begin();
    requests_begin();
    limits_begin();
    scheduler_run(run_scenario, (void *)s);
    check_rest();
    runs++;
    by_strategy[kind]++;
    all_steps += scheduler_steps();
    if (o->tells_hashes)
        printf("%s %llu %016llx\n", s->name, (unsigned long long)seed, (unsigned long long)trace_hash());
}

typedef struct job
{
    const options *options;
    const scenario *scenario;
    uint64_t seed;
    double begun;
} job;

static bool run_job(void *of)
{
    const job *j = of;

    if (j->options->seconds > 0 && host_seconds() - j->begun > j->options->seconds)
        return false;
    run(j->options, j->scenario, j->seed);
    return true;
}

static void run_all(const options *o, double begun)
{
    for (uint64_t seed = o->seed; seed - o->seed < o->seeds; seed++)
        for (const scenario *s = scenarios; s->name; s++)
        {
            job j = {o, s, seed, begun};

            if (o->scenario && strcmp(o->scenario, s->name) != 0)
                continue;
            if (!(o->tries_each_fault ? each_fault(run_job, &j, o->tries_each_fault) : run_job(&j)))
                return;
        }
}

static void usage(void)
{
    fprintf(stderr,
            "usage: sim [--seed N] [--seeds COUNT] [--seconds S] [--scenario NAME] [--strategy random|pct|blocking]"
            " [--trace] [--hashes] [--faults] [--states] [--no-faults] [--fault PLAN] [--each-fault] [--every N]\n"
            "scenarios:");
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
        else if (!strcmp(word, "--states"))
            o.tells_states = 1;
        else if (!strcmp(word, "--each-fault"))
            o.tries_each_fault = o.tries_each_fault ? o.tries_each_fault : 1;
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
        else if (!strcmp(word, "--every") && strtoul(value, NULL, 10))
            o.tries_each_fault = (unsigned)strtoul(words[++i], NULL, 10);
        else if (!strcmp(word, "--fault"))
            o.fault = words[++i];
        else if (!strcmp(word, "--scenario"))
            o.scenario = words[++i];
        else if (!strcmp(word, "--strategy"))
            o.strategy = words[++i];
        else
            usage();
    }
    for (int i = 0; o.strategy && (!strategies[i] || strcmp(o.strategy, strategies[i])); i++)
        if (!strategies[i])
            usage();
    return o;
}

int main(int count, char **words)
{
    options o = read_options(count, words);
    double begun = host_seconds(), took;
    fault_plan plan;

    if (o.fault && !plan_read(o.fault, &plan))
        usage();
    faults_plan(o.fault ? &plan : NULL);
    failure_prepare();
    trace_aloud(o.traces);
    peek_prepare(); /* fills a static of the product once; later runs must not differ from the first */
    run_all(&o, begun);
    if (!runs)
        usage();
    if (o.tells_faults)
        tables_tell_faults();
    if (o.tells_states)
        tables_tell_states();
    took = host_seconds() - begun;
    printf("sim: %llu schedules (%llu random, %llu PCT), %llu steps, %.1f s, %.0f schedules/s, %.0f steps/s; ok\n",
           (unsigned long long)runs, (unsigned long long)by_strategy[STRATEGY_RANDOM],
           (unsigned long long)by_strategy[STRATEGY_PCT], (unsigned long long)all_steps, took, (double)runs / took,
           (double)all_steps / took);
    return 0;
}
