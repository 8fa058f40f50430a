/* main.c: the program. Each seed is one run of each scenario that is asked for. */

#include "decisions.h"
#include "each_fault.h"
#include "exhaustive.h"
#include "failure.h"
#include "faults.h"
#include "kernel.h"
#include "network.h"
#include "pipe/peek.h"
#include "random.h"
#include "requests.h"
#include "scenario.h"
#include "scheduler.h"
#include "shrink.h"
#include "strategy.h"
#include "tables.h"
#include "trace.h"
#include "watch_limits.h"
#include "ways.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct options
{
    uint64_t seed, seeds, schedules; /* schedules: the run that is the last; 0: no limit */
    double seconds;                  /* 0: no limit */
    const char *scenario, *strategy; /* NULL: all, or half the seeds each */
    const char *column;              /* NULL, or the stories of conform as a system of this column tells them */
    const char *path;                /* NULL, or one schedule of exhaustive.h */
    int preemptions;                 /* of exhaustive.h */
    const char *replay;              /* NULL, or a file of shrink */
    const char *shrunk;              /* NULL, or the file that shrink is to write */
    const char *built;               /* how scripts/sim came to this program, for the words of a failure */
    unsigned tries_each_fault;       /* 0: no; n: each nth */
    const char *fault;               /* NULL: faults by the seed; see plan_read */
    int traces, tells_hashes, tells_faults, tells_states, has_faults;
} options;

static uint64_t runs, all_steps;
static uint64_t by_strategy[STRATEGY_KINDS];

static volatile sig_atomic_t is_told_to_end; /* by SIGINT or SIGTERM: what was run until then is reported */

static void note_end(int signal_number)
{
    (void)signal_number;
    is_told_to_end = 1;
}

static double host_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const char *const strategies[] = {"random", "pct", "blocking", "exhaustive", NULL};

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

/* The words that make a run again. */
static void name_run(const options *o, const scenario *s, uint64_t seed, strategy_kind kind)
{
    char words[400];

    char plan[PLAN_TEXT] = "";

    if (faults_planned())
        plan_write(faults_planned(), plan);
    if (o->replay)
        snprintf(words, sizeof(words), "%s--replay %s", o->built, o->replay);
    else
        snprintf(words, sizeof(words), "%s--scenario %s --seed %llu%s%s%s%s%s%s%s", o->built, s->name,
                 (unsigned long long)seed, o->column ? " --column " : "", o->column ? o->column : "",
                 o->strategy ? " --strategy " : "", o->strategy ? o->strategy : "", o->has_faults ? "" : " --no-faults",
                 *plan ? " --fault " : "", plan);
    failure_names(seed, s->name);
    failure_again(words, kind == STRATEGY_EXHAUSTIVE ? exhaustive_path : NULL);
}

/* Scenario, seed, path of exhaustive.h, steps. */
static void tell_hash(const scenario *s, uint64_t seed, strategy_kind kind)
{
    char path[200] = "";

    if (kind == STRATEGY_EXHAUSTIVE)
        exhaustive_path(path, sizeof(path));
    printf("%s %llu %s%s%016llx\n", s->name, (unsigned long long)seed, path, *path ? " " : "",
           (unsigned long long)trace_hash());
}

static int number_of(const scenario *s)
{
    int number = 0;

    while (scenarios[number].name && &scenarios[number] != s)
        number++;
    return number;
}

static void run(const options *o, const scenario *s, uint64_t seed, strategy_kind kind)
{
    name_run(o, s, seed, kind);
    tables_scenario(number_of(s));
    decisions_begin();
    random_seed(seed);
    ways_draw();
    if (o->column)
    {
        ways_take_column(o->column);
        requests_may_double = true;
        printf("[%s]\n", s->name);
    }
    if (kind == STRATEGY_EXHAUSTIVE)
        ways.restless_clock = false;
    network_begin();
    faults_draw(o->has_faults && kind != STRATEGY_EXHAUSTIVE);
    exhaustive_run_begins();
    strategy_begin(kind, s->steps);
    kernel_begin();
    limits_begin();
    scheduler_run(run_scenario, (void *)s);
    kernel_end();
    runs++;
    by_strategy[kind]++;
    all_steps += scheduler_steps();
    if (o->tells_hashes)
        tell_hash(s, seed, kind);
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

    if (is_told_to_end || (j->options->seconds > 0 && host_seconds() - j->begun > j->options->seconds))
        return false;
    if (j->options->schedules && runs >= j->options->schedules)
        return false;
    run(j->options, j->scenario, j->seed, strategy_of(j->options, j->seed));
    return true;
}

static void run_all(const options *o, double begun)
{
    for (uint64_t seed = o->seed; seed - o->seed < o->seeds; seed++)
        for (const scenario *s = o->column ? stories : scenarios; s->name; s++)
        {
            job j = {o, s, seed, begun};

            if (o->scenario && strcmp(o->scenario, s->name) != 0)
                continue;
            if (!(o->tries_each_fault ? each_fault(run_job, &j, o->tries_each_fault) : run_job(&j)))
                return;
        }
}

/* ---- one scenario ---- */

static const scenario *scenario_of(const char *name)
{
    for (const scenario *s = scenarios; s->name; s++)
        if (name && !strcmp(name, s->name))
            return s;
    for (const scenario *s = tiny_scenarios; s->name; s++)
        if (name && !strcmp(name, s->name))
            return s;
    fprintf(stderr, name ? "sim: there is no scenario %s.\n" : "sim: name one scenario.\n", name);
    exit(2);
}

/* Runs every schedule of one scenario, with the ways of one seed. */
static void run_all_schedules(const options *o, const scenario *s, uint64_t seed)
{
    exhaustive_begin(o->preemptions);
    do
        run(o, s, seed, STRATEGY_EXHAUSTIVE);
    while (exhaustive_next());
    if (!exhaustive_tried())
    {
        fprintf(
            stderr,
            "sim: %s ran once: it does not say where all schedules are tried. Call exhaustive_here(true) where that "
            "begins, and exhaustive_here(false) where it ends (tests/sim/exhaustive.h).\n",
            s->name);
        exit(2);
    }
    printf("%s, seed %llu: all schedules were tried:", s->name, (unsigned long long)seed);
    for (int i = 0; i <= o->preemptions; i++)
        printf(" %lu with %d%s", exhaustive_count(i), i, i < o->preemptions ? "," : " preemptions\n");
}

/* Of the scenario that is named, or of each tiny scenario. */
static void run_exhaustively(const options *o)
{
    const scenario *named = o->scenario ? scenario_of(o->scenario) : NULL;

    for (uint64_t seed = o->seed; seed - o->seed < o->seeds; seed++)
        if (named)
            run_all_schedules(o, named, seed);
        else
            for (const scenario *s = tiny_scenarios; s->name; s++)
                run_all_schedules(o, s, seed);
}

/* ---- one run, from its decisions ---- */

typedef struct one_run
{
    const options *options;
    const scenario *scenario;
    shrink_job job;
} one_run;

static void run_one(void *of)
{
    const one_run *r = of;

    run(r->options, r->scenario, r->job.seed,
        r->job.follows ? STRATEGY_BLOCKING : strategy_of(r->options, r->job.seed));
}

static void run_path(const options *o)
{
    if (!exhaustive_at(o->path))
    {
        fprintf(stderr, "sim: %s is no path of a run.\n", o->path);
        exit(2);
    }
    run(o, scenario_of(o->scenario), o->seed, STRATEGY_EXHAUSTIVE);
}

static int shrink_run(const options *o)
{
    one_run r = {.options = o, .scenario = scenario_of(o->scenario)};

    if (o->path && !exhaustive_at(o->path))
        run_path(o);
    r.job = (shrink_job){.run = run_one, .of = &r, .scenario = r.scenario->name, .seed = o->seed};
    return shrink(&r.job, o->shrunk);
}

/* Returns only if the run breaks no rule. */
static int replay_run(const options *o)
{
    replay r = replay_open(o->replay);

    run(o, scenario_of(r.scenario), r.seed, STRATEGY_BLOCKING);
    fprintf(stderr, "sim: the run breaks no rule; it broke: %s\n", r.sentence);
    return 3;
}

/* ---- the command ---- */

static void usage(void)
{
    fprintf(stderr,
            "usage: sim [--seed N] [--seeds COUNT] [--schedules MOST] [--seconds S] [--scenario NAME]"
            " [--strategy random|pct|blocking]"
            " [--trace] [--hashes] [--faults] [--states] [--no-faults]"
            " [--column npfs|docs|winetest|wine8|wine10|windows]\n"
            "           [--each-fault] [--every N] [--fault PLAN]\n"
            "       sim --strategy exhaustive [--scenario NAME] [--preemptions MOST] [--seed N] [--seeds COUNT]\n"
            "       sim --strategy exhaustive --scenario NAME --seed N --path PATH [--trace]\n"
            "       sim --scenario NAME --seed N [--strategy S] [--path PATH] --shrink=FILE\n"
            "       sim --replay FILE [--trace]\nscenarios:");
    for (const scenario *s = scenarios; s->name; s++)
        fprintf(stderr, " %s", s->name);
    fprintf(stderr, "\n");
    exit(2);
}

static options read_options(int count, char **words)
{
    options o = {.seed = 1, .seeds = 1, .preemptions = 2, .has_faults = 1, .built = ""};

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
        else if (!strncmp(word, "--shrink=", 9))
            o.shrunk = word + 9;
        else if (!value)
            usage();
        else if (!strcmp(word, "--seed"))
            o.seed = strtoull(words[++i], NULL, 10);
        else if (!strcmp(word, "--seeds"))
            o.seeds = strtoull(words[++i], NULL, 10);
        else if (!strcmp(word, "--schedules"))
            o.schedules = strtoull(words[++i], NULL, 10);
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
        else if (!strcmp(word, "--column"))
        {
            o.column = words[++i];
            o.has_faults = 0;
        }
        else if (!strcmp(word, "--path"))
            o.path = words[++i];
        else if (!strcmp(word, "--preemptions"))
            o.preemptions = atoi(words[++i]);
        else if (!strcmp(word, "--replay"))
            o.replay = words[++i];
        else if (!strcmp(word, "--built"))
            o.built = words[++i];
        else
            usage();
    }
    for (int i = 0; o.strategy && (!strategies[i] || strcmp(o.strategy, strategies[i])); i++)
        if (!strategies[i])
            usage();
    if (o.preemptions < 0 || o.preemptions > PREEMPTIONS_MOST)
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
    signal(SIGINT, note_end);
    signal(SIGTERM, note_end);
    trace_aloud(o.traces);
    peek_prepare(); /* fills a static of the product once; later runs must not differ from the first */
    if (o.shrunk)
        return shrink_run(&o);
    if (o.replay)
        return replay_run(&o);
    if (o.path)
        run_path(&o);
    else if (o.strategy && !strcmp(o.strategy, "exhaustive"))
        run_exhaustively(&o);
    else
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
